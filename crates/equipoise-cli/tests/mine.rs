//! `run --mine`: a model says which real rows without a label have a rare one.

mod common;

use common::{equipoise, fault};
use fault_server::{Asked, Reply, Server};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::path::Path;
use tempfile::{TempDir, tempdir};

const WORDS: [&str; 30] = [
    "amber",
    "barley",
    "candles",
    "dates",
    "eels",
    "figs",
    "ginger",
    "honey",
    "ink",
    "jade",
    "kelp",
    "lemons",
    "marble",
    "nails",
    "olives",
    "pepper",
    "quinces",
    "rice",
    "salt",
    "tea",
    "umbrellas",
    "vinegar",
    "wool",
    "yarn",
    "zinc",
    "bricks",
    "copper",
    "dyes",
    "feathers",
    "glass",
];

/// Four words that no other number has in this order.
fn goods(i: usize) -> String {
    [1, 7, 11, 13].map(|step| WORDS[(i * step + step) % 30]).join(" and ")
}

/// Rows of two labels, and 61 without one: every second speaks of boats like the rare label, and a third of these is a trap.
fn folder() -> TempDir {
    let folder = tempdir().expect("a folder");
    let mut train = "text,label\n".to_owned();
    for i in 0..60 {
        let word = WORDS[i % 30];
        writeln!(train, "the bus to {word} street was {i} minutes late,land").expect("a string");
    }
    for i in 0..12 {
        writeln!(train, "a boat with {} sailed over waves,sea", goods(i)).expect("a string");
    }
    let mut more = "text\nA boat with amber and honey and lemons and nails sailed over waves\n".to_owned();
    more = more.replace("amber and honey and lemons and nails", &goods(3));
    for (i, word) in WORDS.iter().enumerate() {
        let trap = if i % 3 == 0 { "poster of a bus" } else { "captain" };
        writeln!(more, "{} on an old boat whose {trap} sang!", goods(i + 12)).expect("a string");
        writeln!(more, "My train stood at {word} for {i} hours.").expect("a string");
    }
    std::fs::write(folder.path().join("train.csv"), train).expect("written");
    std::fs::write(folder.path().join("more.csv"), more).expect("written");
    // The rows are so alike that each is nearly another one.
    let alike = "[check.near_duplicate]\nthreshold = 0.95\n";
    std::fs::write(folder.path().join("recipe.toml"), alike).expect("written");
    folder
}

/// The rows of a request that are to be judged: id and text.
fn rows(asked: &Asked) -> Vec<(String, String)> {
    let body = asked.body();
    let user = body["messages"].as_array().and_then(|all| all.last()).expect("a message")["content"].clone();
    let user = user.as_str().expect("a text");
    let objects = user.lines().filter_map(|line| serde_json::from_str::<Value>(line.trim_end_matches(',')).ok());
    let text = |object: &Value, key: &str| object[key].as_str().map(str::to_owned);
    objects.filter_map(|object| Some((text(&object, "id")?, text(&object, "text")?))).collect()
}

/// Says yes to what speaks of a boat and of no bus.
fn judge(asked: &Asked) -> Reply {
    let say = |(id, text): (String, String)| {
        let answer = if text.contains("boat") && !text.contains("bus") { "yes" } else { "no" };
        json!({"id": id, "answer": answer})
    };
    let said: Vec<Value> = rows(asked).into_iter().map(say).collect();
    asked.answer(&json!({"texts": said}).to_string())
}

fn run<'a>(server: &'a Server, more: &[&'a str]) -> Vec<&'a str> {
    let fixed = ["run", "train.csv", "--model", "openai-compatible/x", "--base-url", server.url(), "--out", "out"];
    [&fixed[..], &["--label-to", "sea=24", "--unpriced", "--yes", "--no-evaluate", "--recipe", "recipe.toml"], more]
        .concat()
}

fn lines(path: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(path).expect("readable");
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

#[test]
fn rows_that_the_model_gives_the_label_are_kept_word_for_word_and_none_is_asked_about_twice() {
    let (server, folder) = (Server::scripted(judge), folder());
    let ran =
        equipoise(folder.path(), &run(&server, &["--unlabelled", "more.csv", "--mine", "--chunk", "5"])).ends_with(0);
    assert!(ran.err.contains("more.csv: 60 unlabelled rows") && ran.err.contains("1 rows repeat"), "{}", ran.err);
    let said: Vec<(String, String)> = server.requests().iter().flat_map(rows).collect();
    let mut texts: Vec<&String> = said.iter().map(|(_, text)| text).collect();
    assert!(texts[..10].iter().all(|text| text.contains("boat")), "the likeliest first: {texts:?}");
    texts.sort_unstable();
    let n = texts.len();
    texts.dedup();
    assert_eq!(texts.len(), n, "a row was asked about twice");
    let prompt = String::from_utf8_lossy(&server.requests()[0].bytes).into_owned();
    assert!(
        prompt.contains("The other labels: [\\\"land\\\"]") && prompt.contains("\\\"label\\\": \\\"sea\\\""),
        "{prompt}"
    );
    let candidates = lines(&folder.path().join("out/candidates.jsonl"));
    assert!(candidates.iter().all(|c| c["sources"]["harvested"].is_string()), "{candidates:?}");
    let kept = std::fs::read_to_string(folder.path().join("out/synthetic.csv")).expect("written");
    assert_eq!(kept.matches(" on an old boat ").count(), 12, "{kept}");
    assert!(!kept.contains("poster") && !kept.contains("train ") && kept.contains("captain sang!"), "{kept}");
    assert!(ran.err.contains("12 of the kept texts are real unlabelled rows; their label is a guess"), "{}", ran.err);
    let paid = server.n_asked();
    equipoise(folder.path(), &["replay", "out", "--check"]).ends_with(0);
    equipoise(folder.path(), &["resume", "out"]).ends_with(0);
    assert_eq!(server.n_asked(), paid);
}

#[test]
fn a_trial_shows_what_the_model_says_of_the_likeliest_rows() {
    let (server, folder) = (Server::scripted(judge), folder());
    let plan =
        ["plan", "train.csv", "--label-to", "sea=24", "--unlabelled", "more.csv", "--mine", "--recipe", "recipe.toml"];
    let model = ["--model", "openai-compatible/x", "--base-url", server.url(), "--unpriced", "--try", "9", "--yes"];
    let ran = equipoise(folder.path(), &[&plan[..], &model].concat()).ends_with(0);
    assert_eq!(ran.out.matches("source ").count(), 9, "{}", ran.out);
    assert!(ran.out.contains("it does not have the label, the model says"), "{}", ran.out);
}

#[test]
fn where_the_rows_come_to_an_end_the_run_says_what_is_missing() {
    let (server, folder) = (Server::scripted(judge), folder());
    let mut args = run(&server, &["--unlabelled", "more.csv", "--mine"]);
    let at = args.iter().position(|a| *a == "sea=24").expect("a target");
    args[at] = "sea=100";
    let ran = equipoise(folder.path(), &args);
    assert!(ran.code == Some(0) || ran.code == Some(3), "{:?} {}", ran.code, ran.err);
    let candidates = lines(&folder.path().join("out/candidates.jsonl"));
    let n_found = candidates.iter().filter(|c| c["fault"].is_null()).count();
    assert_eq!((candidates.len(), n_found), (60, 20), "{candidates:?}");
    let said: usize = server.requests().iter().map(|asked| rows(asked).len()).sum();
    assert_eq!(said, 60, "each row once");
}

#[test]
fn private_data_of_unlabelled_rows_and_of_examples_is_hidden_and_comes_back_whole() {
    let (server, folder) = (Server::scripted(judge), folder());
    let more = folder.path().join("more.csv");
    let hidden = std::fs::read_to_string(&more)
        .expect("readable")
        .replace("captain sang!", "captain sang to captain@harbour.example!");
    std::fs::write(&more, hidden).expect("written");
    let train = folder.path().join("train.csv");
    let hidden = std::fs::read_to_string(&train)
        .expect("readable")
        .replace("sailed over waves", "sailed to mate@harbour.example over waves");
    std::fs::write(&train, hidden).expect("written");
    equipoise(folder.path(), &run(&server, &["--unlabelled", "more.csv", "--mine", "--mask"])).ends_with(0);
    let sent: Vec<String> = server.requests().iter().map(|r| String::from_utf8_lossy(&r.bytes).into_owned()).collect();
    assert!(sent.iter().all(|body| !body.contains("harbour.example")), "an address was sent");
    let kept = std::fs::read_to_string(folder.path().join("out/synthetic.csv")).expect("written");
    assert!(kept.matches("captain@harbour.example").count() >= 10 && !kept.contains("[EMAIL_"), "{kept}");
    assert_eq!(kept.matches(" on an old boat ").count(), kept.matches("captain@harbour.example").count(), "{kept}");
}

#[test]
fn without_rows_or_with_a_prompt_beside_it_the_way_out_is_named() {
    let folder = folder();
    let model = ["run", "train.csv", "--model", "ollama/x", "--yes"];
    let ran = equipoise(folder.path(), &[&model[..], &["--mine"]].concat());
    assert_eq!(fault(&ran, 2, &["asks about unlabelled rows", "--unlabelled FILE"]), None);
    let ran = equipoise(folder.path(), &[&model[..], &["--prompt", "mine"]].concat());
    assert_eq!(fault(&ran, 2, &["asks about unlabelled rows", "--unlabelled FILE"]), None);
    let both = ["--unlabelled", "more.csv", "--mine", "--prompt", "rewrite"];
    let ran = equipoise(folder.path(), &[&model[..], &both].concat());
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("'--mine' cannot be used with '--prompt"), "{}", ran.err);
    let ran = equipoise(folder.path(), &["run", "train.csv", "--unlabelled", "more.csv", "--mine"]);
    assert_eq!(fault(&ran, 2, &["`mine`", "asks no model", "--model"]), None);
}

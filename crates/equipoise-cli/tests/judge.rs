//! Judges of labels that are asked: a model and a command, on probation, paid once, replayed without a network.

mod common;

use common::{command, derived, equipoise, fault, finish};
use fault_server::{Asked, Reply, Server};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A folder with `train.csv`: 120 rows of `fault` and 60 of `praise`.
fn rows() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let things = ["lift", "heating", "door", "tap", "printer", "socket", "blind", "bench", "clock", "gate"];
    let people = ["porter", "lady at the desk", "gardener", "cook", "nurse"];
    let mut rows = "text,label\n".to_owned();
    for i in 0..120 {
        let (thing, floor) = (things[i % 10], i / 10 + 1);
        rows += &format!("The {thing} on floor {floor} has been broken since week {}.,fault\n", i * 7 % 50 + 1);
    }
    for i in 0..60 {
        let (who, year) = (people[i % 5], 1951 + i);
        rows += &format!("Many thanks to the {who} who was so kind to us in {year}!,praise\n");
    }
    std::fs::write(folder.path().join("train.csv"), rows).expect("written");
    folder
}

/// `run` with a judge at the same server, and no evaluation.
fn run<'a>(server: &'a Server, more: &[&'a str]) -> Vec<&'a str> {
    let fixed = ["run", "train.csv", "--model", "openai-compatible/writer", "--base-url", server.url(), "--out", "out"];
    let rest = ["--label-to", "praise=100", "--chunk", "4", "--no-evaluate"];
    let judge = ["--judge", "openai-compatible/judge", "--yes"];
    [&fixed[..], &rest, &judge, more].concat()
}

/// Whether a request is one to the judge.
fn is_to_judge(asked: &Asked) -> bool {
    asked.body()["model"] == "judge"
}

/// The texts of a request to the judge, by id, and the number of `praise`.
fn question(asked: &Asked) -> (Vec<(u64, String)>, u64) {
    let body = asked.body();
    let user = body["messages"].as_array().and_then(|all| all.last()).map(|m| m["content"].clone()).expect("a message");
    let lines: Vec<Value> =
        user.as_str().expect("a text").lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let praise = lines.iter().find(|line| line["label"] == "praise").and_then(|line| line["number"].as_u64());
    let text = |line: &Value| Some((line["id"].as_u64()?, line["text"].as_str()?.to_owned()));
    (lines.iter().filter_map(text).collect(), praise.expect("the labels are offered"))
}

/// An answer of the judge: `praise` for the texts that `is_praise` says, the other label for all others.
fn judgement(asked: &Asked, is_praise: impl Fn(&str) -> bool) -> Reply {
    let (texts, praise) = question(asked);
    let number = |text: &str| if is_praise(text) { praise } else { 3 - praise };
    let labels: Vec<Value> = texts.iter().map(|(id, text)| json!({"id": id, "number": number(text)})).collect();
    asked.answer(&json!({ "labels": labels }).to_string())
}

/// A judge that knows: real rows of `praise` say thanks and a year from 1951; it finds every third synthetic text wrong.
fn knows(asked: &Asked) -> Reply {
    match is_to_judge(asked) {
        true => judgement(asked, |text| is_real_praise(text) || (!is_real_fault(text) && !is_planted(text))),
        false => Reply::Good,
    }
}

fn is_real_praise(text: &str) -> bool {
    text.starts_with("Many thanks to the ") && text.ends_with('!')
}

fn is_real_fault(text: &str) -> bool {
    text.starts_with("The ") && text.contains(" has been broken since week ")
}

/// A third of the texts of the server, by their length.
fn is_planted(text: &str) -> bool {
    text.bytes().map(usize::from).sum::<usize>() % 3 == 0
}

fn read(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).expect("readable")).expect("JSON")
}

/// The verdicts of the judge, and the counts of the last line.
fn verdicts(out: &Path) -> (Vec<Value>, Value) {
    let text = std::fs::read_to_string(out.join("verdicts.jsonl")).expect("written");
    let mut lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let counts = lines.pop().expect("a last line")["counts"].clone();
    (lines.into_iter().filter(|line| line["check"] == "label_judge").collect(), counts)
}

/// Bodies that were answered more than once.
fn n_asked_again(server: &Server) -> usize {
    let bodies: Vec<Vec<u8>> = server.requests().iter().map(|asked| asked.bytes.clone()).collect();
    bodies.len() - bodies.iter().collect::<BTreeSet<_>>().len()
}

#[test]
fn a_judge_that_can_tell_is_asked_about_real_rows_first_and_rejects_planted_wrong_labels() {
    let (server, folder) = (Server::scripted(knows), rows());
    let ran = equipoise(folder.path(), &run(&server, &["--price", "1,2", "--judge-price", "2,4"])).ends_with(0);
    let out = folder.path().join("out");
    let (found, counts) = verdicts(&out);
    assert!(!found.is_empty() && found.iter().all(|v| v["outcome"] == "reject" && v["evidence"][0] == "fault"));
    let texts: BTreeMap<String, String> = std::fs::read_to_string(out.join("candidates.jsonl"))
        .expect("written")
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON"))
        .map(|c| (c["id"].as_str().expect("an id").to_owned(), c["text"].as_str().expect("a text").to_owned()))
        .collect();
    assert!(found.iter().all(|v| is_planted(&texts[v["candidate"].as_str().expect("an id")])));
    let judge = &counts["judge"];
    assert_eq!((&judge["by"], &judge["n_known"]), (&json!("openai-compatible/judge"), &json!(100)), "{judge}");
    assert_eq!(judge["labels"][0]["permit"], "rejects", "{judge}");
    // The real rows come before any synthetic text.
    let asked: Vec<Asked> = server.requests().into_iter().filter(is_to_judge).collect();
    let is_real = |asked: &Asked| {
        question(asked).0.iter().map(|(_, text)| is_real_praise(text) || is_real_fault(text)).collect::<Vec<_>>()
    };
    assert!(asked[..10].iter().all(|asked| is_real(asked).iter().all(|is| *is)), "100 rows, ten a request");
    assert!(asked[10..].iter().all(|asked| !is_real(asked).iter().any(|is| *is)));
    // Its words and its cost, beside those of writing.
    let sentence = judge["labels"][0]["sentence"].as_str().expect("a sentence");
    assert!(ran.err.contains(sentence), "{}", ran.err);
    assert!(ran.err.contains("went to the label judge `openai-compatible/judge`"), "{}", ran.err);
    let spent = read(&out.join("spent.json"));
    let (all, own) = (spent["usd"].as_f64().expect("known"), spent["judge"]["usd"].as_f64().expect("known"));
    assert!(own > 0.0 && own < all && spent["judge"]["n_answered"] == asked.len(), "{spent}");
    for page in ["report.html", "card.md"] {
        let page = std::fs::read_to_string(out.join(page)).expect("written");
        assert!(page.contains("are omitted: about") && page.contains("The label judge"));
    }
    let before = server.n_asked();
    drop(server);
    let files = derived(&out);
    equipoise(folder.path(), &["replay", "out", "--check"]).ends_with(0);
    equipoise(folder.path(), &["replay", "out"]).ends_with(0);
    assert_eq!(files, derived(&out));
    assert!(before > 10);
}

#[test]
fn a_judge_that_accuses_half_of_the_real_rows_only_warns_and_says_why() {
    let script = |asked: &Asked| match is_to_judge(asked) {
        true => judgement(asked, |text| text.bytes().map(usize::from).sum::<usize>() % 2 == 0),
        false => Reply::Good,
    };
    let (server, folder) = (Server::scripted(script), rows());
    let ran = equipoise(folder.path(), &run(&server, &["--unpriced"])).ends_with(0);
    let (found, counts) = verdicts(&folder.path().join("out"));
    assert!(!found.is_empty() && found.iter().all(|v| v["outcome"] == "warn"), "{found:?}");
    assert_eq!(counts["judge"]["labels"][0]["permit"], "accuses_real_rows", "{counts}");
    assert!(
        ran.err.contains("of your own rows of `praise`, and at most 10 % is allowed: it may not reject"),
        "{}",
        ran.err
    );
}

#[test]
fn an_answer_that_cannot_be_read_is_no_judgement_and_is_counted() {
    let script = |asked: &Asked| match is_to_judge(asked) {
        true => asked.answer("I would rather not say."),
        false => Reply::Good,
    };
    let (server, folder) = (Server::scripted(script), rows());
    let ran = equipoise(folder.path(), &run(&server, &["--unpriced"])).ends_with(0);
    let (found, counts) = verdicts(&folder.path().join("out"));
    assert!(found.is_empty(), "{found:?}");
    assert!(counts["judge"]["n_unread"].as_u64() > Some(100) && counts["judge"]["silent"] == json!(["praise"]));
    assert!(
        ran.err.contains("counts as no judgement") && ran.err.contains("may not reject rows of `praise`"),
        "{}",
        ran.err
    );
}

#[test]
fn a_run_that_is_killed_inside_the_judge_pays_for_nothing_twice() {
    let slow = |asked: &Asked| match is_to_judge(asked) {
        true => Reply::After(Duration::from_millis(60), Box::new(knows(asked))),
        false => Reply::Good,
    };
    let (server, folder) = (Server::scripted(slow), rows());
    let whole = rows();
    let more = ["--price", "1,2", "--judge-price", "2,4", "--max-concurrency", "1"];
    let mut process = command(folder.path(), &run(&server, &more));
    let mut child =
        process.stderr(std::process::Stdio::null()).stdout(std::process::Stdio::null()).spawn().expect("starts");
    let begun = Instant::now();
    while server.requests().iter().filter(|asked| is_to_judge(asked)).count() < 5 {
        assert!(begun.elapsed() < Duration::from_secs(60), "the judge was never asked");
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill().expect("killed");
    child.wait().expect("dead");
    equipoise(folder.path(), &["resume", "out"]).ends_with(0);
    assert!(n_asked_again(&server) <= 1, "the one that was out is sent again, and no other");
    equipoise(folder.path(), &["replay", "out", "--check"]).ends_with(0);
    equipoise(whole.path(), &run(&server, &more)).ends_with(0);
    assert_eq!(derived(&folder.path().join("out")), derived(&whole.path().join("out")));
}

#[test]
fn a_budget_that_ends_inside_the_judge_is_told_and_resume_goes_on() {
    let (server, folder) = (Server::scripted(knows), rows());
    // Writing is free here, so that the judge alone spends.
    let priced = ["--price", "0,0", "--judge-price", "20,40", "--budget", "0.08", "--max-concurrency", "1"];
    let ran = equipoise(folder.path(), &run(&server, &priced));
    assert_eq!(fault(&ran, 75, &["budget", "resume"]), None);
    assert!(ran.err.contains("the label judge `openai-compatible/judge` was being asked"), "{}", ran.err);
    let n_before = server.requests().iter().filter(|asked| is_to_judge(asked)).count();
    assert!(n_before > 0, "some of it was paid");
    assert_eq!(fault(&equipoise(folder.path(), &["resume", "out"]), 75, &["budget"]), None, "it is the run's");
    let mut more = run(&server, &priced);
    let at = more.iter().position(|argument| *argument == "0.08").expect("the budget");
    more[at] = "100";
    equipoise(folder.path(), &[&more[..], &["--fork"]].concat()).ends_with(0);
    assert_eq!(verdicts(&folder.path().join("out-1")).1["judge"]["labels"][0]["permit"], "rejects");
    assert_eq!(n_asked_again(&server), 0);
}

#[test]
fn a_plan_forecasts_the_judge_and_a_run_without_its_price_is_refused() {
    let (server, folder) = (Server::scripted(knows), rows());
    let mut arguments = run(&server, &["--price", "1,2", "--judge-price", "2,4"]);
    arguments[0] = "plan";
    arguments.retain(|argument| !["--yes", "--out", "out", "--no-evaluate"].contains(argument));
    let ran = equipoise(folder.path(), &arguments).ends_with(0);
    assert!(
        ran.out.contains("The label judge `openai-compatible/judge` is asked about 100 real rows first"),
        "{}",
        ran.out
    );
    assert_eq!(server.n_asked(), 0);
    let ran = equipoise(folder.path(), &run(&server, &["--price", "1,2"]));
    assert_eq!(fault(&ran, 2, &["the price of the label judge", "--judge-price"]), None);
    assert_eq!(server.n_asked(), 0);
}

#[test]
fn a_fork_takes_over_the_judge_s_answers() {
    let (server, folder) = (Server::scripted(knows), rows());
    equipoise(folder.path(), &run(&server, &["--unpriced"])).ends_with(0);
    let before = server.n_asked();
    let ran = equipoise(folder.path(), &["resume", "out", "--fork"]).ends_with(0);
    assert_eq!(server.n_asked(), before, "{}", ran.err);
    assert!(ran.err.contains("label judge: "), "{}", ran.err);
}

/// A judge in a script: praise says thanks; every third other text is none.
const SCRIPT: &str = r#"
import json, sys
for line in sys.stdin:
    asked = json.loads(line)
    text = asked["text"]
    with open("calls.txt", "a") as calls:
        calls.write(line)
    real = text.startswith("The ") and "since week" in text
    thanks = text.startswith("Many thanks to the ")
    planted = not real and not thanks and sum(text.encode()) % 3 == 0
    print(json.dumps({"id": asked["id"], "label": "fault" if real or planted else "praise", "score": 0.5}), flush=True)
"#;

#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
fn has_python() -> bool {
    let has = std::process::Command::new("python3").args(["-c", ""]).output().is_ok_and(|out| out.status.success());
    if !has {
        eprintln!("skipped: there is no python3");
    }
    has
}

/// `run` with the script as judge.
fn run_with_script(server: &Server, folder: &Path) -> common::Ran {
    std::fs::write(folder.join("judge.py"), SCRIPT).expect("written");
    let mut arguments = run(server, &["--unpriced", "--judge-command", "python3 judge.py"]);
    let at = arguments.iter().position(|a| *a == "--judge").expect("the model");
    arguments.drain(at..at + 2);
    let mut command = command(folder, &arguments);
    command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    finish(command)
}

#[test]
fn a_command_judges_by_the_same_rule_and_its_answers_are_kept() {
    if !has_python() {
        return;
    }
    let (server, folder) = (Server::scripted(|_| Reply::Good), rows());
    let ran = run_with_script(&server, folder.path()).ends_with(0);
    let out = folder.path().join("out");
    let (found, counts) = verdicts(&out);
    assert!(!found.is_empty() && found.iter().all(|v| v["outcome"] == "reject"), "{found:?} {}", ran.err);
    assert_eq!(found[0]["evidence"], json!(["fault", "score 0.5"]));
    assert_eq!(counts["judge"]["by"], "python3 judge.py");
    let calls = std::fs::read_to_string(folder.path().join("calls.txt")).expect("it was called");
    std::fs::remove_file(folder.path().join("judge.py")).expect("there");
    drop(server);
    equipoise(folder.path(), &["replay", "out", "--check"]).ends_with(0);
    equipoise(folder.path(), &["resume", "out"]).ends_with(0);
    assert_eq!(
        calls,
        std::fs::read_to_string(folder.path().join("calls.txt")).expect("there"),
        "nothing is asked twice"
    );
}

#[test]
fn a_command_that_fails_is_named_with_its_last_line_and_resume_goes_on() {
    if !has_python() {
        return;
    }
    let (server, folder) = (Server::scripted(|_| Reply::Good), rows());
    std::fs::write(folder.path().join("judge.py"), "import sys; sys.exit('no model \\x1b[31m here')").expect("written");
    let mut arguments = run(&server, &["--unpriced", "--judge-command", "python3 judge.py"]);
    let at = arguments.iter().position(|a| *a == "--judge").expect("the model");
    arguments.drain(at..at + 2);
    let with_path = |arguments: &[&str]| {
        let mut command = command(folder.path(), arguments);
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        finish(command)
    };
    let ran = with_path(&arguments);
    assert_eq!(
        fault(&ran, 65, &["the judge command `python3 judge.py` ended with", "no model", "docs/judge-command.md"]),
        None
    );
    std::fs::write(folder.path().join("judge.py"), SCRIPT).expect("written");
    let before = server.n_asked();
    with_path(&["resume", "out"]).ends_with(0);
    assert!(server.n_asked() >= before && n_asked_again(&server) == 0);
    assert!(!verdicts(&folder.path().join("out")).0.is_empty());
}

/// Synthetic rows of `praise` in `made.csv`, all unlike each other.
fn made(folder: &Path) -> Vec<String> {
    let who = ["cleaner", "doorman", "driver", "guide", "teacher", "clerk", "baker", "florist", "plumber", "singer"];
    let what = ["a warm smile", "such patience", "quick help with my bags", "the lovely flowers"];
    let texts: Vec<String> = who
        .iter()
        .flat_map(|who| what.iter().map(move |what| format!("our {who} gave us {what} and we were so glad")))
        .collect();
    let rows: String = texts.iter().map(|text| format!("{text},praise\n")).collect();
    std::fs::write(folder.join("made.csv"), format!("text,label\n{rows}")).expect("written");
    std::fs::write(folder.join("recipe.toml"), "[check.near_duplicate]\nthreshold = 0.95\n").expect("written");
    texts
}

#[test]
fn check_asks_a_judge_about_rows_from_anywhere_once() {
    let (server, folder) = (Server::scripted(knows), rows());
    made(folder.path());
    let check = ["check", "--train", "train.csv", "--synthetic", "made.csv", "--recipe", "recipe.toml", "--out", "out"];
    let judge = ["--judge", "openai-compatible/judge", "--judge-base-url", server.url(), "--judge-price", "1,1"];
    let all = [&check[..], &judge, &["--budget", "1", "--yes"]].concat();
    let ran = equipoise(folder.path(), &all).ends_with(0);
    assert!(ran.err.contains("went to the label judge `openai-compatible/judge`"), "{}", ran.err);
    let (found, counts) = verdicts(&folder.path().join("out"));
    let text = |id: &Value| {
        let all = std::fs::read_to_string(folder.path().join("out/candidates.jsonl")).expect("written");
        let mut lines = all.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
        lines.find(|line| line["id"] == *id).expect("a candidate")["text"].as_str().expect("a text").to_owned()
    };
    assert!(!found.is_empty() && found.iter().all(|v| v["outcome"] == "reject"), "{found:?} {}", ran.out);
    assert!(found.iter().all(|v| is_planted(&text(&v["candidate"]))), "{found:?}");
    assert_eq!(counts["judge"]["n_known"], 100);
    let asked = server.n_asked();
    assert!(asked > 10);
    let before = std::fs::read(folder.path().join("out/verdicts.jsonl")).expect("written");
    equipoise(folder.path(), &all).ends_with(0);
    assert_eq!(server.n_asked(), asked, "the same command asks nothing twice");
    assert_eq!(std::fs::read(folder.path().join("out/verdicts.jsonl")).expect("written"), before);
}

#[test]
fn check_with_a_judge_names_what_it_lacks_and_goes_on_after_its_budget() {
    let (server, folder) = (Server::scripted(knows), rows());
    made(folder.path());
    let check = ["check", "--train", "train.csv", "--synthetic", "made.csv", "--recipe", "recipe.toml"];
    let judge = ["--judge", "openai-compatible/judge", "--judge-base-url", server.url()];
    let priced = [&check[..], &judge, &["--judge-price", "1,1"]].concat();
    let ran = equipoise(folder.path(), &[&priced[..], &["--yes"]].concat());
    assert_eq!(fault(&ran, 2, &["--out DIR"]), None);
    let ran = equipoise(folder.path(), &[&check[..], &judge, &["--out", "out", "--yes"]].concat());
    assert_eq!(fault(&ran, 2, &["--judge-price"]), None);
    let ran = equipoise(folder.path(), &[&priced[..], &["--out", "out"]].concat());
    assert_eq!(fault(&ran, 2, &["consent", "--yes"]), None);
    assert_eq!(server.n_asked(), 0);
    let ran = equipoise(folder.path(), &[&priced[..], &["--out", "out", "--yes", "--budget", "0.004"]].concat());
    assert_eq!(fault(&ran, 75, &["the budget is used up", "label judge", "--out DIR"]), None);
    assert!(server.n_asked() > 0);
    equipoise(folder.path(), &[&priced[..], &["--out", "out", "--yes"]].concat()).ends_with(0);
    assert_eq!(n_asked_again(&server), 0);
}

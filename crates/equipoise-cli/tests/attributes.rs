//! Attributes: dealt to new texts, told in the prompt, kept with each text and counted.

mod common;

use common::{complaints, equipoise, fault, praise};
use fault_server::{Asked, Reply, Server};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use tempfile::TempDir;

/// What a prompt asks for: each id with the attributes beside it.
fn listed(user: &str) -> Vec<(String, String)> {
    let line = |line: &str| {
        let (id, values) = line.strip_prefix("- t")?.split_once(": ")?;
        Some((format!("t{}", id.parse::<usize>().ok()?), values.to_owned()))
    };
    user.lines().filter_map(line).collect()
}

fn user_of(body: &Value) -> String {
    body["messages"]
        .as_array()
        .and_then(|m| m.last())
        .and_then(|m| m["content"].as_str())
        .unwrap_or_default()
        .to_owned()
}

/// A model that writes what each id asks for, last id first, and leaves the first text of its first request out.
fn obeys(asked: &Asked) -> Reply {
    let asked_for = listed(&user_of(&asked.body()));
    let n = asked.n;
    let skipped = usize::from(n == 1);
    let text = |(at, (id, values)): (usize, &(String, String))| {
        let values: String = values.chars().filter(|c| c.is_alphanumeric() || *c == ' ').collect();
        json!({"id": id, "text": format!("{} with {values} in mind", praise(4 * n + at))})
    };
    let texts: Vec<Value> = asked_for.iter().enumerate().skip(skipped).rev().map(text).collect();
    asked.answer(&json!({ "texts": texts }).to_string())
}

fn with<'a>(server: &'a Server, command: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    let model = ["--model", "openai-compatible/x", "--base-url", server.url(), "--unpriced"];
    let asked = ["train.csv", "--label-to", "praise=40", "--chunk", "4"];
    [command, &asked, &model, more].concat()
}

const ASKED: [&str; 6] = [
    "--attribute",
    "topic=help:3,thanks:1",
    "--attribute",
    "channel=sms,letter",
    "--forbid",
    "channel=sms,topic=thanks",
];

fn json_file(path: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(path).expect("written")).expect("JSON")
}

/// Every derived file but the answers and what names the folder.
fn text_of(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
}

fn run(server: &Server, folder: &TempDir, more: &[&str]) -> common::Ran {
    let more = [&["--yes", "--no-evaluate"], &ASKED[..], more].concat();
    equipoise(folder.path(), &with(server, &["run"], &more))
}

#[test]
fn each_text_is_asked_for_with_its_attributes_and_keeps_them_whatever_the_order_of_the_answer() {
    let (server, folder) = (Server::scripted(obeys), complaints());
    let planned = equipoise(folder.path(), &with(&server, &["plan"], &[&ASKED[..], &["--json"]].concat())).ends_with(0);
    let plan: Value = serde_json::from_str(&planned.out).expect("JSON");
    assert_eq!(
        (plan["generator"].as_str(), plan["attributes"]["n_combinations"]["praise"].as_u64()),
        (Some("new"), Some(3))
    );
    let n = |attribute: &str, value: &str| {
        let values = plan["attributes"]["values"].as_array().expect("values").iter();
        values
            .filter(|v| v["attribute"] == attribute && v["value"] == value)
            .map(|v| v["n"].as_u64().expect("a number"))
            .sum::<u64>()
    };
    assert_eq!(
        [n("topic", "help"), n("topic", "thanks"), n("channel", "sms"), n("channel", "letter")],
        [18, 6, 12, 12]
    );
    let told = equipoise(folder.path(), &with(&server, &["plan"], &ASKED)).ends_with(0).out;
    assert!(told.contains("3 combinations") && told.contains("channel=sms with topic=thanks"), "{told}");
    assert_eq!(server.n_asked(), 0, "a plan sends nothing");

    let ran = run(&server, &folder, &["--out", "out", "--provenance"]).ends_with(0);
    assert!(ran.err.contains("share wanted"), "{}", ran.err);
    let out = folder.path().join("out");
    let mut n_of: BTreeMap<String, usize> = BTreeMap::new();
    let candidates = text_of(&out, "candidates.jsonl");
    for line in candidates.lines() {
        let candidate: Value = serde_json::from_str(line).expect("JSON");
        let (topic, channel) = (&candidate["attributes"]["topic"], &candidate["attributes"]["channel"]);
        let (topic, channel) = (topic.as_str().expect("a topic"), channel.as_str().expect("a channel"));
        // The model wrote the attributes of the id into the text.
        let text = candidate["text"].as_str().expect("a text");
        assert!(text.contains(&format!("channel {channel} topic {topic}")), "{candidate}");
        assert!((topic, channel) != ("thanks", "sms"));
        *n_of.entry(topic.to_owned()).or_default() += 1;
        *n_of.entry(channel.to_owned()).or_default() += 1;
    }
    // What the first answer left out was asked for again with the attributes that it was to have.
    let selection = json_file(&out.join("selection.json"));
    assert_eq!((selection["rows"]["kept"].as_u64(), &n_of["help"], &n_of["sms"]), (Some(24), &18, &12), "{n_of:?}");
    for file in ["card.md", "report.html", "selection.json", "recipe.toml", "plan.json"] {
        let text = text_of(&out, file);
        assert!(text.contains("thanks") && text.contains("channel"), "{file}");
    }
    for (file, cell) in
        [("synthetic.csv", "\"\"topic\"\":\"\"help\"\""), ("augmented.csv", "\"\"topic\"\":\"\"help\"\"")]
    {
        assert!(text_of(&out, file).contains(cell), "{file}: {}", text_of(&out, file));
    }
    let n = server.n_asked();
    equipoise(folder.path(), &["replay", "out", "--check"]).ends_with(0);
    equipoise(folder.path(), &["resume", "out"]).ends_with(0);
    run(&server, &folder, &["--out", "out", "--fork"]).ends_with(0);
    assert_eq!(server.n_asked(), n, "nothing is asked twice");
}

#[test]
fn topics_are_learnt_from_the_rows_shown_in_the_plan_and_kept_with_the_run() {
    let (server, folder) = (Server::scripted(obeys), complaints());
    let learn = ["--attribute", "topic=learn:3"];
    let planned = equipoise(folder.path(), &with(&server, &["plan"], &[&learn[..], &["--json"]].concat())).ends_with(0);
    let plan: Value = serde_json::from_str(&planned.out).expect("JSON");
    let topics: Vec<&str> =
        plan["attributes"]["values"].as_array().expect("values").iter().filter_map(|v| v["value"].as_str()).collect();
    assert!((2..=3).contains(&topics.len()) && topics.iter().any(|topic| topic.contains("gardener")), "{topics:?}");
    let more = [&["--yes", "--no-evaluate", "--out", "out"], &learn[..]].concat();
    equipoise(folder.path(), &with(&server, &["run"], &more)).ends_with(0);
    let kept = json_file(&folder.path().join("out/attributes.json"));
    let own = kept["topic"]["praise"].as_object().expect("topics of the label");
    assert!(topics.iter().all(|topic| own.contains_key(*topic)), "{kept}");
    let n = server.n_asked();
    equipoise(folder.path(), &["replay", "out", "--check"]).ends_with(0);
    let fork = [&["--yes", "--no-evaluate", "--fork", "--out", "out"], &learn[..]].concat();
    equipoise(folder.path(), &with(&server, &["run"], &fork)).ends_with(0);
    assert_eq!(server.n_asked(), n, "a fork asks for the same");
}

#[test]
fn a_pilot_asks_what_the_run_asks() {
    let (server, folder) = (Server::scripted(obeys), complaints());
    let compare = ["--pilot", "8", "--yes", "--out", "runs/pilot", "--prompt", "new"];
    equipoise(folder.path(), &with(&server, &["prompts", "compare"], &[&ASKED[..], &compare].concat())).ends_with(0);
    let n = server.n_asked();
    assert!(n > 0);
    let ran = run(&server, &folder, &["--out", "runs/run"]).ends_with(0);
    assert!(ran.err.contains("answers reused from run"), "{}", ran.err);
}

#[test]
fn what_makes_no_sense_is_refused_with_what_helps_before_anything_is_sent() {
    let (server, folder) = (Server::scripted(obeys), complaints());
    let plain =
        "{# equipoise: generator=new #}\nWrite {{ wanted }} texts for {{ label }}, ask {{ ordinal }}: {{ examples }}";
    std::fs::write(folder.path().join("plain.j2"), plain).expect("written");
    std::fs::write(folder.path().join("recipe.toml"), "[attributes]\ntopic = []\n").expect("written");
    let topic = ["--attribute", "topic=a,b"];
    for (more, code, told) in [
        (&["--attribute", "topic=a,a"][..], 2, &["value `a` twice", "list it once"][..]),
        (&["--attribute", "topic=a,"], 2, &["value of the attribute `topic` is empty"]),
        (&["--attribute", "label=a,b"], 2, &["no attribute can be called `label`", "`text_label`"]),
        (
            &["--attribute", "topic=a", "--attribute", "tone=b", "--forbid", "topic=a,tone=b"],
            78,
            &["leave no combination", "take a pair out"],
        ),
        (
            &["--attribute", "topic=a", "--attribute", "tone=b", "--forbid", "topic=c,tone=b"],
            78,
            &["`topic=c`", "the values of `topic` are: a"],
        ),
        (
            &[&topic[..], &["--forbid", "topic=a,ton=b"]].concat(),
            2,
            &["the attribute `ton`", "the attributes are: topic"],
        ),
        (&[&topic[..], &["--prompt", "rewrite"]].concat(), 2, &["`rewrite` takes no attributes", "--prompt new"]),
        (&[&topic[..], &["--prompt", "plain.j2"]].concat(), 78, &["tells the model no attributes", "docs/prompts.md"]),
        (&["--recipe", "recipe.toml"], 78, &["`topic` has no value", "recipe.toml"]),
    ] {
        let ran = equipoise(folder.path(), &with(&server, &["plan"], more));
        assert_eq!(fault(&ran, code, told), None, "{more:?}: {}", ran.err);
    }
    let offline = equipoise(folder.path(), &["plan", "train.csv", "--attribute", "topic=a,b"]);
    assert_eq!(
        fault(&offline, 2, &["`attribute` is of no use with the built-in generator", "--model"]),
        None,
        "{}",
        offline.err
    );
    assert_eq!(server.n_asked(), 0);
}

//! `equipoise prompts`: versions of prompts, and what came of each.

mod common;

use common::{complaints, equipoise, fault};
use fault_server::{Asked, Reply, Server};
use serde_json::Value;
use std::path::Path;
use tempfile::TempDir;

/// A folder with `train.csv`: 60 rows of `fault` and 16 of `praise`; and the example prompts.
fn folder() -> TempDir {
    let folder = complaints();
    for name in NAMES {
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/prompts").join(name);
        std::fs::copy(from, folder.path().join(name)).expect("an example");
    }
    folder
}

const NAMES: [&str; 3] = ["1-generate.j2", "2-synonyms.j2", "3-no-punctuation.j2"];

/// A model that does what it is told, to the letter.
fn obeys(asked: &Asked) -> Reply {
    let body = asked.body();
    let user =
        body["messages"].as_array().and_then(|m| m.last()).and_then(|m| m["content"].as_str()).expect("a prompt");
    let mut lines = user.lines();
    let first = lines.next().unwrap_or_default();
    let rows: Vec<&str> =
        lines.take_while(|line| !line.starts_with("Other ones") && !line.starts_with("Use no")).collect();
    let text = if first.starts_with("Generate") {
        let wanted = first.split_whitespace().nth(1).and_then(|n| n.parse().ok()).unwrap_or(1);
        let text = |i: usize| praise(asked.n * 31 + i);
        (0..wanted).map(text).collect::<Vec<_>>().join("\n")
    } else if first.starts_with("Use synonyms") {
        rows.iter().map(|row| row.replace("kind", "nice")).collect::<Vec<_>>().join("\n")
    } else {
        rows.join(" ").replace([';', '.', '!'], "")
    };
    asked.answer(&text)
}

/// A text that names its label, and that is like no other one of 64.
fn praise(i: usize) -> String {
    const WHO: [&str; 8] = [
        "grandfather",
        "all neighbours",
        "our teacher",
        "a stranger",
        "everybody upstairs",
        "the bakery",
        "my cousin",
        "two nurses",
    ];
    const DID: [&str; 8] = [
        "shouted",
        "quietly wrote",
        "sang",
        "sent by letter",
        "repeated",
        "collected",
        "printed on cards",
        "whispered",
    ];
    const WHEN: [&str; 8] = [
        "after the flood",
        "during lunch",
        "for a new bridge",
        "because of Monday",
        "before sunrise",
        "by telephone",
        "with brass music",
        "in seven languages",
    ];
    let pick = |of: [&'static str; 8], at: usize| of[at % 8];
    format!("{} {} praise {}", pick(WHO, i), pick(DID, i / 8 + i), pick(WHEN, 3 * i + i / 8))
}

fn run(folder: &Path, server: &Server, prompt: &str) -> Option<i32> {
    let fixed = ["run", "train.csv", "--model", "openai-compatible/x", "--base-url", server.url(), "--prompt", prompt];
    let rest = ["--label-to", "praise=32", "--chunk", "4", "--no-evaluate", "--unpriced", "--yes"];
    equipoise(folder, &[&fixed[..], &rest].concat()).code
}

/// The history of a prompt that was written by eye: each fault shows in a figure.
#[test]
fn every_version_is_listed_with_the_figure_that_shows_its_fault_and_what_changed() {
    let (folder, server) = (folder(), Server::scripted(obeys));
    for name in NAMES {
        // Too few texts end a run early, with the code of one that can be gone on with.
        assert!(matches!(run(folder.path(), &server, name), Some(0 | 75)), "{name}");
    }
    let ran = equipoise(folder.path(), &["prompts", "list", "--json"]).ends_with(0);
    let listed: Value = serde_json::from_str(&ran.out).expect("JSON");
    let listed = listed.as_array().expect("a list");
    let named =
        |name: &str| listed.iter().find(|v| v["name"].as_str().is_some_and(|n| n.ends_with(name))).expect("listed");
    let [generate, synonyms, no_punctuation] = NAMES.map(named);
    assert_eq!(listed.len(), 3);
    let rejected_by =
        |version: &Value| version["figures"]["most_rejected_by"][0].as_str().unwrap_or_default().to_owned();
    assert!(["near_duplicate/", "copy/"].iter().any(|check| rejected_by(synonyms).starts_with(check)), "{synonyms}");
    let count = |version: &Value, name: &str| version["figures"][name].as_u64().expect("a count");
    assert_eq!(count(generate, "n_naming_label"), count(generate, "n_read"), "{generate}");
    assert_eq!(count(synonyms, "n_naming_label") + count(no_punctuation, "n_naming_label"), 0);
    assert!(2 * count(no_punctuation, "n_read") < count(no_punctuation, "n_planned"), "{no_punctuation}");
    for version in listed {
        assert_eq!(version["version"].as_str().map(str::len), Some(64));
        assert_eq!(version["runs"][0]["model"], "openai-compatible/x");
    }
    assert_eq!(synonyms["parent"]["name"], "1-generate.j2");
    assert_eq!(synonyms["parent"]["version"], generate["version"]);
    assert_eq!(no_punctuation["parent"]["version"], synonyms["version"]);

    let shown = equipoise(folder.path(), &["prompts", "list", "runs"]).ends_with(0).out;
    assert!(shown.contains("changed since 1-generate.j2:") && shown.contains("[-Generate"), "{shown}");
    assert!(shown.contains("{+Use synonyms in"), "{shown}");
    assert!(shown.contains("texts name their label"), "{shown}");
}

#[test]
fn a_folder_without_runs_is_told_and_runs_without_a_model_have_no_prompt() {
    let folder = folder();
    assert_eq!(fault(&equipoise(folder.path(), &["prompts", "list"]), 2, &["runs holds no run"]), None);
    equipoise(folder.path(), &["run", "train.csv", "--label-to", "praise=20", "--no-evaluate"]).ends_with(0);
    let ran = equipoise(folder.path(), &["prompts", "list"]).ends_with(0);
    assert!(ran.out.contains("no prompt to list"), "{}", ran.out);
}

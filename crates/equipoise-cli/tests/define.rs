//! What labels mean: drafted by a model, corrected by a person, told in every prompt.

mod common;

use common::{equipoise, fault, fixture};
use fault_server::{Asked, Reply, Server};
use serde_json::json;
use tempfile::{TempDir, tempdir};

fn folder() -> TempDir {
    let folder = tempdir().expect("a folder");
    std::fs::copy(fixture("library.csv"), folder.path().join("train.csv")).expect("copied");
    folder
}

/// A draft where one is asked for, else the good answer.
fn drafts(asked: &Asked) -> Reply {
    if !asked.body().to_string().contains("what texts with the label are about") {
        return Reply::Good;
    }
    let draft =
        json!({"about": "thanks for something", "not": "a complaint", "hard": ["irony: confused with building"]});
    asked.answer(&draft.to_string())
}

fn with<'a>(server: &'a Server, command: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    let model = ["--model", "openai-compatible/x", "--base-url", server.url(), "--unpriced", "--yes"];
    [command, &model, more].concat()
}

#[test]
fn a_draft_is_used_only_once_a_person_has_read_it_and_stands_in_every_request_then() {
    let (server, folder) = (Server::scripted(drafts), folder());
    let path = folder.path().join("labels.toml");
    let ran = equipoise(folder.path(), &with(&server, &["define", "train.csv"], &["--only", "praise"])).ends_with(0);
    assert!(
        ran.out.contains("  about: thanks for something") && ran.out.contains("--label-about labels.toml"),
        "{}",
        ran.out
    );
    assert_eq!(server.n_asked(), 1);
    let text = std::fs::read_to_string(&path).expect("written");
    let again = equipoise(folder.path(), &with(&server, &["define", "train.csv"], &[]));
    assert_eq!(fault(&again, 2, &["labels.toml is there already", "--out FILE"]), None);

    let run =
        ["run", "train.csv", "--label-to", "praise=8", "--no-evaluate", "--out", "out", "--label-about", "labels.toml"];
    let unread = equipoise(folder.path(), &with(&server, &run, &[]));
    assert_eq!(fault(&unread, 78, &["labels.toml", "draft = true"]), None);
    assert_eq!(server.n_asked(), 1, "nothing was sent");

    std::fs::write(&path, text.replace("draft = true\n", "").replace("for something", "for help")).expect("written");
    equipoise(folder.path(), &with(&server, &run, &[])).ends_with(0);
    let sent: Vec<String> =
        server.requests().iter().skip(1).map(|r| String::from_utf8_lossy(&r.bytes).into_owned()).collect();
    let told = r"What the label means:\n- about: thanks for help\n- not: a complaint\n- hard case: irony: confused with building";
    assert!(!sent.is_empty() && sent.iter().all(|body| body.contains(told)), "{}", sent[0]);
    let out = folder.path().join("out");
    for file in ["card.md", "report.html", "plan.json", "recipe.toml"] {
        let text = std::fs::read_to_string(out.join(file)).expect("written");
        assert!(text.contains("thanks for help"), "{file}");
    }
    // The run has them for itself.
    std::fs::remove_file(&path).expect("there");
    let n = server.n_asked();
    equipoise(folder.path(), &["replay", "out", "--check"]).ends_with(0);
    equipoise(folder.path(), &["resume", "out"]).ends_with(0);
    assert_eq!(server.n_asked(), n);
}

#[test]
fn a_label_that_no_row_has_and_a_model_that_is_none_are_told() {
    let (server, folder) = (Server::scripted(drafts), folder());
    std::fs::write(folder.path().join("wrong.toml"), "[label.prase]\nabout = \"thanks\"\n").expect("written");
    let plan = [
        "plan",
        "train.csv",
        "--label-about",
        "wrong.toml",
        "--model",
        "openai-compatible/x",
        "--base-url",
        server.url(),
    ];
    assert_eq!(fault(&equipoise(folder.path(), &plan), 78, &["prase", "praise"]), None);
    let none = equipoise(folder.path(), &["define", "train.csv"]);
    assert_eq!(fault(&none, 2, &["the built-in generator asks no model"]), None);
    assert_eq!(server.n_asked(), 0);
}

#[test]
fn an_answer_without_a_draft_is_told_and_nothing_is_written_for_it() {
    let folder = folder();
    let server = Server::scripted(|_| Reply::Good);
    let ran = equipoise(folder.path(), &with(&server, &["define", "train.csv"], &[])).ends_with(0);
    assert!(ran.err.contains("`praise`: the answer holds no draft"), "{}", ran.err);
    assert!(!folder.path().join("labels.toml").exists());
}

#[test]
fn the_same_command_again_takes_the_answers_that_it_has_and_says_so() {
    let (server, folder) = (Server::scripted(drafts), folder());
    let path = folder.path().join("labels.toml");
    equipoise(folder.path(), &with(&server, &["define", "train.csv"], &[])).ends_with(0);
    let (n_asked, text) = (server.n_asked(), std::fs::read_to_string(&path).expect("written"));
    std::fs::remove_file(&path).expect("there");
    // Nothing is sent, so that nobody needs to consent.
    let again = with(&server, &["define", "train.csv"], &[]);
    let again: Vec<&str> = again.into_iter().filter(|argument| *argument != "--yes").collect();
    let ran = equipoise(folder.path(), &again).ends_with(0);
    assert_eq!((server.n_asked(), std::fs::read_to_string(&path).expect("written")), (n_asked, text));
    assert!(ran.err.contains("taken from runs/train-define-1"), "{}", ran.err);
    std::fs::remove_file(&path).expect("there");
    let other = equipoise(folder.path(), &with(&server, &["define", "train.csv"], &["--seed", "8"])).ends_with(0);
    assert!(server.n_asked() > n_asked && !other.err.contains("taken from"), "{}", other.err);
}

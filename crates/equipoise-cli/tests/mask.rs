//! `--mask`: what is private leaves the process in no byte, and is back in the texts.

mod common;

use common::{equipoise, fault, fixture};
use fault_server::{Asked, Reply, Server};
use serde_json::{Value, json};
use std::path::Path;
use tempfile::{TempDir, tempdir};

/// The 2,000 planted spans of `fixtures/private.csv`, each with its kind.
fn planted() -> Vec<(String, String)> {
    let file = std::fs::read_to_string(fixture("private.csv")).expect("a fixture");
    let mut reader = csv::Reader::from_reader(file.as_bytes());
    reader.records().map(|r| r.expect("a row")).map(|r| (r[1].to_owned(), r[2].to_owned())).collect()
}

/// A folder with the planted rows as `train.csv`, labelled by language.
fn folder() -> TempDir {
    let folder = tempdir().expect("a folder");
    std::fs::copy(fixture("private.csv"), folder.path().join("train.csv")).expect("copied");
    std::fs::copy(fixture("private-names.txt"), folder.path().join("names.txt")).expect("copied");
    folder
}

/// The texts of a prompt with their ids.
fn rows(asked: &Asked) -> Vec<(String, String)> {
    let body = asked.body();
    let user =
        body["messages"].as_array().and_then(|m| m.last()).and_then(|m| m["content"].as_str()).expect("a prompt");
    let row = |line: &str| serde_json::from_str::<Value>(line.trim().trim_end_matches(',')).ok();
    let read = |row: Value| Some((row["id"].as_str()?.to_owned(), row["text"].as_str()?.to_owned()));
    user.lines().filter(|line| line.trim().starts_with("{\"id\"")).filter_map(row).filter_map(read).collect()
}

/// An answer with `text` for each row.
fn answer(asked: &Asked, text: impl Fn(usize, &str) -> String) -> Reply {
    let text = |(at, (id, source)): (usize, (String, String))| json!({"id": id, "text": text(at, &source)});
    let texts: Vec<Value> = rows(asked).into_iter().enumerate().map(text).collect();
    asked.answer(&json!({ "texts": texts }).to_string())
}

/// A model that keeps the placeholders of a text and little else.
fn keeps(asked: &Asked) -> Reply {
    answer(asked, |at, source| {
        let marks: Vec<&str> = source.split('[').skip(1).filter_map(|part| part.split(']').next()).collect();
        let marks: Vec<String> = marks.iter().filter(|m| m.contains('_')).map(|mark| format!("[{mark}]")).collect();
        format!("number {} of them is about {} here", asked.n * 100 + at, marks.join(" and "))
    })
}

const LANGUAGES: [&str; 5] = ["en", "de", "fr", "es", "da"];

fn run<'a>(server: &'a Server, out: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let fixed =
        ["run", "train.csv", "--label", "language", "--model", "openai-compatible/x", "--base-url", server.url()];
    let rest = ["--out", out, "--no-evaluate", "--unpriced", "--yes"];
    [&fixed[..], &rest, more].concat()
}

/// Every label doubled, so that every row is sent.
fn doubled() -> Vec<String> {
    LANGUAGES.iter().flat_map(|label| ["--label-to".to_owned(), format!("{label}=2x")]).collect()
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).expect("written")
}

#[test]
fn none_of_2000_planted_spans_leaves_the_process_and_all_come_back() {
    let (server, folder) = (Server::scripted(keeps), folder());
    let doubled = doubled();
    let mut more: Vec<&str> = doubled.iter().map(String::as_str).collect();
    more.extend(["--mask", "--mask-names", "names.txt"]);
    equipoise(folder.path(), &run(&server, "out", &more)).ends_with(0);
    let sent: Vec<u8> = server.requests().iter().flat_map(|asked| asked.bytes.clone()).collect();
    let sent = String::from_utf8(sent).expect("Unicode");
    assert!(sent.contains("[EMAIL_1]") && sent.contains("[NAME_1]"));
    let planted = planted();
    // JSON escapes nothing in any of them but quotes and backslashes, which none has.
    let left: Vec<&String> = planted.iter().map(|(_, span)| span).filter(|span| sent.contains(span.as_str())).collect();
    assert_eq!((planted.len(), left), (2_000, Vec::new()));
    let out = folder.path().join("out");
    let synthetic = text(&out.join("synthetic.csv"));
    for word in ["[EMAIL_", "[PHONE_", "[NAME_", "[KEY_"] {
        assert!(!synthetic.contains(word), "{word}");
    }
    let candidates = text(&out.join("candidates.jsonl"));
    // Ports beside addresses, and blanks between two names, are no part of what is hidden.
    let whole = || planted.iter().filter(|(kind, _)| kind != "ip" && kind != "name");
    let n_back = whole().filter(|(_, span)| candidates.contains(span.as_str())).count();
    assert!(n_back >= 1_450, "{n_back} of {} spans are back", whole().count());
    let plan: Value = serde_json::from_str(&text(&out.join("plan.json"))).expect("JSON");
    // Of equal rows one is sent.
    assert!(plan["masked"]["n_rows"].as_u64().is_some_and(|n| (1_900..=2_000).contains(&n)), "{}", plan["masked"]);
    assert!(text(&out.join("card.md")).contains("Masked before it was sent: "));
    assert!(text(&out.join("report.html")).contains("Masked before it was sent"));
    // The list of names goes with the run.
    std::fs::remove_file(folder.path().join("names.txt")).expect("there");
    let n = server.n_asked();
    equipoise(folder.path(), &["replay", "out", "--check"]).ends_with(0);
    equipoise(folder.path(), &["resume", "out"]).ends_with(0);
    assert_eq!(server.n_asked(), n);
}

#[test]
fn made_up_values_stand_in_the_place_of_real_ones_where_that_is_asked_for() {
    let (server, folder) = (Server::scripted(keeps), folder());
    equipoise(folder.path(), &run(&server, "out", &["--label-to", "da=2x", "--mask", "keep"])).ends_with(0);
    let candidates = text(&folder.path().join("out/candidates.jsonl"));
    assert!(candidates.contains("@example.com"));
    assert!(
        text(&folder.path().join("out/synthetic.csv")).contains("@example.com"),
        "no check takes it for an invention"
    );
    let numbers = planted().into_iter().filter(|(_, span)| span.contains('@') || span.starts_with("+45"));
    let left: Vec<String> = numbers.map(|(_, span)| span).filter(|span| candidates.contains(span.as_str())).collect();
    assert_eq!(left, [""; 0]);
    equipoise(folder.path(), &["replay", "out", "--check"]).ends_with(0);
}

#[test]
fn a_text_that_lost_or_invented_a_placeholder_is_rejected() {
    let server = Server::scripted(|asked| {
        answer(asked, |at, source| match at % 12 {
            0 => format!("this one number {} lost everything on its way", asked.n * 100 + at),
            1 => format!("{source} and then also [EMAIL_9999] for {}", asked.n * 100 + at),
            _ => format!("as said before in {} words: {source}", asked.n * 100 + at),
        })
    });
    let folder = folder();
    equipoise(folder.path(), &run(&server, "out", &["--label-to", "da=500", "--mask"])).ends_with(0);
    let lines = |name: &str| -> Vec<Value> {
        let text = text(&folder.path().join("out").join(name));
        text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
    };
    let candidates = lines("candidates.jsonl");
    let faults = |name: &str| candidates.iter().filter(|c| c["fault"] == name).count();
    assert!(faults("lost_placeholder") >= 5 && faults("invented_placeholder") >= 5);
    assert!(!text(&folder.path().join("out/synthetic.csv")).contains("[EMAIL_9999]"));
    let rejected =
        |id: &Value| lines("verdicts.jsonl").iter().any(|v| v["candidate"] == *id && v["outcome"] == "reject");
    let first = candidates.iter().find(|c| c["fault"] == "lost_placeholder").expect("one");
    assert!(rejected(&first["id"]));
}

#[test]
fn a_profile_counts_rows_with_private_data_and_names_the_flag() {
    let folder = folder();
    let ran = equipoise(folder.path(), &["profile", "train.csv", "--label", "language"]).ends_with(0);
    let line = ran.out.lines().find(|line| line.starts_with("Private data: ")).expect("a line");
    assert!(line.contains("of 2000 rows (") && line.contains("`--mask`"), "{line}");
    let plain = equipoise(folder.path(), &["profile", &fixture("library.csv")]).ends_with(0);
    assert!(!plain.out.contains("Private data"), "{}", plain.out);
    let plan = ["plan", "train.csv", "--label", "language", "--only", "da", "--label-to", "da=2x", "--mask", "--json"];
    let model = ["--model", "openai-compatible/x", "--base-url", "http://127.0.0.1:9/v1", "--unpriced"];
    let ran = equipoise(folder.path(), &[&plan[..], &model].concat()).ends_with(0);
    let plan: Value = serde_json::from_str(&ran.out).expect("JSON");
    assert!(plan["masked"]["n_with"].as_u64().is_some_and(|n| n > 200), "{}", plan["masked"]);
}

#[test]
fn what_is_no_way_to_mask_is_told_with_what_is() {
    let folder = folder();
    let ran = equipoise(folder.path(), &["plan", "--mask", "train.csv"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("'train.csv' for '--mask") && ran.err.contains("write `--mask restore`"), "{}", ran.err);
    let missing = ["plan", "train.csv", "--label", "language", "--mask", "--mask-names", "nobody.txt"];
    let model = ["--model", "openai-compatible/x", "--base-url", "http://127.0.0.1:9/v1", "--unpriced"];
    let ran = equipoise(folder.path(), &[&missing[..], &model].concat());
    assert_eq!(fault(&ran, 2, &["nobody.txt", "one a line"]), None);
    assert_eq!(fault(&equipoise(folder.path(), &missing[..5]), 2, &["`mask`", "asks no model", "--model"]), None);
}

//! `--prompt neighbour`: rows of the label that this one is confused with, changed until they cross the line.

mod common;

use common::equipoise;
use fault_server::{Asked, Reply, Server};
use serde_json::{Value, json};
use std::path::Path;
use tempfile::{TempDir, tempdir};

const OPENING: [&str; 10] = [
    "Good morning from the office",
    "Writing to you once more",
    "My sister ordered a lamp",
    "Customer since last winter here",
    "Regarding the blue rucksack",
    "It is about two kettles",
    "We bought your garden bench",
    "Three weeks ago I paid",
    "Hello, a question on shoes",
    "As I said by telephone",
];
const LATE: [&str; 10] = [
    "but the box never came",
    "and it is still on its way",
    "yet no courier has rung",
    "though tracking shows nothing",
    "and the parcel is lost",
    "but nobody delivered it",
    "and the van drove past",
    "while the depot knows nothing",
    "and the shipment is late",
    "yet my letterbox stays empty",
];
const REFUND: [&str; 10] = [
    "so give me my money back",
    "and I want to be repaid",
    "please refund the whole sum",
    "so return what I paid",
    "and my card must be credited",
    "I ask for reimbursement",
    "so cancel and repay me",
    "kindly transfer the price back",
    "and I claim a full refund",
    "so pay me back at once",
];
const END: [&str; 10] = [
    "with kind regards, Ada",
    "before Friday if you can",
    "since I leave on holiday",
    "my number is in the file",
    "or I go to a lawyer",
    "thanks for your patience",
    "which is rather annoying",
    "as your terms promise",
    "answer by letter only",
    "the third time this year",
];
const OTHER: [&str; 10] = [
    "Do you sell umbrellas",
    "Which size fits a child of nine",
    "Is the oak table oiled",
    "Are dogs allowed inside your shop",
    "How heavy is a drum set",
    "Can vouchers be combined",
    "Does this radio need batteries",
    "Who designed these curtains",
    "Where are your towels woven",
    "May I hire a carpet cleaner",
];

/// The `i`-th text whose middle says what it is about.
fn text(middle: &[&str; 10], i: usize) -> String {
    format!("{} {}, {}.", OPENING[i % 10], middle[(i + i / 10) % 10], END[(3 * i + i / 10) % 10])
}

/// 40 rows of `late`, 56 of `refund`, of which three read like `late`, and 60 of `question`.
fn folder() -> TempDir {
    let folder = tempdir().expect("a folder");
    let mut rows = "text,label\n".to_owned();
    let mut row = |text: String, label: &str| rows += &format!("\"{text}\",{label}\n");
    (0..40).for_each(|i| row(text(&LATE, i), "late"));
    (40..93).for_each(|i| row(text(&REFUND, i), "refund"));
    (93..96).for_each(|i| row(text(&LATE, i), "refund"));
    (0..60).for_each(|i| row(format!("{}, {}?", OTHER[i % 10], END[(i + i / 10) % 10]), "question"));
    std::fs::write(folder.path().join("train.csv"), rows).expect("written");
    folder
}

/// A model that writes another middle, and now and then forgets to.
fn flips(asked: &Asked) -> Reply {
    let body = asked.body();
    let user =
        body["messages"].as_array().and_then(|m| m.last()).and_then(|m| m["content"].as_str()).expect("a prompt");
    let row = |line: &str| serde_json::from_str::<Value>(line.trim().trim_end_matches(',')).ok();
    let rows = user.lines().filter(|line| line.trim().starts_with("{\"id\"")).filter_map(row);
    let changed = |(i, row): (usize, Value)| {
        let source = row["text"].as_str().unwrap_or_default();
        let at = LATE.iter().position(|late| source.contains(late)).unwrap_or(0);
        let middle = if i % 4 == 0 { LATE[(at + 1) % 10] } else { REFUND[at] };
        json!({"id": row["id"], "text": source.replace(LATE[at], middle)})
    };
    let texts: Vec<Value> = rows.enumerate().map(changed).collect();
    asked.answer(&json!({ "texts": texts }).to_string())
}

fn lines(folder: &Path, name: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(folder.join("out").join(name)).expect("a file");
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

#[test]
fn texts_come_from_rows_of_the_neighbour_and_those_that_did_not_cross_the_line_are_told() {
    let (folder, server) = (folder(), Server::scripted(flips));
    let fixed =
        ["run", "train.csv", "--model", "openai-compatible/x", "--base-url", server.url(), "--prompt", "neighbour"];
    let rest = ["--label-to", "refund=96", "--no-evaluate", "--unpriced", "--yes", "--out", "out"];
    equipoise(folder.path(), &[&fixed[..], &rest].concat()).ends_with(0);
    let asked = server.requests()[0].body().to_string();
    assert!(asked.contains("Old label: \\\"late\\\"") && asked.contains("New label: \\\"refund\\\""), "{asked}");
    let late: Vec<String> = (0..40).map(|i| text(&LATE, i)).collect();
    let shown = server.requests().iter().map(|asked| asked.body().to_string()).collect::<String>();
    assert!(late.iter().all(|row| shown.contains(row)) && !shown.contains("umbrellas"));

    let verdicts = lines(folder.path(), "verdicts.jsonl");
    let n_of = |reason: &str| verdicts.iter().filter(|v| v["reason"] == reason).count();
    assert!(n_of("not_flipped") >= 5, "{} of {}", n_of("not_flipped"), verdicts.len());
    assert_eq!(n_of("near_row_of_other_label"), 0, "a text that was to stay near its row is not rejected for that");
    let kept = std::fs::read_to_string(folder.path().join("out/selection.json")).expect("a selection");
    let kept: Value = serde_json::from_str(&kept).expect("JSON");
    assert!(kept["kept"].as_array().is_some_and(|kept| kept.len() >= 15), "{kept}");
}

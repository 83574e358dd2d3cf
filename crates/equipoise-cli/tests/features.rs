//! Vectors that come with the rows: the verdict on words and features, and what it needs.

mod common;

use common::{equipoise, fault};
use serde_json::{Value, json};
use std::path::Path;
use tempfile::{TempDir, tempdir};

/// Rows whose words say nothing and whose vectors say everything; every fifth label is the rare one.
fn rows(n: usize, seed: usize, with: bool) -> Vec<Value> {
    let row = |i: usize| {
        let (rare, word) = (i.is_multiple_of(5), (i * 7 + seed) % 23);
        let text = format!("note {} about thing {word}", seed * 1000 + i);
        let vector = if rare { [1.0, 0.1 * (i % 3) as f64] } else { [-1.0, 0.1 * (i % 4) as f64] };
        let mut row = json!({"id": format!("r{i}"), "text": text, "label": if rare { "rare" } else { "other" }});
        if with {
            row["vector"] = json!(vector);
        }
        row
    };
    (0..n).map(row).collect()
}

fn write(folder: &Path, name: &str, rows: &[Value]) {
    let lines: Vec<String> = rows.iter().map(Value::to_string).collect();
    std::fs::write(folder.join(name), lines.join("\n")).expect("written");
}

fn folder(with: bool) -> TempDir {
    let folder = tempdir().expect("a folder");
    write(folder.path(), "train.jsonl", &rows(100, 1, with));
    write(folder.path(), "test.jsonl", &rows(60, 2, with));
    let mut made: Vec<Value> = rows(50, 3, with).into_iter().filter(|row| row["label"] == "rare").collect();
    made[0]["text"] = json!("?!?");
    write(folder.path(), "made.jsonl", &made);
    folder
}

const FILES: [&str; 8] =
    ["evaluate", "--train", "train.jsonl", "--test", "test.jsonl", "--synthetic", "made.jsonl", "--json"];

fn judged(folder: &Path, more: &[&str]) -> Value {
    let ran = equipoise(folder, &[&FILES[..], more].concat()).ends_with(0);
    serde_json::from_str(&ran.out).expect("JSON")
}

#[test]
fn the_verdict_is_on_words_and_vectors_and_arms_without_vectors_are_left_out() {
    let folder = folder(true);
    let evaluation = judged(folder.path(), &["--embedding", "vector"]);
    let arms = evaluation["arms"].as_array().expect("arms");
    assert!(arms.iter().all(|arm| arm["learner"] == "linear_features"));
    let names: Vec<&str> = arms.iter().filter_map(|arm| arm["name"].as_str()).collect();
    assert!(names.contains(&"synthetic") && names.contains(&"smote") && !names.contains(&"eda"), "{names:?}");
    let f1 = &arms[0]["labels"]["rare"]["f1"]["value"];
    assert!(f1.as_f64().is_some_and(|f1| f1 > 0.95), "the vectors tell the label: {f1}");
    let notes = evaluation["notes"].to_string();
    assert!(notes.contains("texts of their own are omitted"), "{notes}");
    let words = judged(folder.path(), &[]);
    assert!(words["arms"][0]["labels"]["rare"]["f1"]["value"].as_f64().is_none_or(|f1| f1 < 0.6), "words say nothing");
}

#[test]
fn a_file_of_vectors_serves_all_files_and_texts_without_one_are_named() {
    let folder = folder(false);
    let mut all: Vec<Value> = [rows(100, 1, true), rows(60, 2, true), rows(50, 3, true)].concat();
    all.push(json!({"text": "?!?", "vector": [1.0, 0.0]}));
    for row in &mut all {
        row.as_object_mut().expect("an object").remove("label");
    }
    write(folder.path(), "vectors.jsonl", &all);
    let with = ["--features", "vectors.jsonl", "--embedding", "vector"];
    let evaluation = judged(folder.path(), &with);
    assert!(evaluation["arms"][0]["labels"]["rare"]["f1"]["value"].as_f64().is_some_and(|f1| f1 > 0.95));
    write(folder.path(), "vectors.jsonl", &all[..200]);
    let ran = equipoise(folder.path(), &[&FILES[..7], &with].concat());
    assert_eq!(fault(&ran, 65, &["made.jsonl", "rows have no features", "--features FILE"]), None);
    let ran = equipoise(folder.path(), &[&FILES[..7], &["--embedding", "vectr"]].concat());
    assert_eq!(fault(&ran, 65, &["train.jsonl", "`vectr`"]), None);
}

#[test]
fn checked_rows_are_told_by_their_place_and_their_own_id() {
    let folder = folder(false);
    let check = ["check", "--train", "train.jsonl", "--synthetic", "made.jsonl", "--out", "checked"];
    equipoise(folder.path(), &check).ends_with(0);
    let told = std::fs::read_to_string(folder.path().join("checked/checked.csv")).expect("written");
    let mut lines = told.lines();
    assert_eq!(lines.next(), Some("file,row,id,candidate,label,text,state,findings"));
    assert!(lines.next().is_some_and(|l| l.starts_with("made.jsonl,1,r0,s0,rare,?!?,rejected,empty/empty")), "{told}");
    assert_eq!(told.lines().count(), 11);
}

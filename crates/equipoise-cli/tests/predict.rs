//! The fitted model of a run on new texts.

mod common;

use ::equipoise::input::{self, InputOptions};
use common::{equipoise, fault, files, fixture};
use serde_json::Value;
use std::path::Path;
use tempfile::{TempDir, tempdir};

/// A folder with an evaluation of the library in `out`, and its test rows in `new.csv`. It is judged on 25 of each, so that they are
/// enough to be held out, and no model saw them.
fn evaluated(more: &[&str]) -> TempDir {
    let folder = tempdir().expect("a folder");
    std::fs::copy(fixture("library-test.csv"), folder.path().join("new.csv")).expect("copied");
    let rows = std::fs::read_to_string(fixture("library-test.csv")).expect("readable");
    let (head, rows) = rows.split_once('\n').expect("a header");
    std::fs::write(folder.path().join("test.csv"), format!("{head}\n{}", rows.repeat(25))).expect("written");
    let (train, synthetic) = (fixture("library.csv"), fixture("library-synthetic.csv"));
    let args = ["evaluate", "--train", &train, "--synthetic", &synthetic, "--test", "test.csv", "--out", "out"];
    equipoise(folder.path(), &[&args, more].concat()).ends_with(0);
    folder
}

fn predicted(folder: &Path, args: &[&str]) -> Value {
    let ran = equipoise(folder, &[&["predict", "out"], args, &["--json"]].concat()).ends_with(0);
    serde_json::from_str(&ran.out).expect("JSON")
}

#[test]
fn labels_texts_as_the_evaluation_did_whatever_the_file_and_without_its_labels() {
    let folder = evaluated(&[]);
    let all = predicted(folder.path(), &["new.csv"]);
    let rows = all["rows"].as_array().expect("rows");
    let labels: Vec<&str> =
        all["model"]["labels"].as_array().expect("labels").iter().filter_map(Value::as_str).collect();
    for row in rows {
        let p: Vec<f64> = row["probabilities"].as_array().expect("a list").iter().filter_map(Value::as_f64).collect();
        assert!((p.iter().sum::<f64>() - 1.0).abs() < 1e-9, "{row}");
        let best = (0..p.len()).max_by(|a, b| p[*a].total_cmp(&p[*b])).expect("a label");
        assert_eq!(row["label"], labels[best]);
    }
    assert!(all["model"]["n_calibrated"].as_u64().expect("a number") > 0, "{}", all["model"]);

    let truth = input::read(&folder.path().join("new.csv").into(), &InputOptions::default()).expect("readable").rows;
    let (texts, known): (Vec<&str>, Vec<&str>) = (0..truth.len()).map(|at| truth.text_and_label(at)).unzip();
    let right = rows.iter().zip(&known).filter(|(row, known)| row["label"] == **known).count();
    let evaluation = std::fs::read_to_string(folder.path().join("out/evaluation.json")).expect("an evaluation");
    let evaluation: Value = serde_json::from_str(&evaluation).expect("JSON");
    let auto = evaluation["arms"].as_array().expect("arms").iter().find(|a| a["name"] == "auto").expect("auto");
    let accuracy = auto["accuracy"]["value"].as_f64().expect("a figure");
    assert!((right as f64 / rows.len() as f64 - accuracy).abs() < 1e-9, "{right} of {} against {accuracy}", rows.len());

    let lines: Vec<String> = texts.iter().map(|t| serde_json::json!({ "lang": 1, "text": t }).to_string()).collect();
    std::fs::write(folder.path().join("new.jsonl"), lines.join("\n")).expect("written");
    assert_eq!(predicted(folder.path(), &["new.jsonl"])["rows"], all["rows"]);
    let lines: Vec<String> = texts.iter().zip(&known).map(|(t, l)| format!("{t};{l}")).collect();
    std::fs::write(folder.path().join("new.txt"), lines.join("\n")).expect("written");
    assert_eq!(predicted(folder.path(), &["new.txt"])["rows"], all["rows"]);
}

#[test]
fn writes_predictions_in_the_format_that_is_named() {
    let folder = evaluated(&["--learner", "embedding_bag"]);
    let printed = equipoise(folder.path(), &["predict", "out", "new.csv"]).ends_with(0).out;
    for name in ["labelled.csv", "labelled.jsonl", "labelled.parquet", "labelled.txt"] {
        equipoise(folder.path(), &["predict", "out", "new.csv", "--out", name]).ends_with(0);
        let again = if name.ends_with(".txt") { continue } else { predicted(folder.path(), &[name]) };
        assert_eq!(again["rows"], predicted(folder.path(), &["new.csv"])["rows"], "{name}");
    }
    let csv = std::fs::read_to_string(folder.path().join("labelled.csv")).expect("readable");
    assert_eq!(printed, csv);
    assert!(csv.starts_with("row,text,label,probability:"), "{csv}");
    let lines = std::fs::read_to_string(folder.path().join("labelled.jsonl")).expect("readable");
    let first: Value = serde_json::from_str(lines.lines().next().expect("a line")).expect("JSON");
    let numbers = first.as_object().expect("an object").iter().filter(|(_, value)| value.is_number());
    assert_eq!(numbers.count(), first.as_object().expect("an object").len() - 2, "all but text and label: {first}");
    let unknown = equipoise(folder.path(), &["predict", "out", "new.csv", "--out", "x.xyz"]);
    assert_eq!(fault(&unknown, 2, &["x.xyz", ".xyz", ".parquet"]), None);
    let nowhere = equipoise(folder.path(), &["predict", "out", "new.csv", "--out", "none/x.csv"]);
    assert_eq!(fault(&nowhere, 74, &["none/x.csv", "folder is there"]), None);
    assert!(!nowhere.err.contains(".tmp"), "{}", nowhere.err);
    assert!(files(folder.path()).iter().any(|f| f.ends_with("model.bin")));
}

#[test]
fn names_a_folder_without_a_model_and_a_damaged_one() {
    let folder = evaluated(&["--tune"]);
    let mut reader = common::command(folder.path(), &["predict", "out", "new.csv"]);
    let mut child =
        reader.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().expect("starts");
    drop(child.stdout.take());
    let unread = child.wait_with_output().expect("it ends");
    assert!(unread.status.success() || unread.status.code() == Some(141), "{unread:?}");
    let none = equipoise(folder.path(), &["predict", ".", "new.csv"]);
    assert_eq!(fault(&none, 2, &["holds no fitted model"]), None);
    let path = folder.path().join("out/model.bin");
    let mut bytes = std::fs::read(&path).expect("a model");
    bytes.truncate(bytes.len() / 2);
    std::fs::write(&path, bytes).expect("written");
    let damaged = equipoise(folder.path(), &["predict", "out", "new.csv"]);
    assert_eq!(fault(&damaged, 65, &["model.bin: it is damaged"]), None);
    let evaluation = std::fs::read_to_string(folder.path().join("out/evaluation.json")).expect("an evaluation");
    assert!(evaluation.contains("`linear` was tuned"), "{evaluation}");
}

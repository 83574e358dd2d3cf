//! What the evaluation is to raise.

mod common;

use common::{equipoise, fault, files, fixture};
use serde_json::Value;
use tempfile::tempdir;

#[test]
fn thresholds_follow_the_goal_and_the_evaluation_says_so() {
    let folder = tempdir().expect("a folder");
    let (train, test) = (fixture("library.csv"), fixture("library-test.csv"));
    let args = ["evaluate", "--train", &train, "--test", &test, "--json", "--goal", "recall:building"];
    let ran = equipoise(folder.path(), &args).ends_with(0);
    let evaluation: Value = serde_json::from_str(&ran.out).expect("JSON");
    let notes = evaluation["notes"].to_string();
    assert!(notes.contains("F2 of the label of the goal"), "{notes}");
}

#[test]
fn names_the_labels_where_the_goal_has_none_of_them() {
    let folder = tempdir().expect("a folder");
    let train = fixture("library.csv");
    let with = |goal| equipoise(folder.path(), &["evaluate", "--train", &train, "--goal", goal]);
    let unknown =
        fault(&with("recall:nothing"), 2, &["no row has the label `nothing`", "the labels are: ", "building"]);
    assert_eq!(unknown, None);
    assert_eq!(fault(&with("precision"), 2, &["`precision` is no goal", "recall:LABEL"]), None);
    assert!(files(folder.path()).is_empty(), "nothing is written");
}

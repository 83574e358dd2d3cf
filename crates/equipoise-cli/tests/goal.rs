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

#[test]
fn a_share_of_the_texts_to_come_moves_the_cut_and_is_told() {
    let folder = tempdir().expect("a folder");
    let (train, test) = (fixture("library.csv"), fixture("library-test.csv"));
    let notes = |prior: &[&str]| {
        let args = [&["evaluate", "--train", &train, "--test", &test, "--json"], prior].concat();
        let ran = equipoise(folder.path(), &args).ends_with(0);
        serde_json::from_str::<Value>(&ran.out).expect("JSON")["notes"].to_string()
    };
    let (rare, common) = (notes(&["--prior", "building=0.001"]), notes(&["--prior", "building=0.99"]));
    assert!(rare.contains("and will be 0.1 % of the texts"), "{rare}");
    assert!(common.contains("and will be 99.0 % of the texts") && common != rare, "{common}");
}

#[test]
fn a_share_that_makes_no_sense_is_refused_with_the_way_to_write_it() {
    let folder = tempdir().expect("a folder");
    let train = fixture("library.csv");
    let with = |prior| equipoise(folder.path(), &["evaluate", "--train", &train, "--prior", prior]);
    assert_eq!(fault(&with("nothing=0.04"), 2, &["nothing", "--prior LABEL=0.04"]), None);
    assert_eq!(fault(&with("building=1.5"), 2, &["building", "--prior LABEL=0.04"]), None);
    let unread = with("building");
    assert!(unread.code == Some(2) && unread.err.contains("rare=0.04"), "{}", unread.err);
    assert!(files(folder.path()).is_empty(), "nothing is written");
}

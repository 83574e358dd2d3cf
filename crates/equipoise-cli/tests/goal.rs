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

/// Rows of a common and a rare label; test rows with their place, of which those from `there` say `kettle`.
fn places(folder: &std::path::Path) {
    let word = |i: usize| ["plain", "grey", "usual", "quiet", "early"][i % 5];
    let row = |i: usize| {
        let (own, label) = if i.is_multiple_of(6) { ("leaking", "rare") } else { ("arrived", "other") };
        format!("the {} parcel {own} on day {i}", word(i)) + "," + label
    };
    let train: String = (0..180).map(|i| row(i) + "\n").collect();
    let test = |i: usize| {
        let (place, thing) = if i.is_multiple_of(2) { ("here", "basket") } else { ("there", "kettle") };
        format!("the {} {thing} came on day {i},other,{place}\n", word(i))
    };
    let test: String = (0..120).map(test).chain((0..60).map(|i| row(6 * i + 1_200) + ",here\n")).collect();
    let verb = ["leaking", "dripping", "soaked", "wet"];
    let made: String = (0..60)
        .map(|i| {
            format!(
                "a {} kettle {} {} by the {} wall,rare\n",
                word(i),
                verb[i % 4],
                word(i / 5),
                ["north", "old", "far"][i % 3]
            )
        })
        .collect();
    for (name, header, rows) in [("train", "", train), ("test", ",place", test), ("made", "", made)] {
        std::fs::write(folder.join(format!("{name}.csv")), format!("text,label{header}\n{rows}")).expect("written");
    }
}

#[test]
fn false_alarms_are_told_by_group_where_a_column_names_some() {
    let folder = tempdir().expect("a folder");
    places(folder.path());
    let args = ["evaluate", "--train", "train.csv", "--test", "test.csv", "--synthetic", "made.csv", "--out", "out"];
    let ran = equipoise(folder.path(), &[&args[..], &["--json", "--group", "place"]].concat()).ends_with(0);
    let evaluation: Value = serde_json::from_str(&ran.out).expect("JSON");
    let alarms = &evaluation["group_alarms"][0];
    assert_eq!((&alarms["label"], &alarms["column"]), (&Value::from("rare"), &Value::from("place")));
    assert_eq!(alarms["groups"][0]["group"], "there", "{alarms}");
    let share = |when: &str| alarms["groups"][0][when]["value"].as_f64().expect("a share");
    assert!(share("after") >= share("before") && alarms["groups"][0]["after"]["low"].is_number(), "{alarms}");
    assert!(evaluation["notes"].to_string().contains("`place`"), "{}", evaluation["notes"]);
    let page = std::fs::read_to_string(folder.path().join("out/report.html")).expect("a page");
    assert!(page.contains("change beyond that of all others"));
    let unknown = equipoise(folder.path(), &[&args[..], &["--group", "plaice"]].concat());
    assert_eq!(fault(&unknown, 65, &["plaice", "did you mean `place`?"]), None);
}

//! Every hint is followed to the letter on the very input that it was given for, and then the file is read.

#![cfg(unix)]

#[path = "../../equipoise/tests/bad_input/cases.rs"]
mod cases;
mod common;

use cases::{Case, cases};
use common::{Ran, equipoise};
use std::path::Path;
use std::process::Command;
use tempfile::tempdir;

/// The parts of a hint that stand between backticks.
fn quoted(hint: &str) -> Vec<&str> {
    hint.split('`').skip(1).step_by(2).collect()
}

/// The words of a command as the shell cuts them.
fn words(command: &str) -> Vec<String> {
    let script = format!("for word in {command}; do printf '%s\\n' \"$word\"; done");
    let output = Command::new("sh").args(["-c", &script]).output().expect("a shell");
    String::from_utf8(output.stdout).expect("UTF-8").lines().map(str::to_owned).collect()
}

fn profile(folder: &Path, case: &Case, more: &[String]) -> Ran {
    let names = ["--format", "--text", "--label"].into_iter().zip(case.options);
    let own = names.filter_map(|(name, value)| Some([name, value?])).flatten();
    let arguments = ["profile", case.file].into_iter().chain(own).chain(more.iter().map(String::as_str));
    equipoise(folder, &arguments.collect::<Vec<_>>())
}

/// What became of following `part` of a hint; `None` where it names nothing to do.
fn followed(folder: &Path, case: &Case, hint: &str, part: &str) -> Option<Ran> {
    let path = folder.join(case.file);
    if part.starts_with("--") {
        return Some(profile(folder, case, &words(part)));
    }
    let content = if part.starts_with("iconv") {
        let output = Command::new("sh").args(["-c", part]).current_dir(folder).output().expect("a shell");
        assert!(output.status.success() || part.contains(" -c "), "{part}: {output:?}");
        output.stdout
    } else if hint.contains(&format!("first line such as `{part}`")) {
        [part.replace("\\t", "\t").as_bytes(), b"\n", &case.bytes].concat()
    } else {
        return None;
    };
    std::fs::write(&path, content).expect("written");
    let ran = profile(folder, case, &[]);
    std::fs::write(&path, &case.bytes).expect("written");
    Some(ran)
}

#[test]
fn every_hint_about_a_file_leads_to_its_rows() {
    let (mut n, mut wrong) = (0, Vec::new());
    for case in cases() {
        let folder = tempdir().expect("a folder");
        std::fs::write(folder.path().join(case.file), &case.bytes).expect("written");
        let told = profile(folder.path(), &case, &[]).err;
        let hint = told.lines().find_map(|l| l.strip_prefix("hint: ")).unwrap_or_default();
        for part in quoted(hint) {
            let Some(ran) = followed(folder.path(), &case, hint, part) else { continue };
            n += 1;
            if ran.code != Some(0) {
                wrong.push(format!("{}: `{part}` leads to {:?}\n  {}", case.file, ran.code, ran.err));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(n >= 25, "only {n} hints were followed");
}

#[test]
fn a_test_file_that_spells_a_label_otherwise_is_read_with_the_hint() {
    let folder = tempdir().expect("a folder");
    std::fs::write(folder.path().join("train.csv"), "text,label\na,Spam\nb,ham\nc,Spam\n").expect("written");
    std::fs::write(folder.path().join("test.csv"), "text,label\nd,spam\ne,ham\n").expect("written");
    let profile = ["profile", "train.csv", "--test", "test.csv"];
    let told = equipoise(folder.path(), &profile).ends_with(65).err;
    let hint = told.lines().find_map(|l| l.strip_prefix("hint: ")).expect("a hint");
    let options: Vec<String> =
        quoted(hint).iter().filter(|part| part.starts_with("--")).flat_map(|p| words(p)).collect();
    let options: Vec<&str> = options.iter().map(String::as_str).collect();
    equipoise(folder.path(), &[&profile[..], &options].concat()).ends_with(0);
}

/// The options between backticks of a hint, each as the words of a command line.
fn options(told: &str) -> Vec<Vec<String>> {
    let hint = told.lines().find_map(|l| l.strip_prefix("hint: ")).expect("a hint");
    quoted(hint).into_iter().filter(|part| part.starts_with("--")).map(words).collect()
}

#[test]
fn what_is_advised_for_a_second_file_reads_the_first_too() {
    let folder = tempdir().expect("a folder");
    let write = |name: &str, content: &str| std::fs::write(folder.path().join(name), content).expect("written");
    write("train.csv", "text,label\na,x\nb,y\nc,x\n");
    write("lines.json", "{\"text\":\"d\",\"label\":\"x\"}\n{\"text\":\"e\",\"label\":\"y\"}\n");
    write("other.csv", "utterance,category,intent\nthis is d,x,p\nthis is e,y,q\nthis is f,x,p\n");
    for test in ["lines.json", "other.csv"] {
        let told = equipoise(folder.path(), &["profile", "train.csv", "--test", test]).ends_with(65).err;
        assert!(told.contains("as train.csv is written"), "{told}");
        assert!(options(&told).is_empty(), "{told}");
    }
    // Where both files need the option, both are read with it.
    write("train", "x\ta\ny\tb\nx\tc\n");
    write("test", "x\td\ny\te\n");
    let both = ["--format", "tsv", "--header", "none", "--columns", "label,text"];
    equipoise(folder.path(), &[&["profile", "train", "--test", "test"][..], &both].concat()).ends_with(0);
}

#[test]
fn a_delimiter_that_cuts_nothing_is_no_delimiter() {
    let folder = tempdir().expect("a folder");
    std::fs::write(folder.path().join("train.csv"), "text;label\na;x\nb;y\n").expect("written");
    let profile = |delimiter: &str| equipoise(folder.path(), &["profile", "train.csv", "--delimiter", delimiter]);
    let told = profile("|").ends_with(65).err;
    assert!(told.contains("no `|` cuts header or rows; they are cut at `;`"), "{told}");
    assert_eq!(options(&told), [["--delimiter", ";"]]);
    profile(";").ends_with(0);
}

#[test]
fn a_synthetic_label_that_hardly_differs_is_taken_with_the_hint() {
    let folder = tempdir().expect("a folder");
    let write = |name: &str, content: &str| std::fs::write(folder.path().join(name), content).expect("written");
    let rows: String = (0..8).map(|i| format!("this is text {i},{}\n", ["x", "y"][i % 2])).collect();
    write("train.csv", &format!("text,label\n{rows}"));
    write("made.csv", "text,label\nquite another thing,X \n");
    let check = ["check", "--train", "train.csv", "--synthetic", "made.csv"];
    let told = equipoise(folder.path(), &check).ends_with(65).err;
    let merge = options(&told).concat();
    assert_eq!(merge, ["--similar-labels", "merge"], "{told}");
    equipoise(folder.path(), &[&check[..], &["--similar-labels", "merge"]].concat()).ends_with(0);
}

#[test]
fn labels_of_any_form_can_be_named() {
    let folder = tempdir().expect("a folder");
    let rows: String = (0..12)
        .flat_map(|i| {
            ["-1", "a=b", "😀", "好评"]
                .map(|label| format!("the {label} word{i} and other{i} things here {},{label}\n", i * 7))
        })
        .collect();
    std::fs::write(folder.path().join("train.csv"), format!("text,label\n{rows}")).expect("written");
    for (label, to) in [("-1", "-1=20"), ("a=b", "a=b=20"), ("😀", "😀=20"), ("好评", "好评=20")] {
        let ran = equipoise(folder.path(), &["plan", "train.csv", "--label-to", to, "--json"]).ends_with(0);
        let plan: serde_json::Value = serde_json::from_str(&ran.out).expect("JSON");
        let of = plan["labels"].as_array().expect("labels").iter().find(|l| l["label"] == label);
        assert_eq!(of.map(|l| &l["target"]), Some(&20.into()), "{plan}");
    }
}

#[test]
fn training_rows_are_no_test_file_and_without_it_they_are_judged_in_turn() {
    let folder = tempdir().expect("a folder");
    let train = common::fixture("library.csv");
    let judged = |more: &[&str]| {
        let own = ["evaluate", "--train", &train, "--repeats", "1", "--out", "out"];
        equipoise(folder.path(), &[&own[..], more].concat())
    };
    let refused = judged(&["--test", &train]);
    assert_eq!(refused.code, Some(65), "{}", refused.err);
    assert!(
        refused.err.contains("have the text of a training row") && refused.err.contains("omit --test"),
        "{}",
        refused.err
    );
    let ran = judged(&[]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
}

#[test]
fn a_split_of_a_file_without_splits_is_an_error() {
    let folder = tempdir().expect("a folder");
    let train = common::fixture("library.csv");
    let told = equipoise(folder.path(), &["profile", &train, "--split", "train"]);
    assert_eq!(told.code, Some(65), "{}", told.err);
    assert!(told.err.contains("omit --split"), "{}", told.err);
    assert_eq!(equipoise(folder.path(), &["profile", &train]).code, Some(0));
}

#[test]
fn a_name_that_no_format_has_is_refused_for_predictions() {
    let folder = tempdir().expect("a folder");
    let train = common::fixture("library.csv");
    let ran = equipoise(folder.path(), &["evaluate", "--train", &train, "--repeats", "1", "--out", "out"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let predict = |out: &str| equipoise(folder.path(), &["predict", "out", &train, "--out", out]);
    let told = predict("labels.xlsx");
    assert!(told.code != Some(0) && told.err.contains(".csv, .tsv, .jsonl, .json, .parquet or .arrow"), "{}", told.err);
    assert!(!folder.path().join("labels.xlsx").exists());
    assert_eq!(predict("labels.csv").code, Some(0));
}

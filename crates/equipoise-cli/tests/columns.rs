//! The columns that the augmented file gets on demand.

mod common;

use ::equipoise::core::format::{Compression, by_name};
use ::equipoise::input::{InputOptions, read};
use ::equipoise::output::{NewFile, write_atomically};
use common::{equipoise, fault, files, fixture};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use tempfile::{TempDir, tempdir};

const ADDED: [&str; 8] = ["origin", "source_id", "source", "candidate", "request", "model", "generator", "weight"];

/// A folder with the library in a format, and its test set.
fn library(format: &str) -> TempDir {
    let folder = tempdir().expect("as set up");
    std::fs::copy(fixture("library-test.csv"), folder.path().join("test.csv")).expect("as set up");
    let path = folder.path().join(format!("library.{format}"));
    if format == "parquet" {
        let mut reader = csv::Reader::from_path(fixture("library.csv")).expect("as set up");
        let names: Vec<String> = reader.headers().expect("as set up").iter().map(str::to_owned).collect();
        let rows: Vec<Vec<String>> =
            reader.records().map(|r| r.expect("as set up").iter().map(str::to_owned).collect()).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let (_, of_name) = by_name(format).expect("a format");
        let file = NewFile { format: &*of_name, compression: Compression::None, like: None, columns: &names };
        write_atomically(&path, |out| file.write(rows, out)).expect("as set up");
    } else {
        std::fs::copy(fixture(&format!("library.{format}")), path).expect("as set up");
    }
    folder
}

fn run<'a>(input: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&["run", input, "--test", "test.csv", "--out", "out"][..], more].concat()
}

/// The rows of the augmented file, each by column.
fn rows(folder: &Path, format: &str) -> Vec<BTreeMap<String, String>> {
    let path = folder.join(format!("out/augmented.{format}"));
    if format == "jsonl" {
        let text = std::fs::read_to_string(path).expect("as set up");
        let row = |line: &str| -> BTreeMap<String, String> {
            let object: serde_json::Map<String, Value> = serde_json::from_str(line).expect("as set up");
            let cell = |v: &Value| {
                v.as_str().map_or_else(|| if v.is_null() { String::new() } else { v.to_string() }, str::to_owned)
            };
            object.iter().map(|(k, v)| (k.clone(), cell(v))).collect()
        };
        return text.lines().map(row).collect();
    }
    let mut reader = csv::Reader::from_path(path).expect("as set up");
    reader.deserialize().map(Result::unwrap).collect()
}

#[test]
fn every_row_says_where_it_comes_from_and_what_it_weighs_and_keeps_its_own_cells() {
    for format in ["csv", "jsonl"] {
        let folder = library(format);
        let input = format!("library.{format}");
        let ran = equipoise(folder.path(), &run(&input, &["--provenance", "--weights"])).ends_with(0);
        assert!(ran.err.contains("`weight` holds the weights of"), "{}", ran.err);
        let original = std::fs::read_to_string(folder.path().join(&input)).expect("as set up");
        let augmented =
            std::fs::read_to_string(folder.path().join(format!("out/augmented.{format}"))).expect("as set up");
        for (before, after) in original.lines().zip(augmented.lines()) {
            let own = if format == "jsonl" { before.strip_suffix('}').expect("as set up").trim_end() } else { before };
            assert!(after.starts_with(own) && after.len() > before.len(), "{before}\n{after}");
        }
        let rows = rows(folder.path(), format);
        let n_real = rows.iter().filter(|r| r["origin"] == "real").count();
        assert!(n_real == 24 && rows.len() > n_real && rows.iter().all(|r| ADDED.iter().all(|c| r.contains_key(*c))));
        assert!(rows.iter().skip(24).all(|r| r["origin"] == "synthetic" && r["model"] == "offline"));
        assert!(
            rows.iter()
                .take(24)
                .all(|r| r["request"].is_empty() && r["weight"].parse::<f64>().expect("as set up") > 0.0)
        );
        assert!(rows.iter().all(|r| r["weight"].parse::<f64>().is_ok_and(|w| w >= 0.0)));
        equipoise(folder.path(), &["replay", "out", "--check"]).ends_with(0);
    }
}

#[test]
fn a_table_gets_typed_columns_and_is_the_same_again() {
    let folder = library("parquet");
    equipoise(folder.path(), &run("library.parquet", &["--provenance", "--weights"])).ends_with(0);
    let path = folder.path().join("out/augmented.parquet");
    let all = read(&path.into(), &InputOptions::default()).expect("as set up");
    assert!(ADDED.iter().all(|name| all.layout.columns.iter().any(|c| c == name)), "{:?}", all.layout.columns);
    let real = read(&folder.path().join("library.parquet").into(), &InputOptions::default()).expect("as set up");
    for at in 0..real.rows.len() {
        assert_eq!(real.rows.text_and_label(at), all.rows.text_and_label(at));
    }
    assert!(all.rows.len() > real.rows.len());
    equipoise(folder.path(), &["replay", "out", "--check"]).ends_with(0);
}

#[test]
fn what_was_held_out_of_the_input_weighs_what_its_label_does() {
    let folder = library("csv");
    std::fs::write(folder.path().join("split.toml"), "[evaluate]\nheld_out_share = 0.25\n").expect("as set up");
    let run = ["run", "library.csv", "--weights", "--out", "out", "--recipe", "split.toml"];
    equipoise(folder.path(), &run).ends_with(0);
    let rows = rows(folder.path(), "csv");
    let mut of_label: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    rows.iter().take(24).for_each(|r| of_label.entry(&r["label"]).or_default().push(&r["weight"]));
    assert_eq!(of_label.len(), 3);
    for (label, weights) in of_label {
        assert!(weights.iter().all(|w| *w == weights[0] && !w.is_empty()), "{label}: {weights:?}");
    }
}

#[test]
fn what_cannot_hold_the_columns_is_refused_before_anything_is_made() {
    let folder = library("txt");
    let with_weight =
        std::fs::read_to_string(fixture("library.csv")).expect("as set up").replacen("label", "label,weight", 1);
    let mut lines = with_weight.lines();
    let head = lines.next().expect("as set up").to_owned();
    let body: String = lines.map(|l| format!("{l},1\n")).collect();
    std::fs::write(folder.path().join("own.csv"), format!("{head}\n{body}")).expect("as set up");
    std::fs::copy(fixture("library.csv"), folder.path().join("library.csv")).expect("as set up");
    let before = files(folder.path());
    for (arguments, says) in [
        (run("library.txt", &["--provenance"]), &["--provenance", "txt", "synthetic.csv"][..]),
        (run("library.txt", &["--weights"]), &["--weights", "txt"]),
        (run("own.csv", &["--weights"]), &["--weights", "`weight`", "rename"]),
        (run("library.csv", &["--weights", "--no-evaluate"]), &["--weights", "nothing is evaluated"]),
    ] {
        assert_eq!(fault(&equipoise(folder.path(), &arguments), 2, says), None, "{arguments:?}");
    }
    assert_eq!(files(folder.path()), before);
}

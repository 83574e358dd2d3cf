//! What a run with the offline generator tells of labels that it cannot serve, and what it does with rows without labels.

mod common;

use common::{equipoise, fault, fixture};
use serde_json::Value;
use std::fmt::Write as _;
use std::path::Path;
use tempfile::tempdir;

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).expect("readable")
}

/// Two labels in the same sentences, with words of their own where `own`.
fn rows(per_label: usize, own: bool) -> String {
    let places = ["in the garden", "at the station", "on the long road", "near the old harbour", "after the meeting"];
    let people = ["my sister", "the doctor", "our neighbour", "a stranger"];
    let mut csv = "text,label\n".to_owned();
    for i in 0..per_label {
        for (label, word) in [("glad", "cheerful"), ("sad", "gloomy")] {
            let word = if own { word } else { "tired" };
            if label == "glad" && i % 2 == 1 {
                continue;
            }
            let (who, place) = (people[i % 4], places[i / 4 % 5]);
            writeln!(csv, "when i met {who} {place} i was so {word} about it on day {i},{label}").expect("a string");
        }
    }
    csv
}

#[test]
fn an_exhausted_label_without_own_words_is_told_at_the_end_and_in_the_report() {
    let folder = tempdir().expect("a folder");
    std::fs::write(folder.path().join("in.csv"), rows(12, false)).expect("written");
    let ran = equipoise(folder.path(), &["run", "in.csv", "--label-to", "glad=4000", "--no-evaluate", "--out", "out"])
        .ends_with(0);
    let report = read(&folder.path().join("out/report.html"));
    for sentence in ["no further text of", "this label has no words of its own; weights or a model serve better"] {
        assert!(ran.err.contains(sentence), "{}", ran.err);
        assert!(report.contains(sentence), "the report lacks: {sentence}");
    }
}

#[test]
fn unlabelled_rows_lend_parts_and_held_out_ones_do_not() {
    let folder = tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("in.csv"), rows(40, true)).expect("written");
    std::fs::write(path("test.csv"), "text,label\nwe felt cheerful at sea,glad\nthe gloomy cellar again,sad\n")
        .expect("written");
    let mut unlabelled =
        "text\nWe felt cheerful at sea\nwhen i met uncle tom by the lighthouse i was so cheerful about it that day\n"
            .to_owned();
    for i in 0..20 {
        writeln!(unlabelled, "when i met uncle {i} by the lighthouse i was so late about it").expect("a string");
    }
    std::fs::write(path("more.csv"), unlabelled).expect("written");
    std::fs::write(path("recipe.toml"), "[provider.offline]\nharvest = true\n").expect("written");
    let run = ["run", "in.csv", "--test", "test.csv", "--unlabelled", "more.csv", "--recipe", "recipe.toml"];
    let ran =
        equipoise(folder.path(), &[&run[..], &["--label-to", "glad=40", "--no-evaluate", "--out", "out"]].concat())
            .ends_with(0);
    assert!(ran.err.contains("more.csv: 1 rows are held out and were omitted"), "{}", ran.err);
    let candidates = read(&path("out/candidates.jsonl"));
    let candidates: Vec<Value> = candidates.lines().map(|l| serde_json::from_str(l).expect("JSON")).collect();
    assert!(candidates.iter().all(|c| !c["text"].as_str().is_some_and(|t| t.to_lowercase().contains("at sea"))));
    assert!(candidates.iter().any(|c| c["sources"]["joined"]["joints"][0]["at"].is_u64()), "{candidates:?}");
    let harvested: Vec<&Value> = candidates.iter().filter(|c| c["sources"]["harvested"].is_string()).collect();
    assert_eq!(harvested.len(), 1, "{candidates:?}");
    assert_eq!(harvested[0]["text"], "when i met uncle tom by the lighthouse i was so cheerful about it that day");
    let synthetic = read(&path("out/synthetic.csv"));
    assert!(
        synthetic.contains("when i met uncle tom by the lighthouse i was so cheerful about it that day")
            && synthetic.contains("harvest"),
        "{synthetic}"
    );
    equipoise(folder.path(), &["replay", "out", "--check"]).ends_with(0);
}

#[test]
fn the_report_shows_the_rows_without_a_label_that_lent_parts_and_escapes_them() {
    let folder = tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("in.csv"), rows(40, true)).expect("written");
    let mut unlabelled = "text\n".to_owned();
    for i in 0..20 {
        writeln!(unlabelled, "when i met <b>uncle {i} at the station i was so cheerful about it on day 90{i}")
            .expect("a string");
    }
    std::fs::write(path("more.csv"), unlabelled).expect("written");
    let run = ["run", "in.csv", "--unlabelled", "more.csv", "--label-to", "glad=40", "--no-evaluate", "--out", "out"];
    equipoise(folder.path(), &run).ends_with(0);
    let report = read(&path("out/report.html"));
    assert!(report.contains("&lt;b&gt;uncle") && !report.contains("<b>uncle"), "lent rows are shown, and escaped");
}

#[test]
fn a_plan_takes_unlabelled_rows_as_the_run_does() {
    let folder = tempdir().expect("a folder");
    std::fs::write(folder.path().join("in.csv"), rows(12, true)).expect("written");
    std::fs::write(folder.path().join("more.csv"), "text\nsome words\n").expect("written");
    let plan = ["plan", "in.csv", "--unlabelled", "more.csv", "--label-to", "glad=20"];
    let ran = equipoise(folder.path(), &plan).ends_with(0);
    assert!(ran.err.contains("more.csv: 1 unlabelled rows"), "{}", ran.err);
}

#[test]
fn unlabelled_rows_for_a_model_are_refused() {
    let folder = tempdir().expect("a folder");
    std::fs::write(folder.path().join("in.csv"), rows(12, true)).expect("written");
    std::fs::write(folder.path().join("more.csv"), "text\nsome words\n").expect("written");
    let ran = equipoise(
        folder.path(),
        &["run", "in.csv", "--unlabelled", "more.csv", "--model", "ollama/x", "--yes", "--out", "out"],
    );
    assert_eq!(fault(&ran, 2, &["nobody would read the unlabelled rows", "ollama/x", "--prompt mine"]), None);
}

#[test]
fn synthetic_rows_of_a_run_bring_every_row_whose_parts_they_hold() {
    let folder = tempdir().expect("a folder");
    std::fs::write(folder.path().join("in.csv"), rows(40, true)).expect("written");
    // The rows are so alike that any text is nearly one of them.
    std::fs::write(folder.path().join("recipe.toml"), "[check.near_duplicate]\nthreshold = 0.95\n").expect("written");
    let run = ["run", "in.csv", "--label-to", "glad=40", "--no-evaluate", "--recipe", "recipe.toml", "--out", "out"];
    equipoise(folder.path(), &run).ends_with(0);
    let made = read(&folder.path().join("out/synthetic.csv"));
    let several =
        made.lines().any(|line| line.split(',').any(|cell| cell.split(' ').filter(|id| id.len() == 16).count() > 1));
    assert!(several, "no text names two rows: {made}");
    let test = "text,label\nwe felt cheerful at sea,glad\nthe gloomy cellar again,sad\n";
    std::fs::write(folder.path().join("test.csv"), test).expect("written");
    let evaluate = ["evaluate", "--train", "in.csv", "--synthetic", "out/synthetic.csv", "--test", "test.csv"];
    let ran = equipoise(folder.path(), &[&evaluate[..], &["--out", "judged"]].concat()).ends_with(0);
    assert!(!(ran.out + &ran.err).contains("no known source"), "sources are lost");
}

#[test]
fn the_rows_of_a_run_are_as_sound_in_a_file_as_they_were_in_the_run() {
    let folder = tempdir().expect("a folder");
    let train = fixture("library.csv");
    let ran = equipoise(
        folder.path(),
        &["run", &train, "--balance", "to-majority", "--no-evaluate", "--yes", "--out", "run"],
    );
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let made = "run/synthetic.csv";
    let told = equipoise(folder.path(), &["check", "--train", &train, "--synthetic", made, "--fail-on", "any=0"]);
    assert_eq!(told.code, Some(0), "{}{}", told.out, told.err);
}

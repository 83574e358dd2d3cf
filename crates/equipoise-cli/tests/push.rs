//! A run in the layout of a hub, read back as a user of the hub would.

mod common;

use common::{equipoise, fault, files, fixture};
use serde_json::Value;
use tempfile::tempdir;

#[test]
fn a_runs_data_sets_lie_there_with_splits_names_and_card() {
    let folder = tempdir().expect("a folder");
    let (train, test) = (fixture("library.csv"), fixture("library-test.csv"));
    let run = ["run", &train, "--test", &test, "--balance", "to-majority", "--yes", "--out", "run", "--no-evaluate"];
    equipoise(folder.path(), &run).ends_with(0);
    let ran = equipoise(folder.path(), &["push", "run", "--to", "hub", "--license", "mit", "--json"]).ends_with(0);
    let told: Value = serde_json::from_str(&ran.out).expect("JSON");
    let paths: Vec<String> =
        files(&folder.path().join("hub")).iter().map(|p| p.to_string_lossy().into_owned()).collect();
    assert!(paths.contains(&"README.md".to_owned()) && paths.contains(&"data/test-00000-of-00001.parquet".to_owned()));
    let card = std::fs::read_to_string(folder.path().join("hub/README.md")).expect("a card");
    for part in ["license: \"mit\"", "- split: test\n    path: data/test-*", "'0': \"building\"", "# Data set card"] {
        assert!(card.contains(part), "{part}: {card}");
    }
    let n = |path: &str| -> u64 {
        let ran = equipoise(folder.path(), &["profile", path, "--json"]).ends_with(0);
        let profile: Value = serde_json::from_str(&ran.out).expect("JSON");
        assert!(
            profile["labels"]
                .as_array()
                .expect("labels")
                .iter()
                .all(|l| l["label"].as_str().is_some_and(|l| l.parse::<u8>().is_err()))
        );
        profile["n"].as_u64().expect("a number")
    };
    let train = n("hub/data/train-00000-of-00001.parquet");
    assert!(train >= 24, "{told}");
    assert_eq!(
        told["splits"].as_array().and_then(|s| s.iter().find(|s| s[0] == "default/train")).map(|s| s[1].as_u64()),
        Some(Some(train))
    );
    assert_eq!(n("hub/data/test-00000-of-00001.parquet"), 9);
    assert_eq!(fault(&equipoise(folder.path(), &["push", "hub"]), 2, &["hub", "no run"]), None);
    let wrong = equipoise(folder.path(), &["push", "run", "--repo", "name"]).ends_with(2);
    assert!(wrong.err.contains("OWNER/NAME"), "{}", wrong.err);
}

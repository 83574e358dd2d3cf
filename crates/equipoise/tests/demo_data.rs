//! The promises that `demo/README.md` makes about the embedded demo data.

use std::collections::{BTreeMap, BTreeSet};

const TRAIN: &str = include_str!("../demo/train.csv");
const TEST: &str = include_str!("../demo/test.csv");
const README: &str = include_str!("../demo/README.md");
const LABELS: [&str; 5] = ["delivery", "billing", "returns", "account", "cancellation"];

fn rows(file: &str) -> Vec<(String, String)> {
    let mut reader = csv::Reader::from_reader(file.as_bytes());
    assert_eq!(reader.headers().expect("a header line"), &csv::StringRecord::from(vec!["text", "label"]));
    reader.deserialize().map(|row| row.expect("a text and a label")).collect()
}

fn counts(rows: &[(String, String)]) -> BTreeMap<&str, usize> {
    rows.iter().fold(BTreeMap::new(), |mut counts, (_, label)| {
        *counts.entry(label.as_str()).or_default() += 1;
        counts
    })
}

/// Case-folded runs of letters and digits; an apostrophe inside a word belongs to it.
fn words(text: &str) -> Vec<String> {
    let folded = text.to_lowercase().replace('’', "'");
    let pieces = folded.split(|c: char| !(c.is_alphanumeric() || c == '\''));
    pieces.map(|word| word.trim_matches('\'').to_owned()).filter(|word| !word.is_empty()).collect()
}

#[test]
fn holds_the_counts_that_the_readme_states() {
    for (name, file) in [("train.csv", TRAIN), ("test.csv", TEST)] {
        let rows = rows(file);
        let counts = counts(&rows);
        let by_label = LABELS.map(|label| counts.get(label).copied().unwrap_or(0).to_string());
        let line = format!("| `{name}` | {} | {} |", rows.len(), by_label.join(" | "));
        assert!(README.contains(&line), "the README should say: {line}");
    }
}

#[test]
fn has_every_label_in_both_files_and_cancellation_as_the_rarest_in_training() {
    let (train, test) = (rows(TRAIN), rows(TEST));
    let (train, test) = (counts(&train), counts(&test));
    assert!(train.keys().eq(test.keys()));
    assert_eq!(train.keys().copied().collect::<BTreeSet<_>>(), LABELS.into());
    assert_eq!(train["cancellation"], 24);
    assert!(train.iter().all(|(label, n)| *label == "cancellation" || *n > 60), "{train:?}");
    assert!(train.values().sum::<usize>() >= 520);
    assert!(test.values().sum::<usize>() >= 230);
    assert!(test["cancellation"] >= 45);
}

#[test]
fn has_no_text_twice() {
    let mut seen = BTreeSet::new();
    for (text, _) in rows(TRAIN).into_iter().chain(rows(TEST)) {
        assert_eq!(text, text.trim(), "white space around a text");
        assert!(seen.insert(words(&text)), "stands twice: {text}");
    }
}

#[test]
fn has_no_run_of_five_words_in_more_than_three_messages() {
    let mut messages: BTreeMap<Vec<String>, BTreeSet<usize>> = BTreeMap::new();
    for (at, (text, _)) in rows(TRAIN).iter().chain(&rows(TEST)).enumerate() {
        for run in words(text).windows(5) {
            messages.entry(run.to_vec()).or_default().insert(at);
        }
    }
    let repeated: Vec<_> = messages.iter().filter(|(_, at)| at.len() > 3).map(|(run, _)| run.join(" ")).collect();
    assert!(repeated.is_empty(), "{repeated:?}");
}

#[test]
fn is_as_varied_in_length_as_real_messages() {
    let lengths: Vec<usize> = rows(TRAIN).iter().map(|(text, _)| words(text).len()).collect();
    assert!(lengths.iter().filter(|n| **n <= 6).count() >= 25);
    assert!(lengths.iter().filter(|n| **n >= 50).count() >= 8);
    assert!(lengths.iter().all(|n| *n >= 2));
}

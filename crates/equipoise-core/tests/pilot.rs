//! Pilots over recorded answers, where those are at hand: `EQUIPOISE_SHARED`, else `../shared` beside the workspace.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test reads files and may fail"
)]

use equipoise_core::check::{Context, Panel, build_all};
use equipoise_core::data::{Dataset, Row, Rows};
use equipoise_core::generator::{Fault, Job, ReadItem, Reading, RequestKey, SourceText, Sources};
use equipoise_core::pilot::{Asked, Comparison, Contestant, End, PilotInputs, Standing, compare};
use equipoise_core::rng::Seed;
use equipoise_core::round::ReadAnswer;
use rand::seq::SliceRandom;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// Texts that each prompt is asked for, and rows a request.
const TEXTS: usize = 50;
const CHUNK: usize = 10;

fn shared(name: &str) -> Option<String> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let root = std::env::var_os("EQUIPOISE_SHARED").map_or_else(beside, PathBuf::from);
    let path = root.join("data/crowdflower").join(name);
    let text = std::fs::read_to_string(&path).ok();
    if text.is_none() {
        println!("skipped: {} is not at hand", path.display());
    }
    text
}

/// The recorded answers of a model by the row that they were written from.
fn cassette(file: &str) -> HashMap<String, Vec<String>> {
    let read = |line: &str| {
        let value: serde_json::Value = serde_json::from_str(line).unwrap();
        let answers = value["answers"].as_array().unwrap().iter().map(|a| a.as_str().unwrap().to_owned());
        (value["source"].as_str().unwrap().to_owned(), answers.collect())
    };
    file.lines().map(read).collect()
}

fn dataset(file: &str) -> Dataset {
    let mut rows = Rows::default();
    let mut reader = csv::Reader::from_reader(file.as_bytes());
    for record in reader.records() {
        let record = record.unwrap();
        rows.push(&record[0], &record[1]).unwrap();
    }
    Dataset::new(rows).unwrap()
}

/// A prompt that was asked for a text of each row, and gave what `give` makes of the row.
fn contestant(name: &str, rows: &[Row<'_>], give: &dyn Fn(usize, &str) -> Option<String>) -> Contestant {
    let mut by_label: Vec<Row<'_>> = rows.to_vec();
    by_label.sort_by_key(|row| row.label);
    let asked = by_label.chunk_by(|a, b| a.label == b.label).flat_map(|rows| rows.chunks(CHUNK)).enumerate();
    let asked = asked.map(|(request, rows)| {
        let source = |row: &Row<'_>| SourceText { key: "a".to_owned(), row: row.id, text: row.text.to_owned() };
        let sources: Vec<SourceText> = rows.iter().map(source).collect();
        let job = Job { label: rows[0].label, wanted: sources.len(), sources, ordinal: 0, attributes: Vec::new() };
        let item = |(i, row): (usize, &Row<'_>)| {
            let text = give(request * CHUNK + i, row.text)?;
            Some(ReadItem { text, sources: Sources::One(row.id), fault: None, came: None, asked: None })
        };
        let items = rows.iter().enumerate().filter_map(item).collect();
        let read = ReadAnswer { reading: Reading { items, notes: vec![] }, is_declined: false, fault: Fault::Missing };
        Asked { job, end: End::Answered { key: RequestKey(format!("{request:016}{:048}", 0)), read, usage: None } }
    });
    Contestant {
        name: name.to_owned(),
        version: String::new(),
        model: String::new(),
        temperature: None,
        price: None,
        asked: asked.collect(),
    }
}

/// The deliberately bad prompt: "use synonyms", taken to the letter by a lazy model that changes one word.
fn lazy(_: usize, row: &str) -> Option<String> {
    let mut words: Vec<&str> = row.split_whitespace().collect();
    let last = words.len().checked_sub(1)?;
    words[last] = "really";
    Some(words.join(" "))
}

/// One pilot: two prompts that are equal but for chance, another model in the place of a third, and a bad one.
fn pilot(data: &Dataset, panel: &Panel<'_>, recorded: [&HashMap<String, Vec<String>>; 2], seed: u64) -> Comparison {
    let [gpt, llama] = recorded;
    let mut rows: Vec<Row<'_>> =
        data.train().rows().filter(|row| [gpt, llama].iter().all(|by| by.contains_key(row.text))).collect();
    rows.shuffle(&mut Seed::new(seed).child("rows").rng());
    rows.truncate(TEXTS);
    let of = |by: &HashMap<String, Vec<String>>, at: usize, row: &str| by.get(row)?.get(at % by[row].len()).cloned();
    let seed_at = seed as usize;
    let contestants = [
        contestant("bad", &rows, &lazy),
        contestant("one", &rows, &|_, row| of(gpt, 2 * seed_at, row)),
        contestant("llama", &rows, &|_, row| of(llama, seed_at, row)),
        contestant("other", &rows, &|_, row| of(gpt, 2 * seed_at + 1, row)),
    ];
    compare(&contestants, &PilotInputs { train: data.train(), panel, seed: Seed::new(seed) })
}

#[test]
fn a_bad_prompt_is_last_in_every_pilot() {
    let Some((n_last, _)) = pilots(2) else { return };
    assert_eq!(n_last, 2);
}

#[test]
#[ignore = "twenty pilots of four prompts take minutes: cargo xtask bench prompts"]
fn a_bad_prompt_is_last_in_20_of_20_pilots_and_equal_ones_are_not_told_apart_in_90_percent() {
    let Some((n_last, n_told)) = pilots(20) else { return };
    assert_eq!(n_last, 20);
    assert!(n_told <= 2, "{n_told} of 20");
}

/// In how many of so many pilots the bad prompt is last and clearly worse, and in how many the equal ones are told apart; `None` where the
/// recorded answers are not at hand.
fn pilots(n_seeds: u64) -> Option<(u64, u64)> {
    let files = ["train.csv", "gpt-4.cassette.jsonl", "llama-2-70b.cassette.jsonl"].map(shared);
    let [Some(train), Some(gpt), Some(llama)] = files else { return None };
    let (data, gpt, llama) = (dataset(&train), cassette(&gpt), cassette(&llama));
    let checks = build_all(|_| None).unwrap();
    let context = Context::new(data.train(), None, Seed::new(7));
    let panel = Panel::new(&checks, &context);
    let (mut n_last, mut n_told) = (0, 0);
    for seed in 0..n_seeds {
        let comparison = pilot(&data, &panel, [&gpt, &llama], seed);
        let last = comparison.prompts.last().unwrap();
        n_last += u64::from(last.name == "bad" && last.standing == Standing::ClearlyWorse);
        // The two equal ones alone: of all four, a third that is better would hide whether these are told apart.
        let standing = |name: &str| comparison.prompts.iter().find(|p| p.name == name).unwrap();
        let (one, other) = (standing("one"), standing("other"));
        let is_told = one.standing != other.standing
            || [one, other].iter().any(|prompt| prompt.standing == Standing::ClearlyBest);
        n_told += u64::from(is_told);
        let good = |name: &str| standing(name).good.as_ref().map_or(0.0, |good| good.value);
        println!(
            "seed {seed}: good one {:.2} other {:.2} llama {:.2} bad {:.2}{}",
            good("one"),
            good("other"),
            good("llama"),
            good("bad"),
            if is_told { " told apart" } else { "" }
        );
    }
    println!("bad last and clearly worse in {n_last} of {n_seeds}; equal ones told apart in {n_told}");
    Some((n_last, n_told))
}

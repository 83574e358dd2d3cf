//! Sets of human rows.

use crate::Fault;
use equipoise_core::data::{Dataset, Rows};
use equipoise_core::rng::Seed;
use rand::seq::SliceRandom;
use std::collections::HashSet;
use std::path::Path;

/// A text and its label.
pub(crate) type Text = (String, String);

/// Training rows, held-out rows, and human rows that are in neither.
pub(crate) struct Set {
    pub(crate) name: String,
    pub(crate) dataset: Dataset,
    pub(crate) train: Vec<Text>,
    pub(crate) held_out: Vec<Text>,
    pub(crate) fresh: Vec<Text>,
}

/// The sets of a folder: each `full.csv` with the training and test rows beside it as they are, and once more cut in halves; the
/// emotion set.
pub(crate) fn sets(folder: &Path) -> Result<Vec<Set>, Fault> {
    let mut sets = Vec::new();
    for name in ["sentiment", "crowdflower", "offence-da"] {
        let read = |file: &str| csv(&folder.join(name).join(file));
        let (train, test, full) = (read("train.csv")?, read("test.csv")?, read("full.csv")?);
        sets.push(Set::new(name, train, test.clone(), full.clone())?);
        let (half, other) = halves(full);
        sets.push(Set::new(&format!("{name}, half"), half, test, other)?);
    }
    let text = std::fs::read_to_string(folder.join("emotion/train.txt"))?;
    let rows: Vec<Text> =
        text.lines().filter_map(|l| l.rsplit_once(';')).map(|(t, l)| (t.to_owned(), l.to_owned())).collect();
    let held_out = std::fs::read_to_string(folder.join("emotion/test.txt"))?;
    let held_out = held_out.lines().filter_map(|l| l.rsplit_once(';')).map(|(t, l)| (t.to_owned(), l.to_owned()));
    let (rows, other) = halves(rows);
    sets.push(Set::new("emotion, half", rows, held_out.collect(), other)?);
    Ok(sets)
}

impl Set {
    /// Fresh rows are those whose text stands in neither of the others.
    pub(crate) fn new(name: &str, train: Vec<Text>, held_out: Vec<Text>, all: Vec<Text>) -> Result<Self, Fault> {
        let labels: HashSet<&String> = train.iter().map(|t| &t.1).collect();
        let held_out: Vec<Text> = held_out.iter().filter(|t| labels.contains(&t.1)).cloned().collect();
        let known: HashSet<&str> = train.iter().chain(&held_out).map(|t| t.0.as_str()).collect();
        let mut seen = HashSet::new();
        let is_fresh = |t: &&Text| !known.contains(t.0.as_str()) && labels.contains(&t.1) && seen.insert(t.0.clone());
        let fresh = all.iter().filter(is_fresh).cloned().collect();
        let dataset = Dataset::with_test(rows(&train)?, rows(&held_out)?)?;
        Ok(Set { name: name.to_owned(), dataset, train, held_out, fresh })
    }
}

fn rows(texts: &[Text]) -> Result<Rows, Fault> {
    let mut rows = Rows::default();
    texts.iter().try_for_each(|t| rows.push(&t.0, &t.1)).ok_or("too many labels")?;
    Ok(rows)
}

fn halves(mut all: Vec<Text>) -> (Vec<Text>, Vec<Text>) {
    all.shuffle(&mut Seed::new(11).child("halves").rng());
    let other = all.split_off(all.len() / 2);
    (all, other)
}

fn csv(path: &Path) -> Result<Vec<Text>, Fault> {
    let mut reader = csv::Reader::from_path(path).map_err(|e| format!("{}: {e}", path.display()))?;
    Ok(reader.deserialize().collect::<Result<_, _>>()?)
}

//! Rows of files, pooled without repeats, and splits of them.

use crate::Fault;
use equipoise_core::data::{Dataset, Rows};
use equipoise_core::rng::Seed;
use rand::seq::SliceRandom;
use std::collections::{BTreeSet, HashSet};

/// A text and its label.
pub(crate) type Text = (String, String);

/// The rows of a CSV file with two columns, or of a `text;label` file.
pub(crate) fn read(file: &str) -> Result<Vec<Text>, Fault> {
    let cannot = |e: &dyn std::fmt::Display| format!("{file}: {e}");
    if file.ends_with(".csv") {
        let mut reader = csv::Reader::from_path(file).map_err(|e| cannot(&e))?;
        return Ok(reader.deserialize().collect::<Result<_, _>>()?);
    }
    let lines = std::fs::read_to_string(file).map_err(|e| cannot(&e))?;
    Ok(lines.lines().filter_map(|l| l.rsplit_once(';')).map(|(t, l)| (t.to_owned(), l.to_owned())).collect())
}

/// The rows of all files, each text once.
pub(crate) fn pooled(files: &[String]) -> Result<Vec<Text>, Fault> {
    let mut seen = HashSet::new();
    let mut all = Vec::new();
    for file in files {
        all.extend(read(file)?.into_iter().filter(|t| seen.insert(t.0.clone())));
    }
    Ok(all)
}

/// Training and test rows of a split: every fifth row of each label is tested, another fifth in each split of a repeat.
pub(crate) fn fifths(all: &[Text], split: usize) -> (Vec<&Text>, Vec<&Text>) {
    let seed = Seed::new(2025).child(&format!("repeat/{}", split / 5));
    let labels: BTreeSet<&String> = all.iter().map(|t| &t.1).collect();
    let (mut train, mut test) = (Vec::new(), Vec::new());
    for label in labels {
        let mut of_label: Vec<&Text> = all.iter().filter(|t| t.1 == *label).collect();
        of_label.shuffle(&mut seed.child(label).rng());
        for (i, text) in of_label.into_iter().enumerate() {
            if i % 5 == split % 5 { test.push(text) } else { train.push(text) }
        }
    }
    train.shuffle(&mut Seed::new(2025).child(&format!("split/{split}")).rng());
    (train, test)
}

/// The rows as a data set.
pub(crate) fn dataset(rows: &[&Text]) -> Result<Dataset, Fault> {
    let mut all = Rows::default();
    rows.iter().try_for_each(|t| all.push(&t.0, &t.1).map(drop)).ok_or("too many labels")?;
    Ok(Dataset::new(all)?)
}

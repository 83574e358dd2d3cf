//! Rows and recorded answers.

use crate::Fault;
use equipoise_core::arm::{Example, Pool};
use equipoise_core::data::Labels;
use equipoise_core::rng::Seed;
use rand::seq::SliceRandom;
use std::collections::HashMap;
use std::path::Path;

/// A text and its label.
pub(crate) type LabelledText = (String, String);

/// A text that a model wrote, its label, and the position among the training rows of the row it was made from.
#[derive(Clone)]
pub(crate) struct MadeText {
    pub(crate) text: String,
    pub(crate) label: String,
    pub(crate) parent: usize,
}

/// A task with the answers of one model.
pub(crate) struct Cell {
    pub(crate) name: String,
    pub(crate) train: Vec<LabelledText>,
    pub(crate) test: Vec<LabelledText>,
    pub(crate) made: Vec<MadeText>,
    pub(crate) labels: Labels,
}

/// The five cells: task, its short name and its cassette.
pub(crate) const CELLS: [(&str, &str, &str); 5] = [
    ("sentiment", "gpt-4", "sent/G"),
    ("sentiment", "llama-2-70b", "sent/L"),
    ("crowdflower", "gpt-4", "crowd/G"),
    ("crowdflower", "llama-2-70b", "crowd/L"),
    ("offence-da", "gpt-4", "offence/G"),
];

pub(crate) fn cells(folder: &Path) -> Result<Vec<Cell>, Fault> {
    CELLS
        .iter()
        .map(|(task, model, name)| {
            let folder = folder.join(task);
            let (train, test) = (csv(&folder.join("train.csv"))?, csv(&folder.join("test.csv"))?);
            let made = cassette(&folder.join(format!("{model}.cassette.jsonl")), &train)?;
            Ok(Cell::new(name, train, test, made))
        })
        .collect()
}

/// The emotion set: all training rows, test = validation and test rows.
pub(crate) fn emotion(folder: &Path) -> Result<(Vec<LabelledText>, Vec<LabelledText>), Fault> {
    let read = |name: &str| -> Result<Vec<LabelledText>, Fault> {
        let text = std::fs::read_to_string(folder.join("emotion").join(name))?;
        Ok(text.lines().filter_map(|l| l.rsplit_once(';')).map(|(t, l)| (t.to_owned(), l.to_owned())).collect())
    };
    Ok((read("train.txt")?, [read("val.txt")?, read("test.txt")?].concat()))
}

pub(crate) fn csv(path: &Path) -> Result<Vec<LabelledText>, Fault> {
    let mut rows = Vec::new();
    for row in csv::Reader::from_path(path)?.deserialize() {
        rows.push(row?);
    }
    Ok(rows)
}

/// The answers to rows of `train`; two rows of equal text and label share theirs by turns.
pub(crate) fn cassette(path: &Path, train: &[LabelledText]) -> Result<Vec<MadeText>, Fault> {
    let mut known: HashMap<(&str, &str), usize> = HashMap::new();
    train.iter().enumerate().for_each(|(at, (text, label))| {
        known.entry((text, label)).or_insert(at);
    });
    let mut made = Vec::new();
    for line in std::fs::read_to_string(path)?.lines() {
        let line: serde_json::Value = serde_json::from_str(line)?;
        let field = |name: &str| line[name].as_str().ok_or("a recorded answer lacks a field");
        let Some(parent) = known.get(&(field("source")?, field("label")?)) else { continue };
        for text in line["answers"].as_array().into_iter().flatten().filter_map(|t| t.as_str()) {
            made.push(MadeText { text: text.to_owned(), label: field("label")?.to_owned(), parent: *parent });
        }
    }
    Ok(made)
}

impl Cell {
    pub(crate) fn new(name: &str, train: Vec<LabelledText>, test: Vec<LabelledText>, made: Vec<MadeText>) -> Self {
        let labels = Labels::new(train.iter().chain(&test).map(|r| r.1.clone()));
        Cell { name: name.to_owned(), train, test, made, labels }
    }

    /// The cell with the training rows at `kept` (ascending) and their answers.
    pub(crate) fn with(&self, kept: &[usize]) -> Cell {
        let position: HashMap<usize, usize> = kept.iter().copied().zip(0..).collect();
        let train = kept.iter().map(|at| self.train[*at].clone()).collect();
        let child = |m: &MadeText| position.get(&m.parent).map(|parent| MadeText { parent: *parent, ..m.clone() });
        let made = self.made.iter().filter_map(child).collect();
        let (name, test, labels) = (self.name.clone(), self.test.clone(), self.labels.clone());
        Cell { name, train, test, made, labels }
    }

    /// 80 % of the rows of each label, at least one, with their answers.
    pub(crate) fn repeat(&self, repeat: u64) -> Cell {
        let mut kept = Vec::new();
        for label in self.labels.names() {
            let mut of: Vec<usize> = (0..self.train.len()).filter(|at| self.train[*at].1 == *label).collect();
            of.shuffle(&mut Seed::new(repeat).child("repeat").child(label).rng());
            of.truncate(((of.len() as f64 * 0.8).round() as usize).max(1));
            kept.extend(of);
        }
        kept.sort_unstable();
        self.with(&kept)
    }

    /// What arms draw from; without `sources` nobody knows what a row was made from.
    pub(crate) fn pool(&self, sources: bool) -> Pool<'_> {
        let id = |label: &str| self.labels.id(label).expect("labels were made from these rows");
        let real = self.train.iter().map(|(text, label)| Example { text, label: id(label), parents: vec![] });
        let kept: Vec<Example<'_>> = self
            .made
            .iter()
            .map(|m| Example {
                text: &m.text,
                label: id(&m.label),
                parents: if sources { vec![m.parent] } else { vec![] },
            })
            .collect();
        Pool { real: real.collect(), naive: kept.clone(), kept, n_labels: self.labels.len(), author: None }
    }
}

//! Topics: what the rows of one label are about, as groups of rows with like words.

mod groups;
mod names;

use crate::learner::{Csr, TfIdf, Vectoriser};
use crate::rng::Seed;
use crate::text::is_unspaced;
use groups::group;
use std::collections::HashSet;

/// A topic of a label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic {
    /// Its words, those that tell most first: `fee, transfer, abroad`.
    pub name: String,
    /// Rows that are about it.
    pub n_rows: usize,
}

/// Rows that a topic has, at least.
const FEWEST_ROWS: usize = 3;
/// Rows of a label that are grouped: more tell little more of its topics.
const MOST_ROWS: usize = 5_000;

/// Learns what the rows of labels are about, with words that are weighed over the rows of all labels.
#[derive(Debug)]
pub struct Topics {
    words: TfIdf,
}

impl Topics {
    /// Weighs the words of `texts`, the training rows of all labels.
    pub fn new(texts: &[&str]) -> Self {
        Topics { words: TfIdf::fit(texts) }
    }

    /// At most `most` topics of the rows `texts` of `label`, those of most rows first, each with a name of its own. None where there are too few
    /// rows for two, or no blanks between words. They depend on texts, label and seed alone.
    ///
    /// # Source
    /// Spherical k-means over TF-IDF: Dhillon and Modha, "Concept Decompositions for Large Sparse Text Data Using Clustering", Machine
    /// Learning 42 (2001).
    pub fn of(&self, label: &str, texts: &[&str], most: usize, seed: Seed) -> Vec<Topic> {
        let mut seen = HashSet::new();
        let distinct: Vec<&str> =
            texts.iter().copied().filter(|text| seen.insert(*text) && !is_unspaced(text)).collect();
        let step = distinct.len().div_ceil(MOST_ROWS).max(1);
        let some: Vec<&str> = distinct.into_iter().step_by(step).collect();
        let rows = only(&self.words.transform(&some), &names::telling(&self.words, label), self.words.n_words());
        let most = most.min(some.len() / FEWEST_ROWS);
        if most < 2 {
            return Vec::new();
        }
        let groups = group(&rows, self.words.n_words(), most, seed);
        let topics = names::named(&rows, &groups, &self.words);
        if topics.len() < 2 { Vec::new() } else { topics }
    }
}

/// The rows with the words that can tell of a topic alone, each of length 1 again.
fn only(rows: &Csr, telling: &[bool], n_words: usize) -> Csr {
    let mut kept = Csr::empty(n_words);
    for row in 0..rows.n_rows() {
        let (columns, values) = rows.row(row);
        let entries = || columns.iter().zip(values).filter(|(column, _)| telling[**column as usize]);
        let length = entries().map(|(_, value)| f64::from(*value) * f64::from(*value)).sum::<f64>().sqrt() as f32;
        kept.push_row(entries().map(|(column, value)| (*column, value / length)));
    }
    kept
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;

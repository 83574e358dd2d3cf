//! What arms draw from.

use crate::data::LabelId;

/// A training example of the pool that arms draw from.
#[derive(Debug, Clone, PartialEq)]
pub struct Example<'a> {
    /// The text.
    pub text: &'a str,
    /// Its label.
    pub label: LabelId,
    /// For a synthetic example, positions among the pool's real examples of the rows it was made from; empty where unknown.
    pub parents: Vec<usize>,
}

/// What an arm may use: training rows and synthetic rows. Held-out rows are not among them.
#[derive(Debug, Clone)]
pub struct Pool<'a> {
    /// Real training rows.
    pub real: Vec<Example<'a>>,
    /// The first parsed candidates up to each label's target, unchecked.
    pub naive: Vec<Example<'a>>,
    /// The rows that the checks kept.
    pub kept: Vec<Example<'a>>,
    /// How many labels there are.
    pub n_labels: usize,
}

impl Pool<'_> {
    /// Number of `examples` of each label, by id.
    pub fn counts(&self, examples: &[Example<'_>]) -> Vec<usize> {
        let mut counts = vec![0; self.n_labels];
        examples.iter().for_each(|e| counts[e.label.index()] += 1);
        counts
    }

    /// Positions among the real examples of each label, ascending, by id.
    pub fn real_by_label(&self) -> Vec<Vec<usize>> {
        let mut positions = vec![Vec::new(); self.n_labels];
        self.real.iter().enumerate().for_each(|(at, e)| positions[e.label.index()].push(at));
        positions
    }
}

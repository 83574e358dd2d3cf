//! Metrics: predictions against true labels, one number or a reason for none.

use crate::data::LabelId;

/// Counts of true label (row) against predicted label (column).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confusion {
    /// Labels.
    pub n_labels: usize,
    /// Row-major counts, `n_labels²`.
    pub counts: Vec<u64>,
}

impl Confusion {
    /// Counts pairs of true and predicted labels.
    pub fn new(n_labels: usize, pairs: impl IntoIterator<Item = (LabelId, LabelId)>) -> Self {
        let mut counts = vec![0; n_labels * n_labels];
        for (truth, predicted) in pairs {
            counts[truth.index() * n_labels + predicted.index()] += 1;
        }
        Confusion { n_labels, counts }
    }

    /// How many rows of `truth` were predicted as `predicted`.
    pub fn get(&self, truth: LabelId, predicted: LabelId) -> u64 {
        self.counts[truth.index() * self.n_labels + predicted.index()]
    }
}

/// Whether more is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Higher is better.
    Higher,
    /// Lower is better.
    Lower,
}

/// A number that predictions give, overall or for one label.
pub trait Metric: Send + Sync {
    /// Its direction.
    fn direction(&self) -> Direction;

    /// The value over all labels; `None` where it is undefined (no rows).
    fn overall(&self, confusion: &Confusion) -> Option<f64>;

    /// The value for one label; `None` where it is undefined, or where the metric has no per-label form.
    fn of_label(&self, confusion: &Confusion, label: LabelId) -> Option<f64>;
}

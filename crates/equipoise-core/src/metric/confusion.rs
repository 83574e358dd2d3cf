//! Counts of true label against predicted label.

use crate::data::LabelId;

/// Counts of true label (row) against predicted label (column).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confusion {
    /// Labels.
    pub n_labels: usize,
    /// Row-major counts, `n_labels²`.
    pub counts: Vec<u64>,
}

/// What the rows of one label come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Rows of the label that were predicted as it.
    pub right: u64,
    /// Rows of the label.
    pub support: u64,
    /// Rows predicted as the label.
    pub predicted: u64,
}

impl Tally {
    /// F1 of a label with rows: 0 where none was found.
    pub fn f1(self) -> f64 {
        2.0 * self.right as f64 / (self.support + self.predicted) as f64
    }
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

    /// How many rows there are.
    pub fn n_rows(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// How many rows were predicted rightly.
    pub fn n_right(&self) -> u64 {
        self.counts.iter().step_by(self.n_labels + 1).sum()
    }

    /// The tally of one label.
    pub fn tally(&self, label: LabelId) -> Tally {
        let at = label.index();
        let row = &self.counts[at * self.n_labels..(at + 1) * self.n_labels];
        Tally {
            right: row[at],
            support: row.iter().sum(),
            predicted: self.counts[at..].iter().step_by(self.n_labels).sum(),
        }
    }

    /// The tally of every label, in order of id.
    pub fn tallies(&self) -> Vec<Tally> {
        let mut tallies = vec![Tally::default(); self.n_labels];
        for (truth, row) in self.counts.chunks_exact(self.n_labels.max(1)).enumerate() {
            tallies[truth].right = row[truth];
            tallies[truth].support = row.iter().sum();
            tallies.iter_mut().zip(row).for_each(|(t, n)| t.predicted += n);
        }
        tallies
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tallies_rows_and_columns() {
        let pairs = [(0, 0), (0, 1), (1, 1), (2, 1), (2, 2), (2, 2)].map(|(t, p)| (LabelId(t), LabelId(p)));
        let confusion = Confusion::new(4, pairs);
        assert_eq!(confusion.tally(LabelId(1)), Tally { right: 1, support: 1, predicted: 3 });
        assert_eq!((confusion.n_rows(), confusion.n_right()), (6, 4));
        let each: Vec<Tally> = (0..4).map(|i| confusion.tally(LabelId(i))).collect();
        assert_eq!(confusion.tallies(), each);
    }
}

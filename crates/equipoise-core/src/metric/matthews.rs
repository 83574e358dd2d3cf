//! Correlation of true and predicted labels.

use super::{Confusion, Direction, Metric, MetricEntry, Scope};
use crate::catalog::Entry;
use crate::data::LabelId;

pub(super) static ENTRY: MetricEntry = MetricEntry {
    item: Entry {
        name: "matthews",
        what: "The Matthews correlation of true and predicted labels, in its form for many labels; -1 to 1.",
        why: "Stays at 0 for a classifier that ignores the text, whatever the shares of labels.",
        source: "Gorodkin, Comparing two K-category assignments by a K-category correlation coefficient (2004).",
        settings: &[],
        make: |_| Ok(Box::new(Matthews)),
    },
    title: "Matthews correlation",
    direction: Direction::Higher,
    scope: Scope::Labels,
    range: [-1.0, 1.0],
    is_headline: false,
    undefined: "one label alone is predicted",
};

struct Matthews;

impl Metric for Matthews {
    /// `None` where only one label occurs among the true or among the predicted ones: nothing can correlate.
    fn value(&self, confusion: &Confusion, _: Option<LabelId>) -> Option<f64> {
        let n = confusion.n_rows() as f64;
        let tallies = confusion.tallies();
        let sum =
            |f: fn(f64, f64) -> f64| -> f64 { tallies.iter().map(|t| f(t.support as f64, t.predicted as f64)).sum() };
        let covariance = confusion.n_right() as f64 * n - sum(|s, p| s * p);
        let spread = (n * n - sum(|s, _| s * s)) * (n * n - sum(|_, p| p * p));
        (spread > 0.0).then(|| (covariance / spread.sqrt()).clamp(-1.0, 1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equals_the_form_for_two_labels_and_has_none_without_spread() {
        let (tn, fp, fneg, tp) = (50.0_f64, 10.0, 5.0, 20.0);
        let want = (tp * tn - fp * fneg) / ((tp + fp) * (tp + fneg) * (tn + fp) * (tn + fneg)).sqrt();
        let got = Matthews.value(&Confusion { n_labels: 2, counts: vec![50, 10, 5, 20] }, None).unwrap();
        assert!((got - want).abs() < 1e-12);
        assert_eq!(Matthews.value(&Confusion { n_labels: 2, counts: vec![9, 0, 3, 0] }, None), None);
    }
}

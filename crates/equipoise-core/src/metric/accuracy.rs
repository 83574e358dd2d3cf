//! The share of rows predicted rightly.

use super::{Confusion, Direction, Metric, MetricEntry, Pair, Scope, share};
use crate::catalog::Entry;
use crate::data::LabelId;
use crate::stats::{Estimate, mcnemar_exact, wilson};

pub(super) static ENTRY: MetricEntry = MetricEntry {
    item: Entry {
        name: "accuracy",
        what: "The share of held-out rows predicted rightly.",
        why: "What a user notices on everyday rows; it hides rare labels, so it stands beside macro_f1, never alone.",
        source: "Interval: Wilson (1927). Arms are compared by McNemar's exact test (1947).",
        settings: &[],
        make: |_| Ok(Box::new(Accuracy)),
    },
    title: "accuracy",
    direction: Direction::Higher,
    scope: Scope::Rows,
    range: [0.0, 1.0],
    is_headline: true,
    undefined: "no held-out row",
};

struct Accuracy;

impl Metric for Accuracy {
    fn value(&self, confusion: &Confusion, _: Option<LabelId>) -> Option<f64> {
        share(confusion.n_right(), confusion.n_rows())
    }

    fn closed_form(&self, confusion: &Confusion, _: Option<LabelId>) -> Option<Estimate> {
        wilson(confusion.n_right(), confusion.n_rows())
    }

    fn exact_p(&self, pair: &Pair<'_>) -> Option<(f64, &'static str)> {
        let (mut only_a, mut only_b) = (0, 0);
        for (truth, [a, b]) in pair.rows() {
            only_a += u64::from(a == truth && b != truth);
            only_b += u64::from(b == truth && a != truth);
        }
        Some((mcnemar_exact(only_a, only_b), "p by McNemar's exact test"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_the_diagonal_and_gives_an_interval_when_all_are_right() {
        let confusion = Confusion { n_labels: 2, counts: vec![3, 1, 2, 4] };
        assert_eq!(Accuracy.value(&confusion, None), Some(0.7));
        let e = Accuracy.closed_form(&Confusion { n_labels: 2, counts: vec![5, 0, 0, 5] }, None).unwrap();
        assert!(e.value == 1.0 && e.low < 0.8, "{e:?}");
    }
}

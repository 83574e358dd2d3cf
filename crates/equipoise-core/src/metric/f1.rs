//! The harmonic mean of precision and recall of a label.

use super::{Confusion, Direction, Metric, MetricEntry, Scope};
use crate::catalog::Entry;
use crate::data::LabelId;
use crate::stats::{Estimate, wilson};

pub(super) static ENTRY: MetricEntry = MetricEntry {
    item: Entry {
        name: "f1",
        what: "The harmonic mean of a label's precision and recall.",
        why: "One figure for a rare label that neither missing its rows nor raising false alarms can improve.",
        source: "van Rijsbergen, Information Retrieval (1979); interval: Wilson on the Jaccard index, of which F1 is a monotone \
                 function (Lam, Gopal and Qian, arXiv:2309.14621).",
        settings: &[],
        make: |_| Ok(Box::new(F1)),
    },
    title: "F1",
    direction: Direction::Higher,
    scope: Scope::EachLabel,
    range: [0.0, 1.0],
    is_headline: true,
    undefined: "undefined",
};

struct F1;

impl Metric for F1 {
    fn value(&self, confusion: &Confusion, label: Option<LabelId>) -> Option<f64> {
        let tally = confusion.tally(label?);
        (tally.support > 0).then(|| tally.f1())
    }

    /// The rows behind it (`n`) are those that have the label or were predicted as it.
    fn closed_form(&self, confusion: &Confusion, label: Option<LabelId>) -> Option<Estimate> {
        let value = self.value(confusion, label)?;
        let tally = confusion.tally(label?);
        // The share of right rows among those that have the label or were predicted as it is a proportion J, and F1 = 2J / (1 + J).
        let jaccard = wilson(tally.right, tally.support + tally.predicted - tally.right)?;
        let f1 = |j: f64| 2.0 * j / (1.0 + j);
        Some(Estimate {
            value,
            low: f1(jaccard.low).min(value),
            high: f1(jaccard.high).max(value),
            n: jaccard.n,
            method: "Wilson score of F1".to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_zero_with_an_interval_for_a_label_never_found() {
        let confusion = Confusion { n_labels: 2, counts: vec![8, 0, 2, 0] };
        assert_eq!(F1.value(&confusion, Some(LabelId(1))), Some(0.0));
        let e = F1.closed_form(&confusion, Some(LabelId(1))).unwrap();
        assert!(e.low == 0.0 && e.high > 0.5 && e.n == 2, "two missed rows say little: {e:?}");
    }

    #[test]
    fn is_the_harmonic_mean_of_precision_and_recall() {
        let confusion = Confusion { n_labels: 2, counts: vec![6, 2, 4, 8] };
        assert!((F1.value(&confusion, Some(LabelId(0))).unwrap() - 2.0 * 0.6 * 0.75 / 1.35).abs() < 1e-15);
    }
}

//! The mean F1 over labels.

use super::{Confusion, Direction, Metric, MetricEntry, Scope, Tally, mean_over_supported};
use crate::catalog::Entry;
use crate::data::LabelId;

pub(super) static ENTRY: MetricEntry = MetricEntry {
    item: Entry {
        name: "macro_f1",
        what: "The mean F1 over labels with held-out rows, every label counting the same.",
        why: "The headline for imbalanced data: a rare label weighs as much as a frequent one, and gains cannot hide losses elsewhere.",
        source: "Mean of F1 values, not F1 of mean precision and recall: Opitz and Burst, Macro F1 and Macro F1 (arXiv:1911.03347).",
        settings: &[],
        make: |_| Ok(Box::new(MacroF1)),
    },
    title: "macro-F1",
    direction: Direction::Higher,
    scope: Scope::Labels,
    range: [0.0, 1.0],
    is_headline: true,
    undefined: "no held-out row",
};

struct MacroF1;

impl Metric for MacroF1 {
    fn value(&self, confusion: &Confusion, _: Option<LabelId>) -> Option<f64> {
        mean_over_supported(confusion, Tally::f1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_the_mean_over_labels_with_rows() {
        let confusion = Confusion { n_labels: 3, counts: vec![6, 2, 0, 4, 7, 1, 0, 0, 0] };
        let want = (12.0 / 18.0 + 14.0 / 21.0) / 2.0;
        assert!((MacroF1.value(&confusion, None).unwrap() - want).abs() < 1e-15);
    }
}

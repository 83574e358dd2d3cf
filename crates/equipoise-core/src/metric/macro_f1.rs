//! The mean F1 over labels.

use super::{Confusion, Direction, Metric, Tally, mean_over_supported};
use crate::catalog::Entry;
use crate::data::LabelId;

pub(super) static ENTRY: Entry<dyn Metric> = Entry {
    name: "macro_f1",
    what: "The mean F1 over labels with held-out rows, every label counting the same.",
    why: "The headline for imbalanced data: a rare label weighs as much as a frequent one, and gains cannot hide losses elsewhere.",
    source: "Mean of F1 values, not F1 of mean precision and recall: Opitz and Burst, Macro F1 and Macro F1 (arXiv:1911.03347).",
    settings: &[],
    make: |_| Ok(Box::new(MacroF1)),
};

struct MacroF1;

impl Metric for MacroF1 {
    fn direction(&self) -> Direction {
        Direction::Higher
    }

    fn overall(&self, confusion: &Confusion) -> Option<f64> {
        mean_over_supported(confusion, Tally::f1)
    }

    fn of_label(&self, _confusion: &Confusion, _label: LabelId) -> Option<f64> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_the_mean_over_labels_with_rows() {
        let confusion = Confusion { n_labels: 3, counts: vec![6, 2, 0, 4, 7, 1, 0, 0, 0] };
        let want = (12.0 / 18.0 + 14.0 / 21.0) / 2.0;
        assert!((MacroF1.overall(&confusion).unwrap() - want).abs() < 1e-15);
    }
}

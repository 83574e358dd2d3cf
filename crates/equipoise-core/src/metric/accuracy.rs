//! The share of rows predicted rightly.

use super::{Confusion, Direction, Metric, share};
use crate::catalog::Entry;
use crate::data::LabelId;
use crate::stats::{Estimate, wilson};

pub(super) static ENTRY: Entry<dyn Metric> = Entry {
    name: "accuracy",
    what: "The share of held-out rows predicted rightly.",
    why: "What a user notices on everyday rows; it hides rare labels, so it stands beside macro_f1, never alone.",
    source: "Interval: Wilson (1927). Arms are compared by McNemar's exact test (1947).",
    settings: &[],
    make: |_| Ok(Box::new(Accuracy)),
};

struct Accuracy;

impl Metric for Accuracy {
    fn direction(&self) -> Direction {
        Direction::Higher
    }

    fn overall(&self, confusion: &Confusion) -> Option<f64> {
        share(confusion.n_right(), confusion.n_rows())
    }

    fn of_label(&self, _confusion: &Confusion, _label: LabelId) -> Option<f64> {
        None
    }

    fn closed_form(&self, confusion: &Confusion, label: Option<LabelId>) -> Option<Estimate> {
        label.is_none().then(|| wilson(confusion.n_right(), confusion.n_rows())).flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_the_diagonal_and_gives_an_interval_when_all_are_right() {
        let confusion = Confusion { n_labels: 2, counts: vec![3, 1, 2, 4] };
        assert_eq!(Accuracy.overall(&confusion), Some(0.7));
        let e = Accuracy.closed_form(&Confusion { n_labels: 2, counts: vec![5, 0, 0, 5] }, None).unwrap();
        assert!(e.value == 1.0 && e.low < 0.8, "{e:?}");
    }
}

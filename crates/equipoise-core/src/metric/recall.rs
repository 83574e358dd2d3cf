//! Of a label's rows, the share that was found.

use super::{Confusion, Direction, Metric, mean_over_supported, share};
use crate::catalog::Entry;
use crate::data::LabelId;
use crate::stats::{Estimate, wilson};

pub(super) static ENTRY: Entry<dyn Metric> = Entry {
    name: "recall",
    what: "Of a label's held-out rows, the share that was found; overall the mean over labels with rows.",
    why: "Answers whether the rare label is found at all, which is what more rows for it are meant to change.",
    source: "van Rijsbergen, Information Retrieval (1979); interval: Wilson (1927).",
    settings: &[],
    make: |_| Ok(Box::new(Recall)),
};

struct Recall;

impl Metric for Recall {
    fn direction(&self) -> Direction {
        Direction::Higher
    }

    fn overall(&self, confusion: &Confusion) -> Option<f64> {
        mean_over_supported(confusion, |t| t.right as f64 / t.support as f64)
    }

    fn of_label(&self, confusion: &Confusion, label: LabelId) -> Option<f64> {
        let tally = confusion.tally(label);
        share(tally.right, tally.support)
    }

    fn closed_form(&self, confusion: &Confusion, label: Option<LabelId>) -> Option<Estimate> {
        let tally = confusion.tally(label?);
        wilson(tally.right, tally.support)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_none_for_a_label_without_rows_which_no_mean_counts() {
        let confusion = Confusion { n_labels: 3, counts: vec![3, 1, 0, 0, 2, 2, 0, 0, 0] };
        assert_eq!(Recall.of_label(&confusion, LabelId(0)), Some(0.75));
        assert_eq!(Recall.of_label(&confusion, LabelId(2)), None);
        assert_eq!(Recall.overall(&confusion), Some(0.625));
    }
}

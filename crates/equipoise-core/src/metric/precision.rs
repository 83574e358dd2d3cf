//! Of the rows predicted as a label, the share that is right.

use super::{Confusion, Direction, Metric, mean_over_supported, share};
use crate::catalog::Entry;
use crate::data::LabelId;
use crate::stats::{Estimate, wilson};

pub(super) static ENTRY: Entry<dyn Metric> = Entry {
    name: "precision",
    what: "Of the held-out rows predicted as a label, the share that is right; overall the mean over labels with rows.",
    why: "Answers what more rows for a rare label cost: false alarms.",
    source: "van Rijsbergen, Information Retrieval (1979); interval: Wilson (1927).",
    settings: &[],
    make: |_| Ok(Box::new(Precision)),
};

struct Precision;

impl Metric for Precision {
    fn direction(&self) -> Direction {
        Direction::Higher
    }

    fn overall(&self, confusion: &Confusion) -> Option<f64> {
        mean_over_supported(confusion, |t| share(t.right, t.predicted).unwrap_or(0.0))
    }

    fn of_label(&self, confusion: &Confusion, label: LabelId) -> Option<f64> {
        let tally = confusion.tally(label);
        share(tally.right, tally.predicted)
    }

    fn closed_form(&self, confusion: &Confusion, label: Option<LabelId>) -> Option<Estimate> {
        let tally = confusion.tally(label?);
        wilson(tally.right, tally.predicted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_none_for_a_label_never_predicted_which_pulls_the_mean_down() {
        let confusion = Confusion { n_labels: 2, counts: vec![8, 0, 2, 0] };
        assert_eq!(Precision.of_label(&confusion, LabelId(1)), None);
        assert_eq!(Precision.closed_form(&confusion, Some(LabelId(1))), None);
        assert_eq!(Precision.overall(&confusion), Some(0.4));
    }
}

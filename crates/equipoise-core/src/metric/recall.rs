//! Of a label's rows, the share that was found.

use super::{Confusion, Direction, Metric, MetricEntry, Scope, share};
use crate::catalog::Entry;
use crate::data::LabelId;
use crate::stats::{Estimate, wilson};

pub(super) static ENTRY: MetricEntry = MetricEntry {
    item: Entry {
        name: "recall",
        what: "Of a label's held-out rows, the share that was found.",
        why: "Answers whether the rare label is found at all, which is what more rows for it are meant to change.",
        source: "van Rijsbergen, Information Retrieval (1979); interval: Wilson (1927).",
        settings: &[],
        make: |_| Ok(Box::new(Recall)),
    },
    title: "recall",
    direction: Direction::Higher,
    scope: Scope::EachLabel,
    range: [0.0, 1.0],
    is_headline: false,
    undefined: "undefined",
};

struct Recall;

impl Metric for Recall {
    fn value(&self, confusion: &Confusion, label: Option<LabelId>) -> Option<f64> {
        let tally = confusion.tally(label?);
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
    fn is_none_for_a_label_without_rows() {
        let confusion = Confusion { n_labels: 3, counts: vec![3, 1, 0, 0, 2, 2, 0, 0, 0] };
        assert_eq!(Recall.value(&confusion, Some(LabelId(0))), Some(0.75));
        assert_eq!(Recall.value(&confusion, Some(LabelId(2))), None);
    }
}

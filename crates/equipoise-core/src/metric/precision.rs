//! Of the rows predicted as a label, the share that is right.

use super::{Confusion, Direction, Metric, MetricEntry, Pair, Scope, share};
use crate::catalog::Entry;
use crate::data::LabelId;
use crate::stats::{Estimate, wilson};

pub(super) static ENTRY: MetricEntry = MetricEntry {
    item: Entry {
        name: "precision",
        what: "Of the held-out rows predicted as a label, the share that is right.",
        why: "Answers what more rows for a rare label cost: false alarms.",
        source: "van Rijsbergen, Information Retrieval (1979); interval: Wilson (1927).",
        settings: &[],
        make: |_| Ok(Box::new(Precision)),
    },
    title: "precision",
    direction: Direction::Higher,
    scope: Scope::EachLabel,
    range: [0.0, 1.0],
    is_headline: false,
    undefined: "never predicted",
};

struct Precision;

impl Metric for Precision {
    fn value(&self, confusion: &Confusion, label: Option<LabelId>) -> Option<f64> {
        let tally = confusion.tally(label?);
        share(tally.right, tally.predicted)
    }

    fn closed_form(&self, confusion: &Confusion, label: Option<LabelId>) -> Option<Estimate> {
        let tally = confusion.tally(label?);
        wilson(tally.right, tally.predicted)
    }

    /// Those that either predicts as the label.
    fn n_behind(&self, pair: &Pair<'_>, label: Option<LabelId>) -> Option<usize> {
        let label = label?;
        Some(pair.rows().filter(|(_, predicted)| predicted.contains(&label)).count())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_none_for_a_label_never_predicted() {
        let confusion = Confusion { n_labels: 2, counts: vec![8, 0, 2, 0] };
        assert_eq!(Precision.value(&confusion, Some(LabelId(1))), None);
        assert_eq!(Precision.closed_form(&confusion, Some(LabelId(1))), None);
    }
}

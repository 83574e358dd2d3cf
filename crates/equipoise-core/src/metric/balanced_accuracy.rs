//! Accuracy as if every label were equally frequent.

use super::{Confusion, Direction, Metric, MetricEntry, Scope, mean_over_supported};
use crate::catalog::Entry;
use crate::data::LabelId;

pub(super) static ENTRY: MetricEntry = MetricEntry {
    item: Entry {
        name: "balanced_accuracy",
        what: "The mean recall over labels with held-out rows.",
        why: "Accuracy on a test set where every label has the same share; the usual name of that figure in tools and papers.",
        source: "Brodersen et al., The Balanced Accuracy and Its Posterior Distribution (ICPR 2010).",
        settings: &[],
        make: |_| Ok(Box::new(BalancedAccuracy)),
    },
    title: "balanced accuracy",
    direction: Direction::Higher,
    scope: Scope::Labels,
    range: [0.0, 1.0],
    is_headline: false,
    undefined: "no held-out row",
};

struct BalancedAccuracy;

impl Metric for BalancedAccuracy {
    fn value(&self, confusion: &Confusion, _: Option<LabelId>) -> Option<f64> {
        mean_over_supported(confusion, |t| t.right as f64 / t.support as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gives_a_rare_label_the_weight_of_a_frequent_one() {
        let confusion = Confusion { n_labels: 2, counts: vec![98, 0, 2, 0] };
        assert_eq!(BalancedAccuracy.value(&confusion, None), Some(0.5));
    }
}

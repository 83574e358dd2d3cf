//! Accuracy as if every label were equally frequent.

use super::{Confusion, Direction, Metric, mean_over_supported};
use crate::catalog::Entry;
use crate::data::LabelId;

pub(super) static ENTRY: Entry<dyn Metric> = Entry {
    name: "balanced_accuracy",
    what: "The mean recall over labels with held-out rows.",
    why: "Accuracy on a test set where every label has the same share; the usual name of that figure in tools and papers.",
    source: "Brodersen et al., The Balanced Accuracy and Its Posterior Distribution (ICPR 2010).",
    settings: &[],
    make: |_| Ok(Box::new(BalancedAccuracy)),
};

struct BalancedAccuracy;

impl Metric for BalancedAccuracy {
    fn direction(&self) -> Direction {
        Direction::Higher
    }

    fn overall(&self, confusion: &Confusion) -> Option<f64> {
        mean_over_supported(confusion, |t| t.right as f64 / t.support as f64)
    }

    fn of_label(&self, _confusion: &Confusion, _label: LabelId) -> Option<f64> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gives_a_rare_label_the_weight_of_a_frequent_one() {
        let confusion = Confusion { n_labels: 2, counts: vec![98, 0, 2, 0] };
        assert_eq!(BalancedAccuracy.overall(&confusion), Some(0.5));
    }
}

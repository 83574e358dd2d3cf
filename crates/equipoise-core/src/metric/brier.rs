//! Squared distance of probabilities from the truth.

use super::probability::{OverProbabilities, mean_loss};
use super::{Direction, Metric, Prepared, ProbabilityMetric, Scored};
use crate::catalog::Entry;
use crate::data::LabelId;

pub(super) static ENTRY: Entry<dyn Metric> = Entry {
    name: "brier",
    what: "The mean squared distance of the probabilities from the truth: overall summed over labels, 0 to 2; for a label 0 to 1.",
    why: "Says whether the probabilities are worth anything, not only the most probable label; texts and weights can raise F1 and spoil them.",
    source: "Brier, Verification of forecasts expressed in terms of probability (1950).",
    settings: &[],
    make: |_| Ok(Box::new(OverProbabilities(Brier))),
};

struct Brier;

impl ProbabilityMetric for Brier {
    fn direction(&self) -> Direction {
        Direction::Lower
    }

    fn over_all(&self, scored: &Scored<'_>) -> Option<Prepared> {
        let loss = |(truth, row): (LabelId, &[f64])| {
            row.iter().enumerate().map(|(l, p)| distance(*p, l == truth.index())).sum::<f64>()
        };
        Some(mean_loss(scored.rows().map(loss).collect()))
    }

    fn over_label(&self, scored: &Scored<'_>, label: LabelId) -> Option<Prepared> {
        Some(mean_loss(scored.rows().map(|(truth, row)| distance(row[label.index()], truth == label)).collect()))
    }
}

fn distance(probability: f64, is_true: bool) -> f64 {
    (probability - f64::from(u8::from(is_true))).powi(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_over_labels_overall_and_takes_one_against_the_rest_for_a_label() {
        let truth = [LabelId(0), LabelId(2)];
        let scored = Scored { truth: &truth, probabilities: &[0.5, 0.5, 0.0, 0.0, 0.0, 1.0], n_labels: 3 };
        assert_eq!(Brier.value(&scored, None), Some(0.25));
        assert_eq!(Brier.value(&scored, Some(LabelId(0))), Some(0.125));
    }
}

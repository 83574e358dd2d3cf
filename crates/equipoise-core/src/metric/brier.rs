//! Squared distance of probabilities from the truth.

use super::probability::{OverProbabilities, mean_loss};
use super::{Direction, MetricEntry, Prepared, ProbabilityMetric, Scope, Scored};
use crate::catalog::Entry;
use crate::data::LabelId;

pub(super) static ENTRY: MetricEntry = MetricEntry {
    item: Entry {
        name: "brier",
        what: "The mean squared distance of the probabilities from the truth, summed over labels; 0 to 2.",
        why: "Says whether the probabilities are worth anything, not only the most probable label; texts and weights can raise F1 and spoil them.",
        source: "Brier, Verification of forecasts expressed in terms of probability (1950).",
        settings: &[],
        make: |_| Ok(Box::new(OverProbabilities(Brier))),
    },
    title: "Brier score",
    direction: Direction::Lower,
    scope: Scope::Rows,
    range: [0.0, 2.0],
    is_headline: false,
    undefined: "not measured",
};

struct Brier;

impl ProbabilityMetric for Brier {
    fn ready(&self, scored: &Scored<'_>, _: Option<LabelId>) -> Option<Prepared> {
        let loss = |(truth, row): (LabelId, &[f64])| {
            row.iter().enumerate().map(|(l, p)| distance(*p, l == truth.index())).sum::<f64>()
        };
        Some(mean_loss(scored.rows().map(loss).collect()))
    }
}

fn distance(probability: f64, is_true: bool) -> f64 {
    (probability - f64::from(u8::from(is_true))).powi(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_over_labels() {
        let truth = [LabelId(0), LabelId(2)];
        let scored = Scored { truth: &truth, probabilities: &[0.5, 0.5, 0.0, 0.0, 0.0, 1.0], n_labels: 3 };
        assert_eq!(Brier.value(&scored, None), Some(0.25));
    }
}

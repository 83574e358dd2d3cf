//! The logarithm of the probability of the truth.

use super::probability::{OverProbabilities, mean_loss};
use super::{Direction, MetricEntry, Prepared, ProbabilityMetric, Scope, Scored};
use crate::catalog::Entry;
use crate::data::LabelId;

pub(super) static ENTRY: MetricEntry = MetricEntry {
    item: Entry {
        name: "log_loss",
        what: "The mean of minus ln of the probability given to the true label.",
        why: "Punishes confident errors, which the Brier score forgives; it is what most classifiers minimise.",
        source: "Good, Rational decisions (1952); probabilities are cut at 2.2e-16 from 0 and 1, as scikit-learn does.",
        settings: &[],
        make: |_| Ok(Box::new(OverProbabilities(LogLoss))),
    },
    title: "log loss",
    direction: Direction::Lower,
    scope: Scope::Rows,
    range: [0.0, f64::INFINITY],
    is_headline: false,
    undefined: "not measured",
};

struct LogLoss;

impl ProbabilityMetric for LogLoss {
    fn ready(&self, scored: &Scored<'_>, _: Option<LabelId>) -> Option<Prepared> {
        Some(mean_loss(scored.rows().map(|(truth, row)| loss(row[truth.index()])).collect()))
    }
}

fn loss(probability: f64) -> f64 {
    -probability.clamp(f64::EPSILON, 1.0 - f64::EPSILON).ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_finite_for_a_certain_error() {
        let truth = [LabelId(0), LabelId(1)];
        let scored = Scored { truth: &truth, probabilities: &[0.0, 1.0, 0.5, 0.5], n_labels: 2 };
        let want = (-f64::EPSILON.ln() + 2_f64.ln()) / 2.0;
        assert!((LogLoss.value(&scored, None).unwrap() - want).abs() < 1e-12);
    }
}

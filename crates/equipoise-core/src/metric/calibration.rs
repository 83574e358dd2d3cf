//! Whether probabilities mean what they say.

use super::probability::OverProbabilities;
use super::{Direction, MetricEntry, Prepared, ProbabilityMetric, Scope, Scored};
use crate::catalog::Entry;
use crate::data::LabelId;

/// Bins of equal width over 0 to 1.
const BINS: usize = 15;

pub(super) static ENTRY: MetricEntry = MetricEntry {
    item: Entry {
        name: "calibration_error",
        what: "The mean gap between the probability of the predicted label and how often it is right, in 15 equal bins (the expected calibration error).",
        why: "Class weights and synthetic rows shift probabilities: a threshold or a cost set on them then means something else.",
        source: "Naeini, Cooper and Hauskrecht, Obtaining well calibrated probabilities using Bayesian binning (2015); 15 bins as Guo et al., On calibration of modern neural networks (2017).",
        settings: &[],
        make: |_| Ok(Box::new(OverProbabilities(Calibration))),
    },
    title: "calibration error",
    direction: Direction::Lower,
    scope: Scope::Rows,
    range: [0.0, 1.0],
    is_headline: false,
    undefined: "not measured",
};

struct Calibration;

impl ProbabilityMetric for Calibration {
    fn ready(&self, scored: &Scored<'_>, _: Option<LabelId>) -> Option<Prepared> {
        let of_row = |(truth, row): (LabelId, &[f64])| {
            let best = (1..row.len()).fold(0, |best, i| if row[i] > row[best] { i } else { best });
            (row[best], truth.index() == best)
        };
        Some(gap(scored.rows().map(of_row)))
    }
}

/// The mean over rows of the gap of their bin.
fn gap(rows: impl Iterator<Item = (f64, bool)>) -> Prepared {
    // Bins are closed above, so that a certain answer falls into the last one.
    let bin = |p: f64| ((p * BINS as f64).ceil() as usize).clamp(1, BINS) - 1;
    let rows: Vec<(usize, f64)> = rows.map(|(p, is_right)| (bin(p), p - f64::from(u8::from(is_right)))).collect();
    Box::new(move |times| {
        let mut gaps = [0.0; BINS];
        let mut n = 0;
        for ((bin, gap), times) in rows.iter().zip(times) {
            gaps[*bin] += gap * f64::from(*times);
            n += u64::from(*times);
        }
        (n > 0).then(|| gaps.iter().map(|g| g.abs()).sum::<f64>() / n as f64)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_the_gap_of_a_bin_and_nought_where_half_of_the_halves_are_right() {
        let truth = [LabelId(0), LabelId(1), LabelId(0), LabelId(0)];
        let fair = [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5];
        let scored = Scored { truth: &truth, probabilities: &fair, n_labels: 2 };
        assert_eq!(Calibration.value(&scored, None), Some(0.25));
        let scored = Scored { truth: &truth[..2], probabilities: &fair[..4], n_labels: 2 };
        assert_eq!(Calibration.value(&scored, None), Some(0.0));
    }
}

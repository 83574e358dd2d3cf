//! Figures of probabilities, on the same resamples as those of predictions.

use crate::catalog::{Settings, find};
use crate::data::LabelId;
use crate::metric::{self, Metric, Prepared, Scored};
use crate::stats::{Estimate, Measured, Resamples, measure};

/// A figure that probabilities give.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Score {
    Brier,
    Calibration,
    AveragePrecision(LabelId),
}

/// The scores of every fit: on the held-out rows, and on each resample of them.
pub(super) struct Scores {
    n_labels: usize,
    /// Held-out rows of each label.
    supports: Vec<usize>,
    /// By fit, then score.
    points: Vec<Option<f64>>,
    /// The same by resample.
    drawn: Vec<Vec<Option<f64>>>,
}

impl Scores {
    /// `probabilities` holds a row-major matrix for each fit, in the order of `truth`. `None` if the metric catalog lacks a metric.
    pub(super) fn new(
        truth: &[LabelId],
        probabilities: &[Vec<f64>],
        n_labels: usize,
        resamples: &Resamples,
    ) -> Option<Self> {
        let build = |name| find(metric::CATALOG, "metric", name).and_then(|e| e.build(&Settings::new())).ok();
        let [brier, calibration, precision] = ["brier", "expected_calibration_error", "average_precision"].map(build);
        let metrics: [Box<dyn Metric>; 3] = [brier?, calibration?, precision?];
        let metrics = [&metrics[0], &metrics[1], &metrics[2]].map(|m| m.over_probabilities());
        let [Some(brier), Some(calibration), Some(precision)] = metrics else { return None };
        let prepare = |probabilities: &Vec<f64>| {
            let scored = Scored { truth, probabilities, n_labels };
            let labels = (0..n_labels).map(|l| precision.prepare(&scored, Some(LabelId(l as u16))));
            [brier.prepare(&scored, None), calibration.prepare(&scored, None)]
                .into_iter()
                .chain(labels)
                .collect::<Vec<_>>()
        };
        let prepared: Vec<Option<Prepared>> = probabilities.iter().flat_map(prepare).collect();
        let once = vec![1; truth.len()];
        let mut supports = vec![0; n_labels];
        truth.iter().for_each(|l| supports[l.index()] += 1);
        Some(Scores {
            n_labels,
            supports,
            points: prepared.iter().map(|p| p.as_ref()?(&once).filter(|v| v.is_finite())).collect(),
            drawn: resamples.prepared(&prepared),
        })
    }

    fn column(&self, fit: usize, score: Score) -> usize {
        let within = match score {
            Score::Brier => 0,
            Score::Calibration => 1,
            Score::AveragePrecision(l) => 2 + l.index(),
        };
        fit * (2 + self.n_labels) + within
    }

    /// Rows behind a score, and how far one of them can move it.
    fn behind(&self, score: Score) -> (usize, f64) {
        let n = match score {
            Score::Brier | Score::Calibration => self.supports.iter().sum(),
            Score::AveragePrecision(l) => self.supports[l.index()],
        };
        (n, 1.0 / n.max(1) as f64)
    }

    /// The score of one fit with its interval, inside the range of the score.
    pub(super) fn estimate(&self, fit: usize, score: Score) -> Option<Estimate> {
        let column = self.column(fit, score);
        let samples: Vec<f64> = self.drawn[column].iter().flatten().copied().collect();
        let (n, step) = self.behind(score);
        let method = format!("bootstrap within labels, {} resamples, normal interval", samples.len());
        let estimate = measure(self.points[column]?, &samples, n, step, n, &method)?.estimate;
        let top = if score == Score::Brier { 2.0 } else { 1.0 };
        Some(Estimate { low: estimate.low.max(0.0), high: estimate.high.min(top), ..estimate })
    }

    /// The paired difference of two fits, `fit − against`.
    pub(super) fn difference(&self, fit: usize, against: usize, score: Score) -> Option<Measured> {
        let (a, b) = (self.column(fit, score), self.column(against, score));
        let samples: Vec<f64> =
            self.drawn[a].iter().zip(&self.drawn[b]).filter_map(|(a, b)| Some((*a)? - (*b)?)).collect();
        let (n, step) = self.behind(score);
        let method = format!("paired bootstrap within labels, {} resamples, normal interval", samples.len());
        measure(self.points[a]? - self.points[b]?, &samples, n, step, n, &method)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Seed;

    #[test]
    fn tells_a_better_ranking_and_has_no_figure_for_a_label_without_rows() {
        let truth: Vec<LabelId> = (0..60).map(|i| LabelId(u16::from(i % 3 == 0))).collect();
        let sure = |hit: f64| {
            truth.iter().flat_map(move |l| if l.0 == 1 { [1.0 - hit, hit, 0.0] } else { [hit, 1.0 - hit, 0.0] })
        };
        let probabilities = [sure(0.4).collect::<Vec<_>>(), sure(0.9).collect()];
        let resamples = Resamples::new(truth.iter().map(|l| l.index()), 100, Seed::new(1));
        let scores = Scores::new(&truth, &probabilities, 3, &resamples).unwrap();
        let better = scores.difference(1, 0, Score::AveragePrecision(LabelId(1))).unwrap();
        assert!(better.estimate.low > 0.0 && better.estimate.n == 20, "{better:?}");
        let brier = scores.estimate(1, Score::Brier).unwrap();
        assert!((brier.value - 0.02).abs() < 1e-12 && brier.low >= 0.0 && brier.n == 60);
        assert_eq!(scores.estimate(0, Score::AveragePrecision(LabelId(2))), None);
        assert_eq!(scores.difference(0, 1, Score::AveragePrecision(LabelId(2))), None);
    }
}

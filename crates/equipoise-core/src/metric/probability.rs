//! Metrics that read probabilities rather than predicted labels.

use super::{Confusion, Metric};
use crate::data::LabelId;
use crate::stats::Resamples;

/// What a classifier gave to rows whose labels are known.
#[derive(Debug, Clone, Copy)]
pub struct Scored<'a> {
    /// True labels, at least one row's.
    pub truth: &'a [LabelId],
    /// Row-major probabilities, `rows × n_labels`, finite.
    pub probabilities: &'a [f64],
    /// How many labels there are.
    pub n_labels: usize,
}

impl Scored<'_> {
    /// The probabilities of one row, by label.
    fn row(&self, row: usize) -> &[f64] {
        &self.probabilities[row * self.n_labels..(row + 1) * self.n_labels]
    }

    /// Each row's true label and probabilities.
    pub(super) fn rows(&self) -> impl Iterator<Item = (LabelId, &[f64])> {
        self.truth.iter().enumerate().map(|(at, truth)| (*truth, self.row(at)))
    }

    /// Whether a row has `label`.
    fn holds(&self, label: LabelId) -> bool {
        self.truth.contains(&label)
    }
}

/// A metric with its rows read and sorted: from how often each row counts to the value, `None` where that is undefined.
///
/// One pass a call, so that thousands of resamples cost little.
pub type Prepared = Box<dyn Fn(&[u32]) -> Option<f64> + Send + Sync>;

/// A number that probabilities give.
pub trait ProbabilityMetric: Send + Sync {
    /// The metric ready for any number of resamples, for `label` where its scope is a label; `scored` holds a row, and one of `label`.
    fn ready(&self, scored: &Scored<'_>, label: Option<LabelId>) -> Option<Prepared>;

    /// As [`ProbabilityMetric::ready`]; `None` where it is undefined: no rows, or none of `label`.
    fn prepare(&self, scored: &Scored<'_>, label: Option<LabelId>) -> Option<Prepared> {
        let is_defined = !scored.truth.is_empty() && label.is_none_or(|label| scored.holds(label));
        is_defined.then(|| self.ready(scored, label))?
    }

    /// The value on the rows as they are.
    fn value(&self, scored: &Scored<'_>, label: Option<LabelId>) -> Option<f64> {
        self.prepare(scored, label)?(&vec![1; scored.truth.len()]).filter(|v| v.is_finite())
    }
}

/// A probability metric in the place of a metric: it reads no predicted labels, so these have no value.
pub(super) struct OverProbabilities<T>(pub(super) T);

impl<T: ProbabilityMetric> Metric for OverProbabilities<T> {
    fn value(&self, _: &Confusion, _: Option<LabelId>) -> Option<f64> {
        None
    }

    fn over_probabilities(&self) -> Option<&dyn ProbabilityMetric> {
        Some(&self.0)
    }
}

/// The mean of `losses` over rows, each as often as it counts.
pub(super) fn mean_loss(losses: Vec<f64>) -> Prepared {
    Box::new(move |times| {
        let (sum, n) = losses
            .iter()
            .zip(times)
            .fold((0.0, 0), |(sum, n), (loss, times)| (sum + loss * f64::from(*times), n + u64::from(*times)));
        (n > 0).then(|| sum / n as f64)
    })
}

impl Resamples {
    /// The values of each of `metrics` on each resample, by metric; the same draws for all, so that differences are paired.
    pub fn prepared(&self, metrics: &[Option<Prepared>]) -> Vec<Vec<Option<f64>>> {
        let n_rows = self.n_rows();
        let by_resample = self.map(|rows| {
            let mut times = vec![0_u32; n_rows];
            rows.iter().for_each(|row| times[*row as usize] += 1);
            metrics.iter().map(|metric| metric.as_ref()?(&times).filter(|v| v.is_finite())).collect::<Vec<_>>()
        });
        (0..metrics.len()).map(|at| by_resample.iter().map(|values| values[at]).collect()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::{CATALOG, Direction, MetricEntry, Scope};
    use crate::rng::Seed;
    use proptest::prelude::*;

    fn every() -> Vec<(&'static MetricEntry, Box<dyn Metric>)> {
        let all = CATALOG.iter().map(|entry| (*entry, entry.build()));
        all.filter(|(_, metric)| metric.over_probabilities().is_some()).collect()
    }

    fn labels(entry: &MetricEntry) -> Vec<Option<LabelId>> {
        if entry.scope == Scope::EachLabel { (0..3).map(|l| Some(LabelId(l))).collect() } else { vec![None] }
    }

    fn normalised(raw: &[f64]) -> Vec<f64> {
        raw.chunks_exact(3).flat_map(|row| row.iter().map(|v| v / row.iter().sum::<f64>())).collect()
    }

    proptest! {
        #[test]
        fn a_row_that_counts_twice_is_two_rows(
            rows in prop::collection::vec((0_u16..3, 0_u32..4, prop::array::uniform3(0.01_f64..1.0)), 1..30),
        ) {
            let truth: Vec<LabelId> = rows.iter().map(|r| LabelId(r.0)).collect();
            let times: Vec<u32> = rows.iter().map(|r| r.1).collect();
            let probabilities = normalised(&rows.iter().flat_map(|r| r.2).collect::<Vec<_>>());
            let scored = Scored { truth: &truth, probabilities: &probabilities, n_labels: 3 };
            let repeated = || (0..rows.len()).flat_map(|at| std::iter::repeat_n(at, times[at] as usize));
            let long_truth: Vec<LabelId> = repeated().map(|at| truth[at]).collect();
            let long: Vec<f64> = repeated().flat_map(|at| scored.row(at).to_vec()).collect();
            let long = Scored { truth: &long_truth, probabilities: &long, n_labels: 3 };
            for (entry, metric) in every() {
                let metric = metric.over_probabilities().unwrap();
                for label in labels(entry) {
                    let weighted = metric.prepare(&scored, label).and_then(|f| f(&times));
                    match (weighted, metric.value(&long, label)) {
                        (Some(a), Some(b)) => prop_assert!((a - b).abs() < 1e-12, "{entry:?} {label:?}: {a} {b}"),
                        // A label or row that no resample holds: per-label losses still have rows of other labels.
                        (_, None) => {}
                        (a, b) => prop_assert_eq!(a, b, "{:?} {:?}", entry, label),
                    }
                }
            }
        }
    }

    #[test]
    fn is_best_for_certain_right_answers_and_has_no_value_without_rows() {
        let truth = [0, 1, 2, 0].map(LabelId);
        let certain = [1., 0., 0., 0., 1., 0., 0., 0., 1., 1., 0., 0.];
        let unsure = [0.5, 0.3, 0.2, 0.5, 0.3, 0.2, 0.3, 0.5, 0.2, 0.2, 0.5, 0.3];
        for (entry, metric) in every() {
            let up = entry.direction == Direction::Higher;
            let metric = metric.over_probabilities().unwrap();
            let value =
                |p: &[f64], label| metric.value(&Scored { truth: &truth, probabilities: p, n_labels: 3 }, label);
            for label in labels(entry) {
                let (Some(best), Some(worse)) = (value(&certain, label), value(&unsure, label)) else { continue };
                // A single label can be ranked without a fault by probabilities that are unsure.
                let strictly = label.is_none() && best == worse;
                assert!(!strictly && if up { best >= worse } else { best <= worse }, "{entry:?}: {best} {worse}");
            }
            let empty = Scored { truth: &[], probabilities: &[], n_labels: 3 };
            assert!(labels(entry).into_iter().all(|l| metric.value(&empty, l).is_none()), "{entry:?}");
            let absent = Scored { truth: &[LabelId(0)], probabilities: &[1., 0., 0.], n_labels: 3 };
            assert_eq!(metric.value(&absent, Some(LabelId(2))), None, "{entry:?}");
        }
    }

    #[test]
    fn resampled_values_are_those_of_the_drawn_rows() {
        let truth = [0, 1, 0, 1, 1, 0].map(LabelId);
        let probabilities = [0.9, 0.1, 0.4, 0.6, 0.3, 0.7, 0.8, 0.2, 0.5, 0.5, 0.6, 0.4];
        let scored = Scored { truth: &truth, probabilities: &probabilities, n_labels: 2 };
        let resamples = Resamples::new(truth.iter().map(|l| l.index()), 20, Seed::new(2));
        for (entry, metric) in every() {
            let label = labels(entry)[0];
            let metric = metric.over_probabilities().unwrap();
            let drawn = resamples.prepared(&[metric.prepare(&scored, label), None]);
            let by_hand = resamples.map(|rows| {
                let truth: Vec<LabelId> = rows.iter().map(|r| truth[*r as usize]).collect();
                let probabilities: Vec<f64> = rows.iter().flat_map(|r| scored.row(*r as usize).to_vec()).collect();
                metric.value(&Scored { truth: &truth, probabilities: &probabilities, n_labels: 2 }, label)
            });
            for (a, b) in drawn[0].iter().zip(&by_hand) {
                assert!((a.unwrap() - b.unwrap()).abs() < 1e-12);
            }
            assert!(drawn[1].iter().all(Option::is_none));
        }
    }
}

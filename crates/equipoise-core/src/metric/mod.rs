//! Metrics: predictions against true labels, one number or a reason for none.
//!
//! Most read predicted labels, as counts in a [`Confusion`]; those that read probabilities say so by
//! [`Metric::over_probabilities`].
//!
//! Where a quotient is 0/0 the conventions are these, beside scikit-learn's `zero_division`:
//! - Precision of a label that was never predicted is `None` (scikit-learn: 0 with a warning). In the mean over labels it counts
//!   as 0, as there: skipping it would reward a classifier for never naming a hard label.
//! - F1 of a label with support that was never found is 0.
//! - A label without support has no recall and no F1, and is left out of every mean. scikit-learn counts it as 0 in the mean
//!   where it was predicted.

mod accuracy;
mod average_precision;
mod balanced_accuracy;
mod brier;
mod calibration;
mod confusion;
mod f1;
mod log_loss;
mod macro_f1;
mod matthews;
mod precision;
mod probability;
mod recall;
mod resample;

pub use confusion::{Confusion, Tally};
pub use probability::{Prepared, ProbabilityMetric, Scored};

use crate::catalog::Entry;
use crate::data::LabelId;
use crate::stats::{self, Estimate};

/// Every metric.
pub static CATALOG: &[&Entry<dyn Metric>] = &[
    &macro_f1::ENTRY,
    &accuracy::ENTRY,
    &f1::ENTRY,
    &precision::ENTRY,
    &recall::ENTRY,
    &balanced_accuracy::ENTRY,
    &matthews::ENTRY,
    &average_precision::ENTRY,
    &brier::ENTRY,
    &log_loss::ENTRY,
    &calibration::ENTRY,
];

/// Whether more is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Higher is better.
    Higher,
    /// Lower is better.
    Lower,
}

/// A number that predictions give, overall or for one label.
pub trait Metric: Send + Sync {
    /// Its direction.
    fn direction(&self) -> Direction;

    /// The value over all labels; `None` where it is undefined (no rows).
    fn overall(&self, confusion: &Confusion) -> Option<f64>;

    /// The value for one label; `None` where it is undefined, or where the metric has no per-label form.
    fn of_label(&self, confusion: &Confusion, label: LabelId) -> Option<f64>;

    /// The value, overall or for `label`, with a 95 % interval in closed form; `None` where there is no such interval and
    /// [`estimate`] has to resample.
    fn closed_form(&self, _confusion: &Confusion, _label: Option<LabelId>) -> Option<Estimate> {
        None
    }

    /// The metric over probabilities that this one is; it has no value for predicted labels then. `None` for most.
    fn over_probabilities(&self) -> Option<&dyn ProbabilityMetric> {
        None
    }

    /// The value for `label`, or overall without one.
    fn value(&self, confusion: &Confusion, label: Option<LabelId>) -> Option<f64> {
        label.map_or_else(|| self.overall(confusion), |label| self.of_label(confusion, label))
    }
}

/// The metric on `confusion`, overall or for `label`, with its 95 % interval: closed form where the metric has one, since it
/// stays honest at 0/n and with few rows, else percentiles of `samples`, its values on the resamples of
/// [`stats::Resamples::confusions`]. `None` where the metric is undefined.
///
/// Percentile intervals are a little short when a label has few rows. Simulated with three labels and nominal 95 %, those of
/// macro-F1 held the true figure in 95 % of test sets with 66 rows of the rarest label, 92 to 94 % with 12, 91 % with 5.
pub fn estimate(
    metric: &dyn Metric,
    confusion: &Confusion,
    label: Option<LabelId>,
    samples: &mut [f64],
) -> Option<Estimate> {
    metric.closed_form(confusion, label).or_else(|| {
        let n = label.map_or_else(|| confusion.n_rows(), |label| confusion.tally(label).support);
        let method = format!("percentile bootstrap within labels, {} resamples", samples.len());
        stats::interval(metric.value(confusion, label)?, samples, n as usize, &method)
    })
}

/// The mean of `value` over the labels that have rows; `None` where none has.
fn mean_over_supported(confusion: &Confusion, value: impl Fn(Tally) -> f64) -> Option<f64> {
    let values = confusion.tallies().into_iter().filter(|t| t.support > 0).map(value);
    let (sum, n) = values.fold((0.0, 0_u32), |(sum, n), v| (sum + v, n + 1));
    (n > 0).then(|| sum / f64::from(n))
}

/// `part / whole`, `None` for 0/0.
fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{self, Settings};
    use proptest::prelude::*;

    fn every_metric() -> impl Iterator<Item = (&'static str, Box<dyn Metric>)> {
        CATALOG.iter().map(|e| (e.name, e.build(&Settings::new()).unwrap()))
    }

    fn values(metric: &dyn Metric, confusion: &Confusion) -> Vec<Option<f64>> {
        let labels = (0..confusion.n_labels).map(|i| Some(LabelId(i as u16)));
        labels.chain([None]).map(|l| metric.value(confusion, l)).collect()
    }

    #[test]
    fn keeps_the_contract() {
        catalog::assert_contract(CATALOG);
    }

    #[test]
    fn gives_none_without_rows() {
        for (name, metric) in every_metric() {
            for n_labels in [0, 3] {
                assert!(values(&*metric, &Confusion::new(n_labels, [])).iter().all(Option::is_none), "{name}");
            }
        }
    }

    #[test]
    fn is_best_when_every_row_is_right_and_says_which_way_is_up() {
        let right = Confusion { n_labels: 3, counts: vec![5, 0, 0, 0, 2, 0, 0, 0, 9] };
        let mixed = Confusion { n_labels: 3, counts: vec![3, 1, 1, 1, 1, 0, 4, 2, 3] };
        for (name, metric) in every_metric().filter(|(_, metric)| metric.over_probabilities().is_none()) {
            let (best, worse) = (metric.overall(&right).unwrap(), metric.overall(&mixed).unwrap());
            let better = if metric.direction() == Direction::Higher { best > worse } else { best < worse };
            assert!(better, "{name}: {best} {worse}");
        }
    }

    proptest! {
        #[test]
        fn stays_within_its_bounds_and_its_interval(counts in prop::collection::vec(0_u64..20, 9)) {
            let confusion = Confusion { n_labels: 3, counts };
            for (name, metric) in every_metric() {
                for value in values(&*metric, &confusion).into_iter().flatten() {
                    prop_assert!((-1.0..=1.0).contains(&value), "{name}: {value}");
                }
                for label in [None, Some(LabelId(0))] {
                    let value = metric.value(&confusion, label);
                    if let Some(e) = metric.closed_form(&confusion, label) {
                        prop_assert_eq!(Some(e.value), value);
                        prop_assert!(e.low <= e.value && e.value <= e.high && e.n > 0);
                    }
                }
            }
        }

        #[test]
        fn does_not_depend_on_the_order_of_labels(counts in prop::collection::vec(0_u64..20, 9)) {
            let reversed = Confusion { n_labels: 3, counts: counts.iter().rev().copied().collect() };
            let confusion = Confusion { n_labels: 3, counts };
            for (name, metric) in every_metric() {
                match (metric.overall(&confusion), metric.overall(&reversed)) {
                    (Some(a), Some(b)) => prop_assert!((a - b).abs() < 1e-12, "{name}"),
                    (a, b) => prop_assert_eq!(a, b),
                }
            }
        }
    }
}

//! Metrics: predictions against true labels, one number or a reason for none.
//!
//! Most read predicted labels, as counts in a [`Confusion`]; those that read probabilities say so by
//! [`Metric::over_probabilities`].
//!
//! Where a quotient is 0/0 the conventions are these, beside scikit-learn's `zero_division`:
//! - Precision of a label that was never predicted is `None` (scikit-learn: 0 with a warning).
//! - F1 of a label with support that was never found is 0.
//! - A label without support has no recall and no F1, and is left out of every mean. scikit-learn counts it as 0 in the mean
//!   where it was predicted.

mod accuracy;
mod average_precision;
mod balanced_accuracy;
mod brier;
mod calibration;
mod confusion;
mod entry;
mod f1;
mod log_loss;
mod macro_f1;
mod matthews;
mod pair;
mod precision;
mod probability;
mod recall;
mod resample;

pub use confusion::{Confusion, Tally};
pub use entry::{Direction, MetricEntry, Scope};
pub use pair::Pair;
pub use probability::{Prepared, ProbabilityMetric, Scored};

use crate::data::LabelId;
use crate::stats::{self, Estimate};

/// Every metric: all of them are computed for every arm, and stand in `evaluation.json` and the report.
pub static CATALOG: &[&MetricEntry] = &[
    &macro_f1::ENTRY,
    &accuracy::ENTRY,
    &balanced_accuracy::ENTRY,
    &matthews::ENTRY,
    &brier::ENTRY,
    &log_loss::ENTRY,
    &calibration::ENTRY,
    &f1::ENTRY,
    &precision::ENTRY,
    &recall::ENTRY,
    &average_precision::ENTRY,
];

/// The mean F1 over labels.
pub static MACRO_F1: &MetricEntry = &macro_f1::ENTRY;
/// The share of rows predicted rightly.
pub static ACCURACY: &MetricEntry = &accuracy::ENTRY;
/// The F1 of a label.
pub static F1: &MetricEntry = &f1::ENTRY;
/// How well a label's rows are ranked above the others.
pub static AVERAGE_PRECISION: &MetricEntry = &average_precision::ENTRY;

/// The metric called `name`; `None` where there is none, as in an evaluation of another version of this program.
pub fn lookup(name: &str) -> Option<&'static MetricEntry> {
    CATALOG.iter().copied().find(|entry| entry.item.name == name)
}

/// A number that predictions give. What it is a number of stands in its [`MetricEntry`].
pub trait Metric: Send + Sync {
    /// The value, for `label` where the metric's scope is a label; `None` where it is undefined, as without rows.
    fn value(&self, confusion: &Confusion, label: Option<LabelId>) -> Option<f64>;

    /// The value with a 95 % interval in closed form; `None` where there is no such interval and [`estimate`] has to resample.
    fn closed_form(&self, _confusion: &Confusion, _label: Option<LabelId>) -> Option<Estimate> {
        None
    }

    /// The metric over probabilities that this one is; it has no value for predicted labels then. `None` for most.
    fn over_probabilities(&self) -> Option<&dyn ProbabilityMetric> {
        None
    }

    /// The p-value of the difference of two sets of predictions by an exact test, and the test's name; `None` where the resampled
    /// difference is all there is.
    fn exact_p(&self, _pair: &Pair<'_>) -> Option<(f64, &'static str)> {
        None
    }

    /// The rows behind the difference of two sets of predictions; `None` where they are all rows, or all rows of the label.
    fn n_behind(&self, _pair: &Pair<'_>, _label: Option<LabelId>) -> Option<usize> {
        None
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
    use crate::catalog;
    use proptest::prelude::*;

    fn values(entry: &MetricEntry, confusion: &Confusion) -> Vec<Option<f64>> {
        let labels = (0..confusion.n_labels).map(|i| Some(LabelId(i as u16)));
        let metric = entry.build();
        let of = |label| metric.value(confusion, label);
        if entry.scope == Scope::EachLabel { labels.map(of).collect() } else { vec![of(None)] }
    }

    #[test]
    fn keeps_the_contract() {
        let items: Vec<_> = CATALOG.iter().map(|entry| &entry.item).collect();
        catalog::assert_contract(Box::leak(items.into_boxed_slice()));
    }

    #[test]
    fn gives_none_without_rows() {
        for entry in CATALOG {
            for n_labels in [0, 3] {
                let values = values(entry, &Confusion::new(n_labels, []));
                assert!(values.iter().all(Option::is_none), "{entry:?}");
            }
        }
    }

    #[test]
    fn is_best_when_every_row_is_right_and_says_which_way_is_up() {
        let right = Confusion { n_labels: 3, counts: vec![5, 0, 0, 0, 2, 0, 0, 0, 9] };
        let mixed = Confusion { n_labels: 3, counts: vec![3, 1, 1, 1, 1, 0, 4, 2, 3] };
        for entry in CATALOG.iter().filter(|entry| entry.build().over_probabilities().is_none()) {
            for (best, worse) in values(entry, &right).into_iter().zip(values(entry, &mixed)) {
                let (best, worse) = (best.unwrap(), worse.unwrap());
                let better = if entry.direction == Direction::Higher { best > worse } else { best < worse };
                assert!(better, "{entry:?}: {best} {worse}");
            }
        }
    }

    proptest! {
        #[test]
        fn stays_within_its_bounds_and_its_interval(counts in prop::collection::vec(0_u64..20, 9)) {
            let confusion = Confusion { n_labels: 3, counts };
            for entry in CATALOG {
                let [low, high] = entry.range;
                for value in values(entry, &confusion).into_iter().flatten() {
                    prop_assert!((low..=high).contains(&value), "{entry:?}: {value}");
                }
                let metric = entry.build();
                let label = (entry.scope == Scope::EachLabel).then_some(LabelId(0));
                if let Some(e) = metric.closed_form(&confusion, label) {
                    prop_assert_eq!(Some(e.value), metric.value(&confusion, label));
                    prop_assert!(e.low <= e.value && e.value <= e.high && e.n > 0);
                }
            }
        }

        #[test]
        fn does_not_depend_on_the_order_of_labels(counts in prop::collection::vec(0_u64..20, 9)) {
            let reversed = Confusion { n_labels: 3, counts: counts.iter().rev().copied().collect() };
            let confusion = Confusion { n_labels: 3, counts };
            for entry in CATALOG {
                let turned = values(entry, &reversed).into_iter().rev();
                for pair in values(entry, &confusion).into_iter().zip(turned) {
                    match pair {
                        (Some(a), Some(b)) => prop_assert!((a - b).abs() < 1e-12, "{entry:?}"),
                        (a, b) => prop_assert_eq!(a, b),
                    }
                }
            }
        }
    }
}

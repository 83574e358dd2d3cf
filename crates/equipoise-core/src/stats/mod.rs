//! Statistics: intervals and tests behind every figure.

mod benjamini_hochberg;
mod bootstrap;
mod clustered;
mod corrected_t;
mod difference;
mod g_test;
mod holm;
mod interval;
mod mcnemar;
mod normal;
mod percentile;
mod power;
mod prevalence;
mod repeated_folds;
mod student;
mod wilson;

pub use benjamini_hochberg::benjamini_hochberg;
pub use bootstrap::{RESAMPLES, Resamples};
pub use clustered::Clustered;
pub use corrected_t::corrected_resampled_t;
pub use difference::{Measured, measure, measure_by, variance};
pub use g_test::{Share, g_test, two_sided};
pub use holm::holm;
pub use interval::interval;
pub use mcnemar::mcnemar_exact;
pub use percentile::percentile;
pub use power::{minimum_detectable_effect, rows_to_detect};
pub use prevalence::prevalence;
pub use repeated_folds::repeated_folds_factor;
pub use wilson::{wilson, wilson_share};

use serde::{Deserialize, Serialize};

/// A figure with its interval. Absent figures are `None` of this, never 0 and never NaN.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The point estimate.
    pub value: f64,
    /// Lower end of the 95 % interval.
    pub low: f64,
    /// Upper end of the 95 % interval.
    pub high: f64,
    /// How many rows it rests on.
    pub n: usize,
    /// How the interval was made.
    pub method: String,
}

//! Arms side by side on real rows, whatever design gave those.

use super::figures::Figure;
use crate::data::LabelId;
use crate::metric::Confusion;
use crate::stats::{Estimate, Measured};

/// The fits of one learner's arms on real rows that took no part in any choice. A fit is a position among them.
pub(super) trait SideBySide {
    /// The point figure of a fit; `None` where it is undefined.
    fn value(&self, fit: usize, figure: Figure) -> Option<f64>;

    /// The same with its interval.
    fn estimate(&self, fit: usize, figure: Figure) -> Option<Estimate>;

    /// The paired difference of two fits, `fit − against`.
    fn difference(&self, fit: usize, against: usize, figure: Figure) -> Option<Measured>;

    /// The best of `others`, and the paired difference to it, corrected for its having been picked on these rows.
    fn lead(&self, fit: usize, others: &[usize], figure: Figure) -> Option<(usize, Measured)>;

    /// The counts of a fit.
    fn confusion(&self, fit: usize) -> &Confusion;

    /// How often each row stands in the counts of a fit.
    fn n_passes(&self, _fit: usize) -> usize {
        1
    }

    /// Judged rows.
    fn n_rows(&self) -> usize;

    /// Judged rows of a label.
    fn support(&self, label: LabelId) -> usize;
}

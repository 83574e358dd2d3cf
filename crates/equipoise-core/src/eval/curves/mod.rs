//! Curves: what more synthetic rows do, and what more real rows would do.

mod dose;
mod fitted;
mod learning;
mod measure;

pub use dose::{DoseCurve, DosePoint};
pub use learning::{LearningCurve, LearningPoint, Worth};

pub(super) use fitted::{Curves, FoldCurves};
pub(super) use measure::Ruler;

/// Draws behind a point that trains on a part of the rows: their mean is steadier than one draw.
pub(super) const DRAWS: usize = 3;
/// Where rows are judged in turn each fold draws anew, so that a point is the mean of five draws all the same.
pub(super) const DRAWS_OF_A_FOLD: usize = 1;

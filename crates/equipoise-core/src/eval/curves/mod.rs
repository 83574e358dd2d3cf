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
const DRAWS: usize = 3;

//! Labelled texts: rows, labels, and the two views — training and held out — that never mix.

mod dataset;
mod fingerprints;
mod folds;
mod groups;
mod ids;
mod rows;
mod split;

pub use dataset::{DataError, Dataset, HeldOut, TrainView};
pub use fingerprints::Fingerprints;
pub use folds::deal_folds;
pub use groups::Groups;
pub use ids::{LabelId, Labels, RowId};
pub use rows::{Row, Rows};

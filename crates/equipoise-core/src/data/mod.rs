//! Labelled texts: rows, labels, and the two views — training and held out — that never mix.

mod dataset;
mod folds;
mod ids;
mod rows;
mod split;

pub use dataset::{DataError, Dataset, Fingerprints, HeldOut, TrainView};
pub use folds::deal_folds;
pub use ids::{LabelId, Labels, RowId};
pub use rows::{Row, Rows};

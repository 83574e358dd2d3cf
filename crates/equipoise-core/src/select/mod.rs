//! Selection: which candidates are used, within each label's quota.

mod advice;
mod choose;
mod funnel;
mod rows;
mod types;

pub use advice::advice;
pub use choose::{Selecting, select};
pub use funnel::{Funnel, FunnelStage};
pub use rows::SyntheticRows;
pub use types::{LabelSelection, Selection, ValueCount};

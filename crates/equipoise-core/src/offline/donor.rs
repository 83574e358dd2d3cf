//! Rows without a label, which lend parts.

use crate::data::{LabelId, RowId};

/// A real row without a label. It is neither held out nor a training row.
#[derive(Debug, Clone, PartialEq)]
pub struct Donor {
    /// Its id.
    pub id: RowId,
    /// Its text.
    pub text: String,
    /// A guess of its label and how probable that is, in 0..=1.
    pub guess: Option<(LabelId, f64)>,
}

//! The one place where held-out rows are read.

use crate::data::{HeldOut, LabelId, RowId};

/// Held-out texts and labels, by row, after every choice has been made.
pub(super) struct Held<'a> {
    pub(super) texts: Vec<&'a str>,
    pub(super) truth: Vec<LabelId>,
    pub(super) ids: Vec<RowId>,
    /// Held-out rows whose text also stands among the training rows.
    pub(super) n_also_train: usize,
}

impl<'a> Held<'a> {
    pub(super) fn open(held_out: HeldOut<'a>) -> Self {
        let (texts, truth): (Vec<&str>, Vec<LabelId>) = held_out.sealed_rows().map(|row| (row.text, row.label)).unzip();
        let ids = held_out.sealed_rows().map(|row| row.id).collect();
        Held { texts, truth, ids, n_also_train: held_out.n_also_train() }
    }
}

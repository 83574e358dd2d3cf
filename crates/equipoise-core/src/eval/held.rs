//! The one place where held-out rows are read.

use crate::data::{HeldOut, LabelId, RowId, TrainView};
use crate::text::{comparison_key, hash64};
use std::collections::HashSet;

/// Held-out texts and labels, by row, after every choice has been made.
pub(super) struct Held<'a> {
    pub(super) texts: Vec<&'a str>,
    pub(super) truth: Vec<LabelId>,
    pub(super) ids: Vec<RowId>,
    /// Held-out rows whose text also stands among the training rows.
    pub(super) n_also_train: usize,
}

impl<'a> Held<'a> {
    pub(super) fn open(held_out: HeldOut<'a>, train: TrainView<'_>) -> Self {
        let key = |text: &str| hash64(comparison_key(text).as_bytes());
        let known: HashSet<u64> = train.rows().map(|row| key(row.text)).collect();
        let (texts, truth): (Vec<&str>, Vec<LabelId>) = held_out.sealed_rows().map(|row| (row.text, row.label)).unzip();
        let ids = held_out.sealed_rows().map(|row| row.id).collect();
        let n_also_train = texts.iter().filter(|text| known.contains(&key(text))).count();
        Held { texts, truth, ids, n_also_train }
    }
}

//! The rows of a hand-made run.

use super::Label;
use equipoise_core::report::{RowTable, State, TableRow};

/// A real row and a made one of each label.
pub(crate) fn rows(labels: &[Label<'_>]) -> RowTable {
    let row = |text: &str, label: usize, state: State, made_from: &[&str]| TableRow {
        text: text.to_owned(),
        label,
        state,
        made_from: made_from.iter().map(|text| (*text).to_owned()).collect(),
        findings: if state == State::Rejected { vec![0] } else { Vec::new() },
    };
    let real = "i feel so surprised by all of this";
    let of_label = |label: usize| {
        [
            row(real, label, State::Real, &[]),
            row("i did not see that coming", label, State::Kept, &[real]),
            row("i feel so surprised by all of that", label, State::Rejected, &[real]),
        ]
    };
    RowTable {
        labels: labels.iter().map(|label| label.0.to_owned()).collect(),
        findings: vec![("rejected", "near_duplicate".to_owned(), "near row".to_owned())],
        rows: (0..labels.len()).flat_map(of_label).collect(),
        n_all: 3 * labels.len(),
    }
}

//! The selection as data.

use serde::{Deserialize, Serialize};

/// Which candidates are used: `selection.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Selection {
    /// Version of this layout.
    pub schema: u32,
    /// Ids of the kept candidates, in plan order.
    pub kept: Vec<String>,
    /// Ids of candidates that no check rejects, beyond the quota.
    pub surplus: Vec<String>,
    /// Per label: what was wanted and what was kept, by label name.
    pub labels: Vec<LabelSelection>,
}

/// One label of the selection. `wanted = n_kept + shortfall`; `n_candidates = n_kept + n_surplus + n_rejected`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LabelSelection {
    /// The label.
    pub label: String,
    /// Texts to make.
    pub wanted: usize,
    /// Texts that the answers held.
    pub n_candidates: usize,
    /// Texts used.
    pub n_kept: usize,
    /// Good texts beyond the quota.
    pub n_surplus: usize,
    /// Texts that some check rejects.
    pub n_rejected: usize,
    /// Texts that are missing from the target.
    pub shortfall: usize,
    /// Rejected texts by `check/reason` of the first verdict that rejects them, most frequent first; adds up to `n_rejected`.
    pub rejected_by: Vec<(String, usize)>,
}

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

/// How many texts have a value of an attribute.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ValueCount {
    /// The attribute.
    pub attribute: String,
    /// The value.
    pub value: String,
    /// The label whose own the value is; `None` where it is for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Its share (0..1) of the texts, by its weight.
    pub share: f64,
    /// Texts of the first round that were to have it.
    pub n_planned: usize,
    /// Texts that came for it, in all rounds.
    pub n_written: usize,
    /// Texts with it that are used.
    pub n_kept: usize,
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

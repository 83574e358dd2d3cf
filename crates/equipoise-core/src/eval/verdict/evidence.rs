//! What a verdict is drawn from, whatever design gave it.

use super::types::Fault;
use crate::stats::Measured;
use serde::{Deserialize, Serialize};

/// Where the rows come from that the arms were judged on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Design {
    /// Real rows that were set aside before anything was made or chosen.
    #[default]
    HeldOut,
    /// All real rows in turn: each is judged by models that saw neither it nor anything made from it.
    CrossValidation,
}

/// What is known of one learner's arms on real rows that took no part in any choice. [`super::verdict`] reads nothing else.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// Where the judged rows come from.
    pub design: Design,
    /// Texts that the answers or files held.
    pub n_candidates: usize,
    /// Texts that the checks kept.
    pub n_kept: usize,
    /// Real training rows.
    pub n_train: usize,
    /// Real rows that the arms were judged on.
    pub n_judged: usize,
    /// What the arms are judged by.
    pub figure: JudgedBy,
    /// The figure over all rows that people are shown (that of the goal), with the real rows as they are.
    pub before: Option<f64>,
    /// The arm that the selection procedure took, by the training rows alone.
    pub taken: &'static str,
    /// Every free arm, in the order of the catalog.
    pub free: Vec<FreeEvidence>,
    /// The arm with synthetic rows that the selection procedure weighed; `None` where no arm could use them, or where no raised label
    /// has a row to judge by.
    pub texts: Option<TextsEvidence>,
    /// Every label, in its order.
    pub labels: Vec<LabelEvidence>,
    /// What is wrong with the synthetic rows, as far as the training rows show it.
    pub faults: Vec<Fault>,
}

/// The figure that decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JudgedBy {
    /// The metric's name, `goal` for the figure of another goal than macro-F1 or accuracy.
    pub metric: String,
    /// What people call it, names of labels between backticks.
    pub words: String,
}

/// A free arm, in the figure that decides.
#[derive(Debug, Clone, PartialEq)]
pub struct FreeEvidence {
    /// The arm.
    pub arm: &'static str,
    /// Its figure in cross-validation over the training rows, where it was computed.
    pub cv: Option<f64>,
    /// Its figure on the judged rows.
    pub level: f64,
    /// The figure that people are shown.
    pub shown: Option<f64>,
    /// Its figure minus that of the real rows as they are.
    pub over_none: Option<Measured>,
    /// The figure of the arm with synthetic rows minus this one's.
    pub texts_over: Option<Measured>,
}

/// The arm with synthetic rows, in the figure that decides.
#[derive(Debug, Clone, PartialEq)]
pub struct TextsEvidence {
    /// The arm.
    pub arm: &'static str,
    /// The figure with the real rows as they are.
    pub before: f64,
    /// The figure with the arm.
    pub level: f64,
    /// The figure that people are shown.
    pub shown: Option<f64>,
    /// Their difference.
    pub over_none: Measured,
    /// The free arm with the highest figure of those that people are shown, and the difference to it in that figure, corrected for its
    /// having been picked there.
    pub over_best_free: Option<(&'static str, Measured)>,
    /// Accuracy minus that of the real rows as they are.
    pub accuracy: Option<Measured>,
    /// Rows that are right with the real rows as they are, and with the arm.
    pub n_right: [f64; 2],
}

/// One label.
#[derive(Debug, Clone, PartialEq)]
pub struct LabelEvidence {
    /// The label.
    pub label: String,
    /// Whether it has synthetic rows that are there to raise it.
    pub is_raised: bool,
    /// Real training rows.
    pub n_train: usize,
    /// Synthetic rows that were kept.
    pub n_made: usize,
    /// Judged rows.
    pub support: usize,
    /// F1 with the arm with synthetic rows minus F1 with the real rows as they are.
    pub f1: Option<Measured>,
    /// Average precision with the arm minus that with class weights.
    pub ranking: Option<Measured>,
    /// F1 with the best free arm, and F1 with the arm with synthetic rows minus it.
    pub rival: Option<(f64, Measured)>,
    /// Judged rows of the label that are found, and judged rows that are called it wrongly: with the real rows as they are, and with the arm.
    pub counts: Option<[Counts; 2]>,
    /// The same with the free arms that a sentence can name: the best one, and the rivals.
    pub free_counts: Vec<(&'static str, Counts)>,
}

impl LabelEvidence {
    /// Its rows as a free arm sees them, where a sentence can name that arm.
    pub fn with_free(&self, arm: &str) -> Option<Counts> {
        self.free_counts.iter().find(|(name, _)| *name == arm).map(|(_, counts)| *counts)
    }
}

/// Rows of a label, as an arm sees them. Where rows are judged several times, means.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Counts {
    /// Rows of the label that are predicted as it.
    pub n_found: f64,
    /// Rows of other labels that are predicted as it.
    pub n_false: f64,
}

impl Evidence {
    /// Whether arms were compared by cross-validation over the training rows.
    pub fn is_cross_validated(&self) -> bool {
        self.free.iter().any(|free| free.cv.is_some())
    }

    /// The free arms that the texts have to beat, fixed before anything was measured; the one with the higher cross-validated figure
    /// first, of equals in the order of [`crate::arm::RIVALS`].
    pub fn rivals(&self) -> Vec<&FreeEvidence> {
        let of = |rival: &&crate::arm::ArmEntry| self.free.iter().find(|free| free.arm == rival.item.name);
        let mut rivals: Vec<&FreeEvidence> = crate::arm::RIVALS.iter().filter_map(of).collect();
        rivals.sort_by(|a, b| b.cv.unwrap_or(f64::NEG_INFINITY).total_cmp(&a.cv.unwrap_or(f64::NEG_INFINITY)));
        rivals
    }
}

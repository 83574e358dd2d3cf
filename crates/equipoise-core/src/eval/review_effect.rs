//! What a review by people changed.

use super::types::{ArmResult, Evaluation};
use super::verdict::Verdict;
use crate::review::Applied;
use serde::{Deserialize, Serialize};

/// What people decided about the texts, and what was measured before they did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReviewEffect {
    /// How many texts the decisions concern.
    pub decided: Applied,
    /// The evaluation of the texts as the checks alone left them.
    pub before: BeforeReview,
}

/// The evaluation without the decisions, in short. The held-out rows, the seed and the learners are the same.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BeforeReview {
    /// Texts used.
    pub n_kept: usize,
    /// The verdict.
    pub verdict: Verdict,
    /// What the selection procedure chose, with the first learner.
    pub chosen: Option<ArmResult>,
}

impl ReviewEffect {
    /// The effect of `decided`, where `before` was measured without the decisions.
    pub fn new(decided: Applied, before: Evaluation) -> Self {
        let n_kept = before.synthetic.n_kept;
        let chosen = before.arms.into_iter().find(|a| a.chosen);
        ReviewEffect { decided, before: BeforeReview { n_kept, verdict: before.verdict, chosen } }
    }
}

//! What further learners say beside the verdict, which is that of the first.

use super::verdict::{LabelFinding, Level, Verdict};
use super::words::found;
use crate::text::escape_control;
use serde::{Deserialize, Serialize};

/// Another learner's verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OtherVerdict {
    /// The learner.
    pub learner: String,
    /// Its level.
    pub level: Option<Level>,
    /// The arm that it would have recommended.
    pub arm: String,
    /// Where it differs from the first learner, in a sentence: in the level, or in what the rows did to single labels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub differs: Option<String>,
}

impl OtherVerdict {
    /// `other`, which is the verdict of `learner`, beside the `first`.
    pub(super) fn new(first: &Verdict, learner: &str, other: &Verdict) -> Self {
        let differs = disagreement(first, learner, other);
        OtherVerdict { learner: learner.to_owned(), level: other.level, arm: other.arm.clone(), differs }
    }
}

fn disagreement(first: &Verdict, learner: &str, other: &Verdict) -> Option<String> {
    let name = escape_control(learner);
    if first.level != other.level {
        return Some(format!("The learner `{name}` says otherwise ({}): {}", other.badge(), other.reason));
    }
    let decided = |f: LabelFinding| f != LabelFinding::CannotTell;
    let pairs = first.labels.iter().zip(&other.labels);
    let differ = pairs.filter(|(a, b)| a.finding != b.finding && decided(a.finding) && decided(b.finding));
    let named: Vec<String> = differ
        .map(|(a, b)| format!("`{}` {} and not {}", escape_control(&a.label), found(b.finding), found(a.finding)))
        .collect();
    (!named.is_empty())
        .then(|| format!("The learner `{name}` finds otherwise for single labels: {}.", named.join("; ")))
}

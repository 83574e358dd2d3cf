//! Checks: what is wrong with a candidate, with a reason and the evidence.

use crate::data::{Fingerprints, TrainView};
use crate::generator::Candidate;
use crate::rng::Seed;
use serde::{Deserialize, Serialize};

/// What a check says of a candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Nothing found.
    Pass,
    /// Something to know of; the row stays.
    Warn,
    /// The row is not used.
    Reject,
}

/// One verdict of one check on one candidate: one line of `verdicts.jsonl`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// The candidate's id.
    pub candidate: String,
    /// The check's name.
    pub check: String,
    /// Pass, warn or reject.
    pub outcome: Outcome,
    /// The measured quantity, in the check's own unit; `None` where it has none.
    pub score: Option<f64>,
    /// From a closed list, snake_case; `ok` for a pass.
    pub reason: Reason,
    /// Ids of the rows or candidates, or the words, that show it.
    pub evidence: Vec<String>,
}

/// Why a check said what it said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Nothing found.
    Ok,
    /// The parser could not read the item whole.
    Malformed,
    /// No letter or digit in it.
    Empty,
    /// Shorter than the label's real texts.
    TooShort,
    /// Longer than the label's real texts.
    TooLong,
    /// The text of a real row.
    CopyOfRow,
    /// The text of an earlier candidate.
    CopyOfCandidate,
    /// Nearly a real row.
    NearRow,
    /// Nearly an earlier candidate.
    NearCandidate,
    /// It names its label.
    NamesLabel,
    /// The text of a held-out row.
    HeldOutText,
}

/// What a check may look at.
pub struct Context<'a> {
    /// The training rows.
    pub train: TrainView<'a>,
    /// Hashes of the held-out texts.
    pub held_out: Option<&'a Fingerprints>,
    /// Seed of the check.
    pub seed: Seed,
}

/// Judges candidates.
pub trait Check: Send + Sync {
    /// One verdict for each candidate, in the same order.
    fn judge(&self, context: &Context<'_>, candidates: &[Candidate]) -> Vec<Verdict>;
}

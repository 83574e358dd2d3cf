//! Checks: what is wrong with a candidate, with a reason and the evidence.

mod copy;
mod empty;
mod indexes;
mod label_leak;
mod length;
mod malformed;
mod near_duplicate;
mod test_overlap;

use crate::catalog::{Entry, Settings, SettingsError};
use crate::data::{Fingerprints, TrainView};
use crate::generator::Candidate;
use crate::rng::Seed;
use indexes::Indexes;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// Every check, the cheap and certain ones first.
pub static CATALOG: &[&Entry<dyn Check>] = &[
    &malformed::ENTRY,
    &empty::ENTRY,
    &length::ENTRY,
    &copy::ENTRY,
    &near_duplicate::ENTRY,
    &label_leak::ENTRY,
    &test_overlap::ENTRY,
];

/// Builds every check of the catalog, in its order; `settings` gives the table of a check by its name.
///
/// # Errors
/// [`SettingsError`] of the first check that refuses its table.
pub fn build_all(settings: impl Fn(&str) -> Option<Settings>) -> Result<Vec<Box<dyn Check>>, SettingsError> {
    CATALOG.iter().map(|e| e.build(&settings(e.name).unwrap_or_default())).collect()
}

/// The verdicts of all checks: for each candidate, in order, one of each check, in order. What stands behind a candidate never
/// changes its verdicts, so a later round may judge all candidates again.
pub fn judge_all(checks: &[Box<dyn Check>], context: &Context<'_>, candidates: &[Candidate]) -> Vec<Verdict> {
    let judged: Vec<Vec<Verdict>> = checks.par_iter().map(|c| c.judge(context, candidates)).collect();
    let mut columns: Vec<_> = judged.into_iter().map(Vec::into_iter).collect();
    let row = |_| columns.iter_mut().filter_map(Iterator::next).collect::<Vec<_>>();
    candidates.iter().flat_map(row).collect()
}

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
    /// It holds characters that turn the direction of text, are never shown, or control a terminal.
    HiddenCharacters,
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

impl std::fmt::Display for Reason {
    /// The name that stands in `verdicts.jsonl`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.serialize(f)
    }
}

/// What a check may look at.
pub struct Context<'a> {
    /// The training rows.
    pub train: TrainView<'a>,
    /// Hashes of the held-out texts.
    pub held_out: Option<&'a Fingerprints>,
    /// Seed of the check.
    pub seed: Seed,
    indexes: Indexes,
}

impl<'a> Context<'a> {
    /// A context whose indexes of the training rows are built when a check first asks, and once; keep it for all rounds of a run.
    pub fn new(train: TrainView<'a>, held_out: Option<&'a Fingerprints>, seed: Seed) -> Self {
        Context { train, held_out, seed, indexes: Indexes::default() }
    }
}

impl Verdict {
    fn pass(candidate: &Candidate, check: &'static str) -> Self {
        Verdict {
            candidate: candidate.id.clone(),
            check: check.to_owned(),
            outcome: Outcome::Pass,
            score: None,
            reason: Reason::Ok,
            evidence: Vec::new(),
        }
    }

    fn reject(candidate: &Candidate, check: &'static str, reason: Reason, evidence: Vec<String>) -> Self {
        Verdict { outcome: Outcome::Reject, reason, evidence, ..Verdict::pass(candidate, check) }
    }

    fn with_score(self, score: f64) -> Self {
        Verdict { score: Some(score), ..self }
    }
}

/// Judges candidates.
pub trait Check: Send + Sync {
    /// One verdict for each candidate, in the same order.
    fn judge(&self, context: &Context<'_>, candidates: &[Candidate]) -> Vec<Verdict>;
}

#[cfg(test)]
mod tests;

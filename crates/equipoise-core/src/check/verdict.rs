//! What a check says: findings while it judges, verdicts once they carry names.

use super::CATALOG;
use crate::catalog::Settings;
use crate::generator::Candidate;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::LazyLock;

/// What a check says of a candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckOutcome {
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
    pub outcome: CheckOutcome,
    /// The measured quantity, in the check's own unit; `None` where it has none.
    pub score: Option<f64>,
    /// Name of a [`Reason`] of the check; `ok` for a pass.
    pub reason: String,
    /// Ids of the rows or candidates, or the words, that show it.
    pub evidence: Vec<String>,
}

impl Verdict {
    /// The verdict of a check that found nothing.
    pub fn pass(candidate: &Candidate, check: &str) -> Self {
        Verdict {
            candidate: candidate.id.clone(),
            check: check.to_owned(),
            outcome: CheckOutcome::Pass,
            score: None,
            reason: "ok".to_owned(),
            evidence: Vec::new(),
        }
    }

    /// What the check declares about the reason; `None` for a pass, a person's decision, and reasons of other versions.
    pub fn facts(&self) -> Option<&'static Reason> {
        reason(&self.check, &self.reason)
    }
}

/// A reason that a check may give: what its file declares, and everything that other parts need to know of it.
#[derive(Debug, PartialEq, Eq)]
pub struct Reason {
    /// snake_case name, as it stands in `verdicts.jsonl`.
    pub name: &'static str,
    /// What is wrong with the text, for people: ends the phrase "rejected, because it …".
    pub what: &'static str,
    /// The sentence that a refill's prompt says against it; `None` where words do not help.
    pub advice: Option<&'static str>,
    /// Whether the text repeats another one, so that its words are worn.
    pub repeats: bool,
    /// Whether no decision of a person overrules it.
    pub is_final: bool,
}

impl Reason {
    /// A reason that words cannot help against and that a person may overrule.
    pub(super) const fn new(name: &'static str, what: &'static str) -> Self {
        Reason { name, what, advice: None, repeats: false, is_final: false }
    }

    /// The same with a sentence for a refill's prompt.
    pub(super) const fn with_advice(self, advice: &'static str) -> Self {
        Reason { advice: Some(advice), ..self }
    }

    /// The same for texts that repeat another one.
    pub(super) const fn of_repeats(self) -> Self {
        Reason { repeats: true, ..self }
    }
}

/// The reason called `name` of the check called `check`.
pub fn reason(check: &str, name: &str) -> Option<&'static Reason> {
    type Reasons = HashMap<(&'static str, &'static str), &'static Reason>;
    static REASONS: LazyLock<Reasons> = LazyLock::new(|| {
        let built = CATALOG.iter().filter_map(|e| e.build(&Settings::new()).ok());
        built.flat_map(|c| c.reasons().iter().map(move |r| ((c.name(), r.name), r))).collect()
    });
    REASONS.get(&(check, name)).copied()
}

/// What a check found on one text.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// Warn or reject.
    pub outcome: CheckOutcome,
    /// Why.
    pub reason: &'static Reason,
    /// The measured quantity, in the check's own unit.
    pub score: Option<f64>,
    /// Ids of the rows or candidates, or the words, that show it.
    pub evidence: Vec<String>,
}

impl Finding {
    /// The text is not to be used.
    pub(super) fn reject(reason: &'static Reason) -> Self {
        Finding { outcome: CheckOutcome::Reject, reason, score: None, evidence: Vec::new() }
    }

    /// There is something to know of the text.
    pub(super) fn warn(reason: &'static Reason) -> Self {
        Finding { outcome: CheckOutcome::Warn, ..Finding::reject(reason) }
    }

    /// The same with one more piece of evidence.
    pub(super) fn with_evidence(mut self, evidence: impl Into<String>) -> Self {
        self.evidence.push(evidence.into());
        self
    }

    /// The same with a measured quantity.
    pub(super) fn with_score(self, score: f64) -> Self {
        Finding { score: Some(score), ..self }
    }

    /// The verdict that goes by these names.
    pub(super) fn verdict(self, candidate: &Candidate, check: &str) -> Verdict {
        self.verdict_on(candidate.id.clone(), check)
    }

    /// The same on the candidate of this id.
    pub(super) fn verdict_on(self, candidate: String, check: &str) -> Verdict {
        Verdict {
            candidate,
            check: check.to_owned(),
            outcome: self.outcome,
            score: self.score,
            reason: self.reason.name.to_owned(),
            evidence: self.evidence,
        }
    }
}

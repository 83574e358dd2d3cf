//! What the rounds of a run gave.

use super::{Accounting, Halt, SetAside};
use crate::check::{Counts, Verdict};
use crate::generator::{Candidate, RequestKey};
use crate::parse::NoteKind;
use crate::plan::Quota;
use crate::select::{LabelSelection, Selecting, Selection};
use std::collections::{BTreeMap, BTreeSet};

/// What the rounds gave.
#[derive(Debug, Clone, PartialEq)]
pub struct Generated {
    /// Every text that was read, in plan order.
    pub candidates: Vec<Candidate>,
    /// What the checks found wrong with them.
    pub verdicts: Vec<Verdict>,
    /// How often each check found what.
    pub checks: Counts,
    /// Which of them are used.
    pub selection: Selection,
    /// What became of every row that was asked for.
    pub rows: Accounting,
    /// Texts that were given up.
    pub set_aside: Vec<SetAside>,
    /// Why nothing more was asked, if so.
    pub halt: Option<Halt>,
    /// What was wrong with answers, and how often.
    pub notes: BTreeMap<NoteKind, usize>,
    /// What the provider said of a label in words, once each.
    pub remarks: BTreeSet<String>,
    /// Texts that the judge of labels was not asked about to the end, since asking was stopped.
    pub n_unjudged: usize,
    /// The keys of the requests whose end brought no text.
    pub textless: Vec<RequestKey>,
    /// Requests of all rounds.
    pub n_requests: usize,
    /// Failed requests by kind.
    pub failures: BTreeMap<String, usize>,
    /// What the provider said of the last one that failed.
    pub complaint: Option<String>,
}

impl Generated {
    /// Before anything was asked.
    pub(super) fn none(quotas: &[Quota]) -> Self {
        Generated {
            candidates: Vec::new(),
            verdicts: Vec::new(),
            checks: Counts::default(),
            selection: Selecting::new(quotas).finish(),
            rows: Accounting::default(),
            set_aside: Vec::new(),
            halt: None,
            notes: BTreeMap::new(),
            remarks: BTreeSet::new(),
            n_unjudged: 0,
            textless: Vec::new(),
            n_requests: 0,
            failures: BTreeMap::new(),
            complaint: None,
        }
    }

    /// Whether the run ended before everything was asked.
    pub fn is_partial(&self) -> bool {
        self.halt.is_some() || self.rows.cancelled > 0 || self.n_unjudged > 0
    }

    /// Takes the final states of candidates over from the selection.
    pub(super) fn count(&mut self) {
        let sum = |of: fn(&LabelSelection) -> usize| self.selection.labels.iter().map(of).sum();
        self.rows.kept = sum(|l| l.n_kept);
        self.rows.surplus = sum(|l| l.n_surplus);
        self.rows.rejected = sum(|l| l.n_rejected);
    }
}

//! Rounds: ask, read, check, select, and ask again for what is missing, until the targets are met or the rounds are used up.
//!
//! What a round asks depends on the rows, the recipe and the answers of the rounds before it, and on nothing else; so a run that was
//! interrupted goes on where an uninterrupted one would be, and a replay asks exactly what was asked.

use crate::Error;
use crate::event::{Event, Phase, Sink};
use crate::pipeline::{Asking, Loaded};
use equipoise_core::check::{self, Verdict};
use equipoise_core::data::LabelId;
use equipoise_core::generator::{Candidate, RequestKey};
use equipoise_core::parse::NoteKind;
use equipoise_core::provider::{Answer, FailureKind, Finish, Request};
use equipoise_core::rng::Seed;
use equipoise_core::select::{Selection, select};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// How one request ended.
#[derive(Debug, Clone)]
pub(super) enum Outcome {
    /// With an answer.
    Answered(Answer),
    /// Without one, for good.
    Failed(FailureKind),
}

/// Gives the outcomes of requests: a live engine, a provider inside the process, or the journal alone.
pub(super) trait Asker {
    /// The key and outcome of each request, in the same order.
    fn ask(&mut self, requests: &[Request], taken: &Taken) -> Result<Vec<(RequestKey, Outcome)>, Error>;
}

/// The texts that each label has already.
pub(super) type Taken = BTreeMap<LabelId, Vec<String>>;

/// What became of every row that was asked for; `planned + extra` is the sum of all others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Accounting {
    /// Texts asked for, in all rounds.
    pub planned: usize,
    /// Texts that came beyond what their request asked for.
    pub extra: usize,
    /// Texts used.
    pub kept: usize,
    /// Good texts beyond the target.
    pub surplus: usize,
    /// Texts that a check rejects.
    pub rejected: usize,
    /// Texts that an answer should have held and did not.
    pub missing: usize,
    /// Texts of requests that the model declined or a filter stopped.
    pub refused: usize,
    /// Texts of requests that never got a usable answer.
    pub failed: usize,
}

impl Accounting {
    /// Whether every row has exactly one final state.
    pub fn balances(&self) -> bool {
        let ends = self.kept + self.surplus + self.rejected + self.missing + self.refused + self.failed;
        self.planned + self.extra == ends
    }
}

/// What the rounds gave.
#[derive(Debug, Clone)]
pub(super) struct Generated {
    pub(super) candidates: Vec<Candidate>,
    pub(super) verdicts: Vec<Verdict>,
    pub(super) selection: Selection,
    pub(super) rows: Accounting,
    /// What was wrong with answers, and how often.
    pub(super) notes: BTreeMap<NoteKind, usize>,
    /// What the provider said of a label in words, once each.
    pub(super) remarks: BTreeSet<String>,
    /// Requests of all rounds.
    pub(super) n_requests: usize,
    /// Failures by kind.
    pub(super) failures: BTreeMap<String, usize>,
}

/// Runs all rounds.
pub(super) fn run(
    loaded: &Loaded,
    asking: &Asking,
    checks: &[Box<dyn check::Check>],
    seed: Seed,
    asker: &mut dyn Asker,
    sink: &Sink<'_>,
) -> Result<Generated, Error> {
    let quotas = &asking.quotas;
    let mut state = Generated {
        candidates: Vec::new(),
        verdicts: Vec::new(),
        selection: select(&[], &[], quotas),
        rows: Accounting::default(),
        notes: BTreeMap::new(),
        remarks: BTreeSet::new(),
        n_requests: 0,
        failures: BTreeMap::new(),
    };
    let context = check::Context::new(loaded.dataset.train(), loaded.fingerprints.as_ref(), seed);
    for round in 0..=asking.rounds {
        let requests = state.requests(loaded, asking, round, seed)?;
        if requests.is_empty() {
            break;
        }
        if round > 0 {
            let short: usize = state.selection.labels.iter().map(|l| l.shortfall).sum();
            sink(Event::Note(format!("round {}: {short} texts are missing; asking again", round + 1)));
        }
        let taken = state.taken(loaded);
        let outcomes = asker.ask(&requests, &taken)?;
        let before = state.candidates.len();
        for (request, (key, outcome)) in requests.iter().zip(&outcomes) {
            state.read(loaded, asking, request, key, outcome);
        }
        state.n_requests += requests.len();
        sink(Event::Started(Phase::Check));
        state.verdicts = check::judge_all(checks, &context, &state.candidates);
        state.selection = select(&state.candidates, &state.verdicts, quotas);
        sink(Event::Finished(Phase::Check));
        if state.candidates.len() == before && asking.model.host().is_none() {
            // A deterministic generator that has nothing new now will have nothing new in the next round.
            break;
        }
    }
    let sum = |of: fn(&equipoise_core::select::LabelSelection) -> usize| state.selection.labels.iter().map(of).sum();
    state.rows.kept = sum(|l| l.n_kept);
    state.rows.surplus = sum(|l| l.n_surplus);
    state.rows.rejected = sum(|l| l.n_rejected);
    assert!(state.rows.balances(), "every planned row has one final state: {:?}", state.rows);
    Ok(state)
}

impl Generated {
    /// The requests of a round, label by label in plan order.
    fn requests(&self, loaded: &Loaded, asking: &Asking, round: u32, seed: Seed) -> Result<Vec<Request>, Error> {
        let mut requests = Vec::new();
        for (quota, had) in asking.quotas.iter().zip(&self.selection.labels) {
            if had.shortfall == 0 {
                continue;
            }
            let wanted =
                if round == 0 { quota.wanted } else { refill(had.shortfall, had.n_candidates, had.n_rejected) };
            requests.extend(asking.requests(loaded, quota, wanted, round, seed)?);
        }
        Ok(requests)
    }

    /// The texts that each label has already.
    fn taken(&self, loaded: &Loaded) -> Taken {
        let mut taken = Taken::new();
        for candidate in &self.candidates {
            if let Some(label) = loaded.dataset.labels().id(&candidate.label) {
                taken.entry(label).or_default().push(candidate.text.clone());
            }
        }
        taken
    }

    /// Takes in one outcome.
    fn read(&mut self, loaded: &Loaded, asking: &Asking, request: &Request, key: &RequestKey, outcome: &Outcome) {
        let wanted = request.job.wanted;
        self.rows.planned += wanted;
        let answer = match outcome {
            Outcome::Answered(answer) => answer,
            Outcome::Failed(kind) => {
                self.rows.failed += wanted;
                *self.failures.entry(kind.to_string()).or_default() += 1;
                return;
            }
        };
        let declined = matches!(answer.finish, Finish::Refused | Finish::Filtered);
        let mut reading = if declined {
            equipoise_core::generator::Reading::default()
        } else {
            asking.generator.read(&request.job, &answer.text, answer.finish == Finish::Stop)
        };
        let refused = declined || reading.notes.iter().any(|n| n.kind == NoteKind::Refused);
        let label = loaded.dataset.labels().name(request.job.label);
        for note in reading.notes.drain(..) {
            if matches!(note.kind, NoteKind::Exhausted | NoteKind::NoOwnWords) {
                self.remarks.insert(format!("`{label}`: {}", note.detail));
            }
            *self.notes.entry(note.kind).or_default() += 1;
        }
        if declined {
            *self.notes.entry(NoteKind::Refused).or_default() += 1;
        }
        let n = reading.items.len();
        self.rows.extra += n.saturating_sub(wanted);
        *(if refused { &mut self.rows.refused } else { &mut self.rows.missing }) += wanted.saturating_sub(n);
        self.candidates.extend(reading.items.into_iter().enumerate().map(|(position, item)| Candidate {
            id: format!("{}-{position}", &key.0[..16.min(key.0.len())]),
            text: item.text,
            label: label.to_owned(),
            request: Some(key.clone()),
            position,
            sources: item.sources,
            fault: item.fault,
        }));
    }
}

/// How many texts to ask for so that `short` good ones may come, by the share that passed so far, at most three times as many.
fn refill(short: usize, n_candidates: usize, n_rejected: usize) -> usize {
    let passed = n_candidates.saturating_sub(n_rejected) as f64 / n_candidates.max(1) as f64;
    (short as f64 / passed.max(1.0 / 3.0)).ceil() as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refill_asks_for_more_where_much_was_rejected_but_never_without_bound() {
        assert_eq!(refill(10, 100, 0), 10);
        assert_eq!(refill(10, 100, 50), 20);
        assert_eq!(refill(10, 100, 100), 30);
        assert_eq!(refill(10, 0, 0), 30);
    }

    #[test]
    fn an_account_that_loses_a_row_does_not_balance() {
        let whole =
            Accounting { planned: 10, extra: 1, kept: 6, surplus: 1, rejected: 2, missing: 1, refused: 1, failed: 0 };
        assert!(whole.balances());
        assert!(!Accounting { missing: 0, ..whole }.balances());
    }
}

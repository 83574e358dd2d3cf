//! Batches: requests handed over in bulk, that go on at the provider whatever becomes of this process.
//!
//! The journal holds what was about to be handed over before the first byte leaves, so that another process finds the batch again and
//! never makes it twice. Each line of the results becomes an ordinary answer in the journal; a replay needs to know of no batch.

mod caller;
mod collect;
mod error;
mod event;
mod reconcile;
mod submit;

pub use error::BatchError;
pub use event::{BatchEvent, OnBatchEvent};

use super::attempt::Sender;
use super::purse::Purse;
use super::recorded::{Recorded, RequestOutcome};
use super::{EndReason, EngineError, Lane, Limits, Progress, RunEnd, Stop};
use crate::journal::{Cost, Journal};
use crate::transport::Transport;
use caller::{Caller, Halt};
use equipoise_core::generator::RequestKey;
use equipoise_core::provider::{BatchItem, BatchWire, Failure, Request};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

/// A call that hands requests over has at most so many bytes, whatever the provider allows: it stands in memory as a whole.
const MOST_BYTES: usize = 64 << 20;

/// Batches in a row that bring no answer, after which what is left counts as failed.
const MOST_FRUITLESS: u32 = 2;

/// How patiently batches are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// Between the first two looks; later ones are half as long again each. 2 s.
    pub first: Duration,
    /// Between two looks, at most. 5 minutes.
    pub longest: Duration,
    /// So long after a call that may have made a batch it is listed, where it was made. 60 s.
    pub settle: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Patience { first: Duration::from_secs(2), longest: Duration::from_secs(300), settle: Duration::from_secs(60) }
    }
}

/// Sends requests through one lane in batches.
pub struct Batches {
    sender: Sender,
    batch: Arc<dyn BatchWire>,
    base_url: String,
    recorded: Recorded,
    caller: Caller,
    limits: Limits,
    patience: Patience,
    stop: Stop,
    /// Refusals that name a part of a request, since the last batch.
    refusals: Vec<Failure>,
}

/// A request that is to be sent.
struct Planned {
    item: BatchItem,
    worst: Option<Cost>,
}

impl Batches {
    /// Opens the lane and settles answers that an earlier process journaled and did not look at. Sends nothing yet. The price of
    /// `lane` is that of a batch.
    ///
    /// # Errors
    /// [`BatchError::Unsupported`] where the provider has no batch API; otherwise as [`super::Engine::open`].
    pub fn open(
        journal: Journal,
        lane: Lane,
        limits: Limits,
        patience: Patience,
        stop: Stop,
    ) -> Result<Self, EngineError> {
        if limits.budget.is_some() && lane.price.is_none() {
            return Err(EngineError::BudgetWithoutPrice);
        }
        let batch = lane.batch.clone().ok_or(BatchError::Unsupported { provider: lane.provider })?;
        let transport = Transport::open(&lane.endpoint, lane.secret.clone(), limits.deadlines, limits.offline)?;
        // A lane of its own: its answers have another price, and its batches belong to the account that it names.
        let id = journal.lane(&format!("{} batch", lane.name()))?;
        let caller = Caller::new(transport.clone(), stop.clone(), &limits)?;
        let recorded = Recorded::new(journal.clone(), Arc::clone(&lane.wire), lane.way(), &lane.before)?;
        journal.way(recorded.way())?;
        let sender = Sender { journal: journal.clone(), transport, wire: lane.wire, price: lane.price, lane: id };
        for late in journal.unsettled(id)? {
            sender.settle_late(late);
        }
        let base_url = lane.endpoint.url().to_owned();
        let refusals = Vec::new();
        Ok(Batches { sender, batch, base_url, recorded, caller, limits, patience, stop, refusals })
    }

    /// Goes on with batches that another process left, then hands over every request that has no answer yet, and waits for all.
    ///
    /// # Errors
    /// [`EngineError::Journal`] where an answer cannot be kept; [`EngineError::Batch`] where going on could make a batch twice, where
    /// another account has one, and where the provider refuses one as a whole.
    pub fn run(&mut self, requests: &[Request], on_event: OnBatchEvent<'_>) -> Result<RunEnd, EngineError> {
        let _running = self.stop.sending();
        let n_planned = requests.len() as u64;
        let n_unique = self.todo(requests, false)?.len() as u64;
        let n_open = self.todo(requests, true)?.len() as u64;
        let n_before = self.sender.journal.totals()?.n_answers;
        let reason = match self.work(requests, on_event) {
            Ok(()) => EndReason::Done,
            Err(Halt::End(reason)) => reason,
            Err(Halt::Error(error)) => {
                self.tell_left(on_event)?;
                return Err(*error);
            }
        };
        if reason != EndReason::Done {
            self.tell_left(on_event)?;
        }
        let n_left = self.todo(requests, true)?.len() as u64;
        let (totals, n_ended) = (self.sender.journal.totals()?, n_open - n_left);
        let is_done = reason == EndReason::Done;
        let n_answered = (totals.n_answers - n_before).min(n_ended);
        let progress = Progress {
            n_answered,
            n_reused: n_unique - n_open,
            n_failed: n_ended - n_answered + if is_done { n_left } else { 0 },
            spent: totals.spent(),
            ..Progress::default()
        };
        let n_cancelled = if is_done { 0 } else { n_left };
        Ok(RunEnd { reason, n_planned, progress, n_repeated: n_planned - n_unique, n_cancelled })
    }

    /// The answers in its journal.
    pub fn recorded(&self) -> &Recorded {
        &self.recorded
    }

    /// How each of `requests` ended; see [`super::Engine::outcomes_of`].
    ///
    /// # Errors
    /// [`EngineError::Journal`] where the journal is damaged.
    pub fn outcomes_of(&self, requests: &[Request]) -> Result<Vec<Option<(RequestKey, RequestOutcome)>>, EngineError> {
        Ok(self.recorded.outcomes_of(requests)?)
    }

    /// [`Batches::outcomes_of`] for one request.
    ///
    /// # Errors
    /// [`EngineError::Journal`] where the journal is damaged.
    pub fn outcome_of(&self, request: &Request) -> Result<Option<(RequestKey, RequestOutcome)>, EngineError> {
        Ok(self.recorded.outcome_of(request)?)
    }

    fn work(&mut self, requests: &[Request], on_event: OnBatchEvent<'_>) -> Result<(), Halt> {
        self.finish_open(on_event)?;
        self.learn(requests)?;
        let mut n_fruitless = 0;
        loop {
            let todo = self.todo(requests, true)?;
            if todo.is_empty() || n_fruitless == MOST_FRUITLESS {
                return Ok(());
            }
            let n_before = self.sender.journal.totals()?.n_answers;
            if !self.submit_all(todo, on_event)? {
                return Err(Halt::End(EndReason::Budget));
            }
            self.finish_open(on_event)?;
            let is_fruitful = self.learn(requests)? || self.sender.journal.totals()?.n_answers > n_before;
            n_fruitless = if is_fruitful { 0 } else { n_fruitless + 1 };
        }
    }

    /// Turns to the way that the refusals of the last batch ask for; whether there is one.
    fn learn(&mut self, requests: &[Request]) -> Result<bool, EngineError> {
        let mut has_turned = false;
        for failure in std::mem::take(&mut self.refusals) {
            let way = self.recorded.way();
            let change = requests.first().and_then(|request| way.after(&*self.sender.wire, request, &failure));
            if let Some(change) = change {
                self.sender.journal.way(&change.way)?;
                self.recorded.turn_to(change.way);
                has_turned = true;
            }
        }
        Ok(has_turned)
    }

    /// The requests, each once; with `open`, those alone that have no final outcome.
    fn todo(&self, requests: &[Request], open: bool) -> Result<Vec<Planned>, EngineError> {
        let purse = Purse::new(None, self.sender.price, Cost::ZERO);
        let (mut seen, mut all, mut is_open) = (BTreeSet::new(), Vec::new(), Vec::new());
        for request in requests {
            let (key, call) = self.recorded.encode(request);
            if !seen.insert(key.clone()) {
                continue;
            }
            if open {
                let is_final = self.sender.journal.is_final(&self.recorded.keys(request))?;
                is_open.push(!is_final.contains(&true));
            }
            all.push(Planned {
                worst: purse.worst_case(request, self.recorded.limit(request)),
                item: BatchItem { key, url: call.url, body: call.body },
            });
        }
        if !open {
            return Ok(all);
        }
        Ok(all.into_iter().zip(is_open).filter(|(_, is_open)| *is_open).map(|(planned, _)| planned).collect())
    }

    /// Says which batches go on without this process.
    fn tell_left(&self, on_event: OnBatchEvent<'_>) -> Result<(), EngineError> {
        for open in self.sender.journal.open_batches()? {
            if let Some(id) = open.name.filter(|_| open.lane == self.sender.lane) {
                let cancel_url = self.batch.cancel_url(&id, &self.base_url);
                on_event(BatchEvent::Left { id, cancel_url });
            }
        }
        Ok(())
    }
}

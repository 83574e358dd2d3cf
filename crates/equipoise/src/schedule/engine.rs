//! The engine: one lane, one journal, and everything between a list of requests and their outcomes.

use super::attempt::Sender;
use super::blame::Blame;
use super::error::EngineError;
use super::event::{EngineEvent, RunEnd};
use super::feed::{List, Queue};
use super::gate::Gate;
use super::purse::Purse;
use super::recorded::{Recorded, RequestOutcome};
use super::run::Run;
use super::{Lane, Limits, Stop};
use crate::journal::{Journal, Totals};
use crate::transport::Transport;
use equipoise_core::generator::RequestKey;
use equipoise_core::provider::{Part, Request};
use std::sync::Arc;
use tokio::time::Instant;

/// Sends requests through one lane.
pub struct Engine {
    pub(super) sender: Arc<Sender>,
    pub(super) recorded: Recorded,
    pub(super) limits: Limits,
    pub(super) stop: Stop,
    pub(super) gate: Gate,
    pub(super) purse: Purse,
    /// The start of the gate's time.
    pub(super) started: Instant,
    /// How often the way of asking changed.
    pub(super) n_changes: usize,
    /// Whose fault refusals are.
    pub(super) blame: Blame,
    /// Whether the endpoint is a server on this machine.
    pub(super) is_loopback: bool,
    /// The models that the server named, the latest new one last.
    pub(super) models: Vec<String>,
}

impl Engine {
    /// Opens the lane and settles answers that an earlier process journaled and did not look at. Sends nothing yet.
    ///
    /// # Errors
    /// [`EngineError`] where the journal, the address or the limits are unusable.
    pub fn open(journal: Journal, lane: Lane, limits: Limits, stop: Stop) -> Result<Self, EngineError> {
        if limits.budget.is_some() && lane.price.is_none() {
            return Err(EngineError::BudgetWithoutPrice);
        }
        let transport = Transport::open(&lane.endpoint, lane.secret.clone(), limits.deadlines, limits.offline)?;
        let id = journal.lane(&lane.name())?;
        let wire = Arc::clone(&lane.wire);
        let sender = Sender { journal: journal.clone(), transport, wire, price: lane.price, lane: id };
        for late in journal.unsettled(id)? {
            sender.settle_late(late);
        }
        let recorded = Recorded::new(journal.clone(), Arc::clone(&lane.wire), lane.way(), &lane.before)?;
        journal.way(recorded.way())?;
        let blame = Blame::new(journal.has_answered(id)?);
        let is_loopback = lane.endpoint.is_loopback();
        let mut purse = Purse::new(limits.budget, lane.price, journal.totals()?.spent());
        purse.raise_to(journal.most_written()?);
        let models = journal.served_models()?;
        let gate = Gate::new(&limits);
        Ok(Engine {
            sender: Arc::new(sender),
            recorded,
            limits,
            stop,
            gate,
            purse,
            started: Instant::now(),
            n_changes: 0,
            blame,
            is_loopback,
            models,
        })
    }

    /// Sends every request that has no answer yet, each at most once at a time, and gives back control when all have ended or nothing
    /// more can be sent. `requests` is drawn from as sending goes on; memory does not grow with its length.
    ///
    /// Limits that were learnt stay for the next call. Runs in the caller's tokio runtime.
    ///
    /// # Errors
    /// [`EngineError::Journal`] where an answer cannot be kept; sending has then stopped at once.
    pub async fn run(
        &mut self,
        requests: impl IntoIterator<Item = Request>,
        on_event: impl FnMut(EngineEvent),
    ) -> Result<RunEnd, EngineError> {
        let _running = self.stop.sending();
        Run::new(self, List::new(requests.into_iter()), on_event).into_end().await
    }

    /// [`Engine::run`] for requests that others put into `queue` meanwhile: each is drawn as soon as it is there, and the call gives back
    /// control when the queue is over or nothing more can be sent. What is still in the queue then is left there.
    ///
    /// # Errors
    /// As [`Engine::run`].
    pub async fn serve(&mut self, queue: &mut Queue, on_event: impl FnMut(EngineEvent)) -> Result<RunEnd, EngineError> {
        let _running = self.stop.sending();
        Run::new(self, queue, on_event).into_end().await
    }

    /// [`Engine::run`] on a runtime of its own, for callers that have none. It has one thread: in five pairs of runs on 2 cores
    /// it took 119 to 179 µs of CPU a request where one thread a core took 141 to 204, at the same rate or a higher one.
    ///
    /// # Errors
    /// As [`Engine::run`].
    pub fn run_blocking(
        &mut self,
        requests: impl IntoIterator<Item = Request>,
        on_event: impl FnMut(EngineEvent),
    ) -> Result<RunEnd, EngineError> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|e| EngineError::Runtime { message: e.to_string() })?;
        runtime.block_on(self.run(requests, on_event))
    }

    /// The answers in its journal.
    pub fn recorded(&self) -> &Recorded {
        &self.recorded
    }

    /// Whether `request` has a temperature that its model is known not to take; one that was refused was told of then.
    pub(crate) fn omits_temperature(&self, request: &Request) -> bool {
        let way = self.recorded.way();
        let is_sent = self.sender.wire.manner(Part::Temperature, request, way).is_some();
        request.sampling.temperature.is_some() && way.refused.is_empty() && !is_sent
    }

    /// How each of `requests` ended and the key under which that is stored, from the journal; `None` for one that has not ended.
    ///
    /// # Errors
    /// [`EngineError::Journal`] where the journal is damaged.
    pub fn outcomes_of(&self, requests: &[Request]) -> Result<Vec<Option<(RequestKey, RequestOutcome)>>, EngineError> {
        Ok(self.recorded.outcomes_of(requests)?)
    }

    /// [`Engine::outcomes_of`] for one request.
    ///
    /// # Errors
    /// [`EngineError::Journal`] where the journal is damaged.
    pub fn outcome_of(&self, request: &Request) -> Result<Option<(RequestKey, RequestOutcome)>, EngineError> {
        Ok(self.recorded.outcome_of(request)?)
    }

    /// Sums over the whole life of the run.
    ///
    /// # Errors
    /// [`EngineError::Journal`] where the journal is damaged.
    pub fn totals(&self) -> Result<Totals, EngineError> {
        Ok(self.sender.journal.totals()?)
    }
}

//! The desk: who waits for which request. Equal requests are one.

use super::Refusal;
use crate::schedule::EndReason;
use equipoise_core::generator::RequestKey;
use equipoise_core::provider::{Answer, Request, local_key};
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{mpsc, oneshot};

/// How often a broker was asked since it was opened, and what came of that.
/// `n_asked = n_answered + n_joined + n_known + n_refused + n_waiting`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Counts {
    /// Requests of clients.
    pub n_asked: u64,
    /// Answered by the model for them.
    pub n_answered: u64,
    /// Equal to one that was out already, whose answer they got.
    pub n_joined: u64,
    /// Ended out of the journal, which knew the answer or that there is none.
    pub n_known: u64,
    /// Refused, with a reason.
    pub n_refused: u64,
    /// Waiting now.
    pub n_waiting: u64,
}

/// How a request ended.
#[derive(Debug, Clone)]
pub(super) enum Ended {
    /// The model answered just now.
    Answered(RequestKey, Answer),
    /// Its end is in the journal, under one of these keys.
    Known(Vec<RequestKey>),
    /// It has no answer.
    Refused(Refusal),
}

/// Who waits for what.
pub(super) struct Desk {
    /// Tells equal requests, whatever the way in which they are sent.
    provider: &'static str,
    state: Mutex<State>,
}

struct State {
    /// The way into the queue; `None` once no more is taken in.
    queue: Option<mpsc::UnboundedSender<(usize, Request)>>,
    /// The number of the next request.
    next: usize,
    /// By number.
    open: BTreeMap<usize, Open>,
    numbers: HashMap<RequestKey, usize>,
    counts: Counts,
}

/// A request that has not ended.
struct Open {
    identity: RequestKey,
    waiting: Vec<oneshot::Sender<Ended>>,
}

impl Desk {
    pub(super) fn new(provider: &'static str, queue: mpsc::UnboundedSender<(usize, Request)>) -> Self {
        let (open, numbers, counts) = (BTreeMap::new(), HashMap::new(), Counts::default());
        Desk { provider, state: Mutex::new(State { queue: Some(queue), next: 0, open, numbers, counts }) }
    }

    /// Puts `request` into the queue, or joins an equal one; its end arrives at what is given back.
    pub(super) fn enter(&self, request: Request) -> Result<oneshot::Receiver<Ended>, Refusal> {
        let identity = local_key(self.provider, &request, &[]);
        let mut state = self.state();
        let state = &mut *state;
        state.counts.n_asked += 1;
        let (sender, ended) = oneshot::channel();
        if let Some(open) = state.numbers.get(&identity).and_then(|number| state.open.get_mut(number)) {
            open.waiting.push(sender);
            state.counts.n_waiting += 1;
            return Ok(ended);
        }
        let number = state.next;
        // Under the lock, so that the numbers in the queue rise.
        if state.queue.as_ref().is_none_or(|queue| queue.send((number, request)).is_err()) {
            state.counts.n_refused += 1;
            return Err(Refusal::Closing);
        }
        state.next += 1;
        state.counts.n_waiting += 1;
        state.numbers.insert(identity.clone(), number);
        state.open.insert(number, Open { identity, waiting: vec![sender] });
        Ok(ended)
    }

    /// Tells whoever waits for request `number`.
    pub(super) fn end(&self, number: usize, ended: &Ended) {
        let mut state = self.state();
        let Some(open) = state.open.remove(&number) else { return };
        state.numbers.remove(&open.identity);
        let n = open.waiting.len() as u64;
        state.counts.n_waiting -= n;
        match ended {
            Ended::Answered(..) => {
                state.counts.n_answered += 1;
                state.counts.n_joined += n - 1;
            }
            Ended::Known(_) => state.counts.n_known += n,
            Ended::Refused(_) => state.counts.n_refused += n,
        }
        for waiting in open.waiting {
            // A client that is gone hears nothing; the answer is in the journal.
            let _ = waiting.send(ended.clone());
        }
    }

    /// Sending ended for `reason`: whoever waits for one of the first `n_taken` requests hears so.
    pub(super) fn end_taken(&self, n_taken: usize, reason: &EndReason) {
        let refusal = match reason {
            EndReason::Interrupted | EndReason::Done => Refusal::Closing,
            reason => Refusal::Ended(Arc::new(reason.clone())),
        };
        let taken: Vec<usize> = self.state().open.range(..n_taken).map(|(number, _)| *number).collect();
        taken.into_iter().for_each(|number| self.end(number, &Ended::Refused(refusal.clone())));
    }

    /// Takes no more in.
    pub(super) fn close(&self) {
        self.state().queue = None;
    }

    /// Takes no more in, and refuses whatever waits.
    pub(super) fn refuse_all(&self, refusal: &Refusal) {
        self.close();
        let all: Vec<usize> = self.state().open.keys().copied().collect();
        all.into_iter().for_each(|number| self.end(number, &Ended::Refused(refusal.clone())));
    }

    pub(super) fn counts(&self) -> Counts {
        self.state().counts
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

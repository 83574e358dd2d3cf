//! Outcomes out of the journal, by what was asked; needs no key and opens no socket, so a replay reads exactly as the run did.

use crate::journal::{Journal, JournalError, Received};
use equipoise_core::generator::RequestKey;
use equipoise_core::provider::{Answer, Failure, HttpCall, Request, Response, Way, Wire, request_key};
use std::sync::Arc;

/// Requests whose answers are looked up in the journal at once.
const AT_ONCE: usize = 256;

/// How a request ended.
#[derive(Debug, Clone, PartialEq)]
pub enum RequestOutcome {
    /// With an answer; whether it is whole is in [`Answer::finish`].
    Answered(Answer),
    /// Without: it was given up.
    Failed(Failure),
}

/// The answers in one journal that came through one wire, in whatever way they were asked for.
#[derive(Clone)]
pub struct Recorded {
    journal: Journal,
    wire: Arc<dyn Wire>,
    /// The ways in which the run asked, the present one last.
    ways: Vec<Way>,
}

impl Recorded {
    /// The answers to what is asked on `way`, or was on `before`. What earlier parts of the run learnt of the same endpoint is part of the
    /// present way. What was asked elsewhere is not found.
    ///
    /// # Errors
    /// [`JournalError::Damaged`].
    pub fn new(journal: Journal, wire: Arc<dyn Wire>, way: Way, before: &[Way]) -> Result<Self, JournalError> {
        let mut ways = journal.ways()?;
        ways.retain(|known| known.is_to_the_same(&way) || before.iter().any(|b| known.is_to_the_same(b)));
        let present = match ways.iter().rposition(|known| known.is_to_the_same(&way)) {
            Some(at) => ways.remove(at),
            None => way,
        };
        ways.push(present);
        Ok(Recorded { journal, wire, ways })
    }

    /// The present way.
    pub fn way(&self) -> &Way {
        self.ways.last().expect("there is always a present way")
    }

    /// Asks on `way` from now on.
    pub(super) fn turn_to(&mut self, way: Way) {
        self.ways.push(way);
    }

    /// How each of `requests` ended and the key under which that is stored, in their order; `None` for one that has not ended.
    ///
    /// The journal is asked for many answers at once: it is another thread, and a question for each request would cost more than
    /// reading its answer.
    ///
    /// # Errors
    /// [`JournalError::Damaged`].
    pub fn outcomes_of(&self, requests: &[Request]) -> Result<Vec<Option<(RequestKey, RequestOutcome)>>, JournalError> {
        let mut outcomes = Vec::with_capacity(requests.len());
        for requests in requests.chunks(AT_ONCE) {
            let mut found = vec![None; requests.len()];
            // Most requests are answered in the present way, so that keys of other ways are rarely worth computing.
            for way in self.ways.iter().rev() {
                let open: Vec<usize> = (0..requests.len()).filter(|at| found[*at].is_none()).collect();
                let keys: Vec<RequestKey> = open.iter().map(|at| self.key(&requests[*at], way)).collect();
                let answers = self.journal.answers(&keys)?;
                for (at, key) in open.into_iter().zip(keys) {
                    found[at] = answers.get(&key).map(|response| (key, self.outcome(response)));
                }
            }
            for (request, found) in requests.iter().zip(found) {
                outcomes.push(match found {
                    Some(found) => Some(found),
                    None => self.given_up(request)?,
                });
            }
        }
        Ok(outcomes)
    }

    /// [`Recorded::outcomes_of`] for one request.
    ///
    /// # Errors
    /// [`JournalError::Damaged`].
    pub fn outcome_of(&self, request: &Request) -> Result<Option<(RequestKey, RequestOutcome)>, JournalError> {
        Ok(self.outcomes_of(std::slice::from_ref(request))?.pop().flatten())
    }

    /// How the request ended of which `keys` are all the keys, and the key under which that is stored; for async code.
    ///
    /// # Errors
    /// [`JournalError::Damaged`].
    pub(crate) async fn stored(
        &self,
        keys: Vec<RequestKey>,
    ) -> Result<Option<(RequestKey, RequestOutcome)>, JournalError> {
        let found = self.journal.end_async(keys).await?;
        Ok(found.map(|(key, end)| {
            let outcome = match end {
                Ok(response) => self.outcome(&response),
                Err(stored) => RequestOutcome::Failed(Failure::new(stored.kind, stored.message)),
            };
            (key, outcome)
        }))
    }

    /// Why `request` was given up, in whatever way it was sent last.
    fn given_up(&self, request: &Request) -> Result<Option<(RequestKey, RequestOutcome)>, JournalError> {
        for key in self.keys(request) {
            if let Some(stored) = self.journal.given_up(&key)? {
                return Ok(Some((key, RequestOutcome::Failed(Failure::new(stored.kind, stored.message)))));
            }
        }
        Ok(None)
    }

    /// The limit of the answer to `request` in the present way, in tokens.
    pub fn limit(&self, request: &Request) -> u32 {
        self.way().limit(&*self.wire, request)
    }

    /// Key and call of `request` in the present way.
    pub fn encode(&self, request: &Request) -> (RequestKey, HttpCall) {
        let call = self.way().call(&*self.wire, request);
        (request_key(self.wire.id(), &call, request), call)
    }

    /// The keys under which an outcome of `request` may stand, the present one first.
    pub fn keys(&self, request: &Request) -> Vec<RequestKey> {
        self.ways.iter().rev().map(|way| self.key(request, way)).collect()
    }

    fn key(&self, request: &Request, way: &Way) -> RequestKey {
        request_key(self.wire.id(), &way.call(&*self.wire, request), request)
    }

    /// What a stored response says. The clock remains at zero: only waits depend on it, and those are over.
    fn outcome(&self, response: &Received) -> RequestOutcome {
        let Received { status, headers, body, .. } = response;
        let decoded = self.wire.decode(&Response { status: *status, headers, body, now_unix_s: 0 });
        decoded.map_or_else(RequestOutcome::Failed, RequestOutcome::Answered)
    }
}

//! Outcomes out of the journal, by what was asked; needs no key and opens no socket, so a replay reads exactly as the run did.

use crate::journal::{Journal, JournalError, Received};
use crate::transport::Endpoint;
use equipoise_core::generator::RequestKey;
use equipoise_core::provider::{Answer, Failure, FailureKind, HttpCall, Request, Response, Wire, request_key};
use std::sync::Arc;

/// Requests whose answers are looked up in the journal at once.
const AT_ONCE: usize = 256;

/// How a request ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// With an answer; whether it is whole is in [`Answer::finish`].
    Answered(Answer),
    /// Without. Only [`FailureKind::Rejected`] is final; anything else is asked again by the next run.
    Failed(Failure),
}

/// The answers of one endpoint in one journal.
#[derive(Clone)]
pub struct Recorded {
    journal: Journal,
    wire: Arc<dyn Wire>,
    endpoint: Endpoint,
}

impl Recorded {
    /// The answers that `endpoint` gave in the language of `wire`.
    pub fn new(journal: Journal, wire: Arc<dyn Wire>, endpoint: Endpoint) -> Self {
        Recorded { journal, wire, endpoint }
    }

    /// How each of `requests` ended and the key under which that is stored, in their order; `None` for one that has not ended. Finds
    /// an answer also where the endpoint refused the schema and was asked without it.
    ///
    /// The journal is asked for many answers at once: it is another thread, and a question for each request would cost more than
    /// reading its answer.
    ///
    /// # Errors
    /// [`JournalError::Damaged`].
    pub fn outcomes_of(&self, requests: &[Request]) -> Result<Vec<Option<(RequestKey, Outcome)>>, JournalError> {
        let mut outcomes = Vec::with_capacity(requests.len());
        for requests in requests.chunks(AT_ONCE) {
            let keys: Vec<RequestKey> = requests.iter().map(|request| self.encode(request).0).collect();
            let mut answers = self.journal.answers(&keys)?;
            // Most requests are answered under their first key, so that the second is rarely worth computing.
            let without_schema = |(request, key): (&Request, &RequestKey)| {
                let worth_it = request.schema.is_some() && !answers.contains_key(key);
                worth_it.then(|| self.encode(&Request { schema: None, ..request.clone() }).0)
            };
            let others: Vec<Option<RequestKey>> = requests.iter().zip(&keys).map(without_schema).collect();
            answers.extend(self.journal.answers(&others.iter().flatten().cloned().collect::<Vec<_>>())?);
            for (key, other) in keys.into_iter().zip(others) {
                let keys: Vec<RequestKey> = [Some(key), other].into_iter().flatten().collect();
                outcomes.push(match keys.iter().find_map(|key| Some((key, answers.get(key)?))) {
                    Some((key, response)) => Some((key.clone(), self.outcome(response))),
                    None => self.failure(&keys)?,
                });
            }
        }
        Ok(outcomes)
    }

    /// [`Recorded::outcomes_of`] for one request.
    ///
    /// # Errors
    /// [`JournalError::Damaged`].
    pub fn outcome_of(&self, request: &Request) -> Result<Option<(RequestKey, Outcome)>, JournalError> {
        Ok(self.outcomes_of(std::slice::from_ref(request))?.pop().flatten())
    }

    /// The last failure under one of `keys`, the last key first: what became of a request without its schema is the later news.
    fn failure(&self, keys: &[RequestKey]) -> Result<Option<(RequestKey, Outcome)>, JournalError> {
        for key in keys.iter().rev() {
            match self.journal.failure(key)? {
                Some(stored) if stored.kind != FailureKind::SchemaUnsupported => {
                    let failure = Failure { kind: stored.kind, retry_after: None, message: stored.message };
                    return Ok(Some((key.clone(), Outcome::Failed(failure))));
                }
                _ => {}
            }
        }
        Ok(None)
    }

    /// Key and call of `request` as it is.
    pub fn encode(&self, request: &Request) -> (RequestKey, HttpCall) {
        let call = self.wire.encode(request, self.endpoint.url());
        (request_key(self.wire.id(), &call, request), call)
    }

    /// What a stored response says. The clock remains at zero: only waits depend on it, and those are over.
    fn outcome(&self, response: &Received) -> Outcome {
        let Received { status, headers, body, .. } = response;
        let decoded = self.wire.decode(&Response { status: *status, headers, body, now_unix_s: 0 });
        decoded.map_or_else(Outcome::Failed, Outcome::Answered)
    }
}

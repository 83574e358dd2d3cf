//! Outcomes out of the journal, by what was asked; needs no key and opens no socket, so a replay reads exactly as the run did.

use crate::journal::{Journal, JournalError, Received};
use crate::transport::Endpoint;
use equipoise_core::generator::RequestKey;
use equipoise_core::provider::{Answer, Failure, FailureKind, HttpCall, Request, Response, Wire, request_key};
use std::sync::Arc;

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

    /// How `request` ended and the key under which that stands; `None` where it has not ended. Finds it also where the endpoint refused
    /// the schema and was asked without.
    ///
    /// # Errors
    /// [`JournalError::Damaged`].
    pub fn outcome_of(&self, request: &Request) -> Result<Option<(RequestKey, Outcome)>, JournalError> {
        let keys = self.keys(request);
        for key in &keys {
            if let Some(response) = self.journal.answer(key)? {
                let outcome = self.decode(&response).map_or_else(Outcome::Failed, Outcome::Answered);
                return Ok(Some((key.clone(), outcome)));
            }
        }
        for key in keys.into_iter().rev() {
            match self.journal.failure(&key)? {
                Some(stored) if stored.kind != FailureKind::SchemaUnsupported => {
                    let failure = Failure { kind: stored.kind, retry_after: None, message: stored.message };
                    return Ok(Some((key, Outcome::Failed(failure))));
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

    /// What a stored response says. The clock is left at zero: it matters to waits alone, and those are over.
    fn decode(&self, response: &Received) -> Result<Answer, Failure> {
        let Received { status, headers, body, .. } = response;
        self.wire.decode(&Response { status: *status, headers, body, now_unix_s: 0 })
    }

    /// The keys under which an answer may stand: with the schema, then without.
    fn keys(&self, request: &Request) -> Vec<RequestKey> {
        let mut keys = vec![self.encode(request).0];
        if request.schema.is_some() {
            keys.push(self.encode(&Request { schema: None, ..request.clone() }).0);
        }
        keys
    }
}

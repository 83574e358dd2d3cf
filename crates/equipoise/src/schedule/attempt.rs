//! One try of one request: journaled, sent, journaled again, and only then looked at.

use crate::journal::{AttemptId, Cost, Failed, Journal, JournalError, LaneId, Received, Sent, Settled, Unsettled};
use crate::transport::{RawResponse, Transport};
use equipoise_core::generator::RequestKey;
use equipoise_core::plan::Price;
use equipoise_core::provider::{Answer, Failure, FailureKind, HttpCall, RateLimits, Response, Wire, rate_limits};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// What every attempt of a lane shares.
pub(super) struct Sender {
    pub(super) journal: Journal,
    pub(super) transport: Transport,
    pub(super) wire: Arc<dyn Wire>,
    pub(super) price: Option<Price>,
    pub(super) lane: LaneId,
}

/// What is sent.
pub(super) struct Try<'a> {
    pub(super) key: &'a RequestKey,
    pub(super) call: &'a HttpCall,
    pub(super) n: u32,
    pub(super) reserved: Option<Cost>,
    /// How long the call may take.
    pub(super) deadline: Duration,
}

/// What is in the journal of a try, and what came with its answer.
struct Attempt {
    id: AttemptId,
    key: RequestKey,
    /// What may have been billed where nothing says what was.
    reserved: Option<Cost>,
    limits: RateLimits,
}

/// How it ended.
pub(super) struct Ended {
    pub(super) result: Result<Taken, Failure>,
    /// What counts as spent.
    pub(super) spent: Option<Cost>,
    pub(super) limits: RateLimits,
}

/// An answer that is in the journal.
pub(super) struct Taken {
    pub(super) answer: Answer,
    pub(super) latency: Duration,
}

impl Sender {
    /// Sends once.
    pub(super) async fn attempt(&self, attempt: Try<'_>) -> Result<Ended, JournalError> {
        let Try { key, call, n, reserved, deadline } = attempt;
        let sent = Sent { key: key.clone(), lane: self.lane, attempt: n, reserved };
        let id = self.journal.sent(sent).await?;
        let attempt = |limits| Attempt { id, key: key.clone(), reserved, limits };
        let response = match self.transport.send(call, deadline).await {
            Ok(response) => response,
            Err(lost) => {
                // Half an answer is a fault of whoever sends it, and not of the way to it.
                let kind = if lost.is_answer { FailureKind::Garbled } else { FailureKind::Lost };
                let failure = Failure::new(kind, lost.message);
                let spent = reserved.filter(|_| lost.maybe_billed);
                return Ok(self.failed(attempt(RateLimits::default()), None, failure, spent));
            }
        };
        let limits = rate_limits(&response.headers, now_unix_s());
        let RawResponse { status, headers, body, latency } = response;
        let response = Received { status, headers, body, latency };
        if !(200..300).contains(&status) {
            // Nothing was paid for an error status, whatever the body.
            let failure = self.decode(&response).err().unwrap_or_else(|| {
                Failure::new(FailureKind::Garbled, format!("{status}: an answer under an error status"))
            });
            return Ok(self.failed(attempt(limits), Some(status), failure, None));
        }
        self.journal.received(id, key.clone(), response.clone()).await?;
        Ok(self.settle(attempt(limits), &response))
    }

    /// Looks at an answer that a process journaled and then died.
    pub(super) fn settle_late(&self, late: Unsettled) -> Ended {
        let Unsettled { id, key, response, reserved, .. } = late;
        self.settle(Attempt { id, key, reserved, limits: RateLimits::default() }, &response)
    }

    /// What a stored response says.
    fn decode(&self, response: &Received) -> Result<Answer, Failure> {
        let Received { status, headers, body, .. } = response;
        self.wire.decode(&Response { status: *status, headers, body, now_unix_s: now_unix_s() })
    }

    fn settle(&self, attempt: Attempt, response: &Received) -> Ended {
        let answer = match self.decode(response) {
            Ok(answer) => answer,
            // A 2xx without an answer may have been billed.
            Err(failure) => {
                let spent = attempt.reserved;
                return self.failed(attempt, Some(response.status), failure, spent);
            }
        };
        let Attempt { id, reserved, limits, key: _ } = attempt;
        let Answer { text: _, finish, usage, ref model } = answer;
        // Without usage the worst case is the only bound there is.
        let cost = self.price.and_then(|price| usage.map(|usage| Cost::of(usage, price)).or(reserved));
        self.journal.settled(id, Settled { finish, usage, cost, model: model.clone() });
        Ended { result: Ok(Taken { answer, latency: response.latency }), spent: cost, limits }
    }

    fn failed(&self, attempt: Attempt, status: Option<u16>, failure: Failure, spent: Option<Cost>) -> Ended {
        let Attempt { id, key, limits, reserved: _ } = attempt;
        let Failure { kind, retry_after, message, parts: _, efforts: _, is_explained: _, is_of_server: _ } =
            failure.clone();
        self.journal.failed(id, key, Failed { status, kind, wait: retry_after, message, cost: spent });
        Ended { result: Err(failure), spent, limits }
    }
}

pub(super) fn now_unix_s() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs())
}

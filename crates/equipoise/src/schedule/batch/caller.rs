//! Calls of a batch API, one after another, with waits between them that Ctrl-C ends.

use super::error::BatchError;
use super::event::{BatchEvent, OnBatchEvent};
use crate::journal::JournalError;
use crate::schedule::attempt::now_unix_s;
use crate::schedule::{EndReason, EngineError, Limits, Stop};
use crate::transport::{Lost, RawResponse, Transport};
use equipoise_core::provider::{BatchCall, Failure, FailureKind, Response};
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;

/// Results and lists have at most so many bytes.
const MAX_BODY: usize = 1 << 30;

/// Why work stops.
pub(super) enum Halt {
    /// In good order.
    End(EndReason),
    /// By an error.
    Error(Box<EngineError>),
}

impl From<EngineError> for Halt {
    fn from(error: EngineError) -> Self {
        Halt::Error(Box::new(error))
    }
}

impl From<JournalError> for Halt {
    fn from(error: JournalError) -> Self {
        EngineError::from(error).into()
    }
}

impl From<BatchError> for Halt {
    fn from(error: BatchError) -> Self {
        EngineError::from(error).into()
    }
}

/// Makes calls.
pub(super) struct Caller {
    transport: Transport,
    runtime: Runtime,
    stop: Stop,
    first: Duration,
    cap: Duration,
    max_outage: Duration,
}

impl Caller {
    pub(super) fn new(transport: Transport, stop: Stop, limits: &Limits) -> Result<Self, EngineError> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|e| EngineError::Runtime { message: e.to_string() })?;
        let (first, cap) = (limits.backoff_first, limits.backoff_cap);
        Ok(Caller { transport, runtime, stop, first, cap, max_outage: limits.max_outage })
    }

    /// Makes a call once.
    pub(super) fn once(&self, call: BatchCall) -> Result<RawResponse, Lost> {
        self.runtime.block_on(self.transport.exchange(call.method, &call.call, MAX_BODY))
    }

    /// Makes a call that may be made twice until it is answered, and reads the answer.
    pub(super) fn persist<T>(
        &self,
        call: &BatchCall,
        read: impl Fn(&Response<'_>) -> Result<T, Failure>,
        on_event: OnBatchEvent<'_>,
    ) -> Result<T, Halt> {
        let mut patience = self.patience();
        loop {
            self.check_stop()?;
            let read = match self.once(call.clone()) {
                Ok(response) => read(&seen(&response)),
                Err(lost) => Err(lost_call(&lost)),
            };
            match read {
                Ok(value) => return Ok(value),
                Err(failure) if is_passing(failure.kind) => patience.wait(self, failure, on_event)?,
                Err(failure) => return Err(refusal(failure)),
            }
        }
    }

    /// Waits, unless asked to stop.
    pub(super) fn pause(&self, wait: Duration) -> Result<(), Halt> {
        let mut stop = self.stop.watch();
        self.runtime.block_on(async {
            tokio::select! {
                _ = stop.wait_for(|level| *level >= 1) => {}
                () = tokio::time::sleep(wait) => {}
            }
        });
        self.check_stop()
    }

    pub(super) fn check_stop(&self) -> Result<(), Halt> {
        if self.stop.level() >= 1 { Err(Halt::End(EndReason::Interrupted)) } else { Ok(()) }
    }

    pub(super) fn patience(&self) -> Tries {
        Tries { since: Instant::now(), next: self.first }
    }
}

/// Tries of one call.
pub(super) struct Tries {
    since: Instant,
    next: Duration,
}

impl Tries {
    /// Waits before the next one, as long as the provider says, or twice as long as the last time.
    pub(super) fn wait(&mut self, caller: &Caller, failure: Failure, on_event: OnBatchEvent<'_>) -> Result<(), Halt> {
        let wait = self.next.max(failure.retry_after.unwrap_or_default());
        if self.since.elapsed() + wait > caller.max_outage {
            return Err(Halt::End(EndReason::Outage(failure)));
        }
        on_event(BatchEvent::Waiting { wait, why: failure.message });
        self.next = (self.next * 2).min(caller.cap);
        caller.pause(wait)
    }
}

/// A response as wires read it.
pub(super) fn seen(response: &RawResponse) -> Response<'_> {
    let RawResponse { status, headers, body, .. } = response;
    Response { status: *status, headers, body, now_unix_s: now_unix_s() }
}

/// A call without a response, as a failure.
pub(super) fn lost_call(lost: &Lost) -> Failure {
    Failure::new(FailureKind::Lost, lost.message.clone())
}

/// Whether the same call may succeed later.
pub(super) fn is_passing(kind: FailureKind) -> bool {
    use FailureKind::{Garbled, Lost, Overloaded, RateLimited};
    matches!(kind, RateLimited | Overloaded | Lost | Garbled)
}

/// What a failure that does not pass means.
pub(super) fn refusal(failure: Failure) -> Halt {
    match failure.kind {
        FailureKind::Unauthorised => Halt::End(EndReason::Unauthorised(failure)),
        FailureKind::OutOfCredit => Halt::End(EndReason::OutOfCredit(failure)),
        FailureKind::UnknownModel => Halt::End(EndReason::UnknownModel(failure)),
        _ => BatchError::refused(failure).into(),
    }
}

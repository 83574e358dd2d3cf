//! What the engine tells while it runs and when it ends.

use crate::journal::Cost;
use crate::transport::Unreached;
use equipoise_core::generator::RequestKey;
use equipoise_core::provider::{Answer, Change, Failure};
use std::time::Duration;

/// Counts of a run so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Requests out now.
    pub in_flight: usize,
    /// Answered by this run.
    pub n_answered: u64,
    /// Answered or rejected before; not sent again.
    pub n_reused: u64,
    /// Given up.
    pub n_failed: u64,
    /// Sent again.
    pub n_retried: u64,
    /// Tokens read by this run's answers, as far as told.
    pub input_tokens: u64,
    /// Tokens written.
    pub output_tokens: u64,
    /// Spent over the whole life of the run, unknown outcomes included.
    pub spent: Cost,
}

/// Why nothing is sent for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PauseReason {
    /// The server limits the rate.
    RateLimit,
    /// The server fails or is not reached; one request at a time finds out when it is back.
    Outage,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub enum EngineEvent {
    /// The counts changed.
    Progress(Progress),
    /// A request was answered, and the answer is in the journal.
    Answered {
        /// Its number: the position among the requests of this call, from 0, or what it has in its queue.
        at: usize,
        /// The key under which it is stored.
        key: RequestKey,
        /// The answer.
        answer: Answer,
    },
    /// The journal says already how a request ended, so that it is not sent.
    Known {
        /// Its number.
        at: usize,
        /// The keys under which its end may be stored, the present one first.
        keys: Vec<RequestKey>,
    },
    /// Nothing is sent for so long.
    Paused {
        /// How long.
        wait: Duration,
        /// Why.
        reason: PauseReason,
    },
    /// A request is given up in this run.
    GaveUp {
        /// Its number.
        at: usize,
        /// Its key.
        key: RequestKey,
        /// Its last failure.
        failure: Failure,
    },
    /// The endpoint refuses a part of what is sent, which is sent in another way from now on.
    WayChanged(Change),
    /// The endpoint refuses every request and names no part of it: nothing optional is sent from now on.
    WayBared,
    /// The server names a model that it had not named in this run.
    ModelChanged {
        /// What it named last before.
        before: String,
        /// What it names now.
        now: String,
    },
}

/// Why a run ended.
#[derive(Debug, Clone, PartialEq)]
pub enum EndReason {
    /// Every request has its final state.
    Done,
    /// The user asked.
    Interrupted,
    /// The next request could exceed the budget.
    Budget,
    /// The key is refused.
    Unauthorised(Failure),
    /// The account is empty.
    OutOfCredit(Failure),
    /// No such model or address.
    UnknownModel(Failure),
    /// The endpoint refuses every request, whatever its texts.
    Refused(Failure),
    /// No connection came about, and waiting mends nothing.
    Unreached(Unreached, Failure),
    /// The server asks for a longer wait than the user allows, in the words of its refusal, where there was one.
    LongWait(Duration, Option<Failure>),
    /// The server failed or was not reached for longer than the user allows.
    Outage(Failure),
    /// The disk would not hold the answers.
    NoSpace {
        /// Bytes that are free.
        free: u64,
        /// Bytes that should be.
        needed: u64,
    },
}

impl EndReason {
    /// One word for the journal.
    pub fn word(&self) -> &'static str {
        match self {
            EndReason::Done => "done",
            EndReason::Interrupted => "interrupted",
            EndReason::Budget => "budget",
            EndReason::Unauthorised(_) => "unauthorised",
            EndReason::OutOfCredit(_) => "out_of_credit",
            EndReason::UnknownModel(_) => "unknown_model",
            EndReason::Refused(_) => "refused",
            EndReason::Unreached(..) => "unreached",
            EndReason::LongWait(..) => "long_wait",
            EndReason::Outage(_) => "outage",
            EndReason::NoSpace { .. } => "no_space",
        }
    }
}

/// How a run ended. `n_planned = n_answered + n_reused + n_repeated + n_failed + n_cancelled`.
#[derive(Debug, Clone, PartialEq)]
pub struct RunEnd {
    /// Why.
    pub reason: EndReason,
    /// Requests given to the run.
    pub n_planned: u64,
    /// The last counts.
    pub progress: Progress,
    /// Requests equal to another one of this run; sent once.
    pub n_repeated: u64,
    /// Requests without a final state, for the next run: never sent, waiting to be sent again, or dropped in flight.
    pub n_cancelled: u64,
}

//! Sending: which request goes out when, what is done about failures, and when to stop.
//!
//! A [`Lane`] is the way to a model, which [`crate::setup`] resolves; [`Engine`] sends a run's requests through it. Answers
//! land in the journal; [`Recorded`] finds them again by what was asked, so the order of arrival matters to nobody.

mod attempt;
mod batch;
mod blame;
mod breaker;
#[cfg(test)]
mod budget_tests;
mod bucket;
mod concurrency;
mod engine;
mod error;
mod event;
mod feed;
mod gate;
mod lane;
mod limits;
mod pace;
mod probe;
mod purse;
#[cfg(test)]
mod rate_tests;
mod recorded;
mod run;
mod sends;
mod spread;

pub use crate::stop::Stop;
pub use batch::{BatchError, BatchEvent, Batches, OnBatchEvent, Patience};
pub use engine::Engine;
pub use error::EngineError;
pub use event::{EndReason, EngineEvent, PauseReason, Progress, RunEnd};
pub use feed::Queue;
pub use lane::Lane;
pub use limits::Limits;
pub use probe::{ServerFacts, listed_models, other_address, server_facts};
pub use recorded::{Recorded, RequestOutcome};

use equipoise_core::provider::FailureKind;

/// Whether a request that failed so is at fault itself, so that it is never sent again.
pub(crate) fn is_for_good(kind: FailureKind) -> bool {
    matches!(kind, FailureKind::Rejected | FailureKind::Flagged | FailureKind::TooLong | FailureKind::Unsupported)
}

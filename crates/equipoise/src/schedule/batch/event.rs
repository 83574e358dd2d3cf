//! What is told of batches while they are made and waited for.

use std::time::Duration;

/// Something that happened to a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BatchEvent {
    /// The provider has it.
    Created {
        /// Its name.
        id: String,
        /// Requests in it.
        n_requests: u64,
        /// By when the provider ends it, in seconds since 1970.
        due_unix_s: Option<u64>,
        /// Until when its results can be fetched.
        kept_until_unix_s: Option<u64>,
    },
    /// It was looked at and goes on.
    Running {
        /// Its name.
        id: String,
        /// The provider's word for its state.
        state: String,
        /// Requests with a result.
        n_done: u64,
        /// Requests in it.
        n_total: u64,
        /// Until the next look.
        wait: Duration,
    },
    /// It ended and its results are in the journal.
    Ended {
        /// Its name.
        id: String,
        /// The provider's word for its state.
        state: String,
        /// Answers.
        n_answered: u64,
        /// Requests without one.
        n_left: u64,
    },
    /// A call is tried again.
    Waiting {
        /// After so long.
        wait: Duration,
        /// Why.
        why: String,
    },
    /// This process stops and the batch goes on.
    Left {
        /// Its name.
        id: String,
        /// A POST to this address cancels it.
        cancel_url: String,
    },
}

/// Takes events.
pub type OnBatchEvent<'e> = &'e mut dyn FnMut(BatchEvent);

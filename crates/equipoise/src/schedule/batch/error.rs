//! Why batches cannot go on.

use equipoise_core::provider::Failure;

/// Why batches cannot go on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BatchError {
    /// The provider has no batch API, or none that this program speaks.
    #[error("`{provider}` takes no batches")]
    Unsupported {
        /// The provider.
        provider: &'static str,
    },
    /// A batch of this run is another account's, which this key cannot see.
    #[error("a batch of this run was handed over with another key or to another address; go on with that one")]
    OtherAccount,
    /// A batch may or may not have been made, and the provider does not tell which of its batches it is.
    #[error(
        "the run was cut off while it made a batch, and {} may be it; its requests are told only once it has ended: wait for that, or cancel it at the provider, and then resume; nothing is handed over twice",
        candidates.join(" or ")
    )]
    Ambiguous {
        /// The batches that it may be.
        candidates: Vec<String>,
    },
    /// The provider ended a batch as a whole.
    #[error("the provider ended the batch {id}: {complaint}")]
    Failed {
        /// The batch.
        id: String,
        /// What it said.
        complaint: String,
    },
    /// The provider refuses a call.
    #[error("the provider refuses the batch: {message}")]
    Refused {
        /// What it said.
        message: String,
    },
}

impl BatchError {
    pub(super) fn refused(failure: Failure) -> Self {
        BatchError::Refused { message: failure.message }
    }
}

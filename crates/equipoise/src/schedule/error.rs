//! Why the engine cannot work.

use super::BatchError;
use crate::journal::JournalError;
use crate::transport::TransportError;

/// Why the engine cannot begin or go on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EngineError {
    /// The journal is unusable; what was committed before is safe.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// Nothing can be sent.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// A budget cannot be kept without a price.
    #[error("a budget needs a price")]
    BudgetWithoutPrice,
    /// Batches cannot go on.
    #[error(transparent)]
    Batch(#[from] BatchError),
    /// The system gives no threads.
    #[error("the engine cannot start: {message}")]
    Runtime {
        /// What the system said.
        message: String,
    },
}

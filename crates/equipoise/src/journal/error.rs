//! Why a journal cannot be used.

use std::path::PathBuf;

/// Why the journal cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JournalError {
    /// Another process works on the run.
    #[error("another process is working on this run ({path} is locked)")]
    Locked {
        /// The lock file.
        path: PathBuf,
    },
    /// The disk refuses; nothing more is written or sent.
    #[error("the journal cannot be written: {message}; answers committed before are safe")]
    CannotWrite {
        /// What the system said.
        message: String,
    },
    /// The file is damaged.
    #[error(
        "the journal is damaged: {detail}; restore journal.db, journal.db-wal and journal.lock from a copy, or start a new run"
    )]
    Damaged {
        /// What is wrong.
        detail: String,
    },
    /// A layout that this program does not know.
    #[error("the journal has layout {found}, this program knows layout {known}; use the version that wrote it")]
    UnknownVersion {
        /// Of the file.
        found: i64,
        /// Of the program.
        known: i64,
    },
    /// A database of another program.
    #[error("journal.db is a database of another program")]
    Foreign,
    /// There is no journal to read.
    #[error("there is no journal in {dir}")]
    Missing {
        /// The folder.
        dir: PathBuf,
    },
}

impl JournalError {
    pub(super) fn write(error: &dyn std::error::Error) -> Self {
        JournalError::CannotWrite { message: error.to_string() }
    }
}

impl From<rusqlite::Error> for JournalError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::Error::{FromSqlConversionFailure, IntegralValueOutOfRange, InvalidColumnType};
        use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
        // A value of another type than was written there.
        if matches!(error, InvalidColumnType(..) | FromSqlConversionFailure(..) | IntegralValueOutOfRange(..)) {
            return JournalError::Damaged { detail: error.to_string() };
        }
        match error.sqlite_error_code() {
            Some(DatabaseCorrupt | NotADatabase) => JournalError::Damaged { detail: error.to_string() },
            _ => JournalError::write(&error),
        }
    }
}

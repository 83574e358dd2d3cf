//! Why rows cannot be written.

use super::ReadError;
use super::error::list;
use std::io;

/// Why rows cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The original cannot be read again.
    #[error(transparent)]
    Original(Box<ReadError>),
    /// A value that the format cannot hold.
    #[error("the {what} `{shown}` cannot be written as {format}: {why}")]
    Value {
        /// `label`, `text` or a column's name.
        what: String,
        /// Its beginning.
        shown: String,
        /// The format.
        format: &'static str,
        /// What the format lacks.
        why: &'static str,
    },
    /// A column that new rows have nothing for and that takes no null.
    #[error("the column `{column}` takes no null, and new rows have nothing for it")]
    NotNullable {
        /// The column.
        column: String,
    },
    /// Columns that the format cannot hold.
    #[error("{format} holds a text and a label, not the columns {}", list(.columns))]
    Columns {
        /// The format.
        format: &'static str,
        /// The columns.
        columns: Vec<String>,
    },
    /// A column that is to be added and that the file has.
    #[error("the file has a column `{column}` of its own, and another one of that name was to be added")]
    TakenColumn {
        /// The column.
        column: String,
    },
    /// The library of a binary format refused.
    #[error("writing {format} failed: {message}")]
    Encode {
        /// The format.
        format: &'static str,
        /// What it says.
        message: String,
    },
    /// The output failed.
    #[error("writing failed")]
    Io(#[source] io::Error),
}

impl From<ReadError> for WriteError {
    fn from(error: ReadError) -> Self {
        WriteError::Original(Box::new(error))
    }
}

/// Reading and writing share one stream of errors while a file is copied: a reader's own fault is told from the output's.
impl From<io::Error> for WriteError {
    fn from(error: io::Error) -> Self {
        match error.downcast::<ReadError>() {
            Ok(own) => own.into(),
            Err(other) => WriteError::Io(other),
        }
    }
}

//! Why models that a command fits cannot be had.

use crate::error::{Hint, Kind};
use equipoise_core::learner::FitResultError;
use equipoise_core::text::escape_control;
use std::io;
use std::path::PathBuf;

/// Why models that a command fits cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum FitError {
    /// The folder of jobs cannot be written or read.
    #[error("{}: {source}", path.display())]
    Folder {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The command did not end well.
    #[error("the learner command `{}` ended with {status}: {}", escape_control(.command), escape_control(.last))]
    Failed {
        /// The command.
        command: String,
        /// How it ended.
        status: String,
        /// The last line that it wrote.
        last: String,
        /// Everything that it wrote.
        log: PathBuf,
    },
    /// It ended well and left a fit out.
    #[error("{}: there is no such file; the learner command ended without this result", path.display())]
    NoResult {
        /// Where the result should be.
        path: PathBuf,
    },
    /// A result of another shape.
    #[error("{}, line {line}: {message}", path.display())]
    Line {
        /// The result.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        message: String,
    },
    /// A result of another shape, from memory.
    #[error(transparent)]
    Result(#[from] FitResultError),
}

impl FitError {
    /// Who can mend it.
    pub fn kind(&self) -> Kind {
        match self {
            FitError::Folder { .. } => Kind::Output,
            _ => Kind::Input,
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<Hint> {
        match self {
            FitError::Folder { .. } => None,
            FitError::Failed { log, .. } => {
                Some(Hint::new("all that it wrote stands in {}", [log.display().to_string().into()]))
            }
            _ => Some(
                "write a line for each text of `predict`: a JSON array with a probability for each of `labels`".into(),
            ),
        }
    }
}

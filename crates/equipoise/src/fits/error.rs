//! Why models that are fitted outside cannot be had.

use crate::error::{Hint, Kind};
use equipoise_core::learner::FitResultError;
use equipoise_core::text::escape_control;
use std::error::Error as StdError;
use std::io;
use std::path::PathBuf;

/// Why models that are fitted outside cannot be had.
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
    #[error("a fit of the learner: {0}")]
    Result(#[from] FitResultError),
    /// What the learner of the embedding program says.
    #[error(transparent)]
    Own(Box<dyn StdError + Send + Sync>),
    /// The run was started by a program with a learner of its own, and models are missing.
    #[error("the learner `{}` judges this run, and it has {n_missing} models to fit", escape_control(.identity))]
    NoOwn {
        /// The learner.
        identity: String,
        /// Models that are not there.
        n_missing: usize,
    },
    /// The program has another learner.
    #[error("the learner `{}` judges this run, and not `{}`", escape_control(.identity), escape_control(.given))]
    OtherOwn {
        /// The learner that the run was started with.
        identity: String,
        /// The one that was given.
        given: String,
    },
}

impl FitError {
    /// Who can mend it.
    pub fn kind(&self) -> Kind {
        match self {
            FitError::Folder { .. } => Kind::Output,
            FitError::NoOwn { .. } | FitError::OtherOwn { .. } => Kind::Usage,
            _ => Kind::Input,
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<Hint> {
        match self {
            FitError::Folder { .. } | FitError::Own(_) => None,
            FitError::NoOwn { .. } => Some(
                "go on in Python with the learner that it was started with: equipoise.resume(DIR, learner=LEARNER)"
                    .into(),
            ),
            FitError::OtherOwn { .. } => {
                Some("give the learner that it was started with, or start another run beside it with {fork}".into())
            }
            FitError::Result(_) => Some("give a row for each text, and in it a probability for each label".into()),
            FitError::Failed { log, .. } => {
                Some(Hint::new("all that it wrote is in {}", [log.display().to_string().into()]))
            }
            _ => Some(
                "write a line for each text of `predict`: a JSON array with a probability for each of `labels`".into(),
            ),
        }
    }
}

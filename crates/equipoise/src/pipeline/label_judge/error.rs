//! Why a command that judges labels cannot be asked.

use crate::error::{Hint, Kind};
use equipoise_core::text::escape_control;
use std::io;

/// Why a command that judges labels cannot be asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum JudgeError {
    /// It cannot be started or spoken with.
    #[error("the judge command `{}`: {source}", escape_control(.command))]
    Spoken {
        /// The command.
        command: String,
        /// What the system says.
        source: io::Error,
    },
    /// It did not end well.
    #[error("the judge command `{}` ended with {status}: {}", escape_control(.command), escape_control(.last))]
    Failed {
        /// The command.
        command: String,
        /// How it ended.
        status: String,
        /// The last line of its standard error.
        last: String,
    },
}

impl JudgeError {
    /// Who can mend it.
    pub fn kind(&self) -> Kind {
        Kind::Input
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<Hint> {
        Some(
            "write a line for each line that is read, a JSON object with its id and a label; see docs/judge-command.md"
                .into(),
        )
    }
}

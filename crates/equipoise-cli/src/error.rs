//! From an error to two or three lines on standard error and an exit code.

use crate::wording::CommandLine;
use equipoise::core::text::escape_lines;
use equipoise::error::chain;
use equipoise::output::OutputError;
use equipoise::{Error, Kind};

/// Why a command ends without success.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The library's error.
    Library(Box<Error>),
    /// The command line makes no sense, and what to do.
    Usage {
        /// What happened.
        message: String,
        /// What to do.
        hint: String,
    },
    /// Rows break limits that the user set: each of them, with what was found.
    Limits(String),
    /// Standard output cannot be written.
    Output(std::io::Error),
    /// This program broke one of its own promises.
    Internal(String),
}

/// Lets no panic print by itself: one at this program's bottom is shown as a [`Failure::Internal`], one inside a file decoder becomes
/// an error of its reader.
pub(crate) fn hush_panics() {
    std::panic::set_hook(Box::new(|info| {
        if !equipoise::core::format::is_guarded() {
            let place = info.location().map(|l| format!("{}:{}", l.file(), l.line())).unwrap_or_default();
            PLACE.with(|p| p.replace(place));
        }
    }));
}

thread_local! {
    /// Where the last panic of this thread was.
    static PLACE: std::cell::RefCell<String> = const { std::cell::RefCell::new(String::new()) };
}

/// What a panic said, and where.
pub(crate) fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let said = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
    format!("{} at {}", said.unwrap_or("no message"), PLACE.with(|p| p.borrow().clone()))
}

impl Failure {
    /// A usage failure.
    pub(crate) fn usage(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Failure::Usage { message: message.into(), hint: hint.into() }
    }

    /// The exit code, as the interface has it.
    pub(crate) fn code(&self) -> u8 {
        match self {
            Failure::Usage { .. } => 2,
            Failure::Output(_) => 74,
            Failure::Internal(_) | Failure::Limits(_) => 1,
            Failure::Library(e) => match e.kind() {
                Kind::Internal => 1,
                Kind::Usage => 2,
                Kind::Input => 65,
                Kind::Provider => 69,
                Kind::Output => 74,
                Kind::Stopped => 75,
                Kind::Config => 78,
                Kind::Interrupted => 130,
            },
        }
    }

    /// Whether whoever read the output has had enough of it, as `head` has.
    pub(crate) fn is_unread(&self) -> bool {
        let error = match self {
            Failure::Output(error) => error,
            Failure::Library(error) => match error.as_ref() {
                Error::Output(OutputError::Io { source, .. }) => source,
                _ => return false,
            },
            _ => return false,
        };
        error.kind() == std::io::ErrorKind::BrokenPipe
    }

    /// What happened and where, and what to do; safe for a terminal.
    pub(crate) fn told(&self) -> (String, Option<String>) {
        let (message, hint) = match self {
            Failure::Usage { message, hint } => (message.clone(), Some(hint.clone())),
            Failure::Limits(what) => {
                let hint = "verdicts.jsonl in the folder that --out names says why, row by row; raise a limit where the rows may stay";
                (format!("the rows break the limits of --fail-on: {what}"), Some(hint.to_owned()))
            }
            Failure::Output(e) => (format!("cannot write to standard output: {e}"), None),
            Failure::Internal(what) => {
                let hint =
                    "this is a fault of equipoise: please report it with the command; answers in the journal are safe";
                (format!("internal fault: {what}"), Some(hint.to_owned()))
            }
            Failure::Library(e) => (chain(e.as_ref()), e.hint().map(|hint| hint.worded(&CommandLine))),
        };
        (escape_lines(&message), hint.map(|h| escape_lines(&h)))
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Failure::Library(Box::new(error))
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Failure::Output(error)
    }
}

//! A fence around decoders of binary formats, which panic on some damaged content.

use super::ReadError;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Whether this thread is inside a decoder whose panic becomes a [`ReadError::Damaged`]; a program's panic hook stays silent then.
pub fn is_guarded() -> bool {
    GUARDED.get()
}

/// Runs a step of a decoder; a panic in it means that the content is damaged.
pub(super) fn guarded<T>(what: &'static str, step: impl FnOnce() -> Result<T, ReadError>) -> Result<T, ReadError> {
    let damaged = || Err(ReadError::Damaged { what, message: "its parts contradict each other".to_owned() });
    fenced(step).unwrap_or_else(damaged)
}

/// Runs a step of a codec; `None` where it panics.
pub(super) fn fenced<T>(step: impl FnOnce() -> T) -> Option<T> {
    GUARDED.set(true);
    // What the step has changed is thrown away with the reading or the output after an error.
    let outcome = catch_unwind(AssertUnwindSafe(step));
    GUARDED.set(false);
    outcome.ok()
}

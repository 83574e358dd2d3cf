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
    GUARDED.set(true);
    // What the step has changed is thrown away with the reading after an error.
    let outcome = catch_unwind(AssertUnwindSafe(step));
    GUARDED.set(false);
    outcome.unwrap_or_else(|_| Err(ReadError::Damaged { what, message: "its parts contradict each other".to_owned() }))
}

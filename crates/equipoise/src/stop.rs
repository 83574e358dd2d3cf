//! How work is asked to stop.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::watch;

/// How work is asked to stop; clones are the same switch.
#[derive(Debug, Clone)]
pub struct Stop {
    level: Arc<watch::Sender<u32>>,
    n_sending: Arc<AtomicUsize>,
}

impl Default for Stop {
    fn default() -> Self {
        Stop { level: Arc::new(watch::Sender::new(0)), n_sending: Arc::default() }
    }
}

impl Stop {
    /// Asks once more. The first time computing is left at its next step, no request is sent any more, and those in flight are waited
    /// for; the second time they are dropped.
    pub fn request(&self) {
        self.level.send_modify(|level| *level = level.saturating_add(1));
    }

    /// How often it was asked.
    pub fn level(&self) -> u32 {
        *self.level.borrow()
    }

    /// Whether requests are being sent and waited for, so that leaving at once would drop answers that are paid for.
    pub fn is_sending(&self) -> bool {
        self.n_sending.load(Ordering::SeqCst) > 0
    }

    pub(crate) fn watch(&self) -> watch::Receiver<u32> {
        self.level.subscribe()
    }

    /// Marks an engine as sending until the guard goes.
    pub(crate) fn sending(&self) -> Sending {
        self.n_sending.fetch_add(1, Ordering::SeqCst);
        Sending(self.n_sending.clone())
    }

    /// Leaves the computation that [`Stop::leaves`] runs, if stopping was asked for.
    ///
    /// It unwinds, through rayon too, and calls no panic hook. What is computed owns its state, so nothing is left half done; and the
    /// functions of core stay free of a way out that they would have to hand through every fit. rust-analyzer cancels in the same way.
    pub(crate) fn checkpoint(&self) {
        if self.level() > 0 {
            resume_unwind(Box::new(Left));
        }
    }

    /// Runs a computation that [`Stop::checkpoint`] may leave; `None` where it did. Any other panic goes on.
    pub(crate) fn leaves<T>(computation: impl FnOnce() -> T) -> Option<T> {
        match catch_unwind(AssertUnwindSafe(computation)) {
            Ok(done) => Some(done),
            Err(panic) if panic.is::<Left>() => None,
            Err(panic) => resume_unwind(panic),
        }
    }
}

/// What a computation that is left unwinds with.
struct Left;

/// An engine sends while it lives.
pub(crate) struct Sending(Arc<AtomicUsize>);

impl Drop for Sending {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_computation_is_left_at_a_checkpoint_once_stopping_was_asked_for() {
        let stop = Stop::default();
        let count = |n: u32| {
            Stop::leaves(|| {
                (1..=5).for_each(|at| {
                    if at == n {
                        stop.clone().request();
                    }
                    stop.checkpoint();
                });
                "done"
            })
        };
        assert_eq!(count(0), Some("done"));
        assert_eq!(count(3), None);
    }

    #[test]
    fn a_panic_of_another_kind_goes_on() {
        let panic = catch_unwind(|| Stop::leaves(|| panic!("a fault"))).expect_err("it goes on");
        assert_eq!(panic.downcast_ref::<&str>(), Some(&"a fault"));
    }
}

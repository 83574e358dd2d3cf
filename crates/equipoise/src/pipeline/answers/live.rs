//! Answers are read and checked while others are still being written, on a thread that the sending never waits for.

use equipoise_core::generator::RequestKey;
use equipoise_core::provider::Answer;
use equipoise_core::round::{Intake, RequestEnd};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How often the thread looks at what has arrived. A person sees the counts move, and a group of answers costs less than as many
/// single ones: neither is a thread woken for each, nor are the checks set up for each.
const EVERY: Duration = Duration::from_millis(100);

/// Takes the answer to the request at a position of the step, and the key under which it is stored.
pub(super) type OnArrived<'a> = &'a mut dyn FnMut(usize, RequestKey, Answer);

/// Asks, and has `intake` look at the answers that arrive meanwhile.
pub(super) fn during<T>(intake: &mut Intake<'_, '_>, ask: impl FnOnce(OnArrived<'_>) -> T) -> T {
    let inbox = Inbox::default();
    std::thread::scope(|scope| {
        scope.spawn(|| inbox.empty_into(intake));
        // The thread ends when the inbox is closed, also where the asking panics.
        let _closing = Closing(&inbox);
        ask(&mut |at, key, answer| inbox.lock().arrived.push((at, key, answer)))
    })
}

/// Answers that have arrived and were not looked at.
#[derive(Default)]
struct Inbox {
    state: Mutex<State>,
    closed: Condvar,
}

#[derive(Default)]
struct State {
    arrived: Vec<(usize, RequestKey, Answer)>,
    is_closed: bool,
}

impl Inbox {
    /// Hands over what arrives until the inbox is closed.
    fn empty_into(&self, intake: &mut Intake<'_, '_>) {
        loop {
            let wait = self.closed.wait_timeout_while(self.lock(), EVERY, |state| !state.is_closed);
            let (mut state, _) = wait.unwrap_or_else(PoisonError::into_inner);
            let (arrived, is_closed) = (std::mem::take(&mut state.arrived), state.is_closed);
            drop(state);
            for (at, key, answer) in arrived {
                intake.end(at, key, RequestEnd::Answered(answer));
            }
            if is_closed {
                // The rounds look at what is left.
                return;
            }
            intake.look();
        }
    }

    /// No code that holds the lock can panic, so a poisoned one is sound.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Closes the inbox when it goes.
struct Closing<'a>(&'a Inbox);

impl Drop for Closing<'_> {
    fn drop(&mut self) {
        self.0.lock().is_closed = true;
        self.0.closed.notify_all();
    }
}

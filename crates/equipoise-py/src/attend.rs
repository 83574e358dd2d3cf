//! Work on a thread of its own, while the calling thread hears its events and Ctrl-C.

use crate::error::{Fault, interrupted, raise};
use equipoise::event::Event;
use equipoise::{Error, Kind, Stop, Work};
use pyo3::exceptions::PyKeyboardInterrupt;
use pyo3::prelude::*;
use std::any::Any;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

/// How often signals are looked at; short enough to feel like at once.
const GLANCE: Duration = Duration::from_millis(50);
/// What a thread of the main program has; the smaller default of others was never meant for the work of a whole program.
const STACK: usize = 8 << 20;

/// Runs `work` without the interpreter. Events reach `on_event` on the calling thread, as JSON text. The first Ctrl-C asks the work to
/// finish what is in flight, the second to drop it; then `Interrupted` is raised. An exception of `on_event` stops the work too.
///
/// # Errors
/// What the work, the callback or the user raises.
pub(crate) fn attended<T: Send>(
    py: Python<'_>,
    on_event: Option<&Bound<'_, PyAny>>,
    work: impl FnOnce(&Work<'_>) -> Result<T, Fault> + Send,
) -> PyResult<T> {
    let stop = Stop::default();
    let (sender, events) = channel::<Event>();
    std::thread::scope(|scope| {
        let at_work = stop.clone();
        let worker = std::thread::Builder::new()
            .stack_size(STACK)
            .spawn_scoped(scope, move || in_own_pool((at_work, sender), work));
        let worker = worker.map_err(|e| raise(py, &Fault::Internal(format!("no thread can be started: {e}"))))?;
        let raised = hear(py, on_event, events, &stop);
        let outcome = py.detach(|| worker.join());
        let outcome = outcome.unwrap_or_else(|panic| Err(fault(panic)));
        match (raised, outcome) {
            // Ctrl-C came too late to stop anything: what was made is not thrown away, and Python hears of it at its next step.
            (None, outcome) => outcome.map_err(|fault| raise(py, &fault)),
            (Some(error), Err(Fault::Library(left))) if is_interruption(py, &error, &left) => {
                Err(interrupted(py, &left))
            }
            (Some(error), _) => Err(error),
        }
    })
}

/// Rayon's global threads do not live on in a forked child, and work handed to them would wait for ever: Python before 3.14 forks by
/// default. Threads of one call are made in the process that uses them.
fn in_own_pool<T: Send>(
    (stop, sender): (Stop, Sender<Event>),
    work: impl FnOnce(&Work<'_>) -> Result<T, Fault> + Send,
) -> Result<T, Fault> {
    // A listener that is gone has ended the call.
    let watched = Work::watched(move |event| drop(sender.send(event))).stopped_by(stop);
    match rayon::ThreadPoolBuilder::new().stack_size(STACK).build() {
        Ok(pool) => pool.install(|| work(&watched)),
        Err(_) => work(&watched),
    }
}

/// Hands events to `on_event` until the work is over; gives what was raised meanwhile.
fn hear(
    py: Python<'_>,
    on_event: Option<&Bound<'_, PyAny>>,
    mut events: Receiver<Event>,
    stop: &Stop,
) -> Option<PyErr> {
    let mut raised: Option<PyErr> = None;
    loop {
        // The receiver goes with the thread that waits, which has no interpreter.
        let (got, back) = py.detach(move || (events.recv_timeout(GLANCE), events));
        events = back;
        match got {
            Ok(event) => {
                let heard = on_event.filter(|_| raised.is_none()).map(|call| tell(call, &event));
                if let Some(Err(error)) = heard {
                    stop.request();
                    raised = Some(error);
                }
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return raised,
        }
        if let Err(error) = py.check_signals() {
            stop.request();
            raised.get_or_insert(error);
        }
    }
}

fn tell(call: &Bound<'_, PyAny>, event: &Event) -> PyResult<()> {
    let json = serde_json::to_string(event).unwrap_or_default();
    call.call1((json,)).map(drop)
}

fn is_interruption(py: Python<'_>, raised: &PyErr, left: &Error) -> bool {
    left.kind() == Kind::Interrupted && raised.is_instance_of::<PyKeyboardInterrupt>(py)
}

/// What the work panicked with.
fn fault(panic: Box<dyn Any + Send>) -> Fault {
    let said = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
    Fault::Internal(said.unwrap_or("no message").to_owned())
}

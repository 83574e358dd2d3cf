//! Batches in the words of the pipeline.

use crate::Error;
use crate::event::{Event, Phase, Sink};
use crate::journal::Journal;
use crate::schedule::{BatchEvent, Batches, Lane, Limits, Patience, Stop};
use equipoise_core::provider::utc;

/// The way to a provider's batches.
pub(super) fn open(journal: Journal, lane: Lane, limits: Limits, stop: &Stop) -> Result<Batches, Error> {
    Ok(Batches::open(journal, lane, limits, Patience::default(), stop.clone())?)
}

/// The events of batches for people.
pub(super) fn tell_batch(sink: &Sink<'_>, event: BatchEvent) {
    sink(match event {
        BatchEvent::Created { id, n_requests, due_unix_s, kept_until_unix_s } => {
            let date = |at: Option<u64>| at.map_or_else(|| "an unknown date".to_owned(), utc);
            let (due, kept) = (date(due_unix_s), date(kept_until_unix_s));
            Event::Note(format!(
                "batch {id}: {n_requests} requests are at the provider, due by {due}, results kept until {kept}"
            ))
        }
        BatchEvent::Running { id, state, n_done, n_total, wait } => Event::Advanced {
            phase: Phase::Generate,
            done: n_done,
            total: n_total,
            what: format!("batch {id} {state}, next look in {} s", wait.as_secs_f64().ceil()),
        },
        BatchEvent::Ended { id, state, n_answered, n_left } => {
            Event::Note(format!("batch {id} ended as {state}: {n_answered} answers, {n_left} requests without one"))
        }
        BatchEvent::Waiting { wait, why } => Event::Waiting { wait, reason: why },
        BatchEvent::Left { id, cancel_url } => Event::Note(format!(
            "batch {id} goes on at the provider, and the run takes it up when it is resumed; a POST to {cancel_url} with your key cancels it"
        )),
    });
}

//! What long work is given besides its data: who watches it, and how it is asked to stop.

use crate::error::Stopped;
use crate::event::{Event, Phase, Sink};
use crate::{Error, Stop};
use std::sync::Arc;

/// Who watches a piece of work, and how it is asked to stop.
#[derive(Clone)]
pub struct Work<'a> {
    sink: Arc<Sink<'a>>,
    /// Asked to stop, sending drains and computing is left at the next step.
    pub stop: Stop,
}

impl Default for Work<'_> {
    /// Nobody watches, and nothing stops it.
    fn default() -> Self {
        Work::watched(|_| {})
    }
}

impl<'a> Work<'a> {
    /// Work that `sink` watches; it is called from any thread.
    pub fn watched(sink: impl Fn(Event) + Send + Sync + 'a) -> Self {
        Work { sink: Arc::new(sink), stop: Stop::default() }
    }

    /// The same work, which `stop` stops.
    #[must_use]
    pub fn stopped_by(self, stop: Stop) -> Self {
        Work { stop, ..self }
    }

    /// Takes events.
    pub(crate) fn sink(&self) -> &Sink<'a> {
        &*self.sink
    }

    /// Tells what happened.
    pub(crate) fn tell(&self, event: Event) {
        (self.sink)(event);
    }

    /// Says something once.
    pub(crate) fn note(&self, text: impl Into<String>) {
        self.tell(Event::Note(text.into()));
    }

    /// Runs a computation that is left at its next [`Work::checkpoint`] where stopping was asked for.
    pub(crate) fn compute<T>(&self, computation: impl FnOnce() -> T) -> Result<T, Error> {
        Ok(Stop::leaves(computation).ok_or(Stopped::Interrupted { dir: None })?)
    }

    /// A step of a computation is done; leaves it where stopping was asked for.
    pub(crate) fn checkpoint(&self) {
        self.stop.checkpoint();
    }

    /// Does `step` between the events that tell of its beginning and its end.
    pub(crate) fn phase<T>(&self, phase: Phase, step: impl FnOnce() -> T) -> T {
        self.tell(Event::Started(phase));
        let done = step();
        self.tell(Event::Finished(phase));
        done
    }
}

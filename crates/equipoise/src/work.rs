//! What long work is given besides its data: who watches it, and how it is asked to stop.

use crate::event::{Event, Phase, Sink};
use crate::schedule::Stop;

/// Who watches a piece of work, and how it is asked to stop.
#[derive(Clone)]
pub struct Work<'a> {
    /// Takes events; called from any thread.
    pub sink: &'a Sink<'a>,
    /// Asked to stop, sending drains and computing is left at the next step.
    pub stop: Stop,
}

impl Default for Work<'_> {
    /// Nobody watches, and nothing stops it.
    fn default() -> Self {
        Work { sink: &|_| {}, stop: Stop::default() }
    }
}

impl<'a> Work<'a> {
    /// Work that `sink` watches.
    pub fn watched(sink: &'a Sink<'a>) -> Self {
        Work { sink, ..Work::default() }
    }

    /// The same work, watched by nobody.
    pub(crate) fn quiet(&self) -> Work<'static> {
        Work { sink: &|_| {}, stop: self.stop.clone() }
    }

    /// Says something once.
    pub(crate) fn note(&self, text: impl Into<String>) {
        (self.sink)(Event::Note(text.into()));
    }

    /// Does `step` between the events that tell of its beginning and its end.
    pub(crate) fn phase<T>(&self, phase: Phase, step: impl FnOnce() -> T) -> T {
        (self.sink)(Event::Started(phase));
        let done = step();
        (self.sink)(Event::Finished(phase));
        done
    }
}

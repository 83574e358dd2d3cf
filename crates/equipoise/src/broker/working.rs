//! The thread of a broker: the engine serves the queue, and is opened anew where it gave up.

use super::Refusal;
use super::desk::{Desk, Ended};
use crate::event::{Event, RequestCounts};
use crate::pipeline::tell;
use crate::schedule::{EndReason, Engine, EngineEvent, Progress, Queue};
use crate::{Error, Work};
use std::collections::BTreeSet;
use std::sync::Arc;
use tokio::sync::watch;

/// What the thread works with.
pub(super) struct Working {
    pub(super) desk: Arc<Desk>,
    pub(super) queue: Queue,
    pub(super) work: Work<'static>,
    /// Told when nothing is served any more.
    pub(super) over: watch::Sender<bool>,
}

impl Working {
    /// Serves until it is stopped, the desk is closed, or the journal fails; `open` gives an engine that knows nothing of past trouble.
    pub(super) fn serve(mut self, engine: Engine, open: &dyn Fn() -> Result<Engine, Error>) -> Result<(), Error> {
        let _serving = self.work.stop.sending();
        let served = self.until_the_end(engine, open);
        let refusal = match &served {
            Ok(()) => Refusal::Closing,
            Err(error) => Refusal::Broken(error.to_string()),
        };
        self.desk.refuse_all(&refusal);
        self.over.send_replace(true);
        served
    }

    fn until_the_end(&mut self, mut engine: Engine, open: &dyn Fn() -> Result<Engine, Error>) -> Result<(), Error> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|e| super::no_thread(&e))?;
        let mut told = BTreeSet::new();
        loop {
            let (desk, work) = (&self.desk, &self.work);
            let end = runtime.block_on(engine.serve(&mut self.queue, |event| hear(desk, work, &mut told, event)))?;
            self.desk.end_taken(self.queue.n_taken(), &end.reason);
            match end.reason {
                EndReason::Done | EndReason::Interrupted => return Ok(()),
                // A smaller request may still fit.
                EndReason::Budget => self.say(&mut told, &EndReason::Budget),
                // Whoever asks next finds out whether it is mended.
                reason => {
                    self.say(&mut told, &reason);
                    engine = open()?;
                }
            }
        }
    }

    /// Says why requests are refused, once for each reason.
    fn say(&self, told: &mut BTreeSet<String>, reason: &EndReason) {
        if told.insert(reason.word().to_owned()) {
            let why = Refusal::Ended(Arc::new(reason.clone())).message();
            self.work
                .note(format!("{why}; requests that the journal does not answer are refused until that is mended"));
        }
    }
}

/// Passes on what the engine tells.
fn hear(desk: &Desk, work: &Work<'_>, told: &mut BTreeSet<String>, event: EngineEvent) {
    match event {
        EngineEvent::Answered { at, key, answer } => {
            told.clear();
            desk.end(at, &Ended::Answered(key, answer));
        }
        EngineEvent::Known { at, keys } => desk.end(at, &Ended::Known(keys)),
        EngineEvent::GaveUp { at, failure, .. } => desk.end(at, &Ended::Refused(Refusal::Request(failure))),
        EngineEvent::Progress(progress) => work.tell(counts(desk, &progress)),
        event => tell(work.sink(), 0, None, event),
    }
}

/// The counts of all that was asked, since whoever asks is no part of a step.
fn counts(desk: &Desk, progress: &Progress) -> Event {
    let counts = desk.counts();
    Event::Requests(RequestCounts {
        done: counts.n_asked - counts.n_waiting,
        total: counts.n_asked,
        in_flight: progress.in_flight,
        retried: progress.n_retried,
        failed: counts.n_refused,
        reused: counts.n_known + counts.n_joined,
        input_tokens: progress.input_tokens,
        output_tokens: progress.output_tokens,
        usd: Some(progress.spent.usd()),
        usd_forecast: None,
    })
}

//! Counts that move as answers arrive: each is read and checked at once, on a thread that the sending never waits for.
//!
//! They are for whoever watches. What is written is derived when the step is over, from the journal's answers in plan order.

use super::Answers;
use crate::Error;
use crate::event::{Event, RowCounts, Sink};
use equipoise_core::check::{Outcome, Panel, Verdict};
use equipoise_core::data::Labels;
use equipoise_core::generator::{Candidate, Generator, Job, RequestKey};
use equipoise_core::provider::Answer;
use equipoise_core::round::{Asker, RequestEnd, Step, candidates, read_answer};
use std::collections::HashMap;
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Instant;

/// Answers that wait to be looked at; one that finds no room is counted with its step only, so that memory stays bounded.
const WAITING: usize = 256;

/// Times as long as it looked that the thread rests: sending and committing come first.
const REST: u32 = 3;

/// An answer that has just been journaled.
pub(crate) struct Arrived {
    pub(super) key: RequestKey,
    pub(super) job: Job,
    pub(super) answer: Answer,
}

/// Takes answers as they arrive.
pub(crate) type OnArrived<'a> = &'a mut dyn FnMut(Arrived);

/// What it takes to judge an answer on its own.
pub(in crate::pipeline) struct Watch<'a> {
    pub(in crate::pipeline) labels: &'a Labels,
    pub(in crate::pipeline) generator: &'a dyn Generator,
    pub(in crate::pipeline) panel: &'a Panel<'a>,
    pub(in crate::pipeline) sink: &'a Sink<'a>,
}

/// Answers that are shown as they arrive.
pub(in crate::pipeline) struct Watched<'w, 'a> {
    pub(in crate::pipeline) answers: &'w mut Answers<'a>,
    pub(in crate::pipeline) watch: Watch<'w>,
}

impl Asker for Watched<'_, '_> {
    type Error = Error;

    /// Asks, and counts the texts of each answer that arrives meanwhile.
    fn ask(&mut self, step: &Step<'_>) -> Result<Vec<(RequestKey, RequestEnd)>, Error> {
        let Watched { answers, watch } = self;
        let missing = step.selection.labels.iter().map(|l| (l.label.as_str(), l.shortfall)).collect();
        let (send, arrived) = sync_channel(WAITING);
        std::thread::scope(|scope| {
            scope.spawn(|| watch.count(step.counts.clone(), missing, arrived));
            let send = send;
            // Full or gone, the sending goes on.
            answers.ask_and_show(step, &mut |answer| drop(send.try_send(answer)))
        })
    }
}

impl Watch<'_> {
    fn count(&self, mut rows: RowCounts, mut missing: HashMap<&str, usize>, arrived: Receiver<Arrived>) {
        rows.so_far = true;
        while let Ok(first) = arrived.recv() {
            let began = Instant::now();
            let texts: Vec<Candidate> =
                std::iter::once(first).chain(arrived.try_iter()).flat_map(|one| self.texts(one)).collect();
            let verdicts = self.panel.begin().judge(&texts);
            // The first rejection of each text; the verdicts come in the order of the texts.
            let mut rejections: Vec<&Verdict> = verdicts.iter().filter(|v| v.outcome == Outcome::Reject).collect();
            rejections.dedup_by_key(|v| &v.candidate);
            let mut rejections = rejections.into_iter().peekable();
            for text in &texts {
                rows.read += 1;
                if let Some(why) = rejections.next_if(|v| v.candidate == text.id) {
                    *rows.rejected_by.entry(format!("{}/{}", why.check, why.reason)).or_default() += 1;
                } else if let Some(missing) = missing.get_mut(text.label.as_str()).filter(|n| **n > 0) {
                    *missing -= 1;
                    rows.accepted += 1;
                }
            }
            (self.sink)(Event::Rows(rows.clone()));
            std::thread::sleep(began.elapsed() * REST);
        }
    }

    fn texts(&self, Arrived { key, job, answer }: Arrived) -> Vec<Candidate> {
        let items = read_answer(self.generator, &job, &answer).reading.items;
        candidates(&key, self.labels.name(job.label), items).collect()
    }
}

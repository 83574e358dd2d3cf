//! Counts that move as answers arrive: each is read and checked at once, on a thread that the sending never waits for.
//!
//! They are for whoever watches. What is written is derived when the step is over, from the journal's answers in plan order.

use crate::event::{Event, RowCounts, Sink};
use crate::pipeline::reading::{candidates, read};
use equipoise_core::check::{Outcome, Panel, Verdict};
use equipoise_core::data::Labels;
use equipoise_core::generator::{Candidate, Generator, Job, RequestKey};
use equipoise_core::provider::Answer;
use equipoise_core::select::Selection;
use std::collections::HashMap;
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Instant;

/// Answers that wait to be looked at; one that finds no room is counted with its step only, so that memory stays bounded.
const WAITING: usize = 256;

/// Times as long as it looked that the thread rests: sending and committing come first.
const REST: u32 = 3;

/// An answer that has just been journaled.
pub(super) struct Arrived {
    pub(super) key: RequestKey,
    pub(super) job: Job,
    pub(super) answer: Answer,
}

/// Takes answers as they arrive.
pub(super) type OnArrived<'a> = &'a mut dyn FnMut(Arrived);

/// What it takes to judge an answer on its own.
pub(super) struct Watch<'a> {
    pub(super) labels: &'a Labels,
    pub(super) generator: &'a dyn Generator,
    pub(super) panel: &'a Panel<'a>,
    pub(super) sink: &'a Sink<'a>,
}

impl Watch<'_> {
    /// Asks, and tells of the texts of each answer that arrives meanwhile; `before` counts those of earlier steps.
    pub(super) fn during<T>(
        &self,
        before: RowCounts,
        selection: &Selection,
        ask: impl FnOnce(OnArrived<'_>) -> T,
    ) -> T {
        let missing = selection.labels.iter().map(|l| (l.label.as_str(), l.shortfall)).collect();
        let (send, arrived) = sync_channel(WAITING);
        std::thread::scope(|scope| {
            scope.spawn(move || self.count(before, missing, &arrived));
            let send = send;
            // Full or gone, the sending goes on.
            ask(&mut |answer| drop(send.try_send(answer)))
        })
    }

    fn count(&self, mut rows: RowCounts, mut missing: HashMap<&str, usize>, arrived: &Receiver<Arrived>) {
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
        let items = read(self.generator, &job, &answer).reading.items;
        candidates(&key, self.labels.name(job.label), items).collect()
    }
}

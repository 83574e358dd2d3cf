//! The way in for answers: in any order, and looked at in one.

use super::RequestEnd;
use super::run::{Round, Run};
use super::take_in::Ended;
use crate::generator::{Piece, RequestKey};
use crate::provider::Request;
use std::collections::BTreeMap;

/// What one step asks.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    /// In order.
    pub(super) pieces: &'a [Piece],
    /// One for each piece.
    pub(super) requests: &'a [Request],
    /// Tokens that the limit of each answer holds for thoughts.
    pub(super) thoughts: u32,
}

/// Takes in how the requests of one step end.
///
/// They are handed in as they come and looked at in the order of the requests: what waits is read, checked and selected as soon as
/// everything before it is. So a text is judged once, while others are still being written, and yet nothing depends on which answer
/// was the fastest.
pub struct Intake<'s, 'r> {
    run: &'s mut Run<'r>,
    round: &'s mut Round,
    asked: Asked<'s>,
    /// What was handed in and not yet looked at, by its position.
    waiting: BTreeMap<usize, (RequestKey, RequestEnd)>,
    /// The first position that was not looked at.
    next: usize,
    /// What is to be asked again.
    again: Vec<Piece>,
}

impl<'s, 'r> Intake<'s, 'r> {
    pub(super) fn new(run: &'s mut Run<'r>, round: &'s mut Round, asked: Asked<'s>) -> Self {
        Intake { run, round, asked, waiting: BTreeMap::new(), next: 0, again: Vec::new() }
    }

    /// Hands in how the request at position `at` of the step ended, and the key under which that is stored. The first end counts.
    pub fn end(&mut self, at: usize, key: RequestKey, end: RequestEnd) {
        if at >= self.next && at < self.asked.pieces.len() {
            self.waiting.entry(at).or_insert((key, end));
        }
    }

    /// The positions of requests whose end was not handed in so far.
    pub fn open(&self) -> Vec<usize> {
        (self.next..self.asked.pieces.len()).filter(|at| !self.waiting.contains_key(at)).collect()
    }

    /// Looks at whatever is next in order, and reports the counts. Many answers at a time cost less than one by one.
    pub fn look(&mut self) {
        let before = self.next;
        while let Some(end) = self.waiting.remove(&self.next) {
            self.take_in(Some(end));
        }
        if self.next > before {
            self.run.judge();
            self.run.report(true);
        }
    }

    /// Looks at everything that is left; gives what is to be asked again.
    pub(super) fn finish(mut self) -> Vec<Piece> {
        while self.next < self.asked.pieces.len() {
            let end = self.waiting.remove(&self.next);
            self.take_in(end);
        }
        self.run.judge();
        self.run.report(true);
        self.again
    }

    fn take_in(&mut self, end: Option<(RequestKey, RequestEnd)>) {
        let Asked { pieces, requests, thoughts } = self.asked;
        let (piece, request) = (&pieces[self.next], &requests[self.next]);
        self.next += 1;
        let rows = &mut self.run.generated.rows;
        // A text that is asked for again was planned the first time.
        if piece.fault.is_none() {
            rows.planned += piece.job.wanted;
        }
        match end {
            Some((key, end)) => {
                let again = self.run.take_in(self.round, &Ended { piece, request, thoughts, key }, &end);
                self.again.extend(again);
            }
            // It was not asked to its end.
            None => rows.cancelled += piece.job.wanted,
        }
    }
}

//! What follows from a refusal: another way of asking, a request that is given up, one that waits for what the others meet, or the end.

use super::{Pending, Run};
use crate::schedule::blame::Whose;
use crate::schedule::event::{EndReason, EngineEvent};
use crate::schedule::feed::Feed;
use equipoise_core::provider::{Failure, FailureKind, Way};
use std::time::Duration;

impl<S: Feed, F: FnMut(EngineEvent)> Run<'_, S, F> {
    /// The endpoint refused `pending` for its form or its texts.
    pub(super) fn refused(&mut self, pending: Pending, failure: Failure, now: Duration) {
        // What was sent in a way that is left already met nothing new.
        let is_old = pending.n_changes != self.engine.n_changes;
        if is_old || (failure.kind == FailureKind::Unsupported && self.turn(&pending, &failure)) {
            return self.retry(pending, now);
        }
        match self.engine.blame.refused(&pending.identity, &failure) {
            Whose::Request => self.give_up(&pending, failure, true),
            Whose::Open => self.open.push((pending, failure)),
            // Of a lane that never answered: what is in flight may yet be answered, and then it is the request. A lane that answered before
            // has many in flight at all times, and waiting for them would send everything that is left.
            Whose::Lane if !self.tasks.is_empty() && !self.engine.blame.has_answered() => {
                self.open.push((pending, failure));
            }
            Whose::Lane => self.refused_for_good(pending, failure, now),
        }
    }

    /// Everything that is sent is refused: nothing optional is sent once, and then nothing at all.
    pub(super) fn refused_for_good(&mut self, pending: Pending, failure: Failure, now: Duration) {
        if self.bare(&pending) {
            return self.retry(pending, now);
        }
        self.leave_bare();
        self.stop(pending, now, EndReason::Refused(failure));
    }

    /// The key was refused for `pending`: everything's fault, or, where the key works for others, its own.
    pub(super) fn denied(&mut self, mut pending: Pending, failure: Failure, now: Duration) {
        pending.n_denied += 1;
        match self.engine.blame.denied(&pending.identity, pending.n_denied) {
            Whose::Lane => self.stop(pending, now, EndReason::Unauthorised(failure)),
            Whose::Open if self.engine.blame.has_answered() => self.once_more(pending, now),
            Whose::Open => self.open.push((pending, failure)),
            Whose::Request => self.give_up(&pending, Failure { kind: FailureKind::Flagged, ..failure }, true),
        }
    }

    /// No such model or address. A lane that has answered knows the model; then it is the one request.
    pub(super) fn unknown_model(&mut self, pending: Pending, failure: Failure, now: Duration) {
        // A gateway that served the model before will do so again.
        if self.engine.blame.has_answered() && failure.is_of_server {
            return self.troubled(pending, failure, now);
        }
        match self.engine.blame.refused(&pending.identity, &failure) {
            _ if self.engine.blame.has_answered() => self.give_up(&pending, failure, false),
            Whose::Open => self.open.push((pending, failure)),
            Whose::Lane | Whose::Request => self.stop(pending, now, EndReason::UnknownModel(failure)),
        }
    }

    /// Judges what was refused while nobody could tell whose fault it was: by now an answer came, or nothing is left that could bring one.
    pub(super) fn judge_open(&mut self) {
        let now = self.started.elapsed();
        let has_answered = self.engine.blame.has_answered();
        for (pending, failure) in std::mem::take(&mut self.open) {
            match failure.kind {
                _ if self.ending.is_some() => self.retry(pending, Duration::ZERO),
                FailureKind::Unauthorised if has_answered => self.once_more(pending, now),
                FailureKind::Unauthorised => self.stop(pending, now, EndReason::Unauthorised(failure)),
                FailureKind::UnknownModel if has_answered && failure.is_of_server => self.retry(pending, now),
                FailureKind::UnknownModel if has_answered => self.give_up(&pending, failure, false),
                FailureKind::UnknownModel => self.stop(pending, now, EndReason::UnknownModel(failure)),
                _ if pending.n_changes != self.engine.n_changes => self.retry(pending, now),
                _ if self.bare(&pending) => self.retry(pending, now),
                _ => self.give_up(&pending, failure, true),
            }
        }
    }

    fn once_more(&mut self, pending: Pending, now: Duration) {
        let wait = self.engine.gate.backoff(pending.n_denied);
        self.retry(pending, now + wait);
    }

    /// Turns to another way of asking where `failure` names a part of what was sent, told once; whether `pending` may go again.
    fn turn(&mut self, pending: &Pending, failure: &Failure) -> bool {
        let engine = &self.engine;
        let Some(change) = engine.recorded.way().after(&*engine.sender.wire, &pending.request, failure) else {
            return false;
        };
        self.take_to(change.way.clone());
        (self.on_event)(EngineEvent::WayChanged(change));
        true
    }

    /// Turns to the way that sends nothing optional, where no answer ever came and the refusals name nothing; whether there is such a way.
    fn bare(&mut self, pending: &Pending) -> bool {
        let engine = &self.engine;
        if engine.blame.has_answered() {
            return false;
        }
        let way = engine.recorded.way();
        let Some(bare) = way.bare(&*engine.sender.wire, &pending.request) else { return false };
        self.before_bare = Some(way.clone());
        self.take_to(bare);
        (self.on_event)(EngineEvent::WayBared);
        true
    }

    /// Goes back to the way before, for the next process: what was omitted was not at fault.
    fn leave_bare(&mut self) {
        if let Some(way) = self.before_bare.take() {
            self.take_to(way);
        }
    }

    /// Asks on `way` from now on; what waits for a judgement may have met what is left behind.
    fn take_to(&mut self, way: Way) {
        let engine = &mut self.engine;
        engine.sender.journal.way_later(&way);
        engine.recorded.turn_to(way);
        engine.n_changes += 1;
        engine.blame.forget();
        let now = self.started.elapsed();
        for (pending, _) in std::mem::take(&mut self.open) {
            self.retry(pending, now);
        }
    }
}

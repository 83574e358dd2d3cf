//! What follows from trouble: the server fails, is not reached, or sends what is no answer. An outage is nobody's fault; what never works
//! while others do is at fault itself.

use super::{Pending, Run};
use crate::schedule::blame::Whose;
use crate::schedule::event::{EndReason, EngineEvent};
use crate::schedule::feed::Feed;
use crate::transport::Unreached;
use equipoise_core::generator::RequestKey;
use equipoise_core::provider::{Failure, FailureKind};
use std::time::Duration;

/// Tries of a request that alone brings no answer while others do.
const ALONE: u32 = 4;

/// Tries after which a response that is whole and holds no answer counts, of the only request that there is.
const ONLY: u32 = 3;

/// Calls that no whole answer came of in time, of a lane that never answered, after which longer waiting is what it takes.
const MOST_LATE: u32 = 3;

/// Which requests met trouble: none, one alone, or several.
#[derive(Debug, Default)]
pub(super) enum InTrouble {
    #[default]
    Nobody,
    One(RequestKey),
    Several,
}

impl InTrouble {
    /// Notes that `request` met trouble; whether no other one did.
    fn is_only(&mut self, request: &RequestKey) -> bool {
        *self = match std::mem::take(self) {
            InTrouble::Nobody => InTrouble::One(request.clone()),
            InTrouble::One(known) if known == *request => InTrouble::One(known),
            InTrouble::One(_) | InTrouble::Several => InTrouble::Several,
        };
        matches!(self, InTrouble::One(_))
    }
}

impl<S: Feed, F: FnMut(EngineEvent)> Run<'_, S, F> {
    /// `pending` met trouble: it goes again later, is given up, or ends the run.
    pub(super) fn troubled(&mut self, mut pending: Pending, failure: Failure, now: Duration) {
        self.n_late += u32::from(Unreached::of(&failure.message) == Some(Unreached::Late));
        if let Some(why) = self.unreached(&failure, now) {
            return self.stop(pending, now, EndReason::Unreached(why, failure));
        }
        let is_whole = failure.kind == FailureKind::Garbled;
        let has_answered = self.engine.blame.has_answered();
        if failure.is_explained && !has_answered && self.engine.blame.explained(&failure) {
            // It may be the form of the requests that it fails on.
            return self.refused_for_good(pending, failure, now);
        }
        // Others were answered, and this one alone fails again and again: so it is no outage.
        let n_before = *pending.n_answered_before.get_or_insert(self.progress.n_answered);
        // The last request in hand, since whose first trouble others were answered. While there are more, trouble may be the load.
        let others_are_answered = self.is_last_in_hand() && self.progress.n_answered > n_before;
        let is_alone = has_answered && (self.in_trouble.is_only(&pending.identity) || others_are_answered);
        // An outage says nothing about the request, which pays no try for it; a whole response is no outage.
        let is_outage = self.engine.gate.is_outage() && !is_alone;
        match failure.kind {
            FailureKind::Overloaded => pending.n_overloaded += u32::from(!is_outage),
            _ => pending.n_lost += u32::from(!is_outage || is_whole),
        }
        if is_whole && !has_answered && self.is_no_model(&pending, &failure) {
            return self.stop(pending, now, EndReason::Refused(failure));
        }
        let limits = &self.engine.limits;
        let most_overloaded = if is_alone { ALONE.min(limits.max_overloaded) } else { limits.max_overloaded };
        let most_lost = if is_whole && has_answered { ALONE.min(limits.max_lost) } else { limits.max_lost };
        if pending.n_overloaded >= most_overloaded || pending.n_lost >= most_lost {
            // What never holds an answer while others do is at fault itself.
            return self.give_up(&pending, failure, is_whole && has_answered);
        }
        let n = pending.n_overloaded + pending.n_lost + if self.sends.too_many_retries() { 3 } else { 0 };
        let wait = self.engine.gate.backoff(n.max(1)).max(failure.retry_after.unwrap_or_default());
        self.retry(pending, now + wait);
    }

    /// Whether what answers is no model: every request, or the only one again and again, meets a whole response without an answer. A wrong
    /// address does so, or a page to log in.
    fn is_no_model(&mut self, pending: &Pending, failure: &Failure) -> bool {
        let is_everyones = pending.n_lost >= 2 && self.engine.blame.refused(&pending.identity, failure) == Whose::Lane;
        is_everyones || (self.is_last_in_hand() && pending.n_lost >= ONLY)
    }

    /// Whether no other request is in hand than the one that just came back.
    fn is_last_in_hand(&self) -> bool {
        self.tasks.is_empty() && self.ready.is_empty() && self.retries.is_empty()
    }

    /// What keeps calls from the server, where nothing ever answered and waiting mends nothing. A refused connection to another machine
    /// may be a server that starts again.
    fn unreached(&self, failure: &Failure, now: Duration) -> Option<Unreached> {
        let engine = &self.engine;
        let is_lost = failure.kind == FailureKind::Lost && !engine.blame.has_answered();
        let why = if is_lost { Unreached::of(&failure.message) } else { None };
        let lasts = || engine.gate.failing_for(now).is_some_and(|time| time >= engine.limits.max_refused);
        why.filter(|why| match why {
            Unreached::Nobody => engine.is_loopback && lasts(),
            Unreached::NoHost => lasts(),
            Unreached::Late => self.n_late >= MOST_LATE,
            Unreached::NoTls | Unreached::NotHttp | Unreached::Certificate => true,
        })
    }
}

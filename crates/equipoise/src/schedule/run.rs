//! The loop of a run. One task decides about everything, so admission needs no lock; others only send and journal.

mod refusal;
mod trouble;

use super::attempt::{Ended, Try};
use super::engine::Engine;
use super::error::EngineError;
use super::event::{EndReason, EngineEvent, PauseReason, Progress, RunEnd};
use super::feed::Feed;
use super::gate::{Admission, Seen, Ticket};
use super::sends::Sends;
use crate::journal::{Cost, GivenUp, JournalError};
use equipoise_core::generator::RequestKey;
use equipoise_core::provider::{Answer, Failure, FailureKind, HttpCall, Request, Way};
use std::collections::{BTreeMap, HashSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;
use tokio::task::{JoinError, JoinSet};
use tokio::time::{Instant, sleep_until};
use trouble::InTrouble;

/// Requests that are drawn and looked up in the journal at a time.
const BATCH: usize = 256;

/// What a request and its answer take in the journal, in bytes: 750 measured for one row, more for chunks.
const RECORD_BYTES: u64 = 1_536;

/// Requests in flight before the first answer.
const UNPROVEN: usize = 2;

/// What a token may take: of a hosted model, and of one on a plain computer.
const TOKEN: Duration = Duration::from_millis(50);
const SLOW_TOKEN: Duration = Duration::from_secs(1);

/// How often the disk is asked for its free space.
const SPACE_EVERY: Duration = Duration::from_secs(1);

/// Waits for a bucket to fill or for the next probe are told above this.
const TOLD_WAIT: Duration = Duration::from_secs(1);

/// The wait of a quota for the day that does not say when it ends.
const DAY: Duration = Duration::from_secs(86_400);

/// A request in hand.
struct Pending {
    /// Its number.
    at: usize,
    request: Request,
    /// The key in the first way in which the run asked, which no refusal changes.
    identity: RequestKey,
    key: RequestKey,
    call: HttpCall,
    /// The way in which it was last sent, by the number of changes before.
    n_changes: usize,
    n_tries: u32,
    n_denied: u32,
    n_overloaded: u32,
    n_lost: u32,
    /// Answers to others before it first met trouble.
    n_answered_before: Option<u64>,
}

/// A request that came back.
struct Back {
    pending: Pending,
    ticket: Ticket,
    worst: Option<Cost>,
    ended: Result<Ended, JournalError>,
}

/// The state of a run.
pub(super) struct Run<'a, S, F> {
    engine: &'a mut Engine,
    source: S,
    on_event: F,
    started: Instant,
    ready: VecDeque<Pending>,
    /// By the time when they are due, and the order in which they came.
    retries: BTreeMap<(Duration, u64), Pending>,
    /// Refused, and nobody can tell yet whose fault it is.
    open: Vec<(Pending, Failure)>,
    /// Which requests met trouble of the server.
    in_trouble: InTrouble,
    /// The way before it was bared, for as long as no answer came since.
    before_bare: Option<Way>,
    tasks: JoinSet<Back>,
    in_hand: HashSet<RequestKey>,
    /// Set once; nothing is sent from then on.
    ending: Option<EndReason>,
    progress: Progress,
    n_planned: u64,
    n_repeated: u64,
    n_dropped: u64,
    sequence: u64,
    sends: Sends,
    look_at_space: Duration,
    last_failure: Option<Failure>,
    /// Calls that no whole answer came of in time.
    n_late: u32,
    told_pause: Duration,
}

impl<'a, S: Feed, F: FnMut(EngineEvent)> Run<'a, S, F> {
    pub(super) fn new(engine: &'a mut Engine, source: S, on_event: F) -> Self {
        let spent = engine.purse.spent();
        Run {
            source,
            on_event,
            started: engine.started,
            engine,
            ready: VecDeque::new(),
            retries: BTreeMap::new(),
            open: Vec::new(),
            in_trouble: InTrouble::default(),
            before_bare: None,
            tasks: JoinSet::new(),
            in_hand: HashSet::new(),
            ending: None,
            progress: Progress { spent, ..Progress::default() },
            n_planned: 0,
            n_repeated: 0,
            n_dropped: 0,
            sequence: 0,
            sends: Sends::default(),
            look_at_space: Duration::ZERO,
            last_failure: None,
            n_late: 0,
            told_pause: Duration::ZERO,
        }
    }

    pub(super) async fn into_end(mut self) -> Result<RunEnd, EngineError> {
        let mut stop = self.engine.stop.watch();
        let mut drain_until = None;
        loop {
            let level = *stop.borrow_and_update();
            if level >= 1 {
                self.ending.get_or_insert(EndReason::Interrupted);
            }
            if self.ending.is_none() && self.source.is_awaited() {
                // Free slots are filled before the journal is asked about what came meanwhile.
                self.start();
            }
            if self.ending.is_none() {
                self.draw().await?;
            }
            let wake = if self.ending.is_none() { self.start() } else { None };
            if self.ending.is_some() {
                let until = *drain_until.get_or_insert_with(|| Instant::now() + self.engine.limits.drain);
                if level >= 2 || Instant::now() >= until {
                    self.drop_tasks().await?;
                }
            }
            let is_idle = self.ready.is_empty() && self.retries.is_empty();
            if self.tasks.is_empty() && (self.ending.is_some() || is_idle) {
                // With nothing else to learn from, what was refused counts as refused for itself.
                self.judge_open();
                if self.ending.is_some() || (self.retries.is_empty() && self.source.is_over()) {
                    return Ok(self.end());
                }
                if !self.retries.is_empty() {
                    continue;
                }
                self.engine.gate.rest();
            }
            let draws = self.ending.is_none() && self.draws();
            let wake = drain_until.or(wake.map(|at| self.started + at));
            tokio::select! {
                biased;
                Some(back) = self.tasks.join_next() => {
                    self.take_back(back)?;
                    while let Some(back) = self.tasks.try_join_next() {
                        self.take_back(back)?;
                    }
                }
                Ok(()) = stop.changed() => {}
                () = self.source.changed(), if draws => {}
                () = sleep_until(wake.unwrap_or_else(Instant::now)), if wake.is_some() => {}
            }
        }
    }

    /// Whether requests are to be drawn. Those of a list are drawn when none is ready, and not where many wait to be sent again, since the
    /// lane cannot take what it has.
    fn draws(&self) -> bool {
        let has_room = self.ready.is_empty() && self.retries.len() < self.engine.limits.max_concurrency.max(16);
        !self.source.is_over() && (has_room || self.source.is_awaited())
    }

    /// Draws requests, and drops those that are answered or in hand already.
    async fn draw(&mut self) -> Result<(), EngineError> {
        while self.draws() {
            let drawn = self.source.take(BATCH);
            if drawn.is_empty() {
                break;
            }
            self.n_planned += drawn.len() as u64;
            let (mut fresh, mut keys) = (Vec::new(), Vec::new());
            for (at, request) in drawn {
                let known = self.engine.recorded.keys(&request);
                let identity = known.last().expect("there is always a way").clone();
                if !self.in_hand.insert(identity.clone()) {
                    self.n_repeated += 1;
                    continue;
                }
                let (key, call) = self.engine.recorded.encode(&request);
                let n_changes = self.engine.n_changes;
                let (n_tries, n_denied, n_overloaded, n_lost, n_answered_before) = (0, 0, 0, 0, None);
                let pending = Pending {
                    at,
                    request,
                    identity,
                    key,
                    call,
                    n_changes,
                    n_tries,
                    n_denied,
                    n_overloaded,
                    n_lost,
                    n_answered_before,
                };
                fresh.push((pending, known.len()));
                keys.extend(known);
            }
            let is_final = self.engine.sender.journal.is_final_async(&keys).await?;
            let mut keys = keys.into_iter().zip(is_final);
            for (pending, n_keys) in fresh {
                let (keys, is_final): (Vec<RequestKey>, Vec<bool>) = keys.by_ref().take(n_keys).unzip();
                if is_final.contains(&true) {
                    self.in_hand.remove(&pending.identity);
                    self.progress.n_reused += 1;
                    (self.on_event)(EngineEvent::Known { at: pending.at, keys });
                } else {
                    self.ready.push_back(pending);
                }
            }
            self.tell_progress();
        }
        Ok(())
    }

    /// Sends what the gate and the budget let through; gives the time at which to look again, if one is known.
    fn start(&mut self) -> Option<Duration> {
        loop {
            let now = self.started.elapsed();
            if self.engine.gate.is_given_up(now) {
                let failure = self.last_failure.clone().unwrap_or_else(no_failure);
                self.ending = Some(EndReason::Outage(failure));
                return None;
            }
            // Until an answer shows that the form of the requests is taken, few are risked, refused ones among them.
            let n_risked = self.tasks.len() + self.open.len().min(UNPROVEN - 1);
            if !self.engine.blame.has_answered() && n_risked >= UNPROVEN {
                return None;
            }
            let no_space = self.no_space(now);
            let due = self.retries.first_key_value().map(|((due, _), _)| *due);
            // With many retries of late, what was never asked goes first.
            let may_retry = self.ready.is_empty() || !self.sends.too_many_retries();
            let is_due = may_retry && due.is_some_and(|due| due <= now);
            let next = if is_due { self.retries.first_key_value().map(|(_, p)| p) } else { self.ready.front() };
            let Some(next) = next else { return due };
            if let Some(no_space) = no_space {
                self.ending = Some(no_space);
                return None;
            }
            let thought = tokens_thought(next);
            match self.engine.gate.admit(now, self.tasks.len(), thought) {
                Admission::Now => {}
                Admission::Later => return None,
                Admission::At { until, outage } => {
                    let wait = until.saturating_sub(now);
                    if !outage && self.tasks.is_empty() && wait > self.engine.limits.max_wait {
                        self.ending = Some(EndReason::LongWait(wait, None));
                        return None;
                    }
                    if wait > TOLD_WAIT {
                        self.tell_pause(now, wait, if outage { PauseReason::Outage } else { PauseReason::RateLimit });
                    }
                    return Some(until);
                }
            }
            let limit = self.engine.recorded.limit(&next.request);
            let worst = self.engine.purse.worst_case(&next.request, limit);
            if !self.engine.purse.reserve(worst) {
                if self.tasks.is_empty() {
                    self.ending = Some(EndReason::Budget);
                }
                return None;
            }
            let taken = if is_due { self.retries.pop_first().map(|(_, p)| p) } else { self.ready.pop_front() };
            let mut pending = taken?;
            if pending.n_changes != self.engine.n_changes {
                (pending.key, pending.call) = self.engine.recorded.encode(&pending.request);
                pending.n_changes = self.engine.n_changes;
            }
            self.send(pending, thought, worst);
        }
    }

    fn send(&mut self, mut pending: Pending, thought: f64, worst: Option<Cost>) {
        let ticket = self.engine.gate.start(thought);
        pending.n_tries += 1;
        self.sends.note(pending.n_overloaded + pending.n_lost > 0);
        let sender = Arc::clone(&self.engine.sender);
        let deadline = self.deadline(&pending);
        self.tasks.spawn(async move {
            let attempt = Try { key: &pending.key, call: &pending.call, n: pending.n_tries, reserved: worst, deadline };
            let ended = sender.attempt(attempt).await;
            Back { pending, ticket, worst, ended }
        });
        self.progress.in_flight = self.tasks.len();
    }

    fn take_back(&mut self, back: Result<Back, JoinError>) -> Result<(), EngineError> {
        let back = match back {
            Ok(back) => back,
            // Dropped on purpose.
            Err(e) if e.is_cancelled() => {
                self.n_dropped += 1;
                return Ok(());
            }
            Err(e) => return Err(EngineError::Runtime { message: e.to_string() }),
        };
        let Back { pending, ticket, worst, ended } = back;
        let Ended { result, spent, limits } = ended?;
        let usage = result.as_ref().ok().and_then(|taken| taken.answer.usage);
        self.engine.purse.settle(worst, spent, usage);
        self.progress.spent = self.engine.purse.spent();
        let now = self.started.elapsed();
        let in_flight = self.tasks.len() + 1;
        let seen = match &result {
            Ok(taken) => Seen::Answered {
                latency: taken.latency,
                tokens: taken.answer.usage.map(|usage| usage.input_tokens + usage.output_tokens),
            },
            // A whole response that holds no answer, while others have one, is no trouble of the server.
            Err(failure) if failure.kind == FailureKind::Garbled && self.engine.blame.has_answered() => Seen::Alive,
            Err(failure) => seen(failure),
        };
        self.engine.gate.told(now, limits, &ticket, in_flight);
        let pause = self.engine.gate.end(now, ticket, seen, in_flight);
        self.progress.in_flight = self.tasks.len();
        match result {
            Ok(taken) => self.answered(pending, taken.answer),
            Err(failure) => self.failed(pending, failure, pause, now),
        }
        self.tell_progress();
        Ok(())
    }

    fn answered(&mut self, pending: Pending, answer: Answer) {
        self.engine.blame.answered();
        self.before_bare = None;
        self.judge_open();
        self.in_hand.remove(&pending.identity);
        self.progress.n_answered += 1;
        self.progress.input_tokens += answer.usage.map_or(0, |u| u.input_tokens);
        self.progress.output_tokens += answer.usage.map_or(0, |u| u.output_tokens);
        if let Some(now) = answer.model.as_ref().filter(|now| !self.engine.models.contains(now)) {
            if let Some(before) = self.engine.models.last().cloned() {
                (self.on_event)(EngineEvent::ModelChanged { before, now: now.clone() });
            }
            self.engine.models.push(now.clone());
        }
        (self.on_event)(EngineEvent::Answered { at: pending.at, key: pending.key, answer });
    }

    fn failed(&mut self, pending: Pending, failure: Failure, pause: Option<Duration>, now: Duration) {
        self.last_failure = Some(failure.clone());
        let limits = &self.engine.limits;
        match failure.kind {
            FailureKind::RateLimited => {
                let wait = failure.retry_after.or_else(|| is_daily(&failure.message).then_some(DAY));
                if let Some(wait) = wait.filter(|wait| *wait > limits.max_wait) {
                    self.ending.get_or_insert(EndReason::LongWait(wait, Some(failure)));
                } else if let Some(wait) = pause {
                    self.tell_pause(now, wait, PauseReason::RateLimit);
                }
                // One that is turned away alone waits alone.
                self.retry(pending, now + wait.filter(|_| pause.is_none()).unwrap_or_default());
            }
            FailureKind::Overloaded | FailureKind::Lost | FailureKind::Garbled => self.troubled(pending, failure, now),
            FailureKind::Unauthorised => self.denied(pending, failure, now),
            FailureKind::OutOfCredit => self.stop(pending, now, EndReason::OutOfCredit(failure)),
            FailureKind::UnknownModel => self.unknown_model(pending, failure, now),
            FailureKind::Flagged | FailureKind::TooLong => self.give_up(&pending, failure, true),
            FailureKind::Unsupported | FailureKind::Rejected => self.refused(pending, failure, now),
        }
    }

    /// How long a call may take: longer for more tokens, and on this machine, where requests wait for each other, for more in flight.
    fn deadline(&self, pending: &Pending) -> Duration {
        let deadlines = &self.engine.limits.deadlines;
        let tokens = self.engine.recorded.limit(&pending.request);
        if deadlines.is_fixed {
            return deadlines.total;
        }
        if self.engine.is_loopback {
            let n = u32::try_from(self.tasks.len() + 1).unwrap_or(u32::MAX);
            return (deadlines.total + SLOW_TOKEN * tokens).saturating_mul(n);
        }
        deadlines.total + TOKEN * tokens
    }

    fn retry(&mut self, pending: Pending, due: Duration) {
        self.sequence += 1;
        self.retries.insert((due, self.sequence), pending);
        self.progress.n_retried += u64::from(self.ending.is_none());
    }

    fn stop(&mut self, pending: Pending, now: Duration, reason: EndReason) {
        self.ending.get_or_insert(reason);
        self.retry(pending, now);
    }

    fn give_up(&mut self, pending: &Pending, failure: Failure, for_good: bool) {
        let given_up = GivenUp { kind: failure.kind, message: failure.message.clone(), for_good };
        self.engine.sender.journal.give_up(pending.key.clone(), given_up);
        self.in_hand.remove(&pending.identity);
        self.progress.n_failed += 1;
        (self.on_event)(EngineEvent::GaveUp { at: pending.at, key: pending.key.clone(), failure });
    }

    /// Drops what is in flight. Each was journaled as sent and stays there without an outcome, its reservation counted.
    async fn drop_tasks(&mut self) -> Result<(), EngineError> {
        self.tasks.abort_all();
        while let Some(back) = self.tasks.join_next().await {
            self.take_back(back)?;
        }
        Ok(())
    }

    fn end(mut self) -> RunEnd {
        let n_unseen = self.source.into_rest();
        self.progress.in_flight = 0;
        RunEnd {
            reason: self.ending.unwrap_or(EndReason::Done),
            n_planned: self.n_planned + n_unseen,
            progress: self.progress,
            n_repeated: self.n_repeated,
            n_cancelled: n_unseen + (self.ready.len() + self.retries.len()) as u64 + self.n_dropped,
        }
    }

    fn tell_progress(&mut self) {
        (self.on_event)(EngineEvent::Progress(self.progress));
    }

    /// Tells of a pause once.
    fn tell_pause(&mut self, now: Duration, wait: Duration, reason: PauseReason) {
        if now + wait > self.told_pause {
            self.told_pause = now + wait;
            (self.on_event)(EngineEvent::Paused { wait, reason });
        }
    }

    /// Whether the disk would not hold what is still to come; asked now and then.
    fn no_space(&mut self, now: Duration) -> Option<EndReason> {
        if now < self.look_at_space {
            return None;
        }
        self.look_at_space = now + SPACE_EVERY;
        let n_left = self.source.n_left() + self.ready.len() + self.retries.len() + self.open.len() + self.tasks.len();
        let needed = self.engine.limits.min_free.max((n_left as u64).saturating_mul(2 * RECORD_BYTES));
        let free = self.engine.sender.journal.free_bytes()?;
        (free < needed).then_some(EndReason::NoSpace { free, needed })
    }
}

fn seen(failure: &Failure) -> Seen {
    match failure.kind {
        FailureKind::RateLimited => Seen::RateLimited(failure.retry_after),
        FailureKind::Overloaded | FailureKind::Lost | FailureKind::Garbled => Seen::Trouble,
        _ => Seen::Alive,
    }
}

/// Whether a 429 speaks of a quota for the day; no short wait brings it back.
fn is_daily(message: &str) -> bool {
    let message = message.to_lowercase();
    ["per day", "per-day", "per_day", "perday", "daily limit", "daily quota"]
        .iter()
        .any(|words| message.contains(words))
}

/// A guess at the tokens of a request, before answers teach better: a quarter of the bytes, and all that it may write.
fn tokens_thought(pending: &Pending) -> f64 {
    pending.call.body.len() as f64 / 4.0 + f64::from(pending.request.sampling.max_tokens)
}

fn no_failure() -> Failure {
    Failure::new(FailureKind::Lost, "no answer")
}

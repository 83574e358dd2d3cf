//! The gate of a lane: the one place that decides when the next request may go. It keeps no clock, so that it can be tested without
//! waiting; every time counts from its start.

use super::Limits;
use super::breaker::{Breaker, Passage};
use super::bucket::Bucket;
use super::concurrency::Concurrency;
use super::pace::Pace;
use super::spread::Spread;
use equipoise_core::provider::RateLimits;
use std::collections::VecDeque;
use std::time::Duration;

/// Failures among the breaker's last outcomes that look like too much load.
const LOADED: usize = 3;

/// Of so many outcomes, so many are turned away where a limit does it; fewer are turned away by chance, each on its own.
const LOOKED_BACK_ON: usize = 20;
const LIMITED: usize = 4;

/// A time without anything to do, after which a rate is measured anew.
const IDLE: Duration = Duration::from_secs(10);

/// Concurrency, rate limits, pauses and outages of one lane.
#[derive(Debug)]
pub(super) struct Gate {
    concurrency: Concurrency,
    breaker: Breaker,
    requests: Bucket,
    tokens: Bucket,
    pace: Pace,
    spread: Spread,
    /// The last time that somebody asked.
    asked: Duration,
    /// Tokens that answers use, as a share of what was thought.
    token_share: f64,
    paused_until: Duration,
    /// Pauses without an answer in between.
    n_pauses: u32,
    failing_since: Option<Duration>,
    /// Whether each of the last outcomes was turned away.
    turned_away: VecDeque<bool>,
    jitter: Jitter,
    first: Duration,
    cap: Duration,
    max_outage: Duration,
}

/// Whether a request may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Admission {
    Now,
    /// Not before; `outage` where the breaker says so.
    At {
        until: Duration,
        outage: bool,
    },
    /// When one that is out has ended.
    Later,
}

/// What a request took with it through the gate.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ticket {
    limit: usize,
    tokens: f64,
    thought: f64,
}

/// How a request ended, as far as the gate cares.
#[derive(Debug, Clone, Copy)]
pub(super) enum Seen {
    Answered {
        latency: Duration,
        tokens: Option<u64>,
    },
    /// 429, with the wait that the server names.
    RateLimited(Option<Duration>),
    /// The server failed or was not reached.
    Trouble,
    /// The server works, and refused this request for what it is.
    Alive,
}

impl Gate {
    pub(super) fn new(limits: &Limits) -> Self {
        Gate {
            concurrency: Concurrency::new(limits.max_concurrency, limits.is_here),
            breaker: Breaker::new(limits.backoff_first, limits.backoff_cap),
            requests: Bucket::default(),
            tokens: Bucket::default(),
            pace: Pace::default(),
            spread: Spread::default(),
            asked: Duration::ZERO,
            token_share: 1.0,
            paused_until: Duration::ZERO,
            n_pauses: 0,
            failing_since: None,
            turned_away: VecDeque::new(),
            jitter: Jitter(0x9e37_79b9_7f4a_7c15),
            first: limits.backoff_first,
            cap: limits.backoff_cap,
            max_outage: limits.max_outage,
        }
    }

    /// Whether a request that may use `thought` tokens can go now, with `in_flight` out.
    pub(super) fn admit(&mut self, now: Duration, in_flight: usize, thought: f64) -> Admission {
        if now > self.asked.max(self.paused_until) + IDLE {
            self.pace.forget(now);
        }
        self.asked = now;
        if in_flight >= self.concurrency.limit() {
            return Admission::Later;
        }
        match self.breaker.passage(now) {
            Passage::Later => return Admission::Later,
            Passage::At(until) => return Admission::At { until, outage: true },
            Passage::Free => {}
        }
        let tokens = self.tokens.ready_at(now, thought * self.token_share);
        let limits = self.requests.ready_at(now, 1.0).max(tokens).max(self.pace.ready_at(now));
        let until = self.paused_until.max(limits).max(self.spread.ready_at(now, self.concurrency.limit()));
        if until > now { Admission::At { until, outage: false } } else { Admission::Now }
    }

    /// Lets one through that [`Gate::admit`] admitted.
    pub(super) fn start(&mut self, thought: f64) -> Ticket {
        let tokens = thought * self.token_share;
        self.breaker.started();
        self.requests.take(1.0);
        self.tokens.take(tokens);
        self.pace.take();
        self.spread.take();
        Ticket { limit: self.concurrency.limit(), tokens, thought }
    }

    /// Takes in what the headers of an answer say about limits, before its `ticket` is taken back. `in_flight` counts this request too.
    pub(super) fn told(&mut self, now: Duration, told: RateLimits, ticket: &Ticket, in_flight: usize) {
        let others = in_flight.saturating_sub(1) as f64;
        if let Some(requests) = told.requests {
            self.requests.learn(now, requests, others);
        }
        if let Some(tokens) = told.tokens {
            self.tokens.learn(now, tokens, others * ticket.tokens);
        }
    }

    /// Takes back a ticket. `in_flight` counts this request too. Gives the length of a pause that begins with it.
    pub(super) fn end(&mut self, now: Duration, ticket: Ticket, seen: Seen, in_flight: usize) -> Option<Duration> {
        let is_limited = self.is_limited(seen);
        match seen {
            Seen::Answered { latency, tokens } => {
                self.breaker.alive();
                self.failing_since = None;
                self.n_pauses = 0;
                self.pace.answered(now);
                self.spread.answered(latency.as_secs_f64());
                self.concurrency.answered(latency.as_secs_f64(), in_flight);
                if let Some(used) = tokens {
                    self.tokens.take(used as f64 - ticket.tokens);
                    let share = used as f64 / ticket.thought.max(1.0);
                    self.token_share = (0.9 * self.token_share + 0.1 * share).clamp(0.01, 2.0);
                }
                None
            }
            Seen::RateLimited(_) if !is_limited => {
                self.breaker.alive();
                None
            }
            Seen::RateLimited(wait) => {
                self.breaker.alive();
                self.concurrency.turned_away(ticket.limit);
                if now >= self.paused_until {
                    self.pace.refused(now);
                }
                self.pause(now, wait)
            }
            Seen::Trouble => {
                self.breaker.trouble(now);
                // Answers are fewer than the limits allow while the server fails; a rate learnt then would hold the lane down.
                self.pace.forget(now);
                // A failure now and then says nothing about load; at 1% of them cuts would hold a fast lane at 18 in flight.
                if self.breaker.n_failed() >= LOADED {
                    self.concurrency.turned_away(ticket.limit);
                }
                self.failing_since.get_or_insert(now);
                None
            }
            Seen::Alive => {
                self.breaker.alive();
                self.failing_since = None;
                None
            }
        }
    }

    /// Takes note of an outcome; whether the server limits the rate, if it was turned away. Servers under load turn some requests away by
    /// chance: those wait alone. Many of late, the very first outcomes, or any where a rate was learnt, are a limit.
    fn is_limited(&mut self, seen: Seen) -> bool {
        let is_turned_away = matches!(seen, Seen::RateLimited(_));
        self.turned_away.push_back(is_turned_away);
        if self.turned_away.len() > LOOKED_BACK_ON {
            self.turned_away.pop_front();
        }
        let n = self.turned_away.iter().filter(|away| **away).count();
        is_turned_away && (n >= LIMITED || 2 * n >= self.turned_away.len() || self.pace.is_learnt())
    }

    /// Whether the server is out, so that a failure says nothing about the request.
    pub(super) fn is_outage(&self) -> bool {
        self.breaker.is_open()
    }

    /// How long nothing has worked; `None` where something does.
    pub(super) fn failing_for(&self, now: Duration) -> Option<Duration> {
        self.failing_since.map(|since| now.saturating_sub(since))
    }

    /// Whether the outage has lasted longer than allowed.
    pub(super) fn is_given_up(&self, now: Duration) -> bool {
        self.failing_since.is_some_and(|since| now.saturating_sub(since) > self.max_outage)
    }

    /// Nothing is left to ask: an outage is as long as somebody waits for its end.
    pub(super) fn rest(&mut self) {
        self.failing_since = None;
    }

    /// The wait before try `n` (from 1) of a request: full jitter below a bound that doubles.
    pub(super) fn backoff(&mut self, n: u32) -> Duration {
        self.bound(n).mul_f64(self.jitter.next())
    }

    /// One 429 pauses the lane; the others of the same burst only make the pause longer where they name a longer wait.
    fn pause(&mut self, now: Duration, told: Option<Duration>) -> Option<Duration> {
        let begins = now >= self.paused_until;
        let wait = match told {
            Some(wait) => wait.mul_f64(1.0 + 0.1 * self.jitter.next()),
            None if begins => self.bound(self.n_pauses + 1).mul_f64(0.5 + 0.5 * self.jitter.next()),
            None => return None,
        };
        self.n_pauses += u32::from(begins);
        let until = now + wait;
        // A wait that the server asks for is no outage.
        let since = self.failing_since.unwrap_or(now);
        self.failing_since =
            Some(if told.is_some() { since + until.saturating_sub(self.paused_until.max(now)) } else { since });
        let longer = until > self.paused_until;
        self.paused_until = self.paused_until.max(until);
        longer.then_some(wait)
    }

    fn bound(&self, n: u32) -> Duration {
        self.first.saturating_mul(2_u32.saturating_pow(n.saturating_sub(1))).min(self.cap)
    }
}

/// Numbers that spread retries out; nothing else depends on them.
#[derive(Debug)]
struct Jitter(u64);

impl Jitter {
    /// In 0..1 (splitmix64).
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const S: fn(u64) -> Duration = Duration::from_secs;

    fn gate() -> Gate {
        Gate::new(&Limits::default())
    }

    #[test]
    fn one_429_pauses_the_lane_once() {
        let mut gate = gate();
        let tickets: Vec<Ticket> = (0..16).map(|_| gate.start(10.0)).collect();
        assert_eq!(gate.admit(S(0), 16, 10.0), Admission::Later);
        let pauses = tickets.into_iter().filter_map(|t| gate.end(S(0), t, Seen::RateLimited(None), 16)).count();
        assert_eq!(pauses, 1);
        let Admission::At { until, outage: false } = gate.admit(S(0), 0, 10.0) else { panic!("not paused") };
        assert!(until <= S(1) && until >= Duration::from_millis(500), "{until:?}");
        assert_eq!(gate.admit(until, 0, 10.0), Admission::Now);
        assert_eq!(gate.admit(until, 11, 10.0), Admission::Later);
    }

    #[test]
    fn what_is_turned_away_now_and_then_slows_nobody_else() {
        let mut gate = gate();
        let answered = Seen::Answered { latency: Duration::from_millis(100), tokens: None };
        for n in 0..400 {
            let now = Duration::from_millis(100 * n);
            let ticket = gate.start(10.0);
            let seen = if n % 20 == 19 { Seen::RateLimited(Some(S(5))) } else { answered };
            assert_eq!(gate.end(now, ticket, seen, 16), None, "{n}");
            assert_eq!(gate.admit(now, 0, 10.0), Admission::Now, "{n}");
        }
        assert!(gate.concurrency.limit() >= 16, "{}", gate.concurrency.limit());
    }

    #[test]
    fn waits_at_least_as_long_as_the_server_says() {
        let mut gate = gate();
        let ticket = gate.start(1.0);
        let pause = gate.end(S(0), ticket, Seen::RateLimited(Some(S(30))), 1).expect("a pause");
        assert!(pause >= S(30) && pause <= S(33), "{pause:?}");
        assert!(!gate.is_given_up(S(30 * 60 + 20)));
        assert!(gate.is_given_up(S(32 * 60)));
    }

    #[test]
    fn an_outage_stops_everything_but_one_probe() {
        let mut gate = gate();
        let tickets: Vec<Ticket> = (0..5).map(|_| gate.start(1.0)).collect();
        for ticket in tickets {
            gate.end(S(1), ticket, Seen::Trouble, 5);
        }
        assert!(gate.is_outage());
        assert_eq!(gate.admit(S(1), 0, 1.0), Admission::At { until: S(6), outage: true });
        assert_eq!(gate.admit(S(6), 0, 1.0), Admission::Now);
        let probe = gate.start(1.0);
        assert_eq!(gate.admit(S(6), 1, 1.0), Admission::Later);
        let answered = Seen::Answered { latency: S(1), tokens: None };
        gate.end(S(7), probe, answered, 1);
        assert_eq!(gate.admit(S(7), 0, 1.0), Admission::Now);
        assert!(!gate.is_given_up(S(10_000)));
    }

    #[test]
    fn an_outage_is_forgotten_once_nobody_waits_for_its_end() {
        let mut gate = gate();
        let ticket = gate.start(1.0);
        gate.end(S(1), ticket, Seen::Trouble, 1);
        assert!(gate.is_given_up(S(10_000)));
        gate.rest();
        assert!(!gate.is_given_up(S(10_000)));
    }

    #[test]
    fn backs_off_up_to_the_cap() {
        let mut gate = gate();
        for n in 1..100 {
            assert!(gate.backoff(n) <= S(60));
        }
        let mean: f64 = (0..1000).map(|_| gate.backoff(3).as_secs_f64()).sum::<f64>() / 1000.0;
        assert!((1.8..2.2).contains(&mean), "{mean}");
    }
}

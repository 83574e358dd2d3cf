//! The circuit breaker: an outage is noticed, waited out and probed, at the cost of a few requests and of no row.

use std::collections::VecDeque;
use std::time::Duration;

/// Failures in a row that open it.
const IN_A_ROW: usize = 5;

/// How many outcomes are looked back on; half of them failed opens it too.
const WINDOW: usize = 20;

/// Whether requests may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Closed,
    /// Nothing goes before `until`; then one probe.
    Open {
        until: Duration,
        n_probes: u32,
    },
    /// The probe is out.
    Probing {
        n_probes: u32,
    },
}

/// Outcomes of late and what follows from them. Times count from the gate's start.
#[derive(Debug)]
pub(super) struct Breaker {
    state: State,
    recent: VecDeque<bool>,
    first: Duration,
    cap: Duration,
}

/// What the breaker says to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Passage {
    Free,
    At(Duration),
    /// When the probe is back.
    Later,
}

impl Breaker {
    /// Probes come after 5, 10, 20, … times `first`, at most `cap`.
    pub(super) fn new(first: Duration, cap: Duration) -> Self {
        Breaker { state: State::Closed, recent: VecDeque::new(), first, cap }
    }

    pub(super) fn passage(&self, now: Duration) -> Passage {
        match self.state {
            State::Closed => Passage::Free,
            State::Open { until, .. } if now >= until => Passage::Free,
            State::Open { until, .. } => Passage::At(until),
            State::Probing { .. } => Passage::Later,
        }
    }

    /// A request goes out.
    pub(super) fn started(&mut self) {
        if let State::Open { n_probes, .. } = self.state {
            self.state = State::Probing { n_probes: n_probes + 1 };
        }
    }

    pub(super) fn is_open(&self) -> bool {
        self.state != State::Closed
    }

    /// How many of the last outcomes were failures.
    pub(super) fn n_failed(&self) -> usize {
        self.recent.iter().filter(|alive| !**alive).count()
    }

    /// The server answered, be it with a refusal.
    pub(super) fn alive(&mut self) {
        if self.is_open() {
            self.recent.clear();
        }
        self.state = State::Closed;
        self.note(true);
    }

    /// The server failed or was not reached.
    pub(super) fn trouble(&mut self, now: Duration) {
        self.note(false);
        let failed = self.n_failed();
        let in_a_row = self.recent.iter().rev().take_while(|alive| !**alive).count();
        match self.state {
            State::Closed if in_a_row >= IN_A_ROW || (self.recent.len() == WINDOW && 2 * failed >= WINDOW) => {
                self.state = State::Open { until: now + self.pause(0), n_probes: 0 };
            }
            State::Probing { n_probes } => self.state = State::Open { until: now + self.pause(n_probes), n_probes },
            State::Closed | State::Open { .. } => {}
        }
    }

    fn note(&mut self, alive: bool) {
        self.recent.push_back(alive);
        if self.recent.len() > WINDOW {
            self.recent.pop_front();
        }
    }

    fn pause(&self, n_probes: u32) -> Duration {
        self.first.saturating_mul(5).saturating_mul(2_u32.saturating_pow(n_probes)).min(self.cap)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const S: fn(u64) -> Duration = Duration::from_secs;

    fn breaker() -> Breaker {
        Breaker::new(S(1), S(60))
    }

    #[test]
    fn opens_after_five_in_a_row_and_probes_ever_later() {
        let mut b = breaker();
        for _ in 0..4 {
            b.trouble(S(0));
        }
        assert_eq!(b.passage(S(0)), Passage::Free);
        b.trouble(S(0));
        let mut now = S(0);
        for pause in [5, 10, 20, 40, 60, 60] {
            assert_eq!(b.passage(now), Passage::At(now + S(pause)));
            now += S(pause);
            assert_eq!(b.passage(now), Passage::Free);
            b.started();
            assert_eq!(b.passage(now), Passage::Later);
            b.trouble(now);
        }
        b.started();
        b.alive();
        assert_eq!(b.passage(now), Passage::Free);
    }

    #[test]
    fn opens_when_half_of_the_last_twenty_failed() {
        let mut b = breaker();
        for i in 0..20 {
            assert!(!b.is_open(), "{i}");
            if i % 2 == 0 { b.alive() } else { b.trouble(S(0)) }
        }
        assert!(b.is_open());
    }

    #[test]
    fn late_failures_of_requests_sent_before_do_not_prolong_it() {
        let mut b = breaker();
        for i in 0..40 {
            b.trouble(S(i / 20));
        }
        assert_eq!(b.passage(S(1)), Passage::At(S(5)));
    }
}

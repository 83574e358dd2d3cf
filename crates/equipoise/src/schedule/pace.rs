//! The rate that a server takes where no header tells it: learnt from refusals.

use super::bucket::Bucket;
use std::time::Duration;

/// Answers between two refusals from which a rate is learnt; fewer say too little.
const ENOUGH: u32 = 20;

/// Share of the learnt rate that is used.
const SHARE: f64 = 0.95;

/// Answers, and time, after which the rate grows: by a fiftieth first, each time by twice as much. A limit that went up is found soon,
/// and one that did not costs a refusal in some hundred answers.
const STEP: u32 = 60;
const STEP_TIME: Duration = Duration::from_secs(1);
const FIRST_GROWTH: f64 = 0.02;

/// Share of the first learnt rate below which later ones are no limit any more.
const STILL: f64 = 0.7;

/// No limit that anybody sets.
const NO_LIMIT: f64 = 1e5;

/// Requests a second. Unlimited until the first refusal.
#[derive(Debug, Default)]
pub(super) struct Pace {
    bucket: Bucket,
    rate: Option<f64>,
    /// Answers since the time from which they are counted.
    n: u32,
    since: Duration,
    n_step: u32,
    grown: Duration,
    growth: f64,
    /// The rate that was learnt first since it was last unlimited.
    first: Option<f64>,
}

impl Pace {
    /// When the next request may go.
    pub(super) fn ready_at(&mut self, now: Duration) -> Duration {
        self.bucket.ready_at(now, 1.0)
    }

    /// A request goes.
    pub(super) fn take(&mut self) {
        self.bucket.take(1.0);
    }

    /// An answer came.
    pub(super) fn answered(&mut self, now: Duration) {
        self.n += 1;
        self.n_step += 1;
        if let Some(rate) = self.rate
            && self.n_step >= STEP
            && now.saturating_sub(self.grown) >= STEP_TIME
        {
            self.set(now, rate * (1.0 + self.growth), (2.0 * self.growth).min(1.0));
        }
    }

    /// A request was turned away: what was answered since the last time, in that time, is what the server takes. The first time it is
    /// more, for it let a burst through.
    pub(super) fn refused(&mut self, now: Duration) {
        if self.n < ENOUGH {
            return;
        }
        let passed = now.saturating_sub(self.since).as_secs_f64().max(1e-3);
        let rate = SHARE * f64::from(self.n) / passed;
        // A limit holds still: where requests are turned away however few they are, it is no limit that turns them away.
        if self.first.is_some_and(|first| rate < STILL * first) {
            self.set(now, f64::INFINITY, FIRST_GROWTH);
            self.first = None;
        } else {
            self.first = self.first.or(Some(rate));
            self.set(now, rate, FIRST_GROWTH);
        }
        self.forget(now);
    }

    /// Whether a rate holds requests back.
    pub(super) fn is_learnt(&self) -> bool {
        self.rate.is_some()
    }

    /// What was between says nothing about the rate: a failure, or nothing to send.
    pub(super) fn forget(&mut self, now: Duration) {
        (self.n, self.since) = (0, now);
    }

    fn set(&mut self, now: Duration, rate: f64, growth: f64) {
        self.rate = Some(rate).filter(|rate| *rate < NO_LIMIT);
        (self.n_step, self.grown, self.growth) = (0, now, growth);
        self.bucket.pace(now, self.rate);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: fn(u64) -> Duration = Duration::from_millis;

    /// A pace that has learnt ten a second at `MS(10_000)`.
    fn learnt() -> Pace {
        let mut pace = Pace::default();
        (0..100).for_each(|i| pace.answered(MS(i * 100)));
        pace.refused(MS(10_000));
        pace
    }

    #[test]
    fn holds_nothing_back_before_a_refusal_nor_after_one_that_says_little() {
        let mut pace = Pace::default();
        pace.answered(MS(10));
        pace.refused(MS(20));
        for _ in 0..1000 {
            assert_eq!(pace.ready_at(MS(30)), MS(30));
            pace.take();
        }
    }

    #[test]
    fn keeps_a_little_below_what_was_taken() {
        let mut pace = learnt();
        let (mut now, mut n) = (MS(10_000), 0);
        while now < MS(20_000) {
            now = pace.ready_at(now);
            pace.take();
            n += 1;
        }
        assert!((94..=98).contains(&n), "{n}");
    }

    #[test]
    fn finds_out_ever_faster_that_the_limit_went_up() {
        let mut pace = learnt();
        let mut rates = Vec::new();
        for step in 0..6_u64 {
            (0..60).for_each(|_| pace.answered(MS(12_000 + step * 2000)));
            rates.push(pace.rate.unwrap_or_default());
        }
        assert!((9.6..9.8).contains(&rates[0]) && rates[5] > 20.0, "{rates:?}");
    }
}

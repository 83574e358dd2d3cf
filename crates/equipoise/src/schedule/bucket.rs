//! A token bucket whose limits are learnt from the server's headers.

use equipoise_core::provider::Allowance;
use std::time::Duration;

/// Share of a told limit that is used: clocks and counts differ a little.
const SHARE: f64 = 0.95;

/// Units (requests or tokens) that may be spent at a rate; unlimited until the server tells a limit. Times count from the gate's start.
#[derive(Debug, Default)]
pub(super) struct Bucket {
    level: Option<Level>,
    /// Responses in a row whose limit is far off the one in force.
    n_odd: u32,
}

/// Share of what the server says is left that may be spent whatever the told rate: where more is left than that rate leaves, the
/// true one is higher. A gateway that tells a tenth of it would hold the lane at a tenth for ever.
const LEFT: f64 = 0.5;

/// A told limit that is more than ten times larger or smaller than the one in force is taken for a slip … (a step to exactly a
/// tenth must not be, whatever the rounding)
const FAR: f64 = 10.01;

/// … until so many responses in a row tell it.
const INSIST: u32 = 10;

#[derive(Debug)]
struct Level {
    per_second: f64,
    burst: f64,
    level: f64,
    at: Duration,
}

impl Bucket {
    /// When `need` units are there; an oversize need goes when the bucket is full, and leaves a debt.
    pub(super) fn ready_at(&mut self, now: Duration, need: f64) -> Duration {
        let Some(bucket) = &mut self.level else { return now };
        bucket.refill(now);
        let missing = need.min(bucket.burst) - bucket.level;
        if missing <= 0.0 {
            return now;
        }
        // A nanosecond more, so that rounding never wakes the caller a moment too early for ever.
        now + Duration::try_from_secs_f64(missing / bucket.per_second).unwrap_or(Duration::MAX / 4)
            + Duration::from_nanos(1)
    }

    /// Spends `units`, a negative number gives back.
    pub(super) fn take(&mut self, units: f64) {
        if let Some(bucket) = &mut self.level {
            bucket.level = (bucket.level - units).min(bucket.burst);
        }
    }

    /// Holds a rate that nobody told, without a burst; `None` lets everything pass.
    pub(super) fn pace(&mut self, now: Duration, per_second: Option<f64>) {
        let level = self.level.take().map_or(0.0, |level| level.level);
        self.level = per_second.map(|per_second| {
            let burst = (per_second / 4.0).max(1.0);
            Level { per_second, burst, level: level.min(burst), at: now }
        });
    }

    /// Takes over what a response told; `in_flight` units are spent by us and may not be counted there yet.
    pub(super) fn learn(&mut self, now: Duration, told: Allowance, in_flight: f64) {
        let (per_second, burst) = (told.per_second * SHARE, (told.burst * SHARE).max(1.0));
        // What went out before the limit was known may not be counted there yet.
        let first = || Level { per_second, burst, level: told.remaining.unwrap_or(burst) - in_flight, at: now };
        let bucket = self.level.get_or_insert_with(first);
        let times = per_second / bucket.per_second;
        self.n_odd = if times.max(1.0 / times) > FAR { self.n_odd + 1 } else { 0 };
        if (1..INSIST).contains(&self.n_odd) {
            return;
        }
        self.n_odd = 0;
        bucket.refill(now);
        (bucket.per_second, bucket.burst) = (per_second, burst);
        bucket.level = bucket.level.min(burst);
        if let Some(remaining) = told.remaining {
            // Upwards by a part alone: responses overtake each other, and an old one tells of what is spent.
            bucket.level = bucket.level.min(remaining).max((LEFT * remaining - in_flight).min(burst));
        }
    }
}

impl Level {
    fn refill(&mut self, now: Duration) {
        let passed = now.saturating_sub(self.at).as_secs_f64();
        self.level = (self.level + passed * self.per_second).min(self.burst);
        self.at = self.at.max(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const S: fn(u64) -> Duration = Duration::from_secs;

    fn told(per_second: f64, burst: f64, remaining: Option<f64>) -> Allowance {
        Allowance { per_second, burst, remaining }
    }

    #[test]
    fn keeps_below_the_told_rate() {
        let mut bucket = Bucket::default();
        assert_eq!(bucket.ready_at(S(0), 1e9), S(0));
        bucket.learn(S(0), told(10.0, 600.0, Some(0.0)), 0.0);
        let (mut now, mut sent) = (S(0), 0);
        while now < S(60) {
            now = bucket.ready_at(now, 1.0);
            bucket.take(1.0);
            sent += 1;
        }
        assert!((560..=572).contains(&sent), "{sent}");
    }

    #[test]
    fn lets_an_oversize_request_through_when_full() {
        let mut bucket = Bucket::default();
        bucket.learn(S(0), told(10.0, 100.0, Some(100.0)), 0.0);
        assert_eq!(bucket.ready_at(S(0), 5000.0), S(0));
        bucket.take(500.0);
        let next = bucket.ready_at(S(0), 1.0);
        assert!(next > S(40) && next < S(45), "{next:?}");
    }

    #[test]
    fn a_limit_far_off_counts_only_when_the_server_insists() {
        let mut bucket = Bucket::default();
        bucket.learn(S(0), told(10.0, 600.0, None), 0.0);
        for odd in [0.01, 1000.0] {
            bucket.learn(S(0), told(odd, 60.0 * odd, Some(0.0)), 0.0);
            assert_eq!(bucket.ready_at(S(0), 500.0), S(0), "{odd}");
        }
        bucket.learn(S(0), told(10.0, 600.0, None), 0.0);
        for _ in 0..INSIST {
            bucket.learn(S(0), told(0.01, 0.6, Some(0.0)), 0.0);
        }
        assert!(bucket.ready_at(S(0), 500.0) > S(60));
    }

    #[test]
    fn spends_what_is_left_where_the_told_rate_would_leave_it() {
        let mut bucket = Bucket::default();
        bucket.learn(S(0), told(1.0, 60.0, Some(60.0)), 0.0);
        for _ in 0..500 {
            assert_eq!(bucket.ready_at(S(0), 1.0), S(0), "the server's bucket stays full");
            bucket.take(1.0);
            bucket.learn(S(0), told(1.0, 60.0, Some(60.0)), 8.0);
        }
        bucket.learn(S(0), told(1.0, 60.0, Some(0.0)), 8.0);
        assert!(bucket.ready_at(S(0), 1.0) > S(0));
    }

    #[test]
    fn a_first_response_that_tells_too_little_is_outvoted() {
        for factor in [0.1, 0.001] {
            let mut bucket = Bucket::default();
            bucket.learn(S(0), told(20.0 * factor, 1200.0 * factor, None), 0.0);
            (0..INSIST).for_each(|_| bucket.learn(S(1), told(20.0, 1200.0, None), 0.0));
            let wait = bucket.ready_at(S(1), 100.0) - S(1);
            assert!(wait < S(6), "{factor}: {wait:?}");
        }
    }

    #[test]
    fn follows_a_limit_that_steps_down() {
        let mut bucket = Bucket::default();
        bucket.learn(S(0), told(10.0, 600.0, Some(600.0)), 0.0);
        bucket.learn(S(1), told(1.0, 60.0, Some(3.0)), 0.0);
        bucket.take(3.0);
        assert!(bucket.ready_at(S(1), 1.0) > S(2));
    }
}

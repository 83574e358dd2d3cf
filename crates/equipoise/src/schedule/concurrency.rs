//! How many requests may be in flight: additive increase, multiplicative decrease.

/// Where it starts.
const START: f64 = 16.0;

/// What is left of the limit after a cut.
const CUT: f64 = 0.7;

/// Latency, as a multiple of the lowest seen, at which more requests only wait in the server's queue.
const KNEE: f64 = 2.0;

/// The limit and how it moves.
#[derive(Debug)]
pub(super) struct Concurrency {
    limit: f64,
    max: f64,
    /// Until the first cut or the knee every answer raises the limit by one.
    fast: bool,
    latency: f64,
    lowest: f64,
    /// Whether answers that take longer the more are in flight make it fall: those of a server on this machine do.
    is_here: bool,
    n_slow: usize,
}

impl Concurrency {
    /// At most `max` in flight, at least one.
    pub(super) fn new(max: usize, is_here: bool) -> Self {
        let max = max.max(1) as f64;
        let limit = START.min(max);
        Concurrency { limit, max, fast: true, latency: 0.0, lowest: f64::INFINITY, is_here, n_slow: 0 }
    }

    /// Requests that may be in flight now, at least 1.
    pub(super) fn limit(&self) -> usize {
        self.limit as usize
    }

    /// An answer came after `latency_s` while `in_flight` were out, itself among them.
    pub(super) fn answered(&mut self, latency_s: f64, in_flight: usize) {
        self.latency = if self.latency == 0.0 { latency_s } else { 0.9 * self.latency + 0.1 * latency_s };
        self.lowest = self.lowest.min(self.latency);
        if self.latency > KNEE * self.lowest {
            self.fast = false;
        }
        if self.is_here && latency_s > KNEE * self.lowest {
            // Requests beyond what the server works on only wait, and hold what they have until then.
            self.n_slow += 1;
            if self.n_slow >= self.limit() {
                (self.limit, self.n_slow) = ((self.limit - 1.0).max(1.0), 0);
            }
            return;
        }
        // A limit that is not used proves nothing.
        if in_flight * 2 >= self.limit() {
            let step = if self.fast { 1.0 } else { 1.0 / self.limit };
            self.limit = (self.limit + step).min(self.max);
        }
    }

    /// A request that was admitted under the limit `admitted` was turned away. Those admitted before the last cut say nothing new.
    pub(super) fn turned_away(&mut self, admitted: usize) {
        if admitted <= self.limit() {
            self.limit = (self.limit * CUT).max(1.0);
            self.fast = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_of_refusals_cuts_once() {
        let mut c = Concurrency::new(64, false);
        let admitted = c.limit();
        for _ in 0..admitted {
            c.turned_away(admitted);
        }
        assert_eq!(c.limit(), 11);
    }

    #[test]
    fn grows_fast_then_slowly_and_never_above_the_maximum() {
        let mut c = Concurrency::new(40, false);
        for _ in 0..4 {
            c.answered(1.0, 16);
        }
        assert_eq!(c.limit(), 20);
        c.turned_away(20);
        for _ in 0..14 {
            c.answered(1.0, 14);
        }
        assert_eq!(c.limit(), 14);
        for _ in 0..10_000 {
            c.answered(1.0, 40);
        }
        assert_eq!(c.limit(), 40);
    }

    #[test]
    fn stops_growing_fast_at_the_knee() {
        let mut c = Concurrency::new(10_000, false);
        for i in 0..2000 {
            c.answered(if i < 100 { 1.0 } else { 5.0 }, 10_000);
        }
        assert!(c.limit() < 200, "{}", c.limit());
    }

    #[test]
    fn never_falls_below_one() {
        let mut c = Concurrency::new(4, false);
        for _ in 0..100 {
            c.turned_away(1);
        }
        assert_eq!(c.limit(), 1);
    }

    #[test]
    fn a_queue_on_this_machine_shrinks_what_is_in_flight() {
        let mut c = Concurrency::new(4, true);
        c.answered(75.0, 4);
        for queued in [150.0, 225.0, 300.0, 300.0, 300.0, 300.0] {
            c.answered(queued, 4);
        }
        assert!(c.limit() < 4, "{}", c.limit());
        for _ in 0..20 {
            c.answered(f64::from(u32::try_from(c.limit()).unwrap_or(1)) * 75.0 + 1.0, c.limit());
        }
        assert!(c.limit() <= 2, "{}", c.limit());
    }
}

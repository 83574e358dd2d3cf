//! The live figures of a run that asks a model: rate, tokens, money, and what became of the texts.

use equipoise::event::{RequestCounts, RowCounts};
use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// The rate is that of the last so long.
const WINDOW: Duration = Duration::from_secs(10);
/// Reasons for rejections that are shown.
const REASONS: usize = 3;

/// The last counts, and when how many requests were done.
#[derive(Default)]
pub(crate) struct Live {
    pub(crate) rows: RowCounts,
    done: VecDeque<(Instant, u64)>,
}

impl Live {
    /// Takes new counts and says them: the requests, then the texts once there are any.
    pub(crate) fn take(&mut self, counts: RequestCounts, now: Instant) -> Vec<String> {
        if self.done.back().is_some_and(|(_, done)| *done > counts.done) {
            // Another step began.
            self.done.clear();
        }
        self.done.push_back((now, counts.done));
        while self.done.len() > 2 && self.done.front().is_some_and(|(at, _)| now - *at > WINDOW) {
            self.done.pop_front();
        }
        let mut said = vec![self.requests(&counts)];
        said.extend((self.rows.read > 0).then(|| texts(&self.rows)));
        said
    }

    fn requests(&self, counts: &RequestCounts) -> String {
        let mut parts = Vec::new();
        if let Some(rate) = self.rate() {
            parts.push(format!("{rate:.1} requests/s"));
        }
        parts.push(format!("{} in flight", counts.in_flight));
        for (n, what) in [(counts.retried, "sent again"), (counts.failed, "given up"), (counts.reused, "reused")] {
            if n > 0 {
                parts.push(format!("{n} {what}"));
            }
        }
        let tokens = counts.input_tokens + counts.output_tokens;
        if tokens > 0 {
            parts.push(format!("{} + {} tokens", counts.input_tokens, counts.output_tokens));
        }
        match (counts.usd, counts.usd_forecast) {
            (Some(usd), Some(forecast)) if usd > 0.0 => parts.push(format!("{usd:.4} of about {forecast:.4} USD")),
            (Some(usd), None) if usd > 0.0 => parts.push(format!("{usd:.4} USD")),
            _ => {}
        }
        parts.join(", ")
    }

    /// Requests a second over the window; `None` before there is one.
    fn rate(&self) -> Option<f64> {
        let ((from, first), (to, last)) = (self.done.front()?, self.done.back()?);
        let passed = (*to - *from).as_secs_f64();
        (passed >= 0.5).then(|| (last - first) as f64 / passed)
    }
}

fn texts(rows: &RowCounts) -> String {
    let mut parts = vec![format!("{} texts", rows.read), format!("{} of {} kept", rows.accepted, rows.wanted)];
    let mut rejected: Vec<(&String, usize)> = rows.rejected_by.iter().map(|(why, n)| (why, *n)).collect();
    rejected.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let n: usize = rejected.iter().map(|(_, n)| n).sum();
    if n > 0 {
        let why: Vec<String> = rejected.iter().take(REASONS).map(|(why, n)| format!("{why} {n}")).collect();
        parts.push(format!("{n} rejected ({})", why.join(", ")));
    }
    for (n, what) in [(rows.refused, "refused"), (rows.quarantined, "held back")] {
        if n > 0 {
            parts.push(format!("{n} {what}"));
        }
    }
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(done: u64) -> RequestCounts {
        RequestCounts {
            done,
            total: 100,
            in_flight: 8,
            usd: Some(0.5),
            usd_forecast: Some(2.0),
            ..RequestCounts::default()
        }
    }

    #[test]
    fn tells_the_rate_of_the_last_seconds_and_begins_anew_with_each_step() {
        let (mut live, start) = (Live::default(), Instant::now());
        let at = |s: u64| start + Duration::from_secs(s);
        live.take(counts(0), at(0));
        live.take(counts(10), at(10));
        let said = live.take(counts(70), at(21));
        // 60 requests in the 11 seconds that the window still reaches back to.
        assert_eq!(said, ["5.5 requests/s, 8 in flight, 0.5000 of about 2.0000 USD"]);
        assert_eq!(live.take(counts(3), at(22))[0], "8 in flight, 0.5000 of about 2.0000 USD");
    }

    #[test]
    fn tells_what_became_of_the_texts() {
        let rejected_by = [("copy/equal_text".to_owned(), 3), ("length/too_long".to_owned(), 7)].into();
        let rows = RowCounts { read: 40, accepted: 30, wanted: 50, refused: 2, rejected_by, ..RowCounts::default() };
        let mut live = Live { rows, ..Live::default() };
        let said = live.take(counts(1), Instant::now());
        assert_eq!(said[1], "40 texts, 30 of 50 kept, 10 rejected (length/too_long 7, copy/equal_text 3), 2 refused");
    }
}

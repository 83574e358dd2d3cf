//! Rate limits: token buckets, what headers tell of them, and every way to say how long to wait.

use crate::http::Response;
use crate::wire::Wire;
use std::time::{Duration, UNIX_EPOCH};

/// Limits of a provider.
#[derive(Debug, Clone, PartialEq)]
pub struct RateProfile {
    /// Requests a minute; infinite for none.
    pub requests_per_minute: f64,
    /// Tokens a minute, read and written together; infinite for none.
    pub tokens_per_minute: f64,
    /// Seconds of the rate that a full bucket holds. 60: a minute's worth at once.
    pub burst_s: f64,
    /// From the first of these times on the limits are multiplied with its factor, until the next.
    pub steps: Vec<(Duration, f64)>,
    /// What headers say of the limits.
    pub told: Told,
    /// How a refusal says how long to wait.
    pub wait: WaitDialect,
}

impl Default for RateProfile {
    fn default() -> Self {
        RateProfile {
            requests_per_minute: f64::INFINITY,
            tokens_per_minute: f64::INFINITY,
            burst_s: 60.0,
            steps: Vec::new(),
            told: Told::OpenAi,
            wait: WaitDialect::Seconds,
        }
    }
}

/// What the headers of every response say of the limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// `x-ratelimit-*`.
    OpenAi,
    /// `anthropic-ratelimit-*`.
    Anthropic,
    /// Nothing.
    Nothing,
    /// −1 throughout, as some gateways do.
    MinusOne,
    /// 0 throughout.
    Zero,
    /// Ten times what holds.
    TenTimesTooMuch,
    /// A tenth of what holds.
    TenTimesTooLittle,
}

macro_rules! dialects {
    ($($variant:ident $name:literal $doc:literal,)*) => {
        /// How a 429 says how long to wait.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum WaitDialect { $(#[doc = $doc] $variant,)* }

        impl WaitDialect {
            /// Every dialect.
            pub const ALL: &'static [WaitDialect] = &[$(WaitDialect::$variant,)*];

            /// The name on the command line.
            pub fn name(self) -> &'static str {
                match self { $(WaitDialect::$variant => $name,)* }
            }
        }
    };
}

dialects! {
    Seconds "seconds" "`retry-after: 2`.",
    Fraction "fraction" "`retry-after: 0.25`.",
    Date "date" "`retry-after` as an HTTP date.",
    Milliseconds "ms" "`retry-after-ms`.",
    ResetSpan "reset-span" "`x-ratelimit-reset-requests: 1m0.5s`, nothing remaining.",
    ResetMs "reset-ms" "`x-ratelimit-reset-tokens: 250ms`, nothing remaining.",
    ResetUnix "reset-unix" "`x-ratelimit-reset` in milliseconds since 1970.",
    AnthropicReset "anthropic" "`anthropic-ratelimit-requests-reset` as an RFC 3339 time.",
    GeminiBody "gemini" "`RetryInfo` in the body.",
    Words "words" "`Please try again in 1.5s` in the message.",
    Spelt "spelt" "`Please retry after 3 seconds` in the message.",
    Silent "none" "Nothing.",
}

impl WaitDialect {
    /// The dialect called `name`.
    pub fn named(name: &str) -> Option<Self> {
        WaitDialect::ALL.iter().copied().find(|d| d.name() == name)
    }

    /// A refusal that asks to wait for at least `wait`.
    pub(crate) fn response(self, wire: Wire, wait: Duration, now_unix_s: u64) -> Response {
        let s = wait.as_secs_f64();
        let whole = s.ceil() as u64;
        let (mut headers, mut message) = (Vec::new(), "Rate limit reached.".to_owned());
        match self {
            WaitDialect::Seconds => headers.push(("retry-after", whole.to_string())),
            WaitDialect::Fraction => headers.push(("retry-after", format!("{s:.3}"))),
            WaitDialect::Date => {
                let at = UNIX_EPOCH + Duration::from_secs(now_unix_s + whole);
                headers.push(("retry-after", httpdate::fmt_http_date(at)));
            }
            WaitDialect::Milliseconds => headers.push(("retry-after-ms", format!("{:.0}", (s * 1e3).ceil()))),
            WaitDialect::ResetSpan => {
                let minutes = (s / 60.0).floor();
                headers.push(("x-ratelimit-remaining-requests", "0".to_owned()));
                headers.push(("x-ratelimit-reset-requests", format!("{minutes:.0}m{:.3}s", s - 60.0 * minutes)));
            }
            WaitDialect::ResetMs => {
                headers.push(("x-ratelimit-remaining-tokens", "0".to_owned()));
                headers.push(("x-ratelimit-reset-tokens", format!("{:.0}ms", (s * 1e3).ceil())));
            }
            WaitDialect::ResetUnix => {
                headers.push(("x-ratelimit-reset", format!("{}", (now_unix_s + whole) * 1000)));
            }
            WaitDialect::AnthropicReset => {
                headers.push(("anthropic-ratelimit-requests-remaining", "0".to_owned()));
                headers.push(("anthropic-ratelimit-requests-reset", rfc3339(now_unix_s + whole)));
            }
            WaitDialect::GeminiBody => {
                let body = format!(
                    "{{\"error\":{{\"code\":429,\"message\":\"Resource has been exhausted\",\"status\":\"RESOURCE_EXHAUSTED\",\"details\":[{{\"@type\":\"type.googleapis.com/google.rpc.RetryInfo\",\"retryDelay\":\"{s:.9}s\"}}]}}}}"
                );
                return Response::json(429, body);
            }
            WaitDialect::Words => message = format!("Rate limit reached. Please try again in {s:.3}s."),
            WaitDialect::Spelt => message = format!("Rate limit reached. Please retry after {whole} seconds."),
            WaitDialect::Silent => {}
        }
        Response { status: 429, headers, body: wire.error(429, "rate_limit_exceeded", &message).into_bytes() }
    }
}

/// A response that turns a request away.
#[derive(Debug, Clone, PartialEq)]
pub struct Refusal {
    /// 429.
    pub status: u16,
    /// Headers, names in lower case.
    pub headers: Vec<(&'static str, String)>,
    /// Body.
    pub body: Vec<u8>,
}

/// The buckets of a [`RateProfile`]. It keeps no clock; times count from its start and never go back.
#[derive(Debug, Clone)]
pub struct Limiter {
    profile: RateProfile,
    requests: f64,
    tokens: f64,
    at: Duration,
}

impl Limiter {
    /// Full buckets.
    pub fn new(profile: RateProfile) -> Self {
        let mut limiter = Limiter { profile, requests: 0.0, tokens: 0.0, at: Duration::ZERO };
        (limiter.requests, limiter.tokens) = limiter.bursts(Duration::ZERO);
        limiter
    }

    /// Lets a request of `tokens` pass at `now` and gives the headers of its response, or turns it away. One that is larger than the
    /// bucket passes when the bucket is full.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn ask(&mut self, now: Duration, now_unix_s: u64, tokens: f64) -> Result<Vec<(&'static str, String)>, Refusal> {
        self.refill(now);
        let (per_request, per_token) = self.per_second(now);
        let (most_requests, most_tokens) = self.bursts(now);
        let missing = [(1.0, most_requests, self.requests, per_request), (tokens, most_tokens, self.tokens, per_token)];
        let wait = missing.map(|(need, most, level, rate)| ((need.min(most) - level) / rate).max(0.0));
        let wait = wait[0].max(wait[1]);
        if wait > 0.0 {
            let wait = Duration::from_secs_f64(wait.min(86_400.0));
            let wire = if self.profile.told == Told::Anthropic { Wire::Messages } else { Wire::Chat };
            let Response { status, mut headers, body } = self.profile.wait.response(wire, wait, now_unix_s);
            for told in self.told(now, now_unix_s) {
                if !headers.iter().any(|(name, _)| *name == told.0) {
                    headers.push(told);
                }
            }
            return Err(Refusal { status, headers, body });
        }
        self.requests -= 1.0;
        self.tokens -= tokens;
        Ok(self.told(now, now_unix_s))
    }

    /// Requests and tokens a second at `now`.
    pub fn per_second(&self, now: Duration) -> (f64, f64) {
        let step = self.profile.steps.iter().rev().find(|(from, _)| *from <= now).map_or(1.0, |(_, factor)| *factor);
        (self.profile.requests_per_minute * step / 60.0, self.profile.tokens_per_minute * step / 60.0)
    }

    fn bursts(&self, now: Duration) -> (f64, f64) {
        let (requests, tokens) = self.per_second(now);
        ((requests * self.profile.burst_s).max(1.0), (tokens * self.profile.burst_s).max(1.0))
    }

    fn refill(&mut self, now: Duration) {
        let steps: Vec<Duration> =
            self.profile.steps.iter().map(|(at, _)| *at).filter(|at| (self.at..now).contains(at)).collect();
        for until in steps.into_iter().chain([now]) {
            let passed = until.saturating_sub(self.at).as_secs_f64();
            let ((requests, tokens), most_before) = (self.per_second(self.at), self.bursts(self.at));
            let most = self.bursts(until);
            let fill = |level: f64, rate: f64, before: f64, most: f64| {
                if rate.is_infinite() { most } else { (level + passed * rate).min(before).min(most) }
            };
            self.requests = fill(self.requests, requests, most_before.0, most.0);
            self.tokens = fill(self.tokens, tokens, most_before.1, most.1);
            self.at = self.at.max(until);
        }
    }

    fn told(&self, now: Duration, now_unix_s: u64) -> Vec<(&'static str, String)> {
        let ((requests, tokens), (most_requests, most_tokens)) = (self.per_second(now), self.bursts(now));
        let factor = match self.profile.told {
            Told::Nothing => return Vec::new(),
            Told::MinusOne => return fixed("-1"),
            Told::Zero => return fixed("0"),
            Told::TenTimesTooMuch => 10.0,
            Told::TenTimesTooLittle => 0.1,
            Told::OpenAi | Told::Anthropic => 1.0,
        };
        let mut headers = Vec::with_capacity(6);
        let units = [(requests, most_requests, self.requests), (tokens, most_tokens, self.tokens)];
        for (names, (rate, most, level)) in NAMES.iter().zip(units).filter(|(_, (rate, ..))| rate.is_finite()) {
            let names = if self.profile.told == Told::Anthropic { &names.1 } else { &names.0 };
            let reset_s = ((most - level) / rate).max(0.0);
            headers.push((names[0], format!("{:.0}", rate * 60.0 * factor)));
            headers.push((names[1], format!("{:.0}", (level * factor).floor().max(0.0))));
            headers.push((
                names[2],
                if self.profile.told == Told::Anthropic {
                    rfc3339(now_unix_s + reset_s.ceil() as u64)
                } else {
                    format!("{reset_s:.3}s")
                },
            ));
        }
        headers
    }
}

type Names = [&'static str; 3];

/// Limit, remaining and reset of requests and of tokens, as OpenAI and as Anthropic spell them.
const NAMES: [(Names, Names); 2] = [
    (
        ["x-ratelimit-limit-requests", "x-ratelimit-remaining-requests", "x-ratelimit-reset-requests"],
        [
            "anthropic-ratelimit-requests-limit",
            "anthropic-ratelimit-requests-remaining",
            "anthropic-ratelimit-requests-reset",
        ],
    ),
    (
        ["x-ratelimit-limit-tokens", "x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens"],
        [
            "anthropic-ratelimit-tokens-limit",
            "anthropic-ratelimit-tokens-remaining",
            "anthropic-ratelimit-tokens-reset",
        ],
    ),
];

fn fixed(value: &str) -> Vec<(&'static str, String)> {
    NAMES.iter().flat_map(|(openai, _)| openai.iter().map(|name| (*name, value.to_owned()))).collect()
}

/// `2026-01-31T12:00:00Z`.
pub(crate) fn rfc3339(unix_s: u64) -> String {
    let (days, s) = (unix_s / 86_400, unix_s % 86_400);
    // Civil date from days, years counted from March so that the leap day ends the year.
    let z = days + 719_468;
    let (era, of_era) = (z / 146_097, z % 146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let m = (5 * of_year + 2) / 153;
    let (day, month) = (of_year - (153 * m + 2) / 5 + 1, if m < 10 { m + 3 } else { m - 9 });
    let year = year + era * 400 + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", s / 3600, s / 60 % 60, s % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    const S: fn(u64) -> Duration = Duration::from_secs;

    #[test]
    fn lets_a_burst_through_then_the_rate() {
        let mut limiter =
            Limiter::new(RateProfile { requests_per_minute: 600.0, burst_s: 1.0, ..RateProfile::default() });
        let mut passed = |from: u64, to: u64| {
            (from..to).filter(|ms| limiter.ask(Duration::from_millis(*ms), 0, 1.0).is_ok()).count()
        };
        assert_eq!(passed(0, 1), 1);
        assert!((18..=19).contains(&passed(1, 1000)));
        assert!((99..=101).contains(&passed(1000, 11_000)));
    }

    #[test]
    fn steps_and_tells_what_it_does() {
        let steps = vec![(S(10), 0.5), (S(20), 2.0)];
        let mut limiter = Limiter::new(RateProfile { requests_per_minute: 60.0, steps, ..RateProfile::default() });
        for (at, limit, remaining) in [(0, "60", "59"), (10, "30", "29"), (20, "120", "29")] {
            let headers = limiter.ask(S(at), 0, 1.0).expect("passes");
            let of = |name: &str| headers.iter().find(|(n, _)| *n == name).map(|(_, v)| v.clone()).expect("told");
            assert_eq!(of("x-ratelimit-limit-requests"), limit);
            assert_eq!(of("x-ratelimit-remaining-requests"), remaining, "{at}");
        }
    }

    #[test]
    fn a_request_larger_than_the_bucket_passes_when_it_is_full() {
        let mut limiter =
            Limiter::new(RateProfile { tokens_per_minute: 600.0, burst_s: 1.0, ..RateProfile::default() });
        assert!(limiter.ask(S(0), 0, 30.0).is_ok());
        let refusal = limiter.ask(S(1), 0, 10.0).expect_err("in debt");
        assert_eq!(refusal.headers[0], ("retry-after", "2".to_owned()));
        assert!(limiter.ask(S(3), 0, 10.0).is_ok());
    }

    #[test]
    fn writes_times_as_rfc_3339() {
        assert_eq!(rfc3339(1_767_225_600), "2026-01-01T00:00:00Z");
        assert_eq!(rfc3339(1_709_251_199), "2024-02-29T23:59:59Z");
    }
}

//! What a server tells about its rate limits in the headers of any response.

use super::wait::{find, span};
use std::time::Duration;

/// One limit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Allowance {
    /// Units a second, on average.
    pub per_second: f64,
    /// Units that the server lets through at once when nothing was used.
    pub burst: f64,
    /// Units left now, where told.
    pub remaining: Option<f64>,
}

/// The limits that a response tells of.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct RateLimits {
    /// Requests.
    pub requests: Option<Allowance>,
    /// Tokens, read and written together where the server does not part them.
    pub tokens: Option<Allowance>,
}

/// Reads `x-ratelimit-*` (OpenAI and those like it) and `anthropic-ratelimit-*`. Limits of zero or less are ignored: Azure sends
/// −1 and 0 for "none".
pub fn rate_limits(headers: &[(String, String)], now_unix_s: u64) -> RateLimits {
    let allowance = |unit: &str| {
        let named = |what: &str| {
            find(headers, &format!("x-ratelimit-{what}-{unit}"))
                .or_else(|| find(headers, &format!("anthropic-ratelimit-{unit}-{what}")))
        };
        let number = |what: &str| named(what)?.parse::<f64>().ok().filter(|n| n.is_finite());
        let limit = number("limit").filter(|n| *n >= 1.0)?;
        let remaining = number("remaining").filter(|n| (0.0..=limit).contains(n));
        let reset = named("reset").and_then(|v| span(v, now_unix_s));
        Some(Allowance { per_second: limit / period(limit, remaining, reset).as_secs_f64(), burst: limit, remaining })
    };
    RateLimits { requests: allowance("requests"), tokens: allowance("tokens") }
}

/// The period of a limit: a minute, unless the time to its reset shows that it is far longer (Groq counts requests a day).
fn period(limit: f64, remaining: Option<f64>, reset: Option<Duration>) -> Duration {
    const MINUTE: Duration = Duration::from_secs(60);
    const DAY: Duration = Duration::from_secs(86_400);
    let (Some(remaining), Some(reset)) = (remaining, reset) else { return MINUTE };
    let used = limit - remaining;
    if used < 1.0 || reset.as_secs_f64() * limit / used <= 600.0 {
        return MINUTE;
    }
    DAY
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(headers: &[(&str, &str)]) -> RateLimits {
        let headers: Vec<_> = headers.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        rate_limits(&headers, 1_767_225_600)
    }

    #[test]
    fn reads_both_spellings() {
        let openai = of(&[
            ("x-ratelimit-limit-requests", "600"),
            ("x-ratelimit-remaining-requests", "599"),
            ("x-ratelimit-reset-requests", "100ms"),
            ("x-ratelimit-limit-tokens", "60000"),
        ]);
        assert_eq!(openai.requests, Some(Allowance { per_second: 10.0, burst: 600.0, remaining: Some(599.0) }));
        assert_eq!(openai.tokens, Some(Allowance { per_second: 1000.0, burst: 60_000.0, remaining: None }));
        let anthropic =
            of(&[("anthropic-ratelimit-requests-limit", "60"), ("anthropic-ratelimit-requests-remaining", "3")]);
        assert_eq!(anthropic.requests, Some(Allowance { per_second: 1.0, burst: 60.0, remaining: Some(3.0) }));
    }

    #[test]
    fn ignores_limits_that_say_none() {
        for limit in ["-1", "0", "NaN", "x", ""] {
            assert_eq!(of(&[("x-ratelimit-limit-requests", limit)]), RateLimits::default(), "{limit}");
        }
    }

    #[test]
    fn sees_a_limit_for_the_day() {
        let groq = of(&[
            ("x-ratelimit-limit-requests", "14400"),
            ("x-ratelimit-remaining-requests", "14370"),
            ("x-ratelimit-reset-requests", "2m59.56s"),
        ]);
        assert_eq!(groq.requests.map(|a| a.per_second), Some(14_400.0 / 86_400.0));
    }
}

//! How long a server says to wait, in every dialect of saying so.

use super::Response;
use regex::Regex;
use serde_json::Value;
use std::sync::LazyLock;
use std::time::Duration;

/// Longer waits are taken for nonsense.
const LONGEST: Duration = Duration::from_secs(31 * 24 * 3600);

/// The wait that a response asks for: the longest of `retry-after-ms`, `retry-after` (seconds or an HTTP date), the resets of
/// limits that are used up, Gemini's `RetryInfo` and "try again in …" in the message. Zero, negative and absurd values are ignored.
pub(super) fn wait(response: &Response<'_>, body: Option<&Value>, message: &str) -> Option<Duration> {
    let header = |name: &str| find(response.headers, name);
    let now = response.now_unix_s;
    let milliseconds = header("retry-after-ms").and_then(|v| v.parse::<f64>().ok()).and_then(|ms| seconds(ms / 1000.0));
    let plain = header("retry-after").and_then(|v| span(v, now));
    let said = retry_info(body).into_iter().chain(in_words(message)).max();
    [milliseconds, plain, said].into_iter().flatten().max().or_else(|| used_up(response.headers, now))
}

/// The value of a header, by its lower-case name.
pub(super) fn find<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.trim())
}

/// A span as servers write it: seconds (`2`, `0.5`), a duration (`6m0s`, `20ms`), an HTTP date, an RFC 3339 time, or seconds or
/// milliseconds since 1970. `None` for what is not positive, not a span, or longer than a month.
pub(super) fn span(text: &str, now_unix_s: u64) -> Option<Duration> {
    let text = text.trim();
    if let Ok(number) = text.parse::<f64>() {
        let now = now_unix_s as f64;
        return match number {
            n if n > 1e11 => seconds(n / 1000.0 - now),
            n if n > 1e9 => seconds(n - now),
            n => seconds(n),
        };
    }
    if let Ok(date) = httpdate::parse_http_date(text) {
        let at = date.duration_since(std::time::UNIX_EPOCH).ok()?.as_secs_f64();
        return seconds(at - now_unix_s as f64);
    }
    rfc3339(text).map_or_else(|| units(text), |at| seconds(at - now_unix_s as f64))
}

fn seconds(s: f64) -> Option<Duration> {
    Duration::try_from_secs_f64(s).ok().filter(|d| !d.is_zero() && *d <= LONGEST)
}

/// `1h2m3.5s`, `20ms`.
fn units(text: &str) -> Option<Duration> {
    static PART: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"([0-9]+(?:\.[0-9]+)?)(ms|s|m|h|d)").expect("a fixed pattern"));
    let (mut total, mut end) = (0.0, 0);
    for part in PART.captures_iter(text) {
        let whole = part.get_match();
        if whole.start() != end {
            return None;
        }
        end = whole.end();
        let unit = match &part[2] {
            "ms" => 0.001,
            "s" => 1.0,
            "m" => 60.0,
            "h" => 3600.0,
            _ => 86_400.0,
        };
        total += part[1].parse::<f64>().ok()? * unit;
    }
    if end == text.len() { seconds(total) } else { None }
}

/// A time in seconds since 1970 for people, in GMT.
pub fn utc(unix_s: u64) -> String {
    // Years of more than four digits have no date of this form.
    httpdate::fmt_http_date(std::time::UNIX_EPOCH + Duration::from_secs(unix_s.min(253_402_300_799)))
}

/// Seconds since 1970 of `2026-01-31T12:00:00.5Z` or with an offset.
pub(super) fn rfc3339(text: &str) -> Option<f64> {
    static TIME: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d(?:\.\d+)?)([Zz]|[+-]\d\d:\d\d)$")
            .expect("a fixed pattern")
    });
    let parts = TIME.captures(text)?;
    let number = |i: usize| parts[i].parse::<f64>().ok();
    let (year, month, day) = (number(1)?, number(2)?, number(3)?);
    // Days from a civil date, counted from March so that the leap day ends the year.
    let y = if month <= 2.0 { year - 1.0 } else { year };
    let m = (month + 9.0) % 12.0;
    let days = 365.0 * y + (y / 4.0).floor() - (y / 100.0).floor()
        + (y / 400.0).floor()
        + ((153.0 * m + 2.0) / 5.0).floor()
        + day
        - 1.0
        - 719_468.0;
    let zone = &parts[7];
    let offset = if zone.len() == 6 {
        let minutes = zone[1..3].parse::<f64>().ok()? * 60.0 + zone[4..6].parse::<f64>().ok()?;
        if zone.starts_with('-') { -minutes } else { minutes }
    } else {
        0.0
    };
    Some(days * 86_400.0 + number(4)? * 3600.0 + number(5)? * 60.0 + number(6)? - offset * 60.0)
}

/// Gemini's `error.details[].retryDelay` ("45.8s"); some send a list of such bodies.
fn retry_info(body: Option<&Value>) -> Option<Duration> {
    let body = body?;
    let error = body.get("error").or_else(|| body.get(0)?.get("error"))?;
    let details = error.get("details")?.as_array()?;
    details.iter().filter_map(|d| units(d.get("retryDelay")?.as_str()?)).max()
}

/// "Please try again in 6.5s", "retry after 20 seconds".
fn in_words(message: &str) -> Option<Duration> {
    static HINT: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)(?:try again|retry|retrying) (?:in|after) ((?:[0-9.]+(?:ms|s|m|h))+)\b")
            .expect("a fixed pattern")
    });
    static SPELT: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)(?:try again|retry|retrying) (?:in|after) ([0-9.]+) ?(second|minute|hour)")
            .expect("a fixed pattern")
    });
    if let Some(found) = HINT.captures(message) {
        return units(&found[1]);
    }
    let found = SPELT.captures(message)?;
    let unit = match found[2].to_ascii_lowercase().as_str() {
        "second" => 1.0,
        "minute" => 60.0,
        _ => 3600.0,
    };
    seconds(found[1].parse::<f64>().ok()? * unit)
}

/// The longest reset among the limits of which nothing remains; where none says what remains, the longest of all.
fn used_up(headers: &[(String, String)], now: u64) -> Option<Duration> {
    let resets = headers.iter().filter_map(|(name, value)| {
        let remaining = if name.starts_with("x-ratelimit-reset") {
            name.replacen("reset", "remaining", 1)
        } else if name.starts_with("anthropic-ratelimit-") {
            format!("{}-remaining", name.strip_suffix("-reset")?)
        } else {
            return None;
        };
        let left = find(headers, &remaining).and_then(|v| v.parse::<f64>().ok());
        Some((left.is_none_or(|n| n <= 0.0), span(value, now)?))
    });
    let resets: Vec<(bool, Duration)> = resets.collect();
    let exhausted = resets.iter().filter(|(empty, _)| *empty).map(|(_, d)| *d).max();
    exhausted.or_else(|| resets.iter().map(|(_, d)| *d).max())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    const NOW: u64 = 1_767_225_600; // 2026-01-01T00:00:00Z

    fn of(headers: &[(&str, &str)]) -> Option<f64> {
        let headers: Vec<(String, String)> = headers.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        let response = Response { status: 429, headers: &headers, body: b"", now_unix_s: NOW };
        wait(&response, None, "").map(|d| d.as_secs_f64())
    }

    #[test]
    fn reads_every_dialect() {
        for (headers, expected) in [
            (&[("retry-after", "7")][..], Some(7.0)),
            (&[("retry-after", "0.25")], Some(0.25)),
            (&[("retry-after", "Thu, 01 Jan 2026 00:00:30 GMT")], Some(30.0)),
            (&[("retry-after-ms", "1500"), ("retry-after", "1")], Some(1.5)),
            (&[("x-ratelimit-reset-requests", "6m0s")], Some(360.0)),
            (&[("x-ratelimit-reset-tokens", "20ms")], Some(0.02)),
            (&[("x-ratelimit-reset", "1767225660")], Some(60.0)),
            (&[("x-ratelimit-reset", "1767225660000")], Some(60.0)),
            (&[("anthropic-ratelimit-requests-reset", "2026-01-01T00:00:45Z")], Some(45.0)),
            (&[("anthropic-ratelimit-tokens-reset", "2026-01-01T01:00:45.5+01:00")], Some(45.5)),
        ] {
            assert_eq!(of(headers), expected, "{headers:?}");
        }
    }

    #[test]
    fn counts_only_the_limit_that_is_used_up() {
        let headers = [
            ("x-ratelimit-remaining-requests", "0"),
            ("x-ratelimit-reset-requests", "2s"),
            ("x-ratelimit-remaining-tokens", "9000"),
            ("x-ratelimit-reset-tokens", "50s"),
        ];
        assert_eq!(of(&headers), Some(2.0));
    }

    #[test]
    fn ignores_nonsense() {
        for value in
            ["0", "-1", "NaN", "inf", "1e300", "soon", "", "9999999", "Thu, 01 Jan 2015 00:00:30 GMT", "5x", "m"]
        {
            assert_eq!(of(&[("retry-after", value)]), None, "{value}");
        }
    }

    #[test]
    fn reads_bodies_and_messages() {
        let response = Response { status: 429, headers: &[], body: b"", now_unix_s: NOW };
        let gemini = json!({"error": {"details": [{"@type": "x"}, {"retryDelay": "45.837906927s"}]}});
        assert_eq!(wait(&response, Some(&gemini), ""), Some(Duration::from_nanos(45_837_906_927)));
        for (message, expected) in [
            ("Limit 3, Used 3. Please try again in 20s. Visit", 20.0),
            ("Please try again in 1m30.5s.", 90.5),
            ("please retry after 3 seconds", 3.0),
            ("Retry in 250ms", 0.25),
        ] {
            assert_eq!(wait(&response, None, message), Some(Duration::from_secs_f64(expected)), "{message}");
        }
        assert_eq!(wait(&response, None, "try again later"), None);
    }

    proptest! {
        #[test]
        fn never_panics(value in any::<String>(), close in "[0-9.+:TZmshd-]{0,30}") {
            for text in [value, close] {
                let _ = span(&text, NOW);
                let _ = in_words(&format!("try again in {text}"));
            }
        }
    }
}

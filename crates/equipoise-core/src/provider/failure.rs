//! What a response that is no answer means: one reading of status and error body for every wire.

use super::json::{self, Unreadable};
use super::wait::wait;
use super::{Failure, FailureKind, Response};
use serde_json::Value;

/// How much of a server's message is kept, in characters.
const MESSAGE_CHARS: usize = 300;

/// The failure that a response with a status outside 200..=299, or with an error in its body, stands for.
pub(super) fn failure(response: &Response<'_>) -> Failure {
    let parsed = json::read(response.body);
    let said = match &parsed {
        Ok(body) => Said::of(body),
        Err(e) => Said { message: without_json(response, e), ..Said::default() },
    };
    let retry_after = wait(response, parsed.as_ref().ok(), &said.message);
    let kind = kind(said.status.unwrap_or(response.status), &said, retry_after.is_some());
    Failure { kind, retry_after, message: shown(&format!("{}: {}", response.status, said.message)) }
}

/// A failure for a 2xx response that does not hold what the protocol says.
pub(super) fn garbled(what: &str) -> Failure {
    Failure { kind: FailureKind::Garbled, retry_after: None, message: shown(what) }
}

/// What a 2xx body that is no JSON is.
pub(super) fn unreadable(why: &Unreadable) -> Failure {
    garbled(match why {
        Unreadable::Empty => "the body is empty",
        Unreadable::Html => "a web page came instead of an answer",
        Unreadable::TooDeep => "the body is nested too deeply",
        Unreadable::Cut => "the body ends in the middle",
        Unreadable::Malformed => "the body is not JSON",
    })
}

/// What an error body says.
#[derive(Debug, Default)]
struct Said {
    /// Status that the body itself names; gateways send errors under 200.
    status: Option<u16>,
    /// Codes and types, in lower case.
    codes: String,
    message: String,
}

impl Said {
    fn of(body: &Value) -> Self {
        // OpenAI: {"error": {…}}; Ollama: {"error": "…"}; Gemini may send [{"error": …}]; vLLM and FastAPI put it at the top.
        let body = body.get(0).unwrap_or(body);
        let error = body.get("error").filter(|e| !e.is_null()).unwrap_or(body);
        let codes: Vec<String> = ["code", "type", "status", "reason"]
            .iter()
            .filter_map(|k| error.get(k)?.as_str().map(str::to_ascii_lowercase))
            .collect();
        let text =
            [Some(error), error.get("message"), error.get("detail")].into_iter().flatten().find_map(Value::as_str);
        let code = error.get("code").and_then(Value::as_u64).and_then(|c| u16::try_from(c).ok());
        Said {
            status: code.filter(|c| (400..600).contains(c)),
            codes: codes.join(" "),
            message: text.map_or_else(|| error.to_string(), str::to_owned),
        }
    }

    fn speaks_of(&self, words: &[&str]) -> bool {
        let message = self.message.to_lowercase();
        words.iter().any(|w| self.codes.contains(w) || message.contains(w))
    }
}

fn kind(status: u16, said: &Said, has_wait: bool) -> FailureKind {
    const CREDIT: [&str; 8] = [
        "insufficient_quota",
        "billing",
        "credit balance",
        "insufficient credit",
        "insufficient balance",
        "insufficient_balance",
        "exceeded your current quota",
        "api usage limits",
    ];
    const KEY: [&str; 4] = ["invalid_api_key", "api key not valid", "api_key_invalid", "incorrect api key"];
    const MODEL: [&str; 5] =
        ["model_not_found", "is not a valid model", "not a valid model id", "unknown model", "model does not exist"];
    const SCHEMA: [&str; 9] = [
        "response_format",
        "json_schema",
        "response format",
        "json schema",
        "structured output",
        "responseschema",
        "response_schema",
        "json mode",
        "output_config",
    ];
    match status {
        // Gemini calls its minute limits a quota too; where a wait is named the limit comes back.
        402 => FailureKind::OutOfCredit,
        429 | 403 if said.speaks_of(&CREDIT) && !has_wait => FailureKind::OutOfCredit,
        429 => FailureKind::RateLimited,
        401 | 403 | 407 => FailureKind::Unauthorised,
        400 | 404 | 405 | 415 | 422 | 501 if said.speaks_of(&SCHEMA) => FailureKind::SchemaUnsupported,
        400 if said.speaks_of(&KEY) => FailureKind::Unauthorised,
        400 if said.speaks_of(&CREDIT) => FailureKind::OutOfCredit,
        400 | 422 if said.speaks_of(&MODEL) => FailureKind::UnknownModel,
        // A redirect is never followed: whoever answers it is not whom the key is for.
        300..=399 | 404 | 405 | 410 => FailureKind::UnknownModel,
        408 | 409 | 425 | 500..=599 => FailureKind::Overloaded,
        400..=499 => FailureKind::Rejected,
        _ => FailureKind::Garbled,
    }
}

fn without_json(response: &Response<'_>, why: &Unreadable) -> String {
    match why {
        Unreadable::Empty => "no message".to_owned(),
        Unreadable::Html => "a web page".to_owned(),
        _ => String::from_utf8_lossy(&response.body[..response.body.len().min(4 * MESSAGE_CHARS)]).into_owned(),
    }
}

/// `text` on one line, shortened, with control characters escaped.
fn shown(text: &str) -> String {
    let text = text.trim();
    let mut shown: String = text.chars().take(MESSAGE_CHARS).flat_map(escaped).collect();
    if text.chars().nth(MESSAGE_CHARS).is_some() {
        shown.push('…');
    }
    shown
}

fn escaped(c: char) -> impl Iterator<Item = char> {
    let escape = c.is_control().then(|| c.escape_default());
    let plain = escape.is_none().then_some(c);
    escape.into_iter().flatten().chain(plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use FailureKind::*;
    use std::time::Duration;

    fn of(status: u16, headers: &[(&str, &str)], body: &str) -> Failure {
        let headers: Vec<_> = headers.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        failure(&Response { status, headers: &headers, body: body.as_bytes(), now_unix_s: 1_767_225_600 })
    }

    #[test]
    fn reads_status_and_body_together() {
        for (status, body, expected) in [
            (
                429,
                r#"{"error":{"message":"Rate limit reached for requests","type":"requests","code":"rate_limit_exceeded"}}"#,
                RateLimited,
            ),
            (
                429,
                r#"{"error":{"message":"You exceeded your current quota, please check your plan","code":"insufficient_quota"}}"#,
                OutOfCredit,
            ),
            (429, "", RateLimited),
            (429, "<html>slow down</html>", RateLimited),
            (402, r#"{"error":{"message":"Insufficient Balance"}}"#, OutOfCredit),
            (403, r#"{"error":{"message":"billing account is closed"}}"#, OutOfCredit),
            (403, r#"{"error":{"message":"country not supported"}}"#, Unauthorised),
            (401, r#"{"error":{"message":"Incorrect API key provided","code":"invalid_api_key"}}"#, Unauthorised),
            (
                400,
                r#"{"error":{"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT"}}"#,
                Unauthorised,
            ),
            (
                400,
                r#"{"type":"error","error":{"type":"invalid_request_error","message":"Your credit balance is too low"}}"#,
                OutOfCredit,
            ),
            (404, r#"{"error":{"message":"The model `x` does not exist","code":"model_not_found"}}"#, UnknownModel),
            (404, "404 page not found", UnknownModel),
            (400, r#"{"object":"error","message":"x is not a valid model ID","code":400}"#, UnknownModel),
            (307, "", UnknownModel),
            (
                400,
                r#"{"error":{"message":"Invalid parameter: 'response_format' of type 'json_schema' is not supported"}}"#,
                SchemaUnsupported,
            ),
            (422, r#"{"detail":"extra field response_format"}"#, SchemaUnsupported),
            (404, r#"{"error":"json_schema is unavailable"}"#, SchemaUnsupported),
            (400, r#"{"error":{"message":"maximum context length is 8192 tokens"}}"#, Rejected),
            (413, "", Rejected),
            (422, r#"{"detail":[{"loc":["body"],"msg":"field required"}]}"#, Rejected),
            (408, "", Overloaded),
            (409, "", Overloaded),
            (500, "Internal Server Error", Overloaded),
            (502, "<html><h1>Bad Gateway</h1></html>", Overloaded),
            (503, r#"{"error":{"message":"overloaded"}}"#, Overloaded),
            (504, "", Overloaded),
            (529, r#"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#, Overloaded),
            (200, r#"{"error":{"message":"Provider returned error","code":503}}"#, Overloaded),
            (200, r#"{"error":{"message":"slow down","code":429}}"#, RateLimited),
            (100, "", Garbled),
        ] {
            assert_eq!(of(status, &[], body).kind, expected, "{status} {body}");
        }
    }

    #[test]
    fn a_quota_that_comes_back_is_waited_for() {
        let body = r#"{"error":{"message":"You exceeded your current quota","details":[{"retryDelay":"30s"}]}}"#;
        let failure = of(429, &[], body);
        assert_eq!((failure.kind, failure.retry_after), (RateLimited, Some(Duration::from_secs(30))));
    }

    #[test]
    fn messages_are_short_and_harmless() {
        let long = format!("{{\"error\":\"\\u001b[31mred\\n{}\"}}", "x".repeat(2000));
        let message = of(400, &[], &long).message;
        assert!(message.starts_with("400: \\u{1b}[31mred\\n"), "{message}");
        assert!(message.chars().count() < 330);
    }
}

//! A messages response as an answer or a failure.

use super::stream;
use crate::provider::failure::{failure, garbled, unreadable};
use crate::provider::{Answer, Failure, Finish, Response, Usage, json};
use serde_json::Value;

/// The message of a response, or why there is none.
pub(super) fn decode(response: &Response<'_>) -> Result<Answer, Failure> {
    if !(200..300).contains(&response.status) {
        return Err(failure(response));
    }
    let body = match stream::gathered(response.body) {
        Some(body) => body,
        None => json::read(response.body).map_err(|e| unreadable(&e, response.body))?,
    };
    if let Some(error) = body.get("error").filter(|e| !e.is_null()) {
        // The error's type says what its status would have been.
        let status = error.get("type").and_then(Value::as_str).and_then(status_of).unwrap_or(response.status);
        return Err(failure(&Response { status, body: body.to_string().as_bytes(), ..*response }));
    }
    let content = body.get("content").and_then(Value::as_array).ok_or_else(|| garbled("no content in the answer"))?;
    let finish = match body.get("stop_reason").and_then(Value::as_str) {
        Some("end_turn" | "stop_sequence" | "tool_use") => Finish::Stop,
        Some("max_tokens" | "model_context_window_exceeded") => Finish::Length,
        Some("refusal") => Finish::Refused,
        // `pause_turn` among them: the rest would come in a turn that nobody asks for.
        _ => Finish::Unknown,
    };
    let text: String = content.iter().filter_map(block).collect();
    Ok(Answer {
        text,
        finish,
        usage: body.get("usage").and_then(usage),
        model: body.get("model").and_then(Value::as_str).map(str::to_owned),
    })
}

/// The text of a block; the input of a tool, for gateways that turn a schema into one. Thinking is left out.
fn block(block: &Value) -> Option<String> {
    match block.get("type").and_then(Value::as_str)? {
        "text" => block.get("text").and_then(Value::as_str).map(str::to_owned),
        "tool_use" => block.get("input").map(Value::to_string),
        _ => None,
    }
}

/// Tokens that were written to or read from a cache were read too.
fn usage(usage: &Value) -> Option<Usage> {
    let tokens = |name: &str| usage.get(name).and_then(Value::as_u64);
    let cached = ["cache_creation_input_tokens", "cache_read_input_tokens"].map(|n| tokens(n).unwrap_or(0));
    let input_tokens = cached.iter().fold(tokens("input_tokens")?, |sum, n| sum.saturating_add(*n));
    Some(Usage { input_tokens, output_tokens: tokens("output_tokens")?, reasoning_tokens: 0 })
}

/// The HTTP status that goes with an error type.
pub(in crate::provider) fn status_of(kind: &str) -> Option<u16> {
    Some(match kind {
        "invalid_request_error" => 400,
        "authentication_error" => 401,
        "billing_error" => 402,
        "permission_error" => 403,
        "not_found_error" => 404,
        "request_too_large" => 413,
        "rate_limit_error" => 429,
        "api_error" => 500,
        "timeout_error" => 504,
        "overloaded_error" => 529,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::FailureKind::{self, *};
    use serde_json::json;
    use std::time::Duration;

    fn of(status: u16, headers: &[(&str, &str)], body: &str) -> Result<Answer, Failure> {
        let headers: Vec<_> = headers.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        decode(&Response { status, headers: &headers, body: body.as_bytes(), now_unix_s: 1_767_225_600 })
    }

    fn message(content: Value, stop: &str) -> Result<Answer, Failure> {
        let body = json!({"type": "message", "role": "assistant", "content": content, "stop_reason": stop});
        of(200, &[], &body.to_string())
    }

    #[test]
    fn reads_an_answer_of_recorded_shape() {
        let body = r#"{"id":"msg_1","type":"message","role":"assistant","model":"claude-haiku-4-5-20251001",
            "content":[{"type":"thinking","thinking":"hm","signature":"x"},{"type":"text","text":"{\"texts\":[]}"}],
            "stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":31,"cache_creation_input_tokens":2,
            "cache_read_input_tokens":3,"output_tokens":4,"service_tier":"standard"}}"#;
        let expected = Answer {
            text: r#"{"texts":[]}"#.to_owned(),
            finish: Finish::Stop,
            usage: Some(Usage { input_tokens: 36, output_tokens: 4, reasoning_tokens: 0 }),
            model: Some("claude-haiku-4-5-20251001".to_owned()),
        };
        assert_eq!(of(200, &[], body), Ok(expected));
    }

    #[test]
    fn tells_the_ways_of_stopping_apart() {
        for (stop, finish) in [
            ("end_turn", Finish::Stop),
            ("stop_sequence", Finish::Stop),
            ("max_tokens", Finish::Length),
            ("model_context_window_exceeded", Finish::Length),
            ("refusal", Finish::Refused),
            ("pause_turn", Finish::Unknown),
            ("something_new", Finish::Unknown),
        ] {
            let answer = message(json!([{"type": "text", "text": "x"}]), stop);
            assert_eq!(answer.map(|a| a.finish), Ok(finish), "{stop}");
        }
        assert_eq!(message(json!([]), "refusal").map(|a| a.finish), Ok(Finish::Refused));
        assert_eq!(message(json!([]), "pause_turn").map(|a| (a.text, a.finish)), Ok((String::new(), Finish::Unknown)));
    }

    #[test]
    fn reads_the_input_of_a_tool_as_the_text() {
        let answer =
            message(json!([{"type": "tool_use", "name": "texts", "input": {"texts": ["b", "a"]}}]), "tool_use");
        assert_eq!(answer.map(|a| (a.text, a.finish)), Ok((r#"{"texts":["b","a"]}"#.to_owned(), Finish::Stop)));
    }

    #[test]
    fn reads_errors_of_recorded_shape() {
        let error = |kind: &str, message: &str| {
            json!({"type": "error", "error": {"type": kind, "message": message}, "request_id": "req_1"}).to_string()
        };
        let cases: [(u16, &str, &str, FailureKind); 13] = [
            (400, "invalid_request_error", "messages: at least one message is required", Rejected),
            (400, "invalid_request_error", "output_config: Extra inputs are not permitted", Unsupported),
            (400, "invalid_request_error", "Your credit balance is too low to access the API", OutOfCredit),
            (400, "invalid_request_error", "You have reached your specified API usage limits", OutOfCredit),
            (401, "authentication_error", "invalid x-api-key", Unauthorised),
            (402, "billing_error", "payment details", OutOfCredit),
            (403, "permission_error", "not allowed", Unauthorised),
            (404, "not_found_error", "model: claude-nope", UnknownModel),
            (413, "request_too_large", "too large", TooLong),
            (429, "rate_limit_error", "slow down", RateLimited),
            (500, "api_error", "internal", Overloaded),
            (529, "overloaded_error", "Overloaded", Overloaded),
            (200, "overloaded_error", "Overloaded", Overloaded),
        ];
        for (status, kind, said, expected) in cases {
            let failure = of(status, &[], &error(kind, said)).expect_err("an error");
            assert_eq!(failure.kind, expected, "{status} {kind} {said}");
            assert!(failure.message.contains(said), "{}", failure.message);
        }
    }

    #[test]
    fn waits_for_the_limit_that_is_used_up() {
        let body = r#"{"type":"error","error":{"type":"rate_limit_error","message":"slow down"}}"#;
        let wait = |headers: &[(&str, &str)]| of(429, headers, body).expect_err("an error").retry_after;
        assert_eq!(wait(&[("retry-after", "12")]), Some(Duration::from_secs(12)));
        let resets = [
            ("anthropic-ratelimit-requests-remaining", "9"),
            ("anthropic-ratelimit-requests-reset", "2026-01-01T00:10:00Z"),
            ("anthropic-ratelimit-output-tokens-remaining", "0"),
            ("anthropic-ratelimit-output-tokens-reset", "2026-01-01T00:00:30Z"),
        ];
        assert_eq!(wait(&resets), Some(Duration::from_secs(30)));
    }
}

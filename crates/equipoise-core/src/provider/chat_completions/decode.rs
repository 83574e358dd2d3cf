//! A chat completion response as an answer or a failure.

use crate::provider::failure::{failure, garbled, unreadable};
use crate::provider::{Answer, Failure, Finish, Response, Usage, json};
use serde_json::Value;

/// The first choice of a response, or why there is none.
pub(super) fn decode(response: &Response<'_>) -> Result<Answer, Failure> {
    if !(200..300).contains(&response.status) {
        return Err(failure(response));
    }
    let body = json::read(response.body).map_err(|e| unreadable(&e))?;
    if body.get("error").is_some_and(|e| !e.is_null()) {
        return Err(failure(response));
    }
    let choice = body.get("choices").and_then(|c| c.get(0)).ok_or_else(|| garbled("no choices in the answer"))?;
    let message = choice.get("message").ok_or_else(|| garbled("no message in the answer"))?;
    let refusal = message.get("refusal").and_then(Value::as_str).filter(|r| !r.is_empty());
    let text = text(message.get("content"));
    let finish = match choice.get("finish_reason").and_then(Value::as_str) {
        Some("content_filter") => Finish::Filtered,
        _ if refusal.is_some() => Finish::Refused,
        // An empty reason, as of Snowflake, is one that a whole answer has.
        Some("stop" | "eos" | "eos_token" | "end_turn" | "stop_sequence" | "") => Finish::Stop,
        Some("length" | "max_tokens" | "model_length") => Finish::Length,
        _ => Finish::Unknown,
    };
    let thoughts = ["reasoning_content", "reasoning", "thinking"].iter().find_map(|field| message.get(field)?.as_str());
    let thoughts = thoughts.map(str::trim).filter(|t| !t.is_empty());
    let text = text.filter(|t| !t.trim().is_empty());
    let mut usage = body.get("usage").and_then(usage);
    if let Some(usage) = usage.as_mut().filter(|u| u.reasoning_tokens == 0 && text.is_none() && thoughts.is_some()) {
        usage.reasoning_tokens = usage.output_tokens;
    }
    // Some servers put the JSON that a schema forces into the thoughts and leave the content empty.
    let misplaced = || thoughts.filter(|t| t.starts_with(['{', '[']) && json::read(t.as_bytes()).is_ok());
    let text = text.as_deref().or(refusal).or_else(misplaced).unwrap_or_default().to_owned();
    Ok(Answer { text, finish, usage, model: body.get("model").and_then(Value::as_str).map(str::to_owned) })
}

/// Content as one string; some servers send a list of parts.
fn text(content: Option<&Value>) -> Option<String> {
    match content? {
        Value::String(text) => Some(text.clone()),
        Value::Array(parts) => Some(parts.iter().filter_map(part).collect()),
        _ => None,
    }
}

fn part(part: &Value) -> Option<&str> {
    part.as_str().or_else(|| part.get("text")?.as_str())
}

fn usage(usage: &Value) -> Option<Usage> {
    let tokens = |name: &str| usage.get(name).and_then(Value::as_u64);
    let details = usage.get("completion_tokens_details");
    let reasoning = details.and_then(|d| d.get("reasoning_tokens")).or_else(|| usage.get("reasoning_tokens"));
    Some(Usage {
        input_tokens: tokens("prompt_tokens")?,
        output_tokens: tokens("completion_tokens")?,
        reasoning_tokens: reasoning.and_then(Value::as_u64).unwrap_or(0),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::FailureKind;
    use serde_json::json;

    fn of(body: &[u8]) -> Result<Answer, Failure> {
        decode(&Response { status: 200, headers: &[], body, now_unix_s: 0 })
    }

    fn message(message: Value, finish: Value) -> Result<Answer, Failure> {
        of(json!({"choices": [{"index": 0, "message": message, "finish_reason": finish}]}).to_string().as_bytes())
    }

    #[test]
    fn reads_an_answer_of_recorded_shape() {
        let body = br#"{"id":"chatcmpl-1","object":"chat.completion","created":1767225600,"model":"gpt-4.1-mini-2025-04-14",
            "choices":[{"index":0,"message":{"role":"assistant","content":"So glad!","refusal":null,"annotations":[]},
            "logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":31,"completion_tokens":4,"total_tokens":35},
            "service_tier":"default","system_fingerprint":"fp_1"}"#;
        let expected = Answer {
            text: "So glad!".to_owned(),
            finish: Finish::Stop,
            usage: Some(Usage { input_tokens: 31, output_tokens: 4, reasoning_tokens: 0 }),
            model: Some("gpt-4.1-mini-2025-04-14".to_owned()),
        };
        assert_eq!(of(body), Ok(expected));
    }

    #[test]
    fn maps_every_finish_reason_and_accepts_no_unknown_one_as_whole() {
        for (reason, expected) in [
            (json!("stop"), Finish::Stop),
            (json!("eos_token"), Finish::Stop),
            (json!("length"), Finish::Length),
            (json!("content_filter"), Finish::Filtered),
            (json!("tool_calls"), Finish::Unknown),
            (json!("banana"), Finish::Unknown),
            (Value::Null, Finish::Unknown),
            (json!(7), Finish::Unknown),
        ] {
            let answer = message(json!({"content": "x"}), reason.clone());
            assert_eq!(answer.map(|a| a.finish), Ok(expected), "{reason}");
        }
    }

    #[test]
    fn reads_refusals_and_empty_content() {
        let refused = message(json!({"content": null, "refusal": "I can't."}), json!("stop")).expect("an answer");
        assert_eq!((refused.finish, refused.text.as_str()), (Finish::Refused, "I can't."));
        let filtered = message(json!({"content": null}), json!("content_filter")).expect("an answer");
        assert_eq!((filtered.finish, filtered.text.as_str()), (Finish::Filtered, ""));
        let cut = message(json!({"content": null}), json!("length")).expect("an answer");
        assert_eq!((cut.finish, cut.text.as_str()), (Finish::Length, ""));
    }

    #[test]
    fn an_answer_without_content_is_the_rows_and_not_the_servers() {
        let empty = message(json!({"content": null}), Value::Null).expect("an answer");
        assert_eq!((empty.finish, empty.text.as_str()), (Finish::Unknown, ""));
    }

    #[test]
    fn counts_thoughts_and_takes_misplaced_json_out_of_them() {
        let body = |message: Value| {
            json!({"choices": [{"message": message, "finish_reason": "length"}],
                "usage": {"prompt_tokens": 1, "completion_tokens": 9, "completion_tokens_details": {"reasoning_tokens": 7}}})
        };
        let thought =
            of(body(json!({"content": "", "reasoning_content": "hm {"})).to_string().as_bytes()).expect("an answer");
        assert_eq!((thought.text.as_str(), thought.usage.map(|u| u.reasoning_tokens)), ("", Some(7)));
        let misplaced = message(json!({"content": "", "reasoning_content": "{\"texts\":[]}"}), json!("stop"));
        assert_eq!(misplaced.map(|a| a.text), Ok("{\"texts\":[]}".to_owned()));
    }

    #[test]
    fn joins_content_parts() {
        let parts = json!([{"type": "text", "text": "a"}, {"type": "thinking"}, "b", {"type": "text", "text": "c"}]);
        assert_eq!(message(json!({"content": parts}), json!("stop")).map(|a| a.text), Ok("abc".to_owned()));
    }

    #[test]
    fn repairs_bad_text() {
        let answer = of(b"{\"choices\":[{\"message\":{\"content\":\"a\xff \\ud800\"},\"finish_reason\":\"stop\"}]}");
        assert_eq!(answer.map(|a| a.text), Ok("a\u{fffd} \u{fffd}".to_owned()));
    }

    #[test]
    fn calls_what_is_not_the_protocol_garbled() {
        let deep = format!("{{\"choices\":{}{}}}", "[".repeat(10_000), "]".repeat(10_000));
        for body in [
            "",
            "<!doctype html><html></html>",
            "null",
            "[]",
            "{}",
            r#"{"choices":[]}"#,
            r#"{"choices":[{}]}"#,
            r#"{"choices":[{"message":{"content":"cut of"#,
            &deep,
        ] {
            assert_eq!(of(body.as_bytes()).map_err(|f| f.kind), Err(FailureKind::Garbled), "{:.60}", body);
        }
    }

    #[test]
    fn sees_an_error_under_200() {
        let failed = of(br#"{"error":{"message":"upstream is busy","code":502},"choices":[]}"#);
        assert_eq!(failed.map_err(|f| f.kind), Err(FailureKind::Overloaded));
    }

    #[test]
    fn takes_usage_only_whole() {
        for body in
            [json!({}), json!({"prompt_tokens": 3}), json!({"prompt_tokens": -1, "completion_tokens": 2}), json!("x")]
        {
            assert_eq!(usage(&body), None);
        }
    }
}

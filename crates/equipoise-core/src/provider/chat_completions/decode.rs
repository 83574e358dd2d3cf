//! A chat completion response as an answer or a failure.

use super::{stream, text};
use crate::provider::failure::{failure, garbled, unreadable};
use crate::provider::{Answer, Failure, Finish, Response, Usage, json};
use serde_json::{Value, json};

/// The first choice of a response, or why there is none.
pub(super) fn decode(response: &Response<'_>) -> Result<Answer, Failure> {
    if !(200..300).contains(&response.status) {
        return Err(failure(response));
    }
    let body = match stream::gathered(response.body) {
        Some(body) => body,
        None => json::read(response.body).map_err(|e| unreadable(&e, response.body))?,
    };
    let failed = |error: &Value| {
        let body = json!({ "error": error }).to_string();
        Err(failure(&Response { body: body.as_bytes(), ..*response }))
    };
    if let Some(error) = body.get("error").filter(|e| !e.is_null()) {
        return failed(error);
    }
    let Some(choice) = body.get("choices").and_then(|c| c.get(0)) else {
        // An error that does not call itself one says why.
        let says = ["message", "detail", "msg"].iter().any(|field| body.get(*field).is_some_and(Value::is_string));
        return Err(if says { failure(response) } else { garbled("no choices in the answer") });
    };
    if let Some(error) = choice.get("error").filter(|e| e.is_object()) {
        return failed(error);
    }
    let message = choice.get("message").filter(|m| m.is_object());
    // The older protocol of completions has the text in the choice itself.
    let Some(message) = message.or_else(|| choice.get("text").map(|_| choice)) else {
        return Err(garbled("no message in the answer"));
    };
    let refusal = message.get("refusal").and_then(Value::as_str).filter(|r| !r.is_empty());
    let thoughts = ["reasoning_content", "reasoning", "thinking"].iter().find_map(|field| message.get(field)?.as_str());
    let thoughts = thoughts.map(str::trim).filter(|t| !t.is_empty());
    let plain = text::of(message);
    let in_tool = plain.is_none().then(|| text::in_place_of_content(message)).flatten();
    let finish = match finish(choice.get("finish_reason").and_then(Value::as_str)) {
        Finish::Filtered => Finish::Filtered,
        _ if refusal.is_some() => Finish::Refused,
        // Whoever calls a tool was done.
        Finish::Unknown if in_tool.is_some() => Finish::Stop,
        finish => finish,
    };
    let mut usage = body.get("usage").and_then(usage);
    if let Some(usage) = usage.as_mut().filter(|u| u.reasoning_tokens == 0 && plain.is_none() && thoughts.is_some()) {
        usage.reasoning_tokens = usage.output_tokens;
    }
    // Some servers put the JSON that a schema forces into the thoughts and leave the content empty.
    let misplaced = || thoughts.filter(|t| t.starts_with(['{', '[']) && json::read(t.as_bytes()).is_ok());
    let other = || refusal.or_else(misplaced).unwrap_or_default().to_owned();
    let text = plain.or(in_tool).unwrap_or_else(other);
    Ok(Answer { text, finish, usage, model: body.get("model").and_then(Value::as_str).map(str::to_owned) })
}

/// Why the model stopped, by the words of those who speak the protocol. An empty reason, as of Snowflake, is one that a whole answer has.
fn finish(reason: Option<&str>) -> Finish {
    match reason.map(str::to_ascii_lowercase).as_deref() {
        Some("stop" | "eos" | "eos_token" | "end_turn" | "stop_sequence" | "complete" | "completed" | "") => {
            Finish::Stop
        }
        Some("length" | "max_tokens" | "model_length" | "max_output_tokens") => Finish::Length,
        Some("content_filter" | "safety" | "sensitive") => Finish::Filtered,
        _ => Finish::Unknown,
    }
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
            (json!("STOP"), Finish::Stop),
            (json!("sensitive"), Finish::Filtered),
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
    fn reads_texts_that_stand_where_tools_and_older_protocols_put_them() {
        let texts = r#"{"texts":["a"]}"#;
        let tool = json!({"content": null, "tool_calls": [{"type": "function", "function": {"name": "f", "arguments": texts}}]});
        for message_of_a_tool in [
            tool,
            json!({"content": "", "function_call": {"name": "f", "arguments": texts}}),
            json!({"content": null, "parsed": {"texts": ["a"]}}),
            json!({"content": {"texts": ["a"]}}),
        ] {
            let answer = message(message_of_a_tool.clone(), json!("tool_calls")).map(|a| a.text);
            assert_eq!(answer, Ok(texts.to_owned()), "{message_of_a_tool}");
        }
        let called = message(json!({"content": null, "function_call": {"arguments": texts}}), json!("function_call"));
        assert_eq!(called.map(|a| a.finish), Ok(Finish::Stop));
        let older = of(br#"{"choices":[{"text":"a","index":0,"finish_reason":"stop"}]}"#);
        assert_eq!(older.map(|a| a.text), Ok("a".to_owned()));
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
        let of_the_choice = of(br#"{"choices":[{"message":{"content":""},"error":{"code":502,"message":"busy"}}]}"#);
        assert_eq!(of_the_choice.map_err(|f| f.kind), Err(FailureKind::Overloaded));
        let unnamed = of(br#"{"detail":"Not authenticated"}"#).expect_err("no answer");
        assert_eq!((unnamed.kind, unnamed.message.as_str()), (FailureKind::Garbled, "200: Not authenticated"));
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

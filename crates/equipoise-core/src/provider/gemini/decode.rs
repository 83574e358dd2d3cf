//! A generateContent response as an answer or a failure.

use super::stream;
use crate::provider::failure::{failure, garbled, unreadable};
use crate::provider::{Answer, Failure, FailureKind, Finish, Response, Usage, json};
use serde_json::Value;

/// The first candidate of a response, or why there is none.
pub(super) fn decode(response: &Response<'_>) -> Result<Answer, Failure> {
    if !(200..300).contains(&response.status) {
        return Err(refused(response));
    }
    let read = json::read(response.body);
    let body = match stream::gathered(response.body, read.as_ref().ok()) {
        Some(body) => body,
        None => read.map_err(|e| unreadable(&e, response.body))?,
    };
    if body.get("error").is_some_and(|e| !e.is_null()) {
        return Err(refused(&Response { body: body.to_string().as_bytes(), ..*response }));
    }
    let usage = body.get("usageMetadata").and_then(usage);
    let model = body.get("modelVersion").and_then(Value::as_str).map(str::to_owned);
    let Some(candidate) = body.get("candidates").and_then(|c| c.get(0)) else {
        // A prompt that a filter stopped has no candidate.
        let blocked = body.pointer("/promptFeedback/blockReason").and_then(Value::as_str);
        let reason = blocked.ok_or_else(|| garbled("no candidates in the answer"))?;
        return Ok(Answer { text: format!("[prompt blocked: {reason}]"), finish: Finish::Filtered, usage, model });
    };
    let finish = match candidate.get("finishReason").and_then(Value::as_str) {
        Some("STOP") => Finish::Stop,
        Some("MAX_TOKENS") => Finish::Length,
        Some("SAFETY" | "RECITATION" | "LANGUAGE" | "BLOCKLIST" | "PROHIBITED_CONTENT" | "SPII" | "MODEL_ARMOR") => {
            Finish::Filtered
        }
        _ => Finish::Unknown,
    };
    let parts = candidate.pointer("/content/parts").and_then(Value::as_array);
    let text: String = parts.into_iter().flatten().filter_map(said).collect();
    Ok(Answer { text, finish, usage, model })
}

/// The text of a part that is no thought.
fn said(part: &Value) -> Option<&str> {
    let is_thought = part.get("thought").and_then(Value::as_bool).unwrap_or(false);
    part.get("text").and_then(Value::as_str).filter(|_| !is_thought)
}

/// Thoughts are billed as output; a blocked answer has no count of its own.
fn usage(usage: &Value) -> Option<Usage> {
    let tokens = |name: &str| usage.get(name).and_then(Value::as_u64);
    let sum = |names: [&str; 2]| names.iter().fold(0_u64, |sum, n| sum.saturating_add(tokens(n).unwrap_or(0)));
    tokens("promptTokenCount")?;
    Some(Usage {
        input_tokens: sum(["promptTokenCount", "toolUsePromptTokenCount"]),
        output_tokens: sum(["candidatesTokenCount", "thoughtsTokenCount"]),
        reasoning_tokens: tokens("thoughtsTokenCount").unwrap_or(0),
    })
}

/// The failure of an error response. A quota for the day is told by its id alone: a `RetryInfo` of seconds may stand beside it.
fn refused(response: &Response<'_>) -> Failure {
    let failure = failure(response);
    let body = json::read(response.body).ok();
    let error = body.as_ref().and_then(|b| b.get(0).unwrap_or(b).get("error"));
    let kind = match failure.kind {
        FailureKind::RateLimited if error.is_some_and(is_daily) => FailureKind::OutOfCredit,
        // The account or its country, and no request of it, is at fault.
        FailureKind::Rejected if error.is_some_and(|e| e["status"] == "FAILED_PRECONDITION") => {
            FailureKind::Unauthorised
        }
        kind => kind,
    };
    Failure { kind, ..failure }
}

fn is_daily(error: &Value) -> bool {
    let details = error.get("details").and_then(Value::as_array).into_iter().flatten();
    let violations = details.filter_map(|d| d.get("violations")?.as_array()).flatten();
    violations.filter_map(|v| v.get("quotaId")?.as_str()).any(|id| id.contains("PerDay"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use FailureKind::*;
    use serde_json::json;
    use std::time::Duration;

    fn of(status: u16, body: &str) -> Result<Answer, Failure> {
        decode(&Response { status, headers: &[], body: body.as_bytes(), now_unix_s: 1_767_225_600 })
    }

    #[test]
    fn reads_an_answer_of_recorded_shape() {
        let body = r#"{"candidates":[{"content":{"parts":[{"text":"hm","thought":true},{"text":"So "},{"text":"glad!"}],
            "role":"model"},"finishReason":"STOP","index":0,"avgLogprobs":-0.1}],"usageMetadata":{"promptTokenCount":31,
            "candidatesTokenCount":4,"totalTokenCount":42,"promptTokensDetails":[{"modality":"TEXT","tokenCount":31}],
            "thoughtsTokenCount":7},"modelVersion":"gemini-2.5-flash","responseId":"r1"}"#;
        let expected = Answer {
            text: "So glad!".to_owned(),
            finish: Finish::Stop,
            usage: Some(Usage { input_tokens: 31, output_tokens: 11, reasoning_tokens: 7 }),
            model: Some("gemini-2.5-flash".to_owned()),
        };
        assert_eq!(of(200, body), Ok(expected));
    }

    #[test]
    fn tells_the_ways_of_stopping_apart() {
        for (reason, finish) in [
            ("STOP", Ok(Finish::Stop)),
            ("MAX_TOKENS", Ok(Finish::Length)),
            ("SAFETY", Ok(Finish::Filtered)),
            ("RECITATION", Ok(Finish::Filtered)),
            ("PROHIBITED_CONTENT", Ok(Finish::Filtered)),
            ("BLOCKLIST", Ok(Finish::Filtered)),
            ("SPII", Ok(Finish::Filtered)),
            ("OTHER", Ok(Finish::Unknown)),
            ("SOMETHING_NEW", Ok(Finish::Unknown)),
        ] {
            let body = json!({"candidates": [{"finishReason": reason, "index": 0}]});
            assert_eq!(of(200, &body.to_string()).map(|a| a.finish).map_err(|f| f.kind), finish, "{reason}");
        }
    }

    #[test]
    fn a_blocked_prompt_is_an_answer_that_was_filtered() {
        let body = r#"{"promptFeedback":{"blockReason":"PROHIBITED_CONTENT"},"usageMetadata":{"promptTokenCount":8,
            "totalTokenCount":8},"modelVersion":"gemini-2.5-flash"}"#;
        let answer = of(200, body).expect("an answer");
        assert_eq!(answer.finish, Finish::Filtered);
        assert_eq!(answer.usage, Some(Usage { input_tokens: 8, output_tokens: 0, reasoning_tokens: 0 }));
        assert_eq!(of(200, "{\"candidates\":[]}").map_err(|f| f.kind), Err(Garbled));
    }

    fn quota(ids: &[&str], delay: &str) -> String {
        let violations: Vec<Value> = ids.iter().map(|id| json!({"quotaMetric": "m", "quotaId": id})).collect();
        json!({"error": {"code": 429, "message": "You exceeded your current quota", "status": "RESOURCE_EXHAUSTED", "details": [
            {"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": violations},
            {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": delay}
        ]}})
        .to_string()
    }

    #[test]
    fn a_quota_of_the_minute_is_waited_for_and_one_of_the_day_is_not() {
        let minute = "GenerateContentInputTokensPerModelPerMinute-FreeTier";
        let day = "GenerateRequestsPerDayPerProjectPerModel-FreeTier";
        let failure = of(429, &quota(&[minute], "45.837906927s")).expect_err("an error");
        assert_eq!((failure.kind, failure.retry_after), (RateLimited, Some(Duration::from_secs_f64(45.837_906_927))));
        assert_eq!(of(429, &quota(&[minute, day], "30s")).map_err(|f| f.kind), Err(OutOfCredit));
        assert_eq!(of(429, &format!("[{}]", quota(&[day], "30s"))).map_err(|f| f.kind), Err(OutOfCredit));
    }

    #[test]
    fn reads_errors_of_recorded_shape() {
        for (status, word, said, expected) in [
            (400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.", Unauthorised),
            (400, "INVALID_ARGUMENT", "Request contains an invalid argument.", Rejected),
            (400, "INVALID_ARGUMENT", "Unknown name \"x\" at 'generation_config.response_schema'", Unsupported),
            (400, "INVALID_ARGUMENT", "JSON mode is not enabled for models/m", Unsupported),
            (400, "FAILED_PRECONDITION", "User location is not supported for the API use.", Unauthorised),
            (403, "PERMISSION_DENIED", "no", Unauthorised),
            (404, "NOT_FOUND", "models/nope is not found for API version v1beta", UnknownModel),
            (429, "RESOURCE_EXHAUSTED", "Resource has been exhausted (e.g. check quota).", RateLimited),
            (500, "INTERNAL", "internal", Overloaded),
            (503, "UNAVAILABLE", "The model is overloaded.", Overloaded),
            (504, "DEADLINE_EXCEEDED", "late", Overloaded),
        ] {
            let body = json!({"error": {"code": status, "message": said, "status": word}}).to_string();
            assert_eq!(of(status, &body).map_err(|f| f.kind), Err(expected), "{status} {said}");
            assert_eq!(of(200, &body).map_err(|f| f.kind), Err(expected), "{status} {said} under 200");
        }
    }
}

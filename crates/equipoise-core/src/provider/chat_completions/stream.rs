//! The completion that a stream of events makes up.

use crate::provider::stream::events;
use serde_json::{Value, json};

/// The completion that the events in `body` make up; `None` where it holds none.
pub(super) fn gathered(body: &[u8]) -> Option<Value> {
    let mut whole = Gathered::default();
    events(body)?.iter().for_each(|event| whole.add(event));
    whole.into_completion()
}

#[derive(Default)]
struct Gathered {
    content: String,
    thoughts: String,
    finish: Value,
    usage: Value,
    model: Value,
    error: Value,
    n_choices: usize,
}

impl Gathered {
    fn add(&mut self, event: &Value) {
        for (kept, name) in [(&mut self.usage, "usage"), (&mut self.model, "model"), (&mut self.error, "error")] {
            if let Some(value) = event.get(name).filter(|v| !v.is_null()) {
                *kept = value.clone();
            }
        }
        let Some(choice) = event.get("choices").and_then(|c| c.get(0)) else { return };
        self.n_choices += 1;
        let delta = choice.get("delta").or_else(|| choice.get("message")).unwrap_or(choice);
        let text = |field: &str| delta.get(field).and_then(Value::as_str).unwrap_or_default();
        self.content.push_str(text("content"));
        self.thoughts.push_str(text("reasoning_content"));
        if let Some(finish) = choice.get("finish_reason").filter(|f| !f.is_null()) {
            self.finish = finish.clone();
        }
    }

    fn into_completion(self) -> Option<Value> {
        let Gathered { content, thoughts, finish, usage, model, error, n_choices } = self;
        if n_choices == 0 && error.is_null() {
            return None;
        }
        let message = json!({"content": content, "reasoning_content": thoughts});
        let choice = json!({"message": message, "finish_reason": finish});
        Some(json!({"choices": [choice], "usage": usage, "model": model, "error": error}))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joins_the_pieces_of_a_stream() {
        let body = concat!(
            ": keep-alive\n\n",
            "data: {\"model\":\"m\",\"choices\":[{\"delta\":{\"role\":\"assistant\"},\"finish_reason\":null}]}\r\n\r\n",
            "data: {\"choices\":[{\"delta\":{\"content\":\"so \"},\"finish_reason\":null}]}\n\n",
            "data: {\"choices\":[{\"delta\":{\"content\":\"glad\"},\"finish_reason\":\"stop\"}]}\n\n",
            "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2}}\n\ndata: [DONE]\n",
        );
        let whole = gathered(body.as_bytes()).expect("a completion");
        assert_eq!(whole["choices"][0]["message"]["content"], "so glad");
        assert_eq!(
            (&whole["choices"][0]["finish_reason"], &whole["usage"]["completion_tokens"]),
            (&"stop".into(), &2.into())
        );
        assert_eq!(whole["model"], "m");
    }

    #[test]
    fn a_stream_that_breaks_off_has_no_reason_to_stop_and_an_error_stays_one() {
        let cut =
            gathered(b"data: {\"choices\":[{\"delta\":{\"content\":\"so\"}}]}\n\ndata: {\"choi").expect("a start");
        assert!(cut["choices"][0]["finish_reason"].is_null());
        let failed = gathered(b"data: {\"error\":{\"message\":\"busy\"}}\n\n").expect("an error");
        assert_eq!(failed["error"]["message"], "busy");
    }

    #[test]
    fn what_is_no_stream_is_left_alone() {
        for body in [&b"{\"choices\":[]}"[..], b"", b"data: x\n", b"event: ping\n\n", b"<html>"] {
            assert_eq!(gathered(body), None, "{}", String::from_utf8_lossy(body));
        }
    }
}

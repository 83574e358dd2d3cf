//! The message that a stream of events makes up.

use crate::provider::{json, stream};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The message that the events in `body` make up; `None` where it holds none.
///
/// Source: <https://platform.claude.com/docs/en/build-with-claude/streaming>.
pub(super) fn gathered(body: &[u8]) -> Option<Value> {
    let mut message = None;
    let mut blocks: BTreeMap<u64, Block> = BTreeMap::new();
    for event in stream::events(body)? {
        match event["type"].as_str().unwrap_or_default() {
            "error" => return Some(event),
            "message_start" => message = event.get("message").cloned(),
            "content_block_start" => blocks.entry(at(&event)).or_default().start = event["content_block"].clone(),
            "content_block_delta" => blocks.entry(at(&event)).or_default().add(&event["delta"]),
            "message_delta" => end(message.as_mut()?, &event),
            _ => {}
        }
    }
    let mut message = message?;
    message["content"] = blocks.into_values().map(Block::into_value).collect();
    Some(message)
}

fn at(event: &Value) -> u64 {
    event["index"].as_u64().unwrap_or_default()
}

/// Takes in why the message ended and what it has used.
fn end(message: &mut Value, event: &Value) {
    if !message.is_object() {
        return;
    }
    message["stop_reason"] = event["delta"]["stop_reason"].clone();
    if let (Some(used), Some(known)) = (event["usage"].as_object(), message["usage"].as_object_mut()) {
        known.extend(used.iter().filter(|(_, n)| !n.is_null()).map(|(name, n)| (name.clone(), n.clone())));
    }
}

#[derive(Default)]
struct Block {
    start: Value,
    text: String,
    input: String,
}

impl Block {
    fn add(&mut self, delta: &Value) {
        self.text.push_str(delta["text"].as_str().unwrap_or_default());
        self.input.push_str(delta["partial_json"].as_str().unwrap_or_default());
    }

    fn into_value(self) -> Value {
        let Block { start, text, input } = self;
        match start["type"].as_str() {
            Some("tool_use") => {
                json!({"type": "tool_use", "input": json::read(input.as_bytes()).unwrap_or(start["input"].clone())})
            }
            Some("text") => {
                json!({"type": "text", "text": start["text"].as_str().unwrap_or_default().to_owned() + &text})
            }
            _ => start,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(events: &[Value]) -> Vec<u8> {
        let line = |event: &Value| format!("event: {}\ndata: {event}\n\n", event["type"].as_str().unwrap_or_default());
        events.iter().map(line).collect::<String>().into_bytes()
    }

    #[test]
    fn joins_the_pieces_of_a_message() {
        let whole = gathered(&body(&[
            json!({"type": "message_start", "message": {"model": "c", "content": [], "usage": {"input_tokens": 9, "output_tokens": 1}}}),
            json!({"type": "content_block_start", "index": 0, "content_block": {"type": "thinking", "thinking": ""}}),
            json!({"type": "content_block_delta", "index": 0, "delta": {"type": "thinking_delta", "thinking": "hm"}}),
            json!({"type": "content_block_start", "index": 1, "content_block": {"type": "text", "text": ""}}),
            json!({"type": "ping"}),
            json!({"type": "content_block_delta", "index": 1, "delta": {"type": "text_delta", "text": "so "}}),
            json!({"type": "content_block_delta", "index": 1, "delta": {"type": "text_delta", "text": "glad"}}),
            json!({"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 7}}),
            json!({"type": "message_stop"}),
        ]))
        .expect("a message");
        assert_eq!(whole["content"][1]["text"], "so glad");
        assert_eq!((&whole["stop_reason"], &whole["model"]), (&"end_turn".into(), &"c".into()));
        assert_eq!(whole["usage"], json!({"input_tokens": 9, "output_tokens": 7}));
    }

    #[test]
    fn an_error_stays_one_and_no_stream_is_left_alone() {
        let failed = gathered(&body(&[json!({"type": "error", "error": {"type": "overloaded_error"}})]));
        assert_eq!(failed.expect("an error")["error"]["type"], "overloaded_error");
        assert_eq!((gathered(b"{\"content\":[]}"), gathered(b"event: ping\n\n")), (None, None));
    }
}

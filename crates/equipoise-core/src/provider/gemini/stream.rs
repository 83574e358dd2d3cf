//! The response that a stream of events, or a list of pieces, makes up.

use crate::provider::stream;
use serde_json::{Value, json};

/// The response that the pieces in `body` make up; `None` where it is no stream. Without `alt=sse` a stream is a list.
///
/// Source: <https://ai.google.dev/api/generate-content#method:-models.streamgeneratecontent>.
pub(super) fn gathered(body: &[u8], read: Option<&Value>) -> Option<Value> {
    let pieces = match read {
        Some(body) => body.as_array()?.clone(),
        None => stream::events(body)?,
    };
    let mut pieces = pieces.into_iter();
    let mut whole = pieces.next()?;
    for piece in pieces {
        if !piece["error"].is_null() {
            return Some(piece);
        }
        add(&mut whole, piece);
    }
    Some(whole)
}

fn add(whole: &mut Value, mut piece: Value) {
    let next = piece.pointer_mut("/candidates/0/content/parts").map(Value::take);
    if let Some(Value::Array(next)) = next {
        if let Some(parts) = whole.pointer_mut("/candidates/0/content/parts").and_then(Value::as_array_mut) {
            parts.extend(next);
        } else if let Some(whole) = whole.as_object_mut() {
            whole.insert("candidates".to_owned(), json!([{"content": {"parts": next}}]));
        }
    }
    let finish = piece.pointer("/candidates/0/finishReason").cloned();
    if let (Some(finish), Some(candidate)) = (finish, whole.pointer_mut("/candidates/0").and_then(Value::as_object_mut))
    {
        candidate.insert("finishReason".to_owned(), finish);
    }
    if let (Some(usage), Some(whole)) = (piece.get("usageMetadata"), whole.as_object_mut()) {
        whole.insert("usageMetadata".to_owned(), usage.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joins_the_pieces_of_a_response() {
        let piece = |text: &str, more: Value| {
            let mut candidate = json!({"content": {"parts": [{"text": text}], "role": "model"}});
            candidate.as_object_mut().expect("an object").extend(more.as_object().cloned().unwrap_or_default());
            json!({"candidates": [candidate], "usageMetadata": {"promptTokenCount": 3}, "modelVersion": "g"})
        };
        let pieces = [piece("so ", json!({})), piece("glad", json!({"finishReason": "STOP"}))];
        let events: String = pieces.iter().map(|piece| format!("data: {piece}\r\n\r\n")).collect();
        let list = json!(pieces);
        for whole in [gathered(events.as_bytes(), None), gathered(b"", Some(&list))] {
            let whole = whole.expect("a response");
            assert_eq!(whole["candidates"][0]["content"]["parts"], json!([{"text": "so "}, {"text": "glad"}]));
            assert_eq!(
                (&whole["candidates"][0]["finishReason"], &whole["modelVersion"]),
                (&"STOP".into(), &"g".into())
            );
        }
    }

    #[test]
    fn an_error_stays_one_and_no_stream_is_left_alone() {
        let failed = gathered(b"data: {\"candidates\":[]}\n\ndata: {\"error\":{\"code\":503}}\n\n", None);
        assert_eq!(failed.expect("an error")["error"]["code"], 503);
        assert_eq!(
            (gathered(b"{}", Some(&json!({}))), gathered(b"", Some(&json!([]))), gathered(b"x", None)),
            (None, None, None)
        );
    }
}

//! Anthropic's message batches: the requests stand in the call that makes the batch, and the results in one stream of lines.

use super::{BatchCall, BatchItem, BatchSize, BatchStatus, BatchWire, LineResult, Method, get, is_id};
use crate::generator::RequestKey;
use crate::provider::anthropic::{auth, headers, status_of};
use crate::provider::failure::garbled;
use crate::provider::wait::rfc3339;
use crate::provider::{Failure, HttpCall};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

/// Results can be fetched for so long after the batch was made.
const KEPT_S: u64 = 29 * 86_400;

/// The batch wire. Source: <https://platform.claude.com/docs/en/api/messages/batches>.
#[derive(Debug, Clone, Copy)]
pub(crate) struct MessageBatches;

impl BatchWire for MessageBatches {
    fn size(&self) -> BatchSize {
        BatchSize { requests: 100_000, bytes: 256_000_000 }
    }

    fn keeps_uid(&self) -> bool {
        false
    }

    fn weight(&self, item: &BatchItem) -> usize {
        item.key.0.len() + item.body.len() + 32
    }

    fn upload(&self, _: &str, _: &[BatchItem], _: &str) -> Option<BatchCall> {
        None
    }

    fn create(&self, _: &str, items: &[BatchItem], _: Option<&str>, base_url: &str) -> BatchCall {
        let mut body = Vec::with_capacity(items.iter().map(|item| self.weight(item)).sum::<usize>() + 32);
        body.extend_from_slice(b"{\"requests\":[");
        for (i, BatchItem { key, body: request, .. }) in items.iter().enumerate() {
            let comma = if i > 0 { "," } else { "" };
            body.extend_from_slice(format!("{comma}{{\"custom_id\":\"{}\",\"params\":", key.0).as_bytes());
            body.extend_from_slice(request);
            body.push(b'}');
        }
        body.extend_from_slice(b"]}");
        let call = HttpCall { url: format!("{base_url}/messages/batches"), headers: headers(), auth: auth(), body };
        BatchCall { method: Method::Post, call }
    }

    fn status(&self, id: &str, base_url: &str) -> BatchCall {
        get(format!("{base_url}/messages/batches/{id}"), headers(), auth())
    }

    fn list(&self, after: Option<&str>, base_url: &str) -> BatchCall {
        let after = after.map_or_else(String::new, |id| format!("&after_id={id}"));
        get(format!("{base_url}/messages/batches?limit=100{after}"), headers(), auth())
    }

    fn results(&self, status: &BatchStatus, result: &str, base_url: &str) -> BatchCall {
        // The address that the provider names is used where it lies under the base URL; the key goes nowhere else.
        let is_own = result.strip_prefix(base_url).is_some_and(|rest| rest.starts_with('/'));
        let own = format!("{base_url}/messages/batches/{}/results", status.id);
        get(if is_own { result.to_owned() } else { own }, headers(), auth())
    }

    fn cancel_url(&self, id: &str, base_url: &str) -> String {
        format!("{base_url}/messages/batches/{id}/cancel")
    }

    fn read_batch(&self, body: &Value) -> Option<BatchStatus> {
        let text = |name: &str| body.get(name).and_then(Value::as_str);
        let id = text("id").filter(|id| is_id(id))?;
        let state = text("processing_status")?;
        let count = |name: &str| body.pointer(&format!("/request_counts/{name}")).and_then(Value::as_u64);
        let done = ["succeeded", "errored", "canceled", "expired"].map(count);
        let n_done = done
            .iter()
            .copied()
            .collect::<Option<Vec<u64>>>()
            .map(|all| all.iter().fold(0_u64, |a, b| a.saturating_add(*b)));
        let time = |name: &str| text(name).and_then(rfc3339).map(|at| at as u64);
        let created = time("created_at");
        let has_ended = state == "ended";
        Some(BatchStatus {
            id: id.to_owned(),
            state: state.to_owned(),
            has_ended,
            // Every line tells for itself whether it was worked on.
            is_complete: has_ended,
            n_total: n_done.zip(count("processing")).map(|(done, open)| done.saturating_add(open)),
            n_done,
            uid: None,
            created_unix_s: created,
            due_unix_s: time("expires_at"),
            kept_until_unix_s: created.map(|at| at.saturating_add(KEPT_S)),
            results: if has_ended { vec![text("results_url").unwrap_or_default().to_owned()] } else { Vec::new() },
            complaint: None,
        })
    }

    fn read_line(&self, line: &[u8]) -> Result<(RequestKey, LineResult), Failure> {
        let text = String::from_utf8_lossy(line);
        let line: ResultLine<'_> =
            serde_json::from_str(&text).map_err(|_| garbled("a line of the results is unreadable"))?;
        let bytes = |raw: Option<&RawValue>| raw.map_or("", RawValue::get).as_bytes().to_vec();
        let result = match line.result.kind.as_str() {
            "succeeded" => LineResult::Response { status: 200, body: bytes(line.result.message) },
            "errored" => {
                let body = bytes(line.result.error);
                let error: Value = serde_json::from_slice(&body).unwrap_or_default();
                let kind = error.pointer("/error/type").or_else(|| error.get("type")).and_then(Value::as_str);
                LineResult::Response { status: kind.and_then(status_of).unwrap_or(500), body }
            }
            other => LineResult::Undone { why: other.chars().take(40).collect() },
        };
        Ok((RequestKey(line.custom_id), result))
    }
}

#[derive(Deserialize)]
struct ResultLine<'a> {
    custom_id: String,
    #[serde(borrow)]
    result: ResultBody<'a>,
}

#[derive(Deserialize)]
struct ResultBody<'a> {
    #[serde(rename = "type")]
    kind: String,
    #[serde(borrow, default)]
    message: Option<&'a RawValue>,
    #[serde(borrow, default)]
    error: Option<&'a RawValue>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_call_carries_the_exact_bodies_and_the_keys() {
        let item = |key: &str| BatchItem {
            key: RequestKey(key.to_owned()),
            url: String::new(),
            body: br#"{"model": "m"}"#.to_vec(),
        };
        let call = MessageBatches.create("u", &[item("k1"), item("k2")], None, "https://a.example/v1").call;
        assert_eq!(call.url, "https://a.example/v1/messages/batches");
        let expected =
            r#"{"requests":[{"custom_id":"k1","params":{"model": "m"}},{"custom_id":"k2","params":{"model": "m"}}]}"#;
        assert_eq!(String::from_utf8(call.body).expect("UTF-8"), expected);
    }

    fn recorded(results: &str) -> BatchStatus {
        let body = json!({
            "id": "msgbatch_1", "type": "message_batch", "processing_status": "ended", "created_at": "2026-01-01T00:00:00Z",
            "ended_at": "2026-01-01T01:00:00Z", "expires_at": "2026-01-02T00:00:00Z", "archived_at": null,
            "cancel_initiated_at": null, "results_url": results,
            "request_counts": {"processing": 0, "succeeded": 50, "errored": 30, "canceled": 10, "expired": 10}
        });
        MessageBatches.read_batch(&body).expect("a batch")
    }

    #[test]
    fn reads_a_batch_of_recorded_shape_and_never_leaves_the_host() {
        let base = "https://api.anthropic.com/v1";
        let own = format!("{base}/messages/batches/msgbatch_1/results");
        let status = recorded(&own);
        assert!(status.has_ended);
        assert_eq!((status.n_total, status.n_done), (Some(100), Some(100)));
        assert_eq!((status.created_unix_s, status.due_unix_s), (Some(1_767_225_600), Some(1_767_312_000)));
        for told in [own.as_str(), "https://evil.example/v1/x", "https://api.anthropic.com/v1.evil.example/x", ""] {
            let status = recorded(told);
            assert_eq!(MessageBatches.results(&status, &status.results[0], base).call.url, own, "{told}");
        }
    }

    #[test]
    fn reads_every_type_of_result() {
        let of = |result: Value| {
            MessageBatches.read_line(json!({"custom_id": "k", "result": result}).to_string().as_bytes()).map(|(_, r)| r)
        };
        let good = of(json!({"type": "succeeded", "message": {"id": "m"}}));
        assert_eq!(good, Ok(LineResult::Response { status: 200, body: br#"{"id":"m"}"#.to_vec() }));
        let error = json!({"type": "error", "error": {"type": "overloaded_error", "message": "x"}});
        let bad = of(json!({"type": "errored", "error": error}));
        assert_eq!(bad, Ok(LineResult::Response { status: 529, body: error.to_string().into_bytes() }));
        for undone in ["expired", "canceled"] {
            assert_eq!(of(json!({"type": undone})), Ok(LineResult::Undone { why: undone.to_owned() }));
        }
    }
}

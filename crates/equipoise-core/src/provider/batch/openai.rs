//! OpenAI's batches: a file of requests, a batch that names it, and a file each of answers and of errors.

use super::{BatchCall, BatchItem, BatchSize, BatchStatus, BatchWire, LineResult, Method, get, is_id};
use crate::generator::RequestKey;
use crate::provider::failure::garbled;
use crate::provider::{Failure, HttpCall};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

/// Where a line's request would go on its own.
const ENDPOINT: &str = "/v1/chat/completions";
fn auth() -> Option<(String, String)> {
    Some(("authorization".to_owned(), "Bearer ".to_owned()))
}
/// Files of batches are deleted after so long.
const KEPT_S: u64 = 30 * 86_400;

/// The batch wire. Source: <https://platform.openai.com/docs/api-reference/batch>.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FileBatches;

impl BatchWire for FileBatches {
    fn size(&self) -> BatchSize {
        BatchSize { requests: 50_000, bytes: 200_000_000 }
    }

    fn keeps_uid(&self) -> bool {
        true
    }

    fn weight(&self, item: &BatchItem) -> usize {
        item.key.0.len() + item.body.len() + 80
    }

    fn upload(&self, uid: &str, items: &[BatchItem], base_url: &str) -> Option<BatchCall> {
        // A line of JSON holds no line break, so the boundary cannot stand in one.
        let boundary = format!("equipoise-{uid}");
        let mut body = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nbatch\r\n--{boundary}\r\n\
             Content-Disposition: form-data; name=\"file\"; filename=\"equipoise-{uid}.jsonl\"\r\n\
             Content-Type: application/jsonl\r\n\r\n"
        )
        .into_bytes();
        body.reserve(items.iter().map(|item| self.weight(item)).sum());
        for BatchItem { key, body: request, .. } in items {
            let head = format!("{{\"custom_id\":\"{}\",\"method\":\"POST\",\"url\":\"{ENDPOINT}\",\"body\":", key.0);
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(request);
            body.extend_from_slice(b"}\n");
        }
        body.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
        let headers = vec![("content-type".to_owned(), format!("multipart/form-data; boundary={boundary}"))];
        let call = HttpCall { url: format!("{base_url}/files"), headers, auth: auth(), body };
        Some(BatchCall { method: Method::Post, call })
    }

    fn create(&self, uid: &str, _: &[BatchItem], file: Option<&str>, base_url: &str) -> BatchCall {
        let body = json!({
            "input_file_id": file.unwrap_or_default(), "endpoint": ENDPOINT, "completion_window": "24h",
            "metadata": {"uid": uid}
        });
        let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
        let call =
            HttpCall { url: format!("{base_url}/batches"), headers, auth: auth(), body: body.to_string().into_bytes() };
        BatchCall { method: Method::Post, call }
    }

    fn status(&self, id: &str, base_url: &str) -> BatchCall {
        get(format!("{base_url}/batches/{id}"), Vec::new(), auth())
    }

    fn list(&self, after: Option<&str>, base_url: &str) -> BatchCall {
        let after = after.map_or_else(String::new, |id| format!("&after={id}"));
        get(format!("{base_url}/batches?limit=100{after}"), Vec::new(), auth())
    }

    fn results(&self, _: &BatchStatus, result: &str, base_url: &str) -> BatchCall {
        get(format!("{base_url}/files/{result}/content"), Vec::new(), auth())
    }

    fn cancel_url(&self, id: &str, base_url: &str) -> String {
        format!("{base_url}/batches/{id}/cancel")
    }

    fn read_batch(&self, body: &Value) -> Option<BatchStatus> {
        let text = |name: &str| body.get(name).and_then(Value::as_str);
        let id = text("id").filter(|id| is_id(id))?;
        let state = text("status")?;
        let count = |name: &str| body.pointer(&format!("/request_counts/{name}")).and_then(Value::as_u64);
        let created = body.get("created_at").and_then(Value::as_u64);
        let results = ["output_file_id", "error_file_id"].into_iter().filter_map(text).filter(|id| is_id(id));
        let complaints = body.pointer("/errors/data").and_then(Value::as_array);
        let complaints: Vec<&str> =
            complaints.into_iter().flatten().filter_map(|e| e.get("message")?.as_str()).take(3).collect();
        Some(BatchStatus {
            id: id.to_owned(),
            state: state.to_owned(),
            has_ended: matches!(state, "completed" | "failed" | "expired" | "cancelled"),
            is_complete: state == "completed",
            n_total: count("total"),
            n_done: count("completed").zip(count("failed")).map(|(done, failed)| done.saturating_add(failed)),
            uid: body.pointer("/metadata/uid").and_then(Value::as_str).map(str::to_owned),
            created_unix_s: created,
            due_unix_s: body.get("expires_at").and_then(Value::as_u64),
            kept_until_unix_s: created.map(|at| at.saturating_add(KEPT_S)),
            results: results.map(str::to_owned).collect(),
            complaint: (!complaints.is_empty()).then(|| complaints.join("; ")),
        })
    }

    fn read_line(&self, line: &[u8]) -> Result<(RequestKey, LineResult), Failure> {
        let text = String::from_utf8_lossy(line);
        let line: ResultLine<'_> =
            serde_json::from_str(&text).map_err(|_| garbled("a line of the results is unreadable"))?;
        let result = match (line.response, line.error) {
            (Some(response), _) => LineResult::Response {
                status: response.status_code,
                body: response.body.map_or("", RawValue::get).as_bytes().to_vec(),
            },
            (None, error) => {
                let of = |name: &str| error.as_ref()?.get(name)?.as_str().map(str::to_owned);
                let why = of("message").or_else(|| of("code")).unwrap_or_else(|| "no reason was given".to_owned());
                LineResult::Undone { why }
            }
        };
        Ok((RequestKey(line.custom_id), result))
    }
}

#[derive(Deserialize)]
struct ResultLine<'a> {
    custom_id: String,
    #[serde(borrow, default)]
    response: Option<ResultBody<'a>>,
    #[serde(default)]
    error: Option<Value>,
}

#[derive(Deserialize)]
struct ResultBody<'a> {
    status_code: u16,
    #[serde(borrow, default)]
    body: Option<&'a RawValue>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_carries_the_exact_body_and_the_key() {
        let items =
            [BatchItem { key: RequestKey("k1".to_owned()), url: String::new(), body: br#"{"model": "m"}"#.to_vec() }];
        let call = FileBatches.upload("u1", &items, "https://a.example/v1").expect("a file").call;
        let body = String::from_utf8(call.body).expect("UTF-8");
        let line = r#"{"custom_id":"k1","method":"POST","url":"/v1/chat/completions","body":{"model": "m"}}"#;
        assert!(body.contains(&format!("\r\n\r\n{line}\n\r\n--equipoise-u1--\r\n")), "{body}");
        assert!(line.len() <= FileBatches.weight(&items[0]));
        assert_eq!(call.headers[0].1, "multipart/form-data; boundary=equipoise-u1");
        let create = FileBatches.create("u1", &items, Some("file-1"), "https://a.example/v1").call;
        let body: Value = serde_json::from_slice(&create.body).expect("JSON");
        assert_eq!((&body["metadata"]["uid"], &body["input_file_id"]), (&json!("u1"), &json!("file-1")));
    }

    #[test]
    fn reads_a_batch_of_recorded_shape() {
        let body = json!({
            "id": "batch_1", "object": "batch", "endpoint": "/v1/chat/completions", "errors": null,
            "input_file_id": "file-1", "completion_window": "24h", "status": "expired", "output_file_id": "file-2",
            "error_file_id": "file-3", "created_at": 1_767_225_600, "expires_at": 1_767_312_000,
            "request_counts": {"total": 100, "completed": 40, "failed": 60}, "metadata": {"uid": "u1"}
        });
        let status = FileBatches.read_batch(&body).expect("a batch");
        assert!(status.has_ended && !status.is_complete);
        assert_eq!((status.n_total, status.n_done), (Some(100), Some(100)));
        assert_eq!(status.results, ["file-2", "file-3"]);
        assert_eq!(status.uid.as_deref(), Some("u1"));
        assert_eq!(status.kept_until_unix_s, Some(1_767_225_600 + KEPT_S));
        for (state, ended) in [
            ("validating", false),
            ("in_progress", false),
            ("finalizing", false),
            ("cancelling", false),
            ("failed", true),
            ("cancelled", true),
            ("new", false),
        ] {
            let status = FileBatches.read_batch(&json!({"id": "b", "status": state})).expect("a batch");
            assert_eq!(status.has_ended, ended, "{state}");
        }
    }

    #[test]
    fn reads_lines_of_both_files() {
        let good = br#"{"id":"r1","custom_id":"k1","response":{"status_code":200,"request_id":"q","body":{"x": "\ud800"}},"error":null}"#;
        let expected = LineResult::Response { status: 200, body: br#"{"x": "\ud800"}"#.to_vec() };
        assert_eq!(FileBatches.read_line(good), Ok((RequestKey("k1".to_owned()), expected)));
        let late =
            br#"{"id":"r2","custom_id":"k2","response":null,"error":{"code":"batch_expired","message":"too late"}}"#;
        let expected = LineResult::Undone { why: "too late".to_owned() };
        assert_eq!(FileBatches.read_line(late), Ok((RequestKey("k2".to_owned()), expected)));
        assert!(FileBatches.read_line(br#"{"id":"r2"#).is_err());
    }
}

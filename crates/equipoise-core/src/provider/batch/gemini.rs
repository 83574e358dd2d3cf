//! Gemini's batches: a file of requests, an operation that names it, and a file of results, or the results inside the operation.
//!
//! Requests that stand inside the call that makes a batch would need no file. But results of such batches were seen without the keys of
//! their requests and out of order (googleapis/python-genai, issues 1909 and 2008); lines of a file carry their keys.

use super::{BatchCall, BatchItem, BatchPage, BatchSize, BatchStatus, BatchWire, LineResult, Method, get, is_id, read};
use crate::generator::RequestKey;
use crate::provider::failure::garbled;
use crate::provider::wait::rfc3339;
use crate::provider::{Failure, HttpCall, Response, json};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json as object};

/// What stands before the `uid` in the name that people see.
const NAMED: &str = "equipoise-";
/// A batch that has not ended by then expires, without results.
const DUE_S: u64 = 48 * 3600;

/// The batch wire. Sources: <https://ai.google.dev/api/batch-api>, <https://ai.google.dev/gemini-api/docs/batch-api>,
/// <https://ai.google.dev/api/files>.
#[derive(Debug, Clone, Copy)]
pub(crate) struct GenerateBatches;

impl BatchWire for GenerateBatches {
    fn size(&self) -> BatchSize {
        // The file may have 2 GB; no number of requests is named.
        BatchSize { requests: usize::MAX, bytes: 2_000_000_000 }
    }

    fn keeps_uid(&self) -> bool {
        true
    }

    fn lists_newest_first(&self) -> bool {
        false
    }

    fn weight(&self, item: &BatchItem) -> usize {
        item.key.0.len() + item.body.len() + 32
    }

    fn upload(&self, uid: &str, items: &[BatchItem], base_url: &str) -> Option<BatchCall> {
        // A line of JSON holds no line break, so the boundary cannot stand in one.
        let boundary = format!("{NAMED}{uid}");
        let about = object!({"file": {"displayName": boundary, "mimeType": "application/jsonl"}});
        let mut body = format!(
            "--{boundary}\r\nContent-Type: application/json; charset=utf-8\r\n\r\n{about}\r\n--{boundary}\r\n\
             Content-Type: application/jsonl\r\n\r\n"
        )
        .into_bytes();
        body.reserve(items.iter().map(|item| self.weight(item)).sum());
        for BatchItem { key, body: request, .. } in items {
            body.extend_from_slice(format!("{{\"key\":\"{}\",\"request\":", key.0).as_bytes());
            body.extend_from_slice(request);
            body.extend_from_slice(b"}\n");
        }
        body.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
        let headers = vec![
            ("content-type".to_owned(), format!("multipart/related; boundary={boundary}")),
            ("x-goog-upload-protocol".to_owned(), "multipart".to_owned()),
        ];
        let call = HttpCall { url: format!("{}/files", beside(base_url, "upload")), headers, auth: auth(), body };
        Some(BatchCall { method: Method::Post, call })
    }

    fn create(&self, uid: &str, items: &[BatchItem], file: Option<&str>, base_url: &str) -> BatchCall {
        let file = format!("files/{}", file.unwrap_or_default());
        let body = object!({"batch": {"displayName": format!("{NAMED}{uid}"), "inputConfig": {"fileName": file}}});
        // The model stands in the address alone.
        let alone = items.first().map_or(base_url, |item| item.url.as_str());
        let url = alone.replacen(":generateContent", ":batchGenerateContent", 1);
        let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
        let call = HttpCall { url, headers, auth: auth(), body: body.to_string().into_bytes() };
        BatchCall { method: Method::Post, call }
    }

    fn status(&self, id: &str, base_url: &str) -> BatchCall {
        get(format!("{base_url}/batches/{id}"), Vec::new(), auth())
    }

    fn list(&self, after: Option<&str>, base_url: &str) -> BatchCall {
        let after = after.map_or_else(String::new, |token| format!("&pageToken={token}"));
        get(format!("{base_url}/batches?pageSize=100{after}"), Vec::new(), auth())
    }

    fn results(&self, status: &BatchStatus, result: &str, base_url: &str) -> BatchCall {
        match result {
            "" => self.status(&status.id, base_url),
            file => {
                let url = format!("{}/files/{file}:download?alt=media", beside(base_url, "download"));
                get(url, Vec::new(), auth())
            }
        }
    }

    fn cancel_url(&self, id: &str, base_url: &str) -> String {
        format!("{base_url}/batches/{id}:cancel")
    }

    fn read_upload(&self, response: &Response<'_>) -> Result<String, Failure> {
        let body = read(response)?;
        let id = body.pointer("/file/name").and_then(Value::as_str).and_then(|name| named(name, "files/"));
        id.ok_or_else(|| garbled("no name of a file in the answer to an upload"))
    }

    fn read_page(&self, response: &Response<'_>) -> Result<BatchPage, Failure> {
        let body = read(response)?;
        // An account without batches gives an empty object.
        let listed = body.get("operations").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let batches: Option<Vec<BatchStatus>> = listed.iter().map(|batch| self.read_batch(batch)).collect();
        let batches = batches.ok_or_else(|| garbled("something that is no batch is listed as one"))?;
        let is_token =
            |token: &&str| !token.is_empty() && token.bytes().all(|b| b.is_ascii_graphic() && !b"&#".contains(&b));
        let next = body.get("nextPageToken").and_then(Value::as_str).filter(is_token).map(str::to_owned);
        Ok(BatchPage { batches, next })
    }

    fn read_batch(&self, body: &Value) -> Option<BatchStatus> {
        let id = named(body.get("name")?.as_str()?, "batches/")?;
        let of = |name: &str| body.get("metadata")?.get(name);
        let text = |name: &str| of(name).and_then(Value::as_str);
        let state = text("state")?;
        let state = state.strip_prefix("BATCH_STATE_").or(state.strip_prefix("JOB_STATE_")).unwrap_or(state);
        // Counts are 64 bits wide, which this protocol writes as strings, and omits where they are 0.
        let count = |name: &str| {
            let n = of("batchStats")?.get(name)?;
            n.as_u64().or_else(|| n.as_str()?.parse().ok())
        };
        let n_total = count("requestCount");
        let done = ["successfulRequestCount", "failedRequestCount"].map(|name| count(name).unwrap_or(0));
        let created = text("createTime").and_then(rfc3339).map(|at| at as u64);
        let error = body.get("error").and_then(|e| e.get("message")).and_then(Value::as_str);
        let has_ended = body.get("done").and_then(Value::as_bool).unwrap_or(false)
            || ["SUCCEEDED", "FAILED", "CANCELLED", "EXPIRED"].contains(&state);
        let output = body.get("response").or_else(|| of("output"));
        let file = output.and_then(|o| o.get("responsesFile")).and_then(Value::as_str);
        let file = file.and_then(|name| named(name, "files/"));
        let is_inline = output.is_some_and(|o| o.get("inlinedResponses").is_some());
        Some(BatchStatus {
            id,
            state: state.to_lowercase(),
            has_ended,
            is_complete: state == "SUCCEEDED",
            n_total,
            n_done: n_total.map(|_| done[0].saturating_add(done[1])),
            uid: text("displayName").and_then(|name| name.strip_prefix(NAMED)).map(str::to_owned),
            created_unix_s: created,
            due_unix_s: created.map(|at| at.saturating_add(DUE_S)),
            kept_until_unix_s: None,
            results: file.or(is_inline.then(String::new)).into_iter().filter(|_| has_ended).collect(),
            complaint: error.map(str::to_owned),
        })
    }

    fn lines<'a>(&self, body: &'a [u8]) -> Result<Vec<&'a [u8]>, Failure> {
        // Results inside the operation are one object; those of a file are lines, of which the first has a key.
        let Ok(operation) = serde_json::from_slice::<Operation<'a>>(body) else {
            let lines = super::split(body);
            let is_whole = |line: &&[u8]| serde_json::from_str::<&RawValue>(&String::from_utf8_lossy(line)).is_ok();
            return if lines.first().is_none_or(is_whole) {
                Ok(lines)
            } else {
                Err(garbled("the results are cut off"))
            };
        };
        let output = operation.response.or(operation.metadata.and_then(|m| m.output));
        match output {
            None => Ok(super::split(body)),
            Some(output) => Ok(output.inlined.all.into_iter().map(|raw| raw.get().as_bytes()).collect()),
        }
    }

    fn read_line(&self, line: &[u8]) -> Result<(RequestKey, LineResult), Failure> {
        let text = String::from_utf8_lossy(line);
        let line: ResultLine<'_> =
            serde_json::from_str(&text).map_err(|_| garbled("a line of the results is unreadable"))?;
        let key = line.key.or(line.metadata.and_then(|m| m.key));
        let key = key.ok_or_else(|| garbled("a line of the results has no key"))?;
        let result = match (line.response, line.error) {
            (Some(response), _) => LineResult::Response { status: 200, body: response.get().as_bytes().to_vec() },
            (None, Some(error)) => refused(error),
            (None, None) => LineResult::Undone { why: "no reason was given".to_owned() },
        };
        Ok((RequestKey(key), result))
    }
}

fn auth() -> Option<(String, String)> {
    Some(("x-goog-api-key".to_owned(), String::new()))
}

/// The address beside that of the API where files go in and come out: `…/v1beta` gives `…/upload/v1beta`.
fn beside(base_url: &str, what: &str) -> String {
    match base_url.rsplit_once('/') {
        Some((host, version)) => format!("{host}/{what}/{version}"),
        None => format!("{base_url}/{what}"),
    }
}

/// The name behind `kind`, where it can stand in a path.
fn named(name: &str, kind: &str) -> Option<String> {
    name.strip_prefix(kind).filter(|id| is_id(id)).map(str::to_owned)
}

/// An error of a line, which is numbered as errors of gRPC are, or with an HTTP status. Source: <https://google.aip.dev/193> and the
/// comments of `google/rpc/code.proto`.
fn refused(error: &RawValue) -> LineResult {
    let parsed: Value = json::read(error.get().as_bytes()).unwrap_or_default();
    let status = match parsed.get("code").and_then(Value::as_u64) {
        Some(1) => {
            let why = parsed.get("message").and_then(Value::as_str).unwrap_or("cancelled");
            return LineResult::Undone { why: why.to_owned() };
        }
        Some(3 | 9 | 11) => 400,
        Some(4) => 504,
        Some(5) => 404,
        Some(6 | 10) => 409,
        Some(7) => 403,
        Some(8) => 429,
        Some(12) => 501,
        Some(14) => 503,
        Some(16) => 401,
        Some(http @ 400..=599) => http as u16,
        _ => 500,
    };
    LineResult::Response { status, body: format!("{{\"error\":{}}}", error.get()).into_bytes() }
}

#[derive(Deserialize)]
struct ResultLine<'a> {
    #[serde(default)]
    key: Option<String>,
    #[serde(default)]
    metadata: Option<Metadata>,
    #[serde(borrow, default)]
    response: Option<&'a RawValue>,
    #[serde(borrow, default)]
    error: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Metadata {
    #[serde(default)]
    key: Option<String>,
}

#[derive(Deserialize)]
struct Operation<'a> {
    #[serde(borrow, default)]
    response: Option<Output<'a>>,
    #[serde(borrow, default)]
    metadata: Option<OperationMetadata<'a>>,
}

#[derive(Deserialize)]
struct OperationMetadata<'a> {
    #[serde(borrow, default)]
    output: Option<Output<'a>>,
}

#[derive(Deserialize)]
struct Output<'a> {
    #[serde(borrow, rename = "inlinedResponses")]
    inlined: Inlined<'a>,
}

#[derive(Deserialize)]
struct Inlined<'a> {
    #[serde(borrow, default, rename = "inlinedResponses")]
    all: Vec<&'a RawValue>,
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "https://a.example/v1beta";

    fn item(key: &str) -> BatchItem {
        BatchItem {
            key: RequestKey(key.to_owned()),
            url: format!("{BASE}/models/m-1:generateContent"),
            body: br#"{"contents": []}"#.to_vec(),
        }
    }

    #[test]
    fn a_file_carries_the_exact_bodies_and_the_keys_and_the_batch_names_it() {
        let call = GenerateBatches.upload("u1", &[item("k1"), item("k2")], BASE).expect("a file").call;
        assert_eq!(call.url, "https://a.example/upload/v1beta/files");
        let body = String::from_utf8(call.body).expect("UTF-8");
        let lines =
            "{\"key\":\"k1\",\"request\":{\"contents\": []}}\n{\"key\":\"k2\",\"request\":{\"contents\": []}}\n";
        assert!(body.contains(&format!("\r\n\r\n{lines}\r\n--equipoise-u1--\r\n")), "{body}");
        let call = GenerateBatches.create("u1", &[item("k1")], Some("f1"), BASE).call;
        assert_eq!(call.url, "https://a.example/v1beta/models/m-1:batchGenerateContent");
        let body: Value = serde_json::from_slice(&call.body).expect("JSON");
        let batch = object!({"displayName": "equipoise-u1", "inputConfig": {"fileName": "files/f1"}});
        assert_eq!(body, object!({ "batch": batch }));
    }

    #[test]
    fn reads_an_operation_of_recorded_shape() {
        let body = |state: &str| {
            object!({"name": "batches/b1", "metadata": {
                "@type": "type.googleapis.com/google.ai.generativelanguage.v1main.GenerateContentBatch",
                "model": "models/m-1", "displayName": "equipoise-u1", "createTime": "2026-01-01T00:00:00.827892252Z",
                "batchStats": {"requestCount": "5", "successfulRequestCount": "3", "failedRequestCount": "1", "pendingRequestCount": "1"},
                "state": state, "name": "batches/b1"}})
        };
        let status = GenerateBatches.read_batch(&body("BATCH_STATE_RUNNING")).expect("a batch");
        assert_eq!((status.id.as_str(), status.state.as_str(), status.has_ended), ("b1", "running", false));
        assert_eq!((status.n_total, status.n_done, status.uid.as_deref()), (Some(5), Some(4), Some("u1")));
        assert_eq!(status.created_unix_s, Some(1_767_225_600));
        for state in ["BATCH_STATE_SUCCEEDED", "JOB_STATE_FAILED", "BATCH_STATE_CANCELLED", "BATCH_STATE_EXPIRED"] {
            assert!(GenerateBatches.read_batch(&body(state)).expect("a batch").has_ended, "{state}");
        }
        let mut done = body("BATCH_STATE_SUCCEEDED");
        done["response"] = object!({"responsesFile": "files/batch-b1"});
        let status = GenerateBatches.read_batch(&done).expect("a batch");
        let call = GenerateBatches.results(&status, &status.results[0], BASE).call;
        assert_eq!(call.url, "https://a.example/download/v1beta/files/batch-b1:download?alt=media");
        done["response"] = object!({"responsesFile": "files/../../x"});
        assert!(GenerateBatches.read_batch(&done).expect("a batch").results.is_empty(), "a name that leaves the path");
    }

    #[test]
    fn results_are_read_from_a_file_and_from_inside_the_operation() {
        let keyed = |lines: &[&[u8]]| -> Vec<(String, LineResult)> {
            lines
                .iter()
                .map(|line| GenerateBatches.read_line(line).map(|(key, r)| (key.0, r)).expect("a line"))
                .collect()
        };
        let good = LineResult::Response { status: 200, body: br#"{"candidates": [1]}"#.to_vec() };
        let file = b"{\"key\":\"k1\",\"response\":{\"candidates\": [1]}}\n\n{\"response\":{\"candidates\": [1]},\"key\":\"k2\"}\n";
        let expected = vec![("k1".to_owned(), good.clone()), ("k2".to_owned(), good.clone())];
        assert_eq!(keyed(&GenerateBatches.lines(file).expect("lines")), expected);
        let one = b"{\"key\":\"k1\",\"response\":{\"candidates\": [1]}}";
        assert_eq!(keyed(&GenerateBatches.lines(one).expect("lines")), expected[..1]);
        for at in ["{\"response\":X}", "{\"done\":true,\"metadata\":{\"output\":X}}"] {
            let inside = "{\"inlinedResponses\": {\"inlinedResponses\": [\n{\"metadata\":{\"key\":\"k1\"},\n\"response\":{\"candidates\": [1]}}]}}";
            let body = at.replace('X', inside);
            assert_eq!(keyed(&GenerateBatches.lines(body.as_bytes()).expect("lines")), expected[..1], "{body}");
        }
        let cut = b"{\n \"response\": {\"inlinedResponses\": {\"inlinedResponses\": [";
        assert_eq!(GenerateBatches.lines(b""), Ok(Vec::new()), "a batch that did nothing has an empty file");
        assert!(GenerateBatches.lines(cut).is_err(), "half an operation is fetched again");
        assert!(GenerateBatches.read_line(br#"{"response":{}}"#).is_err(), "whose it is nobody knows");
    }

    #[test]
    fn errors_of_lines_have_the_status_that_their_code_stands_for() {
        let of = |error: &str| {
            let line = format!("{{\"key\":\"k\",\"error\":{error}}}");
            GenerateBatches.read_line(line.as_bytes()).expect("a line").1
        };
        for (code, http) in [(3, 400), (8, 429), (13, 500), (14, 503), (429, 429), (77, 500)] {
            let error = format!("{{\"code\": {code},\"message\":\"x\"}}");
            let body = format!("{{\"error\":{error}}}").into_bytes();
            assert_eq!(of(&error), LineResult::Response { status: http, body }, "{code}");
        }
        assert_eq!(of(r#"{"code":1,"message":"gone"}"#), LineResult::Undone { why: "gone".to_owned() });
    }
}

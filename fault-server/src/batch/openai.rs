//! `/v1/files` and `/v1/batches`.

use super::{Batch, BatchEnding, Batches, File, RequestEnd, page};
use crate::http::{Request, Response};
use crate::serve::{Shared, now_unix_s};
use crate::wire::Wire;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

/// Answers a call; `parts` is the path without `/v1`.
pub(super) fn handle(request: &Request, parts: &[&str], batches: &mut Batches, shared: &Shared) -> Option<Response> {
    Some(match (request.method.as_str(), parts) {
        ("POST", ["files"]) => upload(request, batches),
        ("GET", ["files", id]) => match batches.files.get(*id) {
            Some(file) => ok(&file.show(id)),
            None => missing(),
        },
        ("GET", ["files", id, "content"]) => {
            batches.content(id, |batches| &mut batches.openai, shared).unwrap_or_else(missing)
        }
        ("DELETE", ["files", id]) => match batches.files.remove(*id) {
            Some(_) => ok(&json!({"id": id, "object": "file", "deleted": true})),
            None => missing(),
        },
        ("POST", ["batches"]) => return create(request, batches, shared),
        ("GET", ["batches"]) => {
            let (found, has_more) = page(&batches.openai, request, "after");
            let ids = (found.first().map(|b| b.id.clone()), found.last().map(|b| b.id.clone()));
            let data: Vec<Value> = found.into_iter().map(|b| b.show(shared)).collect();
            ok(&json!({"object": "list", "data": data, "first_id": ids.0, "last_id": ids.1, "has_more": has_more}))
        }
        ("GET", ["batches", id]) => look(id, batches, shared),
        ("POST", ["batches", id, "cancel"]) => match batches.openai.iter_mut().find(|b| b.id == *id) {
            Some(batch) => {
                batch.is_cancelled |= !batch.has_ended;
                ok(&batch.show(shared))
            }
            None => missing(),
        },
        _ => missing(),
    })
}

fn upload(request: &Request, batches: &mut Batches) -> Response {
    let Some(fields) = multipart(request) else { return refused("not a multipart form") };
    let field = |name: &str| fields.iter().find(|f| f.0 == name);
    let (Some(file), Some(purpose)) = (field("file"), field("purpose")) else {
        return refused("`file` and `purpose` are needed");
    };
    batches.n_files += 1;
    let id = format!("file-{}", batches.n_files);
    let purpose = String::from_utf8_lossy(&purpose.2).into_owned();
    let file = File { name: file.1.clone(), purpose, bytes: file.2.clone(), created: now_unix_s() };
    let shown = file.show(&id);
    batches.files.insert(id, file);
    ok(&shown)
}

#[derive(Deserialize)]
struct Create {
    input_file_id: String,
    endpoint: String,
    completion_window: String,
    #[serde(default)]
    metadata: Value,
}

#[derive(Deserialize)]
struct InputLine<'a> {
    custom_id: String,
    method: String,
    url: String,
    #[serde(borrow)]
    body: &'a RawValue,
}

fn create(request: &Request, batches: &mut Batches, shared: &Shared) -> Option<Response> {
    let Ok(asked) = serde_json::from_slice::<Create>(&request.body) else {
        return Some(refused("the body is not that of a batch"));
    };
    if asked.completion_window != "24h" {
        return Some(refused("`completion_window` must be `24h`"));
    }
    let Some(file) = batches.files.get(&asked.input_file_id) else { return Some(missing()) };
    let text = String::from_utf8_lossy(&file.bytes).into_owned();
    let lines: Result<Vec<InputLine<'_>>, _> =
        text.lines().filter(|l| !l.trim().is_empty()).map(serde_json::from_str).collect();
    let is_good = |l: &InputLine<'_>| l.method == "POST" && l.url == asked.endpoint;
    let Some(lines) = lines.ok().filter(|l| l.iter().all(is_good)) else {
        return Some(refused("a line of the file is no request to the endpoint"));
    };
    let ids: std::collections::BTreeSet<&str> = lines.iter().map(|l| l.custom_id.as_str()).collect();
    if ids.len() < lines.len() {
        return Some(refused("a `custom_id` stands twice"));
    }
    let lines = lines.into_iter().map(|l| (l.custom_id, l.body.get().to_owned())).collect();
    let mut batch = Batch::new(format!("batch_{}", batches.openai.len() + 1), lines);
    (batch.metadata, batch.endpoint, batch.input_file) = (asked.metadata, asked.endpoint, asked.input_file_id);
    let shown = batch.show(shared);
    batches.openai.push(batch);
    shared.books().sums.n_batches += 1;
    (!batches.loses_create(&shared.profile.batch)).then(|| ok(&shown))
}

fn look(id: &str, batches: &mut Batches, shared: &Shared) -> Response {
    let Some(at) = batches.openai.iter().position(|b| b.id == id) else { return missing() };
    let batch = &mut batches.openai[at];
    if batch.poll(&shared.profile.batch) {
        let failed = shared.profile.batch.ending == BatchEnding::Failed && !batch.is_cancelled;
        batch.bill(shared, &batch.endpoint);
        let (mut good, mut bad) = (String::new(), String::new());
        for line in batch.results(shared.profile.batch.shuffled).into_iter().filter(|_| !failed) {
            let answer = line.answer(Wire::Chat, &batch.endpoint, shared);
            let (file, told) = match (line.end, answer) {
                (Some(RequestEnd::Done), Some(answer)) => (&mut good, response(200, &answer)),
                (Some(RequestEnd::Expired), _) => (
                    &mut bad,
                    error("batch_expired", "This request could not be executed before the completion window expired."),
                ),
                (Some(RequestEnd::Cancelled), _) => {
                    (&mut bad, error("batch_cancelled", "This batch was cancelled before this request was executed."))
                }
                _ => {
                    (&mut bad, response(400, &Wire::Chat.error(400, "invalid_request_error", "This line is refused.")))
                }
            };
            let id = serde_json::to_string(&line.custom_id).expect("a string is JSON");
            file.push_str(&format!("{{\"id\":\"batch_req_1\",\"custom_id\":{id},{told}}}\n"));
        }
        let mut store = |text: String, name: &str| {
            (!text.is_empty()).then(|| {
                batches.n_files += 1;
                let id = format!("file-{}", batches.n_files);
                let file = File {
                    name: name.to_owned(),
                    purpose: "batch_output".to_owned(),
                    bytes: text.into(),
                    created: now_unix_s(),
                };
                batches.files.insert(id.clone(), file);
                id
            })
        };
        let (output, errors) = (store(good, "output.jsonl"), store(bad, "errors.jsonl"));
        let batch = &mut batches.openai[at];
        (batch.output_file, batch.error_file) = (output, errors);
    }
    ok(&batches.openai[at].show(shared))
}

fn response(status: u16, body: &str) -> String {
    format!("\"response\":{{\"status_code\":{status},\"request_id\":\"req_1\",\"body\":{body}}},\"error\":null")
}

fn error(code: &str, message: &str) -> String {
    format!("\"response\":null,\"error\":{{\"code\":\"{code}\",\"message\":\"{message}\"}}")
}

impl Batch {
    fn show(&self, shared: &Shared) -> Value {
        let profile = &shared.profile.batch;
        let failed = self.has_ended && !self.is_cancelled && profile.ending == BatchEnding::Failed;
        let status = match (self.has_ended, self.n_polls) {
            (true, _) if failed => "failed",
            (true, _) if self.is_cancelled => "cancelled",
            (true, _) if self.count(RequestEnd::Expired) > 0 => "expired",
            (true, _) => "completed",
            (false, _) if self.is_cancelled => "cancelling",
            (false, 0) => "validating",
            (false, _) => "in_progress",
        };
        let ended = |is: &str| (status == is).then_some(self.created + 60);
        let errors = failed.then(|| json!({"object": "list", "data": [{"code": "invalid_request", "message": "The input is refused.", "param": null, "line": 1}]}));
        json!({
            "id": self.id, "object": "batch", "endpoint": self.endpoint, "errors": errors,
            "input_file_id": self.input_file, "completion_window": "24h", "status": status,
            "output_file_id": self.output_file, "error_file_id": self.error_file, "created_at": self.created,
            "in_progress_at": (self.n_polls > 0).then_some(self.created + 1), "expires_at": self.created + 86_400,
            "finalizing_at": null, "completed_at": ended("completed"), "failed_at": ended("failed"),
            "expired_at": ended("expired"), "cancelling_at": null, "cancelled_at": ended("cancelled"),
            "request_counts": {
                "total": self.lines.len(), "completed": if failed { 0 } else { self.count(RequestEnd::Done) },
                "failed": self.count(RequestEnd::Error) + self.count(RequestEnd::Expired) + self.count(RequestEnd::Cancelled)
            },
            "metadata": self.metadata,
        })
    }
}

impl File {
    fn show(&self, id: &str) -> Value {
        let File { name, purpose, bytes, created } = self;
        json!({"id": id, "object": "file", "bytes": bytes.len(), "created_at": created, "filename": name, "purpose": purpose, "status": "processed"})
    }
}

/// Name, file name and bytes of each field.
type Field = (String, String, Vec<u8>);

/// The fields of a multipart form.
fn multipart(request: &Request) -> Option<Vec<Field>> {
    let boundary = request.content_type.split("boundary=").nth(1)?.split(';').next()?.trim().trim_matches('"');
    let mark = format!("--{boundary}");
    let (body, mut fields) = (&request.body[..], Vec::new());
    let mut at = find(body, mark.as_bytes(), 0)? + mark.len();
    while body.get(at..at + 2) == Some(b"\r\n") {
        let head_end = find(body, b"\r\n\r\n", at)?;
        let head = String::from_utf8_lossy(&body[at..head_end]).into_owned();
        let end = find(body, format!("\r\n{mark}").as_bytes(), head_end + 2)?;
        let of = |name: &str| head.split(&format!("{name}=\"")).nth(1)?.split('"').next().map(str::to_owned);
        let bytes = body.get(head_end + 4..end).unwrap_or_default().to_vec();
        fields.push((of("; name")?, of("filename").unwrap_or_default(), bytes));
        at = end + 2 + mark.len();
    }
    Some(fields)
}

fn find(bytes: &[u8], what: &[u8], from: usize) -> Option<usize> {
    bytes.get(from..)?.windows(what.len()).position(|w| w == what).map(|at| from + at)
}

fn ok(value: &Value) -> Response {
    Response::json(200, value.to_string())
}

fn refused(message: &str) -> Response {
    Response::json(400, Wire::Chat.error(400, "invalid_request_error", message))
}

fn missing() -> Response {
    Response::json(404, Wire::Chat.error(404, "not_found", "There is no such thing."))
}

//! `/v1beta/batches`, `models/….:batchGenerateContent`, and the files that go in and come out beside them.

use super::{Batch, BatchEnding, Batches, File, RequestEnd, page, time};
use crate::http::{Request, Response};
use crate::serve::{Shared, now_unix_s};
use crate::wire::Wire;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

/// Answers a call; `parts` is the path behind `v1beta`.
pub(super) fn handle(request: &Request, parts: &[&str], batches: &mut Batches, shared: &Shared) -> Option<Response> {
    let uploads = request.path.starts_with("/upload/");
    Some(match (request.method.as_str(), parts) {
        ("POST", ["files"]) if uploads => upload(request, batches),
        ("POST", ["models", call]) => match call.strip_suffix(":batchGenerateContent") {
            Some(model) => return create(request, model, batches, shared),
            None => missing(),
        },
        ("GET", ["batches"]) => {
            let (found, has_more) = page(&batches.gemini, request, "pageToken");
            let next = found.last().filter(|_| has_more).map(|b| b.id.clone());
            let all: Vec<Value> = found.into_iter().map(|b| head(b, shared)).collect();
            match next {
                Some(next) => ok(&json!({"operations": all, "nextPageToken": next})),
                None if all.is_empty() => ok(&json!({})),
                None => ok(&json!({"operations": all})),
            }
        }
        ("GET", ["batches", id]) => look(id, batches, shared),
        ("POST", ["batches", call]) => {
            let id = call.strip_suffix(":cancel").unwrap_or_default();
            match batches.gemini.iter_mut().find(|b| b.id == id) {
                Some(batch) => {
                    batch.is_cancelled |= !batch.has_ended;
                    ok(&json!({}))
                }
                None => missing(),
            }
        }
        ("GET", ["files", call]) => {
            let id = call.strip_suffix(":download").unwrap_or_default();
            batches.content(id, |batches| &mut batches.gemini, shared).unwrap_or_else(missing)
        }
        _ => missing(),
    })
}

fn upload(request: &Request, batches: &mut Batches) -> Response {
    let Some(bytes) = related(request) else { return refused("not a multipart upload of a file") };
    batches.n_files += 1;
    let id = format!("up{}", batches.n_files);
    let file = File { name: id.clone(), purpose: "batch".to_owned(), bytes, created: now_unix_s() };
    batches.files.insert(id.clone(), file);
    ok(&json!({"file": {"name": format!("files/{id}"), "mimeType": "application/jsonl", "state": "ACTIVE"}}))
}

/// The second part of a multipart body, which is the file.
fn related(request: &Request) -> Option<Vec<u8>> {
    let boundary = request.content_type.strip_prefix("multipart/related; boundary=")?;
    let body = String::from_utf8(request.body.clone()).ok()?;
    let mark = format!("--{boundary}");
    let mut parts = body.split(mark.as_str());
    let (about, file) = (parts.nth(1)?, parts.next()?);
    let inside = |part: &str| Some(part.split_once("\r\n\r\n")?.1.strip_suffix("\r\n")?.to_owned());
    let about: Value = serde_json::from_str(&inside(about)?).ok()?;
    about.pointer("/file/mimeType")?;
    (parts.next()?.trim() == "--").then(|| inside(file).map(String::into_bytes))?
}

#[derive(Deserialize)]
struct Create {
    batch: Asked,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Asked {
    display_name: String,
    input_config: Input,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Input {
    file_name: String,
}

#[derive(Deserialize)]
struct InputLine<'a> {
    key: String,
    #[serde(borrow)]
    request: &'a RawValue,
}

fn create(request: &Request, model: &str, batches: &mut Batches, shared: &Shared) -> Option<Response> {
    let Ok(Create { batch: asked }) = serde_json::from_slice(&request.body) else {
        return Some(refused("the body is not that of a batch"));
    };
    let id = asked.input_config.file_name.strip_prefix("files/").unwrap_or_default();
    let Some(file) = batches.files.get(id) else { return Some(missing()) };
    let text = String::from_utf8_lossy(&file.bytes).into_owned();
    let lines: Result<Vec<InputLine<'_>>, _> =
        text.lines().filter(|l| !l.trim().is_empty()).map(serde_json::from_str).collect();
    let Ok(lines) = lines else { return Some(refused("a line of the file is no request")) };
    let lines = lines.into_iter().map(|l| (l.key, l.request.get().to_owned())).collect();
    let mut batch = Batch::new(format!("b{}", batches.gemini.len() + 1), lines);
    batch.endpoint = format!("/v1beta/models/{model}:generateContent");
    batch.metadata = asked.display_name.into();
    let shown = head(&batch, shared);
    batches.gemini.push(batch);
    shared.books().sums.n_batches += 1;
    (!batches.loses_create(&shared.profile.batch)).then(|| ok(&shown))
}

fn look(id: &str, batches: &mut Batches, shared: &Shared) -> Response {
    let Some(at) = batches.gemini.iter().position(|b| b.id == id) else { return missing() };
    let batch = &mut batches.gemini[at];
    if batch.poll(&shared.profile.batch) && !fails(batch, shared) {
        batch.bill(shared, &batch.endpoint);
        let mut text = String::new();
        for line in batch.results(shared.profile.batch.shuffled) {
            let key = serde_json::to_string(&line.custom_id).expect("a string is JSON");
            let result = match (line.end, line.answer(Wire::Generate, &batch.endpoint, shared)) {
                (Some(RequestEnd::Done), Some(answer)) => format!("\"response\":{answer}"),
                // A batch that expires or is cancelled leaves its open lines out.
                (Some(RequestEnd::Expired | RequestEnd::Cancelled), _) => continue,
                _ => r#""error":{"code":3,"message":"This line is refused."}"#.to_owned(),
            };
            text.push_str(&format!("{{\"key\":{key},{result}}}\n"));
        }
        let id = format!("batch-{}", batch.id);
        batch.output_file = Some(id.clone());
        let file = File { name: id.clone(), purpose: "batch".to_owned(), bytes: text.into(), created: now_unix_s() };
        batches.files.insert(id, file);
    }
    ok(&whole(&batches.gemini[at], shared))
}

fn fails(batch: &Batch, shared: &Shared) -> bool {
    !batch.is_cancelled && shared.profile.batch.ending == BatchEnding::Failed
}

/// An operation without its outcome, as a list shows it.
fn head(batch: &Batch, shared: &Shared) -> Value {
    let state = match (batch.has_ended, batch.n_polls) {
        (true, _) if fails(batch, shared) => "FAILED",
        (true, _) if batch.is_cancelled => "CANCELLED",
        (true, _) if batch.count(RequestEnd::Expired) > 0 => "EXPIRED",
        (true, _) => "SUCCEEDED",
        (false, 0) => "PENDING",
        (false, _) => "RUNNING",
    };
    let open = batch.lines.iter().filter(|l| l.end.is_none()).count();
    let mut stats = json!({"requestCount": batch.lines.len().to_string()});
    let counts = [
        ("pendingRequestCount", open),
        ("successfulRequestCount", batch.count(RequestEnd::Done)),
        ("failedRequestCount", batch.count(RequestEnd::Error)),
    ];
    for (name, n) in counts.into_iter().filter(|(_, n)| *n > 0) {
        stats[name] = n.to_string().into();
    }
    let name = format!("batches/{}", batch.id);
    json!({"name": name, "metadata": {
        "@type": "type.googleapis.com/google.ai.generativelanguage.v1main.GenerateContentBatch",
        "displayName": batch.metadata, "createTime": time(batch.created), "batchStats": stats,
        "state": format!("BATCH_STATE_{state}"), "name": name,
    }})
}

fn whole(batch: &Batch, shared: &Shared) -> Value {
    let mut operation = head(batch, shared);
    if batch.has_ended && fails(batch, shared) {
        operation["done"] = true.into();
        operation["error"] = json!({"code": 3, "message": "The input is refused."});
    } else if let Some(file) = &batch.output_file {
        operation["done"] = true.into();
        operation["response"] = json!({"responsesFile": format!("files/{file}")});
    }
    operation
}

fn ok(value: &Value) -> Response {
    Response::json(200, value.to_string())
}

fn refused(message: &str) -> Response {
    Response::json(400, Wire::Generate.error(400, "INVALID_ARGUMENT", message))
}

fn missing() -> Response {
    Response::json(404, Wire::Generate.error(404, "NOT_FOUND", "There is no such thing."))
}

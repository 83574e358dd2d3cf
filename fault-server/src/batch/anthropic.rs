//! `/v1/messages/batches`.

use super::{Batch, Batches, RequestEnd, page, time};
use crate::http::{Request, Response};
use crate::serve::Shared;
use crate::wire::Wire;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

/// Where a line's body would be sent on its own.
const PATH: &str = "/v1/messages";

/// Answers a call; `rest` is the path after `/v1/messages/batches`.
pub(super) fn handle(request: &Request, rest: &[&str], batches: &mut Batches, shared: &Shared) -> Option<Response> {
    let at = rest.first().and_then(|id| batches.anthropic.iter().position(|b| b.id == *id));
    Some(match (request.method.as_str(), rest, at) {
        ("POST", [], _) => return create(request, batches, shared),
        ("GET", [], _) => {
            let (found, has_more) = page(&batches.anthropic, request, "after_id");
            let ids = (found.first().map(|b| b.id.clone()), found.last().map(|b| b.id.clone()));
            let data: Vec<Value> = found.into_iter().map(|b| show(b, request)).collect();
            ok(&json!({"data": data, "first_id": ids.0, "last_id": ids.1, "has_more": has_more}))
        }
        ("GET", [_], Some(at)) => {
            let batch = &mut batches.anthropic[at];
            if batch.poll(&shared.profile.batch) {
                batch.bill(shared, PATH);
            }
            ok(&show(batch, request))
        }
        ("GET", [_, "results"], Some(at)) if batches.anthropic[at].has_ended => {
            let batch = &mut batches.anthropic[at];
            batch.deliver(shared, PATH);
            results(batch, shared)
        }
        ("POST", [_, "cancel"], Some(at)) => {
            let batch = &mut batches.anthropic[at];
            batch.is_cancelled |= !batch.has_ended;
            ok(&show(batch, request))
        }
        _ => Response::json(404, Wire::Messages.error(404, "not_found_error", "There is no such thing.")),
    })
}

#[derive(Deserialize)]
struct Create<'a> {
    #[serde(borrow)]
    requests: Vec<InputLine<'a>>,
}

#[derive(Deserialize)]
struct InputLine<'a> {
    custom_id: String,
    #[serde(borrow)]
    params: &'a RawValue,
}

fn create(request: &Request, batches: &mut Batches, shared: &Shared) -> Option<Response> {
    let refused =
        |message: &str| Some(Response::json(400, Wire::Messages.error(400, "invalid_request_error", message)));
    let Ok(asked) = serde_json::from_slice::<Create<'_>>(&request.body) else {
        return refused("the body is not that of a batch");
    };
    let is_id = |id: &str| {
        (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
    };
    let ids: std::collections::BTreeSet<&str> = asked.requests.iter().map(|l| l.custom_id.as_str()).collect();
    if ids.len() < asked.requests.len() || ids.is_empty() || !ids.iter().all(|id| is_id(id)) {
        return refused("every `custom_id` is 1 to 64 of A-Z a-z 0-9 _ - and stands once");
    }
    let lines = asked.requests.into_iter().map(|l| (l.custom_id, l.params.get().to_owned())).collect();
    let batch = Batch::new(format!("msgbatch_{}", batches.anthropic.len() + 1), lines);
    let shown = show(&batch, request);
    batches.anthropic.push(batch);
    shared.books().sums.n_batches += 1;
    (!batches.loses_create(&shared.profile.batch)).then(|| ok(&shown))
}

fn results(batch: &Batch, shared: &Shared) -> Response {
    let mut text = String::new();
    for line in batch.results(shared.profile.batch.shuffled) {
        let result = match (line.end, line.answer(Wire::Messages, PATH, shared)) {
            (Some(RequestEnd::Done), Some(message)) => format!("{{\"type\":\"succeeded\",\"message\":{message}}}"),
            (Some(RequestEnd::Expired), _) => "{\"type\":\"expired\"}".to_owned(),
            (Some(RequestEnd::Cancelled), _) => "{\"type\":\"canceled\"}".to_owned(),
            _ => {
                let error = Wire::Messages.error(400, "invalid_request_error", "This request is refused.");
                format!("{{\"type\":\"errored\",\"error\":{error}}}")
            }
        };
        let id = serde_json::to_string(&line.custom_id).expect("a string is JSON");
        text.push_str(&format!("{{\"custom_id\":{id},\"result\":{result}}}\n"));
    }
    Response { status: 200, headers: vec![("content-type", "application/x-jsonl".to_owned())], body: text.into() }
}

fn show(batch: &Batch, request: &Request) -> Value {
    let status = match (batch.has_ended, batch.is_cancelled) {
        (true, _) => "ended",
        (false, true) => "canceling",
        (false, false) => "in_progress",
    };
    let open = batch.lines.iter().filter(|l| l.end.is_none()).count();
    let address = format!("http://{}{PATH}/batches/{}/results", request.host, batch.id);
    json!({
        "id": batch.id, "type": "message_batch", "processing_status": status,
        "request_counts": {
            "processing": open, "succeeded": batch.count(RequestEnd::Done), "errored": batch.count(RequestEnd::Error),
            "canceled": batch.count(RequestEnd::Cancelled), "expired": batch.count(RequestEnd::Expired)
        },
        "ended_at": batch.has_ended.then(|| time(batch.created + 60)), "created_at": time(batch.created),
        "expires_at": time(batch.created + 86_400), "archived_at": null,
        "cancel_initiated_at": batch.is_cancelled.then(|| time(batch.created + 30)),
        "results_url": batch.has_ended.then_some(address),
    })
}

fn ok(value: &Value) -> Response {
    Response::json(200, value.to_string())
}

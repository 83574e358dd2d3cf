//! Batch APIs: requests that are handed over in bulk, and answered some polls later.

mod anthropic;
mod gemini;
mod openai;

use crate::damage::Job;
use crate::http::{Request, Response};
use crate::rate::rfc3339;
use crate::serve::{Shared, identity, now_unix_s};
use crate::wire::Wire;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// How batches go.
#[derive(Debug, Clone, PartialEq)]
pub struct BatchProfile {
    /// How often a batch is looked at before it has ended. 2.
    pub polls: u32,
    /// How batches end.
    pub ending: BatchEnding,
    /// Share of the lines that end in an error of their own. 0.
    pub error_share: f64,
    /// Whether results come in another order than the requests. True, as no provider promises an order.
    pub shuffled: bool,
    /// So many calls that create a batch create it, and then lose the connection before they say so. 0.
    pub lost_creates: u32,
    /// The call that is never answered, so that the client can be killed there. None.
    pub held: Option<Held>,
}

/// A call that is never answered. What it may have done stays done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// How many calls of a batch API came before it.
    pub call: usize,
    /// Whether it does what it is for.
    pub is_done: bool,
}

impl Default for BatchProfile {
    fn default() -> Self {
        BatchProfile {
            polls: 2,
            ending: BatchEnding::Completed,
            error_share: 0.0,
            shuffled: true,
            lost_creates: 0,
            held: None,
        }
    }
}

/// How batches end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum BatchEnding {
    /// Every line has its result.
    Completed,
    /// The time is up when this share of the lines is done.
    Expired(f64),
    /// As a whole, for a fault in the input (OpenAI, Gemini); Anthropic has no such end, there every line is in error.
    Failed,
}

/// Everything about batches that a server holds.
#[derive(Debug, Default)]
pub(crate) struct Batches {
    openai: Vec<Batch>,
    anthropic: Vec<Batch>,
    gemini: Vec<Batch>,
    files: BTreeMap<String, File>,
    n_files: usize,
    n_lost: u32,
    /// Calls that came.
    pub(crate) n_calls: usize,
}

impl Batches {
    /// A file, where there is one; results of a batch are written when they are asked for. `all` gives the batches of whoever asks.
    fn content(&mut self, id: &str, all: fn(&mut Self) -> &mut Vec<Batch>, shared: &Shared) -> Option<Response> {
        if let Some(batch) = all(self).iter_mut().find(|b| b.output_file.as_deref() == Some(id)) {
            let path = batch.endpoint.clone();
            batch.deliver(shared, &path);
        }
        let file = self.files.get(id)?;
        let headers = vec![("content-type", "application/octet-stream".to_owned())];
        Some(Response { status: 200, headers, body: file.bytes.clone() })
    }
}

#[derive(Debug)]
struct File {
    name: String,
    purpose: String,
    bytes: Vec<u8>,
    created: u64,
}

/// One batch.
#[derive(Debug)]
struct Batch {
    id: String,
    /// What the client sent along (OpenAI, Gemini).
    metadata: Value,
    endpoint: String,
    input_file: String,
    lines: Vec<BatchRequest>,
    created: u64,
    n_polls: u32,
    is_cancelled: bool,
    has_ended: bool,
    output_file: Option<String>,
    error_file: Option<String>,
    /// Whether the results were fetched, and so delivered.
    is_fetched: bool,
}

/// One request of a batch.
#[derive(Debug)]
struct BatchRequest {
    custom_id: String,
    body: String,
    end: Option<RequestEnd>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum RequestEnd {
    Done,
    Error,
    Expired,
    Cancelled,
}

impl Batch {
    fn new(id: String, lines: Vec<(String, String)>) -> Self {
        let lines = lines.into_iter().map(|(custom_id, body)| BatchRequest { custom_id, body, end: None }).collect();
        Batch {
            id,
            metadata: Value::Null,
            endpoint: String::new(),
            input_file: String::new(),
            lines,
            created: now_unix_s(),
            n_polls: 0,
            is_cancelled: false,
            has_ended: false,
            output_file: None,
            error_file: None,
            is_fetched: false,
        }
    }

    /// Looks at the batch once more; true where it has just ended.
    fn poll(&mut self, profile: &BatchProfile) -> bool {
        self.n_polls += 1;
        if self.has_ended || (self.n_polls < profile.polls.max(1) && !self.is_cancelled) {
            return false;
        }
        self.has_ended = true;
        let n = self.lines.len() as f64;
        let share_done = match profile.ending {
            _ if self.is_cancelled => f64::from(self.n_polls.min(profile.polls)) / f64::from(profile.polls.max(1)),
            BatchEnding::Completed | BatchEnding::Failed => 1.0,
            BatchEnding::Expired(share) => share,
        };
        let (n_done, is_cancelled) = ((n * share_done) as usize, self.is_cancelled);
        for (i, line) in self.lines.iter_mut().enumerate() {
            let bits = identity("error", line.custom_id.as_bytes()) as u64 >> 11;
            let is_error = (bits as f64) / ((1_u64 << 53) as f64) < profile.error_share;
            line.end = Some(match profile.ending {
                _ if i >= n_done && is_cancelled => RequestEnd::Cancelled,
                _ if i >= n_done => RequestEnd::Expired,
                BatchEnding::Failed => RequestEnd::Error,
                _ if is_error => RequestEnd::Error,
                _ => RequestEnd::Done,
            });
        }
        true
    }

    fn count(&self, end: RequestEnd) -> usize {
        self.lines.iter().filter(|l| l.end == Some(end)).count()
    }

    /// The lines in the order of their results.
    fn results(&self, shuffled: bool) -> Vec<&BatchRequest> {
        let mut lines: Vec<&BatchRequest> = self.lines.iter().collect();
        if shuffled {
            lines.sort_by_key(|l| identity("order", l.custom_id.as_bytes()));
        }
        lines
    }

    /// Bills every line that is done.
    fn bill(&self, shared: &Shared, path: &str) {
        self.each_done(path, |identity, line| {
            shared.books().bill(identity, shared.tokens(line.body.len(), line.custom_id.len()));
        });
    }

    /// Notes that the results have arrived.
    fn deliver(&mut self, shared: &Shared, path: &str) {
        if !std::mem::replace(&mut self.is_fetched, true) {
            self.each_done(path, |identity, line| {
                shared.books().deliver(identity, shared.tokens(line.body.len(), line.custom_id.len()));
            });
        }
    }

    fn each_done(&self, path: &str, mut act: impl FnMut(u128, &BatchRequest)) {
        for line in self.lines.iter().filter(|l| l.end == Some(RequestEnd::Done)) {
            act(identity(path, line.body.as_bytes()), line);
        }
    }
}

impl BatchRequest {
    /// The answer to the line, or `None` where its body is not of the wire.
    fn answer(&self, wire: Wire, path: &str, shared: &Shared) -> Option<String> {
        let heard = wire.hear(path, self.body.as_bytes())?;
        let id = identity(path, self.body.as_bytes()) as u64;
        let tokens = shared.tokens(self.body.len(), self.custom_id.len());
        let job = Job { wire, heard: &heard, id, tokens, profile: &shared.profile, now_unix_s: 0, port: 0 };
        Some(job.good())
    }
}

/// The response to a call of a batch API; `None` breaks the connection off.
pub(crate) async fn handle(request: &Request, shared: &Shared) -> Option<Response> {
    let response = answer(request, shared);
    match response {
        Some(response) => response,
        None => std::future::pending().await,
    }
}

/// As [`handle`]; `None` where the call is held.
fn answer(request: &Request, shared: &Shared) -> Option<Option<Response>> {
    let mut batches = shared.batches.lock().expect("nothing panics under it");
    let held = shared.profile.batch.held.filter(|held| held.call == batches.n_calls);
    // Whoever sees the count sees what the call did: both are behind the same lock.
    batches.n_calls += 1;
    if held.is_some_and(|held| !held.is_done) {
        return None;
    }
    let response = act(request, &mut batches, shared);
    held.is_none().then_some(response)
}

fn act(request: &Request, batches: &mut Batches, shared: &Shared) -> Option<Response> {
    let path = request.path.strip_prefix("/v1/").unwrap_or(&request.path);
    let parts: Vec<&str> = path.split('/').filter(|p| !p.is_empty()).collect();
    match parts.as_slice() {
        ["messages", "batches", rest @ ..] => anthropic::handle(request, rest, batches, shared),
        ["v1beta", rest @ ..] | ["upload" | "download", "v1beta", rest @ ..] => {
            gemini::handle(request, rest, batches, shared)
        }
        ["files" | "batches", ..] => openai::handle(request, &parts, batches, shared),
        _ => {
            Some(Response::json(404, json!({"error": {"message": "no such address", "type": "not_found"}}).to_string()))
        }
    }
}

/// A page of a list, newest first, after the one called `after`; and whether there is more.
fn page<'a>(batches: &'a [Batch], request: &Request, after: &str) -> (Vec<&'a Batch>, bool) {
    let of = |name: &str| request.query.split('&').find_map(|p| p.strip_prefix(name)?.strip_prefix('='));
    let limit = of("limit").and_then(|n| n.parse().ok()).unwrap_or(20_usize).clamp(1, 100);
    let mut newest: Vec<&Batch> = batches.iter().rev().collect();
    if let Some(at) = of(after).and_then(|id| newest.iter().position(|b| b.id == id)) {
        newest.drain(..=at);
    }
    let has_more = newest.len() > limit;
    newest.truncate(limit);
    (newest, has_more)
}

impl Batches {
    /// Whether the call that has just created a batch loses its connection.
    fn loses_create(&mut self, profile: &BatchProfile) -> bool {
        self.n_lost += 1;
        self.n_lost <= profile.lost_creates
    }
}

fn time(unix_s: u64) -> Value {
    rfc3339(unix_s).into()
}

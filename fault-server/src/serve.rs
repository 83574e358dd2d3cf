//! Connections: one request after the other, each decided, billed, damaged and sent.

use crate::batch::{self, Batches};
use crate::damage::{Job, Send};
use crate::fault::draw;
use crate::http::{self, Request, Response};
use crate::ledger::{Books, Tokens};
use crate::outage::{self, OutageKind};
use crate::rate::{Limiter, Refusal};
use crate::wire::{Heard, Wire};
use crate::{Asked, Injected, Profile, Reply, answer, server};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::{sleep, sleep_until};
use xxhash_rust::xxh3::Xxh3;

/// What all connections share.
pub(crate) struct Shared {
    pub(crate) profile: Profile,
    port: u16,
    began: Instant,
    books: Mutex<Books>,
    kept: Mutex<Vec<Asked>>,
    limiter: Mutex<Option<Limiter>>,
    pub(crate) batches: Mutex<Batches>,
}

impl Shared {
    pub(crate) fn new(profile: Profile, port: u16) -> Self {
        let limiter = Mutex::new(profile.rate.clone().map(Limiter::new));
        let (books, kept, batches) = (Mutex::default(), Mutex::default(), Mutex::default());
        Shared { profile, port, began: Instant::now(), books, kept, limiter, batches }
    }

    pub(crate) fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().expect("nothing panics under it")
    }

    pub(crate) fn kept(&self) -> MutexGuard<'_, Vec<Asked>> {
        self.kept.lock().expect("nothing panics under it")
    }

    /// Headers that tell of the limits, or a refusal.
    fn limit(&self, now: Duration, now_unix_s: u64, tokens: f64) -> Result<Vec<(&'static str, String)>, Response> {
        let mut limiter = self.limiter.lock().expect("nothing panics under it");
        let Some(limiter) = limiter.as_mut() else { return Ok(Vec::new()) };
        limiter.ask(now, now_unix_s, tokens).map_err(|refusal| {
            self.books().sums.n_limited += 1;
            let Refusal { status, headers, body } = refusal;
            Response { status, headers, body }
        })
    }

    /// The tokens that an answer of `n` bytes to a body of `m` counts.
    pub(crate) fn tokens(&self, m: usize, n: usize) -> Tokens {
        self.profile.usage.unwrap_or((m as u64 / 4 + 1, n as u64 / 4 + 1))
    }
}

/// Seconds since 1970.
pub(crate) fn now_unix_s() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs())
}

/// The identity of a request.
pub(crate) fn identity(path: &str, body: &[u8]) -> u128 {
    let mut hash = Xxh3::new();
    hash.update(path.as_bytes());
    hash.update(&[0]);
    hash.update(body);
    hash.digest128()
}

/// Takes connections for ever, but not while the server refuses them.
pub(crate) async fn accept(mut listener: TcpListener, shared: Arc<Shared>) {
    let refusals = shared.profile.outages.iter().filter(|o| o.kind == OutageKind::Refused);
    let mut refusals: Vec<_> = refusals.copied().collect();
    refusals.sort_by_key(|o| o.from);
    let mut open = JoinSet::new();
    for refusal in refusals {
        let from = tokio::time::Instant::from_std(shared.began + refusal.from);
        tokio::select! {
            () = accept_all(&listener, &shared, &mut open) => {}
            () = sleep_until(from) => {}
        }
        drop(listener);
        open.shutdown().await;
        sleep_until(tokio::time::Instant::from_std(shared.began + refusal.end())).await;
        listener = server::listen(shared.port);
    }
    accept_all(&listener, &shared, &mut open).await;
}

async fn accept_all(listener: &TcpListener, shared: &Arc<Shared>, open: &mut JoinSet<()>) {
    loop {
        if let Ok((stream, _)) = listener.accept().await {
            shared.books().sums.n_connections += 1;
            while open.try_join_next().is_some() {}
            open.spawn(serve(stream, Arc::clone(shared)));
        } else {
            // Out of file descriptors, most likely; they come back.
            sleep(Duration::from_millis(5)).await;
        }
    }
}

async fn serve(mut stream: TcpStream, shared: Arc<Shared>) {
    // Without it small answers wait for acknowledgements.
    let _ = stream.set_nodelay(true);
    let mut buffer = Vec::with_capacity(4096);
    let mut last = None;
    loop {
        match http::read(&mut stream, &mut buffer).await {
            http::Heard::Request(request) => {
                match one(&mut stream, &mut buffer, &request, &shared).await {
                    After::GoOn(delivered) => last = delivered,
                    After::Close => return,
                    After::Reset => {
                        // Where the option is refused the client sees an orderly close, which is a fault as well.
                        let _ = stream.set_zero_linger();
                        return;
                    }
                }
            }
            heard @ (http::Heard::Closed | http::Heard::Reset) => {
                // A client that left just before the answer went out closes in order; the error of its refusal stays on the socket.
                let is_unread = matches!(heard, http::Heard::Reset) || !matches!(stream.take_error(), Ok(None));
                if let Some((identity, tokens)) = last.filter(|_| is_unread) {
                    shared.books().undeliver(identity, tokens);
                }
                return;
            }
        }
    }
}

/// What becomes of the connection.
enum After {
    /// It lives; what was delivered over it last.
    GoOn(Option<(u128, Tokens)>),
    Close,
    Reset,
}

async fn one(stream: &mut TcpStream, buffer: &mut Vec<u8>, request: &Request, shared: &Shared) -> After {
    let Some(wire) = wire(request) else {
        let response = match (request.method.as_str(), request.path.as_str()) {
            ("GET", "/ledger") => Some(Response::json(200, shared.books().sums.to_json().to_string())),
            ("GET", "/v1/models") if !shared.profile.models.is_empty() => {
                let models: Vec<Value> = shared.profile.models.iter().map(|id| json!({ "id": id })).collect();
                Some(Response::json(200, json!({ "object": "list", "data": models }).to_string()))
            }
            _ => batch::handle(request, shared).await,
        };
        return match response {
            Some(response) => written(stream.write_all(&response.bytes(None).0).await),
            None => After::Reset,
        };
    };
    let identity = identity(&request.path, &request.body);
    let attempt = shared.books().asked(identity);
    let _in_flight = InFlight(shared);
    let now = shared.began.elapsed();
    if let Some(out) = outage::at(&shared.profile.outages, now) {
        shared.books().sums.n_in_outage += 1;
        let OutageKind::Status(status) = out.kind else {
            sleep(shared.profile.hang).await;
            return After::Reset;
        };
        let body = wire.error(status, "overloaded_error", "The server is out.");
        return written(stream.write_all(&Response::json(status, body).bytes(None).0).await);
    }
    let Some(heard) = wire.hear(&request.path, &request.body) else {
        let body = wire.error(400, "invalid_request_error", "The body is not of this API.");
        return written(stream.write_all(&Response::json(400, body).bytes(None).0).await);
    };
    answered(stream, buffer, Call { request, wire, heard: &heard, identity, attempt, now }, shared).await
}

/// A request for an answer.
struct Call<'a> {
    request: &'a Request,
    wire: Wire,
    heard: &'a Heard,
    identity: u128,
    attempt: u32,
    now: Duration,
}

async fn answered(stream: &mut TcpStream, buffer: &mut Vec<u8>, call: Call<'_>, shared: &Shared) -> After {
    let Call { request, wire, heard, identity, now, .. } = call;
    let profile = &shared.profile;
    let id = identity as u64;
    let mut job = Job { wire, heard, id, tokens: (0, 0), profile, now_unix_s: now_unix_s(), port: shared.port };
    job.tokens = shared.tokens(request.body.len(), heard.user.len());
    let tokens = (job.tokens.0 + job.tokens.1) as f64;
    let headers = match shared.limit(now, job.now_unix_s, tokens) {
        Ok(headers) => headers,
        Err(refused) => return written(stream.write_all(&refused.bytes(None).0).await),
    };
    let (reply, latency) = decide(&call, &job, shared).after(profile.latency);
    let (is_billed, is_delivered) = match &reply {
        Reply::Good => (true, true),
        Reply::Whole { status, .. } => (*status == 200, *status == 200),
        Reply::Fault(Injected { fault, .. }) => {
            shared.books().fault(*fault);
            (fault.is_billed(), fault.is_delivered())
        }
        Reply::After(..) => (false, false),
    };
    // The model runs whether or not somebody waits for it.
    if is_billed {
        let mut books = shared.books();
        books.bill(identity, job.tokens);
        if let Some(tag) = answer::tag(&heard.user).filter(|_| profile.keep) {
            *books.tags.entry(tag.to_owned()).or_default() += 1;
        }
    }
    if !latency.is_zero() {
        sleep(latency).await;
    }
    let mut send = match reply {
        Reply::Good | Reply::After(..) => Send::Whole(Response::json(200, job.good())),
        Reply::Whole { status, headers, body } => Send::Whole(Response { status, headers, body }),
        Reply::Fault(injected) => job.send(injected),
    };
    if let Send::Whole(response) = &mut send {
        response.headers.extend(headers);
    }
    if is_delivered && is_gone(stream, buffer) {
        return After::Close;
    }
    if is_delivered {
        // Entered first, so that whoever has read the answer finds it in the ledger.
        shared.books().deliver(identity, job.tokens);
    }
    match put(stream, send).await {
        After::GoOn(_) if is_delivered => After::GoOn(Some((identity, job.tokens))),
        after => {
            if is_delivered {
                shared.books().undeliver(identity, job.tokens);
            }
            after
        }
    }
}

/// What the script, or chance, has in store for a request; kept with it where requests are.
fn decide(call: &Call<'_>, job: &Job<'_>, shared: &Shared) -> Reply {
    let profile = &shared.profile;
    let asked = (profile.keep || profile.script.is_some()).then(|| asked(call, job, shared));
    let reply = match (&profile.script, &asked) {
        (Some(script), Some(asked)) => (script.0)(asked),
        _ => draw(&profile.faults, profile.seed, call.identity, call.attempt).map_or(Reply::Good, Reply::Fault),
    };
    shared.kept().extend(asked.filter(|_| profile.keep));
    reply
}

fn asked(call: &Call<'_>, job: &Job<'_>, shared: &Shared) -> Asked {
    let n = shared.books().sums.n_asked as usize - 1;
    Asked {
        n,
        times: call.attempt as usize,
        id: answer::tag(&call.heard.user).unwrap_or_default().to_owned(),
        path: call.request.path.clone(),
        bytes: call.request.body.clone(),
        authorization: call.request.authorization.clone(),
        at: call.now,
        good: job.good(),
    }
}

async fn put(stream: &mut TcpStream, send: Send) -> After {
    match send {
        Send::Whole(response) => written(stream.write_all(&response.bytes(None).0).await),
        Send::ThenClose(bytes) => {
            // Closed either way.
            let _ = stream.write_all(&bytes).await;
            After::Close
        }
        Send::ThenReset(bytes) => {
            if !bytes.is_empty() && stream.write_all(&bytes).await.is_ok() {
                // A reset throws away what the client has not read yet.
                sleep(Duration::from_millis(2)).await;
            }
            After::Reset
        }
        Send::Hang(time) => {
            sleep(time).await;
            After::Reset
        }
        Send::Drip(bytes, pause) => {
            for byte in bytes {
                if stream.write_all(&[byte]).await.is_err() {
                    break;
                }
                sleep(pause).await;
            }
            After::Close
        }
        Send::Flood(head, chunk, times) => {
            if stream.write_all(&head).await.is_ok() {
                for _ in 0..times {
                    if stream.write_all(chunk).await.is_err() {
                        break;
                    }
                }
            }
            After::Reset
        }
    }
}

/// Whether the client has left.
fn is_gone(stream: &TcpStream, buffer: &mut Vec<u8>) -> bool {
    match stream.try_read_buf(buffer) {
        Ok(n) => n == 0,
        Err(e) => e.kind() != std::io::ErrorKind::WouldBlock,
    }
}

fn written(result: std::io::Result<()>) -> After {
    if result.is_ok() { After::GoOn(None) } else { After::Close }
}

fn wire(request: &Request) -> Option<Wire> {
    let path = request.path.as_str();
    match request.method.as_str() {
        "POST" if path.ends_with("/chat/completions") => Some(Wire::Chat),
        "POST" if path.ends_with("/messages") => Some(Wire::Messages),
        "POST" if path.ends_with(":generateContent") => Some(Wire::Generate),
        _ => None,
    }
}

/// A request in flight, until it goes.
struct InFlight<'a>(&'a Shared);

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.books().ended();
    }
}

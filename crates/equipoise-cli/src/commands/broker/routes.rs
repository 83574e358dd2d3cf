//! The routes of the broker: OpenAI's chat completions, the list of models, and health.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use equipoise::broker::{Answered, Broker, Chat, Refusal};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

/// The header that tells whether an answer was paid for now.
const ANSWER_FROM: &str = "x-equipoise-answer-from";

/// What all requests share.
pub(super) struct Door {
    pub(super) broker: Arc<Broker>,
    pub(super) address: SocketAddr,
    /// What clients must send; `None` where this machine alone gets here.
    pub(super) token: Option<String>,
    /// The limit of answers whose request names none.
    pub(super) max_tokens: u32,
}

/// The routes.
pub(super) fn routes(door: Arc<Door>) -> Router {
    let v1 = Router::new()
        .route("/v1/chat/completions", post(chat))
        .route("/v1/models", get(models))
        .route("/v1/models/{*name}", get(model))
        .layer(middleware::from_fn_with_state(door.clone(), token));
    Router::new()
        .merge(v1)
        .route("/health", get(health))
        .fallback(|| async {
            fault(StatusCode::NOT_FOUND, "unknown_url", "the broker has no such address; see /v1/models")
        })
        .method_not_allowed_fallback(|| async {
            fault(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "this address takes another method")
        })
        .layer(middleware::from_fn_with_state(door.clone(), here))
        .with_state(door)
}

/// Keeps pages in browsers out, which could spend the owner's money from any site: they name where they come from, and a name that only
/// resolves to this machine (DNS rebinding) is not its own.
async fn here(State(door): State<Arc<Door>>, request: Request, next: Next) -> Response {
    let port = door.address.port();
    let own = [format!("127.0.0.1:{port}"), format!("localhost:{port}"), format!("[::1]:{port}")];
    let headers = request.headers();
    let is_own = |value: &header::HeaderValue| value.to_str().is_ok_and(|v| own.iter().any(|o| v == o));
    let is_named = door.token.is_some() || headers.get(header::HOST).is_some_and(is_own);
    if headers.contains_key(header::ORIGIN) || !is_named {
        return fault(
            StatusCode::FORBIDDEN,
            "forbidden",
            "only programs on this machine may ask, and no pages in browsers",
        );
    }
    next.run(request).await
}

/// Lets through who has the token.
async fn token(State(door): State<Arc<Door>>, request: Request, next: Next) -> Response {
    let has_it = door.token.as_ref().is_none_or(|token| is_same(token, bearer(request.headers())));
    match has_it {
        true => next.run(request).await,
        false => fault(StatusCode::UNAUTHORIZED, "invalid_api_key", "send the broker's token as the API key"),
    }
}

fn bearer(headers: &HeaderMap) -> &str {
    headers.get(header::AUTHORIZATION).and_then(|v| v.to_str().ok()?.strip_prefix("Bearer ")).unwrap_or_default()
}

/// Takes the same time wherever two texts of one length differ.
fn is_same(one: &str, other: &str) -> bool {
    one.len() == other.len() && one.bytes().zip(other.bytes()).fold(0, |differs, (a, b)| differs | (a ^ b)) == 0
}

async fn chat(State(door): State<Arc<Door>>, body: Result<Bytes, BytesRejection>) -> Response {
    let body = match body {
        Ok(body) => body,
        Err(rejected) => return fault(rejected.status(), "invalid_body", &rejected.body_text()),
    };
    let outcome = match Chat::read(&body) {
        Ok(chat) => door.ask(chat).await,
        Err(fault) => Err(fault.into()),
    };
    match outcome {
        Ok(answered) => {
            let from = if answered.is_known { "journal" } else { "model" };
            let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
            ([(ANSWER_FROM, from)], Json(answered.to_json(door.broker.model(), now))).into_response()
        }
        Err(refusal) => refused(&refusal),
    }
}

impl Door {
    async fn ask(&self, mut chat: Chat) -> Result<Answered, Refusal> {
        let broker = &self.broker;
        if !broker.serves(&chat.model) {
            return Err(Refusal::other_model(&chat.model, broker.model()));
        }
        chat.max_tokens.get_or_insert(self.max_tokens);
        broker.ask(broker.request(&chat)).await
    }

    fn model(&self) -> Value {
        json!({ "id": self.broker.model(), "object": "model", "created": 0, "owned_by": self.broker.shown_model() })
    }
}

async fn models(State(door): State<Arc<Door>>) -> Response {
    Json(json!({ "object": "list", "data": [door.model()] })).into_response()
}

async fn model(State(door): State<Arc<Door>>, Path(name): Path<String>) -> Response {
    match door.broker.serves(&name) {
        true => Json(door.model()).into_response(),
        false => refused(&Refusal::other_model(&name, door.broker.model())),
    }
}

async fn health(State(door): State<Arc<Door>>) -> Response {
    Json(json!({ "status": "ok", "requests": door.broker.counts() })).into_response()
}

fn refused(refusal: &Refusal) -> Response {
    let status = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, Json(refusal.to_json())).into_response();
    if let Some(wait) = refusal.retry_after() {
        response.headers_mut().insert(header::RETRY_AFTER, wait.as_secs().max(1).into());
    }
    response
}

fn fault(status: StatusCode, code: &str, message: &str) -> Response {
    let error = json!({ "message": message, "type": "invalid_request_error", "param": null, "code": code });
    (status, Json(json!({ "error": error }))).into_response()
}

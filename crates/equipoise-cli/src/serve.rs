//! The review page on loopback: who has the one-time address may look and decide, nobody else.

use axum::Json;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use equipoise::review::{Choice, Review, RowHash};
use serde::Deserialize;
use serde_json::json;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

const PAGE: &str = include_str!("../assets/review.html");
const SCRIPT: &str = include_str!("../assets/review.js");
const STYLE: &str = include_str!("../assets/review.css");

/// Nothing but the page's own files may run or be asked for.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The cookie of the session. Cookies do not tell ports apart, so its name does.
fn cookie_name(address: SocketAddr) -> String {
    format!("equipoise-{}", address.port())
}

/// What all requests share.
#[derive(Clone)]
struct Shared {
    review: Arc<Mutex<Review>>,
    /// The token of the address, until the page is opened with it.
    once: Arc<Mutex<Option<String>>>,
    /// The secret of the session, in the cookie.
    session: Arc<str>,
    address: SocketAddr,
}

impl Shared {
    fn review(&self) -> MutexGuard<'_, Review> {
        self.review.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the token is that of the address, and used for the first time.
    fn takes(&self, token: Option<&str>) -> bool {
        let mut once = self.once.lock().unwrap_or_else(PoisonError::into_inner);
        let fits = once.as_deref() == token;
        if fits {
            *once = None;
        }
        fits
    }
}

/// Two secrets of 128 bits, from the operating system.
pub(crate) struct Secrets {
    /// Stands in the address and works once.
    pub(crate) token: String,
    /// Stands in the cookie.
    pub(crate) session: String,
}

impl Secrets {
    /// Draws both.
    ///
    /// # Errors
    /// Where the operating system has no randomness to give.
    pub(crate) fn draw() -> std::io::Result<Self> {
        let draw = || {
            let mut bytes = [0u8; 16];
            getrandom::fill(&mut bytes).map_err(std::io::Error::other)?;
            Ok::<_, std::io::Error>(bytes.iter().map(|b| format!("{b:02x}")).collect())
        };
        Ok(Secrets { token: draw()?, session: draw()? })
    }
}

/// The routes of the page.
pub(crate) fn routes(review: Review, secrets: Secrets, address: SocketAddr) -> Router {
    let shared = Shared {
        review: Arc::new(Mutex::new(review)),
        once: Arc::new(Mutex::new(Some(secrets.token))),
        session: secrets.session.into(),
        address,
    };
    Router::new()
        .route("/", get(page))
        .route("/review.js", get(|| file("text/javascript; charset=utf-8", SCRIPT)))
        .route("/review.css", get(|| file("text/css; charset=utf-8", STYLE)))
        .route("/api/rows", get(rows))
        .route("/api/queue", get(queue))
        .route("/api/decide", post(decide))
        .route("/api/undo", post(undo))
        .route("/api/check", post(check))
        .layer(middleware::from_fn_with_state(shared.clone(), guard))
        .with_state(shared)
}

/// Lets through what comes from this page, by the name of this machine alone: no other site's page and no name that only resolves
/// here (DNS rebinding).
async fn guard(State(shared): State<Shared>, request: Request, next: Next) -> Response {
    let port = shared.address.port();
    let own = [format!("127.0.0.1:{port}"), format!("localhost:{port}"), format!("[::1]:{port}")];
    let headers = request.headers();
    let names_this = |value: &HeaderValue| value.to_str().is_ok_and(|v| own.iter().any(|o| v == o));
    let is_own_page =
        |value: &HeaderValue| value.to_str().is_ok_and(|v| own.iter().any(|o| v == format!("http://{o}")));
    let allowed = headers.get(header::HOST).is_some_and(names_this)
        && headers.get(header::ORIGIN).is_none_or(is_own_page)
        && (request.uri().path() == "/" || has_session(&shared, headers));
    let mut response = match allowed {
        true => next.run(request).await,
        false => refusal(StatusCode::FORBIDDEN, "open the address that the terminal shows"),
    };
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

fn has_session(shared: &Shared, headers: &HeaderMap) -> bool {
    let expected = format!("{}={}", cookie_name(shared.address), shared.session);
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|v| v.to_str().ok());
    cookies.flat_map(|line| line.split(';')).any(|cookie| cookie.trim() == expected)
}

/// The page, for who comes with the token or has been here before. The token works once, so that the address in a shell's history
/// or a log opens nothing later.
async fn page(State(shared): State<Shared>, request: Request) -> Response {
    let query = request.uri().query().unwrap_or_default();
    let token = query.strip_prefix("token=");
    if token.is_some() && shared.takes(token) {
        let cookie = format!("{}={}; HttpOnly; SameSite=Strict; Path=/", cookie_name(shared.address), shared.session);
        let headers = [(header::SET_COOKIE, cookie), (header::LOCATION, "/".to_owned())];
        return (headers, StatusCode::SEE_OTHER).into_response();
    }
    match has_session(&shared, request.headers()) {
        true => file("text/html; charset=utf-8", PAGE).await,
        false => refusal(
            StatusCode::FORBIDDEN,
            "this address was used already; start `equipoise review` again for a new one",
        ),
    }
}

async fn file(kind: &'static str, text: &'static str) -> Response {
    ([(header::CONTENT_TYPE, kind)], text).into_response()
}

fn refusal(status: StatusCode, message: impl std::fmt::Display) -> Response {
    (status, Json(json!({ "error": message.to_string() }))).into_response()
}

/// The value as JSON, or why there is none.
fn answer<T: serde::Serialize>(value: Result<T, equipoise::Error>) -> Response {
    match value {
        Ok(value) => Json(value).into_response(),
        Err(error) => refusal(StatusCode::INTERNAL_SERVER_ERROR, error),
    }
}

async fn rows(State(shared): State<Shared>) -> Response {
    Json(shared.review().page()).into_response()
}

async fn queue(State(shared): State<Shared>) -> Response {
    answer(shared.review().queue())
}

#[derive(Deserialize)]
struct Decided {
    rows: Vec<Asked>,
    #[serde(flatten)]
    choice: Choice,
}

#[derive(Deserialize)]
struct Asked {
    row: RowHash,
    #[serde(default)]
    settles: bool,
}

/// Returns only when the decisions are on the disk.
async fn decide(State(shared): State<Shared>, Json(decided): Json<Decided>) -> Response {
    let rows: Vec<(RowHash, bool)> = decided.rows.into_iter().map(|r| (r.row, r.settles)).collect();
    let saved = shared.review().decide(&rows, &decided.choice);
    answer(saved.map(|n| json!({ "saved": n })))
}

async fn undo(State(shared): State<Shared>) -> Response {
    answer(shared.review().undo().map(|row| json!({ "row": row })))
}

#[derive(Deserialize)]
struct Edited {
    text: String,
    label: String,
}

async fn check(State(shared): State<Shared>, Json(edited): Json<Edited>) -> Response {
    Json(json!({ "findings": shared.review().check(&edited.label, &edited.text) })).into_response()
}

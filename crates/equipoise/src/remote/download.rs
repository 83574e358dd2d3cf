//! One file over HTTP: asked whether it changed, gone on with where it broke off, whole under its name or not at all.

use super::cache::{Known, file_name, known, remember};
use super::{Cache, Remote, RemoteError};
use crate::secret::Secret;
use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_TYPE, ETAG, HeaderMap, HeaderValue, IF_NONE_MATCH, IF_RANGE, RANGE,
};
use reqwest::{RequestBuilder, Response, StatusCode, Url};
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Bytes so far and in all.
pub(super) type Progress<'p> = dyn Fn(u64, Option<u64>) + 'p;

/// Redirects that are followed; hubs send files from a network of their own.
const REDIRECTS: usize = 5;
/// Between two pieces of a body.
const IDLE: Duration = Duration::from_secs(60);

/// A client with its own small runtime: fetching happens before anything else.
pub(super) struct Client {
    http: reqwest::Client,
    runtime: tokio::runtime::Runtime,
    cache: Cache,
    offline: bool,
}

impl Client {
    pub(super) fn new(remote: &Remote) -> Result<Self, RemoteError> {
        let failed = |message: String| RemoteError::Lost { address: "the HTTP client".to_owned(), message };
        // Fails only where a provider is installed already, which then serves.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::limited(REDIRECTS))
            .connect_timeout(Duration::from_secs(10))
            .read_timeout(IDLE)
            .user_agent(concat!("equipoise/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|e| failed(e.to_string()))?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|e| failed(e.to_string()))?;
        Ok(Client { http, runtime, cache: remote.cache.clone(), offline: remote.offline })
    }

    /// The JSON at `url`.
    pub(super) fn json(&self, url: &str, token: Option<&Secret>) -> Result<serde_json::Value, RemoteError> {
        if self.offline {
            return Err(RemoteError::Offline { address: url.to_owned() });
        }
        let request = with_token(self.http.get(checked(url)?), token);
        self.runtime.block_on(async {
            let response = request.send().await.map_err(|e| lost(url, e))?;
            let response = accepted(url, response)?;
            let body = response.bytes().await.map_err(|e| lost(url, e))?;
            serde_json::from_slice(&body)
                .map_err(|e| RemoteError::Lost { address: url.to_owned(), message: format!("no JSON came: {e}") })
        })
    }

    /// Posts `body`; the JSON that comes back, null where none does.
    pub(super) fn post(
        &self,
        url: &str,
        token: Option<&Secret>,
        kind: &'static str,
        body: Vec<u8>,
    ) -> Result<serde_json::Value, RemoteError> {
        let request = self.http.post(checked(url)?).header(CONTENT_TYPE, kind).header(ACCEPT, kind);
        let request = with_token(request, token).body(body);
        self.runtime.block_on(async {
            let response = accepted(url, request.send().await.map_err(|e| lost(url, e))?)?;
            let body = response.bytes().await.map_err(|e| lost(url, e))?;
            Ok(serde_json::from_slice(&body).unwrap_or_default())
        })
    }

    /// Puts `body` where a store of large files wants it, with the headers that it asks for.
    pub(super) fn put(
        &self,
        url: &str,
        headers: &serde_json::Map<String, serde_json::Value>,
        body: Vec<u8>,
    ) -> Result<(), RemoteError> {
        let mut request = self.http.put(checked(url)?);
        for (name, value) in headers {
            if let Some(value) = value.as_str() {
                request = request.header(name, value);
            }
        }
        let sent = async { accepted(url, request.body(body).send().await.map_err(|e| lost(url, e))?) };
        self.runtime.block_on(sent).map(drop)
    }

    /// The local copy of the file at `url`, fetched where the server has another one.
    pub(super) fn fetch(
        &self,
        url: &str,
        token: Option<&Secret>,
        progress: &Progress<'_>,
    ) -> Result<PathBuf, RemoteError> {
        let folder = self.cache.folder(url);
        let have = known(&folder).filter(|k| k.url == url);
        let path = folder.join(have.as_ref().map_or_else(|| file_name(url), |k| k.name.clone()));
        let whole = have.as_ref().is_some_and(|k| k.is_whole) && path.exists();
        if self.offline {
            return if whole { Ok(path) } else { Err(RemoteError::Offline { address: url.to_owned() }) };
        }
        std::fs::create_dir_all(&folder).map_err(|source| RemoteError::Cache { path: folder.clone(), source })?;
        let part = part_of(&path);
        let mut request = with_token(self.http.get(checked(url)?), token).header(ACCEPT_ENCODING, "identity");
        let mut done = 0;
        match have.as_ref().and_then(|k| k.etag.as_deref()) {
            Some(etag) if whole => request = request.header(IF_NONE_MATCH, etag),
            Some(etag) => {
                done = std::fs::metadata(&part).map_or(0, |m| m.len());
                if done > 0 {
                    request = request.header(RANGE, format!("bytes={done}-")).header(IF_RANGE, etag);
                }
            }
            None => {}
        }
        self.runtime.block_on(async {
            let response = request.send().await.map_err(|e| lost(url, e))?;
            if whole && response.status() == StatusCode::NOT_MODIFIED {
                return Ok(());
            }
            let response = accepted(url, response)?;
            let goes_on = response.status() == StatusCode::PARTIAL_CONTENT;
            if !goes_on {
                done = 0;
            }
            let mut known =
                Known { url: url.to_owned(), name: name_of(&path), etag: etag(response.headers()), is_whole: false };
            remember(&folder, &known)?;
            receive(url, response, &part, done, progress).await?;
            std::fs::rename(&part, &path).map_err(|source| RemoteError::Cache { path: path.clone(), source })?;
            known.is_whole = true;
            remember(&folder, &known)
        })?;
        Ok(path)
    }
}

/// Writes the body behind the `done` bytes that are there.
async fn receive(
    url: &str,
    mut response: Response,
    part: &Path,
    mut done: u64,
    progress: &Progress<'_>,
) -> Result<(), RemoteError> {
    let failed = |source| RemoteError::Cache { path: part.to_owned(), source };
    let total = response.content_length().map(|n| n + done);
    let opened = if done > 0 { OpenOptions::new().append(true).open(part) } else { File::create(part) };
    let mut file = opened.map_err(failed)?;
    progress(done, total);
    while let Some(chunk) = response.chunk().await.map_err(|e| lost(url, e))? {
        file.write_all(&chunk).map_err(failed)?;
        done += chunk.len() as u64;
        progress(done, total);
    }
    if total.is_some_and(|total| total != done) {
        let message = format!("{done} of {} bytes came", total.unwrap_or(0));
        return Err(RemoteError::Lost { address: url.to_owned(), message });
    }
    file.sync_all().map_err(failed)
}

fn part_of(path: &Path) -> PathBuf {
    path.with_file_name(format!("{}.part", name_of(path)))
}

fn name_of(path: &Path) -> String {
    path.file_name().map_or_else(|| "file".to_owned(), |n| n.to_string_lossy().into_owned())
}

fn etag(headers: &HeaderMap) -> Option<String> {
    headers.get(ETAG).and_then(|v| v.to_str().ok()).map(str::to_owned)
}

/// The token goes to the address that it is meant for; the client drops it where a redirect leaves that host.
pub(super) fn with_token(request: RequestBuilder, token: Option<&Secret>) -> RequestBuilder {
    let Some(token) = token else { return request };
    match HeaderValue::from_str(&format!("Bearer {}", token.expose())) {
        Ok(mut value) => {
            value.set_sensitive(true);
            request.header(AUTHORIZATION, value)
        }
        Err(_) => request,
    }
}

/// An address that may be asked: https, or http on this machine.
pub(super) fn checked(url: &str) -> Result<Url, RemoteError> {
    let bad = || RemoteError::BadAddress { address: url.to_owned(), expected: "https://HOST/PATH" };
    let parsed = Url::parse(url).map_err(|_| bad())?;
    let host = parsed.host_str().ok_or_else(bad)?;
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>().ok();
    let loopback = address.map_or(host == "localhost", |a| a.is_loopback());
    if parsed.scheme() == "https" || loopback { Ok(parsed) } else { Err(bad()) }
}

fn accepted(url: &str, response: Response) -> Result<Response, RemoteError> {
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    let message = match status.as_u16() {
        401 | 403 => "the server refuses it (a private or gated file, or a wrong token)".to_owned(),
        404 => "there is no such thing".to_owned(),
        other => format!("the server answers {other}"),
    };
    Err(RemoteError::Refused { address: url.to_owned(), status: status.as_u16(), message })
}

fn lost(url: &str, error: reqwest::Error) -> RemoteError {
    use std::error::Error as _;
    let error = error.without_url();
    let mut message = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        message = format!("{message}: {cause}");
        source = cause.source();
    }
    RemoteError::Lost { address: url.to_owned(), message }
}

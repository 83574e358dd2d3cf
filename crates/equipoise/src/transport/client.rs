//! The client: a call goes out once, and a whole response or a reason comes back.

use super::unreached::LATE;
use super::{Deadlines, Endpoint, Lost, RawResponse, TransportError, resolve};
use crate::secret::{Secret, redact, redact_bytes};
use equipoise_core::provider::{HttpCall, Method};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use std::error::Error as _;
use std::pin::pin;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::time::{Instant, timeout, timeout_at};
use url::Url;

/// On a busy machine a deadline can pass before anybody has looked at the socket, where a paid answer may lie whole. So many times,
/// so far apart, the runtime looks once more; what is still missing then has not come.
const LOOKS: u32 = 10;
const LOOK: Duration = Duration::from_millis(5);

/// What `future` gives by `deadline`; `None` where it gives nothing.
async fn until<T>(deadline: Instant, future: impl Future<Output = T>) -> Option<T> {
    let mut future = pin!(future);
    if let Ok(given) = timeout_at(deadline, &mut future).await {
        return Some(given);
    }
    for _ in 0..LOOKS {
        // Between two timers the runtime polls the sockets and every task that they wake, however late it is.
        if let Ok(given) = timeout(LOOK, &mut future).await {
            return Some(given);
        }
    }
    None
}

/// A client for one endpoint and one key.
#[derive(Debug, Clone)]
pub struct Transport {
    client: reqwest::Client,
    secret: Option<Secret>,
    deadlines: Deadlines,
    /// The first URL asked, as text and parsed.
    url: Arc<OnceLock<(String, Url)>>,
}

impl Transport {
    /// Opens a client; no byte is sent yet.
    ///
    /// # Errors
    /// [`TransportError`] when offline, when the key would travel in the clear, or when the client cannot start.
    pub fn open(
        endpoint: &Endpoint,
        secret: Option<Secret>,
        deadlines: Deadlines,
        offline: bool,
    ) -> Result<Self, TransportError> {
        let host = || endpoint.host().to_owned();
        if offline {
            return Err(TransportError::Offline { host: host() });
        }
        if secret.is_some() && !endpoint.may_carry_key() {
            return Err(TransportError::KeyInTheClear { host: host() });
        }
        // Fails only where a provider is installed already, which then serves.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .connect_timeout(deadlines.connect)
            .pool_idle_timeout(Duration::from_secs(30))
            .user_agent(concat!("equipoise/", env!("CARGO_PKG_VERSION")))
            .dns_resolver(resolve::Guarded { loopback_only: endpoint.is_loopback() });
        if endpoint.is_loopback() {
            builder = builder.no_proxy();
        }
        let client = builder.build().map_err(|e| TransportError::Client { message: chain(&e.without_url()) })?;
        Ok(Transport { client, secret, deadlines, url: Arc::default() })
    }

    /// Sends `call` once, and waits for its answer no longer than `deadline`. Nothing is retried and no redirect is followed.
    ///
    /// # Errors
    /// [`Lost`] where no whole response came.
    pub async fn send(&self, call: &HttpCall, deadline: Duration) -> Result<RawResponse, Lost> {
        self.within(Method::Post, call, self.deadlines.max_body, deadline).await
    }

    /// [`Transport::send`] by another method and with another cap on the body, in bytes.
    ///
    /// # Errors
    /// As [`Transport::send`].
    pub async fn exchange(&self, method: Method, call: &HttpCall, max_body: usize) -> Result<RawResponse, Lost> {
        self.within(method, call, max_body, self.deadlines.total).await
    }

    async fn within(
        &self,
        method: Method,
        call: &HttpCall,
        max_body: usize,
        total: Duration,
    ) -> Result<RawResponse, Lost> {
        let started = Instant::now();
        let deadline = started + total;
        let HttpCall { url, headers, auth, body } = call;
        let url = self.parsed(url).ok_or_else(|| self.lost(false, false, "the address is no URL"))?;
        let mut request = match method {
            Method::Get => self.client.get(url),
            Method::Post => self.client.post(url).body(body.clone()),
        };
        for (name, value) in headers {
            request = request.header(name, value);
        }
        if let (Some((name, prefix)), Some(secret)) = (auth, &self.secret) {
            let value = HeaderValue::from_str(&format!("{prefix}{}", secret.expose()));
            let mut value = value.map_err(|_| self.lost(false, false, "the key is no header value"))?;
            value.set_sensitive(true);
            let name = HeaderName::from_bytes(name.as_bytes());
            request = request.header(name.map_err(|_| self.lost(false, false, "the key has no header"))?, value);
        }
        let response = until(deadline, request.send()).await.ok_or_else(|| self.late())?;
        let mut response = response.map_err(|e| self.error(e))?;
        let status = response.status().as_u16();
        let headers = self.kept(response.headers());
        let mut body = Vec::new();
        let is_answer = (200..300).contains(&status);
        loop {
            let deadline = deadline.min(Instant::now() + self.deadlines.idle);
            let chunk = until(deadline, response.chunk()).await.ok_or_else(|| self.late())?;
            let Some(chunk) = chunk.map_err(|e| Lost { is_answer, ..self.error(e) })? else { break };
            if body.len() + chunk.len() > max_body {
                return Err(self.lost(true, false, &format!("the body is larger than {max_body} bytes")));
            }
            body.extend_from_slice(&chunk);
        }
        let body = redact_bytes(body, self.secret.as_ref());
        Ok(RawResponse { status, headers, body, latency: started.elapsed() })
    }

    /// The URL of a call. A lane asks at one address, so it is parsed once.
    fn parsed(&self, url: &str) -> Option<Url> {
        match self.url.get() {
            Some((text, parsed)) if text == url => Some(parsed.clone()),
            Some(_) => Url::parse(url).ok(),
            None => {
                let parsed = Url::parse(url).ok()?;
                // Where another call was first, that one stays.
                let _ = self.url.set((url.to_owned(), parsed.clone()));
                Some(parsed)
            }
        }
    }

    fn late(&self) -> Lost {
        self.lost(true, true, LATE)
    }

    fn error(&self, error: reqwest::Error) -> Lost {
        // A request that failed while connecting never reached the server.
        let maybe_billed = !(error.is_connect() || error.is_builder());
        let timed_out = error.is_timeout();
        let message = chain(&error.without_url());
        self.lost(maybe_billed, timed_out, &message)
    }

    fn lost(&self, maybe_billed: bool, timed_out: bool, message: &str) -> Lost {
        let message = redact(message.to_owned(), self.secret.as_ref());
        Lost { maybe_billed, timed_out, is_answer: false, message }
    }

    fn kept(&self, headers: &HeaderMap) -> Vec<(String, String)> {
        let kept = headers.iter().filter(|(name, _)| is_kept(name.as_str()));
        kept.map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            (name.as_str().to_owned(), redact(value, self.secret.as_ref()))
        })
        .collect()
    }
}

/// Limits, waits, where a redirect leads and what a provider's support asks for; cookies and the rest are dropped.
fn is_kept(name: &str) -> bool {
    name.contains("ratelimit")
        || name.contains("request-id")
        || matches!(
            name,
            "retry-after"
                | "retry-after-ms"
                | "date"
                | "content-type"
                | "location"
                | "openai-version"
                | "openai-processing-ms"
        )
}

/// An error with its causes; reqwest's own text alone says only "error sending request".
fn chain(error: &reqwest::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use fault_server::{Profile, Server};

    #[test]
    fn an_answer_that_came_in_time_is_taken_however_late_it_is_looked_at() {
        let ms = Duration::from_millis;
        let server = Server::start(Profile { latency: ms(50), ..Profile::default() });
        let endpoint = Endpoint::parse(server.url(), &[]).expect("an address");
        let deadlines = Deadlines { total: ms(200), ..Deadlines::default() };
        let transport = Transport::open(&endpoint, None, deadlines, false).expect("a client");
        let body = br#"{"model":"m","messages":[{"role":"user","content":"one text #1"}]}"#.to_vec();
        let call =
            HttpCall { url: format!("{}/chat/completions", server.url()), headers: Vec::new(), auth: None, body };
        let busy = async {
            tokio::time::sleep(ms(20)).await;
            // Nothing else runs on this thread until long after the deadline.
            std::thread::sleep(ms(400));
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let (sent, ()) = runtime.block_on(async { tokio::join!(transport.send(&call, deadlines.total), busy) });
        assert_eq!(sent.map(|response| response.status), Ok(200));
        assert_eq!(server.ledger().n_delivered, 1);
    }
}

//! Replies that a test decides.

use crate::{Fault, Injected};
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;

/// One request for an answer, as it arrived.
#[derive(Debug, Clone)]
pub struct Asked {
    /// How many came before it.
    pub n: usize,
    /// How often this very request has come, itself included.
    pub times: usize,
    /// The tag at the end of the prompt (`… #TAG`), where it has one; else empty.
    pub id: String,
    /// Path of the URL.
    pub path: String,
    /// The bytes of the body.
    pub bytes: Vec<u8>,
    /// The header that carries the key, whatever its name.
    pub authorization: Option<String>,
    /// Since the server began.
    pub at: Duration,
    /// The body of a good answer.
    pub good: String,
}

impl Asked {
    /// The body; null where it is no JSON.
    pub fn body(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_default()
    }

    /// The good answer of OpenAI's chat completions with another text.
    pub fn answer(&self, text: &str) -> Reply {
        let mut body: Value = serde_json::from_str(&self.good).unwrap_or_default();
        body["choices"][0]["message"]["content"] = text.into();
        Reply::status(200, &body.to_string())
    }
}

/// What comes back.
#[derive(Debug, Clone)]
pub enum Reply {
    /// The good answer; the only reply, with faults that deliver one, that counts as an answer in the ledger.
    Good,
    /// A whole response.
    Whole {
        /// HTTP status; a 2xx counts as billed and delivered.
        status: u16,
        /// Headers besides the length.
        headers: Vec<(&'static str, String)>,
        /// Body.
        body: Vec<u8>,
    },
    /// A fault.
    Fault(Injected),
    /// The reply, but only after so long.
    After(Duration, Box<Reply>),
}

impl Reply {
    /// A status with a body.
    pub fn status(status: u16, body: &str) -> Self {
        Reply::Whole { status, headers: Vec::new(), body: body.as_bytes().to_vec() }
    }

    /// A status with one header and no body.
    pub fn with(status: u16, name: &'static str, value: &str) -> Self {
        Reply::Whole { status, headers: vec![(name, value.to_owned())], body: Vec::new() }
    }

    /// The first form of a fault.
    pub fn fault(fault: Fault) -> Self {
        Reply::Fault(Injected { fault, form: 0 })
    }

    /// A good answer after `time`.
    pub fn good_after(time: Duration) -> Self {
        Reply::After(time, Box::new(Reply::Good))
    }

    /// The reply itself, and when it comes where `latency` is over before it.
    pub(crate) fn after(self, mut latency: Duration) -> (Self, Duration) {
        let mut reply = self;
        while let Reply::After(time, later) = reply {
            latency += time;
            reply = *later;
        }
        (reply, latency)
    }
}

/// A function from requests to replies.
#[derive(Clone)]
pub struct Script(pub(crate) Arc<dyn Fn(&Asked) -> Reply + Send + Sync>);

impl Script {
    /// Wraps a function.
    pub fn new(script: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Self {
        Script(Arc::new(script))
    }
}

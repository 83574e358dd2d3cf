//! Providers: the languages that model endpoints speak. Encoding and decoding only; nothing here sends.

mod offline;

use crate::data::TrainView;
use crate::generator::Job;
use crate::rng::Seed;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::time::Duration;

pub use offline::Offline;

/// A prompt ready to send.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prompt {
    /// System text; may be empty.
    pub system: String,
    /// User text.
    pub user: String,
    /// BLAKE3 of the template source, in hex: the prompt's version.
    pub version: String,
}

/// How the model samples.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sampling {
    /// Temperature; `None` leaves the provider's default.
    pub temperature: Option<f64>,
    /// The most tokens that an answer may have.
    pub max_tokens: u32,
    /// Seed sent where the provider takes one: the ordinal of the ask is mixed in.
    pub seed: u64,
}

/// One request: everything that decides its answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// What is asked for.
    pub job: Job,
    /// The rendered prompt.
    pub prompt: Prompt,
    /// Model name as the provider knows it.
    pub model: String,
    /// Sampling.
    pub sampling: Sampling,
    /// The JSON schema that the answer must fit, where the endpoint takes one.
    pub schema: Option<Value>,
}

/// An HTTP call without its secret.
#[derive(Debug, Clone, PartialEq)]
pub struct HttpCall {
    /// Absolute URL.
    pub url: String,
    /// Headers besides authentication.
    pub headers: Vec<(String, String)>,
    /// The header that carries the key and what stands before the key in it (`("authorization", "Bearer ")`); `None` sends no key.
    pub auth: Option<(&'static str, &'static str)>,
    /// The exact bytes of the body.
    pub body: Vec<u8>,
}

/// Why a model stopped writing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finish {
    /// It was done.
    Stop,
    /// The token limit cut it.
    Length,
    /// A content filter withheld it.
    Filtered,
    /// The model declined.
    Refused,
    /// The provider did not say, or said something unknown; not accepted as whole.
    Unknown,
}

/// Tokens of one request as the provider counted them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Usage {
    /// Tokens read.
    pub input_tokens: u64,
    /// Tokens written, hidden reasoning included.
    pub output_tokens: u64,
}

/// A decoded answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The text of the model.
    pub text: String,
    /// Why it stopped.
    pub finish: Finish,
    /// Tokens, where the provider told.
    pub usage: Option<Usage>,
    /// The model that the server named.
    pub model: Option<String>,
}

/// What kind of failure a response is; decides whether and when to ask again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureKind {
    /// 429: wait, then ask again.
    RateLimited,
    /// 500, 502, 503, 504, 529 or 408: the server's trouble, back off and ask again.
    Overloaded,
    /// No or half a response: connection, timeout, reset. The request may have been billed.
    Lost,
    /// A 2xx body that is not what the provider's protocol says.
    Garbled,
    /// 401 or 403: the key is refused; stop.
    Unauthorised,
    /// 402 or a quota that no wait restores; stop, resumable.
    OutOfCredit,
    /// 404 on the model or the address; stop.
    UnknownModel,
    /// The endpoint does not take a JSON schema; ask again without.
    SchemaUnsupported,
    /// 400, 413 or 422 for this request: its own fault.
    Rejected,
}

/// A response that is no answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Failure {
    /// The kind.
    pub kind: FailureKind,
    /// How long the provider says to wait.
    pub retry_after: Option<Duration>,
    /// What the provider said, shortened, control characters escaped.
    pub message: String,
}

/// A provider of the catalog: how it is reached and what it speaks.
pub enum Provider {
    /// Over HTTP.
    Http {
        /// Its language.
        wire: Box<dyn Wire>,
        /// Base URL as OpenAI's clients take it (it ends in `/v1`); `None` where the user must give one.
        base_url: Option<&'static str>,
        /// Environment variable of the key; `None` sends no key unless the user names a variable.
        key_env: Option<&'static str>,
        /// Whether it usually takes a JSON schema; where it then refuses one the request is sent again without.
        structured: bool,
    },
    /// Inside the process: free, no socket.
    Local(Box<dyn Local>),
}

/// A provider that writes texts from the training rows.
pub trait Local: Send + Sync {
    /// Reads the training rows once; what is learnt from them serves every job on them.
    fn prepare<'a>(&self, train: TrainView<'a>) -> Box<dyn Writer + 'a>;
}

/// A local provider that has read its training rows.
pub trait Writer: Send + Sync {
    /// The answer to a job, in the form that a model would give it (JSON), decided by the arguments alone whatever the number of
    /// threads. `taken` holds the texts that the label has already: none of them, and none near them, comes again.
    fn answer(&self, job: &Job, taken: &[String], seed: Seed) -> String;
}

/// A response as it came: status, the headers, the body's bytes.
#[derive(Debug, Clone, Copy)]
pub struct Response<'a> {
    /// HTTP status.
    pub status: u16,
    /// Headers, names in lower case.
    pub headers: &'a [(String, String)],
    /// Body after content decoding.
    pub body: &'a [u8],
    /// The clock when it came, in seconds since 1970, for HTTP dates; given, since nothing here reads a clock.
    pub now_unix_s: u64,
}

/// A provider's language.
pub trait Wire: Send + Sync {
    /// The HTTP call of a request to the endpoint at `base_url`.
    fn encode(&self, request: &Request, base_url: &str) -> HttpCall;

    /// What a response says.
    ///
    /// # Errors
    /// [`Failure`] for everything that is not a usable answer. Never panics, whatever the bytes.
    fn decode(&self, response: &Response<'_>) -> Result<Answer, Failure>;
}

//! Providers: the languages that model endpoints speak. Encoding and decoding only; nothing here sends.

mod anthropic;
mod azure;
mod batch;
mod bedrock;
mod chat_completions;
mod deepseek;
mod failure;
mod gemini;
mod groq;
mod json;
mod key;
mod limits;
mod llama_cpp;
mod mistral;
mod offline;
mod ollama;
mod openai;
mod openai_compatible;
mod openrouter;
mod prices;
mod reasoning;
mod schema;
mod stream;
mod together;
mod vertex;
mod vllm;
mod wait;
mod way;

pub use batch::{BatchCall, BatchItem, BatchPage, BatchSize, BatchStatus, BatchWire, LineResult, Method};
pub use key::{local_key, request_key};
pub use limits::{Allowance, RateLimits, rate_limits};
pub use offline::offline_answer;
pub use prices::{is_free, list_price, prices_read, prices_source};
pub use reasoning::Effort;
pub use wait::utc;
pub use way::{Change, Custom, Efforts, Manner, Part, Way};

use crate::catalog::{self, Entry, SettingsError};
use crate::generator::Job;
use crate::offline::Offline;
use crate::rng::Seed;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::time::Duration;

/// Every provider.
pub static CATALOG: &[&Entry<Provider>] = &[
    &offline::ENTRY,
    &openai::ENTRY,
    &anthropic::ENTRY,
    &gemini::ENTRY,
    &openai_compatible::ENTRY,
    &ollama::ENTRY,
    &vllm::ENTRY,
    &llama_cpp::ENTRY,
    &azure::ENTRY,
    &openrouter::ENTRY,
    &mistral::ENTRY,
    &groq::ENTRY,
    &deepseek::ENTRY,
    &together::ENTRY,
    &bedrock::ENTRY,
    &vertex::ENTRY,
];

/// The provider and the model's name of `PROVIDER/NAME`; `offline` alone is a provider without a model. A hyphen in the
/// provider's name stands for `_`: `openai-compatible/x`.
///
/// # Errors
/// [`SettingsError::UnknownItem`], with the most similar name.
pub fn find_model(text: &str) -> Result<(&'static Entry<Provider>, &str), SettingsError> {
    let (provider, model) = text.split_once('/').unwrap_or((text, ""));
    Ok((catalog::find(CATALOG, "provider", &provider.replace('-', "_"))?, model))
}

/// `PROVIDER/NAME` for people, as [`find_model`] takes it and as they type it.
pub fn shown_model(provider: &str, name: &str) -> String {
    let provider = provider.replace('_', "-");
    if name.is_empty() { provider } else { format!("{provider}/{name}") }
}

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

impl Prompt {
    /// Adds an instruction that the template does not have: behind those of the system message, else before everything, since rows may
    /// stand at the end.
    pub fn instruct(&mut self, instruction: &str) {
        match self.system.is_empty() {
            true => self.user = format!("{instruction}\n\n{}", self.user),
            false => self.system = format!("{}\n\n{instruction}", self.system),
        }
    }
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

/// One request: everything that decides its answer besides the way in which it is sent.
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

impl Request {
    /// Seed and ordinal mixed, for wires that take a seed; 31 bits, since llama.cpp and others take no more.
    fn mixed_seed(&self) -> u32 {
        let mixed = Seed::new(self.sampling.seed).child(&format!("ask/{}", self.job.ordinal)).value();
        (mixed & 0x7fff_ffff) as u32
    }
}

/// The user's message: the prompt's own, behind the instructions where the endpoint takes no message of the system.
fn joined(request: &Request, has_system: bool) -> Cow<'_, str> {
    let Prompt { system, user, version: _ } = &request.prompt;
    match has_system || system.is_empty() {
        true => Cow::Borrowed(user),
        false => Cow::Owned(format!("{system}\n\n{user}")),
    }
}

/// An HTTP call without its secret.
#[derive(Debug, Clone, PartialEq)]
pub struct HttpCall {
    /// Absolute URL.
    pub url: String,
    /// Headers besides authentication.
    pub headers: Vec<(String, String)>,
    /// The header that carries the key, in lower case, and what stands before the key in it (`("authorization", "Bearer ")`); `None` sends no
    /// key.
    pub auth: Option<(String, String)>,
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
    /// Tokens of hidden reasoning among those written; 0 where the provider tells of none.
    #[serde(default)]
    pub reasoning_tokens: u64,
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
    /// 408, 409, 425, 498 or a 5xx: the server's trouble, back off and ask again.
    Overloaded,
    /// No or half a response: connection, timeout, reset. The request may have been billed.
    Lost,
    /// A 2xx body that is not what the provider's protocol says.
    Garbled,
    /// 401 or 403: the key is refused.
    Unauthorised,
    /// 402 or a quota that no wait restores; stop, resumable.
    OutOfCredit,
    /// 404 on the model or the address.
    UnknownModel,
    /// The endpoint refuses a part of the request that can be sent in another way ([`Failure::parts`]); ask again so.
    Unsupported,
    /// A filter or a policy refuses the texts of this request.
    Flagged,
    /// Prompt and answer do not fit the window of the model.
    TooLong,
    /// Any other 4xx: the form of the request, or this request alone.
    Rejected,
}

impl std::fmt::Display for FailureKind {
    /// The name that stands in the journal.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.serialize(f)
    }
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
    /// The parts of the request that the provider named, where it did.
    pub parts: BTreeSet<Part>,
    /// The reasoning efforts that the provider named.
    pub efforts: Efforts,
    /// Whether a server that failed said why, and did not call it passing.
    pub is_explained: bool,
    /// Whether the status says that the server failed (500 to 599), and not the request.
    pub is_of_server: bool,
}

impl Failure {
    /// A failure of which nothing more is known.
    pub fn new(kind: FailureKind, message: impl Into<String>) -> Self {
        let (parts, efforts) = (BTreeSet::new(), Efforts::default());
        let (is_explained, is_of_server) = (false, false);
        Failure { kind, retry_after: None, message: message.into(), parts, efforts, is_explained, is_of_server }
    }

    /// The window of the model in tokens that the message of a [`FailureKind::TooLong`] names, where it does.
    pub fn window(&self) -> Option<u32> {
        failure::window(&self.message)
    }
}

/// A provider of the catalog: how it is reached and what it speaks.
pub enum Provider {
    /// Over HTTP.
    Http {
        /// Its language.
        wire: Box<dyn Wire>,
        /// Base URL as the provider's own clients take it (OpenAI's ends in `/v1`); `None` where the user must give one.
        base_url: Option<&'static str>,
        /// Environment variable of the key; `None` sends no key unless the user names a variable.
        key_env: Option<&'static str>,
        /// Ends of the names of the hosts that the key is for, besides that of `base_url`.
        hosts: &'static [&'static str],
        /// Whether it usually takes a JSON schema; where it then refuses one the request is sent again without.
        structured: bool,
        /// Its batch API, where it has one.
        batch: Option<Box<dyn BatchWire>>,
        /// What the user adds to every request and omits of it.
        custom: Box<Custom>,
    },
    /// Inside the process: free, no socket.
    Local(Offline),
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
    /// Name and version (`chat_completions/1`); part of every request key, so a change of what is sent or read changes it.
    fn id(&self) -> &'static str;

    /// The HTTP call of a request to the endpoint that `way` leads to, without what the user adds; see [`Way::call`].
    fn encode(&self, request: &Request, way: &Way) -> HttpCall;

    /// The manner in which `part` of `request` is sent on `way`; `None` where it is not sent.
    fn manner(&self, part: Part, request: &Request, way: &Way) -> Option<Manner>;

    /// How much `model` is asked to reason on `way`; `None` where nothing is said about it.
    fn effort(&self, model: &str, way: &Way) -> Option<Effort>;

    /// What a response says.
    ///
    /// # Errors
    /// [`Failure`] for everything that is not a usable answer. Never panics, whatever the bytes.
    fn decode(&self, response: &Response<'_>) -> Result<Answer, Failure>;
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::data::{LabelId, RowId};
    use crate::generator::SourceText;
    use proptest::prelude::*;

    pub(crate) fn request() -> Request {
        let text = "so glad".to_owned();
        Request {
            job: Job {
                label: LabelId(1),
                sources: vec![SourceText { key: "a1".to_owned(), row: RowId::new(&text, "joy", 0), text }],
                wanted: 1,
                ordinal: 0,
                attributes: Vec::new(),
            },
            prompt: Prompt {
                system: "You write texts.".to_owned(),
                user: "Rewrite a1: \"so glad\"".to_owned(),
                version: "v".to_owned(),
            },
            model: "m-1".to_owned(),
            sampling: Sampling { temperature: Some(1.0), max_tokens: 200, seed: 7 },
            schema: Some(serde_json::json!({"type": "object"})),
        }
    }

    pub(crate) fn wires() -> impl Iterator<Item = Box<dyn Wire>> {
        CATALOG.iter().filter_map(|entry| match *entry.build(&catalog::Settings::new()).expect("defaults build") {
            Provider::Http { wire, .. } => Some(wire),
            Provider::Local(_) => None,
        })
    }

    #[test]
    fn keeps_the_contract_of_catalogs() {
        catalog::assert_contract(CATALOG);
    }

    #[test]
    fn finds_a_provider_by_its_spelling_on_the_command_line() {
        let found = |text| find_model(text).map(|(e, model)| (e.name, model));
        assert_eq!(found("openai-compatible/org/m:1"), Ok(("openai_compatible", "org/m:1")));
        assert_eq!(shown_model("openai_compatible", "org/m_1"), "openai-compatible/org/m_1");
        assert_eq!(shown_model("offline", ""), "offline");
        assert_eq!(found("openai/gpt-4.1-mini"), Ok(("openai", "gpt-4.1-mini")));
        assert!(matches!(found("opanai/x"), Err(SettingsError::UnknownItem { nearest: Some("openai"), .. })));
    }

    #[test]
    fn every_wire_tells_failures_apart() {
        for wire in wires() {
            for (status, kind) in [
                (401, FailureKind::Unauthorised),
                (429, FailureKind::RateLimited),
                (500, FailureKind::Overloaded),
                (503, FailureKind::Overloaded),
            ] {
                for body in [
                    &b""[..],
                    b"{}",
                    b"[]",
                    b"null",
                    b"\"x\"",
                    b"<html>",
                    b"{\"error\":",
                    b"\xff\xfe",
                    b"{\"error\":[[]]}",
                ] {
                    let response = Response { status, headers: &[], body, now_unix_s: 0 };
                    assert_eq!(
                        wire.decode(&response).map_err(|f| f.kind),
                        Err(kind),
                        "{} {status} {body:?}",
                        wire.id()
                    );
                }
            }
        }
    }

    #[test]
    fn every_wire_sends_json_under_the_base_url_and_no_secret() {
        for wire in wires() {
            let call = wire.encode(&request(), &Way::new("https://a.example/v1"));
            assert!(call.url.starts_with("https://a.example/v1/"), "{}", call.url);
            assert!(serde_json::from_slice::<Value>(&call.body).is_ok());
            assert!(call.headers.iter().all(|(name, _)| name != "authorization"));
        }
    }

    proptest! {
        #[test]
        fn no_wire_panics_on_noise(
            status in 0_u16..700,
            bytes in proptest::collection::vec(any::<u8>(), 0..300),
            cut in 0_usize..200,
            header in any::<String>(),
        ) {
            let whole = br#"{"model":"m","choices":[{"message":{"content":"x\ud800","refusal":null},"finish_reason":"stop"}],"usage":{"prompt_tokens":1}}"#;
            let messages = br#"{"model":"m","content":[{"type":"text","text":"x\ud800"}],"stop_reason":"end_turn","usage":{"input_tokens":1}}"#;
            let candidates = br#"{"candidates":[{"content":{"parts":[{"text":"x"}]},"finishReason":"STOP"}],"error":{"details":[{"violations":[{"quotaId":"PerDay"}]}]}}"#;
            let headers = [("retry-after".to_owned(), header.clone()), ("x-ratelimit-reset-tokens".to_owned(), header)];
            for wire in wires() {
                for body in [&bytes[..], &whole[..cut.min(whole.len())], &messages[..cut.min(messages.len())], &candidates[..cut.min(candidates.len())]] {
                    let _ = wire.decode(&Response { status, headers: &headers, body, now_unix_s: 0 });
                }
            }
        }
    }
}

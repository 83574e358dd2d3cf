//! Google's Gemini API: the generateContent protocol.

mod decode;
mod encode;
mod schema;

use super::{Answer, Failure, HttpCall, Provider, Request, Response, Wire};
use crate::catalog::Entry;

pub(super) static ENTRY: Entry<Provider> = Entry {
    name: "gemini",
    what: "Asks models of Google through the Gemini API.",
    why: "Good texts at a low price, with a free allowance a day; the key is read from GEMINI_API_KEY.",
    source: "Gemini API reference, generateContent: https://ai.google.dev/api/generate-content",
    settings: &[],
    make: |_| {
        Ok(Box::new(Provider::Http {
            wire: Box::new(GenerateContent),
            base_url: Some("https://generativelanguage.googleapis.com/v1beta"),
            key_env: Some("GEMINI_API_KEY"),
            structured: true,
            batch: None,
        }))
    },
};

/// The wire.
#[derive(Debug, Clone, Copy)]
struct GenerateContent;

impl Wire for GenerateContent {
    fn id(&self) -> &'static str {
        "generate_content/1"
    }

    fn encode(&self, request: &Request, base_url: &str) -> HttpCall {
        encode::encode(request, base_url)
    }

    fn decode(&self, response: &Response<'_>) -> Result<Answer, Failure> {
        decode::decode(response)
    }
}

//! Anthropic's own endpoint: the messages protocol.

mod decode;
mod encode;

pub(super) use decode::status_of;
pub(super) use encode::{AUTH, headers};

use super::batch::MessageBatches;
use super::{Answer, Failure, HttpCall, Provider, Request, Response, Wire};
use crate::catalog::Entry;

pub(super) static ENTRY: Entry<Provider> = Entry {
    name: "anthropic",
    what: "Asks models of Anthropic.",
    why: "Good texts at a price; the key is read from ANTHROPIC_API_KEY.",
    source: "Anthropic API reference, messages: https://platform.claude.com/docs/en/api/messages/create",
    settings: &[],
    make: |_| {
        Ok(Box::new(Provider::Http {
            wire: Box::new(Messages),
            base_url: Some("https://api.anthropic.com/v1"),
            key_env: Some("ANTHROPIC_API_KEY"),
            structured: true,
            batch: Some(Box::new(MessageBatches)),
        }))
    },
};

/// The wire.
#[derive(Debug, Clone, Copy)]
struct Messages;

impl Wire for Messages {
    fn id(&self) -> &'static str {
        "messages/1"
    }

    fn takes_seed(&self) -> bool {
        false
    }

    fn encode(&self, request: &Request, base_url: &str) -> HttpCall {
        encode::encode(request, base_url)
    }

    fn decode(&self, response: &Response<'_>) -> Result<Answer, Failure> {
        decode::decode(response)
    }
}

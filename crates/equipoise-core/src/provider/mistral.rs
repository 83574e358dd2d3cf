//! Mistral's own endpoint.

use super::Provider;
use super::chat_completions::{self, Habits};
use super::way::SETTINGS;
use crate::catalog::Entry;

pub(super) static ENTRY: Entry<Provider> = Entry {
    name: "mistral",
    what: "Asks models of Mistral.",
    why: "Good texts in European languages; the key is read from MISTRAL_API_KEY.",
    source: "Mistral API reference, chat: https://docs.mistral.ai/api/endpoint/chat",
    settings: SETTINGS,
    make: |settings| {
        chat_completions::Host {
            name: "mistral",
            habits: &Habits::MISTRAL,
            base_url: Some("https://api.mistral.ai/v1"),
            key_env: Some("MISTRAL_API_KEY"),
            hosts: &[],
        }
        .provider(settings)
    },
};

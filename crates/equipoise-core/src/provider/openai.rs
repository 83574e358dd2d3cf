//! OpenAI's own endpoint.

use super::Provider;
use super::chat_completions::{self, Habits};
use super::way::SETTINGS;
use crate::catalog::Entry;

pub(super) static ENTRY: Entry<Provider> = Entry {
    name: "openai",
    what: "Asks models of OpenAI.",
    why: "Good texts at a price; the key is read from OPENAI_API_KEY.",
    source: "OpenAI API reference, chat completions: https://platform.openai.com/docs/api-reference/chat",
    settings: SETTINGS,
    make: |settings| {
        chat_completions::Host {
            name: "openai",
            habits: &Habits::OPENAI,
            base_url: Some("https://api.openai.com/v1"),
            key_env: Some("OPENAI_API_KEY"),
            hosts: &[],
        }
        .provider(settings)
    },
};

//! Groq.

use super::Provider;
use super::chat_completions::{self, Habits};
use super::way::SETTINGS;
use crate::catalog::Entry;

pub(super) static ENTRY: Entry<Provider> = Entry {
    name: "groq",
    what: "Asks open models that Groq serves.",
    why: "Fast and cheap; the key is read from GROQ_API_KEY.",
    source: "Groq API reference, chat completions: https://console.groq.com/docs/api-reference",
    settings: SETTINGS,
    make: |settings| {
        chat_completions::Host {
            name: "groq",
            habits: &Habits::GROQ,
            base_url: Some("https://api.groq.com/openai/v1"),
            key_env: Some("GROQ_API_KEY"),
            hosts: &[],
        }
        .provider(settings)
    },
};

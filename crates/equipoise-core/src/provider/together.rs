//! Together.

use super::Provider;
use super::chat_completions::{self, Habits};
use super::way::SETTINGS;
use crate::catalog::Entry;

pub(super) static ENTRY: Entry<Provider> = Entry {
    name: "together",
    what: "Asks open models that Together serves.",
    why: "Many open models under one key; it is read from TOGETHER_API_KEY.",
    source: "Together API reference, chat completions: https://docs.together.ai/reference/chat-completions-1",
    settings: SETTINGS,
    make: |settings| {
        chat_completions::Host {
            name: "together",
            habits: &Habits::TOGETHER,
            base_url: Some("https://api.together.xyz/v1"),
            key_env: Some("TOGETHER_API_KEY"),
            hosts: &[],
        }
        .provider(settings)
    },
};

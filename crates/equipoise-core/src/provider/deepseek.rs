//! DeepSeek's own endpoint.

use super::Provider;
use super::chat_completions::{self, Habits};
use super::way::SETTINGS;
use crate::catalog::Entry;

pub(super) static ENTRY: Entry<Provider> = Entry {
    name: "deepseek",
    what: "Asks models of DeepSeek.",
    why: "Cheap; it takes no JSON schema, so JSON is asked for in words; the key is read from DEEPSEEK_API_KEY.",
    source: "DeepSeek API reference, chat completion: https://api-docs.deepseek.com/api/create-chat-completion",
    settings: SETTINGS,
    make: |settings| {
        chat_completions::Host {
            name: "deepseek",
            habits: &Habits::DEEPSEEK,
            base_url: Some("https://api.deepseek.com/v1"),
            key_env: Some("DEEPSEEK_API_KEY"),
            hosts: &[],
        }
        .provider(settings)
    },
};

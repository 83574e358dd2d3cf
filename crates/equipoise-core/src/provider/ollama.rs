//! A local Ollama server.

use super::Provider;
use super::chat_completions::{self, Habits};
use super::way::SETTINGS;
use crate::catalog::Entry;

pub(super) static ENTRY: Entry<Provider> = Entry {
    name: "ollama",
    what: "Asks a model that Ollama serves on this machine.",
    why: "Free, and no text leaves the machine.",
    source: "Ollama, OpenAI compatibility: https://docs.ollama.com/api/openai-compatibility",
    settings: SETTINGS,
    make: |settings| {
        chat_completions::Host {
            name: "ollama",
            habits: &Habits::OLLAMA,
            base_url: Some("http://localhost:11434/v1"),
            key_env: None,
            hosts: &[],
        }
        .provider(settings)
    },
};

//! A local Ollama server.

use super::{Provider, chat_completions::ChatCompletions};
use crate::catalog::Entry;

pub(super) static ENTRY: Entry<Provider> = Entry {
    name: "ollama",
    what: "Asks a model that Ollama serves on this machine.",
    why: "Free, and no text leaves the machine.",
    source: "Ollama, OpenAI compatibility: https://docs.ollama.com/api/openai-compatibility",
    settings: &[],
    make: |_| {
        Ok(Box::new(Provider::Http {
            wire: Box::new(ChatCompletions { openai: false }),
            base_url: Some("http://localhost:11434/v1"),
            key_env: None,
            structured: true,
            batch: None,
        }))
    },
};

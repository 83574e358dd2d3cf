//! A llama.cpp server.

use super::{Provider, chat_completions::ChatCompletions};
use crate::catalog::Entry;

pub(super) static ENTRY: Entry<Provider> = Entry {
    name: "llama_cpp",
    what: "Asks a model that llama.cpp's server holds on this machine.",
    why: "Open models on a plain computer; no text leaves it.",
    source: "llama.cpp server: https://github.com/ggml-org/llama.cpp/tree/master/tools/server",
    settings: &[],
    make: |_| {
        Ok(Box::new(Provider::Http {
            wire: Box::new(ChatCompletions { openai: false }),
            base_url: Some("http://localhost:8080/v1"),
            key_env: None,
            structured: true,
            batch: None,
        }))
    },
};

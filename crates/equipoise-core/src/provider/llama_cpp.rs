//! A llama.cpp server.

use super::Provider;
use super::chat_completions::{self, Habits};
use super::way::SETTINGS;
use crate::catalog::Entry;

pub(super) static ENTRY: Entry<Provider> = Entry {
    name: "llama_cpp",
    what: "Asks a model that llama.cpp's server holds on this machine.",
    why: "Open models on a plain computer; no text leaves it.",
    source: "llama.cpp server: https://github.com/ggml-org/llama.cpp/tree/master/tools/server",
    settings: SETTINGS,
    make: |settings| {
        chat_completions::Host {
            name: "llama_cpp",
            habits: &Habits::LOCAL,
            base_url: Some("http://localhost:8080/v1"),
            key_env: None,
            hosts: &[],
        }
        .provider(settings)
    },
};

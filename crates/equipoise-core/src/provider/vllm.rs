//! A vLLM server.

use super::Provider;
use super::chat_completions::{self, Habits};
use super::way::SETTINGS;
use crate::catalog::Entry;

pub(super) static ENTRY: Entry<Provider> = Entry {
    name: "vllm",
    what: "Asks a model that vLLM serves, by default on this machine.",
    why: "Open models at the speed of one's own GPUs.",
    source: "vLLM, OpenAI-compatible server: https://docs.vllm.ai/en/stable/serving/openai_compatible_server.html",
    settings: SETTINGS,
    make: |settings| {
        chat_completions::Host {
            name: "vllm",
            habits: &Habits::LOCAL,
            base_url: Some("http://localhost:8000/v1"),
            key_env: None,
            hosts: &[],
        }
        .provider(settings)
    },
};

//! OpenAI's own endpoint.

use super::{Provider, batch::FileBatches, chat_completions::ChatCompletions};
use crate::catalog::Entry;

pub(super) static ENTRY: Entry<Provider> = Entry {
    name: "openai",
    what: "Asks models of OpenAI.",
    why: "Good texts at a price; the key is read from OPENAI_API_KEY.",
    source: "OpenAI API reference, chat completions: https://platform.openai.com/docs/api-reference/chat",
    settings: &[],
    make: |_| {
        Ok(Box::new(Provider::Http {
            wire: Box::new(ChatCompletions { openai: true }),
            base_url: Some("https://api.openai.com/v1"),
            key_env: Some("OPENAI_API_KEY"),
            structured: true,
            batch: Some(Box::new(FileBatches)),
        }))
    },
};

//! Any endpoint that speaks chat completions.

use super::{Provider, chat_completions::ChatCompletions};
use crate::catalog::Entry;

pub(super) static ENTRY: Entry<Provider> = Entry {
    name: "openai_compatible",
    what: "Asks any server that speaks OpenAI's chat completions, at the address given with `--base-url`.",
    why: "For gateways and hosts without an entry of their own; sends no key unless `--key-env` names its variable.",
    source: "OpenAI API reference, chat completions: https://platform.openai.com/docs/api-reference/chat",
    settings: &[],
    make: |_| {
        Ok(Box::new(Provider::Http {
            wire: Box::new(ChatCompletions { openai: false }),
            base_url: None,
            key_env: None,
            structured: true,
            batch: None,
        }))
    },
};

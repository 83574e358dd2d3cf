//! OpenRouter.

use super::Provider;
use super::chat_completions::{self, Habits};
use super::way::SETTINGS;
use crate::catalog::Entry;

pub(super) static ENTRY: Entry<Provider> = Entry {
    name: "openrouter",
    what: "Asks models of many makers through OpenRouter.",
    why: "One key for most models there are; it is read from OPENROUTER_API_KEY.",
    source: "OpenRouter API reference: https://openrouter.ai/docs/api-reference/overview",
    settings: SETTINGS,
    make: |settings| {
        chat_completions::Host {
            name: "openrouter",
            habits: &Habits::OPENROUTER,
            base_url: Some("https://openrouter.ai/api/v1"),
            key_env: Some("OPENROUTER_API_KEY"),
            hosts: &[],
        }
        .provider(settings)
    },
};

//! Any endpoint that speaks chat completions.

use super::Provider;
use super::chat_completions::{self, Habits};
use super::way::SETTINGS;
use crate::catalog::Entry;

pub(super) static ENTRY: Entry<Provider> = Entry {
    name: "openai_compatible",
    what: "Asks any server that speaks OpenAI's chat completions, at the base URL that is given.",
    why: "For gateways and hosts without an entry of their own; sends no key unless `key_env` names its variable.",
    source: "OpenAI API reference, chat completions: https://platform.openai.com/docs/api-reference/chat",
    settings: SETTINGS,
    make: |settings| {
        chat_completions::Host {
            name: "openai_compatible",
            habits: &Habits::UNKNOWN,
            base_url: None,
            key_env: None,
            hosts: &[],
        }
        .provider(settings)
    },
};

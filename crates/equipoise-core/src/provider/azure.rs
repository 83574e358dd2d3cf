//! OpenAI's models at Azure.

use super::Provider;
use super::chat_completions::{self, Habits};
use super::way::SETTINGS;
use crate::catalog::Entry;

pub(super) static ENTRY: Entry<Provider> = Entry {
    name: "azure",
    what: "Asks a deployment of OpenAI's models at Azure, at the base URL that is given, which ends in `/openai/v1`.",
    why: "For accounts at Azure; the key is read from AZURE_OPENAI_API_KEY and sent as `api-key`.",
    source: "Azure OpenAI in Foundry models, API version lifecycle: https://learn.microsoft.com/azure/ai-foundry/openai/api-version-lifecycle",
    settings: SETTINGS,
    make: |settings| {
        chat_completions::Host {
            name: "azure",
            habits: &Habits::AZURE,
            base_url: None,
            key_env: Some("AZURE_OPENAI_API_KEY"),
            hosts: &[".openai.azure.com", ".services.ai.azure.com", ".cognitiveservices.azure.com"],
        }
        .provider(settings)
    },
};

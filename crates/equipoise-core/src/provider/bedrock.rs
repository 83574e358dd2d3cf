//! Amazon Bedrock.

use super::Provider;
use super::chat_completions::{self, Habits};
use super::way::SETTINGS;
use crate::catalog::Entry;

pub(super) static ENTRY: Entry<Provider> = Entry {
    name: "bedrock",
    what: "Asks models at Amazon Bedrock through its OpenAI-compatible address, the base URL that is given: `https://bedrock-runtime.REGION.amazonaws.com/openai/v1`.",
    why: "For accounts at AWS; the key is read from AWS_BEARER_TOKEN_BEDROCK.",
    source: "Amazon Bedrock user guide, OpenAI chat completions: https://docs.aws.amazon.com/bedrock/latest/userguide/inference-chat-completions.html",
    settings: SETTINGS,
    make: |settings| {
        chat_completions::Host {
            name: "bedrock",
            habits: &Habits::BEDROCK,
            base_url: None,
            key_env: Some("AWS_BEARER_TOKEN_BEDROCK"),
            hosts: &[".amazonaws.com", ".api.aws"],
        }
        .provider(settings)
    },
};

//! Google's models at Vertex AI.

use super::Provider;
use super::chat_completions::{self, Habits};
use super::way::SETTINGS;
use crate::catalog::Entry;

pub(super) static ENTRY: Entry<Provider> = Entry {
    name: "vertex",
    what: "Asks models at Vertex AI through its OpenAI-compatible address, the base URL that is given: `https://aiplatform.googleapis.com/v1/projects/PROJECT/locations/global/endpoints/openapi`.",
    why: "For accounts at Google Cloud; the access token is read from GOOGLE_ACCESS_TOKEN (`gcloud auth print-access-token` gives one for an hour).",
    source: "Vertex AI, OpenAI compatibility: https://cloud.google.com/vertex-ai/generative-ai/docs/migrate/openai/overview",
    settings: SETTINGS,
    make: |settings| {
        chat_completions::Host {
            name: "vertex",
            habits: &Habits::VERTEX,
            base_url: None,
            key_env: Some("GOOGLE_ACCESS_TOKEN"),
            hosts: &["aiplatform.googleapis.com", "-aiplatform.googleapis.com"],
        }
        .provider(settings)
    },
};

//! Google's Gemini API: the generateContent protocol.

mod decode;
mod encode;
mod schema;
mod stream;

use super::batch::GenerateBatches;
use super::reasoning::{Effort, least_of_gemini};
use super::way::{Custom, Manner, Part, SETTINGS, Way};
use super::{Answer, Failure, HttpCall, Provider, Request, Response, Wire};
use crate::catalog::Entry;

pub(super) static ENTRY: Entry<Provider> = Entry {
    name: "gemini",
    what: "Asks models of Google through the Gemini API.",
    why: "Good texts at a low price, with a free allowance a day; the key is read from GEMINI_API_KEY.",
    source: "Gemini API reference, generateContent: https://ai.google.dev/api/generate-content",
    settings: SETTINGS,
    make: |settings| {
        Ok(Box::new(Provider::Http {
            wire: Box::new(GenerateContent),
            base_url: Some("https://generativelanguage.googleapis.com/v1beta"),
            key_env: Some("GEMINI_API_KEY"),
            hosts: &[],
            structured: true,
            batch: Some(Box::new(GenerateBatches)),
            custom: Box::new(Custom::read(ENTRY.name, settings)?),
        }))
    },
};

/// The wire.
#[derive(Debug, Clone, Copy)]
struct GenerateContent;

impl Wire for GenerateContent {
    fn id(&self) -> &'static str {
        "generate_content/2"
    }

    fn encode(&self, request: &Request, way: &Way) -> HttpCall {
        encode::encode(request, way)
    }

    fn manner(&self, part: Part, request: &Request, way: &Way) -> Option<Manner> {
        manner(part, request, way)
    }

    fn effort(&self, model: &str, way: &Way) -> Option<Effort> {
        way.effort.or_else(|| least_of_gemini(model))
    }

    fn decode(&self, response: &Response<'_>) -> Result<Answer, Failure> {
        decode::decode(response)
    }
}

fn manner(part: Part, request: &Request, way: &Way) -> Option<Manner> {
    let schema = request.schema.as_ref().and_then(|_| way.first(&[Manner::StrictSchema, Manner::JsonObject]));
    match part {
        Part::Seed => way.first(&[Manner::Seed]),
        Part::Whole | Part::Thinking => None,
        Part::Limit => way.first(&[Manner::MaxTokens]),
        Part::Temperature => request.sampling.temperature.and_then(|_| way.first(&[Manner::Temperature])),
        Part::System if request.prompt.system.is_empty() => None,
        Part::System => way.first(&[Manner::SystemRole]),
        Part::Keywords => schema.filter(|manner| *manner == Manner::StrictSchema),
        Part::Schema => schema,
        Part::Reasoning => {
            let effort = way.effort.or_else(|| least_of_gemini(&request.model));
            effort.and_then(|effort| way.first(&effort.ladder()))
        }
    }
}

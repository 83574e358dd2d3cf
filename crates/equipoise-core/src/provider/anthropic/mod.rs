//! Anthropic's own endpoint: the messages protocol.

mod decode;
mod encode;
mod stream;

pub(super) use decode::status_of;
pub(super) use encode::{auth, headers};

use super::batch::MessageBatches;
use super::reasoning::Effort;
use super::way::{Custom, Manner, Part, SETTINGS, Way};
use super::{Answer, Failure, HttpCall, Provider, Request, Response, Wire};
use crate::catalog::Entry;

pub(super) static ENTRY: Entry<Provider> = Entry {
    name: "anthropic",
    what: "Asks models of Anthropic.",
    why: "Good texts at a price; the key is read from ANTHROPIC_API_KEY.",
    source: "Anthropic API reference, messages: https://platform.claude.com/docs/en/api/messages/create",
    settings: SETTINGS,
    make: |settings| {
        Ok(Box::new(Provider::Http {
            wire: Box::new(Messages),
            base_url: Some("https://api.anthropic.com/v1"),
            key_env: Some("ANTHROPIC_API_KEY"),
            hosts: &[],
            structured: true,
            batch: Some(Box::new(MessageBatches)),
            custom: Box::new(Custom::read(ENTRY.name, settings)?),
        }))
    },
};

/// The wire.
#[derive(Debug, Clone, Copy)]
struct Messages;

impl Wire for Messages {
    fn id(&self) -> &'static str {
        "messages/2"
    }

    fn encode(&self, request: &Request, way: &Way) -> HttpCall {
        encode::encode(request, way)
    }

    fn manner(&self, part: Part, request: &Request, way: &Way) -> Option<Manner> {
        manner(part, request, way)
    }

    fn effort(&self, model: &str, way: &Way) -> Option<Effort> {
        effort(model, way)
    }

    fn decode(&self, response: &Response<'_>) -> Result<Answer, Failure> {
        decode::decode(response)
    }
}

fn manner(part: Part, request: &Request, way: &Way) -> Option<Manner> {
    let schema = request.schema.as_ref().and_then(|_| way.first(&[Manner::StrictSchema]));
    match part {
        Part::Seed => None,
        // The protocol requires it.
        Part::Limit => Some(Manner::MaxTokens),
        Part::Temperature if !takes_temperature(&request.model) => None,
        Part::Temperature => request.sampling.temperature.and_then(|_| way.first(&[Manner::Temperature])),
        Part::System if request.prompt.system.is_empty() => None,
        Part::System => way.first(&[Manner::SystemRole]),
        Part::Keywords | Part::Schema => schema,
        Part::Reasoning => effort(&request.model, way).and_then(|effort| way.first(&effort.ladder())),
        Part::Whole | Part::Thinking => None,
    }
}

/// Models from the fifth generation on think unless they are told not to, and their thoughts count against the limit.
fn effort(model: &str, way: &Way) -> Option<Effort> {
    way.effort.or_else(|| version(model).filter(|v| *v >= (5, 0)).map(|_| Effort::None))
}

/// Whether a model takes a temperature: those from 4.7 on refuse every parameter of sampling.
///
/// Source: <https://platform.claude.com/docs/en/about-claude/models/whats-new-claude-4-7>, sampling parameters removed.
fn takes_temperature(model: &str) -> bool {
    version(model).is_none_or(|version| version < (4, 7))
}

/// The version in a model's name: `claude-opus-4-5-20251101` is 4.5, `claude-3-5-haiku` 3.5.
fn version(model: &str) -> Option<(u32, u32)> {
    let name = &model[model.find("claude-")? + "claude-".len()..];
    let mut numbers = name.split(['-', '.', '@', ':']).map(str::parse::<u32>).skip_while(Result::is_err);
    let major = numbers.next()?.ok()?;
    // A date is no minor version.
    let minor = numbers.next().and_then(Result::ok).filter(|n| *n < 100).unwrap_or(0);
    Some((major, minor))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models_from_4_7_on_are_sent_no_temperature() {
        for (model, expected) in [
            ("claude-sonnet-4-5", true),
            ("claude-opus-4-6", true),
            ("claude-opus-4-7", false),
            ("claude-haiku-5-5", false),
        ] {
            assert_eq!(takes_temperature(model), expected, "{model}");
        }
    }

    #[test]
    fn reads_the_version_out_of_a_name() {
        for (model, expected) in [
            ("claude-opus-4-5-20251101", Some((4, 5))),
            ("claude-sonnet-5", Some((5, 0))),
            ("claude-haiku-5-5", Some((5, 5))),
            ("claude-3-5-haiku-20241022", Some((3, 5))),
            ("anthropic.claude-opus-4-20250514-v1:0", Some((4, 0))),
            ("gpt-5", None),
        ] {
            assert_eq!(version(model), expected, "{model}");
        }
    }
}

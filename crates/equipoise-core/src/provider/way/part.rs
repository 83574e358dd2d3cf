//! The parts of a request that endpoints take in different ways, and the words by which they refuse them: the one table of what may be
//! omitted, renamed or replaced.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A part of a request that is not the texts themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// The seed of sampling.
    Seed,
    /// The temperature.
    Temperature,
    /// The limit of the answer, in tokens.
    Limit,
    /// The instructions as a message of the system.
    System,
    /// Words of the JSON schema beyond its bare form.
    Keywords,
    /// The JSON schema of the answer.
    Schema,
    /// How much the model reasons.
    Reasoning,
    /// Whether the answer comes whole.
    Whole,
    /// What is said of thinking where no effort is asked for.
    Thinking,
}

/// A manner in which a part can be sent. An endpoint that refuses one is sent the next of the part, or the part is omitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Manner {
    /// The seed.
    Seed,
    /// The temperature.
    Temperature,
    /// The limit as `max_tokens`.
    MaxTokens,
    /// The limit as `max_completion_tokens`.
    MaxCompletionTokens,
    /// Instructions as a message of the system; else they stand before the user's.
    SystemRole,
    /// The whole schema.
    StrictSchema,
    /// The schema without words beyond types, properties and items.
    PlainSchema,
    /// JSON of any form.
    JsonObject,
    /// No reasoning.
    ReasoningNone,
    /// The least reasoning that there is.
    ReasoningMinimal,
    /// Little reasoning.
    ReasoningLow,
    /// Some reasoning.
    ReasoningMedium,
    /// Much reasoning.
    ReasoningHigh,
    /// The answer in one piece, which is what every endpoint gives unasked.
    Whole,
    /// The answer as a stream of events.
    Stream,
    /// Nothing about thinking.
    ThinkingUnsaid,
    /// A field that turns thinking off.
    ThinkingOff,
}

/// A part with the names of its fields and the phrases that speak of it, in lower case.
struct PartWords {
    part: Part,
    /// Field names of every protocol, as they stand in `param`, `loc` or a message.
    names: &'static [&'static str],
    /// Phrases of messages that name no field.
    phrases: &'static [&'static str],
}

/// Sources: error bodies that users quote of OpenAI, Azure, Mistral, Gemini, Anthropic, vLLM, llama.cpp and LiteLLM.
const TABLE: &[PartWords] = &[
    PartWords { part: Part::Seed, names: &["seed", "random_seed"], phrases: &[] },
    PartWords { part: Part::Temperature, names: &["temperature"], phrases: &[] },
    PartWords {
        part: Part::Limit,
        names: &[
            "max_tokens",
            "max_completion_tokens",
            "max_output_tokens",
            "maxoutputtokens",
            "max_new_tokens",
            "max_tokens_to_sample",
            "maxtokens",
        ],
        phrases: &["completion tokens, whereas you provided", "maximum tokens you requested", "maximum output tokens"],
    },
    PartWords {
        part: Part::System,
        names: &["system_instruction", "systeminstruction"],
        phrases: &[
            "system role",
            "'system' role",
            "role 'system'",
            "role: system",
            "role \"system\"",
            "role `system`",
            "system message",
            "system prompt",
            "system instruction",
            "developer instruction",
            "roles must alternate",
            "only user and assistant roles",
            "messages[0].role",
            "message must be from user",
            "message must be from the user",
            "messages.0.role",
        ],
    },
    PartWords {
        part: Part::Keywords,
        names: &["minitems", "maxitems", "additionalproperties", "enum", "strict"],
        phrases: &["schema keyword", "invalid schema"],
    },
    PartWords {
        part: Part::Schema,
        names: &[
            "response_format",
            "json_schema",
            "response_schema",
            "responseschema",
            "responsemimetype",
            "response_mime_type",
            "output_config",
            "output_format",
            "grammar",
        ],
        phrases: &[
            "response format",
            "json schema",
            "structured output",
            "json mode",
            "response schema",
            "output format",
            "parse grammar",
        ],
    },
    PartWords {
        part: Part::Reasoning,
        names: &[
            "reasoning_effort",
            "reasoning",
            "thinking",
            "thinkingconfig",
            "thinking_config",
            "thinkingbudget",
            "thinking_budget",
            "thinkinglevel",
            "thinking_level",
            "enable_thinking",
            "chat_template_kwargs",
            "effort",
        ],
        phrases: &[],
    },
    PartWords { part: Part::Whole, names: &["stream"], phrases: &["stream mode", "stream=true", "streaming mode"] },
    PartWords { part: Part::Thinking, names: &[], phrases: &["enable_thinking must be set to false"] },
];

impl Part {
    /// Every part that `name`, a field's name without its path, or the phrases of `message` speak of.
    pub(super) fn named(name: &str) -> impl Iterator<Item = Part> {
        let name = name.to_ascii_lowercase();
        TABLE.iter().filter(move |row| row.names.contains(&name.as_str())).map(|row| row.part)
    }

    /// Every part that a phrase of `message`, in lower case, speaks of.
    pub(super) fn spoken_of(message: &str) -> impl Iterator<Item = Part> {
        TABLE.iter().filter(|row| row.phrases.iter().any(|p| message.contains(p))).map(|row| row.part)
    }

    /// The part that the setting `omit` calls `name`: the name of one of its fields.
    pub(super) fn to_omit(name: &str) -> Option<Part> {
        let system = (name == "system").then_some(Part::System);
        system.or_else(|| Part::named(name).find(|part| *part != Part::Keywords))
    }

    /// Every manner of it, the first choice first.
    pub(in crate::provider) fn manners(self) -> &'static [Manner] {
        use Manner::*;
        match self {
            Part::Seed => &[Seed],
            Part::Temperature => &[Temperature],
            Part::Limit => &[MaxTokens, MaxCompletionTokens],
            Part::System => &[SystemRole],
            Part::Keywords => &[StrictSchema],
            Part::Schema => &[StrictSchema, PlainSchema, JsonObject],
            Part::Reasoning => &[ReasoningNone, ReasoningMinimal, ReasoningLow, ReasoningMedium, ReasoningHigh],
            Part::Whole => &[Whole, Stream],
            Part::Thinking => &[ThinkingUnsaid, ThinkingOff],
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Part::Seed => "seed",
            Part::Temperature => "temperature",
            Part::Limit => "token limit",
            Part::System => "system message",
            Part::Keywords => "JSON schema with such words",
            Part::Schema => "JSON schema",
            Part::Reasoning => "reasoning effort",
            Part::Whole => "answer in one piece",
            Part::Thinking => "thinking",
        })
    }
}

impl fmt::Display for Manner {
    /// What is sent, for people.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Manner::Seed => "`seed`",
            Manner::Temperature => "`temperature`",
            Manner::MaxTokens => "`max_tokens`",
            Manner::MaxCompletionTokens => "`max_completion_tokens`",
            Manner::SystemRole => "a system message",
            Manner::StrictSchema => "a strict JSON schema",
            Manner::PlainSchema => "a plain JSON schema",
            Manner::JsonObject => "a demand for any JSON object",
            Manner::ReasoningNone => "the reasoning effort `none`",
            Manner::ReasoningMinimal => "the reasoning effort `minimal`",
            Manner::ReasoningLow => "the reasoning effort `low`",
            Manner::ReasoningMedium => "the reasoning effort `medium`",
            Manner::ReasoningHigh => "the reasoning effort `high`",
            Manner::Whole => "an answer in one piece",
            Manner::Stream => "`stream`",
            Manner::ThinkingUnsaid => "thinking",
            Manner::ThinkingOff => "`enable_thinking = false`",
        })
    }
}

//! What an endpoint of chat completions is known to take, as far as it differs from others.

use crate::provider::Effort;
use crate::provider::reasoning::{least_of_gemini, least_of_openai};
use crate::provider::way::Manner::{self, JsonObject, MaxCompletionTokens, MaxTokens, PlainSchema, StrictSchema};

/// How an effort of reasoning is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::provider) enum Dial {
    /// `reasoning_effort`.
    Effort,
    /// `reasoning`, an object with `effort`.
    Object,
    /// `thinking`, an object whose `type` turns it on and off, and `reasoning_effort` beside it.
    Thinking,
    /// A variable of the chat template turns it off; `reasoning_effort` asks for more.
    Template,
}

/// What an endpoint is known to take. What it refuses besides is learnt.
#[derive(Debug)]
pub(in crate::provider) struct Habits {
    /// The field of the seed, where it is known to take one.
    pub(in crate::provider) seed: Option<&'static str>,
    /// Fields of the limit, the first choice first.
    pub(in crate::provider) limit: &'static [Manner],
    /// Manners of the schema, the first choice first.
    pub(in crate::provider) schema: &'static [Manner],
    /// Whether the schema says how many texts there are, and which ids.
    pub(in crate::provider) exact: bool,
    /// The header of the key and what stands before the key in it.
    pub(in crate::provider) auth: (&'static str, &'static str),
    /// Whether it takes batches of files.
    pub(in crate::provider) batches: bool,
    /// How reasoning is asked for.
    pub(in crate::provider) dial: Dial,
    /// The least effort of a model by its name; `None` leaves it to the endpoint.
    pub(in crate::provider) least: fn(&str) -> Option<Effort>,
}

const ANY_SCHEMA: &[Manner] = &[StrictSchema, PlainSchema, JsonObject];
const OLD_LIMIT: &[Manner] = &[MaxTokens, MaxCompletionTokens];
const NEW_LIMIT: &[Manner] = &[MaxCompletionTokens, MaxTokens];

impl Habits {
    /// An endpoint of which nothing is known.
    pub(in crate::provider) const UNKNOWN: Habits = Habits {
        seed: None,
        limit: OLD_LIMIT,
        schema: ANY_SCHEMA,
        exact: false,
        auth: ("authorization", "Bearer "),
        batches: false,
        dial: Dial::Effort,
        least: |_| None,
    };

    /// OpenAI's own.
    pub(in crate::provider) const OPENAI: Habits =
        Habits { seed: Some("seed"), limit: NEW_LIMIT, batches: true, least: least_of_openai, ..Habits::UNKNOWN };

    /// OpenAI's models at Azure, under names that users give to deployments.
    pub(in crate::provider) const AZURE: Habits =
        Habits { seed: Some("seed"), limit: NEW_LIMIT, auth: ("api-key", ""), ..Habits::UNKNOWN };

    /// Servers on the user's own machines, which turn a schema into a grammar.
    pub(in crate::provider) const LOCAL: Habits = Habits {
        seed: Some("seed"),
        exact: true,
        dial: Dial::Template,
        least: |_| Some(Effort::None),
        ..Habits::UNKNOWN
    };

    /// Ollama.
    pub(in crate::provider) const OLLAMA: Habits = Habits { dial: Dial::Effort, ..Habits::LOCAL };

    /// OpenRouter; it drops what a model does not take.
    pub(in crate::provider) const OPENROUTER: Habits =
        Habits { dial: Dial::Object, least: |_| Some(Effort::None), ..Habits::UNKNOWN };

    /// Mistral.
    pub(in crate::provider) const MISTRAL: Habits = Habits { seed: Some("random_seed"), ..Habits::UNKNOWN };

    /// Groq.
    pub(in crate::provider) const GROQ: Habits = Habits {
        seed: Some("seed"),
        limit: NEW_LIMIT,
        least: |model| if model.contains("qwen3") { Some(Effort::None) } else { least_of_openai(model) },
        ..Habits::UNKNOWN
    };

    /// DeepSeek, whose models think unless told not to; it takes no schema.
    pub(in crate::provider) const DEEPSEEK: Habits =
        Habits { schema: &[JsonObject], dial: Dial::Thinking, least: |_| Some(Effort::None), ..Habits::UNKNOWN };

    /// Together.
    pub(in crate::provider) const TOGETHER: Habits =
        Habits { seed: Some("seed"), schema: &[PlainSchema, JsonObject], least: least_of_openai, ..Habits::UNKNOWN };

    /// Amazon Bedrock.
    pub(in crate::provider) const BEDROCK: Habits =
        Habits { limit: NEW_LIMIT, least: least_of_openai, ..Habits::UNKNOWN };

    /// Google's models at Vertex AI.
    pub(in crate::provider) const VERTEX: Habits = Habits { least: least_of_gemini, ..Habits::UNKNOWN };
}

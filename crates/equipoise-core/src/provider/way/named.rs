//! Which parts of a request an error body names: its `param`, its `loc`, the words of its message.

use super::Part;
use regex::Regex;
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// The parts that `error` and its `message` name. A field or a quoted word wins over what the message says besides: "`temperature` is not
/// supported with reasoning models" is about the temperature alone.
pub(in crate::provider) fn parts(error: &Value, message: &str) -> BTreeSet<Part> {
    static WORD: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"[A-Za-z_][A-Za-z0-9_]*").expect("a fixed pattern"));
    static QUOTED: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r#"['"`]([A-Za-z_][\w.\[\]]*)['"`]"#).expect("a fixed pattern"));
    // What stands behind it would be taken.
    let whole = message;
    let message = message.find("expected one of").map_or(message, |at| &message[..at]);
    let named = |text: &str| WORD.find_iter(text).flat_map(|word| Part::named(word.as_str())).collect::<BTreeSet<_>>();
    let mut fields = String::new();
    collect(error, 0, &mut fields);
    let mut parts = named(&fields);
    if parts.is_empty() {
        parts = QUOTED.captures_iter(message).flat_map(|quoted| named(&quoted[1])).collect();
    }
    let lower = message.to_lowercase();
    if parts.is_empty() {
        parts = named(message);
    }
    parts.extend(Part::spoken_of(&lower));
    // Whoever names several efforts speaks of them, also without the name of the field.
    if parts.is_empty() && super::efforts(error, whole).iter().count() > 1 {
        parts.insert(Part::Reasoning);
    }
    // A word that only schemas have is about the schema; where its field is refused as a whole the words do not matter.
    let is_whole =
        ["not supported", "unsupported", "unavailable", "not available", "unknown", "not permitted", "forbidden"];
    let is_of_words =
        Part::named("minItems").any(|part| parts.contains(&part)) && !lower.contains("response_format type");
    let is_of_words = is_of_words && !is_whole.iter().any(|w| lower.contains(w));
    if parts.contains(&Part::Schema) && !is_of_words {
        parts.remove(&Part::Keywords);
    }
    if parts.contains(&Part::Keywords) {
        parts.remove(&Part::Schema);
    }
    parts
}

/// The values of every `param` and `loc` within `value`, a word each.
fn collect(value: &Value, depth: usize, into: &mut String) {
    if depth > 8 {
        return;
    }
    fn push(into: &mut String, word: &str) {
        into.push_str(word);
        into.push(' ');
    }
    match value {
        Value::Object(map) => {
            for (name, value) in map {
                match (name.as_str(), value) {
                    ("param", Value::String(param)) => push(into, param),
                    ("loc", Value::Array(path)) => {
                        path.iter().filter_map(Value::as_str).for_each(|word| push(into, word));
                        // The role of a message is refused where it is not the user's.
                        if path.last().is_some_and(|field| field == "role") {
                            push(into, "system_instruction");
                        }
                    }
                    _ => collect(value, depth + 1, into),
                }
            }
        }
        Value::Array(list) => list.iter().for_each(|value| collect(value, depth + 1, into)),
        _ => {}
    }
}

/// The bound on an answer's tokens that `message` names, where it names one: "supports at most 4096 completion tokens".
pub(super) fn most_output(message: &str) -> Option<u32> {
    static MOST: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)(?:at most|maximum(?: allowed)?(?: value)?(?: of| is)?|less than or equal to|<=|up to|between 1 and|model limit(?: of)?|lower than|\[1, ?)\D{0,12}(\d[\d,]*)|> (\d[\d,]*), which is the maximum")
            .expect("a fixed pattern")
    });
    let found = MOST.captures(message)?;
    let number = found.iter().skip(1).flatten().next()?.as_str().replace(',', "");
    number.parse().ok().filter(|n| *n > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Part::*;
    use serde_json::json;

    #[test]
    fn names_the_parts_that_bodies_in_use_speak_of() {
        for (error, message, expected) in [
            (
                json!({"param": "max_tokens", "code": "unsupported_parameter"}),
                "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
                &[Limit][..],
            ),
            (
                json!({"detail": [{"type": "extra_forbidden", "loc": ["body", "seed"], "msg": "Extra inputs are not permitted"}]}),
                "",
                &[Seed],
            ),
            (
                json!({}),
                "Failed to deserialize the JSON body: unknown field `max_tokens`, expected one of `model`, `seed`, `temperature`",
                &[Limit],
            ),
            (json!({}), "anthropic does not support parameters: ['seed'], for model=claude", &[Seed]),
            (json!({}), "Invalid JSON payload received. Unknown name \"seed\": Cannot find field.", &[Seed]),
            (json!({}), "Invalid JSON payload received. Unknown name \"seed\" at 'generation_config'", &[Seed]),
            (json!({}), "`temperature` is deprecated for this model.", &[Temperature]),
            (json!({}), "'temperature' is not supported with reasoning models", &[Temperature]),
            (json!({}), "temperature: range: 0..1", &[Temperature]),
            (json!({}), "System role not supported", &[System]),
            (json!({}), "First message must be from user", &[System]),
            (
                json!({"detail": [{"type": "literal_error", "loc": ["body", "messages", 0, "role"], "input": "system"}]}),
                "",
                &[System],
            ),
            (json!({}), "Input validation error: `max_new_tokens` must be <= 512. Given: 900", &[Limit]),
            (json!({}), "The maximum tokens you requested exceeds the model limit of 512.", &[Limit]),
            (json!({}), "Developer instruction is not enabled for models/gemma-3-27b-it", &[System]),
            (json!({}), "Conversation roles must alternate user/assistant/user/assistant/...", &[System]),
            (
                json!({"param": "messages[0].role"}),
                "Unsupported value: 'messages[0].role' does not support 'system' with this model.",
                &[System],
            ),
            (json!({}), "This response_format type is unavailable now", &[Schema]),
            (json!({}), "Failed to initialize samplers: failed to parse grammar", &[Schema]),
            (
                json!({"param": "response_format"}),
                "Invalid schema for response_format 'texts': 'minItems' is an unexpected keyword",
                &[Keywords],
            ),
            (
                json!({"param": "reasoning_effort"}),
                "Unsupported value: 'reasoning_effort' does not support 'minimal' with this model.",
                &[Reasoning],
            ),
            (
                json!({"code": "unsupported_value"}),
                "Unsupported value: 'none' is not supported with this model. Supported values are: 'low', 'medium', 'high'.",
                &[Reasoning],
            ),
            (json!({}), "unknown variant `none`, expected one of `low`, `medium`, `high`", &[Reasoning]),
            (json!({}), "Budget 0 is invalid. This model only works in thinking mode.", &[Reasoning]),
            (json!({}), "This model's maximum context length is 8192 tokens", &[]),
            (json!({}), "No connected db.", &[]),
        ] {
            assert_eq!(parts(&error, message).into_iter().collect::<Vec<_>>(), expected, "{error} {message}");
        }
    }

    #[test]
    fn reads_the_bound_of_an_answer() {
        for (message, expected) in [
            ("max_tokens is too large: 5000. This model supports at most 4096 completion tokens", Some(4096)),
            ("max_tokens: 200000 > 128,000, which is the maximum allowed number of output tokens", Some(128_000)),
            ("Invalid max_tokens value, the valid range of max_tokens is [1, 8192]", Some(8192)),
            ("`max_tokens` must be less than or equal to `8192`", Some(8192)),
            ("Input validation error: `max_new_tokens` must be <= 512. Given: 900", Some(512)),
            ("<400> InvalidParameter: Range of max_tokens should be [1, 512]", Some(512)),
            (
                "The maximum tokens you requested exceeds the model limit of 512. Try again with a value that is lower than 512.",
                Some(512),
            ),
            ("Unsupported parameter: 'max_tokens'", None),
        ] {
            assert_eq!(most_output(message), expected, "{message}");
        }
    }
}

//! Which reasoning efforts a refusal names: it most often says which it would take.

use crate::provider::reasoning::Effort;
use regex::Regex;
use serde_json::Value;
use std::sync::LazyLock;

/// Several efforts, in the room of one: a failure stands in every error of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Efforts(u8);

impl Efforts {
    /// Each of them, the least first.
    pub fn iter(self) -> impl Iterator<Item = Effort> {
        Effort::ALL.into_iter().filter(move |effort| self.0 & (1 << *effort as u8) > 0)
    }
}

impl FromIterator<Effort> for Efforts {
    fn from_iter<I: IntoIterator<Item = Effort>>(efforts: I) -> Self {
        Efforts(efforts.into_iter().fold(0, |set, effort| set | 1 << effort as u8))
    }
}

/// The efforts that `error` and its `message` name, as values alone, in quotation marks, or several in a list. "Too high" names none.
pub(in crate::provider) fn efforts(error: &Value, message: &str) -> Efforts {
    static QUOTED: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r#"['"`“‘]([A-Za-z]+)['"`”’]"#).expect("a fixed pattern"));
    static LISTED: LazyLock<Regex> = LazyLock::new(|| {
        let any = "(?:none|minimal|low|medium|high)";
        Regex::new(&format!(r"(?i)\b{any}\b(?:\s*(?:,|/|\||\bor\b|\band\b)+\s*\b{any}\b)+")).expect("a fixed pattern")
    });
    let mut texts = vec![message];
    collect(error, 0, &mut texts);
    let mut found = Vec::new();
    for text in texts {
        let words = |part: &str| part.split(|c: char| !c.is_ascii_alphabetic()).filter_map(named).collect::<Vec<_>>();
        found.extend(named(text.trim()));
        found.extend(QUOTED.captures_iter(text).filter_map(|quoted| named(&quoted[1])));
        found.extend(LISTED.find_iter(text).flat_map(|list| words(list.as_str())));
    }
    found.into_iter().collect()
}

fn named(word: &str) -> Option<Effort> {
    word.to_ascii_lowercase().parse().ok()
}

/// Every text within `value`, but for what was sent, which some servers give back.
fn collect<'v>(value: &'v Value, depth: usize, into: &mut Vec<&'v str>) {
    if depth > 8 {
        return;
    }
    match value {
        Value::String(text) => into.push(text),
        Value::Array(list) => list.iter().for_each(|value| collect(value, depth + 1, into)),
        Value::Object(map) => {
            let said =
                map.iter().filter(|(name, _)| !["input", "severity", "level", "priority"].contains(&name.as_str()));
            said.for_each(|(_, value)| collect(value, depth + 1, into));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Effort::*;
    use serde_json::json;

    #[test]
    fn names_efforts_in_every_shape_and_none_in_prose() {
        for (error, message, expected) in [
            (
                json!({}),
                "Unsupported value: 'none' is not supported with the 'm' model. Supported values are: 'low', 'medium', and 'high'.",
                &[None, Low, Medium, High][..],
            ),
            (json!({}), "unknown variant `none`, expected one of `low`, `medium`, `high`", &[None, Low, Medium, High]),
            (json!({}), "reasoning_effort must be one of low, medium, high", &[Low, Medium, High]),
            (json!({}), "invalid effort; allowed: low|medium", &[Low, Medium]),
            (json!({}), "`reasoning_effort` must be one of `none` or `default`", &[None]),
            (
                json!({"detail": [{"loc": ["body", "reasoning_effort"], "msg": "Input should be 'low' or 'high'", "input": "none"}]}),
                "",
                &[Low, High],
            ),
            (json!({"param": "reasoning_effort", "supported_values": ["low", "medium"]}), "bad value", &[Low, Medium]),
            (json!({}), "the temperature is too high, and none of the rows is low", &[]),
        ] {
            assert_eq!(efforts(&error, message).iter().collect::<Vec<_>>(), expected, "{error} {message}");
        }
    }
}

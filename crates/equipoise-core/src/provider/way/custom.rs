//! What a user sets for an endpoint in `[provider.NAME]`: fields, headers and query parameters of every request, and what is omitted.

use super::{Manner, Part};
use crate::catalog::{Setting, Settings, SettingsError, read};
use crate::provider::HttpCall;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The settings of every provider that is reached over HTTP.
pub(in crate::provider) const SETTINGS: &[Setting] = &[
    Setting {
        name: "body",
        default: "{}",
        why: "Fields that are added to the body of every request, or that take the place of its own: `body = { top_p = 0.9 }`.",
    },
    Setting {
        name: "omit",
        default: "[]",
        why: "Parts that are never sent: `seed`, `temperature`, `max_tokens`, `system` (instructions then stand in the user's message), `response_format`, `reasoning_effort`.",
    },
    Setting {
        name: "headers",
        default: "{}",
        why: "Headers of every request. `{key}` in a value stands for the key, which then is sent in no other header: `headers = { api-key = \"{key}\" }`.",
    },
    Setting {
        name: "query",
        default: "{}",
        why: "Query parameters of every request, like Azure's: `query = { api-version = \"2024-10-21\" }`.",
    },
    Setting {
        name: "context",
        default: "0",
        why: "The window of the model in tokens, prompt and answer together; 0 asks local servers for it and learns it from refusals.",
    },
    Setting {
        name: "max_tokens",
        default: "0",
        why: "The limit of every answer in tokens; 0 sizes it by the texts that are asked for.",
    },
    Setting {
        name: "deadline",
        default: "0",
        why: "Seconds that one call may take; 0 lets it grow with the tokens that are asked for, from 600 on.",
    },
];

/// What the user adds to every request and omits of it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Custom {
    /// Fields of the body; they win over the request's own.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub body: Map<String, Value>,
    /// Parts that are not sent, by the name of a field.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub omit: Vec<String>,
    /// Headers; `{key}` stands for the key.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// Query parameters.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub query: BTreeMap<String, String>,
    /// Tokens of prompt and answer together; 0 where not known.
    #[serde(skip_serializing_if = "is_zero")]
    pub context: u32,
    /// Limit of every answer in tokens; 0 sizes it by the texts.
    #[serde(skip_serializing_if = "is_zero")]
    pub max_tokens: u32,
    /// Seconds that one call may take; 0 sizes it by the tokens.
    #[serde(skip_serializing_if = "is_zero")]
    pub deadline: u32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_zero(n: &u32) -> bool {
    *n == 0
}

/// What stands for the key in a header.
const KEY: &str = "{key}";

impl Custom {
    /// Reads and checks the settings of the provider called `item`.
    ///
    /// # Errors
    /// [`SettingsError::BadValue`]: a part that is never sent, a header or parameter that cannot be, or one that holds a key.
    pub(in crate::provider) fn read(item: &'static str, settings: &Settings) -> Result<Self, SettingsError> {
        let custom: Custom = read(item, settings)?;
        let bad = |message: String| Err(SettingsError::BadValue { item, message });
        for name in &custom.omit {
            if Part::to_omit(name).is_none() {
                return bad(format!(
                    "`omit` knows no `{name}`; it takes seed, temperature, max_tokens, system, response_format and reasoning_effort"
                ));
            }
        }
        for (name, value) in &custom.headers {
            let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
            if !is_name || !value.bytes().all(|b| (0x20..0x7f).contains(&b)) {
                return bad(format!("`{name}` is no header, or its value holds characters that no header takes"));
            }
            if holds_a_key(name) && !value.contains(KEY) {
                return bad(format!(
                    "the header `{name}` holds a key, which no recipe may: write `{KEY}` in its place and name the environment variable as `key_env` under [model]"
                ));
            }
        }
        if custom.query.keys().any(|name| holds_a_key(name)) {
            return bad("a key never stands in an address: send it as a header with `{key}`".to_owned());
        }
        Ok(custom)
    }

    /// Whether nothing is set.
    pub(super) fn is_plain(&self) -> bool {
        *self == Custom::default()
    }

    /// Whether the user omits the part that `manner` is one of.
    pub(super) fn omits(&self, manner: Manner) -> bool {
        self.omit.iter().filter_map(|name| Part::to_omit(name)).any(|part| part.manners().contains(&manner))
    }

    /// Adds to `call` what the user set; fields of the body win over its own.
    pub(super) fn fill_in(&self, call: &mut HttpCall) {
        self.address(call);
        if self.body.is_empty() {
            return;
        }
        if let Ok(Value::Object(mut body)) = serde_json::from_slice::<Value>(&call.body) {
            merge(&mut body, &self.body);
            call.body = Value::Object(body).to_string().into_bytes();
        }
    }

    /// Adds query and headers alone, as for calls that ask for no text.
    pub fn address(&self, call: &mut HttpCall) {
        for (at, (name, value)) in self.query.iter().enumerate() {
            call.url.push(if at == 0 { '?' } else { '&' });
            call.url.push_str(&format!("{}={}", escaped(name), escaped(value)));
        }
        for (name, value) in &self.headers {
            let name = name.to_ascii_lowercase();
            match value.split_once(KEY) {
                Some((prefix, _)) => call.auth = Some((name, prefix.to_owned())),
                None => {
                    call.headers.retain(|(own, _)| *own != name);
                    call.headers.push((name, value.clone()));
                }
            }
        }
    }
}

fn holds_a_key(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["key", "token", "secret", "password", "authorization", "cookie"].iter().any(|word| name.contains(word))
}

/// Puts the fields of `from` into `into`; objects are merged, anything else is replaced.
fn merge(into: &mut Map<String, Value>, from: &Map<String, Value>) {
    for (name, value) in from {
        match (into.get_mut(name), value) {
            (Some(Value::Object(own)), Value::Object(given)) => merge(own, given),
            _ => drop(into.insert(name.clone(), value.clone())),
        }
    }
}

/// `text` as it may stand in a query.
fn escaped(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
    text.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn custom(settings: Value) -> Result<Custom, SettingsError> {
        let Value::Object(settings) = settings else { unreachable!("an object") };
        Custom::read("openai_compatible", &settings)
    }

    fn call() -> HttpCall {
        HttpCall {
            url: "https://a.example/v1/chat/completions".to_owned(),
            headers: vec![("content-type".to_owned(), "application/json".to_owned())],
            auth: Some(("authorization".to_owned(), "Bearer ".to_owned())),
            body: br#"{"model":"m","options":{"a":1},"max_tokens":5}"#.to_vec(),
        }
    }

    #[test]
    fn azures_classic_address_can_be_given() {
        let set =
            custom(json!({"query": {"api-version": "2024-10-21"}, "headers": {"api-key": "{key}", "X-Team": "nlp"}}));
        let mut call = call();
        set.expect("settings").fill_in(&mut call);
        assert_eq!(call.url, "https://a.example/v1/chat/completions?api-version=2024-10-21");
        assert_eq!(call.auth, Some(("api-key".to_owned(), String::new())));
        assert!(call.headers.contains(&("x-team".to_owned(), "nlp".to_owned())));
    }

    #[test]
    fn fields_of_the_body_win_and_objects_are_merged() {
        let mut call = call();
        custom(json!({"body": {"options": {"b": 2}, "max_tokens": 9}})).expect("settings").fill_in(&mut call);
        let body: Value = serde_json::from_slice(&call.body).expect("JSON");
        assert_eq!(body, json!({"model": "m", "options": {"a": 1, "b": 2}, "max_tokens": 9}));
    }

    #[test]
    fn a_key_in_a_recipe_and_an_unknown_part_are_refused() {
        for settings in [
            json!({"headers": {"Authorization": "Bearer sk-1"}}),
            json!({"headers": {"api-key": "abc"}}),
            json!({"headers": {"x y": "abc"}}),
            json!({"headers": {"x": "a\nb"}}),
            json!({"query": {"api_key": "abc"}}),
            json!({"omit": ["stop"]}),
            json!({"context": -1}),
        ] {
            assert!(custom(settings.clone()).is_err(), "{settings}");
        }
        assert!(custom(json!({"omit": ["seed", "max_tokens", "system", "response_format"]})).is_ok());
    }
}

//! A request as the exact bytes of a generateContent call.

use super::schema::schema;
use crate::provider::reasoning::Effort;
use crate::provider::way::{Manner, Part, Way};
use crate::provider::{HttpCall, Request, joined};
use serde::Serialize;
use serde_json::{Value, json};
use std::borrow::Cow;

/// The call. The key goes into a header: in the URL, where the protocol takes it too, it would stand in logs.
pub(super) fn encode(request: &Request, way: &Way) -> HttpCall {
    let manner = |part| super::manner(part, request, way);
    let has_system = manner(Part::System).is_some();
    let system = has_system.then(|| Content::of(None, Cow::Borrowed(request.prompt.system.as_str())));
    let form = manner(Part::Schema);
    let body = Body {
        system_instruction: system,
        contents: [Content::of(Some("user"), joined(request, has_system))],
        generation_config: Config {
            temperature: manner(Part::Temperature).and(request.sampling.temperature),
            max_output_tokens: manner(Part::Limit).map(|_| way.limit(&super::GenerateContent, request)),
            seed: manner(Part::Seed).map(|_| request.mixed_seed()),
            response_mime_type: form.map(|_| "application/json"),
            response_schema: form.filter(|form| *form != Manner::JsonObject).and(request.schema.as_ref()).map(schema),
            thinking_config: manner(Part::Reasoning).and_then(Effort::of).map(|e| thinking(&request.model, e)),
        },
    };
    HttpCall {
        url: format!("{}/{}:generateContent", way.base_url, path(&request.model)),
        headers: vec![("content-type".to_owned(), "application/json".to_owned())],
        auth: Some(("x-goog-api-key".to_owned(), String::new())),
        body: serde_json::to_vec(&body).expect("strings and numbers always serialise"),
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    system_instruction: Option<Content<'a>>,
    contents: [Content<'a>; 1],
    generation_config: Config,
}

#[derive(Serialize)]
struct Content<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<&'static str>,
    parts: [Piece<'a>; 1],
}

impl<'a> Content<'a> {
    fn of(role: Option<&'static str>, text: Cow<'a, str>) -> Self {
        Content { role, parts: [Piece { text }] }
    }
}

#[derive(Serialize)]
struct Piece<'a> {
    text: Cow<'a, str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Config {
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_output_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seed: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_mime_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_schema: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    thinking_config: Option<Value>,
}

/// How much to think: a budget in tokens for models of the second generation, a level for later ones.
fn thinking(model: &str, effort: Effort) -> Value {
    let name = model.rsplit('/').next().unwrap_or_default();
    if name.starts_with("gemini-2") {
        // `pro` thinks with 128 tokens at least.
        let tokens = if effort == Effort::Minimal { 128 } else { effort.allowance().min(24_576) };
        return json!({"thinkingBudget": tokens});
    }
    json!({"thinkingLevel": if effort == Effort::None { "minimal" } else { effort.name() }})
}

/// `models/NAME`, or the name as it is where it says what it is. Nothing in it can end the path.
fn path(model: &str) -> String {
    let mut path = if model.contains('/') { String::new() } else { "models/".to_owned() };
    for byte in model.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            path.push(char::from(byte));
        } else {
            path.push_str(&format!("%{byte:02X}"));
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::tests::request;

    #[test]
    fn writes_the_exact_body_and_keeps_the_key_out_of_the_url() {
        let call = encode(&request(), &Way::new("https://api.example/v1beta/"));
        assert_eq!(call.url, "https://api.example/v1beta/models/m-1:generateContent");
        assert_eq!(call.auth, Some(("x-goog-api-key".to_owned(), String::new())));
        let expected = concat!(
            r#"{"systemInstruction":{"parts":[{"text":"You write texts."}]},"#,
            r#""contents":[{"role":"user","parts":[{"text":"Rewrite a1: \"so glad\""}]}],"#,
            r#""generationConfig":{"temperature":1.0,"maxOutputTokens":200,"seed":469319781,"#,
            r#""responseMimeType":"application/json","responseSchema":{"type":"OBJECT"}}}"#
        );
        assert_eq!(String::from_utf8(call.body).expect("UTF-8"), expected);
    }

    #[test]
    fn models_think_as_little_as_they_can_or_as_much_as_they_are_told() {
        let config = |model: &str, way: &Way| {
            let call = encode(&Request { model: model.to_owned(), ..request() }, way);
            let body: Value = serde_json::from_slice(&call.body).expect("JSON");
            body["generationConfig"].get("thinkingConfig").cloned()
        };
        let plain = Way::new("http://x");
        for (model, expected) in [
            ("gemini-2.0-flash", None),
            ("gemini-2.5-flash-lite", Some(json!({"thinkingBudget": 0}))),
            ("models/gemini-2.5-pro", Some(json!({"thinkingBudget": 128}))),
            ("gemini-3-flash-preview", Some(json!({"thinkingLevel": "low"}))),
        ] {
            assert_eq!(config(model, &plain), expected, "{model}");
        }
        let refusing = Way { refused: [Manner::ReasoningNone].into(), ..plain.clone() };
        assert_eq!(config("gemini-2.5-flash", &refusing), Some(json!({"thinkingBudget": 128})));
        let high = Way { effort: Some(Effort::High), ..plain };
        assert_eq!(config("gemini-3-pro", &high), Some(json!({"thinkingLevel": "high"})));
    }

    #[test]
    fn a_models_name_stays_within_the_path() {
        for (model, expected) in [
            ("gemini-2.5-flash", "models/gemini-2.5-flash"),
            ("tunedModels/mine", "tunedModels/mine"),
            ("x?key=1#y", "models/x%3Fkey%3D1%23y"),
        ] {
            assert_eq!(path(model), expected);
        }
    }
}

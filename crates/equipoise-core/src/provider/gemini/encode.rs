//! A request as the exact bytes of a generateContent call.

use super::schema::schema;
use crate::provider::{HttpCall, Request};
use serde::Serialize;
use serde_json::{Value, json};

/// The call. The key goes into a header: in the URL, where the protocol takes it too, it would stand in logs.
pub(super) fn encode(request: &Request, base_url: &str) -> HttpCall {
    let sampling = &request.sampling;
    let body = Body {
        system_instruction: Some(&request.prompt.system).filter(|s| !s.is_empty()).map(|text| Content::of(None, text)),
        contents: [Content::of(Some("user"), &request.prompt.user)],
        generation_config: Config {
            temperature: sampling.temperature,
            max_output_tokens: sampling.max_tokens,
            seed: request.mixed_seed(),
            response_mime_type: request.schema.is_some().then_some("application/json"),
            response_schema: request.schema.as_ref().map(schema),
            thinking_config: thinking(&request.model),
        },
    };
    HttpCall {
        url: format!("{}/{}:generateContent", base_url.trim_end_matches('/'), path(&request.model)),
        headers: vec![("content-type".to_owned(), "application/json".to_owned())],
        auth: Some(("x-goog-api-key", "")),
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
    parts: [Part<'a>; 1],
}

impl<'a> Content<'a> {
    fn of(role: Option<&'static str>, text: &'a str) -> Self {
        Content { role, parts: [Part { text }] }
    }
}

#[derive(Serialize)]
struct Part<'a> {
    text: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Config {
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f64>,
    max_output_tokens: u32,
    seed: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_mime_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_schema: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    thinking_config: Option<Value>,
}

/// As little thinking as the model takes: thoughts count against the limit of the answer, and short texts need none.
fn thinking(model: &str) -> Option<Value> {
    let name = model.rsplit('/').next().unwrap_or_default();
    if name.starts_with("gemini-2.5-flash") {
        Some(json!({"thinkingBudget": 0}))
    } else if name.starts_with("gemini-2.5-pro") {
        // It cannot do without.
        Some(json!({"thinkingBudget": 128}))
    } else if name.starts_with("gemini-3") {
        Some(json!({"thinkingLevel": "low"}))
    } else {
        None
    }
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
        let call = encode(&request(), "https://api.example/v1beta/");
        assert_eq!(call.url, "https://api.example/v1beta/models/m-1:generateContent");
        assert_eq!(call.auth, Some(("x-goog-api-key", "")));
        let expected = concat!(
            r#"{"systemInstruction":{"parts":[{"text":"You write texts."}]},"#,
            r#""contents":[{"role":"user","parts":[{"text":"Rewrite a1: \"so glad\""}]}],"#,
            r#""generationConfig":{"temperature":1.0,"maxOutputTokens":200,"seed":469319781,"#,
            r#""responseMimeType":"application/json","responseSchema":{"type":"OBJECT"}}}"#
        );
        assert_eq!(String::from_utf8(call.body).expect("UTF-8"), expected);
    }

    #[test]
    fn models_think_as_little_as_they_can() {
        for (model, expected) in [
            ("gemini-2.0-flash", None),
            ("gemini-2.5-flash-lite", Some(json!({"thinkingBudget": 0}))),
            ("models/gemini-2.5-pro", Some(json!({"thinkingBudget": 128}))),
            ("gemini-3-flash-preview", Some(json!({"thinkingLevel": "low"}))),
        ] {
            assert_eq!(thinking(model), expected, "{model}");
        }
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

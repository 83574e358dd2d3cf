//! A request as the exact bytes of a messages call.

use crate::provider::{HttpCall, Request};
use serde::Serialize;
use serde_json::{Value, json};

/// The version of the protocol that the decoder knows.
const VERSION: &str = "2023-06-01";

/// The call. The protocol has no seed: requests that differ in their ordinal alone differ in a line of the prompt, which whoever
/// renders it puts there (see [`crate::provider::Wire::takes_seed`]).
pub(super) fn encode(request: &Request, base_url: &str) -> HttpCall {
    let body = Body {
        model: &request.model,
        max_tokens: request.sampling.max_tokens,
        system: Some(request.prompt.system.as_str()).filter(|s| !s.is_empty()),
        messages: [Message { role: "user", content: &request.prompt.user }],
        temperature: request.sampling.temperature,
        output_config: request.schema.as_ref().map(output_config),
    };
    HttpCall {
        url: format!("{}/messages", base_url.trim_end_matches('/')),
        headers: headers(),
        auth: AUTH,
        body: serde_json::to_vec(&body).expect("strings and numbers always serialise"),
    }
}

/// How the key travels.
pub(in crate::provider) const AUTH: Option<(&str, &str)> = Some(("x-api-key", ""));

/// The headers of every call.
pub(in crate::provider) fn headers() -> Vec<(String, String)> {
    [("content-type", "application/json"), ("anthropic-version", VERSION)]
        .map(|(n, v)| (n.to_owned(), v.to_owned()))
        .into()
}

#[derive(Serialize)]
struct Body<'a> {
    model: &'a str,
    max_tokens: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    system: Option<&'a str>,
    messages: [Message<'a>; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    output_config: Option<Value>,
}

#[derive(Serialize)]
struct Message<'a> {
    role: &'static str,
    content: &'a str,
}

/// The schema as output format rather than as a forced tool: an answer that the token limit cuts then is cut text, whose whole items
/// can be saved, and not the input of a tool that was thrown away. Models too old for it answer 400 and are asked without.
fn output_config(schema: &Value) -> Value {
    json!({"format": {"type": "json_schema", "schema": schema}})
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::tests::request;

    #[test]
    fn writes_the_exact_body() {
        let call = encode(&request(), "https://api.example/v1/");
        assert_eq!(call.url, "https://api.example/v1/messages");
        assert_eq!(call.auth, Some(("x-api-key", "")));
        assert!(call.headers.contains(&("anthropic-version".to_owned(), "2023-06-01".to_owned())));
        let expected = concat!(
            r#"{"model":"m-1","max_tokens":200,"system":"You write texts.","#,
            r#""messages":[{"role":"user","content":"Rewrite a1: \"so glad\""}],"temperature":1.0,"#,
            r#""output_config":{"format":{"type":"json_schema","schema":{"type":"object"}}}}"#
        );
        assert_eq!(String::from_utf8(call.body).expect("UTF-8"), expected);
    }

    #[test]
    fn leaves_out_what_is_not_asked_for() {
        let mut bare = request();
        (bare.schema, bare.sampling.temperature) = (None, None);
        bare.prompt.system.clear();
        let body: Value = serde_json::from_slice(&encode(&bare, "http://x").body).expect("a body is JSON");
        let names: Vec<&String> = body.as_object().expect("an object").keys().collect();
        assert_eq!(names, ["model", "max_tokens", "messages"]);
    }
}

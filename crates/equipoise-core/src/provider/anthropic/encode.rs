//! A request as the exact bytes of a messages call.

use crate::provider::reasoning::Effort;
use crate::provider::way::{Part, Way};
use crate::provider::{HttpCall, Request, joined};
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::borrow::Cow;

/// The version of the protocol that the decoder knows.
const VERSION: &str = "2023-06-01";

/// The call. The protocol has no seed: requests that differ in their ordinal alone differ in a line of the prompt.
pub(super) fn encode(request: &Request, way: &Way) -> HttpCall {
    let manner = |part| super::manner(part, request, way);
    let has_system = manner(Part::System).is_some();
    let effort = manner(Part::Reasoning).and_then(Effort::of);
    let (thinking, dial) = effort.map_or((None, None), |effort| reasoning(&request.model, effort));
    let format = manner(Part::Schema).and(request.schema.as_ref()).map(format);
    let body = Body {
        model: &request.model,
        max_tokens: way.limit(&super::Messages, request),
        system: Some(request.prompt.system.as_str()).filter(|_| has_system),
        messages: [Message { role: "user", content: joined(request, has_system) }],
        // With a budget for thoughts the protocol takes no temperature but its own.
        temperature: manner(Part::Temperature)
            .and(request.sampling.temperature)
            .filter(|_| !thinking.as_ref().is_some_and(|t| t["type"] == "enabled")),
        thinking,
        output_config: output_config(format, dial),
    };
    HttpCall {
        url: format!("{}/messages", way.base_url),
        headers: headers(),
        auth: auth(),
        body: serde_json::to_vec(&body).expect("strings and numbers always serialise"),
    }
}

/// `thinking` and `output_config.effort` for an effort. Models up to 4.5 think within a budget, later ones at an effort.
///
/// Source: <https://platform.claude.com/docs/en/build-with-claude/adaptive-thinking>.
fn reasoning(model: &str, effort: Effort) -> (Option<Value>, Option<&'static str>) {
    match effort {
        Effort::None => (Some(json!({"type": "disabled"})), None),
        _ if super::version(model).is_some_and(|v| v < (4, 6)) => {
            (Some(json!({"type": "enabled", "budget_tokens": effort.allowance().max(1_024)})), None)
        }
        Effort::Minimal | Effort::Low => (Some(json!({"type": "adaptive"})), Some("low")),
        Effort::Medium => (Some(json!({"type": "adaptive"})), Some("medium")),
        Effort::High => (Some(json!({"type": "adaptive"})), Some("high")),
    }
}

/// How the key travels.
pub(in crate::provider) fn auth() -> Option<(String, String)> {
    Some(("x-api-key".to_owned(), String::new()))
}

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
    thinking: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    output_config: Option<Value>,
}

#[derive(Serialize)]
struct Message<'a> {
    role: &'static str,
    content: Cow<'a, str>,
}

/// The schema as output format rather than as a forced tool: an answer that the token limit cuts then is cut text, whose whole items
/// can be saved, and not the input of a tool that was thrown away. Models too old for it answer 400 and are asked without.
fn format(schema: &Value) -> Value {
    json!({"type": "json_schema", "schema": schema})
}

fn output_config(format: Option<Value>, effort: Option<&str>) -> Option<Value> {
    let fields = [("format", format), ("effort", effort.map(Value::from))];
    let fields: Map<String, Value> =
        fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect();
    (!fields.is_empty()).then_some(Value::Object(fields))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::tests::request;

    #[test]
    fn writes_the_exact_body() {
        let call = encode(&request(), &Way::new("https://api.example/v1/"));
        assert_eq!(call.url, "https://api.example/v1/messages");
        assert_eq!(call.auth, Some(("x-api-key".to_owned(), String::new())));
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
        let body: Value = serde_json::from_slice(&encode(&bare, &Way::new("http://x")).body).expect("a body is JSON");
        let names: Vec<&String> = body.as_object().expect("an object").keys().collect();
        assert_eq!(names, ["model", "max_tokens", "messages"]);
    }

    #[test]
    fn models_that_think_unless_told_not_to_are_told_so() {
        let body = |model: &str, effort| {
            let asked = Request { model: model.to_owned(), ..request() };
            let call = encode(&asked, &Way { effort, ..Way::new("http://x") });
            serde_json::from_slice::<Value>(&call.body).expect("a body is JSON")
        };
        assert_eq!(body("claude-opus-5", None)["thinking"], json!({"type": "disabled"}));
        assert_eq!(body("claude-sonnet-4-5-20250929", None).get("thinking"), None);
        assert_eq!(body("claude-opus-5-5", Some(Effort::Low))["output_config"]["effort"], "low");
        let budget = body("claude-sonnet-4-5", Some(Effort::Low));
        assert_eq!((&budget["thinking"]["type"], budget.get("temperature")), (&json!("enabled"), None));
    }
}

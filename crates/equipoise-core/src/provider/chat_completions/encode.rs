//! A request as the exact bytes of a chat completion call.

use crate::provider::{HttpCall, Request};
use serde::Serialize;
use serde_json::{Value, json};

/// The call. Equal requests give equal bytes; requests that differ in their ordinal alone differ in `seed`.
pub(super) fn encode(request: &Request, base_url: &str, openai: bool) -> HttpCall {
    let reasons = openai && is_reasoning(&request.model);
    let system = Message { role: "system", content: &request.prompt.system };
    let user = Message { role: "user", content: &request.prompt.user };
    let limit = Some(request.sampling.max_tokens);
    let body = Body {
        model: &request.model,
        messages: if request.prompt.system.is_empty() { vec![user] } else { vec![system, user] },
        // OpenAI's reasoning models answer 400 to any other temperature than their own.
        temperature: request.sampling.temperature.filter(|_| !reasons),
        max_tokens: limit.filter(|_| !reasons),
        max_completion_tokens: limit.filter(|_| reasons),
        seed: request.mixed_seed(),
        response_format: request.schema.as_ref().map(response_format),
    };
    HttpCall {
        url: format!("{}/chat/completions", base_url.trim_end_matches('/')),
        headers: vec![("content-type".to_owned(), "application/json".to_owned())],
        auth: Some(("authorization", "Bearer ")),
        body: serde_json::to_vec(&body).expect("strings and numbers always serialise"),
    }
}

#[derive(Serialize)]
struct Body<'a> {
    model: &'a str,
    messages: Vec<Message<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_completion_tokens: Option<u32>,
    seed: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_format: Option<Value>,
}

#[derive(Serialize)]
struct Message<'a> {
    role: &'static str,
    content: &'a str,
}

/// Names of OpenAI's that reason before they answer: `o1`, `o3-mini`, `gpt-5` and on, but not `gpt-5-chat-latest`.
fn is_reasoning(model: &str) -> bool {
    let number = |prefix: &str| {
        let digits = model.strip_prefix(prefix)?.split(|c: char| !c.is_ascii_digit()).next()?;
        digits.parse::<u32>().ok()
    };
    number("o").is_some() || (number("gpt-").is_some_and(|n| n >= 5) && !model.contains("-chat"))
}

fn response_format(schema: &Value) -> Value {
    json!({"type": "json_schema", "json_schema": {"name": "texts", "strict": true, "schema": schema}})
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::tests::request;

    fn body(request: &Request, openai: bool) -> Value {
        serde_json::from_slice(&encode(request, "http://x/v1", openai).body).expect("a body is JSON")
    }

    #[test]
    fn writes_the_exact_body() {
        let call = encode(&request(), "https://api.example/v1/", false);
        assert_eq!(call.url, "https://api.example/v1/chat/completions");
        let expected = concat!(
            r#"{"model":"m-1","messages":[{"role":"system","content":"You write texts."},"#,
            r#"{"role":"user","content":"Rewrite a1: \"so glad\""}],"temperature":1.0,"max_tokens":200,"seed":469319781,"#,
            r#""response_format":{"type":"json_schema","json_schema":{"name":"texts","strict":true,"schema":{"type":"object"}}}}"#
        );
        assert_eq!(String::from_utf8(call.body).expect("UTF-8"), expected);
    }

    #[test]
    fn asks_that_differ_in_their_ordinal_differ_in_their_seed() {
        let (first, mut second) = (request(), request());
        second.job.ordinal += 1;
        assert_ne!(encode(&first, "http://x", false).body, encode(&second, "http://x", false).body);
        assert_eq!(encode(&first, "http://x", false).body, encode(&request(), "http://x", false).body);
    }

    #[test]
    fn leaves_out_what_is_not_asked_for() {
        let mut bare = request();
        (bare.schema, bare.sampling.temperature) = (None, None);
        bare.prompt.system.clear();
        let body = body(&bare, false);
        assert!(body.get("response_format").is_none() && body.get("temperature").is_none());
        assert_eq!(body["messages"].as_array().map(Vec::len), Some(1));
    }

    #[test]
    fn openai_reasoning_models_get_their_own_parameters() {
        for (model, reasons) in [
            ("o1", true),
            ("o3-mini", true),
            ("o4-mini-2025-04-16", true),
            ("gpt-5-nano", true),
            ("gpt-5.1", true),
            ("gpt-5-chat-latest", false),
            ("gpt-4.1-mini", false),
            ("gpt-4o", false),
            ("omni", false),
        ] {
            let asked = Request { model: model.to_owned(), ..request() };
            assert_eq!(body(&asked, true).get("max_completion_tokens").is_some(), reasons, "{model}");
            assert_eq!(body(&asked, true).get("temperature").is_none(), reasons, "{model}");
            assert!(body(&asked, false).get("max_tokens").is_some(), "{model}");
        }
    }
}

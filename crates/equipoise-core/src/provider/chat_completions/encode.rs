//! A request as the exact bytes of a chat completion call.

use super::{ChatCompletions, Dial};
use crate::provider::reasoning::Effort;
use crate::provider::way::{Manner, Part, Way};
use crate::provider::{HttpCall, Request, Wire as _, joined, schema};
use serde::Serialize;
use serde_json::{Map, Value, json};

/// The call. Equal requests give equal bytes.
pub(super) fn encode(wire: &ChatCompletions, request: &Request, way: &Way) -> HttpCall {
    let manner = |part| wire.manner(part, request, way);
    let limit = |field| (manner(Part::Limit) == Some(field)).then(|| way.limit(wire, request));
    let mut more = Map::new();
    if let Some(field) = wire.habits.seed.filter(|_| manner(Part::Seed).is_some()) {
        more.insert(field.to_owned(), json!(request.mixed_seed()));
    }
    if let Some(effort) = manner(Part::Reasoning).and_then(Effort::of) {
        reason(wire.habits.dial, effort, &mut more);
    }
    if manner(Part::Whole) == Some(Manner::Stream) {
        more.insert("stream".to_owned(), json!(true));
    }
    if manner(Part::Thinking) == Some(Manner::ThinkingOff) {
        more.insert("enable_thinking".to_owned(), json!(false));
    }
    let has_system = manner(Part::System).is_some();
    let user = joined(request, has_system);
    let mut messages = vec![Message { role: "user", content: &user }];
    if has_system {
        messages.insert(0, Message { role: "system", content: &request.prompt.system });
    }
    let body = Body {
        model: &request.model,
        messages,
        temperature: manner(Part::Temperature).and(request.sampling.temperature),
        max_tokens: limit(Manner::MaxTokens),
        max_completion_tokens: limit(Manner::MaxCompletionTokens),
        response_format: manner(Part::Schema).and_then(|manner| response_format(wire, request, manner)),
        more,
    };
    HttpCall {
        url: format!("{}/chat/completions", way.base_url),
        headers: vec![("content-type".to_owned(), "application/json".to_owned())],
        auth: Some((wire.habits.auth.0.to_owned(), wire.habits.auth.1.to_owned())),
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
    #[serde(skip_serializing_if = "Option::is_none")]
    response_format: Option<Value>,
    #[serde(flatten)]
    more: Map<String, Value>,
}

#[derive(Serialize)]
struct Message<'a> {
    role: &'static str,
    content: &'a str,
}

/// Adds the fields that ask for `effort`.
fn reason(dial: Dial, effort: Effort, more: &mut Map<String, Value>) {
    let is_off = effort == Effort::None;
    match dial {
        Dial::Effort => drop(more.insert("reasoning_effort".to_owned(), json!(effort.name()))),
        Dial::Object => drop(more.insert("reasoning".to_owned(), json!({"effort": effort.name()}))),
        Dial::Thinking => {
            more.insert("thinking".to_owned(), json!({"type": if is_off { "disabled" } else { "enabled" }}));
            if !is_off {
                more.insert("reasoning_effort".to_owned(), json!(effort.name()));
            }
        }
        Dial::Template => {
            more.insert("chat_template_kwargs".to_owned(), json!({"enable_thinking": !is_off}));
            if !is_off {
                more.insert("reasoning_effort".to_owned(), json!(effort.name()));
            }
        }
    }
}

fn response_format(wire: &ChatCompletions, request: &Request, manner: Manner) -> Option<Value> {
    let given = request.schema.as_ref()?;
    let strict = || if wire.habits.exact { schema::exact(request) } else { Some(given.clone()) };
    Some(match manner {
        Manner::StrictSchema => {
            json!({"type": "json_schema", "json_schema": {"name": "texts", "strict": true, "schema": strict()?}})
        }
        Manner::PlainSchema => {
            json!({"type": "json_schema", "json_schema": {"name": "texts", "schema": schema::plain(given)}})
        }
        _ => json!({"type": "json_object"}),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::chat_completions::Habits;
    use crate::provider::tests::request;

    fn body(habits: &'static Habits, request: &Request, way: &Way) -> Value {
        let call = ChatCompletions { habits }.encode(request, way);
        serde_json::from_slice(&call.body).expect("a body is JSON")
    }

    fn plain() -> Way {
        Way::new("http://x/v1")
    }

    #[test]
    fn writes_the_exact_body() {
        let call = ChatCompletions { habits: &Habits::AZURE }.encode(&request(), &Way::new("https://api.example/v1/"));
        assert_eq!(call.url, "https://api.example/v1/chat/completions");
        let expected = concat!(
            r#"{"model":"m-1","messages":[{"role":"system","content":"You write texts."},"#,
            r#"{"role":"user","content":"Rewrite a1: \"so glad\""}],"temperature":1.0,"max_completion_tokens":200,"#,
            r#""response_format":{"type":"json_schema","json_schema":{"name":"texts","strict":true,"schema":{"type":"object"}}},"seed":469319781}"#
        );
        assert_eq!(String::from_utf8(call.body).expect("UTF-8"), expected);
    }

    #[test]
    fn asks_that_differ_in_their_ordinal_differ_in_their_seed() {
        let (first, mut second) = (request(), request());
        second.job.ordinal += 1;
        let of = |request| body(&Habits::OPENAI, request, &plain());
        assert_ne!(of(&first), of(&second));
        assert_eq!(of(&first), of(&request()));
    }

    #[test]
    fn leaves_out_what_is_not_asked_for_or_not_known_to_be_taken() {
        let mut bare = request();
        (bare.schema, bare.sampling.temperature) = (None, None);
        bare.prompt.system.clear();
        let body = body(&Habits::UNKNOWN, &bare, &plain());
        let names: Vec<&String> = body.as_object().expect("an object").keys().collect();
        assert_eq!(names, ["model", "messages", "max_tokens"]);
        assert_eq!(body["messages"].as_array().map(Vec::len), Some(1));
    }

    #[test]
    fn what_is_refused_is_sent_in_another_manner_or_not_at_all() {
        let mut way = plain();
        way.refused.extend([Manner::MaxTokens, Manner::SystemRole, Manner::StrictSchema, Manner::Temperature]);
        let body = body(&Habits::UNKNOWN, &request(), &way);
        assert!(body.get("temperature").is_none() && body.get("max_tokens").is_none());
        assert_eq!(body["max_completion_tokens"], 200);
        assert_eq!(body["messages"][0]["role"], "user");
        assert!(body["messages"][0]["content"].as_str().is_some_and(|c| c.starts_with("You write texts.\n\n")));
        assert!(body["response_format"]["json_schema"].get("strict").is_none());
    }

    #[test]
    fn every_endpoint_is_asked_to_reason_in_its_own_words() {
        let with = |habits, effort| {
            let asked = Request { model: "gpt-5-nano".to_owned(), ..request() };
            body(habits, &asked, &Way { effort, ..plain() })
        };
        assert_eq!(with(&Habits::OPENAI, None)["reasoning_effort"], "minimal");
        assert_eq!(with(&Habits::OPENAI, None)["max_completion_tokens"], 200 + 1_024, "room for thoughts");
        assert_eq!(with(&Habits::UNKNOWN, None).get("reasoning_effort"), None);
        assert_eq!(with(&Habits::UNKNOWN, Some(Effort::Low))["reasoning_effort"], "low");
        assert_eq!(with(&Habits::OPENROUTER, None)["reasoning"]["effort"], "none");
        assert_eq!(with(&Habits::DEEPSEEK, None)["thinking"]["type"], "disabled");
        assert_eq!(with(&Habits::LOCAL, None)["chat_template_kwargs"]["enable_thinking"], false);
        assert_eq!(with(&Habits::LOCAL, Some(Effort::High))["reasoning_effort"], "high");
        let mut refusing = Way { effort: None, ..plain() };
        refusing.refused.insert(Manner::ReasoningMinimal);
        let asked = Request { model: "gpt-5-nano".to_owned(), ..request() };
        assert_eq!(body(&Habits::OPENAI, &asked, &refusing)["reasoning_effort"], "low");
    }
}

//! A chat completion as OpenAI's clients ask for one and read it. What it cannot pass on is refused by name, never dropped.

use super::{Answered, Refusal};
use equipoise_core::data::LabelId;
use equipoise_core::generator::Job;
use equipoise_core::provider::{Finish, Prompt, Request, Sampling};
use serde_json::{Map, Value, json};

/// The limit of an answer whose request names none, in tokens.
pub const MAX_TOKENS: u32 = 1024;

/// What a client asks.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Chat {
    /// The model that it names; empty where it names none.
    pub model: String,
    /// Instructions; may be empty.
    pub system: String,
    /// The message.
    pub user: String,
    /// Temperature; `None` leaves the provider's default.
    pub temperature: Option<f64>,
    /// The most tokens that the answer may have; `None` takes [`MAX_TOKENS`].
    pub max_tokens: Option<u32>,
    /// Tells requests apart that are equal else, so that each is asked.
    pub seed: Option<u64>,
    /// The JSON schema that the answer must fit.
    pub schema: Option<Value>,
}

/// Why a request of a client cannot be asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ChatError {
    /// HTTP status.
    pub status: u16,
    /// What is wrong, in a word for programs.
    pub code: &'static str,
    /// The field.
    pub param: Option<String>,
    /// What is wrong, for people.
    pub message: String,
}

/// Fields that change nothing of the answer.
const OF_NO_MATTER: [&str; 8] = [
    "user",
    "metadata",
    "store",
    "service_tier",
    "safety_identifier",
    "prompt_cache_key",
    "stream_options",
    "parallel_tool_calls",
];

/// Fields that are taken with the value that they have when they are omitted.
fn plain(field: &str) -> Option<Value> {
    Some(match field {
        "n" => json!(1),
        "top_p" => json!(1),
        "frequency_penalty" | "presence_penalty" => json!(0),
        "stream" | "logprobs" => json!(false),
        "stop" | "tools" => json!([]),
        _ => return None,
    })
}

impl Chat {
    /// The body of `POST /v1/chat/completions`.
    ///
    /// # Errors
    /// [`ChatError`] for a body that is none, and for a field that cannot be passed on.
    pub fn read(body: &[u8]) -> Result<Self, ChatError> {
        let fields: Map<String, Value> =
            serde_json::from_slice(body).map_err(|e| invalid(None, format!("the body is no JSON object: {e}")))?;
        let mut chat = Chat::default();
        if !fields.contains_key("messages") {
            return Err(invalid(Some("messages"), "`messages` is missing".to_owned()));
        }
        for (field, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
            chat.take(field, value)?;
        }
        Ok(chat)
    }

    /// The request to `model` that it makes; `seed` stands in where it names none.
    pub fn request(&self, model: &str, seed: u64) -> Request {
        Request {
            job: Job { label: LabelId(0), sources: Vec::new(), wanted: 1, ordinal: 0, attributes: Vec::new() },
            prompt: Prompt { system: self.system.clone(), user: self.user.clone(), version: String::new() },
            model: model.to_owned(),
            sampling: Sampling {
                temperature: self.temperature,
                max_tokens: self.max_tokens.unwrap_or(MAX_TOKENS),
                seed: self.seed.unwrap_or(seed),
            },
            schema: self.schema.clone(),
        }
    }

    fn take(&mut self, field: &str, value: &Value) -> Result<(), ChatError> {
        let takes = |what: &str| invalid(Some(field), format!("`{field}` takes {what}"));
        match field {
            "model" => self.model = value.as_str().ok_or_else(|| takes("the name of a model"))?.to_owned(),
            "messages" => (self.system, self.user) = messages(value)?,
            "temperature" => {
                let given = value.as_f64().filter(|t| (0.0..=2.0).contains(t));
                self.temperature = Some(given.ok_or_else(|| takes("a number from 0 to 2"))?);
            }
            "max_tokens" | "max_completion_tokens" => {
                let given = value.as_u64().and_then(|n| u32::try_from(n).ok()).filter(|n| *n > 0);
                self.max_tokens = Some(given.ok_or_else(|| takes("a number of tokens from 1"))?);
            }
            "seed" => self.seed = Some(value.as_i64().ok_or_else(|| takes("a whole number"))? as u64),
            "response_format" => self.schema = schema(value)?,
            _ if OF_NO_MATTER.contains(&field) || plain(field).is_some_and(|plain| is_equal(&plain, value)) => {}
            "stream" => return Err(unsupported(field, "answers come whole: omit `stream`")),
            _ => return Err(unsupported(field, &format!("the broker does not pass `{field}` on: omit it"))),
        }
        Ok(())
    }
}

/// Instructions and message.
fn messages(value: &Value) -> Result<(String, String), ChatError> {
    let fault = |what: &str| invalid(Some("messages"), format!("`messages` {what}"));
    let messages = value.as_array().ok_or_else(|| fault("takes a list of messages"))?;
    let (mut system, mut user) = (Vec::new(), None);
    for message in messages {
        let text = content(&message["content"]).ok_or_else(|| fault("takes messages of text alone"))?;
        match message["role"].as_str() {
            _ if user.is_some() => {
                return Err(fault("takes instructions and one message of the user behind them, and no longer talk"));
            }
            Some("system" | "developer") => system.push(text),
            Some("user") => user = Some(text),
            _ => return Err(fault("takes the roles system, developer and user")),
        }
    }
    let user = user.filter(|text| !text.is_empty()).ok_or_else(|| fault("has no message of the user"))?;
    Ok((system.join("\n\n"), user))
}

/// A text, also in parts.
fn content(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Array(parts) => {
            parts.iter().map(|part| part["text"].as_str().filter(|_| part["type"] == "text")).collect()
        }
        _ => None,
    }
}

/// The schema of a `response_format`.
fn schema(format: &Value) -> Result<Option<Value>, ChatError> {
    match format["type"].as_str() {
        Some("text") => Ok(None),
        Some("json_schema") if format["json_schema"]["schema"].is_object() => {
            Ok(Some(format["json_schema"]["schema"].clone()))
        }
        Some("json_object") => {
            Err(unsupported("response_format", "give a `json_schema` in the place of a `json_object`"))
        }
        _ => Err(invalid(Some("response_format"), "`response_format` takes text or a json_schema".to_owned())),
    }
}

/// Whether two values are the same; 1 and 1.0 are, and nothing is an empty list.
fn is_equal(one: &Value, other: &Value) -> bool {
    one == other || one.as_f64().is_some_and(|one| other.as_f64() == Some(one))
}

fn invalid(param: Option<&str>, message: String) -> ChatError {
    ChatError { status: 400, code: "invalid_value", param: param.map(str::to_owned), message }
}

fn unsupported(param: &str, message: &str) -> ChatError {
    ChatError { status: 400, code: "unsupported_parameter", param: Some(param.to_owned()), message: message.to_owned() }
}

impl Refusal {
    /// A client names a model that this broker does not ask.
    pub fn other_model(named: &str, served: &str) -> Self {
        let message = format!("this broker asks `{served}`, and not `{named}`");
        let (code, param) = ("model_not_found", Some("model".to_owned()));
        ChatError { status: 404, code, param, message }.into()
    }
}

impl Answered {
    /// The body of a chat completion; `created` is in seconds since 1970.
    pub fn to_json(&self, model: &str, created: u64) -> Value {
        let answer = &self.answer;
        let finish = match answer.finish {
            Finish::Stop | Finish::Refused => Some("stop"),
            Finish::Length => Some("length"),
            Finish::Filtered => Some("content_filter"),
            // Nobody knows whether it is whole.
            Finish::Unknown => None,
        };
        let is_refused = answer.finish == Finish::Refused;
        let (content, refusal) = (Some(&answer.text), None);
        let (content, refusal) = if is_refused { (refusal, content) } else { (content, refusal) };
        let id: String = self.key.0.chars().take(24).collect();
        let mut body = json!({
            "id": format!("chatcmpl-{id}"),
            "object": "chat.completion",
            "created": created,
            "model": answer.model.as_deref().unwrap_or(model),
            "choices": [{
                "index": 0,
                "message": { "role": "assistant", "content": content, "refusal": refusal },
                "logprobs": null,
                "finish_reason": finish,
            }],
        });
        if let Some(usage) = answer.usage {
            body["usage"] = json!({
                "prompt_tokens": usage.input_tokens,
                "completion_tokens": usage.output_tokens,
                "total_tokens": usage.input_tokens + usage.output_tokens,
            });
        }
        body
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: Value) -> Result<Chat, ChatError> {
        Chat::read(body.to_string().as_bytes())
    }

    #[test]
    fn reads_what_official_clients_send() {
        let chat = read(json!({
            "model": "m-1",
            "messages": [
                {"role": "developer", "content": "Answer in one word."},
                {"role": "user", "content": [{"type": "text", "text": "Is it "}, {"type": "text", "text": "late?"}]},
            ],
            "temperature": 0, "max_completion_tokens": 9, "seed": -3, "n": 1, "stream": false, "top_p": 1.0, "stop": null,
            "user": "a", "response_format": {"type": "json_schema", "json_schema": {"name": "x", "schema": {"type": "object"}}},
        }));
        let chat = chat.expect("a request");
        assert_eq!((chat.system.as_str(), chat.user.as_str()), ("Answer in one word.", "Is it late?"));
        assert_eq!((chat.temperature, chat.max_tokens), (Some(0.0), Some(9)));
        let request = chat.request("m-1", 7);
        assert_eq!((request.sampling.seed, request.schema), (-3_i64 as u64, Some(json!({"type": "object"}))));
        let plain = read(json!({"messages": [{"role": "user", "content": "hello"}]})).expect("a request");
        assert_eq!((plain.request("m", 7).sampling.max_tokens, plain.request("m", 7).sampling.seed), (MAX_TOKENS, 7));
    }

    #[test]
    fn refuses_by_name_what_it_cannot_pass_on() {
        let user = json!([{"role": "user", "content": "hello"}]);
        for (body, param, says) in [
            (json!({"messages": user, "stream": true}), Some("stream"), "come whole"),
            (json!({"messages": user, "n": 2}), Some("n"), "does not pass `n` on"),
            (json!({"messages": user, "top_p": 0.5}), Some("top_p"), "`top_p`"),
            (json!({"messages": user, "tools": [{"type": "function"}]}), Some("tools"), "`tools`"),
            (json!({"messages": user, "max_tokens": 0}), Some("max_tokens"), "from 1"),
            (json!({"messages": user, "temperature": "hot"}), Some("temperature"), "a number"),
            (
                json!({"messages": user, "response_format": {"type": "json_object"}}),
                Some("response_format"),
                "json_schema",
            ),
            (json!({"messages": []}), Some("messages"), "no message of the user"),
            (json!({"model": "m"}), Some("messages"), "missing"),
            (
                json!({"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {}}]}]}),
                Some("messages"),
                "text alone",
            ),
            (
                json!({"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}),
                Some("messages"),
                "no longer talk",
            ),
            (json!([1]), None, "no JSON object"),
        ] {
            let fault = read(body.clone()).expect_err("a fault");
            assert_eq!(fault.param.as_deref(), param, "{body}");
            assert!(fault.message.contains(says) && fault.status == 400, "{body}: {fault}");
        }
    }

    #[test]
    fn writes_what_official_clients_read() {
        let answer = equipoise_core::provider::Answer {
            text: "yes".to_owned(),
            finish: Finish::Length,
            usage: Some(equipoise_core::provider::Usage { input_tokens: 3, output_tokens: 2, reasoning_tokens: 0 }),
            model: Some("m-1-0401".to_owned()),
        };
        let key = equipoise_core::generator::RequestKey("ab".repeat(32));
        let mut answered = Answered { key, answer, is_known: false };
        let body = answered.to_json("m-1", 12);
        assert_eq!((body["object"].as_str(), body["model"].as_str()), (Some("chat.completion"), Some("m-1-0401")));
        assert_eq!(body["choices"][0]["message"]["content"], "yes");
        assert_eq!(body["choices"][0]["finish_reason"], "length");
        assert_eq!(body["usage"]["total_tokens"], 5);
        answered.answer.finish = Finish::Refused;
        let message = answered.to_json("m-1", 12)["choices"][0]["message"].clone();
        assert_eq!((message["content"].is_null(), message["refusal"].as_str()), (true, Some("yes")));
    }
}

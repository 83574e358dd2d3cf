//! The three languages: what a request says, and how an answer is put.

use crate::answer::quoted;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::borrow::Cow;

/// A provider's language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wire {
    /// OpenAI chat completions.
    Chat,
    /// Anthropic messages.
    Messages,
    /// Gemini generateContent.
    Generate,
}

/// What a request says, as far as an answer needs it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Heard {
    pub(crate) model: String,
    /// The last message.
    pub(crate) user: String,
    /// The tool that must be called to answer.
    pub(crate) tool: Option<String>,
}

/// An answer before it is put into words of a wire.
#[derive(Debug, Clone)]
pub(crate) struct Said {
    pub(crate) id: u64,
    pub(crate) text: String,
    pub(crate) model: String,
    pub(crate) tool: Option<String>,
    pub(crate) tokens: Option<(u64, u64)>,
    pub(crate) finish: Finish,
}

/// How the model ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Finish {
    Done,
    Odd,
    Missing,
    Refused,
}

#[derive(Deserialize)]
struct Body<'a> {
    #[serde(borrow, default)]
    model: Cow<'a, str>,
    #[serde(borrow, default)]
    messages: Vec<Message<'a>>,
    #[serde(borrow, default)]
    contents: Vec<Content<'a>>,
    #[serde(default)]
    tool_choice: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Message<'a> {
    #[serde(borrow)]
    content: &'a RawValue,
}

#[derive(Deserialize)]
struct Content<'a> {
    #[serde(borrow)]
    parts: Vec<Part<'a>>,
}

#[derive(Deserialize)]
struct Part<'a> {
    #[serde(borrow, default)]
    text: Cow<'a, str>,
}

#[derive(Deserialize)]
struct ToolChoice {
    name: String,
}

impl Wire {
    /// What `body` says; `None` where it is not of this wire.
    pub(crate) fn hear(self, path: &str, body: &[u8]) -> Option<Heard> {
        let body: Body<'_> = serde_json::from_slice(body).ok()?;
        let tool = body.tool_choice.and_then(|t| serde_json::from_str::<ToolChoice>(t.get()).ok()).map(|t| t.name);
        let (model, user) = match self {
            Wire::Chat | Wire::Messages => (body.model.into_owned(), plain(body.messages.last()?.content.get())?),
            Wire::Generate => {
                let model = path.rsplit('/').next()?.split(':').next()?;
                (model.to_owned(), body.contents.last()?.parts.iter().map(|p| &*p.text).collect())
            }
        };
        Some(Heard { model, user, tool })
    }

    /// The body of an answer.
    pub(crate) fn say(self, said: &Said) -> String {
        let Said { id, text, model, tool, tokens, finish } = said;
        let (text, model) = (quoted(text), quoted(model));
        let usage = |input: &str, output: &str, total: &str, name: &str| match tokens {
            Some((i, o)) if total.is_empty() => format!(",\"{name}\":{{\"{input}\":{i},\"{output}\":{o}}}"),
            Some((i, o)) => format!(",\"{name}\":{{\"{input}\":{i},\"{output}\":{o},\"{total}\":{}}}", i + o),
            None => String::new(),
        };
        let reason = |done: &str, refused: &str| match finish {
            Finish::Done => quoted(done),
            Finish::Odd => "\"banana\"".to_owned(),
            Finish::Missing => "null".to_owned(),
            Finish::Refused => quoted(refused),
        };
        match self {
            Wire::Chat => {
                let (content, refusal) = if *finish == Finish::Refused { ("null", &*text) } else { (&*text, "null") };
                format!(
                    "{{\"id\":\"chatcmpl-{id:016x}\",\"object\":\"chat.completion\",\"created\":1,\"model\":{model},\"choices\":[{{\"index\":0,\"message\":{{\"role\":\"assistant\",\"content\":{content},\"refusal\":{refusal}}},\"finish_reason\":{}}}]{}}}",
                    reason("stop", "stop"),
                    usage("prompt_tokens", "completion_tokens", "total_tokens", "usage")
                )
            }
            Wire::Messages => {
                let content = match tool {
                    // The text of an answer that a tool must be called for is the JSON of its input.
                    Some(tool) => format!(
                        "{{\"type\":\"tool_use\",\"id\":\"toolu_{id:016x}\",\"name\":{},\"input\":{}}}",
                        quoted(tool),
                        if said.text.starts_with('{') { &*said.text } else { "{}" }
                    ),
                    None => format!("{{\"type\":\"text\",\"text\":{text}}}"),
                };
                format!(
                    "{{\"id\":\"msg_{id:016x}\",\"type\":\"message\",\"role\":\"assistant\",\"model\":{model},\"content\":[{content}],\"stop_reason\":{},\"stop_sequence\":null{}}}",
                    reason(if tool.is_some() { "tool_use" } else { "end_turn" }, "refusal"),
                    usage("input_tokens", "output_tokens", "", "usage")
                )
            }
            Wire::Generate => {
                let content = if *finish == Finish::Refused {
                    String::new()
                } else {
                    format!("\"content\":{{\"parts\":[{{\"text\":{text}}}],\"role\":\"model\"}},")
                };
                format!(
                    "{{\"candidates\":[{{{content}\"finishReason\":{},\"index\":0}}]{},\"modelVersion\":{model},\"responseId\":\"{id:016x}\"}}",
                    reason("STOP", "SAFETY"),
                    usage("promptTokenCount", "candidatesTokenCount", "totalTokenCount", "usageMetadata")
                )
            }
        }
    }

    /// The body of an error.
    pub(crate) fn error(self, status: u16, code: &str, message: &str) -> String {
        let (code, message) = (quoted(code), quoted(message));
        match self {
            Wire::Chat => {
                format!("{{\"error\":{{\"message\":{message},\"type\":{code},\"param\":null,\"code\":{code}}}}}")
            }
            Wire::Messages => format!("{{\"type\":\"error\",\"error\":{{\"type\":{code},\"message\":{message}}}}}"),
            Wire::Generate => {
                format!("{{\"error\":{{\"code\":{status},\"message\":{message},\"status\":{code}}}}}")
            }
        }
    }
}

/// A message's content as one string; it is a string or a list of parts.
fn plain(content: &str) -> Option<String> {
    if content.starts_with('"') {
        return serde_json::from_str(content).ok();
    }
    let parts: Vec<Part<'_>> = serde_json::from_str(content).ok()?;
    Some(parts.iter().map(|p| &*p.text).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn hears_every_wire() {
        let heard = |tool: Option<&str>| {
            Some(Heard { model: "m".to_owned(), user: "a\n\"b\"".to_owned(), tool: tool.map(str::to_owned) })
        };
        let chat = json!({"model": "m", "messages": [{"role": "system", "content": "s"}, {"role": "user", "content": "a\n\"b\""}]});
        assert_eq!(Wire::Chat.hear("/v1/chat/completions", chat.to_string().as_bytes()), heard(None));
        let parts = json!([{"type": "text", "text": "a\n"}, {"type": "text", "text": "\"b\""}]);
        let messages = json!({"model": "m", "messages": [{"role": "user", "content": parts}], "tool_choice": {"type": "tool", "name": "t"}});
        assert_eq!(Wire::Messages.hear("/v1/messages", messages.to_string().as_bytes()), heard(Some("t")));
        let generate = json!({"contents": [{"role": "user", "parts": [{"text": "a\n\"b\""}]}]});
        assert_eq!(
            Wire::Generate.hear("/v1beta/models/m:generateContent", generate.to_string().as_bytes()),
            heard(None)
        );
        assert_eq!(Wire::Chat.hear("", b"{}"), None);
    }

    #[test]
    fn says_and_errs_in_json() {
        for wire in [Wire::Chat, Wire::Messages, Wire::Generate] {
            for finish in [Finish::Done, Finish::Odd, Finish::Missing, Finish::Refused] {
                for tokens in [None, Some((3, 4))] {
                    let said = Said { id: 7, text: "a\"\n".into(), model: "m".into(), tool: None, tokens, finish };
                    let body: Value = serde_json::from_str(&wire.say(&said)).expect("JSON");
                    assert_eq!(
                        body.to_string().contains("okenCount") || body.to_string().contains("_tokens"),
                        tokens.is_some()
                    );
                }
            }
            assert!(serde_json::from_str::<Value>(&wire.error(400, "c", "m\"")).is_ok());
        }
    }
}

//! Where the text of a message stands: in its content, or in what gateways turn a schema into.

use serde_json::Value;

/// The content of `message` as one string; `None` where nothing but blanks stands there. Some servers send a list of parts, or the JSON
/// itself in the place of its text.
pub(super) fn of(message: &Value) -> Option<String> {
    let text = match message.get("content").or_else(|| message.get("text"))? {
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts.iter().filter_map(part).collect(),
        object @ Value::Object(_) => part(object).map_or_else(|| object.to_string(), str::to_owned),
        _ => return None,
    };
    (!text.trim().is_empty()).then_some(text)
}

fn part(part: &Value) -> Option<&str> {
    part.as_str().or_else(|| part.get("text")?.as_str())
}

/// The arguments of the tool that a gateway made of the schema, or the JSON that it has read already.
pub(super) fn in_place_of_content(message: &Value) -> Option<String> {
    let tools = message.get("tool_calls").and_then(Value::as_array).into_iter().flatten();
    let of_tools: Vec<&Value> = tools.filter_map(|tool| tool.get("function")?.get("arguments")).collect();
    let of_function = message.get("function_call").and_then(|call| call.get("arguments"));
    let found = of_tools.into_iter().chain(of_function).chain(message.get("parsed"));
    let texts: Vec<String> = found.filter_map(as_text).collect();
    (!texts.is_empty()).then(|| texts.join("\n"))
}

fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()).filter(|t| !t.trim().is_empty()),
        Value::Object(_) | Value::Array(_) => Some(value.to_string()),
        _ => None,
    }
}

//! The schema of an answer as endpoints take it: exact for servers that hold a model to every word of it, bare for those that know few.

use super::Request;
use serde_json::{Map, Value, json};

/// The schema with the number of texts and the ids in it, for servers that compile it to a grammar in milliseconds. Without the number a
/// small model fills the list up to the token limit; measured with SmolLM2-135M, 30 texts took 18 answers without and 10 with it.
pub(super) fn exact(request: &Request) -> Option<Value> {
    let mut schema = request.schema.clone()?;
    let job = &request.job;
    if let Some(Value::Object(texts)) = schema.pointer_mut("/properties/texts") {
        texts.insert("minItems".to_owned(), json!(job.wanted));
        texts.insert("maxItems".to_owned(), json!(job.wanted));
        let ids: Vec<&str> = job.sources.iter().map(|s| s.key.as_str()).collect();
        if let Some(Value::Object(id)) = texts.get_mut("items").and_then(|items| items.pointer_mut("/properties/id")) {
            id.insert("enum".to_owned(), json!(ids));
        }
    }
    Some(schema)
}

/// The schema of types, properties, items and required names alone.
pub(super) fn plain(schema: &Value) -> Value {
    let Value::Object(words) = schema else { return schema.clone() };
    let mut bare = Map::new();
    for (word, value) in words {
        let value = match (word.as_str(), value) {
            ("type" | "required", _) => value.clone(),
            ("properties", Value::Object(properties)) => {
                Value::Object(properties.iter().map(|(name, of)| (name.clone(), plain(of))).collect())
            }
            ("items", of) => plain(of),
            _ => continue,
        };
        bare.insert(word.clone(), value);
    }
    Value::Object(bare)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::tests::request;

    #[test]
    fn exact_holds_number_and_ids_and_plain_holds_neither() {
        let element = json!({"type": "object", "properties": {"id": {"type": "string"}, "text": {"type": "string"}}, "required": ["id", "text"], "additionalProperties": false});
        let schema = json!({"type": "object", "properties": {"texts": {"type": "array", "items": element}}, "required": ["texts"], "additionalProperties": false});
        let mut asked = request();
        asked.schema = Some(schema.clone());
        let exact = exact(&asked).expect("a schema");
        assert_eq!(exact["properties"]["texts"]["minItems"], 1);
        assert_eq!(exact["properties"]["texts"]["items"]["properties"]["id"]["enum"], json!(["a1"]));
        assert_eq!(plain(&exact), plain(&schema));
        assert!(!plain(&exact).to_string().contains("additionalProperties"));
        assert!(plain(&exact).to_string().contains("required"));
    }
}

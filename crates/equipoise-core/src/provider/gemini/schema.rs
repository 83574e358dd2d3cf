//! A JSON schema in the dialect of `responseSchema`.

use serde_json::{Map, Value};

/// The schema as the endpoint takes it: types in capitals, and without the words that it answers 400 to.
pub(super) fn schema(schema: &Value) -> Value {
    let Value::Object(words) = schema else { return schema.clone() };
    let mut taken = Map::new();
    for (word, value) in words {
        let value = match (word.as_str(), value) {
            ("additionalProperties" | "$schema" | "$id" | "title" | "default" | "strict", _) => continue,
            ("type", Value::String(name)) => Value::String(name.to_ascii_uppercase()),
            ("properties", Value::Object(properties)) => {
                Value::Object(properties.iter().map(|(name, of)| (name.clone(), self::schema(of))).collect())
            }
            ("anyOf", Value::Array(all)) => Value::Array(all.iter().map(self::schema).collect()),
            ("items", of) => self::schema(of),
            _ => value.clone(),
        };
        taken.insert(word.clone(), value);
    }
    Value::Object(taken)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn leaves_out_what_the_endpoint_refuses_at_every_depth() {
        let given = json!({
            "type": "object", "additionalProperties": false, "required": ["texts"],
            "properties": {"texts": {"type": "array", "items": {
                "type": "object", "additionalProperties": false,
                "properties": {"id": {"type": "string"}, "title": {"type": "string"}}, "required": ["id"]
            }}}
        });
        let expected = json!({
            "type": "OBJECT", "required": ["texts"],
            "properties": {"texts": {"type": "ARRAY", "items": {
                "type": "OBJECT", "properties": {"id": {"type": "STRING"}, "title": {"type": "STRING"}}, "required": ["id"]
            }}}
        });
        assert_eq!(schema(&given), expected);
    }
}

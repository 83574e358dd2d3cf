//! A JSON file in a few lines: what is new or gone can be seen, and a change of figures is a change of few lines.

use serde_json::{Map, Value};

/// Items of a list that are shown, a line each.
const ITEMS: usize = 24;
/// Scalars of a list that are shown.
const SCALARS: usize = 3;
/// How deep the fields of an item are shown in its line.
const DEPTH: usize = 2;
/// Characters of a text that are shown.
const CHARACTERS: usize = 60;

/// The lines of an object, each indented by `indent`.
pub(super) fn digest(object: &Map<String, Value>, indent: &str) -> Vec<String> {
    object.iter().flat_map(|(key, value)| field(key, value, indent)).collect()
}

fn field(key: &str, value: &Value, indent: &str) -> Vec<String> {
    if let Some(short) = short(value) {
        return vec![format!("{indent}{key}: {short}")];
    }
    let deeper = format!("{indent}  ");
    match value {
        Value::Array(items) => {
            let shown = items.iter().take(ITEMS).map(|item| format!("{deeper}- {}", line(item, DEPTH)));
            let more = items.len().saturating_sub(ITEMS);
            let more = (more > 0).then(|| format!("{deeper}and {more} more"));
            std::iter::once(format!("{indent}{key}: {}", items.len())).chain(shown).chain(more).collect()
        }
        Value::Object(object) => std::iter::once(format!("{indent}{key}:")).chain(digest(object, &deeper)).collect(),
        _ => Vec::new(),
    }
}

/// An item of a list: its short fields, with those of its objects down to `depth`.
fn line(item: &Value, depth: usize) -> String {
    if let Some(short) = short(item) {
        return short;
    }
    let Value::Object(object) = item else { return format!("{} items", item.as_array().map_or(0, Vec::len)) };
    let fields = object.iter().filter_map(|(key, value)| match short(value) {
        Some(short) => Some(format!("{key} {short}")),
        None if depth > 1 && value.is_object() => Some(format!("{key} [{}]", line(value, depth - 1))),
        None => None,
    });
    fields.collect::<Vec<_>>().join(", ")
}

/// A value that takes part of a line: a scalar, an estimate, a list of scalars.
fn short(value: &Value) -> Option<String> {
    match value {
        Value::Null => Some("none".to_owned()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Number(number) => Some(number_text(number)),
        Value::String(text) => Some(cut(text)),
        Value::Array(items) if items.iter().all(|i| !i.is_object() && !i.is_array()) => {
            let shown = items.iter().take(SCALARS).filter_map(short).collect::<Vec<_>>().join(" ");
            Some(format!("{} ({shown}{})", items.len(), if items.len() > SCALARS { " …" } else { "" }))
        }
        Value::Object(object) => {
            let [value, low, high] = ["value", "low", "high"].map(|end| object.get(end).and_then(Value::as_f64));
            Some(format!("{:.4} ({:.4} to {:.4})", value?, low?, high?))
        }
        Value::Array(_) => None,
    }
}

fn number_text(number: &serde_json::Number) -> String {
    match number.as_f64() {
        Some(float) if number.is_f64() => format!("{float:.4}"),
        _ => number.to_string(),
    }
}

fn cut(text: &str) -> String {
    let mut head: String = text.chars().take(CHARACTERS).collect();
    if head.len() < text.len() {
        head.push('…');
    }
    head.replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(json: &str) -> String {
        let Ok(Value::Object(object)) = serde_json::from_str(json) else { panic!("an object: {json}") };
        digest(&object, "").join("\n")
    }

    #[test]
    fn gives_a_line_to_each_field_and_each_item() {
        let json = r#"{"n": 5, "share": 0.25, "ids": ["a", "b", "c", "d"], "none": null,
            "arms": [{"name": "none", "f1": {"value": 0.5, "low": 0.4, "high": 0.6, "n": 9}, "counts": [[1, 2]]}],
            "verdict": {"reason": "so", "rows": {"n": 1}}}"#;
        let expected = "n: 5\nshare: 0.2500\nids: 4 (a b c …)\nnone: none\narms: 1\n  - name none, f1 0.5000 (0.4000 to 0.6000)\n\
                        verdict:\n  reason: so\n  rows:\n    n: 1";
        assert_eq!(lines(json), expected);
    }

    #[test]
    fn counts_what_it_does_not_show() {
        let items = vec![r#"{"a": 1}"#; ITEMS + 2].join(",");
        assert!(lines(&format!(r#"{{"all": [{items}]}}"#)).ends_with("and 2 more"));
        let deep = r#"{"all": [{"a": {"b": {"c": {"d": 1}}, "e": 2}}]}"#;
        assert_eq!(lines(deep), "all: 1\n  - a [e 2]");
    }
}

//! How far a file of a run may stand from its record.

use serde_json::Value;

/// Under these keys of a JSON file stand learned figures; all else is equal to the last byte.
const LEARNED: [&str; 2] = ["arms", "contrasts"];
/// Learned figures go through exp and ln of the platform's own library, which differ in the last digits.
const TOLERANCE: f64 = 1e-6;

/// The first difference that matters, in words.
pub(super) fn difference(name: &str, recorded: &[u8], found: &[u8]) -> Option<String> {
    if recorded == found {
        return None;
    }
    if name.ends_with(".json") {
        let (recorded, found) = (serde_json::from_slice(recorded), serde_json::from_slice(found));
        return match (recorded, found) {
            (Ok(recorded), Ok(found)) => json_difference("", &recorded, &found, 0.0),
            (_, Err(e)) => Some(format!("is not JSON: {e}")),
            (Err(e), _) => Some(format!("the record is not JSON: {e}")),
        };
    }
    line_difference(&String::from_utf8_lossy(recorded), &String::from_utf8_lossy(found))
}

fn line_difference(recorded: &str, found: &str) -> Option<String> {
    let (mut old, mut new) = (recorded.split_inclusive('\n'), found.split_inclusive('\n'));
    for line in 1.. {
        match (old.next(), new.next()) {
            (None, None) => break,
            (a, b) if a == b => {}
            (a, b) => return Some(format!("line {line}: recorded {}, found {}", shown(a), shown(b))),
        }
    }
    Some("differs in bytes that are not UTF-8".to_owned())
}

fn shown(line: Option<&str>) -> String {
    line.map_or_else(|| "nothing".to_owned(), |text| format!("{:?}", text.chars().take(120).collect::<String>()))
}

fn json_difference(at: &str, recorded: &Value, found: &Value, tolerance: f64) -> Option<String> {
    match (recorded, found) {
        (Value::Object(old), Value::Object(new)) => {
            if !old.keys().eq(new.keys()) {
                let keys = |map: &serde_json::Map<String, Value>| map.keys().cloned().collect::<Vec<_>>().join(", ");
                return Some(format!("{at}: recorded the keys {}, found {}", keys(old), keys(new)));
            }
            old.iter().find_map(|(key, value)| {
                let tolerance = if LEARNED.contains(&key.as_str()) { TOLERANCE } else { tolerance };
                json_difference(&format!("{at}/{key}"), value, &new[key], tolerance)
            })
        }
        (Value::Array(old), Value::Array(new)) if old.len() == new.len() => {
            let pairs = old.iter().zip(new).enumerate();
            pairs.into_iter().find_map(|(i, (a, b))| json_difference(&format!("{at}/{i}"), a, b, tolerance))
        }
        (Value::Number(old), Value::Number(new)) if old.is_f64() && new.is_f64() => {
            let gap = (old.as_f64()? - new.as_f64()?).abs();
            (gap > tolerance).then(|| format!("{at}: recorded {old}, found {new}"))
        }
        _ => (recorded != found).then(|| format!("{at}: recorded {recorded}, found {found}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(recorded: &str, found: &str) -> Option<String> {
        difference("evaluation.json", recorded.as_bytes(), found.as_bytes())
    }

    #[test]
    fn lets_learned_figures_differ_in_the_last_digits_alone() {
        assert_eq!(json(r#"{"arms":[{"f1":0.5}]}"#, r#"{"arms":[{"f1":0.50000001}]}"#), None);
        let found = json(r#"{"arms":[{"f1":0.5}]}"#, r#"{"arms":[{"f1":0.51}]}"#);
        assert_eq!(found.as_deref(), Some("/arms/0/f1: recorded 0.5, found 0.51"));
    }

    #[test]
    fn holds_counts_and_all_other_figures_to_the_record() {
        assert!(json(r#"{"arms":[{"n":5}]}"#, r#"{"arms":[{"n":6}]}"#).is_some());
        assert!(json(r#"{"share":0.5}"#, r#"{"share":0.50000001}"#).is_some());
        assert!(json(r#"{"a":1,"b":2}"#, r#"{"b":2,"a":1}"#).is_some(), "the order of keys is part of the file");
        assert!(json(r#"{"a":null}"#, r#"{"a":0.0}"#).is_some());
    }

    #[test]
    fn names_the_line_at_which_texts_part() {
        let found = difference("card.md", b"a\nb\n", b"a\nc\n");
        assert_eq!(found.as_deref(), Some("line 2: recorded \"b\\n\", found \"c\\n\""));
        assert!(difference("card.md", b"a", b"a\n").is_some());
    }
}

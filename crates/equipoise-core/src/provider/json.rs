//! Reading JSON that strangers wrote: bad UTF-8, lone surrogates and numbers that are none are repaired, depth is bounded, nothing panics.

use serde_json::Value;

/// How deeply arrays and objects may be nested.
pub(super) const MAX_DEPTH: usize = 64;

/// Why bytes are not usable JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// Nothing but white space.
    Empty,
    /// A web page.
    Html,
    /// Nested deeper than [`MAX_DEPTH`].
    TooDeep,
    /// The text ends before the value does.
    Cut,
    /// Anything else.
    Malformed,
}

/// The value that `bytes` hold. Bad UTF-8 and lone surrogate escapes become U+FFFD, `NaN` and the infinities `null`; of repeated keys the
/// last counts.
pub(super) fn read(bytes: &[u8]) -> Result<Value, Unreadable> {
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        return Err(Unreadable::Empty);
    }
    if text.starts_with('<') {
        return Err(Unreadable::Html);
    }
    let repaired = repair(text)?;
    let text = repaired.as_deref().unwrap_or(text);
    serde_json::from_str(text).map_err(|e| if e.is_eof() { Unreadable::Cut } else { Unreadable::Malformed })
}

/// What Python and others write for numbers that JSON has not.
const NO_NUMBERS: [&str; 3] = ["-Infinity", "Infinity", "NaN"];

/// `text` with every lone surrogate escape and every number that is none replaced, or `None` where there is neither.
fn repair(text: &str) -> Result<Option<String>, Unreadable> {
    let bytes = text.as_bytes();
    let (mut depth, mut in_string, mut i) = (0_usize, false, 0);
    let mut faults: Vec<(usize, usize, &str)> = Vec::new();
    while i < bytes.len() {
        match (in_string, bytes[i]) {
            (_, b'"') => in_string = !in_string,
            (true, b'\\') => {
                match escape_at(bytes, i) {
                    Some(0xD800..=0xDBFF) if matches!(escape_at(bytes, i + 6), Some(0xDC00..=0xDFFF)) => i += 10,
                    Some(0xD800..=0xDFFF) => faults.push((i, 6, "\\ufffd")),
                    _ => {}
                }
                i += 1;
            }
            (false, b'{' | b'[') => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return Err(Unreadable::TooDeep);
                }
            }
            (false, b'}' | b']') => depth = depth.saturating_sub(1),
            (false, b'-' | b'I' | b'N') => {
                if let Some(word) = NO_NUMBERS.iter().find(|word| bytes[i..].starts_with(word.as_bytes())) {
                    faults.push((i, word.len(), "null"));
                    i += word.len() - 1;
                }
            }
            _ => {}
        }
        i += 1;
    }
    if faults.is_empty() {
        return Ok(None);
    }
    let mut repaired = String::with_capacity(text.len());
    let mut from = 0;
    for (at, len, instead) in faults {
        repaired.push_str(&text[from..at]);
        repaired.push_str(instead);
        from = at + len;
    }
    repaired.push_str(&text[from..]);
    Ok(Some(repaired))
}

/// The code unit of a JSON escape (`\u` and four hex digits) that begins at `at`.
fn escape_at(bytes: &[u8], at: usize) -> Option<u32> {
    let escape = bytes.get(at..at + 6)?;
    let digits = escape.strip_prefix(b"\\u")?;
    if !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn repairs_lone_surrogates_and_keeps_pairs() {
        assert_eq!(
            read(br#"["\ud83d\ude00 \ud800 \udc00x \\ud800"]"#),
            Ok(json!(["\u{1f600} \u{fffd} \u{fffd}x \\ud800"]))
        );
        assert_eq!(read(br#"["\ud800\ud83d\ude00"]"#), Ok(json!(["\u{fffd}\u{1f600}"])));
    }

    #[test]
    fn numbers_that_are_none_become_null_outside_of_strings() {
        let body = br#"{"a": NaN, "b": [-Infinity, Infinity], "c": "NaN -Infinity \\" , "d": -1}"#;
        assert_eq!(read(body), Ok(json!({"a": null, "b": [null, null], "c": "NaN -Infinity \\", "d": -1})));
    }

    #[test]
    fn repairs_bad_utf8() {
        assert_eq!(read(b"[\"a\xff\xfeb\"]"), Ok(json!(["a\u{fffd}\u{fffd}b"])));
    }

    #[test]
    fn bounds_depth_but_not_brackets_in_strings() {
        let deep = format!("{}{}", "[".repeat(65), "]".repeat(65));
        assert_eq!(read(deep.as_bytes()), Err(Unreadable::TooDeep));
        let shallow = format!("{}{}", "[".repeat(64), "]".repeat(64));
        assert!(read(shallow.as_bytes()).is_ok());
        assert!(read(format!("[\"{}\"]", "[".repeat(10_000)).as_bytes()).is_ok());
    }

    #[test]
    fn tells_cut_from_malformed_from_a_web_page() {
        assert_eq!(read(b"{\"a\": \"b"), Err(Unreadable::Cut));
        assert_eq!(read(b"{\"a\": b}"), Err(Unreadable::Malformed));
        assert_eq!(read(b" <!doctype html><p>"), Err(Unreadable::Html));
        assert_eq!(read(b" \n"), Err(Unreadable::Empty));
    }

    proptest! {
        #[test]
        fn reads_what_serde_writes(text in any::<String>()) {
            let value = json!({ "k": [text] });
            prop_assert_eq!(read(value.to_string().as_bytes()), Ok(value));
        }

        #[test]
        fn survives_noise(bytes in proptest::collection::vec(any::<u8>(), 0..200), text in "[\\\\\"u\\[{d8c0}\\]]{0,40}") {
            let _ = read(&bytes);
            let _ = read(text.as_bytes());
        }
    }
}

//! Rust text with everything blanked out that a rule about code must not trip over. Lines and columns stay where they are.

use std::ops::Range;

/// Blanks comments and the contents of strings and characters, and every byte that is not ASCII.
pub(crate) fn code_only(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = vec![b' '; bytes.len()];
    let mut at = 0;
    while at < bytes.len() {
        let end = blank_end(bytes, at);
        if end == at {
            if bytes[at].is_ascii() {
                out[at] = bytes[at];
            }
            at += 1;
        } else {
            at = end;
        }
    }
    for (blank, byte) in out.iter_mut().zip(bytes) {
        if *byte == b'\n' {
            *blank = b'\n';
        }
    }
    String::from_utf8(out).expect("every byte is ASCII")
}

/// Blanks each item that stands under `#[cfg(test)]` or `#[cfg(all(test, …))]`. Takes what [`code_only`] gives.
pub(crate) fn without_tests(code: &str) -> String {
    let mut out = code.as_bytes().to_vec();
    for range in test_items(code) {
        out[range].iter_mut().filter(|byte| **byte != b'\n').for_each(|byte| *byte = b' ');
    }
    String::from_utf8(out).expect("every byte is ASCII")
}

/// Where items stand under `#[cfg(test)]` or `#[cfg(all(test, …))]`. Takes what [`code_only`] gives.
pub(crate) fn test_items(code: &str) -> Vec<Range<usize>> {
    let mut items = Vec::new();
    let mut from = 0;
    while let Some(start) = next_test_attribute(code, from) {
        let end = item_end(code.as_bytes(), start);
        items.push(start..end);
        from = end;
    }
    items
}

/// Every string in quotes and where it starts, as it is written; raw strings are left out.
pub(crate) fn strings(text: &str) -> Vec<(usize, &str)> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let end = blank_end(bytes, at);
        if bytes[at] == b'"' && end > at + 1 && bytes[end - 1] == b'"' {
            found.push((at, &text[at + 1..end - 1]));
        }
        at = end.max(at + 1);
    }
    found
}

/// The line, from 1, on which the byte at `at` stands.
pub(crate) fn line_of(text: &str, at: usize) -> usize {
    text.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count() + 1
}

/// Where `token` stands in `code` as whole words, that is, not inside a longer identifier.
pub(crate) fn find_token(code: &str, token: &str) -> Vec<usize> {
    let bytes = code.as_bytes();
    let is_word = |byte: Option<&u8>| byte.is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_');
    let starts_a_word = token.starts_with(|c: char| c.is_ascii_alphanumeric());
    let ends_a_word = token.ends_with(|c: char| c.is_ascii_alphanumeric());
    let found = code.match_indices(token).map(|(at, _)| at);
    found
        .filter(|at| !(starts_a_word && *at > 0 && is_word(bytes.get(at - 1))))
        .filter(|at| !(ends_a_word && is_word(bytes.get(at + token.len()))))
        .collect()
}

/// The end of the comment, string or character that starts at `at`; `at` where none does.
fn blank_end(bytes: &[u8], at: usize) -> usize {
    match bytes[at] {
        b'/' if bytes[at..].starts_with(b"//") => line_end(bytes, at),
        b'/' if bytes[at..].starts_with(b"/*") => comment_end(bytes, at),
        b'"' => string_end(bytes, at),
        b'\'' => char_end(bytes, at),
        b'r' if !continues_a_word(bytes, at) => raw_string_end(bytes, at),
        _ => at,
    }
}

fn continues_a_word(bytes: &[u8], at: usize) -> bool {
    // `b` may precede a raw string; any other letter makes `r` the end of a word.
    let before = |n: usize| at.checked_sub(n).map(|i| bytes[i]).is_some_and(|b| b.is_ascii_alphanumeric() || b == b'_');
    before(1) && (bytes[at - 1] != b'b' || before(2))
}

fn line_end(bytes: &[u8], at: usize) -> usize {
    bytes[at..].iter().position(|b| *b == b'\n').map_or(bytes.len(), |n| at + n)
}

fn comment_end(bytes: &[u8], at: usize) -> usize {
    let mut depth = 0;
    let mut i = at;
    while i + 1 < bytes.len() {
        match &bytes[i..i + 2] {
            b"/*" => depth += 1,
            b"*/" => depth -= 1,
            _ => {
                i += 1;
                continue;
            }
        }
        i += 2;
        if depth == 0 {
            return i;
        }
    }
    bytes.len()
}

fn string_end(bytes: &[u8], at: usize) -> usize {
    let mut i = at + 1;
    while i < bytes.len() {
        match bytes[i] {
            b'\\' => i += 2,
            b'"' => return i + 1,
            _ => i += 1,
        }
    }
    bytes.len()
}

/// A lifetime (`'a`) has no closing quote after its first character; a character has.
fn char_end(bytes: &[u8], at: usize) -> usize {
    let Some(next) = bytes.get(at + 1) else { return at };
    if *next == b'\\' {
        let close = bytes.iter().skip(at + 3).position(|b| *b == b'\'');
        return close.map_or(bytes.len(), |n| at + 3 + n + 1);
    }
    let width = match next {
        0xf0.. => 4,
        0xe0.. => 3,
        0xc0.. => 2,
        _ => 1,
    };
    if bytes.get(at + 1 + width) == Some(&b'\'') { at + width + 2 } else { at }
}

fn raw_string_end(bytes: &[u8], at: usize) -> usize {
    let hashes = bytes[at + 1..].iter().take_while(|b| **b == b'#').count();
    if bytes.get(at + 1 + hashes) != Some(&b'"') {
        return at;
    }
    let close: Vec<u8> = std::iter::once(b'"').chain(std::iter::repeat_n(b'#', hashes)).collect();
    let body = at + 2 + hashes;
    bytes[body..].windows(close.len()).position(|w| w == close).map_or(bytes.len(), |n| body + n + close.len())
}

fn next_test_attribute(code: &str, from: usize) -> Option<usize> {
    let forms = ["#[cfg(test)]", "#[cfg(all(test"];
    forms.iter().filter_map(|form| code[from..].find(form).map(|at| from + at)).min()
}

/// The end of the item that starts at `start`: its first `;` outside brackets or the close of its first brace.
fn item_end(bytes: &[u8], start: usize) -> usize {
    let mut depth = 0_usize;
    for (at, byte) in bytes.iter().enumerate().skip(start) {
        match byte {
            b'{' | b'(' | b'[' => depth += 1,
            b'}' | b')' | b']' => {
                depth = depth.saturating_sub(1);
                if depth == 0 && *byte == b'}' {
                    return at + 1;
                }
            }
            b';' if depth == 0 => return at + 1,
            _ => {}
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_comments_strings_and_characters_and_keeps_lines() {
        let text =
            "let a = \"x // y\"; // std::fs\nlet b = '\"'; /* /* deep */ still */ let c: &'a str = r#\"std::\"fs\"#;\n";
        let code = code_only(text);
        assert_eq!(code.len(), text.len());
        assert_eq!(code.lines().count(), 2);
        for gone in ["std", "deep", "still", "x"] {
            assert!(!code.contains(gone), "{gone} stands in {code}");
        }
        for kept in ["let a", "let b", "let c: &'a str ="] {
            assert!(code.contains(kept), "{kept} is missing in {code}");
        }
    }

    #[test]
    fn keeps_code_after_escapes_byte_strings_and_characters_of_many_bytes() {
        for text in [r#"f("\"", '\'', '\\') + kept"#, r##"f(br#"a"b"#) + kept"##, "f('…', 'é', '🙂') + kept"] {
            assert!(code_only(text).ends_with("+ kept"), "{text}");
        }
        assert_eq!(code_only("for r in rows"), "for r in rows");
    }

    #[test]
    fn never_panics_on_text_that_is_cut_anywhere() {
        let text = "/* a */ r#\"b\"# '\\n' \"c\\\"\" 'é' #[cfg(test)] mod t { fn x() {} }";
        for end in (0..text.len()).filter(|end| text.is_char_boundary(*end)) {
            assert_eq!(without_tests(&code_only(&text[..end])).len(), end);
        }
    }

    #[test]
    fn blanks_test_items_and_nothing_else() {
        let code = "fn a() {}\n#[cfg(test)]\nmod tests {\n fn b() { if x { } }\n}\nfn c() {}\n#[cfg(test)]\nmod d;\nfn e() {}\n";
        let rest = without_tests(code);
        assert!(rest.contains("fn a") && rest.contains("fn c") && rest.contains("fn e"));
        assert!(!rest.contains("fn b") && !rest.contains("mod d"));
        assert_eq!(rest.lines().count(), code.lines().count());
    }

    #[test]
    fn finds_strings_outside_of_comments_and_where_they_start() {
        assert_eq!(strings("f(\"a\\\"b\") // \"c\"\n+ '\"' + \"\" + \"d"), [(2, "a\\\"b"), (25, "")]);
    }

    #[test]
    fn finds_a_token_only_as_a_whole_word() {
        assert_eq!(find_token("sealed_rows(a) unsealed_rows sealed_rows_x", "sealed_rows"), [0]);
        assert_eq!(find_token("a.println!()", "println!").len(), 1);
        assert!(find_token("eprintln!()", "println!").is_empty());
    }
}

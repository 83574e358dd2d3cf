//! What is done to every text: nothing that a reader would see as another text.

use super::token;

/// Pairs of quotation marks that models put around a text.
const QUOTES: &[(char, char)] = &[
    ('"', '"'),
    ('\'', '\''),
    ('“', '”'),
    ('‘', '’'),
    ('«', '»'),
    ('„', '“'),
    ('`', '`'),
    ('「', '」'),
    ('»', '«'),
    ('‹', '›'),
    ('›', '‹'),
    ('”', '”'),
    ('„', '”'),
    ('＂', '＂'),
    ('『', '』'),
    ('❝', '❞'),
];

/// What Unicode counts as the end of a line.
const LINE_BREAKS: [char; 7] = ['\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}'];

/// Trims, takes off tokens of chat templates and quotation marks that wrap the whole text, and folds line breaks where `one_line` is
/// set.
pub(super) fn clean(text: &str, one_line: bool) -> String {
    let text = token::strip(text);
    let mut text = text.trim();
    while let Some(inner) = unquoted(text) {
        text = inner;
    }
    match one_line && text.contains(LINE_BREAKS) {
        true => text.split(LINE_BREAKS).map(str::trim).filter(|l| !l.is_empty()).collect::<Vec<_>>().join(" "),
        false => text.to_owned(),
    }
}

/// The inside of a text that one pair of quotation marks wraps; `None` where the marks belong to parts of it (`"yes" and "no"`).
pub(crate) fn unquoted(text: &str) -> Option<&str> {
    let text = text.trim();
    let first = text.chars().next()?;
    if let Some(inner) = text.strip_prefix("``").and_then(|rest| rest.strip_suffix("''")) {
        return Some(inner.trim());
    }
    let mut pairs = QUOTES.iter().filter(|(open, _)| *open == first);
    let is_around = |(open, close): &&(char, char)| text.strip_prefix(*open).is_some_and(|rest| rest.ends_with(*close));
    let (open, close) = pairs.find(is_around)?;
    let inner = text.strip_prefix(*open)?.strip_suffix(*close)?;
    // An apostrophe within the text is no quotation mark of its own.
    let apostrophe = |c: char| c == '\'' || c == '’';
    (apostrophe(*close) || !inner.contains([*open, *close])).then(|| inner.trim())
}

/// The head of a text, for a note.
pub(super) fn excerpt(text: &str) -> String {
    const CHARS: usize = 200;
    let text = text.trim();
    match text.char_indices().nth(CHARS) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_off_wrapping_quotes_and_leaves_others() {
        for (raw, clean_text) in [
            (" \"a b\" ", "a b"),
            ("“it's me”", "it's me"),
            ("'it's me'", "it's me"),
            ("»it's me«", "it's me"),
            ("„it's me”", "it's me"),
            ("``it's me''", "it's me"),
            ("❝it's me❞", "it's me"),
            ("\"yes\" and \"no\"", "\"yes\" and \"no\""),
            ("\"", "\""),
            ("\"\"", ""),
            ("'tis fine", "'tis fine"),
        ] {
            assert_eq!(clean(raw, true), clean_text, "{raw}");
        }
    }

    #[test]
    fn folds_lines_only_where_asked() {
        assert_eq!(clean("a\n\n  b\r\nc", true), "a b c");
        assert_eq!(clean("a\u{b}b", true), "a b");
        assert_eq!(clean("a\nb", false), "a\nb");
    }
}

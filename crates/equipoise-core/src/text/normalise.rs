//! Normal forms: under which two texts count as the same, and how untrusted text is shown.

use unicode_normalization::UnicodeNormalization;

/// Characters that Unicode tells a renderer to ignore: they may hide a copy or a message.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}'
        | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFF8}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

/// The form under which two texts count as the same: NFKC, lower case, invisible characters and punctuation removed, white space folded.
///
/// ```
/// use equipoise_core::text::comparison_key;
/// assert_eq!(comparison_key("It  WORKS,\u{200b} again!"), comparison_key("it works again"));
/// ```
pub fn comparison_key(text: &str) -> String {
    // ASCII is its own NFKC and has no invisible characters.
    let key = if text.is_ascii() {
        key_of(text.chars().map(|c| c.to_ascii_lowercase()), text.len())
    } else {
        key_of(text.nfkc().filter(|c| !is_invisible(*c)).flat_map(char::to_lowercase), text.len())
    };
    if key.is_empty() {
        // A text of symbols alone ("!!!", an emoji) is still a text of its own.
        return text.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    key
}

fn key_of(chars: impl Iterator<Item = char>, capacity: usize) -> String {
    let mut key = String::with_capacity(capacity);
    let mut gap = false;
    for c in chars {
        if c.is_alphanumeric() || is_mark(c) {
            if gap && !key.is_empty() {
                key.push(' ');
            }
            gap = false;
            key.push(c);
        } else if c != '\'' && c != '\u{2019}' {
            gap = true;
        }
    }
    key
}

fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

/// The text with control characters (C0, C1, DEL), bidirectional controls and tag characters spelled out, so that a terminal shows and never obeys it.
///
/// ```
/// use equipoise_core::text::escape_control;
/// assert_eq!(escape_control("red \u{1b}[31m"), "red \\u{1b}[31m");
/// ```
pub fn escape_control(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        let unsafe_to_show = c.is_control()
            || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{E0000}'..='\u{E007F}');
        if unsafe_to_show { shown.extend(c.escape_unicode()) } else { shown.push(c) }
    }
    shown
}

/// As [`escape_control`], with line breaks kept: for messages of several lines that may quote rows.
pub fn escape_lines(text: &str) -> String {
    text.lines().map(escape_control).collect::<Vec<_>>().join("\n")
}

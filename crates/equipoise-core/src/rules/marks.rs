//! Punctuation marks, and texts without them.

use regex::Regex;
use std::sync::LazyLock;

/// Whether a punctuation mark stands in the text: one that ends a sentence or a part of one, a quotation mark, bracket or dash. Hyphens
/// and apostrophes within words, `#` and `@` belong to the words.
pub(super) fn has_marks(text: &str) -> bool {
    text.chars().any(is_mark)
}

/// The text without its marks. One between two digits remains (`10:30`, `3.5`), and so do web addresses.
pub(super) fn without_marks(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let words: Vec<String> = line
            .split_whitespace()
            .map(|word| if word.contains("://") { word.to_owned() } else { bare(word) })
            .collect();
        plain.push_str(&words.iter().filter(|word| !word.is_empty()).map(String::as_str).collect::<Vec<_>>().join(" "));
        plain.push_str(if line.ends_with('\n') { "\n" } else { "" });
    }
    plain.trim().to_owned()
}

fn bare(word: &str) -> String {
    let chars: Vec<char> = word.chars().collect();
    let near = |at: Option<usize>| at.and_then(|at| chars.get(at)).copied();
    let mut bare = String::with_capacity(word.len());
    for (at, c) in chars.iter().copied().enumerate() {
        let (before, behind) = (near(at.checked_sub(1)), near(Some(at + 1)));
        let are = |of: fn(char) -> bool| before.is_some_and(of) && behind.is_some_and(of);
        match c {
            c if !is_mark(c) || are(|c| c.is_ascii_digit()) => bare.push(c),
            // "yes,no" are two words.
            _ if are(char::is_alphanumeric) => bare.push(' '),
            _ => {}
        }
    }
    bare
}

pub(super) fn is_mark(c: char) -> bool {
    static TERMINAL: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"^\p{Terminal_Punctuation}$").expect("a property that the crate's tables have"));
    match c {
        '.' | ',' | ';' | ':' | '!' | '?' | '"' | '(' | ')' | '[' | ']' | '{' | '}' => true,
        c if c.is_ascii() => false,
        '…' | '“' | '”' | '„' | '‟' | '«' | '»' | '‹' | '›' | '—' | '–' | '―' | '¿' | '¡' | '「' | '」' | '『'
        | '』' | '（' | '）' => true,
        c if c.is_alphanumeric() => false,
        c => TERMINAL.is_match(c.encode_utf8(&mut [0; 4])),
    }
}

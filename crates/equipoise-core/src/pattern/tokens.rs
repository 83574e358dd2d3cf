//! The words and marks of a text, as a reader sees them.

use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;
use unicode_segmentation::UnicodeSegmentation;

/// Where the words of `text` stand, in bytes and in order: a word with its apostrophe is one, in scripts without blanks a character is.
///
/// # Source
/// Unicode Standard Annex 29, word boundaries. Learners cut `can't` in two; a person reads one word.
pub fn word_ranges(text: &str) -> impl Iterator<Item = Range<usize>> {
    let is_word = |segment: &str| segment.chars().any(char::is_alphanumeric);
    text.split_word_bound_indices().filter(move |(_, s)| is_word(s)).map(|(at, s)| at..at + s.len())
}

/// A word as it is compared: lower case, one form of the apostrophe.
pub(super) fn plain(word: &str) -> String {
    let lower = word.to_lowercase();
    if lower.contains('\u{2019}') { lower.replace('\u{2019}', "'") } else { lower }
}

/// The words of a text as they are compared, in order.
pub(super) fn words(text: &str) -> Vec<String> {
    word_ranges(text).map(|at| plain(&text[at])).collect()
}

/// Marks that stand for themselves, and what they are called: quotation marks of either form count as one.
const MARKS: [(char, &str); 17] = [
    ('!', "!"),
    ('?', "?"),
    ('.', "."),
    (',', ","),
    (';', ";"),
    (':', ":"),
    ('"', "\""),
    ('“', "\""),
    ('”', "\""),
    ('„', "\""),
    ('(', "("),
    (')', ")"),
    ('–', "–"),
    ('—', "—"),
    ('…', "…"),
    ('’', "’"),
    ('*', "*"),
];

/// The marks of a text: punctuation as it is, others by name (`an emoji`).
pub(super) fn marks(text: &str) -> Vec<&'static str> {
    static NAMED: LazyLock<[(&str, Regex); 4]> = LazyLock::new(|| {
        let fixed = |pattern| Regex::new(pattern).expect("a fixed pattern");
        [
            ("an emoji", fixed(EMOJI)),
            ("a #tag", fixed(r"(?:^|[^\w&#])#\w")),
            ("an @name", fixed(r"(?:^|[^\w@])@\w")),
            ("a link", fixed(r"(?i)\bhttps?://\S|\bwww\.\S")),
        ]
    });
    let plain = MARKS.iter().filter(|(mark, _)| text.contains(*mark)).map(|(_, name)| *name);
    let named = NAMED.iter().filter(|(_, pattern)| pattern.is_match(text)).map(|(name, _)| *name);
    plain.chain(named).collect()
}

/// Pictures; © ® and ™ count as pictures for Unicode and as letters for people.
const EMOJI: &str = r"[[\p{Extended_Pictographic}&&[^\u{A9}\u{AE}\u{2122}]]\u{1F1E6}-\u{1F1FF}]";

/// What a text ends in: a mark, `an emoji`, or nothing.
pub(super) fn end(text: &str) -> &'static str {
    static EMOJI_AT_END: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(&format!(r"{EMOJI}[\u{{FE0F}}\u{{1F3FB}}-\u{{1F3FF}}\u{{200D}}]*$")).expect("a fixed pattern")
    });
    let text = text.trim_end();
    let last = text.chars().next_back();
    match MARKS.iter().find(|(mark, _)| Some(*mark) == last) {
        Some((_, name)) => name,
        None if EMOJI_AT_END.is_match(text) => "an emoji",
        None => "",
    }
}

/// Pairs of quotation marks that go around a text.
const QUOTES: [(char, char); 8] =
    [('"', '"'), ('\'', '\''), ('“', '”'), ('„', '“'), ('„', '”'), ('‘', '’'), ('«', '»'), ('»', '«')];

/// Whether quotation marks go around the whole text.
pub(super) fn is_quoted(text: &str) -> bool {
    let inner = text.trim();
    let mut chars = inner.chars();
    let (Some(first), Some(last)) = (chars.next(), chars.next_back()) else { return false };
    // An apostrophe inside is no quotation mark.
    let closes = |c: char| (c == first || c == last) && !matches!(c, '\'' | '’');
    QUOTES.contains(&(first, last)) && chars.clone().any(char::is_alphanumeric) && !chars.any(closes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_a_word_with_its_apostrophe_and_cuts_scripts_without_blanks() {
        assert_eq!(words("Can’t wait, it's GREAT: 3.5 stars"), ["can't", "wait", "it's", "great", "3.5", "stars"]);
        assert_eq!(words("我很高兴"), ["我", "很", "高", "兴"]);
        assert_eq!(words("Ærø er smuk"), ["ærø", "er", "smuk"]);
        assert!(words("!!! …").is_empty());
    }

    #[test]
    fn names_marks_that_are_not_one_character() {
        assert_eq!(marks("so good! 😀 #fun"), ["!", "an emoji", "a #tag"]);
        assert_eq!(marks("@you see https://example.org/a#b"), [".", ":", "an @name", "a link"]);
        assert_eq!(marks("mail a@b, © 2020"), [","]);
        assert!(marks("plain").is_empty());
    }

    #[test]
    fn finds_how_a_text_ends_and_what_goes_around_it() {
        assert_eq!([end("yes! "), end("yes 👍🏽"), end("yes"), end("")], ["!", "an emoji", "", ""]);
        assert!(is_quoted(" \"all of it\" ") && is_quoted("“it’s fine”") && is_quoted("'all of it'"));
        assert!(!is_quoted("\"a\" and \"b\"") && !is_quoted("\"") && !is_quoted("plain") && !is_quoted("\"!\""));
    }
}

//! Regular expressions for the text of any language that stay small.

/// The pattern with classes of a few ranges in place of `\w`, `\W`, `\d` and `\b`, so that hundreds of patterns fit into one automaton.
///
/// The classes of Unicode have hundreds of ranges each, and its word boundary cannot be matched by an automaton at all, which costs
/// ten times as much. Here a word is made of ASCII letters and digits, `'`, `_` and whatever is not ASCII; what is between words is the rest of
/// ASCII, and the blocks of marks and pictographs; a boundary is one between ASCII letters or digits and anything else.
pub fn compact(source: &str) -> String {
    const WORD: &str = r"[^\x00-\x26\x28-\x2F\x3A-\x40\x5B-\x5E\x60\x7B-\x7F]";
    const BETWEEN: &str = r"[\x00-\x2F\x3A-\x40\x5B-\x5E\x60\x7B-\xA0\u{A1}\u{AB}\u{BB}\u{BF}\u{2000}-\u{206F}\u{2600}-\u{27BF}\u{3000}-\u{303F}\u{FE0F}\u{1F000}-\u{1FAFF}]";
    source.replace(r"\b", r"(?-u:\b)").replace(r"\w", WORD).replace(r"\W", BETWEEN).replace(r"\d", "[0-9]")
}

#[cfg(test)]
mod tests {
    use super::compact;
    use regex::Regex;

    #[test]
    fn words_of_every_language_are_words() {
        let word = Regex::new(&format!("^(?:{})$", compact(r"\w+"))).unwrap();
        for text in ["don't", "été", "слово", "单词", "a_1", "naïve"] {
            assert!(word.is_match(text), "{text}");
        }
        let between = Regex::new(&format!("^(?:{})$", compact(r"\W+"))).unwrap();
        for text in [" , ", "“", "¿", "🙂 – ", "…"] {
            assert!(between.is_match(text), "{text}");
        }
        assert!(!word.is_match("a b") && !between.is_match("a"));
        assert!(Regex::new(&compact(r"(?i)\bword\b \d")).unwrap().is_match("a Word 7"));
    }
}

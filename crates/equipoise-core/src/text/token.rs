//! Words, and characters where a script sets no blanks between words.

use super::{runs_together, words};

/// The words of `text`, in order, case kept; of a script without blanks each character with the marks on it by itself.
///
/// ```
/// use equipoise_core::text::tokens;
/// assert_eq!(tokens("OK, it's 你好").collect::<Vec<_>>(), ["OK", "it", "s", "你", "好"]);
/// ```
pub fn tokens(text: &str) -> impl Iterator<Item = &str> {
    words(text).flat_map(|word| Pieces { rest: word })
}

/// The tokens of one word.
struct Pieces<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Pieces<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let mut chars = self.rest.char_indices();
        let (_, first) = chars.next()?;
        let ends = |(_, c): &(usize, char)| match runs_together(first) {
            true => !unicode_normalization::char::is_combining_mark(*c),
            false => runs_together(*c),
        };
        let end = chars.find(ends).map_or(self.rest.len(), |(at, _)| at);
        let (token, rest) = self.rest.split_at(end);
        self.rest = rest;
        Some(token)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_scripts_without_blanks_by_characters_and_leaves_words_whole() {
        for (text, wanted) in [
            ("Don't go", &["Don", "t", "go"][..]),
            ("买iPhone手机", &["买", "iPhone", "手", "机"]),
            ("ที่ดี", &["ที่", "ดี"]),
            ("안녕 하세요", &["안녕", "하세요"]),
            ("", &[]),
        ] {
            assert_eq!(tokens(text).collect::<Vec<_>>(), wanted, "{text}");
        }
    }

    #[test]
    fn tokens_together_are_the_words() {
        for text in ["ก็ได้ 東京でラーメン", "e\u{301}te\u{301}", "a_b 1️⃣"] {
            assert_eq!(tokens(text).collect::<String>(), words(text).collect::<String>());
        }
    }
}

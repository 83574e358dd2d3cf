//! Tokens of a text: mentions, hashtags, addresses, words and runs of symbols, as they stand in it.

use unicode_normalization::char::is_combining_mark;

/// One token of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token<'a> {
    /// The token as it is written.
    pub(super) surface: &'a str,
    /// Whether white space stands before it.
    pub(super) spaced: bool,
}

/// The tokens of `text` in order: `@name`, `#tag`, `http(s)://…`, words with inner apostrophes, and runs of anything else that is
/// not white space. A combining mark or joiner never begins a token, so that an emoji sequence stays whole.
pub(super) fn tokens(text: &str) -> impl Iterator<Item = Token<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = &text[at..];
        let trimmed = rest.trim_start();
        let spaced = trimmed.len() < rest.len();
        let surface = &trimmed[..length(trimmed)];
        at += rest.len() - trimmed.len() + surface.len();
        (!surface.is_empty()).then_some(Token { surface, spaced })
    })
}

/// Whether a token carries meaning of its own as a word or a hashtag does.
pub(super) fn is_wordlike(token: &str) -> bool {
    token.chars().next().is_some_and(|c| c == '#' || c.is_alphanumeric()) && token.chars().any(char::is_alphanumeric)
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || (!c.is_ascii() && c.is_alphanumeric())
}

fn joins(c: char) -> bool {
    !c.is_ascii() && (is_combining_mark(c) || matches!(c, '\u{200C}' | '\u{200D}'))
}

/// The length in bytes of the token at the start of `text`, which does not begin with white space; 0 at the end.
fn length(text: &str) -> usize {
    let mut chars = text.chars();
    let Some(first) = chars.next() else { return 0 };
    let after = chars.next().unwrap_or(' ');
    if is_word(first) {
        if first == 'h' && (text.starts_with("http://") || text.starts_with("https://")) {
            return text.find(char::is_whitespace).unwrap_or(text.len());
        }
        word_length(text)
    } else if (first == '@' || first == '#') && is_word(after) {
        1 + run(&text[1..], |c| is_word(c) || joins(c))
    } else {
        let mut joined = true;
        run(text, |c| {
            let keep = joins(c) || joined || !(is_word(c) || c.is_whitespace());
            joined = c == '\u{200D}' && !is_word(c);
            keep && !c.is_whitespace()
        })
    }
}

/// A word and what follows it over inner apostrophes: `don't`, `l’été`.
fn word_length(text: &str) -> usize {
    let mut end = run(text, |c| is_word(c) || joins(c));
    loop {
        let mut rest = text[end..].chars();
        match (rest.next(), rest.next()) {
            (Some(mark @ ('\'' | '\u{2019}')), Some(next)) if is_word(next) => {
                let from = end + mark.len_utf8();
                end = from + run(&text[from..], |c| is_word(c) || joins(c));
            }
            _ => return end,
        }
    }
}

fn run(text: &str, mut within: impl FnMut(char) -> bool) -> usize {
    text.char_indices().find(|(_, c)| !within(*c)).map_or(text.len(), |(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn split(text: &str) -> Vec<&str> {
        tokens(text).map(|t| t.surface).collect()
    }

    #[test]
    fn keeps_mentions_tags_addresses_contractions_and_emoji_whole() {
        assert_eq!(
            split("@you Don't miss #Rust, see https://a.b/c?d! l’été :-)) 👩‍👩‍👧❤️ 1️⃣"),
            ["@you", "Don't", "miss", "#Rust", ",", "see", "https://a.b/c?d!", "l’été", ":-))", "👩‍👩‍👧❤️", "1️⃣"]
        );
    }

    #[test]
    fn a_mark_after_a_letter_belongs_to_its_word() {
        assert_eq!(split("cafe\u{301}s हिन्दी भाषा"), ["cafe\u{301}s", "हिन्दी", "भाषा"]);
    }

    #[test]
    fn says_where_white_space_stood() {
        let spaced: Vec<bool> = tokens("so ,what  now").map(|t| t.spaced).collect();
        assert_eq!(spaced, [false, true, false, true]);
    }

    proptest! {
        #[test]
        fn tokens_and_white_space_are_the_whole_text(text in "\\PC{0,60}") {
            let joined: String = tokens(&text).map(|t| t.surface).collect();
            let bare: String = text.chars().filter(|c| !c.is_whitespace()).collect();
            prop_assert_eq!(joined, bare);
        }
    }
}

//! Writing systems: texts and characters without blanks between words, syllables, pictographs, punctuation, capital letters.

use super::words;
use regex::Regex;
use std::sync::LazyLock;

/// Letters of such scripts in one run beyond which it is a sentence, not a word: written with blanks, as text that was segmented is,
/// words of these scripts are shorter.
const LONGEST_WORD: usize = 4;

/// Whether a text runs words together without blanks, as Chinese, Japanese, Thai, Lao, Khmer and Burmese do: most of its letters
/// stand in such runs.
///
/// ```
/// use equipoise_core::text::is_unspaced;
/// assert!(is_unspaced("今天天气很好，我们去公园。"));
/// assert!(!is_unspaced("今天 天气 很 好") && !is_unspaced("fine weather today"));
/// ```
pub fn is_unspaced(text: &str) -> bool {
    // The scripts begin far beyond ASCII, and most texts end here.
    if text.is_ascii() {
        return false;
    }
    let (mut n_letters, mut n_unspaced) = (0, 0);
    for word in words(text) {
        let n = word.chars().filter(|c| runs_together(*c)).count();
        n_letters += word.chars().count();
        n_unspaced += if n > LONGEST_WORD { n } else { 0 };
    }
    2 * n_unspaced > n_letters
}

/// Whether the character stands for a syllable or a word: Han, kana, Hangul, Bopomofo, Yi.
pub fn is_syllabic(c: char) -> bool {
    matches!(u32::from(c), 0x1100..=0x11FF | 0x3005..=0x3007 | 0x3041..=0x318F | 0x31A0..=0x31FF | 0x3400..=0x4DBF
        | 0x4E00..=0x9FFF | 0xA000..=0xA4CF | 0xAC00..=0xD7A3 | 0xF900..=0xFAFF | 0x20000..=0x323AF)
}

/// Whether the character belongs to a script that sets no blanks between words: Han, kana, Thai, Lao, Khmer, Burmese, Tibetan, Yi.
pub fn runs_together(c: char) -> bool {
    let code = u32::from(c);
    let hangul = matches!(code, 0x1100..=0x11FF | 0x3131..=0x318E | 0xAC00..=0xD7A3);
    (is_syllabic(c) && !hangul)
        || matches!(code, 0x0E01..=0x0E3A | 0x0E40..=0x0E4E | 0x0E81..=0x0EBD | 0x0EC0..=0x0ECD | 0x0F40..=0x0FBC
            | 0x1000..=0x103F | 0x1050..=0x109F | 0x1780..=0x17D3 | 0xA9E0..=0xA9FE | 0xAA60..=0xAA7F)
}

/// Whether the character stands in the blocks of symbols, dingbats and pictographs of Unicode 16.
pub fn is_pictograph(c: char) -> bool {
    matches!(c, '\u{2600}'..='\u{27BF}' | '\u{2B00}'..='\u{2BFF}' | '\u{1F000}'..='\u{1FAFF}')
}

/// Whether a mark stands in the text that ends a sentence or a part of one, in any script (Unicode's Terminal_Punctuation).
pub fn has_punctuation(text: &str) -> bool {
    static MARK: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\p{Terminal_Punctuation}").expect("a property that the crate's tables have"));
    if text.is_ascii() { text.contains(['.', ',', ';', ':', '!', '?']) } else { MARK.is_match(text) }
}

/// Whether a letter stands in the text that is either small or capital.
pub fn has_case(text: &str) -> bool {
    text.contains(|c: char| c.is_lowercase() || c.is_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_without_blanks_are_told_from_words() {
        for text in [
            "下班后那个人收到旧雨伞",
            "今日はとても楽しかったです！",
            "ฉันมีความสุขมากที่ได้มา",
            "买了iPhone手机以后非常后悔",
        ] {
            assert!(is_unspaced(text), "{text}");
        }
        for text in [
            "",
            "天气",
            "행복합니다 정말로 감사합니다",
            "the word 天气很好啊 alone in English",
            "это хорошо",
            "日本 の 映画",
        ] {
            assert!(!is_unspaced(text), "{text}");
        }
    }

    #[test]
    fn punctuation_and_case_are_those_of_the_script() {
        for text in ["好。", "好！", "نعم؟", "हाँ।", "yes.", "да, да"] {
            assert!(has_punctuation(text), "{text}");
        }
        assert!(!has_punctuation("好") && !has_punctuation("yes") && !has_punctuation("naïve"));
        assert!(has_case("да") && has_case("a") && !has_case("好") && !has_case("نعم") && !has_case("12"));
    }
}

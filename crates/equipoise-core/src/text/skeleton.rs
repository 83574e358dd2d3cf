//! What a reader sees in a text: the form under which disguised copies are equal.

use super::normalise::is_invisible;
use super::{comparison_key, hash64};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unicode_security::confusable_detection::skeleton;

/// Letters and digits that a text needs so that its skeleton says anything: two short texts may look alike by chance.
const LEAST: usize = 8;

/// The hash under which a text and its disguised copies are equal: of its skeleton, or of its [`comparison_key`] where that is short.
///
/// A skeleton has no accents, blanks, punctuation or invisible characters, and letters of other scripts are the Latin ones that they
/// look like (UTS 39). Marks that are letters of their own script (Thai vowels, Indic signs, kana voicing) stay.
///
/// ```
/// use equipoise_core::text::look_hash;
/// assert_eq!(look_hash("Paу dаy, fïnally!"), look_hash("pay-day f i n a l l y"));
/// ```
pub fn look_hash(text: &str) -> u64 {
    let skeleton = seen(text);
    let long_enough = skeleton.chars().map(|c| if super::is_syllabic(c) { 2 } else { 1 }).sum::<usize>() >= LEAST;
    match long_enough {
        true => hash64(skeleton.as_bytes()),
        false => hash64(comparison_key(text).as_bytes()),
    }
}

/// Letters that a text needs so that writing them with digits and signs is told from chance.
const LEAST_LETTERS: usize = 12;

/// The hash under which a text is equal to itself written with digits and signs for letters (`n0th1ng`); `None` for fewer than twelve
/// letters.
///
/// ```
/// use equipoise_core::text::digits_as_letters_hash;
/// assert_eq!(digits_as_letters_hash("n0th!ng h@pp3n5 h3r3"), digits_as_letters_hash("Nothing happens here"));
/// ```
pub fn digits_as_letters_hash(text: &str) -> Option<u64> {
    let mut read = String::with_capacity(text.len());
    let mut all = text.chars().peekable();
    let mut before = ' ';
    while let Some(c) = all.next() {
        let is_before_one = all.peek().is_some_and(|next| next.is_alphanumeric());
        // A mark at the end of a word is a mark.
        read.extend(
            letter_of(c).filter(|_| is_before_one || !is_mark_too(c) || (c == '$' && before.is_alphanumeric())),
        );
        if letter_of(c).is_none() {
            read.push(c);
        }
        before = c;
    }
    let letters: String = seen(&read).chars().filter(|c| c.is_alphabetic()).collect();
    (letters.chars().count() >= LEAST_LETTERS).then(|| hash64(letters.as_bytes()))
}

/// Whether some word of the text mixes letters with digits or signs that may stand for letters.
pub fn has_digits_as_letters(text: &str) -> bool {
    let is_mixed = |word: &str| {
        let inside = word.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '$');
        inside.contains(char::is_alphabetic) && inside.contains(|c| letter_of(c).is_some())
    };
    text.split_whitespace().any(is_mixed)
}

/// The letter that a digit or sign stands for.
fn letter_of(c: char) -> Option<char> {
    Some(match c {
        '0' => 'o',
        '1' | '!' | '|' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        '6' | '9' => 'g',
        '8' => 'b',
        _ => return None,
    })
}

fn is_mark_too(c: char) -> bool {
    matches!(c, '!' | '|' | '$')
}

/// The letters and digits of the [`look_hash`].
pub(super) fn seen(text: &str) -> String {
    let mut seen = String::with_capacity(text.len());
    looks(text, |c| {
        if c.is_alphanumeric() || is_combining_mark(c) {
            seen.push(alike(c));
        }
    });
    seen
}

/// The words as a reader sees them: lower case without accents, letters of other scripts as the Latin ones that they look like, parted by
/// single blanks. What its pieces are compared by finds a copy with a changed word also where letters were disguised.
pub fn look_key(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    let mut gap = false;
    looks(text, |c| {
        if c.is_alphanumeric() || is_combining_mark(c) {
            if gap && !key.is_empty() {
                key.push(' ');
            }
            gap = false;
            key.push(alike(c));
        } else if !matches!(c, '\'' | '\u{2019}') && !is_invisible(c) {
            gap = true;
        }
    });
    match key.is_empty() {
        // A text of signs alone is still a text of its own.
        true => comparison_key(text),
        false => key,
    }
}

/// The characters in lower case, without accents, those of other scripts as the ones that they look like.
fn looks(text: &str, mut add: impl FnMut(char)) {
    if text.is_ascii() {
        text.chars().for_each(|c| add(c.to_ascii_lowercase()));
        return;
    }
    let mut one = [0; 4];
    for c in text.nfkd().filter(|c| !is_ornament(*c)) {
        match c {
            c if c.is_ascii() => add(c.to_ascii_lowercase()),
            // A prototype may be an ASCII letter with a mark on it.
            c => skeleton(c.encode_utf8(&mut one))
                .filter(|c| !is_ornament(*c))
                .flat_map(char::to_lowercase)
                .for_each(&mut add),
        }
    }
}

/// Marks that are set on a letter without making another one of it: accents of Latin, Greek and Cyrillic, points of Hebrew and Arabic.
fn is_ornament(c: char) -> bool {
    matches!(u32::from(c), 0x0300..=0x036F | 0x0483..=0x0489 | 0x0591..=0x05BD | 0x05BF | 0x05C1..=0x05C7 | 0x064B..=0x065F
        | 0x0670 | 0x1AB0..=0x1AFF | 0x1DC0..=0x1DFF | 0x20D0..=0x20FF | 0xFE00..=0xFE2F)
}

/// One for letters and digits that look alike in lower case, and for the small capitals that UTS 39 takes Cyrillic letters for.
fn alike(c: char) -> char {
    const SMALL_CAPITALS: &[(char, char)] = &[
        ('ᴀ', 'a'),
        ('ʙ', 'b'),
        ('ᴄ', 'c'),
        ('ᴅ', 'd'),
        ('ᴇ', 'e'),
        ('ꞓ', 'e'),
        ('ꜰ', 'f'),
        ('ɢ', 'g'),
        ('ʜ', 'h'),
        ('ɪ', 'i'),
        ('ı', 'i'),
        ('ᴊ', 'j'),
        ('ĸ', 'k'),
        ('ᴋ', 'k'),
        ('ʟ', 'i'),
        ('ᴍ', 'm'),
        ('ʍ', 'm'),
        ('ɴ', 'n'),
        ('ᴏ', 'o'),
        ('ᴘ', 'p'),
        ('ʀ', 'r'),
        ('ꜱ', 's'),
        ('ᴛ', 't'),
        ('ᴜ', 'u'),
        ('ᴠ', 'v'),
        ('ᴡ', 'w'),
        ('ʏ', 'y'),
        ('ᴢ', 'z'),
    ];
    match c {
        'l' | '1' => 'i',
        '0' => 'o',
        c if c.is_ascii() => c,
        c => SMALL_CAPITALS.iter().find(|(small, _)| *small == c).map_or(c, |(_, plain)| *plain),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn disguised_copies_are_equal() {
        let text = "I never thought that Anna would come back, honestly!";
        for copy in [
            "i never thought that anna would come back honestly",
            "I NEVER THOUGHT THAT ANNA WOULD COME BACK: HONESTLY",
            "I nеvеr thоught thаt Аnnа wоuld соmе bасk, hоnеstly!",
            "І nеvеr тhοughт тhατ Αnnα wοuld cοme bαcκ, hοnεsτly!",
            "Ì ñévér thôught thát Ánná wóuld cômé báck, hónèstly!",
            "𝓘 𝓷𝓮𝓿𝓮𝓻 𝓽𝓱𝓸𝓾𝓰𝓱𝓽 𝓽𝓱𝓪𝓽 𝓐𝓷𝓷𝓪 𝔀𝓸𝓾𝓵𝓭 𝓬𝓸𝓶𝓮 𝓫𝓪𝓬𝓴, 𝓱𝓸𝓷𝓮𝓼𝓽𝓵𝔂!",
            "Ｉ never thought that Ａｎｎａ would come back, honestly!",
            "I nev\u{200b}er tho\u{ad}ught that An\u{2060}na would come back, hon\u{feff}estly!",
            "I.never.thought.that.Anna.would.come.back.honestly",
            "I-never-thought-that-Anna-would-come-back🙂, honestly!🙂",
            "ɪ ɴᴇᴠᴇʀ ᴛʜᴏᴜɢʜᴛ ᴛʜᴀᴛ ᴀɴɴᴀ ᴡᴏᴜʟᴅ ᴄᴏᴍᴇ ʙᴀᴄᴋ, ʜᴏɴᴇꜱᴛʟʏ!",
        ] {
            assert_eq!(look_hash(copy), look_hash(text), "{copy}: {}", seen(copy));
        }
    }

    #[test]
    fn digits_and_signs_are_read_as_letters_and_marks_stay_marks() {
        let text = "I never thought that Anna would come back, honestly!";
        for copy in [
            "1 n3v3r th0u9h7 th4t 4nn4 w0u1d c0m3 b4ck, h0n3571y!",
            "1 nev3r though7 th@t @nna would come b@ck, hone$tly",
            "і nеvеr th0ught that anna w0uld come back honestly!!!",
        ] {
            assert!(has_digits_as_letters(copy), "{copy}");
            assert_eq!(digits_as_letters_hash(copy), digits_as_letters_hash(text), "{copy}");
        }
        assert!(!has_digits_as_letters(text) && !has_digits_as_letters("see you at 5, all of you!"));
        assert_eq!(digits_as_letters_hash("c0me b4ck"), None);
    }

    #[test]
    fn disguised_words_have_the_key_of_plain_ones() {
        assert_eq!(look_key("Thе wаrm\u{200b} röom, it\u{2019}s o\u{ad}urs!"), "the warm room its ours");
        assert_eq!(look_key("?!"), "?!");
    }

    #[test]
    fn texts_that_differ_stay_apart() {
        for (a, b) in [
            ("the room is warm", "the room is cold"),
            ("ไม่ดีเลยนะครับ", "มาดูเลยนะครับ"),
            ("はははははははは", "ばばばばばばばば"),
            ("lol", "l0l"),
            ("!!!", "???"),
            ("🙂", "🙁"),
        ] {
            assert_ne!(look_hash(a), look_hash(b), "{a} {b}");
        }
    }
}

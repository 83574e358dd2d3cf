//! What a reader sees in a text: the form under which disguised copies are equal.

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

fn seen(text: &str) -> String {
    let mut seen = String::with_capacity(text.len());
    let mut add = |c: char| {
        if c.is_alphanumeric() || is_combining_mark(c) {
            seen.push(alike(c));
        }
    };
    if text.is_ascii() {
        text.chars().for_each(|c| add(c.to_ascii_lowercase()));
        return seen;
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
    seen
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

//! Mojibake by repair: characters that are those of UTF-8 once they are written in an old encoding.

use encoding_rs::{Encoding, MACINTOSH, WINDOWS_1251, WINDOWS_1252};

/// The characters of the bytes from 0x80 of the code pages of DOS, which the standard of the web leaves out.
const CODE_PAGE_437: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";
const CODE_PAGE_850: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}";

/// How a character is written in an encoding of one byte a character.
enum Written {
    Web(&'static Encoding),
    Table(&'static str),
}

/// Windows-1252 of the web keeps the control characters of Latin-1, so that it stands for both.
static OLD: [Written; 5] = [
    Written::Web(WINDOWS_1252),
    Written::Web(MACINTOSH),
    Written::Web(WINDOWS_1251),
    Written::Table(CODE_PAGE_437),
    Written::Table(CODE_PAGE_850),
];

impl Written {
    fn byte(&self, c: char) -> Option<u8> {
        match self {
            Written::Web(encoding) => {
                let mut one = [0; 4];
                match encoding.encode(c.encode_utf8(&mut one)) {
                    (bytes, _, false) if bytes.len() == 1 => Some(bytes[0]),
                    _ => None,
                }
            }
            Written::Table(table) => table.chars().position(|other| other == c).map(|at| 0x80 + at as u8),
        }
    }
}

/// Characters that one character of UTF-8 becomes, at most.
const LONGEST: usize = 4;

/// The first characters that an old encoding writes as the bytes of a single character of UTF-8 which people use.
pub(super) fn broken(text: &str) -> Option<&str> {
    let characters: Vec<(usize, char)> = text.char_indices().collect();
    let is_wide = |at: usize| characters.get(at).is_some_and(|(_, c)| !c.is_ascii());
    let starts = (0..characters.len()).filter(|at| is_wide(*at) && is_wide(at + 1));
    starts.flat_map(|at| OLD.iter().map(move |old| (at, old))).find_map(|(at, old)| {
        let n = repaired(&characters[at..], old)?;
        let before = at.checked_sub(1).map(|before| characters[before].1);
        let end = characters.get(at + n).map_or(text.len(), |(end, _)| *end);
        (n > 2 || !is_shouted(before, characters[at + 1].1)).then(|| &text[characters[at].0..end])
    })
}

/// How many of the characters at the beginning are the bytes of one character.
fn repaired(characters: &[(usize, char)], old: &Written) -> Option<usize> {
    let bytes: Vec<u8> = characters.iter().take(LONGEST).map_while(|(_, c)| old.byte(*c)).collect();
    let n = match bytes.first()? {
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        _ => return None,
    };
    let c = std::str::from_utf8(bytes.get(..n)?).ok()?.chars().next()?;
    is_usual(c).then_some(n)
}

/// Whether it is a character that broken texts have held: letters of Europe and of the Near and Far East, usual marks, emoji.
/// Phonetic and rare letters are what `É` and a closing quotation mark would become.
fn is_usual(c: char) -> bool {
    matches!(u32::from(c), 0xA0..=0x17F | 0x218..=0x21B | 0x386..=0x3CE | 0x401..=0x45F | 0x5D0..=0x5EA | 0x621..=0x64A
        | 0x905..=0x939 | 0xE01..=0xE3A | 0x1EA0..=0x1EF9 | 0x2010..=0x203A | 0x20AC | 0x2122 | 0x2190..=0x21FF | 0x2600..=0x27BF
        | 0x3001..=0x30FF | 0x4E00..=0x9FFF | 0xAC00..=0xD7A3 | 0xFE0F | 0xFF01..=0xFF5E | 0x1F000..=0x1FAFF)
}

/// Whether the end of a word in capitals and a usual mark behind it are what looks broken: `HYVÄÄ…`, `OLÉ»`.
fn is_shouted(before: Option<char>, second: char) -> bool {
    before.is_some_and(char::is_uppercase) && !second.is_alphabetic()
}

#[cfg(test)]
mod tests {
    use super::broken;

    #[test]
    fn what_an_old_encoding_made_of_a_character_is_found() {
        for (text, part) in [
            ("a cup of tea in a cafÃ© nearby", "Ã©"),
            ("it ÔÇÖ s mine", "ÔÇÖ"),
            ("sm├©rrebr├©d again", "├©"),
            ("ma√±ana then", "√±"),
            ("это РєРѕС‚", "Рє"),
            ("he laughed ≡ƒÿé so hard", "≡ƒÿé"),
            ("only Â£5", "Â£"),
        ] {
            assert_eq!(broken(text), Some(part), "{text}");
        }
    }

    #[test]
    fn what_people_write_is_left_alone() {
        for text in [
            "HYVÄÄ… ja OLÉ» sekä CAFÉ\u{a0}!",
            "“Où es-tu ?” – «Ici…»",
            "это кот, ЁЛКА, Район",
            "είναι ωραίο",
            "今日は寒い😂✨ năm mới Ünüñ",
        ] {
            assert_eq!(broken(text), None, "{text}");
        }
    }
}

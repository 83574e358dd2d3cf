//! Encodings of western text that browsers neither read nor tell from windows-1252: Mac OS Roman, which spreadsheet programs of Macs write,
//! and code page 850 of DOS. Both keep their letters where windows-1252 has quotation marks and signs that hardly anybody types.

/// Name, and the bytes of the commonest small letters with an accent: `ä ö ü ß é è ê ë à â ç î ï ô û ù ñ á í ó ú å`. The name is one that
/// `iconv` takes, too.
const OLD: [(&str, &[u8]); 2] = [
    ("macintosh", b"\x8A\x9A\x9F\xA7\x8E\x8F\x90\x91\x88\x89\x8D\x94\x95\x99\x9E\x9D\x96\x87\x92\x97\x9C\x8C"),
    ("ibm850", b"\x84\x94\x81\xE1\x82\x8A\x88\x89\x85\x83\x87\x8C\x8B\x93\x96\x97\xA4\xA0\xA1\xA2\xA3\x86"),
];

/// Bytes between 0x80 and 0x9F that windows-1252 text has: `€ … ‘ ’ “ ” • – — ™ œ Œ`, and the low marks of German quotations.
const USUAL: &[u8] = b"\x80\x82\x84\x85\x91\x92\x93\x94\x95\x96\x97\x99\x9C\x8C";

/// Bytes that windows-1252 does not have at all.
const NONE: &[u8] = b"\x81\x8D\x8F\x90\x9D";

/// The old encoding that the text with these bytes probably has: it has no letters where windows-1252 has them, but several bytes there that
/// its text does not have.
pub(super) fn guess(seen: &[bool; 256]) -> Option<&'static str> {
    let count = |bytes: &[u8]| bytes.iter().filter(|byte| seen[usize::from(**byte)]).count();
    let letters: Vec<u8> = (0xC0..=0xFF).filter(|byte| !matches!(byte, 0xD7 | 0xF7)).collect();
    let odd: Vec<u8> = (0x80..=0x9F).filter(|byte| !USUAL.contains(byte)).collect();
    let (n_odd, n_letters) = (count(&odd) + count(NONE), count(&letters));
    if n_odd < 2 || n_odd <= n_letters {
        return None;
    }
    let (name, n) = OLD.iter().map(|(name, small)| (*name, count(small))).max_by_key(|(_, n)| *n)?;
    let n_tied = OLD.iter().filter(|(_, small)| count(small) == n).count();
    (n > n_letters && n_tied == 1).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(bytes: &[u8]) -> [bool; 256] {
        let mut seen = [false; 256];
        bytes.iter().for_each(|byte| seen[usize::from(*byte)] = true);
        seen
    }

    #[test]
    fn accented_letters_tell_the_old_encodings_and_usual_text_is_left_alone() {
        // "für die Küche, schön weiß, à côté".
        assert_eq!(guess(&seen(b"f\x9Fr die K\x9Fche, sch\x9An wei\xA7, \x88 c\x99t\x8E")), Some("macintosh"));
        assert_eq!(guess(&seen(b"f\x81r die K\x81che, sch\x94n wei\xE1, \x85 c\x93t\x82")), Some("ibm850"));
        // "“Il était une fois…” – für 5 €", "Žižka š ž" of Czech text with other letters.
        assert_eq!(guess(&seen(b"\x93Il \xE9tait une fois\x85\x94 \x96 f\xFCr 5 \x80")), None);
        assert_eq!(guess(&seen(b"\x8Ei\x9Eka \x9A\x9E \xE1\xE9\xED\xF8\xFD\xE8\xEC\xF9")), None);
        assert_eq!(guess(&seen(b"caf\x8E")), None, "one letter tells nothing");
    }
}

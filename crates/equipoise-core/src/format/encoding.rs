//! Character encodings, as a layer under the text formats, which read UTF-8 alone.

use super::{NotUtf8, Place, ReadError, old_encodings};
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Decoder, DecoderResult, ISO_2022_JP, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::io::{self, BufRead, Read, Write};

/// How the characters of a file are stored; UTF-8 by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Encoding {
    inner: &'static encoding_rs::Encoding,
    /// Whether a byte order mark stands before the first character.
    marked: bool,
}

impl Default for Encoding {
    fn default() -> Self {
        Encoding { inner: UTF_8, marked: false }
    }
}

impl Encoding {
    /// The encoding of that name (`latin1`, `windows-1252`, `utf-16le`, `shift_jis` …), by the labels of the WHATWG Encoding Standard.
    pub fn named(name: &str) -> Option<Self> {
        encoding_rs::Encoding::for_label(name.as_bytes()).map(|inner| Encoding { inner, marked: false })
    }

    /// The encoding that a byte order mark at the start of a file proves. UTF-8 is left to its reader, which knows the mark itself.
    pub fn of_mark(head: &[u8]) -> Option<Self> {
        match head {
            // UTF-32 begins like UTF-16.
            [0xFF, 0xFE, 0, 0, ..] => None,
            [0xFF, 0xFE, ..] => Some(Encoding { inner: UTF_16LE, marked: true }),
            [0xFE, 0xFF, ..] => Some(Encoding { inner: UTF_16BE, marked: true }),
            _ => None,
        }
    }

    /// UTF-16 without a byte order mark, by its zero bytes: text in western scripts has one in nearly every second place.
    pub fn of_zeros(head: &[u8]) -> Option<Self> {
        let pairs = head.len() / 2;
        let zeros = |at: usize| head.iter().skip(at).step_by(2).filter(|b| **b == 0).count();
        let (high_first, low_first) = (zeros(0), zeros(1));
        let of = |inner| Some(Encoding { inner, marked: false });
        match pairs {
            0 => None,
            _ if low_first * 2 > pairs && high_first * 8 < pairs => of(UTF_16LE),
            _ if high_first * 2 > pairs && low_first * 8 < pairs => of(UTF_16BE),
            _ => None,
        }
    }

    /// The name of the most probable encoding of `bytes`, which are not UTF-8; not all of them are read here.
    pub fn guess(bytes: &[u8]) -> String {
        let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
        detector.feed(bytes, true);
        let mut seen = [false; 256];
        bytes.iter().for_each(|b| seen[usize::from(*b)] = true);
        guessed(&detector, &seen)
    }

    /// The encoding of the whole of `content`: what its mark proves, else UTF-8 where it is that, else UTF-16 by its zero bytes, else
    /// a guess.
    ///
    /// # Errors
    /// Those of `content`; [`ReadError::NotUtf8`] where the guess is an encoding that is not read here.
    pub fn of_content(content: &mut dyn BufRead) -> Result<Self, ReadError> {
        let head = content.fill_buf()?.to_vec();
        if let Some(marked) = Encoding::of_mark(&head) {
            return Ok(marked);
        }
        let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
        let mut check = UTF_8.new_decoder_without_bom_handling();
        let (mut is_utf8, mut seen, mut scratch) = (true, [false; 256], vec![0; 1 << 16]);
        let (mut first, mut n_bytes, mut n_lines) = (None, 0, 0);
        loop {
            let chunk = content.fill_buf()?;
            let last = chunk.is_empty();
            detector.feed(chunk, last);
            chunk.iter().for_each(|b| seen[usize::from(*b)] = true);
            let mut rest = chunk;
            while is_utf8 {
                let (result, read, _) = check.decode_to_utf8_without_replacement(rest, &mut scratch, last);
                rest = &rest[read..];
                match result {
                    DecoderResult::InputEmpty => break,
                    DecoderResult::OutputFull => {}
                    DecoderResult::Malformed(..) => is_utf8 = false,
                }
            }
            if last {
                break;
            }
            let n = chunk.len();
            if first.is_none() {
                let at = chunk.iter().position(|b| !b.is_ascii());
                n_lines += chunk[..at.unwrap_or(n)].iter().filter(|b| **b == b'\n').count() as u64;
                first = at.map(|at| Place::line(n_lines + 1).byte(n_bytes + at as u64));
                n_bytes += n as u64;
            }
            content.consume(n);
        }
        let of_zeros = Encoding::of_zeros(&head).filter(|_| seen[0]);
        match of_zeros {
            Some(of_zeros) => Ok(of_zeros),
            None if is_utf8 => Ok(Encoding::default()),
            None => {
                let name = guessed(&detector, &seen);
                let unread = |name| ReadError::NotUtf8 { place: first.unwrap_or_default(), why: NotUtf8::Other(name) };
                Encoding::named(&name).ok_or_else(|| unread(name))
            }
        }
    }

    /// Whether this is UTF-16, of either order.
    pub fn is_utf16(self) -> bool {
        self.inner == UTF_16LE || self.inner == UTF_16BE
    }

    /// Whether this is UTF-8.
    pub fn is_utf8(self) -> bool {
        self.inner == UTF_8
    }

    /// Its name as [`Encoding::named`] takes it, lower case.
    pub fn name(self) -> String {
        self.inner.name().to_ascii_lowercase()
    }

    /// Whether ASCII alone can be text in it that says something else, so that valid UTF-8 proves nothing.
    pub fn hides_in_ascii(self) -> bool {
        self.inner == ISO_2022_JP
    }

    /// The content of `input` in UTF-8, without a byte order mark. What is no text in this encoding fails while it is read, as
    /// [`ReadError::NotInEncoding`] inside the [`io::Error`].
    pub fn decoder<'a>(self, input: Box<dyn BufRead + 'a>) -> Box<dyn BufRead + 'a> {
        if self.is_utf8() {
            return input;
        }
        let decoder = self.inner.new_decoder_with_bom_removal();
        Box::new(Decoding { input, encoding: self, decoder, decoded: Vec::new(), at: 0, offset: 0, ended: false })
    }

    /// Whether `text` can be written in this encoding.
    pub fn holds(self, text: &str) -> bool {
        self.is_unicode() || !self.inner.encode(text).2
    }

    fn is_unicode(self) -> bool {
        self.is_utf8() || self.is_utf16()
    }

    /// A writer that takes UTF-8 and writes this encoding into `out`, with a byte order mark where the file has one. Write only what
    /// [`Encoding::holds`].
    pub fn encoder<W: Write>(self, out: W) -> Transcoder<W> {
        Transcoder { out, encoding: self, pending: Vec::new(), begun: false }
    }

    /// Whether the bytes of `input` come back when they are read and written again, as those of every single-byte encoding do.
    ///
    /// # Errors
    /// Those of `input`.
    pub fn keeps(self, input: &mut dyn BufRead) -> Result<bool, ReadError> {
        let mut own = blake3::Hasher::new();
        let mut again = self.encoder(blake3::Hasher::new());
        {
            let mut content = self.decoder(Box::new(Hashing { input, hasher: &mut own }));
            io::copy(&mut content, &mut again)?;
        }
        Ok(own.finalize() == again.finish()?.finalize())
    }
}

/// The name of the most probable encoding, by what a detector says and the bytes that occur.
fn guessed(detector: &EncodingDetector, seen: &[bool; 256]) -> String {
    let guess = usual(detector.guess(None, Utf8Detection::Deny), seen);
    let old = old_encodings::guess(seen).filter(|_| guess.is_single_byte());
    old.map_or_else(|| guess.name().to_ascii_lowercase(), str::to_owned)
}

/// The guess, or the commonest western encoding: where all bytes that occur mean the same in both, and where no more than two beyond
/// ASCII occur and are what western text has now and then (`£`, `é`, `™`), since of so few nobody can tell a language.
fn usual(guess: &'static encoding_rs::Encoding, seen: &[bool; 256]) -> &'static encoding_rs::Encoding {
    let of = |encoding: &'static encoding_rs::Encoding, byte: u8| {
        encoding.decode_without_bom_handling(&[byte]).0.chars().next()
    };
    let all_seen = || (0..=255u8).filter(|b| seen[usize::from(*b)]);
    let is_western = |byte: u8| {
        of(WINDOWS_1252, byte)
            .is_some_and(|c| c.is_alphabetic() && c != 'ª' && c != 'º' || "£€$¥©®™°½¼¾§«»–—‘’“”…• \u{a0}".contains(c))
    };
    let few =
        all_seen().filter(|b| !b.is_ascii()).count() <= FEW && all_seen().filter(|b| !b.is_ascii()).all(is_western);
    let same = || all_seen().all(|byte| of(guess, byte) == of(WINDOWS_1252, byte));
    if guess.is_single_byte() && (few || same()) { WINDOWS_1252 } else { guess }
}

/// Bytes beyond ASCII that tell no language.
const FEW: usize = 2;

/// Hashes what passes.
struct Hashing<'a> {
    input: &'a mut dyn BufRead,
    hasher: &'a mut blake3::Hasher,
}

impl BufRead for Hashing<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.input.fill_buf()
    }

    fn consume(&mut self, n: usize) {
        // What is consumed was just shown, so it is at hand without another read.
        if let Ok(shown) = self.input.fill_buf() {
            self.hasher.update(&shown[..n]);
        }
        self.input.consume(n);
    }
}

impl Read for Hashing<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        copy_from(self, out)
    }
}

/// Passes on UTF-8.
struct Decoding<'a> {
    input: Box<dyn BufRead + 'a>,
    encoding: Encoding,
    decoder: Decoder,
    decoded: Vec<u8>,
    at: usize,
    /// Bytes taken from `input`.
    offset: u64,
    ended: bool,
}

impl BufRead for Decoding<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.at == self.decoded.len() && !self.ended {
            let chunk = self.input.fill_buf()?;
            let last = chunk.is_empty();
            let room = self.decoder.max_utf8_buffer_length_without_replacement(chunk.len());
            self.decoded.resize(room.unwrap_or(chunk.len().saturating_mul(3) + 16), 0);
            let (result, read, written) =
                self.decoder.decode_to_utf8_without_replacement(chunk, &mut self.decoded, last);
            self.decoded.truncate(written);
            self.at = 0;
            self.input.consume(read);
            self.offset += read as u64;
            match result {
                DecoderResult::Malformed(..) => {
                    return Err(ReadError::NotInEncoding { encoding: self.encoding.name(), byte: self.offset }.into());
                }
                DecoderResult::InputEmpty => self.ended = last,
                DecoderResult::OutputFull => {}
            }
        }
        Ok(&self.decoded[self.at..])
    }

    fn consume(&mut self, n: usize) {
        self.at += n;
    }
}

impl Read for Decoding<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        copy_from(self, out)
    }
}

fn copy_from(reader: &mut impl BufRead, out: &mut [u8]) -> io::Result<usize> {
    let from = reader.fill_buf()?;
    let n = from.len().min(out.len());
    out[..n].copy_from_slice(&from[..n]);
    reader.consume(n);
    Ok(n)
}

/// Takes UTF-8 and writes another encoding; [`Transcoder::finish`] gives the inner writer back.
pub struct Transcoder<W: Write> {
    out: W,
    encoding: Encoding,
    /// The beginning of a character whose end is still to come.
    pending: Vec<u8>,
    begun: bool,
}

impl<W: Write> Transcoder<W> {
    /// The inner writer.
    ///
    /// # Errors
    /// [`io::ErrorKind::InvalidData`] where the last character was cut.
    pub fn finish(mut self) -> io::Result<W> {
        // An empty file has its mark, too.
        self.write_text("")?;
        if self.pending.is_empty() { Ok(self.out) } else { Err(io::ErrorKind::InvalidData.into()) }
    }

    fn write_text(&mut self, text: &str) -> io::Result<()> {
        let mark = if self.encoding.marked && !self.begun { "\u{FEFF}" } else { "" };
        self.begun = true;
        for text in [mark, text] {
            let units = text.encode_utf16();
            match self.encoding.inner {
                e if e == UTF_16LE => self.out.write_all(&units.flat_map(u16::to_le_bytes).collect::<Vec<u8>>())?,
                e if e == UTF_16BE => self.out.write_all(&units.flat_map(u16::to_be_bytes).collect::<Vec<u8>>())?,
                other => self.out.write_all(&other.encode(text).0)?,
            }
        }
        Ok(())
    }
}

impl<W: Write> Write for Transcoder<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.encoding.is_utf8() {
            return self.out.write(bytes);
        }
        let mut all = std::mem::take(&mut self.pending);
        all.extend_from_slice(bytes);
        let whole = match std::str::from_utf8(&all) {
            Ok(text) => text.len(),
            Err(e) if e.error_len().is_none() => e.valid_up_to(),
            Err(_) => return Err(io::ErrorKind::InvalidData.into()),
        };
        self.pending = all.split_off(whole);
        let text = String::from_utf8(all).map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?;
        self.write_text(&text)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn decoded(encoding: Encoding, bytes: &[u8]) -> Result<String, ReadError> {
        let mut text = String::new();
        encoding.decoder(Box::new(bytes)).read_to_string(&mut text)?;
        Ok(text)
    }

    fn encoded(encoding: Encoding, text: &str) -> Vec<u8> {
        let mut out = encoding.encoder(Vec::new());
        // A writer is handed pieces that may cut a character.
        text.as_bytes().chunks(3).for_each(|piece| out.write_all(piece).expect("to memory"));
        out.finish().expect("to memory")
    }

    #[test]
    fn a_mark_proves_utf16_and_zeros_tell_it() {
        let little = b"\xFF\xFEc\0a\0f\0\xE9\0";
        let marked = Encoding::of_mark(little).expect("a mark");
        assert_eq!((marked.name().as_str(), decoded(marked, little).unwrap().as_str()), ("utf-16le", "café"));
        assert_eq!(encoded(marked, "café"), little);
        assert_eq!(Encoding::of_zeros(&little[2..]).map(Encoding::name), Some("utf-16le".to_owned()));
        assert_eq!(Encoding::of_zeros(b"\0c\0a\0f\0e").map(Encoding::name), Some("utf-16be".to_owned()));
        assert_eq!(Encoding::of_zeros(b"a\0b,x\n"), None);
        assert_eq!(Encoding::of_mark(b"\xFF\xFE\0\0t\0\0\0"), None);
    }

    #[test]
    fn legacy_bytes_are_guessed_and_wrong_ones_are_an_error() {
        let western = "Das Brot wäre schön weiß gewesen, aber der Käse schmeckte süßlich.".to_owned();
        let bytes = encoded(Encoding::named("latin1").expect("known"), &western);
        let guess = |bytes: &[u8]| Encoding::named(&Encoding::guess(bytes)).expect("one that is read");
        assert_eq!((guess(&bytes).name().as_str(), decoded(guess(&bytes), &bytes)), ("windows-1252", Ok(western)));
        // One accented letter is told from no other western encoding.
        assert_eq!(Encoding::guess(b"un caf\xE9"), "windows-1252");
        let japanese = "この映画はとても面白かったです。音楽も素晴らしい。";
        let bytes = encoded(Encoding::named("shift_jis").expect("known"), japanese);
        assert_eq!(Encoding::guess(&bytes), "shift_jis");
        let error = decoded(Encoding::named("utf-16le").expect("known"), b"a\0\x00\xD8b\0").unwrap_err();
        assert!(matches!(error, ReadError::NotInEncoding { .. }), "{error}");
        assert!(!Encoding::named("latin1").expect("known").holds("→") && guess(&bytes).holds("映"));
    }

    proptest! {
        #[test]
        fn every_byte_of_a_single_byte_file_comes_back(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let latin = Encoding::named("latin1").expect("known");
            let text = decoded(latin, &bytes).unwrap();
            prop_assert_eq!(encoded(latin, &text), bytes.clone());
            prop_assert!(latin.keeps(&mut bytes.as_slice()).unwrap());
        }

        #[test]
        fn utf16_comes_back(text in "\\PC{0,40}") {
            for name in ["utf-16le", "utf-16be"] {
                let encoding = Encoding::named(name).expect("known");
                let text = text.trim_start_matches('\u{FEFF}');
                prop_assert_eq!(decoded(encoding, &encoded(encoding, text)).unwrap(), text);
            }
        }
    }
}

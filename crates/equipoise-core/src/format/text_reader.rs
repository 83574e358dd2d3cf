//! Bytes that are promised to be UTF-8: the layer under every text format.

use super::{Encoding, NotUtf8, Place, ReadError};
use std::io::{self, BufRead, Read};

/// Bytes taken at once.
const CHUNK: usize = 1 << 16;

/// Passes on UTF-8 without its byte order mark; anything else fails with the line and offset of the first bad byte.
pub(super) struct TextReader<'a> {
    inner: &'a mut dyn BufRead,
    buffer: Vec<u8>,
    /// Checked bytes are `buffer[at..valid]`; behind `valid` stands the beginning of a character.
    at: usize,
    valid: usize,
    /// Offset of `buffer[0]` in the content, and newlines before it.
    offset: u64,
    newlines: u64,
    ended: bool,
    marked: bool,
    /// Whether a character beyond ASCII stood in what is no longer in the buffer.
    beyond_ascii: bool,
}

impl<'a> TextReader<'a> {
    /// Looks at the first bytes.
    pub(super) fn new(inner: &'a mut dyn BufRead) -> Result<Self, ReadError> {
        let mut reader = TextReader {
            inner,
            buffer: Vec::with_capacity(CHUNK),
            at: 0,
            valid: 0,
            offset: 0,
            newlines: 0,
            ended: false,
            marked: false,
            beyond_ascii: false,
        };
        reader.take_more()?;
        match reader.buffer.as_slice() {
            [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] => return Err(ReadError::Encoding { encoding: "UTF-32" }),
            _ => reader.check()?,
        }
        if reader.buffer.starts_with(b"\xEF\xBB\xBF") {
            reader.at = 3;
            reader.marked = true;
        }
        Ok(reader)
    }

    /// The byte order mark that the content begins with and that is not passed on; empty where there is none.
    pub(super) fn mark(&self) -> &'static [u8] {
        if self.marked { b"\xEF\xBB\xBF" } else { b"" }
    }

    fn take_more(&mut self) -> io::Result<()> {
        let target = self.buffer.len() + CHUNK;
        while self.buffer.len() < target {
            let old = self.buffer.len();
            self.buffer.resize(target, 0);
            let n = match self.inner.read(&mut self.buffer[old..]) {
                Ok(n) => n,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => 0,
                Err(e) => {
                    self.buffer.truncate(old);
                    return Err(e);
                }
            };
            self.buffer.truncate(old + n);
            if n == 0 {
                self.ended = true;
                break;
            }
        }
        Ok(())
    }

    /// Moves `valid` over what is UTF-8 without NUL.
    fn check(&mut self) -> Result<(), ReadError> {
        let fresh = &self.buffer[self.valid..];
        let (good, bad) = match std::str::from_utf8(fresh) {
            Ok(_) => (fresh.len(), false),
            Err(e) => (e.valid_up_to(), e.error_len().is_some() || self.ended),
        };
        if let Some(nul) = fresh[..good].iter().position(|b| *b == 0) {
            let encoding = Encoding::of_zeros(&self.buffer[self.at..]).map(Encoding::name);
            return Err(ReadError::Nul { place: self.place(self.valid + nul), encoding });
        }
        self.valid += good;
        if bad && good == 0 {
            Err(ReadError::NotUtf8 { place: self.place(self.valid), why: self.why() })
        } else {
            Ok(())
        }
    }

    /// What the bytes behind `valid` probably are.
    fn why(&self) -> NotUtf8 {
        let (before, after) = self.buffer.split_at(self.valid);
        if std::str::from_utf8(after).is_err_and(|e| e.error_len().is_none()) {
            return NotUtf8::Cut;
        }
        if self.beyond_ascii || !before.is_ascii() {
            return NotUtf8::Damaged;
        }
        NotUtf8::Other(Encoding::guess(&self.buffer))
    }

    fn place(&self, index: usize) -> Place {
        Place::line(self.newlines + count_newlines(&self.buffer[..index]) + 1).byte(self.offset + index as u64)
    }
}

fn count_newlines(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|b| **b == b'\n').count() as u64
}

impl BufRead for TextReader<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.at == self.valid {
            self.newlines += count_newlines(&self.buffer[..self.valid]);
            self.offset += self.valid as u64;
            self.beyond_ascii |= !self.buffer[..self.valid].is_ascii();
            self.buffer.drain(..self.valid);
            (self.at, self.valid) = (0, 0);
            if !self.ended {
                self.take_more()?;
            } else if self.buffer.is_empty() {
                break;
            }
            self.check()?;
        }
        Ok(&self.buffer[self.at..self.valid])
    }

    fn consume(&mut self, n: usize) {
        self.at += n;
    }
}

impl Read for TextReader<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let from = self.fill_buf()?;
        let n = from.len().min(out.len());
        out[..n].copy_from_slice(&from[..n]);
        self.consume(n);
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(bytes: &[u8]) -> Result<String, ReadError> {
        let mut input = bytes;
        let mut text = String::new();
        TextReader::new(&mut input)?.read_to_string(&mut text)?;
        Ok(text)
    }

    #[test]
    fn keeps_characters_that_straddle_two_chunks() {
        let text = format!("{}é{}€", "a".repeat(CHUNK - 1), "b".repeat(CHUNK - 2));
        assert_eq!(all(text.as_bytes()).unwrap(), text);
    }

    #[test]
    fn names_line_and_byte_of_what_is_not_utf8() {
        let mut bytes = "a\nb\n".repeat(CHUNK).into_bytes();
        let (lines, offset) = (2 * CHUNK as u64, bytes.len() as u64);
        bytes.extend(b"caf\xE9 noir\n");
        let place = Place::line(lines + 1).byte(offset + 3);
        let why = NotUtf8::Other("windows-1252".to_owned());
        assert_eq!(all(&bytes), Err(ReadError::NotUtf8 { place, why }));
        let cut = ReadError::NotUtf8 { place: Place::line(2).byte(3), why: NotUtf8::Cut };
        assert_eq!(all(b"ok\n\xE2\x82"), Err(cut));
        let damaged = ReadError::NotUtf8 { place: Place::line(1).byte(5), why: NotUtf8::Damaged };
        assert_eq!(all(b"f\xC3\xBCr \xFC\n"), Err(damaged));
        assert_eq!(all(b"ok\nx\0y"), Err(ReadError::Nul { place: Place::line(2).byte(4), encoding: None }));
    }

    #[test]
    fn drops_the_utf8_mark_and_refuses_the_others() {
        assert_eq!(all(b"\xEF\xBB\xBFtext"), Ok("text".to_owned()));
        assert_eq!(all(b"\xFF\xFE\0\0"), Err(ReadError::Encoding { encoding: "UTF-32" }));
        assert_eq!(all(b""), Ok(String::new()));
    }
}

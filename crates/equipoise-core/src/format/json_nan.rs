//! `NaN`, `Infinity` and `-Infinity` in JSON, which Python writes and the format does not have: they are read as null.

use std::borrow::Cow;
use std::io::{self, BufRead, Read};

/// The words, longest first where one ends with another.
const WORDS: [&[u8]; 3] = [b"-Infinity", b"Infinity", b"NaN"];
const LONGEST: usize = 9;

/// Looks for the words outside of strings.
#[derive(Default)]
struct Finder {
    in_string: bool,
    escaped: bool,
}

impl Finder {
    /// The length of a word at the start of `rest`; otherwise one byte is passed, and 0 comes back.
    fn step(&mut self, rest: &[u8]) -> usize {
        let byte = rest[0];
        match byte {
            _ if self.escaped => self.escaped = false,
            b'\\' if self.in_string => self.escaped = true,
            b'"' => self.in_string = !self.in_string,
            b'-' | b'I' | b'N' if !self.in_string => {
                return WORDS.iter().find(|word| rest.starts_with(word)).map_or(0, |word| word.len());
            }
            _ => {}
        }
        0
    }
}

/// `json` with null in the place of each such word.
pub(super) fn without(json: &str) -> Cow<'_, str> {
    if !json.contains("NaN") && !json.contains("Infinity") {
        return Cow::Borrowed(json);
    }
    let (mut finder, mut clean, bytes, mut at) =
        (Finder::default(), Vec::with_capacity(json.len()), json.as_bytes(), 0);
    while at < bytes.len() {
        match finder.step(&bytes[at..]) {
            0 => {
                clean.push(bytes[at]);
                at += 1;
            }
            n => {
                clean.extend_from_slice(b"null");
                at += n;
            }
        }
    }
    String::from_utf8(clean).map_or(Cow::Borrowed(json), Cow::Owned)
}

/// Passes JSON on with null in the place of each such word.
pub(super) struct WithoutNan<R> {
    input: R,
    finder: Finder,
    /// Bytes that are looked at and not yet taken.
    held: Vec<u8>,
    ready: Vec<u8>,
    at: usize,
    ended: bool,
}

impl<R: BufRead> WithoutNan<R> {
    pub(super) fn new(input: R) -> Self {
        WithoutNan { input, finder: Finder::default(), held: Vec::new(), ready: Vec::new(), at: 0, ended: false }
    }

    fn refill(&mut self) -> io::Result<()> {
        self.ready.clear();
        self.at = 0;
        while self.ready.is_empty() && !(self.ended && self.held.is_empty()) {
            let chunk = self.input.fill_buf()?;
            let n = chunk.len();
            self.ended = n == 0;
            self.held.extend_from_slice(chunk);
            self.input.consume(n);
            // A word may go on in the next piece.
            let keep = if self.ended { 0 } else { LONGEST };
            let mut from = 0;
            while self.held.len() - from > keep {
                match self.finder.step(&self.held[from..]) {
                    0 => {
                        self.ready.push(self.held[from]);
                        from += 1;
                    }
                    n => {
                        self.ready.extend_from_slice(b"null");
                        from += n;
                    }
                }
            }
            self.held.drain(..from);
        }
        Ok(())
    }
}

impl<R: BufRead> Read for WithoutNan<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.at == self.ready.len() {
            self.refill()?;
        }
        let n = out.len().min(self.ready.len() - self.at);
        out[..n].copy_from_slice(&self.ready[self.at..self.at + n]);
        self.at += n;
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_outside_of_strings_become_null_however_they_are_cut() {
        let json = r#"[{"a": NaN, "b": "NaN \" Infinity", "c": [-Infinity, Infinity, -1]}]"#;
        let wanted = r#"[{"a": null, "b": "NaN \" Infinity", "c": [null, null, -1]}]"#;
        assert_eq!(without(json), wanted);
        for size in [1, 2, 7, 100] {
            let mut text = String::new();
            WithoutNan::new(io::BufReader::with_capacity(size, json.as_bytes())).read_to_string(&mut text).unwrap();
            assert_eq!(text, wanted, "{size}");
        }
        assert!(matches!(without("{\"a\": 1}"), Cow::Borrowed(_)));
    }
}

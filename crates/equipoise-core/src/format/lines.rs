//! Lines of checked UTF-8, numbered.

use super::ReadError;
use super::text_reader::TextReader;
use std::io::BufRead;

/// Reads line by line; `\n`, `\r\n` and `\r\r\n` end a line, the last one need not be ended.
pub(super) struct Lines<'a> {
    input: TextReader<'a>,
    line: Vec<u8>,
    n: u64,
    newline: Option<&'static str>,
}

impl<'a> Lines<'a> {
    pub(super) fn new(input: TextReader<'a>) -> Self {
        Lines { input, line: Vec::new(), n: 0, newline: None }
    }

    /// The next line with its number from 1, without its ending; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<(u64, &str)>, ReadError> {
        self.line.clear();
        if self.input.read_until(b'\n', &mut self.line)? == 0 {
            return Ok(None);
        }
        self.n += 1;
        if self.line.last() == Some(&b'\n') {
            self.line.pop();
            // Two carriage returns stand where text was twice given Windows' line ends.
            let n = self.line.iter().rev().take(2).take_while(|b| **b == b'\r').count();
            self.line.truncate(self.line.len() - n);
            self.newline.get_or_insert(["\n", "\r\n", "\r\r\n"][n]);
        }
        let line = std::str::from_utf8(&self.line).expect("the bytes below are checked UTF-8 and lines end at ASCII");
        Ok(Some((self.n, line)))
    }

    /// The ending of the first line.
    pub(super) fn newline(&self) -> &'static str {
        self.newline.unwrap_or("\n")
    }
}

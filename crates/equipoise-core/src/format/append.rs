//! Copying an original before rows are added to it.

use super::{ReadError, WriteError};
use std::io::{self, BufRead, Write};

/// Copies all bytes of `original` to `out` and returns the last one.
pub(super) fn copy(original: &mut dyn BufRead, out: &mut dyn Write) -> Result<Option<u8>, WriteError> {
    let mut last = None;
    loop {
        let chunk = match original.fill_buf() {
            Ok(chunk) => chunk,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
            Err(e) => return Err(ReadError::from(e).into()),
        };
        let Some(byte) = chunk.last() else { return Ok(last) };
        last = Some(*byte);
        out.write_all(chunk).map_err(WriteError::Io)?;
        let n = chunk.len();
        original.consume(n);
    }
}

/// Copies the first `n` lines.
pub(super) fn copy_head(original: &mut impl BufRead, n: u64, out: &mut dyn Write) -> Result<(), WriteError> {
    for _ in 0..n {
        let line = take_line(original).map_err(ReadError::from)?;
        if line.is_empty() {
            break;
        }
        out.write_all(&line).map_err(WriteError::Io)?;
    }
    Ok(())
}

/// The next line with its end: `\n`, `\r\n`, or `\r` alone.
pub(super) fn take_line(content: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let mut line = Vec::new();
    loop {
        let chunk = content.fill_buf()?;
        let (end, is_over) = match chunk.iter().position(|b| matches!(b, b'\n' | b'\r')) {
            Some(at) => (at + 1, true),
            None => (chunk.len(), chunk.is_empty()),
        };
        line.extend_from_slice(&chunk[..end]);
        content.consume(end);
        if is_over {
            break;
        }
    }
    if line.ends_with(b"\r") && content.fill_buf()?.first() == Some(&b'\n') {
        line.push(b'\n');
        content.consume(1);
    }
    Ok(line)
}

/// Copies the original of a format that has a row a line, and ends its last line if that is open.
pub(super) fn copy_lines(original: &mut dyn BufRead, newline: &str, out: &mut dyn Write) -> Result<(), WriteError> {
    match copy(original, out)? {
        Some(b'\n' | b'\r') | None => Ok(()),
        Some(_) => out.write_all(newline.as_bytes()).map_err(WriteError::Io),
    }
}

/// Copies all but the longest run of `held` bytes at the end, which is handed back.
pub(super) fn copy_before_end(
    original: &mut dyn BufRead,
    out: &mut dyn Write,
    held: impl Fn(u8) -> bool,
) -> Result<Vec<u8>, WriteError> {
    let mut end = Vec::new();
    loop {
        let chunk = match original.fill_buf() {
            Ok([]) => return Ok(end),
            Ok(chunk) => chunk,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
            Err(e) => return Err(ReadError::from(e).into()),
        };
        let n = chunk.len();
        let keep = chunk.iter().rposition(|b| !held(*b)).map_or(0, |last| last + 1);
        if keep > 0 {
            out.write_all(&end).and_then(|()| out.write_all(&chunk[..keep])).map_err(WriteError::Io)?;
            end.clear();
        }
        end.extend_from_slice(&chunk[keep..]);
        original.consume(n);
    }
}

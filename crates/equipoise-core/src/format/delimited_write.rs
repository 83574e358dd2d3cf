//! Writing delimited text in the manner of a file.

use super::append::{copy_head, copy_lines};
use super::cell::shown;
use super::delimiter::separator_line;
use super::extend::{Cell, Extension};
use super::scan::{Record, Scanner};
use super::text_reader::TextReader;
use super::{Added, Layout, NewRow, NewRows, Quote, WriteError, Written};
use std::io::{self, BufRead, Read, Write};

/// Copies the original and adds the new rows in its manner.
pub(super) fn append(
    original: &mut dyn BufRead,
    layout: &Layout,
    rows: &[NewRow<'_>],
    out: &mut dyn Write,
) -> Result<Written, WriteError> {
    copy_lines(original, layout.newline, out)?;
    let mut line = DelimitedLine::like(layout);
    for row in rows {
        line.row(layout, row)?;
        line.end(out)?;
    }
    Ok(Written { n_rows: rows.len(), n_folded: line.n_folded, ..Written::default() })
}

/// Copies the original record by record, the new cells at the end of each, and adds the new rows in its manner.
pub(super) fn extend(
    original: &mut dyn BufRead,
    layout: &Layout,
    added: &Added<'_>,
    out: &mut dyn Write,
) -> Result<Written, WriteError> {
    let Added { columns, rows } = *added;
    let mut extension = Extension::new(columns, layout)?;
    let mut text = TextReader::new(original)?;
    out.write_all(text.mark()).map_err(WriteError::Io)?;
    let head = text.fill_buf()?;
    let declared = separator_line(head).map_or(0, |(_, length)| length);
    out.write_all(&head[..declared]).map_err(WriteError::Io)?;
    text.consume(declared);
    copy_head(&mut text, layout.n_above.saturating_sub(u64::from(declared > 0)), out)?;
    let mut scanner = Scanner::new(Seen { inner: text, bytes: Vec::new() }, layout.delimiter, layout.quote);
    if !layout.no_header {
        scanner.delimiter = layout.header_delimiter;
    }
    let mut record = Record::default();
    let mut line = DelimitedLine::like(layout);
    let mut is_header = !layout.no_header;
    while scanner.next(&mut record)? {
        let seen = std::mem::take(&mut scanner.input_mut().bytes);
        if record.is_blank() {
            out.write_all(&seen).map_err(WriteError::Io)?;
            continue;
        }
        let (cells, ending) = seen.split_at(seen.len() - ending_of(&seen));
        out.write_all(cells).map_err(WriteError::Io)?;
        line.delimiter = scanner.delimiter;
        line.bytes.push(line.delimiter);
        if is_header {
            // A header that lacks the last names gets them, so that the new ones stand above their own cells.
            let is_start =
                (0..record.len()).all(|at| layout.columns.get(at).is_some_and(|name| name == record.get(at)));
            let lacking = layout.columns.iter().skip(record.len()).filter(|_| is_start);
            lacking.for_each(|name| line.cell(name, false));
            columns.iter().for_each(|c| line.cell(c.name, false));
        } else {
            // Such a record is no row, and remains as it is.
            if record.len() != layout.columns.len() {
                columns.iter().for_each(|_| line.cell("", false));
                line.newline = newline_of(ending, layout.newline);
                line.end(out)?;
                continue;
            }
            let (text, label) = (record.get(layout.at.0), record.get(layout.at.1));
            if layout.is_repeated_header(text, label) {
                columns.iter().for_each(|c| line.cell(c.name, false));
            } else {
                let cells = extension.record(Some(text), Some(label));
                line.new_cells(&cells);
            }
        }
        is_header = false;
        scanner.delimiter = layout.delimiter;
        // The last record may be open, and more follow it now.
        line.newline = newline_of(ending, layout.newline);
        line.end(out)?;
    }
    (line.newline, line.delimiter) = (layout.newline, layout.delimiter);
    for (at, row) in rows.iter().enumerate() {
        line.row(layout, row)?;
        line.new_cells(&extension.new_row(at));
        line.end(out)?;
    }
    Ok(Written { n_rows: rows.len(), n_folded: line.n_folded, ..Written::default() })
}

/// What ends the line of a record that `ending` ended.
fn newline_of(ending: &[u8], usual: &'static str) -> &'static str {
    match ending {
        b"" => usual,
        b"\n" => "\n",
        b"\r" => "\r",
        b"\r\r\n" => "\r\r\n",
        _ => "\r\n",
    }
}

/// Length of the line ending of a record.
fn ending_of(record: &[u8]) -> usize {
    let endings: [&[u8]; 4] = [b"\r\r\n", b"\r\n", b"\n", b"\r"];
    endings.iter().find(|e| record.ends_with(e)).map_or(0, |e| e.len())
}

/// Keeps the bytes that are taken from it.
struct Seen<R> {
    inner: R,
    bytes: Vec<u8>,
}

impl<R: BufRead> BufRead for Seen<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, n: usize) {
        // What is consumed was just shown, so it is at hand without another read.
        if let Ok(shown) = self.inner.fill_buf() {
            self.bytes.extend_from_slice(&shown[..n]);
        }
        self.inner.consume(n);
    }
}

impl<R: BufRead> Read for Seen<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let from = self.fill_buf()?;
        let n = from.len().min(out.len());
        out[..n].copy_from_slice(&from[..n]);
        self.consume(n);
        Ok(n)
    }
}

/// Writes a header and rows.
pub(super) fn write(
    own: u8,
    columns: &[&str],
    rows: &mut NewRows<'_>,
    like: Option<&Layout>,
    out: &mut dyn Write,
) -> Result<Written, WriteError> {
    // The layout of another format has no delimiter.
    let like = like.filter(|l| l.delimiter != 0);
    let (delimiter, newline) = like.map_or((own, "\n"), |l| (l.delimiter, l.newline));
    let mut line = DelimitedLine { delimiter, newline, quote: Quote::Double, bytes: Vec::new(), n_folded: 0 };
    columns.iter().for_each(|name| line.cell(name, false));
    line.end(out)?;
    let mut written = Written::default();
    for row in rows {
        row.iter().for_each(|cell| line.cell(cell, false));
        line.end(out)?;
        written.n_rows += 1;
    }
    Ok(written)
}

struct DelimitedLine<'a> {
    delimiter: u8,
    newline: &'a str,
    quote: Quote,
    bytes: Vec<u8>,
    n_folded: usize,
}

impl DelimitedLine<'_> {
    fn like(layout: &Layout) -> DelimitedLine<'static> {
        let Layout { delimiter, newline, quote, .. } = *layout;
        DelimitedLine { delimiter, newline, quote, bytes: Vec::new(), n_folded: 0 }
    }

    fn cell(&mut self, cell: &str, always_quote: bool) {
        match self.quote.byte() {
            Some(quote) if always_quote || cell.bytes().any(|b| b == quote || self.is_special(b)) => {
                let escape = self.quote.escape();
                self.bytes.push(quote);
                for byte in cell.bytes() {
                    let is_escaped = byte == quote || escape == Some(byte);
                    self.bytes.extend(is_escaped.then_some(escape.unwrap_or(quote)));
                    self.bytes.push(byte);
                }
                self.bytes.push(quote);
            }
            None if cell.bytes().any(|b| self.is_special(b)) => {
                self.n_folded += 1;
                let one_line = cell.replace("\r\n", " ");
                let one_line = one_line.bytes().map(|b| if self.is_special(b) { b' ' } else { b });
                let folded: Vec<u8> = one_line.collect();
                self.bytes.extend(folded);
            }
            _ => self.bytes.extend_from_slice(cell.as_bytes()),
        }
        self.bytes.push(self.delimiter);
    }

    fn is_special(&self, byte: u8) -> bool {
        matches!(byte, b'\n' | b'\r') || byte == self.delimiter
    }

    /// A new row in the columns that the file has.
    fn row(&mut self, layout: &Layout, row: &NewRow<'_>) -> Result<(), WriteError> {
        if self.quote == Quote::None && row.label.bytes().any(|b| self.is_special(b)) {
            let why = "without quotes a cell has neither the delimiter nor a line break";
            let (what, shown) = ("label".to_owned(), shown(row.label, 40));
            return Err(WriteError::Value { what, shown, format: "delimited text", why });
        }
        for at in 0..layout.columns.len() {
            match at {
                _ if at == layout.at.0 => self.cell(row.text, layout.quoted.0),
                _ if at == layout.at.1 => self.cell(&layout.stored(row.label), layout.quoted.1),
                _ => self.cell("", false),
            }
        }
        Ok(())
    }

    fn new_cells(&mut self, cells: &[Cell<'_>]) {
        for cell in cells {
            match cell {
                Cell::Absent => self.cell("", false),
                Cell::Text(text) => self.cell(text, false),
                Cell::Number(number) => self.cell(&number.to_string(), false),
            }
        }
    }

    fn end(&mut self, out: &mut dyn Write) -> Result<(), WriteError> {
        self.bytes.pop();
        self.bytes.extend_from_slice(self.newline.as_bytes());
        out.write_all(&self.bytes).map_err(WriteError::Io)?;
        self.bytes.clear();
        Ok(())
    }
}

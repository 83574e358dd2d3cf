//! What `csv` and `tsv` share: a header, cells, quotes.

use super::append::copy_lines;
use super::columns::{SAMPLE, choose, named};
use super::extend::{Cell, Extension};
use super::intake::Intake;
use super::scan::{Record, Scanner};
use super::text_reader::TextReader;
use super::{
    ColumnRequest, Format, Layout, NewColumn, NewRow, NoteKind, Place, ReadError, Reading, Sink, WriteError, Written,
};
use std::io::{self, BufRead, Read, Write};

/// Delimited text.
pub(super) struct Delimited {
    /// The usual delimiter; another one is recognised.
    pub(super) delimiter: u8,
    pub(super) extensions: &'static [&'static str],
}

impl Format for Delimited {
    fn extensions(&self) -> &'static [&'static str] {
        self.extensions
    }

    fn sniff(&self, _head: &[u8]) -> bool {
        false
    }

    fn read(
        &self,
        input: &mut dyn BufRead,
        request: &ColumnRequest,
        sink: &mut Sink<'_>,
    ) -> Result<Reading, ReadError> {
        read(self.delimiter, input, request, sink)
    }

    fn append(
        &self,
        original: &mut dyn BufRead,
        layout: &Layout,
        rows: &[NewRow<'_>],
        out: &mut (dyn Write + Send),
    ) -> Result<Written, WriteError> {
        append(original, layout, rows, out)
    }

    fn extend(
        &self,
        original: &mut dyn BufRead,
        layout: &Layout,
        columns: &[NewColumn<'_>],
        rows: &[NewRow<'_>],
        out: &mut (dyn Write + Send),
    ) -> Result<Written, WriteError> {
        extend(original, layout, columns, rows, out)
    }

    fn write(
        &self,
        columns: &[&str],
        rows: &[Vec<String>],
        like: Option<&Layout>,
        out: &mut (dyn Write + Send),
    ) -> Result<Written, WriteError> {
        write(self.delimiter, columns, rows, like, out)
    }
}

/// Reads delimited text whose usual delimiter is `own`.
fn read(own: u8, input: &mut dyn BufRead, request: &ColumnRequest, sink: &mut Sink<'_>) -> Result<Reading, ReadError> {
    let mut text = TextReader::new(input)?;
    let delimiter = delimiter_of(text.fill_buf()?, own);
    let mut scanner = Scanner::new(text, delimiter);
    let mut intake = Intake::new(true, sink);
    let mut record = Record::default();
    if !next(&mut scanner, &mut intake, &mut record)? {
        return Err(ReadError::Empty);
    }
    let header: Vec<String> = (0..record.len()).map(|i| record.get(i).to_owned()).collect();
    let header_place = Place::line(record.line);
    scanner.names.clone_from(&header);
    let mut sample = Vec::new();
    let mut lines = Vec::new();
    let mut quoted = (true, true);
    if !named(&header, request) {
        while sample.len() < SAMPLE && next(&mut scanner, &mut intake, &mut record)? {
            same_width(&record, &header)?;
            sample.push((0..record.len()).map(|i| Some(record.get(i).to_owned())).collect::<Vec<_>>());
            lines.push((record.line, (0..record.len()).map(|i| record.quoted(i)).collect::<Vec<_>>()));
        }
    }
    let chosen = choose(&header, request, &sample, &header_place)?;
    intake.chosen(&chosen, &header);
    if delimiter != own {
        intake.notes.say(NoteKind::Delimiter, 1, format!("`{}`", char::from(delimiter).escape_default()));
    }
    let mut any = !sample.is_empty();
    for (cells, (line, marks)) in sample.into_iter().zip(lines) {
        let cell = |i: usize| cells[i].as_deref();
        quoted = (quoted.0 && marks[chosen.text], quoted.1 && marks[chosen.label]);
        let (source, id) = (chosen.source.and_then(cell), chosen.source_id.and_then(cell));
        intake.row(line, cell(chosen.text), cell(chosen.label), source, id)?;
    }
    while next(&mut scanner, &mut intake, &mut record)? {
        same_width(&record, &header)?;
        any = true;
        let cell = |i: usize| Some(record.get(i));
        quoted = (quoted.0 && record.quoted(chosen.text), quoted.1 && record.quoted(chosen.label));
        let (source, id) = (chosen.source.and_then(cell), chosen.source_id.and_then(cell));
        intake.row(record.line, cell(chosen.text), cell(chosen.label), source, id)?;
    }
    if !any {
        return Err(ReadError::HeaderOnly { place: header_place });
    }
    let mut layout = Layout::chosen(header, (chosen.text, chosen.label))?;
    layout.newline = scanner.newline.unwrap_or("\n");
    layout.delimiter = delimiter;
    layout.quoted = quoted;
    Ok(intake.finish(layout))
}

/// The next record that is not a blank line; blank ones are counted.
fn next(
    scanner: &mut Scanner<TextReader<'_>>,
    intake: &mut Intake<'_, '_>,
    record: &mut Record,
) -> Result<bool, ReadError> {
    while scanner.next(record)? {
        if !record.is_blank() {
            return Ok(true);
        }
        intake.notes.count(NoteKind::BlankLine, record.line);
    }
    Ok(false)
}

fn same_width(record: &Record, header: &[String]) -> Result<(), ReadError> {
    if record.len() == header.len() {
        return Ok(());
    }
    Err(ReadError::Ragged { place: Place::line(record.line), expected: header.len(), found: record.len() })
}

/// The delimiter of the first line: `own` if it stands there at all, else the most frequent of the usual ones.
fn delimiter_of(head: &[u8], own: u8) -> u8 {
    let mut counts = [(own, 0usize), (b',', 0), (b';', 0), (b'\t', 0), (b'|', 0)];
    let mut quoted = false;
    for &byte in head {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted => break,
            _ if !quoted => counts.iter_mut().filter(|(d, _)| *d == byte).for_each(|(_, n)| *n += 1),
            _ => {}
        }
    }
    if counts[0].1 > 0 {
        return own;
    }
    counts.into_iter().rev().max_by_key(|(_, n)| *n).filter(|(_, n)| *n > 0).map_or(own, |(d, _)| d)
}

/// Copies the original and adds `rows` in its manner.
fn append(
    original: &mut dyn BufRead,
    layout: &Layout,
    rows: &[NewRow<'_>],
    out: &mut dyn Write,
) -> Result<Written, WriteError> {
    copy_lines(original, layout.newline, out)?;
    let mut line = Line { delimiter: layout.delimiter, newline: layout.newline, bytes: Vec::new() };
    for row in rows {
        line.row(layout, row);
        line.end(out)?;
    }
    Ok(Written { n_rows: rows.len(), n_folded: 0 })
}

/// Copies the original record by record, the new cells at the end of each, and adds `rows` in its manner.
fn extend(
    original: &mut dyn BufRead,
    layout: &Layout,
    columns: &[NewColumn<'_>],
    rows: &[NewRow<'_>],
    out: &mut dyn Write,
) -> Result<Written, WriteError> {
    let mut extension = Extension::new(columns, layout)?;
    let text = TextReader::new(original)?;
    out.write_all(text.mark()).map_err(WriteError::Io)?;
    let mut scanner = Scanner::new(Seen { inner: text, bytes: Vec::new() }, layout.delimiter);
    let mut record = Record::default();
    let mut line = Line { delimiter: layout.delimiter, newline: layout.newline, bytes: Vec::new() };
    let mut is_header = true;
    while scanner.next(&mut record)? {
        let seen = std::mem::take(&mut scanner.input_mut().bytes);
        if record.is_blank() {
            out.write_all(&seen).map_err(WriteError::Io)?;
            continue;
        }
        let (cells, ending) = seen.split_at(seen.len() - ending_of(&seen));
        out.write_all(cells).map_err(WriteError::Io)?;
        line.bytes.push(line.delimiter);
        if is_header {
            columns.iter().for_each(|c| line.cell(c.name, false));
        } else {
            same_width(&record, &layout.columns)?;
            let cells = extension.record(Some(record.get(layout.at.0)), Some(record.get(layout.at.1)));
            line.new_cells(&cells);
        }
        is_header = false;
        // The last record may be open, and more follow it now.
        line.newline = match ending {
            b"" => layout.newline,
            b"\n" => "\n",
            b"\r" => "\r",
            _ => "\r\n",
        };
        line.end(out)?;
    }
    line.newline = layout.newline;
    for (at, row) in rows.iter().enumerate() {
        line.row(layout, row);
        line.new_cells(&extension.new_row(at));
        line.end(out)?;
    }
    Ok(Written { n_rows: rows.len(), n_folded: 0 })
}

/// Length of the line ending of a record.
fn ending_of(record: &[u8]) -> usize {
    if record.ends_with(b"\r\n") { 2 } else { usize::from(record.ends_with(b"\n") || record.ends_with(b"\r")) }
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
fn write(
    own: u8,
    columns: &[&str],
    rows: &[Vec<String>],
    like: Option<&Layout>,
    out: &mut dyn Write,
) -> Result<Written, WriteError> {
    // The layout of another format has no delimiter.
    let like = like.filter(|l| l.delimiter != 0);
    let (delimiter, newline) = like.map_or((own, "\n"), |l| (l.delimiter, l.newline));
    let mut line = Line { delimiter, newline, bytes: Vec::new() };
    columns.iter().for_each(|name| line.cell(name, false));
    line.end(out)?;
    for row in rows {
        row.iter().for_each(|cell| line.cell(cell, false));
        line.end(out)?;
    }
    Ok(Written { n_rows: rows.len(), n_folded: 0 })
}

struct Line<'a> {
    delimiter: u8,
    newline: &'a str,
    bytes: Vec<u8>,
}

impl Line<'_> {
    fn cell(&mut self, cell: &str, always_quote: bool) {
        let special = |b: u8| matches!(b, b'"' | b'\n' | b'\r') || b == self.delimiter;
        if always_quote || cell.bytes().any(special) {
            self.bytes.push(b'"');
            self.bytes.extend_from_slice(cell.replace('"', "\"\"").as_bytes());
            self.bytes.push(b'"');
        } else {
            self.bytes.extend_from_slice(cell.as_bytes());
        }
        self.bytes.push(self.delimiter);
    }

    /// A new row in the columns that the file has.
    fn row(&mut self, layout: &Layout, row: &NewRow<'_>) {
        for at in 0..layout.columns.len() {
            match at {
                _ if at == layout.at.0 => self.cell(row.text, layout.quoted.0),
                _ if at == layout.at.1 => self.cell(row.label, layout.quoted.1),
                _ => self.cell("", false),
            }
        }
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

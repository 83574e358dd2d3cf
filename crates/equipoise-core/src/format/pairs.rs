//! What formats share that hold a text and a label on each line, and nothing else.

use super::append::copy_lines;
use super::columns::choose;
use super::extend::no_room;
use super::intake::Intake;
use super::lines::Lines;
use super::text_reader::TextReader;
use super::{
    Added, Format, Layout, NewRow, NewRows, NoteKind, Place, ReadError, ReadRequest, Reading, Sink, WriteError, Written,
};
use std::io::{BufRead, Write};

/// A format that has a row a line, no header, no quotes and no column beside text and label.
pub(super) trait Pairs: Send + Sync {
    /// Its name in the catalog.
    fn name(&self) -> &'static str;

    /// As [`Format::extensions`].
    fn extensions(&self) -> &'static [&'static str];

    /// As [`Format::sniff`].
    fn sniff(&self, _head: &[u8]) -> bool {
        false
    }

    /// Hands the row on line `at` (from 1), which is not blank, to `intake`.
    ///
    /// # Errors
    /// [`ReadError`] where it is no row.
    fn read_line(
        &self,
        line: &str,
        at: u64,
        request: &ReadRequest,
        intake: &mut Intake<'_, '_>,
    ) -> Result<(), ReadError>;

    /// The line of a row, without its ending; `text` has no line break.
    ///
    /// # Errors
    /// [`WriteError::Value`] where the label cannot stand there.
    fn line(&self, text: &str, label: &str) -> Result<String, WriteError>;
}

impl<T: Pairs> Format for T {
    fn extensions(&self) -> &'static [&'static str] {
        Pairs::extensions(self)
    }

    fn sniff(&self, head: &[u8]) -> bool {
        Pairs::sniff(self, head)
    }

    fn holds_columns(&self) -> bool {
        false
    }

    fn read(&self, input: &mut dyn BufRead, request: &ReadRequest, sink: &mut Sink<'_>) -> Result<Reading, ReadError> {
        let columns = vec!["text".to_owned(), "label".to_owned()];
        let chosen = choose(&columns, request, &[], &Place::line(1))?;
        let mut intake = Intake::new(true, request, sink);
        intake.chosen(&chosen, &columns);
        let mut lines = Lines::new(TextReader::new(input)?);
        let mut any = false;
        while let Some((at, line)) = lines.next()? {
            if line.trim().is_empty() {
                intake.notes.count(NoteKind::BlankLine, at);
                continue;
            }
            any = true;
            self.read_line(line, at, request, &mut intake)?;
        }
        if !any {
            return Err(ReadError::Empty);
        }
        let mut layout = Layout::chosen(columns, (0, 1))?;
        layout.newline = lines.newline();
        intake.finish(layout)
    }

    fn append(
        &self,
        original: &mut dyn BufRead,
        layout: &Layout,
        rows: &[NewRow<'_>],
        out: &mut (dyn Write + Send),
    ) -> Result<Written, WriteError> {
        copy_lines(original, layout.newline, out)?;
        write_rows(self, rows.iter().map(|r| (r.text, r.label)), layout.newline, out)
    }

    fn extend(
        &self,
        _original: &mut dyn BufRead,
        _layout: &Layout,
        added: &Added<'_>,
        _out: &mut (dyn Write + Send),
    ) -> Result<Written, WriteError> {
        no_room(self.name(), added.columns)
    }

    fn write(
        &self,
        columns: &[&str],
        rows: &mut NewRows<'_>,
        like: Option<&Layout>,
        out: &mut (dyn Write + Send),
    ) -> Result<Written, WriteError> {
        if columns.len() != 2 {
            let columns = columns.iter().map(|c| (*c).to_owned()).collect();
            return Err(WriteError::Columns { format: self.name(), columns });
        }
        let pairs = rows.filter_map(|row| <[String; 2]>::try_from(row).ok()).map(|[text, label]| (text, label));
        write_rows(self, pairs, like.map_or("\n", |l| l.newline), out)
    }
}

fn write_rows<S: AsRef<str>>(
    format: &impl Pairs,
    rows: impl Iterator<Item = (S, S)>,
    newline: &str,
    out: &mut dyn Write,
) -> Result<Written, WriteError> {
    let mut written = Written::default();
    for (text, label) in rows {
        let (text, label) = (text.as_ref(), label.as_ref());
        let one_line = text.replace("\r\n", " ").replace(['\n', '\r'], " ");
        written.n_folded += usize::from(one_line != text);
        write!(out, "{}{newline}", format.line(&one_line, label)?).map_err(WriteError::Io)?;
        written.n_rows += 1;
    }
    Ok(written)
}

//! Lines of `text;label`.

use super::append::copy_lines;
use super::cell::shown;
use super::columns::choose;
use super::extend::no_room;
use super::intake::{Found, Intake};
use super::lines::Lines;
use super::text_reader::TextReader;
use super::{
    Format, Layout, NewColumn, NewRow, NoteKind, Place, ReadError, ReadRequest, Reading, Sink, WriteError, Written,
};
use crate::catalog::Entry;
use std::io::{BufRead, Write};

pub(super) static ENTRY: Entry<dyn Format> = Entry {
    name: "txt",
    what: "A row a line, `text;label`, split at the last semicolon; no header, no quotes.",
    why: "Some data sets (emotion, CARER) come like this, and it can be typed by hand.",
    source: "The files of the emotion data set (Saravia et al. 2018).",
    settings: &[],
    make: |_| Ok(Box::new(Txt)),
};

struct Txt;

impl Format for Txt {
    fn extensions(&self) -> &'static [&'static str] {
        &["txt"]
    }

    fn sniff(&self, _head: &[u8]) -> bool {
        false
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
            if request.unlabelled {
                any = true;
                intake.row(Found { at, text: Some(line), label: Some(line), ..Found::default() })?;
                continue;
            }
            let Some((text, label)) = line.rsplit_once(';') else {
                let stands = |c: char| line.contains(c);
                let delimiter = stands('\t').then_some("tsv").or([',', '|'].into_iter().any(stands).then_some("csv"));
                return Err(ReadError::NoSeparator { place: intake.place(at), shown: shown(line, 60), delimiter });
            };
            any = true;
            intake.row(Found { at, text: Some(text), label: Some(label), ..Found::default() })?;
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
        write_rows(rows.iter().map(|r| (r.text, r.label)), layout.newline, out)
    }

    fn extend(
        &self,
        _original: &mut dyn BufRead,
        _layout: &Layout,
        columns: &[NewColumn<'_>],
        _rows: &[NewRow<'_>],
        _out: &mut (dyn Write + Send),
    ) -> Result<Written, WriteError> {
        no_room(ENTRY.name, columns)
    }

    fn write(
        &self,
        columns: &[&str],
        rows: &[Vec<String>],
        like: Option<&Layout>,
        out: &mut (dyn Write + Send),
    ) -> Result<Written, WriteError> {
        if columns.len() != 2 {
            let columns = columns.iter().map(|c| (*c).to_owned()).collect();
            return Err(WriteError::Columns { format: ENTRY.name, columns });
        }
        let pairs = rows.iter().filter_map(|row| Some((row.first()?.as_str(), row.get(1)?.as_str())));
        write_rows(pairs, like.map_or("\n", |l| l.newline), out)
    }
}

fn write_rows<'r>(
    rows: impl Iterator<Item = (&'r str, &'r str)>,
    newline: &str,
    out: &mut dyn Write,
) -> Result<Written, WriteError> {
    let mut written = Written::default();
    for (text, label) in rows {
        if label.contains([';', '\n', '\r']) {
            let why = "a label there has neither a semicolon nor a line break";
            return Err(WriteError::Value { what: "label".to_owned(), shown: shown(label, 40), format: "txt", why });
        }
        let one_line = if text.contains(['\n', '\r']) {
            written.n_folded += 1;
            text.replace("\r\n", " ").replace(['\n', '\r'], " ")
        } else {
            text.to_owned()
        };
        write!(out, "{one_line};{label}{newline}").map_err(WriteError::Io)?;
        written.n_rows += 1;
    }
    Ok(written)
}

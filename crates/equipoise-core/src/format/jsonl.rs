//! JSON lines: an object a line, or one after the other.

use super::append::copy_lines;
use super::extend::Extension;
use super::json_lines::Objects;
use super::json_nan;
use super::json_rows::{JsonRows, extended, extended_like, fault, object_like, object_of};
use super::json_style::JsonStyle;
use super::lines::Lines;
use super::text_reader::TextReader;
use super::{
    Added, Format, Layout, NewRow, NewRows, NoteKind, Place, ReadError, ReadRequest, Reading, Sink, WriteError, Written,
};
use crate::catalog::Entry;
use serde_json::Value;
use std::io::{BufRead, Write};

pub(super) static ENTRY: Entry<dyn Format> = Entry {
    name: "jsonl",
    what: "One JSON object a line; or over several lines each, one after the other.",
    why: "It streams, holds any text without quoting rules, and is what model providers and hubs exchange.",
    source: "jsonlines.org; RFC 8259 for each line.",
    settings: &[],
    make: |_| Ok(Box::new(Jsonl)),
};

struct Jsonl;

impl Format for Jsonl {
    fn extensions(&self) -> &'static [&'static str] {
        &["jsonl", "ndjson"]
    }

    fn sniff(&self, head: &[u8]) -> bool {
        // An object that is more than a line was recognised before.
        head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start().first() == Some(&b'{')
    }

    fn read(&self, input: &mut dyn BufRead, request: &ReadRequest, sink: &mut Sink<'_>) -> Result<Reading, ReadError> {
        let mut lines = Lines::new(TextReader::new(input)?);
        let mut objects = Objects::default();
        let mut rows = JsonRows::new(true, request, sink);
        let mut style = None;
        let mut push = |rows: &mut JsonRows<'_, '_, '_>, at: u64, object: &str| {
            style.get_or_insert_with(|| JsonStyle::of(object));
            let value: Value = serde_json::from_str(&json_nan::without(object)).map_err(|e| fault(e, Some(at)))?;
            rows.push(at, value)
        };
        let mut is_first = true;
        while let Some((at, line)) = lines.next()? {
            if line.trim().is_empty() && !objects.is_open() {
                rows.intake.notes.count(NoteKind::BlankLine, at);
                continue;
            }
            if is_first && line.trim_start().starts_with('[') {
                let (found, expected) = ("an array".into(), "an object a line");
                return Err(ReadError::WrongShape { place: Place::line(at), found, expected, is: Some("json") });
            }
            is_first = false;
            if let Some((at, object)) = objects.push(at, line) {
                push(&mut rows, at, &object)?;
            }
        }
        if let Some((at, object)) = objects.take() {
            push(&mut rows, at, &object)?;
        }
        let mut reading = rows.finish()?;
        reading.layout.newline = lines.newline();
        reading.layout.json = style.unwrap_or_default();
        Ok(reading)
    }

    fn append(
        &self,
        original: &mut dyn BufRead,
        layout: &Layout,
        rows: &[NewRow<'_>],
        out: &mut (dyn Write + Send),
    ) -> Result<Written, WriteError> {
        copy_lines(original, layout.newline, out)?;
        for row in rows {
            let object = layout.json.render(&object_like(layout, row));
            write!(out, "{object}{}", layout.newline).map_err(WriteError::Io)?;
        }
        Ok(Written { n_rows: rows.len(), ..Written::default() })
    }

    fn extend(
        &self,
        original: &mut dyn BufRead,
        layout: &Layout,
        added: &Added<'_>,
        out: &mut (dyn Write + Send),
    ) -> Result<Written, WriteError> {
        let Added { columns, rows } = *added;
        let mut extension = Extension::new(columns, layout)?;
        let mut text = TextReader::new(original)?;
        out.write_all(text.mark()).map_err(WriteError::Io)?;
        let mut line = String::new();
        let mut objects = Objects::default();
        let mut n = 0;
        while text.read_line(&mut line)? > 0 {
            n += 1;
            if line.trim().is_empty() && !objects.is_open() {
                out.write_all(line.as_bytes()).map_err(WriteError::Io)?;
            } else if let Some((at, object)) = objects.push(n, &line) {
                let ending = if object.ends_with('\n') { "" } else { layout.newline };
                let extended = extended(layout, &mut extension, &object, Some(at))?;
                write!(out, "{extended}{ending}").map_err(WriteError::Io)?;
            }
            line.clear();
        }
        for (at, row) in rows.iter().enumerate() {
            write!(out, "{}{}", extended_like(layout, &extension, at, row), layout.newline).map_err(WriteError::Io)?;
        }
        Ok(Written { n_rows: rows.len(), ..Written::default() })
    }

    fn write(
        &self,
        columns: &[&str],
        rows: &mut NewRows<'_>,
        like: Option<&Layout>,
        out: &mut (dyn Write + Send),
    ) -> Result<Written, WriteError> {
        let style = like.map_or_else(JsonStyle::default, |l| l.json.clone());
        let newline = like.map_or("\n", |l| l.newline);
        let mut written = Written::default();
        for row in rows {
            write!(out, "{}{newline}", style.render(&object_of(columns, &row, like))).map_err(WriteError::Io)?;
            written.n_rows += 1;
        }
        Ok(written)
    }
}

//! A JSON array of objects.

use super::append::copy_before_end;
use super::extend::Extension;
use super::json_nan::WithoutNan;
use super::json_object;
use super::json_rows::{DEEPEST, JsonRows, extended, extended_like, fault, object_like, object_of};
use super::json_style::JsonStyle;
use super::layout::Form;
use super::text_reader::TextReader;
use super::{
    Added, Format, Layout, NewRow, NewRows, Place, ReadError, ReadRequest, Reading, Sink, WriteError, Written,
};
use crate::catalog::Entry;
use serde::de::{Error as _, IgnoredAny, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::fmt;
use std::io::{BufRead, Read, Write};

pub(super) static ENTRY: Entry<dyn Format> = Entry {
    name: "json",
    what: "A JSON array of objects, which is read object by object and never held whole; or an object with columns, or with a key for each split.",
    why: "Web exports and annotation tools write it.",
    source: "RFC 8259; nesting is limited to 127 levels as in serde_json.",
    settings: &[],
    make: |_| Ok(Box::new(Json)),
};

struct Json;

impl Format for Json {
    fn extensions(&self) -> &'static [&'static str] {
        &["json"]
    }

    fn sniff(&self, head: &[u8]) -> bool {
        let start = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
        let array = start.strip_prefix(b"[").is_some_and(|rest| rest.trim_ascii_start().first() == Some(&b'{'));
        array || is_object(start)
    }

    fn read(&self, input: &mut dyn BufRead, request: &ReadRequest, sink: &mut Sink<'_>) -> Result<Reading, ReadError> {
        let mut text = TextReader::new(input)?;
        let head = String::from_utf8_lossy(text.fill_buf()?).into_owned();
        if head.trim_start().starts_with('{') && !is_sequence(&head) {
            let mut whole = String::new();
            text.read_to_string(&mut whole)?;
            return json_object::read(&whole, request, sink);
        }
        starts_with_array(&head)?;
        let style = JsonStyle::of(&head);
        let mut rows = JsonRows::new(false, request, sink);
        let mut stopped = None;
        let mut parser = serde_json::Deserializer::from_reader(WithoutNan::new(text));
        let visitor = Items { rows: &mut rows, stopped: &mut stopped };
        let outcome = serde::Deserializer::deserialize_seq(&mut parser, visitor).and_then(|()| parser.end());
        if let Some(error) = stopped {
            return Err(error);
        }
        outcome.map_err(|e| fault(e, None))?;
        let mut reading = rows.finish()?;
        reading.layout.json = style;
        Ok(reading)
    }

    fn append(
        &self,
        original: &mut dyn BufRead,
        layout: &Layout,
        rows: &[NewRow<'_>],
        out: &mut (dyn Write + Send),
    ) -> Result<Written, WriteError> {
        if layout.form != Form::Array {
            return write_object(original, layout, &Added { columns: &[], rows }, out);
        }
        let end = copy_before_end(original, out, |b| b == b']' || b.is_ascii_whitespace())?;
        for row in rows {
            let object = layout.json.render(&object_like(layout, row));
            write!(out, ",{}{object}", layout.json.between_items).map_err(WriteError::Io)?;
        }
        out.write_all(&end).map_err(WriteError::Io)?;
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
        if layout.form != Form::Array {
            return write_object(original, layout, added, out);
        }
        let mut extension = Extension::new(columns, layout)?;
        let mut text = TextReader::new(original)?;
        out.write_all(text.mark()).map_err(WriteError::Io)?;
        let mut items = ArrayItems::default();
        loop {
            let chunk = text.fill_buf()?;
            if chunk.is_empty() {
                break;
            }
            let n = chunk.len();
            for &byte in chunk {
                let Some(object) = items.push(byte, out)? else { continue };
                let extended = extended(layout, &mut extension, &object, None)?;
                out.write_all(extended.as_bytes()).map_err(WriteError::Io)?;
            }
            text.consume(n);
        }
        for (at, row) in rows.iter().enumerate() {
            let object = extended_like(layout, &extension, at, row);
            write!(out, ",{}{object}", layout.json.between_items).map_err(WriteError::Io)?;
        }
        out.write_all(&items.end).map_err(WriteError::Io)?;
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
        let mut written = Written::default();
        for row in rows {
            let before = if written.n_rows == 0 { "[\n  " } else { ",\n  " };
            write!(out, "{before}{}", style.render(&object_of(columns, &row, like))).map_err(WriteError::Io)?;
            written.n_rows += 1;
        }
        out.write_all(if written.n_rows == 0 { b"[]\n" } else { b"\n]\n" }).map_err(WriteError::Io)?;
        Ok(written)
    }
}

/// Whether content is one object that holds rows, and not an object after the other as in `jsonl`: it goes over several lines, or is one
/// line alone that has columns or rows in it.
fn is_object(start: &[u8]) -> bool {
    let mut objects = serde_json::Deserializer::from_slice(start).into_iter::<Map<String, Value>>();
    match objects.next() {
        Some(Ok(object)) => {
            let (whole, rest) = start.split_at(objects.byte_offset());
            let is_row = |value: &Value| value.is_object() || value.is_array();
            let all = object.len() > 1 && object.values().all(is_row);
            let is_lone = rest.trim_ascii_start().is_empty();
            let holds_rows =
                || std::str::from_utf8(whole).is_ok_and(|whole| json_object::holds_rows(whole.trim(), DEEPEST));
            is_lone && (whole.contains(&b'\n') || all || holds_rows())
        }
        Some(Err(e)) => start.first() == Some(&b'{') && e.is_eof() && (start.contains(&b'\n') || is_of_columns(start)),
        None => false,
    }
}

/// Whether a first line that is longer than what is seen of it begins with a column or rows.
fn is_of_columns(start: &[u8]) -> bool {
    let value = start.windows(2).position(|pair| pair == b"\":").map_or(&[][..], |at| &start[at + 2..]);
    matches!(value.trim_ascii_start().first(), Some(b'[' | b'{'))
}

/// Whether `head` begins with an object after the other.
fn is_sequence(head: &str) -> bool {
    let mut objects = serde_json::Deserializer::from_str(head).into_iter::<IgnoredAny>();
    objects.next().is_some_and(|first| first.is_ok()) && head[objects.byte_offset()..].trim_start().starts_with('{')
}

/// Adds to an object that holds rows.
fn write_object(
    original: &mut dyn BufRead,
    layout: &Layout,
    added: &Added<'_>,
    out: &mut dyn Write,
) -> Result<Written, WriteError> {
    let Added { columns, rows } = *added;
    let mut text = TextReader::new(original)?;
    out.write_all(text.mark()).map_err(WriteError::Io)?;
    let mut whole = String::new();
    text.read_to_string(&mut whole)?;
    json_object::write(&whole, layout, rows, Extension::new(columns, layout)?, out)?;
    Ok(Written { n_rows: rows.len(), ..Written::default() })
}

/// Cuts an array of objects that is known to be JSON into its objects; all else is passed on, the end of the array held back.
#[derive(Default)]
pub(super) struct ArrayItems {
    depth: usize,
    in_string: bool,
    escaped: bool,
    object: Vec<u8>,
    /// White space since the last object and what follows it: written once more objects are.
    pub(super) end: Vec<u8>,
}

impl ArrayItems {
    /// Takes a byte; gives the object that it ends.
    pub(super) fn push(&mut self, byte: u8, out: &mut dyn Write) -> Result<Option<String>, WriteError> {
        let inside = self.depth >= 2;
        match byte {
            _ if self.escaped => self.escaped = false,
            b'\\' if self.in_string => self.escaped = true,
            b'"' => self.in_string = !self.in_string,
            _ if self.in_string => {}
            b'[' | b'{' => self.depth += 1,
            b']' | b'}' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        if !inside && self.depth < 2 {
            // The array's own brackets, commas and white space.
            self.end.push(byte);
            return Ok(None);
        }
        if !inside {
            out.write_all(&std::mem::take(&mut self.end)).map_err(WriteError::Io)?;
        }
        self.object.push(byte);
        if self.depth >= 2 {
            return Ok(None);
        }
        let object = String::from_utf8(std::mem::take(&mut self.object));
        Ok(Some(object.expect("the bytes are checked UTF-8 and objects are cut at ASCII")))
    }
}

/// Says what stands there instead of an array, before the parser says it worse.
fn starts_with_array(head: &str) -> Result<(), ReadError> {
    let rest = head.trim_start();
    let place = Place::line(head[..head.len() - rest.len()].matches('\n').count() as u64 + 1);
    let (found, is) = match rest.chars().next() {
        None => return Err(ReadError::Empty),
        Some('[') => return Ok(()),
        Some('{') => ("one object after the other, which is jsonl", Some("jsonl")),
        Some('"') => ("a string", None),
        Some('-' | '0'..='9') => ("a number", None),
        Some(_) => ("something that is not JSON", None),
    };
    Err(ReadError::WrongShape { place, found: found.into(), expected: "an array of objects", is })
}

/// Hands the items of the array on, one by one.
pub(super) struct Items<'a, 'r, 's, 'f> {
    pub(super) rows: &'a mut JsonRows<'r, 's, 'f>,
    /// A fault of a row, which the parser's own error type cannot carry.
    pub(super) stopped: &'a mut Option<ReadError>,
}

impl<'de> Visitor<'de> for Items<'_, '_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of objects")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let mut record = 0;
        while let Some(value) = items.next_element::<Value>()? {
            record += 1;
            if let Err(error) = self.rows.push(record, value) {
                *self.stopped = Some(error);
                return Err(A::Error::custom("a row stopped the reading"));
            }
        }
        Ok(())
    }
}

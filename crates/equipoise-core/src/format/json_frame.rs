//! Data frames whose rows stand in one piece: objects by the number of the row, or lists of cells beside the names of the columns. Pandas
//! calls these forms `index` and `split`.

use super::extend::Extension;
use super::json::ArrayItems;
use super::json_rows::{extended, extended_like, fault, object_like, scalar_form};
use super::layout::Form;
use super::{Layout, NewRow, Place, ReadError, WriteError};
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use std::io::Write;

/// A key of an object and the text of its value.
pub(super) type Member<'t> = (String, &'t RawValue);

/// The text of the value of a key.
pub(super) fn value_of<'t>(members: &[Member<'t>], key: &str) -> &'t str {
    members.iter().find(|(k, _)| k == key).map_or("[]", |(_, raw)| raw.get())
}

/// Where `part`, a part of `text`, stands in it.
pub(super) fn span(text: &str, part: &str) -> (usize, usize) {
    let start = (part.as_ptr() as usize).saturating_sub(text.as_ptr() as usize).min(text.len());
    (start, (start + part.len()).min(text.len()))
}

/// Which of the two forms the members of an object have.
pub(super) fn form_of(members: &[Member<'_>]) -> Option<Form> {
    let has = |key: &str, start: &str| {
        let marks = value_of(members, key).chars().filter(|c| !c.is_whitespace());
        marks.take(start.len()).eq(start.chars())
    };
    if has("columns", "[\"") && has("data", "[[") {
        return Some(Form::Split);
    }
    let is_number = |key: &str| !key.is_empty() && key.bytes().all(|b| b.is_ascii_digit());
    let is_row = |value: &str| {
        let names = serde_json::from_str::<Map<String, Value>>(value).map(|row| row.into_iter().map(|(name, _)| name));
        names.is_ok_and(|mut names| names.next().is_some_and(|name| !is_number(&name)))
    };
    let first = members.first().map_or("", |(_, value)| value.get());
    (members.iter().all(|(key, _)| is_number(key)) && is_row(first)).then_some(Form::Rows)
}

/// The rows.
pub(super) fn table(members: &[Member<'_>], form: &Form) -> Result<Vec<Map<String, Value>>, ReadError> {
    if *form == Form::Rows {
        return members.iter().map(|(_, raw)| serde_json::from_str(raw.get()).map_err(|e| fault(e, None))).collect();
    }
    let columns: Vec<String> = serde_json::from_str(value_of(members, "columns")).map_err(|e| fault(e, None))?;
    let data: Vec<Vec<Value>> = serde_json::from_str(value_of(members, "data")).map_err(|e| fault(e, None))?;
    if let Some(at) = data.iter().position(|cells| cells.len() != columns.len()) {
        let found = format!("{} cells, and {} columns", data[at].len(), columns.len()).into();
        let place = Place::record(at as u64 + 1);
        return Err(ReadError::WrongShape { place, found, expected: "a cell for each column", is: None });
    }
    Ok(data.into_iter().map(|cells| columns.iter().cloned().zip(cells).collect()).collect())
}

/// Writes the object with `rows` behind its own, and the cells of `extension` in every row.
pub(super) fn write_rows(
    (text, members): (&str, &[Member<'_>]),
    layout: &Layout,
    rows: &[NewRow<'_>],
    mut extension: Extension<'_, '_>,
    out: &mut dyn Write,
) -> Result<(), WriteError> {
    let mut done = 0;
    for (_, raw) in members {
        let (start, end) = span(text, raw.get());
        out.write_all(&text.as_bytes()[done..start]).map_err(WriteError::Io)?;
        let row = match extension.columns {
            [] => raw.get().to_owned(),
            _ => extended(layout, &mut extension, raw.get(), None)?,
        };
        out.write_all(row.as_bytes()).map_err(WriteError::Io)?;
        done = end;
    }
    let numbers = members.iter().filter_map(|(key, _)| key.parse::<u64>().ok());
    let next = numbers.max().map_or(0, |number| number + 1);
    for (number, (at, row)) in (next..).zip(rows.iter().enumerate()) {
        write!(out, ", \"{number}\": {}", extended_like(layout, &extension, at, row)).map_err(WriteError::Io)?;
    }
    out.write_all(&text.as_bytes()[done..]).map_err(WriteError::Io)
}

/// As [`write_rows`], for lists of cells.
pub(super) fn write_split(
    (text, members): (&str, &[Member<'_>]),
    layout: &Layout,
    rows: &[NewRow<'_>],
    mut extension: Extension<'_, '_>,
    out: &mut dyn Write,
) -> Result<(), WriteError> {
    let columns: Vec<String> = serde_json::from_str(value_of(members, "columns")).map_err(|e| fault(e, None))?;
    let at = |name: &str| columns.iter().position(|column| column == name);
    let (text_at, label_at) = (at(&layout.text), at(&layout.label));
    let mut n_old = 0;
    let mut done = 0;
    for (key, raw) in members {
        let (start, end) = span(text, raw.get());
        out.write_all(&text.as_bytes()[done..start]).map_err(WriteError::Io)?;
        done = end;
        let list = match key.as_str() {
            "columns" => with_more(raw.get(), extension.columns.iter().map(|c| Value::String(c.name.to_owned()))),
            "index" => {
                let n = serde_json::from_str::<Vec<Value>>(raw.get()).map_or(0, |index| index.len());
                with_more(raw.get(), (n..n + rows.len()).map(Value::from))
            }
            "data" => {
                let mut items = ArrayItems::default();
                for byte in raw.get().bytes() {
                    let Some(record) = items.push(byte, out)? else { continue };
                    n_old += 1;
                    let cells: Vec<Value> = serde_json::from_str(&record).map_err(|e| fault(e, None))?;
                    let cell = |at: Option<usize>| at.and_then(|at| cells.get(at));
                    let label = cell(label_at).and_then(scalar_form);
                    let new = extension.record(cell(text_at).and_then(Value::as_str), label.as_deref());
                    out.write_all(with_more(&record, new.iter().map(|c| c.json())).as_bytes())
                        .map_err(WriteError::Io)?;
                }
                for (at, row) in rows.iter().enumerate() {
                    let mut object = object_like(layout, row);
                    let own = columns.iter().map(|name| object.remove(name).unwrap_or(Value::Null));
                    let cells: Vec<Value> = own.chain(extension.new_row(at).iter().map(|c| c.json())).collect();
                    let comma = if n_old + at > 0 { "," } else { "" };
                    write!(out, "{comma}{}", Value::Array(cells)).map_err(WriteError::Io)?;
                }
                String::from_utf8_lossy(&items.end).into_owned()
            }
            _ => raw.get().to_owned(),
        };
        out.write_all(list.as_bytes()).map_err(WriteError::Io)?;
    }
    out.write_all(&text.as_bytes()[done..]).map_err(WriteError::Io)
}

/// The text of a list with more items behind its own.
fn with_more(list: &str, items: impl Iterator<Item = Value>) -> String {
    let body = list.trim_end().strip_suffix(']').unwrap_or(list).trim_end();
    let mut more = body.to_owned();
    for item in items {
        let comma = if more.ends_with('[') { "" } else { "," };
        more.push_str(&format!("{comma}{item}"));
    }
    more + &list[body.len()..]
}

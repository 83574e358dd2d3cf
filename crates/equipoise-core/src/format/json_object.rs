//! A JSON object that holds rows: under one of its keys (a split), or as columns side by side.

use super::extend::Extension;
use super::json::{ArrayItems, Items};
use super::json_frame::{self, Member, span, value_of};
use super::json_rows::{DEEPEST, JsonRows, extended, extended_like, fault, lookup, object_like, scalar_form};
use super::json_style::{JsonStyle, leading_space};
use super::layout::Form;
use super::{Layout, NewRow, Place, ReadError, ReadRequest, Reading, Sink, WriteError};
use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use std::fmt;
use std::io::Write;

/// Reads the rows of the object `text`.
pub(super) fn read(text: &str, request: &ReadRequest, sink: &mut Sink<'_>) -> Result<Reading, ReadError> {
    let members = members(text)?;
    let form = form_of(&members, request)?;
    if let Form::Inside(key, _) = form {
        let mut reading = read(value_of(&members, &key), request, sink)?;
        reading.layout.form = Form::Inside(key, Box::new(reading.layout.form));
        return Ok(reading);
    }
    let mut rows = JsonRows::new(false, request, sink);
    let mut style = JsonStyle::default();
    match &form {
        Form::Member(key) => {
            let raw = value_of(&members, key);
            style = JsonStyle::of(raw);
            let mut stopped = None;
            let mut parser = serde_json::Deserializer::from_str(raw);
            let visitor = Items { rows: &mut rows, stopped: &mut stopped };
            let outcome = serde::Deserializer::deserialize_seq(&mut parser, visitor);
            if let Some(error) = stopped {
                return Err(error);
            }
            outcome.map_err(|e| fault(e, None))?;
        }
        _ => {
            let table = match form {
                Form::Rows | Form::Split => json_frame::table(&members, &form)?,
                _ => table(&members, &form)?,
            };
            if let (Form::Rows, Some((_, first))) = (&form, members.first()) {
                style = JsonStyle::of(first.get());
            }
            for (at, row) in table.into_iter().enumerate() {
                rows.push(at as u64 + 1, Value::Object(row))?;
            }
        }
    }
    let mut reading = rows.finish()?;
    reading.layout.json = style;
    reading.layout.form = form;
    Ok(reading)
}

/// Writes the object with `rows` added where its rows stand, and the cells of `extension` in every row.
pub(super) fn write(
    text: &str,
    layout: &Layout,
    rows: &[NewRow<'_>],
    extension: Extension<'_, '_>,
    out: &mut dyn Write,
) -> Result<(), WriteError> {
    let members = members(text)?;
    if let Form::Inside(key, form) = &layout.form {
        let inside = value_of(&members, key);
        let (start, end) = span(text, inside);
        out.write_all(&text.as_bytes()[..start]).map_err(WriteError::Io)?;
        write(inside, &Layout { form: (**form).clone(), ..layout.clone() }, rows, extension, out)?;
        return out.write_all(&text.as_bytes()[end..]).map_err(WriteError::Io);
    }
    match &layout.form {
        Form::Member(key) => write_member((text, value_of(&members, key)), layout, rows, extension, out),
        Form::Rows => json_frame::write_rows((text, &members), layout, rows, extension, out),
        Form::Split => json_frame::write_split((text, &members), layout, rows, extension, out),
        _ => write_columns((text, &members), layout, rows, extension, out),
    }
}

/// The same where the rows are the array `raw` under one key.
fn write_member(
    (text, raw): (&str, &str),
    layout: &Layout,
    rows: &[NewRow<'_>],
    mut extension: Extension<'_, '_>,
    out: &mut dyn Write,
) -> Result<(), WriteError> {
    let (start, end) = span(text, raw);
    out.write_all(&text.as_bytes()[..start]).map_err(WriteError::Io)?;
    let mut items = ArrayItems::default();
    for byte in raw.bytes() {
        let Some(object) = items.push(byte, out)? else { continue };
        let object = match extension.columns {
            [] => object,
            _ => extended(layout, &mut extension, &object, None)?,
        };
        out.write_all(object.as_bytes()).map_err(WriteError::Io)?;
    }
    for (at, row) in rows.iter().enumerate() {
        let object = extended_like(layout, &extension, at, row);
        write!(out, ",{}{object}", layout.json.between_items).map_err(WriteError::Io)?;
    }
    out.write_all(&items.end).map_err(WriteError::Io)?;
    out.write_all(&text.as_bytes()[end..]).map_err(WriteError::Io)
}

/// The same where each key is a column.
fn write_columns(
    (text, members): (&str, &[Member<'_>]),
    layout: &Layout,
    rows: &[NewRow<'_>],
    extension: Extension<'_, '_>,
    out: &mut dyn Write,
) -> Result<(), WriteError> {
    let old = table(members, &layout.form)?;
    let new: Vec<Map<String, Value>> = rows.iter().map(|row| object_like(layout, row)).collect();
    let mut done = 0;
    let mut copy_to = |end: usize, out: &mut dyn Write| {
        out.write_all(&text.as_bytes()[done..end]).map_err(WriteError::Io)?;
        done = end;
        Ok::<(), WriteError>(())
    };
    for (key, raw) in members {
        let (start, end) = span(text, raw.get());
        let body = text[start..end - 1].trim_end().len();
        copy_to(start + body, out)?;
        let cells = new.iter().map(|row| row.get(key).unwrap_or(&Value::Null));
        write_cells(cells, raw.get(), old.len(), out)?;
        copy_to(end, out)?;
    }
    let close = text.rfind('}').unwrap_or(text.len());
    copy_to(text[..close].trim_end().len(), out)?;
    write_new_columns(&old, layout, rows.len(), extension, out)?;
    copy_to(text.len(), out)
}

/// The columns of `extension` over the `old` rows and `n_new` further ones.
fn write_new_columns(
    old: &[Map<String, Value>],
    layout: &Layout,
    n_new: usize,
    mut extension: Extension<'_, '_>,
    out: &mut dyn Write,
) -> Result<(), WriteError> {
    let mut columns: Vec<Vec<Value>> = vec![Vec::new(); extension.columns.len()];
    for row in old {
        let (text, label) = (lookup(row, &layout.paths.0).and_then(Value::as_str), lookup(row, &layout.paths.1));
        let cells = extension.record(text, label.and_then(scalar_form).as_deref());
        columns.iter_mut().zip(cells).for_each(|(column, cell)| column.push(cell.json()));
    }
    for at in 0..n_new {
        columns.iter_mut().zip(extension.new_row(at)).for_each(|(column, cell)| column.push(cell.json()));
    }
    for (column, cells) in extension.columns.iter().zip(columns) {
        let cells = match layout.form {
            Form::Indexed => Value::Object(cells.into_iter().enumerate().map(|(i, c)| (i.to_string(), c)).collect()),
            _ => Value::Array(cells),
        };
        write!(out, ", {}: {cells}", Value::String(column.name.to_owned())).map_err(WriteError::Io)?;
    }
    Ok(())
}

/// Cells behind those of a column, in its own style.
fn write_cells<'v>(
    cells: impl Iterator<Item = &'v Value>,
    column: &str,
    n_old: usize,
    out: &mut dyn Write,
) -> Result<(), WriteError> {
    let inside = &column[1..];
    let first_end = match column.starts_with('{') {
        // The first key and its value are skipped together.
        true => inside.find(':').map_or(0, |at| at + 1 + one_value(&inside[at + 1..])),
        false => one_value(inside),
    };
    let between = inside[first_end..].trim_start().strip_prefix(',').map_or(String::from(" "), leading_space);
    let after_colon = inside.split_once(':').map_or(String::new(), |(_, rest)| leading_space(rest));
    for (i, cell) in cells.enumerate() {
        match column.starts_with('{') {
            true => write!(out, ",{between}\"{}\":{after_colon}{cell}", n_old + i),
            false => write!(out, ",{between}{cell}"),
        }
        .map_err(WriteError::Io)?;
    }
    Ok(())
}

/// Length of the value at the start of `text`, white space before it included.
fn one_value(text: &str) -> usize {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<IgnoredAny>();
    values.next();
    values.byte_offset()
}

/// The rows of columns; every value is an array, or an object by index.
fn table(members: &[Member<'_>], form: &Form) -> Result<Vec<Map<String, Value>>, ReadError> {
    let mut rows: Vec<Map<String, Value>> = Vec::new();
    for (i, (key, raw)) in members.iter().enumerate() {
        let cells: Vec<Value> = match form {
            Form::Indexed => {
                let by_index: Map<String, Value> = serde_json::from_str(raw.get()).map_err(|e| fault(e, None))?;
                by_index.into_iter().map(|(_, cell)| cell).collect()
            }
            _ => serde_json::from_str(raw.get()).map_err(|e| fault(e, None))?,
        };
        if i == 0 {
            rows.resize(cells.len(), Map::new());
        }
        if cells.len() != rows.len() {
            let found = format!("{} cells, and {} in the columns before it", cells.len(), rows.len()).into();
            let place = Place::default().column(key.as_str());
            return Err(ReadError::WrongShape { place, found, expected: "columns of equal length", is: None });
        }
        rows.iter_mut().zip(cells).for_each(|(row, cell)| drop(row.insert(key.clone(), cell)));
    }
    Ok(rows)
}

fn form_of(members: &[Member<'_>], request: &ReadRequest) -> Result<Form, ReadError> {
    if let Some(form) = json_frame::form_of(members) {
        return Ok(form);
    }
    let opens = |raw: &RawValue, with: char| raw.get().starts_with(with);
    let splits: Vec<&String> =
        members.iter().filter(|(_, raw)| is_rows(raw) || of_columns(raw.get())).map(|(key, _)| key).collect();
    let form = |split: &str| match of_columns(value_of(members, split)) {
        true => Form::Inside(split.to_owned(), Box::new(Form::Columns)),
        false => Form::Member(split.to_owned()),
    };
    match (splits.as_slice(), &request.dialect.split) {
        ([one], None) => return Ok(form(one)),
        ([_, ..], Some(asked)) if splits.contains(&asked) => return Ok(form(asked)),
        ([_, ..], asked) => {
            let splits = splits.into_iter().cloned().collect();
            return Err(ReadError::Splits { asked: asked.clone(), splits });
        }
        ([], _) => {}
    }
    let scalars = |raw: &RawValue| !raw.get()[1..].trim_start().starts_with(['{', '[']);
    let all = |with: char| members.len() > 1 && members.iter().all(|(_, raw)| opens(raw, with) && scalars(raw));
    if all('[') {
        return Ok(Form::Columns);
    }
    if all('{') {
        return Ok(Form::Indexed);
    }
    let holders = members.iter().filter(|(_, raw)| holds_rows(raw.get(), DEEPEST)).map(|(key, _)| key);
    if let [one] = holders.collect::<Vec<_>>()[..] {
        // Which form the rows have is seen there.
        return Ok(Form::Inside(one.clone(), Box::default()));
    }
    let (found, expected) = ("an object".into(), "an array of objects");
    Err(ReadError::WrongShape { place: Place::line(1), found, expected, is: None })
}

/// Whether a value is an array of objects.
fn is_rows(value: &RawValue) -> bool {
    value.get().strip_prefix('[').is_some_and(|rest| rest.trim_start().starts_with('{'))
}

/// Whether a value is an object that holds rows below no more than `depth` keys.
pub(super) fn holds_rows(value: &str, depth: usize) -> bool {
    let within = |(_, raw): &Member<'_>| is_rows(raw) || of_columns(raw.get()) || holds_rows(raw.get(), depth - 1);
    depth > 0 && value.starts_with('{') && members(value).is_ok_and(|members| members.iter().any(within))
}

/// Whether a value is an object of columns: several, each of them an array or an object of cells, and none of them of further arrays.
fn of_columns(value: &str) -> bool {
    let is_column = |(_, raw): &Member<'_>| {
        let inside = raw.get().strip_prefix(['[', '{']);
        inside.is_some_and(|rest| !rest.trim_start().starts_with(['[', '{']))
    };
    value.starts_with('{') && members(value).is_ok_and(|columns| columns.len() > 1 && columns.iter().all(is_column))
}

/// The keys of an object and the texts of their values, in order.
fn members(text: &str) -> Result<Vec<Member<'_>>, ReadError> {
    struct Members;
    impl<'de> Visitor<'de> for Members {
        type Value = Vec<Member<'de>>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut members = Vec::new();
            while let Some(member) = map.next_entry()? {
                members.push(member);
            }
            Ok(members)
        }
    }
    let mut parser = serde_json::Deserializer::from_str(text);
    let members = serde::Deserializer::deserialize_map(&mut parser, Members).map_err(|e| fault(e, None))?;
    parser.end().map_err(|e| fault(e, None))?;
    Ok(members)
}

#[cfg(test)]
mod tests {
    use super::super::{Added, NewCells, NewColumn, by_name, read_bytes};
    use super::*;

    fn both(original: &str, split: Option<&str>) -> (Vec<(String, String)>, String, String) {
        let mut request = ReadRequest::default();
        request.dialect.split = split.map(str::to_owned);
        let (rows, reading) = read_bytes("json", original.as_bytes(), &request).expect(original);
        let (_, format) = by_name("json").expect("a format");
        let new = [NewRow { text: "n", label: "y" }];
        let (mut appended, mut extended) = (Vec::new(), Vec::new());
        format.append(&mut original.as_bytes(), &reading.layout, &new, &mut appended).expect(original);
        let cells = NewCells::Text { real: "real", new: vec!["made".to_owned()] };
        let columns = [NewColumn { name: "origin", cells }];
        let added = Added { columns: &columns, rows: &new };
        format.extend(&mut original.as_bytes(), &reading.layout, &added, &mut extended).expect(original);
        (rows, String::from_utf8(appended).expect("UTF-8"), String::from_utf8(extended).expect("UTF-8"))
    }

    #[test]
    fn columns_splits_and_data_frames_are_rows_and_get_rows_where_they_stand() {
        let pairs = [("a".to_owned(), "x".to_owned()), ("b".to_owned(), "y".to_owned())];
        let cases = [
            (
                "{\"text\": [\"a\", \"b\"], \"label\": [\"x\", \"y\"]}\n",
                "{\"text\": [\"a\", \"b\", \"n\"], \"label\": [\"x\", \"y\", \"y\"]}\n",
                "{\"text\": [\"a\", \"b\", \"n\"], \"label\": [\"x\", \"y\", \"y\"], \"origin\": [\"real\",\"real\",\"made\"]}\n",
            ),
            (
                "{\"text\":{\"0\":\"a\",\"1\":\"b\"},\"label\":{\"0\":\"x\",\"1\":\"y\"}}",
                "{\"text\":{\"0\":\"a\",\"1\":\"b\",\"2\":\"n\"},\"label\":{\"0\":\"x\",\"1\":\"y\",\"2\":\"y\"}}",
                "{\"text\":{\"0\":\"a\",\"1\":\"b\",\"2\":\"n\"},\"label\":{\"0\":\"x\",\"1\":\"y\",\"2\":\"y\"}, \"origin\": {\"0\":\"real\",\"1\":\"real\",\"2\":\"made\"}}",
            ),
            (
                "{\"0\": {\"text\": \"a\", \"label\": \"x\"}, \"1\": {\"text\": \"b\", \"label\": \"y\"}}",
                "{\"0\": {\"text\": \"a\", \"label\": \"x\"}, \"1\": {\"text\": \"b\", \"label\": \"y\"}, \"2\": {\"text\": \"n\", \"label\": \"y\"}}",
                "{\"0\": {\"text\": \"a\", \"label\": \"x\", \"origin\": \"real\"}, \"1\": {\"text\": \"b\", \"label\": \"y\", \"origin\": \"real\"}, \"2\": {\"text\": \"n\", \"label\": \"y\", \"origin\": \"made\"}}",
            ),
            (
                "{\"columns\":[\"label\",\"text\"],\"index\":[0,1],\"data\":[[\"x\",\"a\"],[\"y\",\"b\"]]}",
                "{\"columns\":[\"label\",\"text\"],\"index\":[0,1,2],\"data\":[[\"x\",\"a\"],[\"y\",\"b\"],[\"y\",\"n\"]]}",
                "{\"columns\":[\"label\",\"text\",\"origin\"],\"index\":[0,1,2],\"data\":[[\"x\",\"a\",\"real\"],[\"y\",\"b\",\"real\"],[\"y\",\"n\",\"made\"]]}",
            ),
            (
                "{\"version\": 1, \"data\": [{\"text\": \"a\", \"label\": \"x\"}, {\"text\": \"b\", \"label\": \"y\"}]}",
                "{\"version\": 1, \"data\": [{\"text\": \"a\", \"label\": \"x\"}, {\"text\": \"b\", \"label\": \"y\"}, {\"text\": \"n\", \"label\": \"y\"}]}",
                "{\"version\": 1, \"data\": [{\"text\": \"a\", \"label\": \"x\", \"origin\": \"real\"}, {\"text\": \"b\", \"label\": \"y\", \"origin\": \"real\"}, {\"text\": \"n\", \"label\": \"y\", \"origin\": \"made\"}]}",
            ),
        ];
        for (original, appended, extended) in cases {
            assert_eq!(both(original, None), (pairs.to_vec(), appended.to_owned(), extended.to_owned()));
        }
    }

    #[test]
    fn a_split_may_hold_columns() {
        let file =
            "{\"train\": {\"text\": [\"a\"], \"label\": [\"x\"]}, \"test\": {\"text\": [\"b\"], \"label\": [\"y\"]}}";
        let error = read_bytes("json", file.as_bytes(), &ReadRequest::default()).unwrap_err();
        assert!(matches!(error, ReadError::Splits { .. }), "{error}");
        let (rows, appended, extended) = both(file, Some("test"));
        assert_eq!(rows, [("b".to_owned(), "y".to_owned())]);
        assert_eq!(appended, file.replace("[\"b\"]", "[\"b\", \"n\"]").replace("[\"y\"]", "[\"y\", \"y\"]"));
        assert!(
            extended.starts_with(&file[..40]) && extended.ends_with("\"origin\": [\"real\",\"made\"]}}"),
            "{extended}"
        );
    }

    #[test]
    fn rows_deep_inside_are_found_and_added_to_where_they_stand() {
        let file = "{\"version\": 3, \"nlu\": {\"notes\": [], \"examples\": [{\"text\": \"a\", \"label\": \"x\"}]}}";
        let (rows, appended, extended) = both(file, None);
        assert_eq!(rows, [("a".to_owned(), "x".to_owned())]);
        assert_eq!(appended, file.replace("}]", "},{\"text\": \"n\", \"label\": \"y\"}]"));
        assert!(extended.ends_with("\"label\": \"y\", \"origin\": \"made\"}]}}"), "{extended}");
        let two = "{\"data\": {\"train\": [{\"text\": \"a\", \"label\": \"x\"}], \"test\": [{\"text\": \"b\", \"label\": \"y\"}]}}";
        let error = read_bytes("json", two.as_bytes(), &ReadRequest::default()).unwrap_err();
        assert!(matches!(error, ReadError::Splits { .. }), "{error}");
        assert_eq!(both(two, Some("test")).0, [("b".to_owned(), "y".to_owned())]);
    }

    #[test]
    fn several_splits_are_asked_about() {
        let file =
            "{\"train\": [{\"text\": \"a\", \"label\": \"x\"}], \"test\": [{\"text\": \"b\", \"label\": \"y\"}]}";
        let error = read_bytes("json", file.as_bytes(), &ReadRequest::default()).unwrap_err();
        assert_eq!(error, ReadError::Splits { asked: None, splits: vec!["train".to_owned(), "test".to_owned()] });
        let (rows, appended, _) = both(file, Some("test"));
        assert_eq!(rows, [("b".to_owned(), "y".to_owned())]);
        assert!(
            appended.starts_with(&file[..60]) && appended.ends_with("{\"text\": \"n\", \"label\": \"y\"}]}"),
            "{appended}"
        );
    }
}

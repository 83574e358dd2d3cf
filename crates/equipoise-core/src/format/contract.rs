//! The promises that every format keeps.

use super::*;
use proptest::prelude::*;

fn formats() -> impl Iterator<Item = (&'static str, Box<dyn Format>)> {
    CATALOG.iter().map(|e| (e.name, e.build(&crate::catalog::Settings::new()).unwrap()))
}

fn owned(rows: &[(String, String)]) -> impl Iterator<Item = Vec<String>> {
    rows.iter().map(|(text, label)| vec![text.clone(), label.clone()])
}

fn write(format: &dyn Format, rows: &[(String, String)]) -> Vec<u8> {
    let mut out = Vec::new();
    format.write(&["text", "label"], &mut owned(rows), None, &mut out).unwrap();
    out
}

/// Takes whatever is drawn: labels that hardly differ, rows without one.
pub(super) fn lenient() -> ReadRequest {
    let dialect = Dialect { allow_dropped: true, similar_labels: SimilarLabels::Keep, ..Dialect::default() };
    ReadRequest { dialect, ..ReadRequest::default() }
}

/// Texts and labels that every format can hold: no line break and no semicolon for `txt`.
pub(super) fn rows() -> impl Strategy<Value = Vec<(String, String)>> {
    proptest::collection::vec(("[a-z\",;|\té🙂\\\\{}\\[\\]: ]{0,12}[a-z]", "[A-Za-z0-9_\"é]{0,4}[a-z]"), 1..8)
}

#[test]
fn every_entry_keeps_the_contract_of_catalogs() {
    crate::catalog::assert_contract(CATALOG);
}

/// As a program does, so that a decoder's panic is an error and no noise.
fn silence_guarded_panics() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !is_guarded() {
                usual(info);
            }
        }));
    });
}

proptest! {
    #[test]
    fn reads_what_it_wrote(rows in rows()) {
        for (name, format) in formats() {
            let (read, reading) = read_bytes(name, &write(&*format, &rows), &lenient()).unwrap();
            prop_assert_eq!(&read, &rows, "{}", name);
            prop_assert_eq!(reading.n_dropped, 0);
        }
    }

    #[test]
    fn appending_gives_the_old_rows_and_then_the_new(old in rows(), new in rows()) {
        for (name, format) in formats() {
            let original = write(&*format, &old);
            let (_, reading) = read_bytes(name, &original, &lenient()).unwrap();
            let new_rows: Vec<NewRow<'_>> = new.iter().map(|(text, label)| NewRow { text, label }).collect();
            let mut out = Vec::new();
            let written = format.append(&mut original.as_slice(), &reading.layout, &new_rows, &mut out).unwrap();
            prop_assert_eq!(written.n_rows, new.len());
            match name {
                "csv" | "tsv" | "txt" | "jsonl" => prop_assert!(out.starts_with(&original), "{}", name),
                "json" => prop_assert!(out.starts_with(original.strip_suffix(b"\n]\n").unwrap())),
                _ => {}
            }
            let (read, _) = read_bytes(name, &out, &lenient()).unwrap();
            let both: Vec<(String, String)> = old.iter().chain(&new).cloned().collect();
            prop_assert_eq!(read, both, "{}", name);
        }
    }

    #[test]
    fn no_bytes_make_a_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        for (name, _) in formats() {
            let _ = read_bytes(name, &bytes, &lenient());
        }
    }

    #[test]
    fn no_damage_to_a_file_makes_its_reader_panic(rows in rows(), at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<bool>()) {
        silence_guarded_panics();
        for (name, format) in formats() {
            let mut bytes = write(&*format, &rows);
            let at = at.index(bytes.len());
            if cut { bytes.truncate(at) } else { bytes[at] = byte }
            let _ = read_bytes(name, &bytes, &lenient());
        }
    }
}

fn strings(values: &[&str]) -> arrow_array::ArrayRef {
    std::sync::Arc::new(arrow_array::StringArray::from(values.to_vec()))
}

/// A table with a typed id, an integer label and a dictionary column beside the text.
pub(super) fn typed_batch() -> arrow_array::RecordBatch {
    use arrow_array::{ArrayRef, DictionaryArray, Int64Array, types::Int32Type};
    use std::sync::Arc;
    let language: DictionaryArray<Int32Type> = ["en", "da", "en"].into_iter().collect();
    arrow_array::RecordBatch::try_from_iter_with_nullable([
        ("id", Arc::new(Int64Array::from(vec![7, 8, 9])) as ArrayRef, true),
        ("text", strings(&["a b", "c", "d\ne"]), true),
        ("label", Arc::new(Int64Array::from(vec![0, 1, 0])) as ArrayRef, true),
        ("language", Arc::new(language) as ArrayRef, true),
    ])
    .unwrap()
}

pub(super) fn arrow_file(batch: &arrow_array::RecordBatch) -> Vec<u8> {
    let mut writer = arrow_ipc::writer::FileWriter::try_new(Vec::new(), &batch.schema()).unwrap();
    writer.write(batch).unwrap();
    writer.into_inner().unwrap()
}

pub(super) fn arrow_stream(batch: &arrow_array::RecordBatch) -> Vec<u8> {
    let mut writer = arrow_ipc::writer::StreamWriter::try_new(Vec::new(), &batch.schema()).unwrap();
    writer.write(batch).unwrap();
    writer.into_inner().unwrap()
}

pub(super) fn parquet_file(batch: &arrow_array::RecordBatch) -> Vec<u8> {
    let mut out = Vec::new();
    let mut writer = ::parquet::arrow::ArrowWriter::try_new(&mut out, batch.schema(), None).unwrap();
    writer.write(batch).unwrap();
    writer.close().unwrap();
    out
}

pub(super) fn parquet_batches(bytes: Vec<u8>) -> arrow_array::RecordBatch {
    use ::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder as Builder;
    let reader = Builder::try_new(bytes::Bytes::from(bytes)).unwrap().build().unwrap();
    let batches: Vec<_> = reader.map(Result::unwrap).collect();
    arrow_select::concat::concat_batches(&batches[0].schema(), &batches).unwrap()
}

pub(super) fn arrow_batches(bytes: Vec<u8>) -> arrow_array::RecordBatch {
    let cursor = std::io::Cursor::new(bytes);
    let batches: Vec<_> = match arrow_ipc::reader::FileReader::try_new(cursor.clone(), None) {
        Ok(reader) => reader.map(Result::unwrap).collect(),
        Err(_) => arrow_ipc::reader::StreamReader::try_new(cursor, None).unwrap().map(Result::unwrap).collect(),
    };
    arrow_select::concat::concat_batches(&batches[0].schema(), &batches).unwrap()
}

#[test]
fn a_table_keeps_its_schema_and_cells_and_gets_rows_with_nulls_and_a_typed_label() {
    let batch = typed_batch();
    type Decode = fn(Vec<u8>) -> arrow_array::RecordBatch;
    let cases: [(&str, Vec<u8>, Decode); 3] = [
        ("arrow", arrow_file(&batch), arrow_batches),
        ("arrow", arrow_stream(&batch), arrow_batches),
        ("parquet", parquet_file(&batch), parquet_batches),
    ];
    for (name, original, decode) in cases {
        let (_, reading) = read_bytes(name, &original, &lenient()).unwrap();
        let (_, format) = by_name(name).unwrap();
        let mut out = Vec::new();
        let new = [NewRow { text: "new", label: "1" }];
        format.append(&mut original.as_slice(), &reading.layout, &new, &mut out).unwrap();
        let after = decode(out.clone());
        assert_eq!(after.schema(), batch.schema(), "{name}");
        assert_eq!(after.slice(0, 3), batch, "{name}");
        assert!(after.column(0).is_null(3) && after.column(3).is_null(3));
        let (rows, _) = read_bytes(name, &out, &lenient()).unwrap();
        assert_eq!(rows[3], ("new".to_owned(), "1".to_owned()));
    }
}

#[test]
fn a_column_that_takes_no_null_is_said_before_anything_is_written() {
    let schema = arrow_schema::Schema::new(vec![
        arrow_schema::Field::new("id", arrow_schema::DataType::Utf8, false),
        arrow_schema::Field::new("text", arrow_schema::DataType::Utf8, false),
        arrow_schema::Field::new("label", arrow_schema::DataType::Utf8, false),
    ]);
    let columns = vec![strings(&["1"]), strings(&["a"]), strings(&["x"])];
    let batch = arrow_array::RecordBatch::try_new(std::sync::Arc::new(schema), columns).unwrap();
    for (name, bytes) in [("arrow", arrow_file(&batch)), ("parquet", parquet_file(&batch))] {
        let (_, reading) = read_bytes(name, &bytes, &lenient()).unwrap();
        assert!(matches!(reading.layout.can_append(), Err(WriteError::NotNullable { column }) if column == "id"));
    }
}

fn appended(name: &str, original: &str, text: &str, label: &str) -> String {
    let (_, reading) = read_bytes(name, original.as_bytes(), &lenient()).unwrap();
    let (_, format) = by_name(name).unwrap();
    let mut out = Vec::new();
    format.append(&mut original.as_bytes(), &reading.layout, &[NewRow { text, label }], &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn new_rows_take_on_the_manner_of_the_file() {
    let cases = [
        ("csv", "\u{FEFF}\"text\",\"label\"\r\n\"a\",\"x\"", "\r\n\"n\",\"1\"\r\n"),
        ("csv", "id;label;text\n1;1;a\n", ";1;n\n"),
        ("txt", "a;x", "\nn;1\n"),
        ("jsonl", "{\"id\":1,\"text\":\"a\",\"label\":1}\n", "{\"id\":null,\"text\":\"n\",\"label\":1}\n"),
        ("jsonl", "{\"label\": \"1\", \"text\": \"a\"}", "\n{\"label\": \"1\", \"text\": \"n\"}\n"),
    ];
    for (name, original, added) in cases {
        assert_eq!(appended(name, original, "n", "1"), format!("{original}{added}"), "{name}");
    }
    assert_eq!(
        appended("json", "[\n  {\n    \"text\": \"a\",\n    \"label\": true\n  }\n]\n", "n", "true"),
        "[\n  {\n    \"text\": \"a\",\n    \"label\": true\n  },\n  {\n    \"text\": \"n\",\n    \"label\": true\n  }\n]\n"
    );
    assert_eq!(
        appended("json", "[{\"text\":\"a\",\"label\":\"]\"}, {\"text\":\"b\",\"label\":\"x\"} ]", "n", "x"),
        "[{\"text\":\"a\",\"label\":\"]\"}, {\"text\":\"b\",\"label\":\"x\"}, {\"text\":\"n\",\"label\":\"x\"} ]"
    );
}

#[test]
fn recognises_formats_by_name_and_refuses_what_the_content_denies() {
    assert_eq!(recognise("a.csv.gz", b"text,label"), Ok("csv"));
    assert_eq!(recognise("data.ndjson", b"{\"text\""), Ok("jsonl"));
    assert_eq!(recognise("-", b"[ {\"text\": 1}]"), Ok("json"));
    assert_eq!(recognise("a.csv", b"PAR1...."), Err(ReadError::WrongFormat { named: "csv", content: "parquet" }));
    assert_eq!(recognise("a.json", b"{\"a\": 1}\n{"), Err(ReadError::WrongFormat { named: "json", content: "jsonl" }));
    assert_eq!(recognise("a.xlsx", b"PK"), Err(ReadError::UnknownFormat { extension: "xlsx".to_owned() }));
}

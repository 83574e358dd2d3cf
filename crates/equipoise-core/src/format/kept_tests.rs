//! What files of hubs and tools hold beside plain rows is understood, and comes back as it was.

use super::contract::{arrow_batches, arrow_file, parquet_batches, parquet_file, typed_batch};
use super::*;
use arrow_array::Array;
use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;

type Pairs = Vec<(String, String)>;

fn both(name: &str, original: &[u8], request: &ReadRequest) -> (Pairs, Vec<u8>) {
    let (rows, reading) = read_bytes(name, original, request).expect("rows");
    let (_, format) = by_name(name).expect("a format");
    let label = rows[0].1.clone();
    let new = [NewRow { text: "new", label: &label }];
    let mut out = Vec::new();
    format.append(&mut &*original, &reading.layout, &new, &mut out).expect("appended");
    (rows, out)
}

fn labels(rows: &Pairs) -> Vec<&str> {
    rows.iter().map(|(_, label)| label.as_str()).collect()
}

#[test]
fn class_names_of_a_table_are_labels_and_its_numbers_are_written_back() {
    let names = ["neg".to_owned(), "pos".to_owned()];
    let batch = typed_batch();
    let metadata = class_names::metadata("label", &names);
    let schema = std::sync::Arc::new(batch.schema().as_ref().clone().with_metadata(metadata));
    let batch = batch.with_schema(schema).unwrap();
    type Decode = fn(Vec<u8>) -> arrow_array::RecordBatch;
    let cases: [(&str, Vec<u8>, Decode); 2] =
        [("parquet", parquet_file(&batch), parquet_batches), ("arrow", arrow_file(&batch), arrow_batches)];
    for (name, original, decode) in cases {
        let (rows, out) = both(name, &original, &ReadRequest::default());
        assert_eq!(labels(&rows), ["neg", "pos", "neg"], "{name}");
        let after = decode(out.clone());
        assert_eq!(after.column(2).as_primitive::<Int64Type>().values(), &[0, 1, 0, 0], "{name}");
        assert_eq!(labels(&read_bytes(name, &out, &ReadRequest::default()).unwrap().0), ["neg", "pos", "neg", "neg"]);
        let (_, reading) = read_bytes(name, &original, &ReadRequest::default()).unwrap();
        let (_, format) = by_name(name).unwrap();
        let mut fresh = Vec::new();
        let cells = [vec!["t".to_owned(), "pos".to_owned()], vec!["u".to_owned(), "neg".to_owned()]];
        format.write(&["text", "label"], &mut cells.into_iter(), Some(&reading.layout), &mut fresh).unwrap();
        assert_eq!(decode(fresh.clone()).column(1).as_primitive::<Int64Type>().values(), &[1, 0]);
        assert_eq!(labels(&read_bytes(name, &fresh, &ReadRequest::default()).unwrap().0), ["pos", "neg"]);
    }
}

#[test]
fn class_names_of_a_data_set_name_the_numbers_of_any_format() {
    let features = serde_json::json!({"label": {"names": ["neg", "pos"], "_type": "ClassLabel"}});
    let mut request = ReadRequest { features: Some(features), ..ReadRequest::default() };
    request.dialect.allow_dropped = true;
    let csv = b"text,label\na,1\nb,0\nc,-1\n";
    let (rows, out) = both("csv", csv, &request);
    assert_eq!(labels(&rows), ["pos", "neg"]);
    assert_eq!(out, b"text,label\na,1\nb,0\nc,-1\nnew,1\n");
    let (rows, out) = both("jsonl", b"{\"text\": \"a\", \"label\": 0}\n{\"text\": \"b\", \"label\": 1}\n", &request);
    assert_eq!(labels(&rows), ["neg", "pos"]);
    assert!(out.ends_with(b"{\"text\": \"new\", \"label\": 0}\n"), "{}", String::from_utf8_lossy(&out));
}

#[test]
fn nested_fields_are_columns_by_their_path() {
    let rows = b"{\"id\": 1, \"doc\": {\"text\": \"a\"}, \"meta\": {\"label\": \"x\", \"n\": NaN}}\n{\"id\": 2, \"doc\": {\"text\": \"b\"}, \"meta\": {\"label\": \"y\", \"n\": 1}}\n";
    let name = |name: &str| Some(name.to_owned());
    let request = ReadRequest { text: name("doc.text"), label: name("meta.label"), ..ReadRequest::default() };
    let (read, out) = both("jsonl", rows, &request);
    assert_eq!(read, [("a".to_owned(), "x".to_owned()), ("b".to_owned(), "y".to_owned())]);
    let added = b"{\"id\": null, \"doc\": {\"text\":\"new\"}, \"meta\": {\"label\":\"x\"}}\n";
    assert_eq!(out, [rows.as_slice(), added].concat());
    let guessed = read_bytes("jsonl", rows, &ReadRequest::default()).expect("names are found in nested fields");
    assert_eq!(guessed.0, read);
}

#[test]
fn the_manner_of_a_file_without_header_or_quotes_is_kept() {
    let mut request = ReadRequest::default();
    request.dialect.no_header = Some(vec!["label".to_owned(), "text".to_owned()]);
    request.dialect.quote = Quote::None;
    let original = b"x\t\"so it is\r\r\ny\tnot so\r\r\n";
    let (rows, reading) = read_bytes("tsv", original, &request).unwrap();
    assert_eq!(rows[0], ("\"so it is".to_owned(), "x".to_owned()));
    let (_, format) = by_name("tsv").unwrap();
    let mut out = Vec::new();
    let new = [NewRow { text: "a\tb\nc", label: "y" }];
    let written = format.append(&mut original.as_slice(), &reading.layout, &new, &mut out).unwrap();
    assert_eq!(out, [original.as_slice(), b"y\ta b c\r\r\n"].concat());
    assert_eq!(written.n_folded, 1);
    let cells = NewCells::Text { real: "real", new: vec!["made".to_owned()] };
    let columns = [NewColumn { name: "origin", cells }];
    let mut out = Vec::new();
    let added = Added { columns: &columns, rows: &new };
    format.extend(&mut original.as_slice(), &reading.layout, &added, &mut out).unwrap();
    assert_eq!(out, b"x\t\"so it is\treal\r\r\ny\tnot so\treal\r\r\ny\ta b c\tmade\r\r\n");
}

#[test]
fn lines_above_the_header_rows_of_another_width_and_backslashes_stay_as_they_are() {
    let mut request = ReadRequest::default();
    request.dialect.header_line = Some(3);
    request.dialect.quote = Quote::Backslash;
    request.dialect.allow_dropped = true;
    let original = b"# made in May\n# \"by hand\ntext,label\n\"so \\\"it\\\" is, c:\\new\",x\nno row\nfine,y\n";
    let (rows, reading) = read_bytes("csv", original, &request).unwrap();
    assert_eq!(rows[0], ("so \"it\" is, c:\\new".to_owned(), "x".to_owned()));
    assert_eq!((rows.len(), reading.n_dropped), (2, 1));
    let (_, format) = by_name("csv").unwrap();
    let new = [NewRow { text: "a \"b\", \\c", label: "y" }];
    let mut out = Vec::new();
    format.append(&mut original.as_slice(), &reading.layout, &new, &mut out).unwrap();
    assert_eq!(out, [original.as_slice(), b"\"a \\\"b\\\", \\\\c\",y\n"].concat());
    let (again, _) = read_bytes("csv", &out, &request).unwrap();
    assert_eq!(again[2].0, "a \"b\", \\c");
    let cells = NewCells::Text { real: "real", new: vec!["made".to_owned()] };
    let columns = [NewColumn { name: "origin", cells }];
    let mut out = Vec::new();
    format
        .extend(&mut original.as_slice(), &reading.layout, &Added { columns: &columns, rows: &new }, &mut out)
        .unwrap();
    let lines: Vec<String> = String::from_utf8(out).unwrap().lines().map(str::to_owned).collect();
    assert_eq!((&*lines[0], &*lines[2], &*lines[4]), ("# made in May", "text,label,origin", "no row,"));
    assert!(lines[5] == "fine,y,real" && lines[6].ends_with(",y,made"), "{lines:?}");
}

#[test]
fn new_labels_have_the_blanks_that_all_labels_have() {
    let original = b"text, label\na b, x\nc d, y\n";
    let (_, reading) = read_bytes("csv", original, &ReadRequest::default()).unwrap();
    assert_eq!(reading.layout.merged[" x"], "x");
    let (_, format) = by_name("csv").unwrap();
    let mut out = Vec::new();
    let new = [NewRow { text: "new", label: "x" }];
    format.append(&mut original.as_slice(), &reading.layout, &new, &mut out).unwrap();
    assert_eq!(out, [original.as_slice(), b"new, x\n"].concat());
}

#[test]
fn rows_keep_their_numbers_where_others_are_left_out() {
    let mut request = ReadRequest::default();
    request.dialect.allow_dropped = true;
    let original = b"text,label\nno row\na,x\n\ntext,label\n,y\nb,y\n";
    let (_, format) = by_name("csv").unwrap();
    let mut numbers = Vec::new();
    let mut sink = |row: RawRow<'_>| {
        numbers.push(row.number);
        Ok(())
    };
    let reading = format.read(&mut original.as_slice(), &request, &mut sink).unwrap();
    assert_eq!((numbers, reading.n_dropped), (vec![2, 5], 3));
}

fn extended(original: &[u8], request: &ReadRequest) -> String {
    let (_, reading) = read_bytes("csv", original, request).unwrap();
    let (_, format) = by_name("csv").unwrap();
    let columns = [NewColumn { name: "origin", cells: NewCells::Text { real: "real", new: Vec::new() } }];
    let mut out = Vec::new();
    format.extend(&mut &*original, &reading.layout, &Added { columns: &columns, rows: &[] }, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn a_line_drawn_below_the_header_takes_no_value_of_a_row() {
    let mut request = ReadRequest::default();
    request.dialect.allow_dropped = true;
    let out = extended(b"text,label\n----,-----\na,x\nb,y\n", &request);
    assert_eq!(out, "text,label,origin\n----,-----,\na,x,real\nb,y,real\n");
}

#[test]
fn a_header_that_lacks_the_last_name_gets_it() {
    let mut request = ReadRequest::default();
    request.dialect.no_header = Some(["text", "label", "rest"].map(str::to_owned).into());
    let out = extended(b"text,label\ngood,x,\nbad,y,\n", &request);
    assert_eq!(out, "text,label,rest,origin\ngood,x,,real\nbad,y,,real\n");
}

#[test]
fn rows_have_their_numbers_where_columns_are_guessed() {
    let mut request = ReadRequest::default();
    request.dialect.allow_dropped = true;
    let original = b"said,mood\nso it is today,x\nno row\nnot so it was,y\nso it is now,x\nnot at all so,y\n";
    let (_, format) = by_name("csv").unwrap();
    let mut numbers = Vec::new();
    let mut sink = |row: RawRow<'_>| {
        numbers.push(row.number);
        Ok(())
    };
    format.read(&mut original.as_slice(), &request, &mut sink).unwrap();
    assert_eq!(numbers, [1, 3, 4, 5]);
}

#[test]
fn sets_of_labels_are_one_and_labels_that_hardly_differ_are_asked_about_all_the_same() {
    let mut request = ReadRequest::default();
    request.dialect.multi_label = MultiLabel::Powerset;
    let sets = "text,label\na,\"x,y\"\nb,\"y,x\"\nc,\"y,x\"\nd,x\n";
    let (_, reading) = read_bytes("csv", sets.as_bytes(), &request).unwrap();
    assert_eq!(reading.layout.merged["x,y"], "y,x");
    let both = format!("{sets}e,Spam\nf,spam\n");
    let asked = read_bytes("csv", both.as_bytes(), &request).unwrap_err();
    assert_eq!(asked.kind(), "similar_labels");
}

#[test]
fn a_line_that_declares_the_delimiter_stays() {
    let original = b"sep=;\r\ntext;label\r\na,b;x\r\nc;y\r\n";
    let (rows, out) = both("csv", original, &ReadRequest::default());
    assert_eq!(rows[0], ("a,b".to_owned(), "x".to_owned()));
    assert_eq!(out, [original.as_slice(), b"new;x\r\n"].concat());
}

#[test]
fn vectors_come_from_lists_and_from_cells() {
    let mut request = ReadRequest { embedding: Some("vector".to_owned()), ..ReadRequest::default() };
    request.dialect.allow_dropped = true;
    let jsonl: &[u8] =
        b"{\"text\":\"a\",\"label\":\"x\",\"vector\":[1,2.5]}\n{\"text\":\"b\",\"label\":\"y\",\"vector\":null}\n";
    let csv: &[u8] = b"text,label,vector\na,x,\"[1, 2.5]\"\nb,y,\n";
    let vectors = arrow_array::ListArray::from_iter_primitive::<arrow_array::types::Float64Type, _, _>([
        Some(vec![Some(1.0), Some(2.5)]),
        None,
    ]);
    let strings = |values: [&str; 2]| {
        std::sync::Arc::new(arrow_array::StringArray::from(values.to_vec())) as arrow_array::ArrayRef
    };
    let columns = [
        ("text", strings(["a", "b"])),
        ("label", strings(["x", "y"])),
        ("vector", std::sync::Arc::new(vectors) as arrow_array::ArrayRef),
    ];
    let batch = arrow_array::RecordBatch::try_from_iter(columns).unwrap();
    let (parquet, arrow) = (parquet_file(&batch), arrow_file(&batch));
    for (name, bytes) in [("jsonl", jsonl), ("csv", csv), ("parquet", &parquet), ("arrow", &arrow)] {
        let (_, format) = by_name(name).unwrap();
        let mut seen = Vec::new();
        let mut sink = |row: RawRow<'_>| {
            seen.push(row.embedding.map(<[f32]>::to_vec));
            Ok(())
        };
        format.read(&mut &*bytes, &request, &mut sink).unwrap();
        assert_eq!(seen, [Some(vec![1.0, 2.5]), None], "{name}");
    }
    assert!(batch.column(2).is_null(1));
}

#[test]
fn blanks_before_every_label_are_no_part_of_it() {
    let of = |rows: &str| {
        let (_, reading) = read_bytes("csv", rows.as_bytes(), &ReadRequest::default()).expect("rows");
        let says = reading.notes.iter().any(|note| note.kind == NoteKind::LabelBlanks);
        (reading.layout.merged.into_iter().collect::<Pairs>(), says)
    };
    let bare = |label: &str| (format!(" {label}"), label.to_owned());
    assert_eq!(of("text,label\na, x\nb, y\nc, x\n"), (vec![bare("x"), bare("y")], true));
    assert_eq!(of("text,label\na, x\nb,y\nc, x\n"), (vec![], false));
}

#[test]
fn objects_over_several_lines_are_rows_and_get_cells() {
    let original = "{\n  \"text\": \"a {\",\n  \"label\": \"x\"\n}\n\n{\n  \"text\": \"b\",\n  \"label\": \"y\"\n}\n";
    assert_eq!(recognise("rows.jsonl", original.as_bytes()), Ok("jsonl"));
    let (rows, out) = both("jsonl", original.as_bytes(), &ReadRequest::default());
    assert_eq!(rows, [("a {".to_owned(), "x".to_owned()), ("b".to_owned(), "y".to_owned())]);
    assert_eq!(out, format!("{original}{{\n  \"text\": \"new\",\n  \"label\": \"x\"\n}}\n").into_bytes());
    let (_, reading) = read_bytes("jsonl", original.as_bytes(), &ReadRequest::default()).unwrap();
    let cells = NewCells::Text { real: "real", new: Vec::new() };
    let added = Added { columns: &[NewColumn { name: "origin", cells }], rows: &[] };
    let mut extended = Vec::new();
    let (_, format) = by_name("jsonl").unwrap();
    format.extend(&mut original.as_bytes(), &reading.layout, &added, &mut extended).unwrap();
    let expected = original.replace("\"\n}", "\",\n  \"origin\": \"real\"\n}");
    assert_eq!(String::from_utf8(extended).unwrap(), expected);
    let cut = read_bytes("jsonl", &original.as_bytes()[..30], &ReadRequest::default()).unwrap_err();
    assert_eq!(cut.kind(), "cut_json");
}

#[test]
fn what_an_annotator_did_not_accept_is_omitted_and_counted() {
    let row = |text: &str, answer: &str| {
        format!("{{\"text\":\"{text}\",\"label\":\"x\",\"_task_hash\":1,\"answer\":\"{answer}\"}}\n")
    };
    let file = [row("a", "accept"), row("b", "reject"), row("c", "ignore"), row("d", "accept")].concat();
    let (rows, reading) = read_bytes("jsonl", file.as_bytes(), &ReadRequest::default()).unwrap();
    assert_eq!((rows.len(), reading.n_dropped), (2, 2));
    assert!(reading.notes.iter().any(|note| note.kind == NoteKind::NotAccepted && note.first == [2, 3]));
    let other = file.replace("_task_hash", "id");
    assert_eq!(
        read_bytes("jsonl", other.as_bytes(), &ReadRequest::default()).unwrap().0.len(),
        4,
        "a column like others"
    );
}

#[test]
fn names_of_rows_that_the_header_lacks_are_a_column() {
    let file = "\"text\",\"label\"\n\"doc1\",\"a\",\"x\"\n\"doc2\",\"b\",\"y\"\n";
    let error = read_bytes("csv", file.as_bytes(), &ReadRequest::default()).unwrap_err();
    let ReadError::Ragged { names, .. } = error else { panic!("{error}") };
    assert_eq!(names.unwrap(), ["row", "text", "label"]);
}

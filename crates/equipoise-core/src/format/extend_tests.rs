//! Columns are added behind what stands there, and nothing that stands there changes.

use super::contract::{
    arrow_batches, arrow_file, arrow_stream, lenient, parquet_batches, parquet_file, rows, typed_batch,
};
use super::*;
use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use proptest::prelude::*;

fn extended(name: &str, original: &[u8], new: &[NewRow<'_>]) -> Result<Vec<u8>, WriteError> {
    let (_, reading) = read_bytes(name, original, &lenient()).unwrap();
    let (_, format) = by_name(name).unwrap();
    let weight = |at: usize, label: &str| (label != "none").then_some(at as f64 + 0.5);
    let columns = [
        NewColumn { name: "origin", cells: NewCells::Text { real: "real", new: vec!["made".to_owned(); new.len()] } },
        NewColumn { name: "weight", cells: NewCells::Number { real: &weight, new: vec![Some(2.0); new.len()] } },
    ];
    let mut out = Vec::new();
    format.extend(&mut &*original, &reading.layout, &Added { columns: &columns, rows: new }, &mut out).map(|written| {
        assert_eq!(written.n_rows, new.len());
        out
    })
}

#[test]
fn cells_that_stand_there_keep_their_bytes() {
    let new = [NewRow { text: "n, m", label: "x" }];
    for (name, original, wanted) in [
        (
            "csv",
            "\u{FEFF}id,\"text\",label\r\n\r\n1,\"a \"\"b\"\"\r\nc\",x\r\n2,d,none\r\n3,,x\r\n4,e,x",
            "\u{FEFF}id,\"text\",label,origin,weight\r\n\r\n1,\"a \"\"b\"\"\r\nc\",x,real,0.5\r\n2,d,none,real,\r\n3,,x,,\r\n4,e,x,real,2.5\r\n,\"n, m\",x,made,2\r\n",
        ),
        ("tsv", "text\tlabel\na\tx\n", "text\tlabel\torigin\tweight\na\tx\treal\t0.5\nn, m\tx\tmade\t2\n"),
        (
            "jsonl",
            "{\"text\":\"a }\",\"label\":\"x\" }\r\n\r\n{\"text\":null,\"label\":\"x\"}\r\n{ \"label\": \"x\", \"n\": [1.50, {}], \"text\": \"é\"}",
            "{\"text\":\"a }\",\"label\":\"x\",\"origin\":\"real\",\"weight\":0.5 }\r\n\r\n{\"text\":null,\"label\":\"x\",\"origin\":null,\"weight\":null}\r\n{ \"label\": \"x\", \"n\": [1.50, {}], \"text\": \"é\",\"origin\":\"real\",\"weight\":1.5}\r\n{\"text\":\"n, m\",\"label\":\"x\",\"n\":null,\"origin\":\"made\",\"weight\":2.0 }\r\n",
        ),
        (
            "json",
            "[\n  {\"text\": \"a ]}\\\"\", \"label\": \"x\"},\n  {\"text\": \"b\", \"label\": \"x\", \"n\": {\"k\": [1e3]}}\n]\n",
            "[\n  {\"text\": \"a ]}\\\"\", \"label\": \"x\", \"origin\": \"real\", \"weight\": 0.5},\n  {\"text\": \"b\", \"label\": \"x\", \"n\": {\"k\": [1e3]}, \"origin\": \"real\", \"weight\": 1.5},\n  {\"text\": \"n, m\", \"label\": \"x\", \"n\": null, \"origin\": \"made\", \"weight\": 2.0}\n]\n",
        ),
    ] {
        let out = String::from_utf8(extended(name, original.as_bytes(), &new).unwrap()).unwrap();
        assert_eq!(out, wanted, "{name}");
    }
}

#[test]
fn a_header_that_is_cut_elsewhere_than_its_rows_stays_so() {
    let original = b"text,label\na, b;x\nc;none\n";
    let mut request = lenient();
    request.dialect.delimiter = Delimiter::new(b';');
    let (_, reading) = read_bytes("csv", original, &request).unwrap();
    let cells = NewCells::Text { real: "real", new: vec!["made".to_owned()] };
    let (columns, new) = ([NewColumn { name: "origin", cells }], [NewRow { text: "n", label: "x" }]);
    let mut out = Vec::new();
    let (_, format) = by_name("csv").unwrap();
    format.extend(&mut &original[..], &reading.layout, &Added { columns: &columns, rows: &new }, &mut out).unwrap();
    assert_eq!(out, b"text,label,origin\na, b;x;real\nc;none;real\nn;x;made\n");
}

#[test]
fn tables_keep_their_columns_and_get_typed_ones() {
    let batch = typed_batch();
    type Decode = fn(Vec<u8>) -> arrow_array::RecordBatch;
    let cases: [(&str, Vec<u8>, Decode); 3] = [
        ("arrow", arrow_file(&batch), arrow_batches),
        ("arrow", arrow_stream(&batch), arrow_batches),
        ("parquet", parquet_file(&batch), parquet_batches),
    ];
    for (name, original, decode) in cases {
        let after = decode(extended(name, &original, &[NewRow { text: "new", label: "1" }]).unwrap());
        assert_eq!(after.project(&[0, 1, 2, 3]).unwrap().slice(0, 3), batch, "{name}");
        let origin: Vec<_> = after.column(4).as_string::<i32>().iter().flatten().collect();
        assert_eq!(origin, ["real", "real", "real", "made"], "{name}");
        let weights: Vec<_> = after.column(5).as_primitive::<Float64Type>().iter().flatten().collect();
        assert_eq!(weights, [0.5, 1.5, 2.5, 2.0], "{name}");
    }
}

#[test]
fn a_column_that_stands_there_is_refused_wherever_it_is_met() {
    let late = "{\"text\":\"a\",\"label\":\"x\"}\n".repeat(1000) + "{\"text\":\"a\",\"label\":\"x\",\"weight\":1}\n";
    for (name, original) in [("csv", "text,label,weight\na,x,1\n"), ("jsonl", late.as_str())] {
        let error = extended(name, original.as_bytes(), &[]).unwrap_err();
        assert!(matches!(error, WriteError::TakenColumn { ref column } if column == "weight"), "{error}");
    }
    let error = extended("txt", b"a;x\n", &[]).unwrap_err();
    assert!(error.to_string().contains("txt holds a text and a label, not the columns `origin`, `weight`"), "{error}");
}

proptest! {
    #[test]
    fn the_rows_of_an_extended_file_are_the_old_ones_and_then_the_new(old in rows(), new in rows()) {
        let new: Vec<NewRow<'_>> = new.iter().map(|(text, label)| NewRow { text, label }).collect();
        for entry in CATALOG.iter().filter(|e| by_name(e.name).is_ok_and(|(_, f)| f.holds_columns())) {
            let (name, format) = by_name(entry.name).unwrap();
            let mut cells = old.iter().map(|(t, l)| vec![t.clone(), l.clone()]);
            let mut original = Vec::new();
            format.write(&["text", "label"], &mut cells, None, &mut original).unwrap();
            let out = extended(name, &original, &new).unwrap();
            let (read, reading) = read_bytes(name, &out, &lenient()).unwrap();
            let added = new.iter().map(|r| (r.text.to_owned(), r.label.to_owned()));
            let both: Vec<(String, String)> = old.iter().cloned().chain(added).collect();
            prop_assert_eq!(read, both, "{}", name);
            prop_assert_eq!(&reading.layout.columns, &["text", "label", "origin", "weight"], "{}", name);
        }
    }
}

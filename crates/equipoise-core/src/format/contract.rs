//! The promises that every format keeps.

use super::*;
use proptest::prelude::*;

fn formats() -> impl Iterator<Item = (&'static str, Box<dyn Format>)> {
    CATALOG.iter().map(|e| (e.name, e.build(&crate::catalog::Settings::new()).unwrap()))
}

fn owned(rows: &[(String, String)]) -> Vec<Vec<String>> {
    rows.iter().map(|(text, label)| vec![text.clone(), label.clone()]).collect()
}

fn write(format: &dyn Format, rows: &[(String, String)]) -> Vec<u8> {
    let mut out = Vec::new();
    format.write(&["text", "label"], &owned(rows), None, &mut out).unwrap();
    out
}

/// Texts and labels that every format can hold: no line break and no semicolon for `txt`.
fn rows() -> impl Strategy<Value = Vec<(String, String)>> {
    proptest::collection::vec(("[a-z\",;|\té🙂\\\\{}\\[\\]: ]{0,12}[a-z]", "[A-Za-z0-9 \"é]{0,4}[a-z]"), 1..8)
}

#[test]
fn every_entry_keeps_the_contract_of_catalogs() {
    crate::catalog::assert_contract(CATALOG);
}

proptest! {
    #[test]
    fn reads_what_it_wrote(rows in rows()) {
        for (name, format) in formats() {
            let (read, reading) = read_bytes(name, &write(&*format, &rows), &ColumnRequest::default()).unwrap();
            prop_assert_eq!(&read, &rows, "{}", name);
            prop_assert_eq!(reading.n_dropped, 0);
        }
    }

    #[test]
    fn appending_gives_the_old_rows_and_then_the_new(old in rows(), new in rows()) {
        for (name, format) in formats() {
            let original = write(&*format, &old);
            let (_, reading) = read_bytes(name, &original, &ColumnRequest::default()).unwrap();
            let new_rows: Vec<NewRow<'_>> = new.iter().map(|(text, label)| NewRow { text, label }).collect();
            let mut out = Vec::new();
            let written = format.append(&mut original.as_slice(), &reading.layout, &new_rows, &mut out).unwrap();
            prop_assert_eq!(written.n_rows, new.len());
            if matches!(name, "csv" | "tsv" | "txt" | "jsonl") {
                prop_assert!(out.starts_with(&original), "{}", name);
            }
            let (read, _) = read_bytes(name, &out, &ColumnRequest::default()).unwrap();
            let both: Vec<(String, String)> = old.iter().chain(&new).cloned().collect();
            prop_assert_eq!(read, both, "{}", name);
        }
    }

    #[test]
    fn no_bytes_make_a_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        for (name, _) in formats() {
            let _ = read_bytes(name, &bytes, &ColumnRequest::default());
        }
    }

    #[test]
    fn no_damage_to_a_file_makes_its_reader_panic(rows in rows(), at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<bool>()) {
        for (name, format) in formats() {
            let mut bytes = write(&*format, &rows);
            let at = at.index(bytes.len());
            if cut { bytes.truncate(at) } else { bytes[at] = byte }
            let _ = read_bytes(name, &bytes, &ColumnRequest::default());
        }
    }
}

//! The same rows in every format: read, appended to, and read again.

use equipoise::input::{Input, InputOptions, read, read_synthetic};
use equipoise::output::{NewFile, append, write_atomically};
use equipoise_core::data::RowId;
use equipoise_core::format::{Compression, NewRow, by_name};
use std::path::{Path, PathBuf};

const TEXT_FORMATS: [&str; 5] = ["csv", "tsv", "txt", "json", "jsonl"];

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures").join(name)
}

fn open(path: &Path) -> Input {
    read(&path.into(), &InputOptions::default()).expect("a good file")
}

fn ids(input: &Input) -> Vec<RowId> {
    (0..input.rows.len()).map(|i| input.rows.get(i).id).collect()
}

#[test]
fn the_fixture_has_the_same_rows_in_every_text_format() {
    let wanted = ids(&open(&fixture("library.csv")));
    assert_eq!(wanted.len(), 24);
    for format in TEXT_FORMATS {
        let input = open(&fixture(&format!("library.{format}")));
        assert_eq!(input.format, format);
        assert_eq!(ids(&input), wanted, "{format}");
        assert!(input.notes.is_empty(), "{:?}", input.notes);
    }
}

#[test]
fn every_format_and_compression_takes_rows_and_gives_them_back() {
    let folder = tempfile::tempdir().unwrap();
    let real = open(&fixture("library.csv"));
    let cells: Vec<Vec<String>> = (0..real.rows.len())
        .map(|i| {
            let row = real.rows.get(i);
            let label = if i < 12 {
                "building"
            } else if i < 20 {
                "loans"
            } else {
                "praise"
            };
            vec![row.text.to_owned(), label.to_owned()]
        })
        .collect();
    let new = NewRow { text: "What a friendly place this is.", label: "praise" };
    for format in TEXT_FORMATS.into_iter().chain(["parquet", "arrow"]) {
        for compression in [Compression::None, Compression::Gzip, Compression::Zstd] {
            let path = folder.path().join(format!("real.{format}{}", compression.extension()));
            let (_, of_name) = by_name(format).unwrap();
            let file = NewFile { format: &*of_name, compression, like: None, columns: &["text", "label"] };
            write_atomically(&path, |out| file.write(cells.iter().cloned(), out)).unwrap();
            let input = open(&path);
            assert_eq!((input.format, input.compression), (format, compression));
            assert_eq!(ids(&input), ids(&real), "{format}");
            let out = folder.path().join(format!("augmented.{format}{}", compression.extension()));
            write_atomically(&out, |out| append(&input, &[], &[new], out)).unwrap();
            let augmented = open(&out);
            let wanted: Vec<RowId> = ids(&real).into_iter().chain([RowId::new(new.text, new.label, 0)]).collect();
            assert_eq!((augmented.compression, ids(&augmented)), (compression, wanted), "{format}");
        }
    }
}

#[test]
fn the_synthetic_fixture_names_its_sources() {
    let real = open(&fixture("library.csv"));
    let texts: Vec<&str> = (0..real.rows.len()).map(|i| real.rows.get(i).text).collect();
    let synthetic = read_synthetic(&fixture("library-synthetic.csv").into(), &InputOptions::default()).unwrap();
    let known: Vec<&str> = synthetic.sources.iter().filter_map(|s| s.text.as_deref()).collect();
    assert_eq!((synthetic.sources.len(), known.len()), (5, 4));
    assert!(known.iter().all(|source| texts.contains(source)));
}

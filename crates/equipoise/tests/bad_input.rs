//! Bad input: every fault has a kind, names its place and what to do; what is left out is counted.

#[path = "bad_input/cases.rs"]
mod cases;

use cases::cases;
use equipoise::input::{Input, InputError, InputOptions, read, read_stream, read_synthetic};
use equipoise_core::data::{DataError, Dataset};
use equipoise_core::format::NoteKind;

fn read_case(folder: &std::path::Path, case: &cases::Case) -> Result<Input, InputError> {
    let path = folder.join(case.file);
    std::fs::write(&path, &case.bytes).expect("the folder is writable");
    let [format, text, label] = case.options.map(|o| o.map(str::to_owned));
    read(&path.into(), &InputOptions { format, text, label })
}

#[test]
fn every_fault_has_its_kind_and_names_file_and_place() {
    let folder = tempfile::tempdir().unwrap();
    let mut wrong = Vec::new();
    for case in cases() {
        match read_case(folder.path(), &case) {
            Ok(input) => wrong.push(format!("{} was read: {} rows", case.file, input.rows.len())),
            Err(error) => {
                let said = error.to_string();
                let named = said.contains(case.file) || matches!(error, InputError::Format(_));
                if error.kind() != case.kind || !named || !case.says.iter().all(|part| said.contains(part)) {
                    wrong.push(format!(
                        "{}: expected {} {:?}\n    got {} {said}",
                        case.file,
                        case.kind,
                        case.says,
                        error.kind()
                    ));
                }
                assert!(!error.hint().parts().is_empty());
            }
        }
    }
    assert!(cases().len() >= 50);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn good(file: &str, bytes: &[u8]) -> Input {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join(file);
    std::fs::write(&path, bytes).expect("the folder is writable");
    read(&path.into(), &InputOptions::default()).expect("a good file")
}

fn texts(input: &Input) -> Vec<&str> {
    (0..input.rows.len()).map(|i| input.rows.get(i).text).collect()
}

#[test]
fn rows_without_text_or_label_are_left_out_counted_and_shown() {
    let input = good("a.csv", b"text,label\na,x\n,x\n\" \",y\n\"b\nc\",\n\nd,y\n,\n");
    assert_eq!(texts(&input), ["a", "d"]);
    assert_eq!(input.n_dropped, 4);
    let said: Vec<String> = input.notes.iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "3 rows without a text left out (lines 3, 4, 9)",
            "1 row without a label left out (line 5)",
            "1 blank line left out (line 7)"
        ]
    );
}

#[test]
fn a_mark_at_the_start_line_endings_and_quoted_breaks_are_no_fault() {
    let input = good("a.csv", b"\xEF\xBB\xBFtext,label\r\n\"a\r\n\"\"b\"\"\",x\r\nc,y");
    assert_eq!(texts(&input), ["a\r\n\"b\"", "c"]);
    assert!(input.notes.is_empty(), "{:?}", input.notes);
}

#[test]
fn labels_that_differ_in_case_or_space_are_noted_and_kept_apart() {
    let input = good("a.txt", b"a;Joy\nb;joy\nc; joy\nd;fear\n");
    assert_eq!(input.notes.len(), 1);
    assert_eq!(input.notes[0].kind, NoteKind::SimilarLabels);
    assert!(input.notes[0].to_string().ends_with("` joy`, `Joy`, `joy`"), "{}", input.notes[0]);
    assert_eq!(Dataset::new(input.rows).unwrap().labels().len(), 4);
}

#[test]
fn missing_keys_and_nulls_in_json_are_counted() {
    let input = good("a.jsonl", b"{\"text\":\"a\",\"label\":1}\n{\"label\":1}\n{\"text\":\"b\",\"label\":null}\n");
    assert_eq!((input.rows.len(), input.n_dropped), (1, 2));
    let kinds: Vec<NoteKind> = input.notes.iter().map(|n| n.kind).collect();
    assert_eq!(kinds, [NoteKind::EmptyText, NoteKind::EmptyLabel]);
}

#[test]
fn rows_of_one_label_or_none_are_read_but_make_no_data_set() {
    assert!(matches!(Dataset::new(good("a.txt", b"a;x\nb;x\n").rows), Err(DataError::OneLabel { n: 2, .. })));
    assert_eq!(Dataset::new(good("a.csv", b"text,label\n,x\n").rows).unwrap_err(), DataError::Empty);
}

#[test]
fn guesses_and_foreign_delimiters_are_said() {
    let input = good("a.csv", b"tweet;mood\nwhat a day;good\noh no not again;bad\nfine by me;good\n");
    let said: Vec<String> = input.notes.iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "took the column `tweet` for the text and took the column `mood` for the label",
            "the columns are separated by `;`"
        ]
    );
}

#[test]
fn a_stream_is_read_by_content_or_by_the_named_format() {
    let read_as = |bytes: &[u8], format: Option<&str>| {
        read_stream(&mut &*bytes, &InputOptions { format: format.map(str::to_owned), ..InputOptions::default() })
    };
    assert_eq!(read_as(b"{\"text\":\"a\",\"label\":1}", None).unwrap().format, "jsonl");
    assert_eq!(read_as(b"a;x\n", Some("txt")).unwrap().rows.len(), 1);
    let error = read_as(b"a;x\n", None).unwrap_err();
    assert_eq!(error.kind(), "unknown_format");
    assert!(error.to_string().starts_with("standard input"), "{error}");
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let error = read(&std::path::Path::new("no/such/file.csv").into(), &InputOptions::default()).unwrap_err();
    assert_eq!(error.kind(), "open");
    assert!(error.to_string().starts_with("no/such/file.csv"), "{error}");
}

#[test]
fn synthetic_rows_carry_what_is_known_of_their_sources() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("synthetic.csv");
    std::fs::write(&path, "text,label,source,source_id\na,x,an a,\n,x,lost,\nb,y,,00000000000000ff\n").unwrap();
    let synthetic = read_synthetic(&path.into(), &InputOptions::default()).unwrap();
    let sources: Vec<(Option<&str>, Option<&str>)> =
        synthetic.sources.iter().map(|s| (s.text.as_deref(), s.id.as_deref())).collect();
    assert_eq!(sources, [(Some("an a"), None), (None, Some("00000000000000ff"))]);
    assert_eq!(synthetic.input.rows.len(), 2);
}

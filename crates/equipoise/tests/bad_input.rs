//! Bad input: every fault has a kind, names its place and what to do; what is left out is counted.

#[path = "bad_input/cases.rs"]
mod cases;

use cases::cases;
use equipoise::input::{Input, InputError, InputOptions, read, read_beside, read_stream, read_synthetic};
use equipoise_core::data::{DataError, Dataset};
use equipoise_core::format::{Dialect, MultiLabel, NoteKind, Quote, SimilarLabels};

fn read_case(folder: &std::path::Path, case: &cases::Case) -> Result<Input, InputError> {
    let path = folder.join(case.file);
    std::fs::write(&path, &case.bytes).expect("the folder is writable");
    let [format, text, label] = case.options.map(|o| o.map(str::to_owned));
    read(&path.into(), &InputOptions { format, text, label, ..InputOptions::default() })
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

fn allowing(file: &str, bytes: &[u8], change: impl FnOnce(&mut Dialect)) -> Result<Input, InputError> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join(file);
    std::fs::write(&path, bytes).expect("the folder is writable");
    let mut options = InputOptions::default();
    change(&mut options.dialect);
    read(&path.into(), &options)
}

fn texts(input: &Input) -> Vec<&str> {
    (0..input.rows.len()).map(|i| input.rows.get(i).text).collect()
}

#[test]
fn rows_without_text_or_label_are_left_out_counted_and_shown() {
    let rows = b"text,label\na,x\n,x\n\" \",y\n\"b\nc\",\n\nd,y\n,\n";
    let input = allowing("a.csv", rows, |dialect| dialect.allow_dropped = true).unwrap();
    assert_eq!(texts(&input), ["a", "d"]);
    assert_eq!(allowing("a.csv", rows, |_| {}).unwrap_err().kind(), "too_many_dropped");
    assert_eq!(input.n_dropped, 4);
    let said: Vec<String> = input.notes.iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "3 rows without a text omitted (lines 3, 4, 9)",
            "1 row without a label omitted (line 5)",
            "1 blank line omitted (line 7)"
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
fn labels_that_hardly_differ_are_asked_about_and_kept_apart_or_merged() {
    let rows = b"a;Joy\nb;joy\nc; joy\nd;fear\ne;joy\n";
    let read = |how| allowing("a.txt", rows, move |dialect| dialect.similar_labels = how);
    assert_eq!(read(SimilarLabels::Ask).unwrap_err().kind(), "similar_labels");
    let kept = read(SimilarLabels::Keep).unwrap();
    assert_eq!(kept.notes[0].kind, NoteKind::SimilarLabels);
    assert!(kept.notes[0].to_string().ends_with("`joy` (2 rows), `Joy` (1 row), ` joy` (1 row)"), "{}", kept.notes[0]);
    assert_eq!(Dataset::new(kept.rows).unwrap().labels().len(), 4);
    let merged = read(SimilarLabels::Merge).unwrap();
    assert_eq!(Dataset::new(merged.rows).unwrap().train().counts(), [1, 4]);
}

#[test]
fn rows_with_several_labels_are_left_out_or_make_labels_of_their_own() {
    let rows = b"{\"text\":\"a\",\"label\":[\"x\"]}\n{\"text\":\"b\",\"label\":[\"x\",\"y\"]}\n{\"text\":\"c\",\"label\":[\"y\"]}\n";
    let read = |how| allowing("a.jsonl", rows, move |dialect| dialect.multi_label = how);
    assert_eq!(read(MultiLabel::Ask).unwrap_err().kind(), "multi_label");
    assert_eq!(texts(&read(MultiLabel::Drop).unwrap()), ["a", "c"]);
    assert_eq!(Dataset::new(read(MultiLabel::Powerset).unwrap().rows).unwrap().labels().names(), ["x", "x, y", "y"]);
}

#[test]
fn encodings_are_told_by_their_mark_named_or_guessed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    let read_as = |bytes: &[u8], encoding: Option<&str>| {
        std::fs::write(&path, bytes).unwrap();
        read(&path.as_path().into(), &InputOptions { encoding: encoding.map(str::to_owned), ..InputOptions::default() })
    };
    let text = "text,label\nun caf\u{e9} serr\u{e9} \u{e0} la cr\u{e8}me,x\nth\u{e9},y\n";
    let latin: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let marked = [b"\xFF\xFE".as_slice(), &little].concat();
    for (bytes, encoding) in [
        (text.as_bytes(), None),
        (text.as_bytes(), Some("latin1")),
        (&latin, Some("latin1")),
        (&latin, Some("auto")),
        (&marked, None),
        (&marked, Some("auto")),
        (&little, Some("utf-16")),
        (&little, Some("auto")),
    ] {
        let input = read_as(bytes, encoding).unwrap();
        assert_eq!(texts(&input), ["un caf\u{e9} serr\u{e9} \u{e0} la cr\u{e8}me", "th\u{e9}"], "{encoding:?}");
        assert_eq!(input.notes.len(), usize::from(bytes != text.as_bytes()));
    }
    assert_eq!(read_as(text.as_bytes(), Some("latin9000")).unwrap_err().kind(), "unknown_encoding");
}

#[test]
fn a_file_beside_another_is_read_by_its_own_signs_or_like_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("train.tsv");
    std::fs::write(&path, "x\t\"so it is\ny\tnot so\n").unwrap();
    let mut options = InputOptions::default();
    options.dialect.no_header = Some(vec!["label".to_owned(), "text".to_owned()]);
    options.dialect.quote = Quote::None;
    let train = read(&path.as_path().into(), &options).unwrap();
    assert_eq!(texts(&train), ["\"so it is", "not so"]);
    for (file, bytes) in [("own.csv", "text,label\n\"a, b\",x\nc,y\n"), ("like.tsv", "x\ta, b\ny\tc\n")] {
        std::fs::write(folder.path().join(file), bytes).unwrap();
        let beside = read_beside(&folder.path().join(file).into(), &options, &train).unwrap();
        assert_eq!(texts(&beside), ["a, b", "c"], "{file}");
    }
}

#[test]
fn missing_keys_and_nulls_in_json_are_counted() {
    let rows = b"{\"text\":\"a\",\"label\":1}\n{\"label\":1}\n{\"text\":\"b\",\"label\":null}\n";
    let input = allowing("a.jsonl", rows, |dialect| dialect.allow_dropped = true).unwrap();
    assert_eq!((input.rows.len(), input.n_dropped), (1, 2));
    let kinds: Vec<NoteKind> = input.notes.iter().map(|n| n.kind).collect();
    assert_eq!(kinds, [NoteKind::EmptyText, NoteKind::EmptyLabel]);
}

#[test]
fn json_is_read_in_every_shape_that_data_frames_and_exports_have() {
    for (file, content) in [
        ("by-number.json", r#"{"0":{"text":"a","label":"x"},"1":{"text":"b","label":"y"}}"#),
        ("split.json", r#"{"columns":["text","label"],"index":[0,1],"data":[["a","x"],["b","y"]]}"#),
        ("table.json", r#"{"schema":{"fields":[]},"data":[{"text":"a","label":"x"},{"text":"b","label":"y"}]}"#),
        ("wrapped.json", r#"{"version":"1","rows":[{"text":"a","label":"x"},{"text":"b","label":"y"}]}"#),
        (
            "nested.jsonl",
            "{\"data\":{\"text\":\"a\"},\"meta\":{\"label\":\"x\"}}\n{\"data\":{\"text\":\"b\"},\"meta\":{\"label\":\"y\"}}\n",
        ),
    ] {
        let input = good(file, content.as_bytes());
        assert_eq!((texts(&input), input.rows.len()), (vec!["a", "b"], 2), "{file}");
    }
}

#[test]
fn rows_of_one_label_or_none_are_read_but_make_no_data_set() {
    assert!(matches!(Dataset::new(good("a.txt", b"a;x\nb;x\n").rows), Err(DataError::OneLabel { n: 2, .. })));
    let none = allowing("a.csv", b"text,label\n,x\n", |dialect| dialect.allow_dropped = true).unwrap();
    assert_eq!(Dataset::new(none.rows).unwrap_err(), DataError::Empty);
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
    std::fs::write(&path, "text,label,source,source_id\na,x,an a,\n,x,lost,\nb,y,,00000000000000ff\nc,y,,\nd,x,,\n")
        .unwrap();
    let synthetic = read_synthetic(&path.into(), &InputOptions::default()).unwrap();
    let sources: Vec<(Option<&str>, Option<&str>)> =
        synthetic.sources.iter().map(|s| (s.text.as_deref(), s.id.as_deref())).collect();
    assert_eq!(sources[..2], [(Some("an a"), None), (None, Some("00000000000000ff"))]);
    assert_eq!((sources.len(), synthetic.input.rows.len()), (4, 4));
}

//! Bad files, one a case: what they hold, and what the error says of them. Uses the standard library alone, so that tests of
//! other crates can include it with `#[path]`.

/// A file that cannot be read.
pub(crate) struct Case {
    /// File name to give it; the format goes by its extension.
    pub(crate) file: &'static str,
    /// Content.
    pub(crate) bytes: Vec<u8>,
    /// `--format`, `--text`, `--label`.
    pub(crate) options: [Option<&'static str>; 3],
    /// The error's kind.
    pub(crate) kind: &'static str,
    /// Parts of the message: place and what was found.
    pub(crate) says: &'static [&'static str],
}

const NONE: [Option<&str>; 3] = [None, None, None];

fn case(
    file: &'static str,
    bytes: impl AsRef<[u8]>,
    options: [Option<&'static str>; 3],
    kind: &'static str,
    says: &'static [&'static str],
) -> Case {
    Case { file, bytes: bytes.as_ref().to_vec(), options, kind, says }
}

/// All cases.
pub(crate) fn cases() -> Vec<Case> {
    let mut all = delimited();
    all.extend(lines());
    all.extend(json());
    all.extend(packed());
    all
}

fn delimited() -> Vec<Case> {
    let long = format!("text,label\nshort,x\n{},y\n", "long ".repeat(210_000));
    let many: String = (0..65_537).map(|i| format!("t,{i}\n")).collect();
    let text = |name| [None, Some(name), None];
    vec![
        case("empty.csv", "", NONE, "empty", &["nothing in it"]),
        case("blank.csv", "\n\n\r\n", NONE, "empty", &["nothing in it"]),
        case("header.csv", "text,label\n", NONE, "header_only", &["line 1"]),
        case("utf16.csv", b"\xFF\xFEt\0e\0x\0t\0", NONE, "encoding", &["UTF-16", "byte 0"]),
        case("utf16-no-mark.csv", b"t\0e\0x\0t\0,\0", NONE, "nul", &["line 1, byte 1"]),
        case("latin1.csv", b"text,label\nok,x\ncaf\xE9,y\n", NONE, "not_utf8", &["line 3, byte 19"]),
        case("cut-character.csv", b"text,label\nok,x\ncaf\xC3", NONE, "not_utf8", &["line 3, byte 19"]),
        case("nul.csv", b"text,label\na\0b,x\n", NONE, "nul", &["line 2, byte 12"]),
        case("short-row.csv", "text,label\na,x\nb\n", NONE, "ragged", &["line 3", "1 cells", "2"]),
        case("long-row.csv", "text,label\n\"a\nb\",x\nb,c,y\n", NONE, "ragged", &["line 4", "3 cells"]),
        case("open-quote.csv", "text,label\na,x\n\"b,y\nc,x\n", NONE, "unclosed_quote", &["line 3, column `text`"]),
        case("after-quote.csv", "text,label\n\"a\n\"b,y\n", NONE, "after_quote", &["line 3", "opened at line 2"]),
        case("typo.csv", "sentence,label\na,x\n", text("sentense"), "missing_column", &["did you mean `sentence`?"]),
        case("twice.csv", "text,label,text\na,x,b\n", NONE, "repeated_column", &["line 1, column `text`", "2 times"]),
        case("same.csv", "text,label\na,x\n", text("label"), "same_column", &["`label`"]),
        case("one-column.csv", "text\na\nb\n", NONE, "no_column", &["label", "`text`"]),
        case(
            "no-header.csv",
            "it was fine,pos\nit was so bad,neg\nso good,pos\n",
            NONE,
            "no_header",
            &["line 1", "pos"],
        ),
        case("long-cell.csv", long, NONE, "long_cell", &["line 3, column `text`", "1050000 bytes"]),
        case("labels.csv", format!("text,label\n{many}"), NONE, "too_many_labels", &["line 65537", "65535"]),
        case("open-quote.tsv", "text\tlabel\na\t\"x\nb\ty\n", NONE, "unclosed_quote", &["line 2, column `label`"]),
        case("ragged.tsv", "text\tlabel\na\tx\n\nb\ty\tz\n", NONE, "ragged", &["line 4"]),
        case("table.xlsx", "PK", NONE, "unknown_format", &["`.xlsx`"]),
        case("table", "text,label\n", NONE, "unknown_format", &["without an extension"]),
        case("a.csv", "text,label\n", [Some("jsnl"), None, None], "unknown_format", &["did you mean `jsonl`?"]),
    ]
}

fn lines() -> Vec<Case> {
    vec![
        case("empty.txt", " \n", NONE, "empty", &["nothing in it"]),
        case("no-label.txt", "fine;x\r\nno semicolon\r\n", NONE, "no_separator", &["line 2", "`no semicolon`"]),
        case("column.txt", "fine;x\n", [None, Some("tweet"), None], "missing_column", &["`tweet`"]),
        case(
            "broken.jsonl",
            "{\"text\":\"a\",\"label\":1}\n{\"text\" \"b\"}\n",
            NONE,
            "bad_json",
            &["line 2", "character 9"],
        ),
        case("cut.jsonl", "{\"text\":\"a\",\"label\":1}\n{\"text\":\"b", NONE, "cut_json", &["line 2"]),
        case(
            "nested.jsonl",
            "{\"text\":\"a\",\"label\":[1]}\n",
            NONE,
            "wrong_type",
            &["line 1, column `label`", "an array"],
        ),
        case("number.jsonl", "{\"text\":5,\"label\":1}\n", NONE, "wrong_type", &["line 1, column `text`", "a number"]),
        case("scalar.jsonl", "{\"text\":\"a\",\"label\":1}\n7\n", NONE, "wrong_shape", &["line 2", "a number"]),
        case("array.jsonl", "[{\"text\":\"a\",\"label\":1}]\n", NONE, "wrong_format", &["jsonl", "json"]),
        case("latin1.jsonl", b"{\"text\":\"caf\xE9\"}", NONE, "not_utf8", &["line 1, byte 12"]),
        case("deep.jsonl", format!("{{\"text\":{}", "[".repeat(100_000)), NONE, "too_deep", &["line 1"]),
    ]
}

fn json() -> Vec<Case> {
    let one = "{\"text\":\"a\",\"label\":\"x\"}";
    vec![
        case("empty.json", "", NONE, "empty", &["nothing in it"]),
        case("no-items.json", "[]", NONE, "empty", &["nothing in it"]),
        case("object.json", "{\n\"rows\": []}", [Some("json"), None, None], "wrong_shape", &["line 1", "an object"]),
        case("lines.json", format!("{one}\n{one}\n"), NONE, "wrong_format", &["json", "jsonl"]),
        case("string.json", "\n\"text\"", NONE, "wrong_shape", &["line 2", "a string"]),
        case("strings.json", "[\"a\", \"b\"]", NONE, "wrong_shape", &["record 1", "a string"]),
        case("cut.json", format!("[\n{one},\n{{\"text\":"), NONE, "cut_json", &["line 3"]),
        case("broken.json", format!("[{one},\n{{\"text\":nul}}]"), NONE, "bad_json", &["line 2"]),
        case("more.json", format!("[{one}]\n[]"), NONE, "bad_json", &["line 2", "trailing characters"]),
        case("deep.json", "[".repeat(100_000), NONE, "too_deep", &["line 1"]),
        case(
            "nested.json",
            format!("[{one},{{\"text\":{{}},\"label\":1}}]"),
            NONE,
            "wrong_type",
            &["record 2, column `text`"],
        ),
    ]
}

/// The first 60 bytes of a gzip file of 100.
const GZIP_HEAD: [u8; 60] = [
    31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 43, 73, 173, 40, 209, 201, 73, 76, 74, 205, 225, 42, 201, 200, 44, 86, 0, 162,
    162, 252, 114, 5, 3, 133, 252, 52, 133, 68, 133, 226, 220, 196, 156, 28, 133, 180, 204, 156, 84, 157, 10, 20, 121,
    67, 12, 249, 74, 20, 121, 35,
];

fn packed() -> Vec<Case> {
    let mut damaged = GZIP_HEAD;
    damaged[10] = 0xFF;
    vec![
        case("cut.csv.gz", GZIP_HEAD, NONE, "truncated", &["gzip", "ends in the middle"]),
        case("damaged.csv.gz", damaged, NONE, "damaged", &["gzip"]),
        case("cut.csv.zst", [0x28, 0xB5, 0x2F, 0xFD, 4], NONE, "truncated", &["zstd", "ends in the middle"]),
        case("damaged.jsonl.zst", [0x28, 0xB5, 0x2F, 0xFD, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0], NONE, "damaged", &["zstd"]),
        case("garbage.parquet", "this is no table", NONE, "wrong_format", &["parquet", "something else"]),
        case("damaged.parquet", "PAR1 and then nothing of use PAR1", NONE, "damaged", &["parquet"]),
        case("table.csv", "PAR1 and then nothing of use PAR1", NONE, "wrong_format", &["csv", "parquet"]),
        case("garbage.arrow", "this is no table", NONE, "wrong_format", &["arrow", "something else"]),
        case("damaged.arrow", "ARROW1\0\0 and then nothing of use ARROW1", NONE, "damaged", &["arrow"]),
        case("stream.arrow", b"\xFF\xFF\xFF\xFF\xF0\0\0\0 cut", NONE, "damaged", &["arrow", "longer than the content"]),
    ]
}

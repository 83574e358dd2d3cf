//! Bad files, one a case: what they hold, and what the error says of them. Uses the standard library alone, so that tests of
//! other crates can include it with `#[path]`.

/// A file that cannot be read.
#[allow(dead_code, reason = "every test binary uses a part of it")]
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
    all.extend(improbable());
    all.extend(misnamed());
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
        case("utf32.csv", utf32("text,label\ngood,x\nbad,y\n"), NONE, "encoding", &["UTF-32", "byte 0"]),
        case(
            "latin1.csv",
            b"text,label\nok,x\nun caf\xE9 bien serr\xE9 \xE0 la cr\xE8me,y\n",
            NONE,
            "not_utf8",
            &["line 3, byte 22", "windows-1252"],
        ),
        case("mixed.csv", b"text,label\ncaf\xC3\xA9,x\ncaf\xE9,y\n", NONE, "not_utf8", &["line 3", "before them"]),
        case("utf16-text.csv", utf16("text,label\ngood,x\nbad,y\n"), NONE, "nul", &["line 1, byte 1"]),
        case("cut-character.csv", b"text,label\nok,x\ncaf\xC3", NONE, "not_utf8", &["line 3, byte 19"]),
        case("nul.csv", b"text,label\na\0b,x\n", NONE, "nul", &["line 2, byte 12"]),
        case("short-row.csv", "text,label\na,x\nb\n", NONE, "ragged", &["line 3", "1 cell;", "2"]),
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
            "{\"text\":\"a\",\"label\":[[1]]}\n",
            NONE,
            "wrong_type",
            &["line 1, column `label`", "an array"],
        ),
        case("number.jsonl", "{\"text\":5,\"label\":1}\n", NONE, "wrong_type", &["line 1, column `text`", "a number"]),
        case("scalar.jsonl", "{\"text\":\"a\",\"label\":1}\n7\n", NONE, "wrong_shape", &["line 2", "a number"]),
        case("array.jsonl", "[{\"text\":\"a\",\"label\":1}]\n", NONE, "wrong_format", &["jsonl", "json"]),
        case(
            "latin1.jsonl",
            b"{\"text\":\"caf\xE9\",\"label\":\"x\"}\n{\"text\":\"tea\",\"label\":\"y\"}\n",
            NONE,
            "not_utf8",
            &["line 1, byte 12"],
        ),
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

fn utf32(text: &str) -> Vec<u8> {
    let marked = std::iter::once('\u{FEFF}').chain(text.chars());
    marked.flat_map(|c| u32::from(c).to_le_bytes()).collect()
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// Files that can be read, but hardly as they are meant.
fn improbable() -> Vec<Case> {
    let rows = "it was fine,x\nit was bad,y\nso good,x\n";
    let many = "a,x\nb,y\n".repeat(6);
    let tags = "{\"text\":\"fine by me\",\"tags\":[\"x\"]}\n{\"text\":\"not at all\",\"tags\":[\"x\",\"y\"]}\n\
                {\"text\":\"well then\",\"tags\":[\"x\"]}\n{\"text\":\"no\",\"tags\":[\"y\"]}\n";
    let lists = "{\"text\":\"a\",\"label\":[\"x\"]}\n{\"text\":\"b\",\"label\":[\"x\",\"y\"]}\n{\"text\":\"c\",\"label\":[\"y\"]}\n";
    vec![
        case(
            "swallowed.tsv",
            "label\ttext\nham\tit is fine\nspam\t\"win now\nham\tsee you\nham\tyes \"\nspam\tfree\n",
            NONE,
            "swallowed_rows",
            &["line 3, column `text`", "3 lines"],
        ),
        case(
            "swallowed.csv",
            "text,label\nfine,x\n\"bad,y\ngood,x\nalso good\",x\nworse,y\n",
            NONE,
            "swallowed_rows",
            &["line 3, column `text`", "3 lines"],
        ),
        case(
            "delimiters.csv",
            "id;text;label;note, long\n1;fine;x;a, b\n2;bad;y;c, d\n",
            NONE,
            "delimiters",
            &["line 1", "`,`", "`;`", "`text`, `label`"],
        ),
        case("other.csv", "text, long;label\nfine, very;x\nbad, so;y\n", NONE, "delimiters", &["line 1", "`,`", "`;`"]),
        case("rows.csv", "text,label\nfine;x\nbad;y\ngood;x\n", NONE, "ragged", &["line 2", "1 cell;"]),
        case(
            "rows-with-commas.csv",
            "text,label\nfine, very;x\nbad, so;y\na, b;x\nc, d;y\ne, f;x\ng, h;y\n",
            NONE,
            "row_delimiter",
            &["line 2", "`,`", "`;`"],
        ),
        case("declared.csv", "sep=;\ntext,label\nfine,x\nbad,y\n", NONE, "delimiters", &["`;`", "`,`"]),
        case(
            "again-in-capitals.csv",
            format!("text,label\n{rows}Text,LABEL\n{rows}"),
            NONE,
            "repeated_header",
            &["line 5"],
        ),
        case("list-cells.csv", "text,label\na,\"['x', 'y']\"\nb,\"['z', 'v']\"\n", NONE, "multi_label", &["'x', 'y'"]),
        case(
            "again.csv",
            format!("text,label\n{rows}text,label\n{rows}"),
            NONE,
            "repeated_header",
            &["line 5", "1 such row"],
        ),
        case("turned.csv", format!("text,label\n{rows}label,text\nx,so\n"), NONE, "other_header", &["line 5"]),
        case(
            "sparse.csv",
            format!("text,label\n{many}c,\nd,\ne,\nf,\n"),
            NONE,
            "too_many_dropped",
            &["4 of 16 rows", "`label`", "lines 14, 15, 16, 17"],
        ),
        case(
            "case.csv",
            "text,label\na,Spam\nb,spam\nc,ham\nd,spam\n",
            NONE,
            "similar_labels",
            &["`spam` (2 rows), `Spam` (1 row)"],
        ),
        case(
            "numbers.jsonl",
            "{\"text\":\"a\",\"label\":1}\n{\"text\":\"b\",\"label\":1.0}\n{\"text\":\"c\",\"label\":2}\n",
            NONE,
            "similar_labels",
            &["`1`", "`1.0`"],
        ),
        case("several.csv", "text,label\na,x\nb,y\nc,\"x,y\"\n", NONE, "multi_label", &["`label`", "x,y"]),
        case("lists.jsonl", lists, NONE, "multi_label", &["line 2, column `label`", "[\"x\",\"y\"]"]),
        case(
            "two.csv",
            "said,coarse_label,fine_label\nfine by me,x,p\nnot at all,y,q\nwell then,x,p\n",
            NONE,
            "ambiguous",
            &["`coarse_label`, `fine_label`"],
        ),
        case(
            "sms.tsv",
            "ham\tgo until jurong point\nspam\t\"free\" entry\nham\t\"ok lar\nspam\twin it\n",
            NONE,
            "after_quote",
            &["line 2"],
        ),
        case("tabs.txt", "fine by me\tx\nnot at all\ty\nwell\tx\n", NONE, "no_separator", &["line 1"]),
        case("pipes.txt", "text|label\nfine by me|x\nnot at all|y\nwell|x\n", NONE, "no_separator", &["line 1"]),
        case(
            "single.csv",
            "text,label\n'fine, by me','x'\n'not, at all','y'\n",
            NONE,
            "ragged",
            &["line 2", "3 cells"],
        ),
        case(
            "nan.csv",
            format!("text,label\n{many}c,NaN\nd,nan\ne,<NA>\nf,#N/A\n"),
            NONE,
            "too_many_dropped",
            &["4 of 16 rows", "`label`"],
        ),
        case(
            "pointer.csv",
            "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n",
            NONE,
            "no_data",
            &["a pointer of Git LFS"],
        ),
        case("page.csv", "<!DOCTYPE html>\n<p>log in, please</p>\n", NONE, "no_data", &["a web page"]),
        case("tags.jsonl", tags, NONE, "multi_label", &["line 2, column `tags`"]),
    ]
}

/// Files whose name, header or columns are not what they seem.
fn misnamed() -> Vec<Case> {
    let lines = "{\"text\":\"fine\",\"label\":\"x\"}\n{\"text\":\"bad\",\"label\":\"y\"}\n";
    let array = "[{\"text\":\"fine\",\"label\":\"x\"},\n{\"text\":\"bad\",\"label\":\"y\"}]\n";
    let rows = "text,label\nfine,x\nbad,y\n";
    let numbered = |row: fn(usize) -> String| (0..24).map(row).collect::<String>();
    let ids = numbered(|i| format!("this is text {i},{i},{}\n", ["x", "y"][i % 2]));
    let quoted = numbered(|i| format!("'this is text {i}','{}'\n", ["x", "y"][i % 2]));
    let after_blanks = numbered(|i| format!("\"this is text {i}\", \"{}\"\n", ["x", "y"][i % 2]));
    let semicolons = numbered(|i| format!("this is text {i};{}\n", ["x", "y"][i % 2]));
    let numbers = numbered(|i| format!("{i},this is text {i},{}\n", ["x", "y"][i % 2]));
    let spark = numbered(|i| format!("\"this is \\\"text\\\" {i}, and so on\",{}\n", ["x", "y"][i % 2]));
    let turned = numbered(|i| format!("this is text {i},{}\n", ["x", "y"][i % 2]));
    vec![
        case("lines.csv", lines, NONE, "wrong_format", &["csv", "jsonl"]),
        case("array.txt", array, NONE, "wrong_format", &["txt", "json"]),
        case("rows.jsonl", rows, NONE, "wrong_format", &["jsonl", "something else"]),
        case("rows.json", rows, NONE, "wrong_format", &["json", "something else"]),
        case("rows.parquet", rows, NONE, "wrong_format", &["parquet", "something else"]),
        case("header.txt", "text;label\nfine;x\nbad;y\n", NONE, "header_in_rows", &["line 1", "`text` and `label`"]),
        case(
            "title.csv",
            format!("said by customers,mood\n,\n{rows}good,x\n"),
            NONE,
            "late_header",
            &["line 3", "something else above"],
        ),
        case("comments.csv", format!("# made in May\n# by hand\ntext,label\n{rows}"), NONE, "late_header", &["line 3"]),
        case("spark.csv", format!("text,label\n{spark}"), NONE, "after_quote", &["line 2"]),
        case(
            "swallowed.csv",
            format!("text,label\n{turned}\"so, he said,x\n{turned}so on\", and,y\n"),
            NONE,
            "ragged",
            &[],
        ),
        case("blanks.csv", format!("text, label\n{after_blanks}"), NONE, "blank_before_quote", &["line 2"]),
        case("rules.csv", format!("text,label\n----,-----\n{turned}"), NONE, "header_in_rows", &["line 2", "`----`"]),
        case("export.csv", format!("Survey 2024;\nMessage;Team\n{semicolons}"), NONE, "late_header", &["line 2"]),
        case("row-names.csv", format!("text,label\n{numbers}"), NONE, "ragged", &["3 cells"]),
        case(
            "report.csv",
            format!("Report\n\ntext\tlabel\n{}", turned.replace(',', "\t")),
            NONE,
            "no_column",
            &["Report"],
        ),
        case("one-wide.csv", format!("text,label\n{turned}and, so on,y\n"), NONE, "ragged", &["3 cells"]),
        case("ids.csv", format!("text,label,class\n{ids}"), NONE, "not_labels", &["`label`", "24 different values"]),
        case("turned-names.csv", format!("label,text\n{turned}"), NONE, "not_labels", &["`label`"]),
        case("quotes.csv", format!("text,label\n{quoted}"), NONE, "single_quotes", &["line 2"]),
        case("caret.csv", "text^label\nfine^x\nbad^y\n", NONE, "no_column", &["`text^label`"]),
        case("packed.csv", "BZh91AY&SY", NONE, "no_data", &["bzip2"]),
        case("workbook.csv", b"\xD0\xCF\x11\xE0\xA1\xB1", NONE, "no_data", &["workbook"]),
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

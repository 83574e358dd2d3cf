//! Why a file cannot be read or written: what was found, where, what was expected, what to do.

use super::{Delimiter, Place};
use crate::text::counted;
use std::io;

/// Why content is not labelled texts in its format. The message names the place, not the file: the caller knows its name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// No byte, or nothing but white space.
    #[error("there is nothing in it; expected rows with a text and a label")]
    Empty,
    /// Columns, but no row under them.
    #[error("{place}: there is a header and no row under it")]
    HeaderOnly {
        /// The header.
        place: Place,
    },
    /// Text in an encoding other than UTF-8, told by its byte order mark.
    #[error("byte 0: the content is {encoding}; expected UTF-8")]
    Encoding {
        /// Name of the encoding.
        encoding: &'static str,
    },
    /// Bytes that are not UTF-8.
    #[error("{place}: bytes that are not UTF-8{}", .why.words())]
    NotUtf8 {
        /// Line and offset of the first such byte.
        place: Place,
        /// What they probably are.
        why: NotUtf8,
    },
    /// Bytes that are not text in the encoding that was asked for.
    #[error("byte {byte}: bytes that are not {encoding}")]
    NotInEncoding {
        /// Name of the encoding.
        encoding: String,
        /// Offset behind the first such byte.
        byte: u64,
    },
    /// No encoding has the name.
    #[error("no encoding is called `{}`", crate::text::escape_control(.name))]
    UnknownEncoding {
        /// The name.
        name: String,
    },
    /// A NUL byte in text.
    #[error("{place}: a NUL byte; expected text in UTF-8")]
    Nul {
        /// Line and offset.
        place: Place,
        /// The encoding that so many NUL bytes tell of.
        encoding: Option<String>,
    },
    /// A quoted cell without end.
    #[error("{opened}: a quote opens here and never closes")]
    UnclosedQuote {
        /// Where the quote opened.
        opened: Place,
    },
    /// A quoted cell that goes on after its closing quote.
    #[error("{place}: the cell goes on after its closing quote (it opened at line {opened})")]
    AfterQuote {
        /// Where it goes on.
        place: Place,
        /// The line on which the quote opened.
        opened: u64,
    },
    /// A quoted cell that seems to hold whole rows.
    #[error(
        "{opened}: the quote that opens here takes {n_lines} lines for one cell, and they look like rows of their own"
    )]
    SwallowedRows {
        /// Where the quote opens.
        opened: Place,
        /// Lines from there to where it closes.
        n_lines: usize,
    },
    /// Two characters that may be the delimiter.
    #[error("{place}: the header is cut at `{own}`, but at `{other}` it has the columns {}", list(.columns))]
    Delimiters {
        /// The header.
        place: Place,
        /// The delimiter that the format goes by.
        own: Delimiter,
        /// The other one.
        other: Delimiter,
        /// The columns that the other one gives.
        columns: Vec<String>,
    },
    /// Another character cuts the rows as the delimiter cuts the header.
    #[error("{place}: the header is cut at `{header}`, but every row holds as many `{rows}`")]
    RowDelimiter {
        /// The first row.
        place: Place,
        /// The delimiter of the header.
        header: Delimiter,
        /// The one that probably cuts the rows.
        rows: Delimiter,
    },
    /// A row with more or fewer cells than the header.
    #[error("{place}: {}; the header has {expected}", counted(*found, "cell"))]
    Ragged {
        /// The row.
        place: Place,
        /// Cells of the header.
        expected: usize,
        /// Cells of the row.
        found: usize,
        /// Another delimiter that stands in the header, or cuts the row into as many cells as it has.
        other: Option<Delimiter>,
        /// Where the row stands, counted from 1.
        line: u64,
        /// The names of all columns, where the header seems to lack one.
        names: Option<Vec<String>>,
    },
    /// The names of the columns stand below lines of something else.
    #[error("{place}: the names of the columns seem to stand here, and something else above them")]
    LateHeader {
        /// Where they stand.
        place: Place,
        /// The same, counted from 1.
        line: u64,
    },
    /// More or fewer names than there are columns.
    #[error("{place}: {}; names were given for {}", counted(*found, "cell"), counted(*expected, "column"))]
    ColumnCount {
        /// The first row.
        place: Place,
        /// Names given.
        expected: usize,
        /// Cells of the row.
        found: usize,
    },
    /// A row that repeats the header.
    #[error("{place}: the header stands here once more, as where files were put together ({n} such {})", plural(.n, "row"))]
    RepeatedHeader {
        /// The first such row.
        place: Place,
        /// How many there are.
        n: usize,
    },
    /// A row that holds the usual names of columns.
    #[error("{place}: `{}` and `{}` stand here as a row, and look like the names of columns, or like a line below them ({n} such {})", super::cell::shown(.text, 40), super::cell::shown(.label, 40), plural(.n, "row"))]
    HeaderInRows {
        /// The first such row.
        place: Place,
        /// What stands there for the text.
        text: Box<str>,
        /// What stands there for the label.
        label: Box<str>,
        /// How many there are.
        n: usize,
    },
    /// A blank stands between delimiter and quote in every row, so that the quotes would count as part of the cell.
    #[error(
        "{place}: a blank stands before the quote of a cell here and in every row, and the quotes would belong to it"
    )]
    BlankBeforeQuote {
        /// The first row.
        place: Place,
    },
    /// Every cell stands in single quotes.
    #[error("{place}: text and label stand in single quotes here and in every row")]
    SingleQuotes {
        /// The first row.
        place: Place,
    },
    /// The delimiter that was asked for cuts nothing.
    #[error("{place}: no `{asked}` cuts header or rows; they are cut at `{own}`")]
    NoDelimiter {
        /// The header.
        place: Place,
        /// What was asked for.
        asked: Delimiter,
        /// The one that cuts.
        own: Delimiter,
    },
    /// The column of labels holds hardly any value twice.
    #[error("the label column `{}` has {n_labels} different values in {n} rows, as ids or texts have", super::cell::shown(.column, 40))]
    NotLabels {
        /// The column.
        column: String,
        /// Its values.
        n_labels: usize,
        /// Rows.
        n: usize,
        /// The columns that are neither.
        others: Vec<String>,
    },
    /// A second header with text and label the other way round.
    #[error("{place}: a second header stands here, with the columns in another order")]
    OtherHeader {
        /// The row.
        place: Place,
    },
    /// Too many rows cannot be used.
    #[error("{n_dropped} of {n} rows have no {what} ({})", places(.unit, .first))]
    TooManyDropped {
        /// `text (column …)` or `label (column …)`.
        what: String,
        /// How many rows cannot be used.
        n_dropped: usize,
        /// All rows.
        n: usize,
        /// The first of them, by line or record.
        first: Vec<u64>,
        /// What these numbers count.
        unit: &'static str,
    },
    /// Labels that are probably one.
    #[error("labels that differ only in case, blanks or the way they are written: {shown}")]
    SimilarLabels {
        /// The labels, grouped, with their rows.
        shown: String,
    },
    /// Rows with several labels.
    #[error("{place}: a row with several labels ({shown}); expected one label a row")]
    MultiLabel {
        /// The first such row.
        place: Place,
        /// Its labels.
        shown: String,
    },
    /// Several splits in one file, and none of them asked for.
    #[error("{}it holds the splits {}", asked_split(.asked), list(.splits))]
    Splits {
        /// What was asked for, if anything.
        asked: Option<String>,
        /// The splits that there are.
        splits: Vec<String>,
    },
    /// Several columns can be taken for the text or the label.
    #[error("several columns can be the {role}: {}", list(.candidates))]
    Ambiguous {
        /// `text` or `label`.
        role: &'static str,
        /// The columns, the likeliest first.
        candidates: Vec<String>,
    },
    /// A line of `text;label` without a semicolon.
    #[error("{place}: no `;` in `{shown}`; expected `text;label`")]
    NoSeparator {
        /// The line.
        place: Place,
        /// Its beginning.
        shown: String,
        /// The format whose delimiter stands there.
        delimiter: Option<&'static str>,
    },
    /// A column that was asked for, or is needed, does not stand there.
    #[error("no column is called `{}`; there are {}{}", crate::text::escape_control(.name), list(.columns), did_you_mean(.nearest))]
    MissingColumn {
        /// `text`, `label`, `embedding` or `group`.
        role: &'static str,
        /// The name.
        name: String,
        /// The names that stand there.
        columns: Vec<String>,
        /// The most similar one.
        nearest: Option<String>,
    },
    /// No column can be taken for the text or the label.
    #[error("no column can be taken for the {role}; there are {}", list(.columns))]
    NoColumn {
        /// `text` or `label`.
        role: &'static str,
        /// The names that stand there.
        columns: Vec<String>,
    },
    /// Text and label would be the same column.
    #[error("text and label are both the column `{name}`; expected two columns")]
    SameColumn {
        /// The column.
        name: String,
    },
    /// The column to be used stands more than once.
    #[error("{place}: the name stands {times} times; expected one such column")]
    RepeatedColumn {
        /// Header and column.
        place: Place,
        /// How often.
        times: usize,
    },
    /// The first line looks like a row.
    #[error("{place}: `{shown}` looks like a row; expected a header with the names of the columns")]
    NoHeader {
        /// The line.
        place: Place,
        /// The cell that gave it away.
        shown: Box<str>,
        /// Names for the columns, by what they hold.
        columns: Vec<String>,
        /// Stands between them.
        delimiter: Option<Delimiter>,
    },
    /// A value of a kind that cannot be a text or a label.
    #[error("{place}: {found}; expected {expected}")]
    WrongType {
        /// Row and column.
        place: Place,
        /// What stands there.
        found: String,
        /// What can be used.
        expected: &'static str,
    },
    /// A text or label of more than [`super::CELL_LIMIT`] bytes.
    #[error("{place}: a cell of {bytes} bytes; at most {} are taken for one text", super::CELL_LIMIT)]
    LongCell {
        /// Row and column.
        place: Place,
        /// Its length.
        bytes: usize,
    },
    /// More labels than a classifier of texts has.
    #[error("{place}: this is the {n}th distinct label; at most {} are possible", n - 1)]
    TooManyLabels {
        /// The row.
        place: Place,
        /// How many labels there are up to here.
        n: usize,
    },
    /// JSON that is not made of objects, or not in an array.
    #[error("{place}: {found}; expected {expected}")]
    WrongShape {
        /// Where.
        place: Place,
        /// What stands there.
        found: Box<str>,
        /// What should.
        expected: &'static str,
        /// The format that the content is.
        is: Option<&'static str>,
    },
    /// Broken JSON.
    #[error("{place}: {message}")]
    BadJson {
        /// Where.
        place: Place,
        /// What the parser says.
        message: String,
    },
    /// JSON that ends in the middle.
    #[error("{place}: the JSON ends in the middle")]
    CutJson {
        /// Where it ends.
        place: Place,
    },
    /// JSON nested deeper than any row is.
    #[error("{place}: values are nested more than 127 deep")]
    TooDeep {
        /// Where.
        place: Place,
    },
    /// A compressed file that ends in the middle.
    #[error("the {compression} data ends in the middle")]
    Truncated {
        /// `gzip` or `zstd`.
        compression: &'static str,
    },
    /// A zip archive of several files, or of none.
    #[error("{}", archive(.files))]
    Archive {
        /// The files in it.
        files: Vec<String>,
    },
    /// Compressed or binary content that is damaged.
    #[error("the {what} data is damaged: {message}")]
    Damaged {
        /// What it is.
        what: &'static str,
        /// What the decoder says.
        message: String,
    },
    /// A feature of the format that is not supported.
    #[error("{message}")]
    Unsupported {
        /// What.
        message: String,
    },
    /// What stands there is not the data.
    #[error("it holds {what}; expected rows with a text and a label")]
    NoData {
        /// What it is.
        what: &'static str,
        /// What to do.
        advice: &'static str,
    },
    /// A split is asked for, and the rows of the file stand in none.
    #[error("the file has no splits, and `{}` was asked for", crate::text::escape_control(.asked))]
    NoSplits {
        /// Its name.
        asked: String,
    },
    /// The name says one format and the content another.
    #[error("its name says {named}, its content is {content}")]
    WrongFormat {
        /// By the name.
        named: &'static str,
        /// By the content.
        content: &'static str,
    },
    /// Neither name nor content tell the format.
    #[error("no format is known for {}", shown_extension(.extension))]
    UnknownFormat {
        /// The extension, empty where there is none.
        extension: String,
    },
    /// The source of the bytes failed.
    #[error("reading failed: {message}")]
    Io {
        /// What the system says.
        message: String,
    },
}

impl ReadError {
    /// One word for the kind of fault, snake_case.
    pub fn kind(&self) -> &'static str {
        match self {
            ReadError::Empty => "empty",
            ReadError::HeaderOnly { .. } => "header_only",
            ReadError::Encoding { .. } => "encoding",
            ReadError::NotUtf8 { .. } => "not_utf8",
            ReadError::Nul { .. } => "nul",
            ReadError::NotInEncoding { .. } => "not_in_encoding",
            ReadError::UnknownEncoding { .. } => "unknown_encoding",
            ReadError::SwallowedRows { .. } => "swallowed_rows",
            ReadError::Delimiters { .. } => "delimiters",
            ReadError::RowDelimiter { .. } => "row_delimiter",
            ReadError::ColumnCount { .. } => "column_count",
            ReadError::RepeatedHeader { .. } => "repeated_header",
            ReadError::HeaderInRows { .. } => "header_in_rows",
            ReadError::BlankBeforeQuote { .. } => "blank_before_quote",
            ReadError::SingleQuotes { .. } => "single_quotes",
            ReadError::NoDelimiter { .. } => "no_delimiter",
            ReadError::NotLabels { .. } => "not_labels",
            ReadError::OtherHeader { .. } => "other_header",
            ReadError::TooManyDropped { .. } => "too_many_dropped",
            ReadError::SimilarLabels { .. } => "similar_labels",
            ReadError::MultiLabel { .. } => "multi_label",
            ReadError::Ambiguous { .. } => "ambiguous",
            ReadError::Splits { .. } => "splits",
            ReadError::NoSplits { .. } => "no_splits",
            ReadError::UnclosedQuote { .. } => "unclosed_quote",
            ReadError::AfterQuote { .. } => "after_quote",
            ReadError::Ragged { .. } => "ragged",
            ReadError::LateHeader { .. } => "late_header",
            ReadError::NoData { .. } => "no_data",
            ReadError::NoSeparator { .. } => "no_separator",
            ReadError::MissingColumn { .. } => "missing_column",
            ReadError::NoColumn { .. } => "no_column",
            ReadError::SameColumn { .. } => "same_column",
            ReadError::RepeatedColumn { .. } => "repeated_column",
            ReadError::NoHeader { .. } => "no_header",
            ReadError::WrongType { .. } => "wrong_type",
            ReadError::LongCell { .. } => "long_cell",
            ReadError::TooManyLabels { .. } => "too_many_labels",
            ReadError::WrongShape { .. } => "wrong_shape",
            ReadError::BadJson { .. } => "bad_json",
            ReadError::CutJson { .. } => "cut_json",
            ReadError::TooDeep { .. } => "too_deep",
            ReadError::Truncated { .. } => "truncated",
            ReadError::Damaged { .. } => "damaged",
            ReadError::Archive { .. } => "archive",
            ReadError::Unsupported { .. } => "unsupported",
            ReadError::WrongFormat { .. } => "wrong_format",
            ReadError::UnknownFormat { .. } => "unknown_format",
            ReadError::Io { .. } => "io",
        }
    }
}

/// What bytes that are not UTF-8 probably are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotUtf8 {
    /// Text in the encoding of this name.
    Other(String),
    /// Damage: the text before them is UTF-8 beyond ASCII.
    Damaged,
    /// The first half of a character, at the end of the content.
    Cut,
}

impl NotUtf8 {
    fn words(&self) -> String {
        match self {
            NotUtf8::Other(encoding) => format!(", but probably {encoding}"),
            NotUtf8::Damaged => ", though the text before them is".to_owned(),
            NotUtf8::Cut => ": the file ends in the middle of a character".to_owned(),
        }
    }
}

/// Readers send their own faults through [`io::Read`] as the inner error; everything else is the world's.
impl From<io::Error> for ReadError {
    fn from(error: io::Error) -> Self {
        match error.downcast::<ReadError>() {
            Ok(own) => own,
            Err(other) => ReadError::Io { message: other.to_string() },
        }
    }
}

impl From<ReadError> for io::Error {
    fn from(error: ReadError) -> Self {
        io::Error::other(error)
    }
}

pub(super) fn list(names: &[String]) -> String {
    const SHOWN: usize = 12;
    let mut shown: Vec<String> = names.iter().take(SHOWN).map(|n| format!("`{}`", super::cell::shown(n, 40))).collect();
    if names.len() > SHOWN {
        shown.push(format!("and {} more", names.len() - SHOWN));
    }
    if shown.is_empty() { "none".to_owned() } else { shown.join(", ") }
}

fn did_you_mean(nearest: &Option<String>) -> String {
    nearest.as_ref().map_or_else(String::new, |n| format!("; did you mean `{}`?", crate::text::escape_control(n)))
}

fn shown_extension(extension: &str) -> String {
    if extension.is_empty() { "a name without an extension".to_owned() } else { format!("`.{extension}`") }
}

pub(super) fn plural(n: &usize, word: &str) -> String {
    if *n == 1 { word.to_owned() } else { format!("{word}s") }
}

pub(super) fn is_workbook(files: &[String]) -> bool {
    files.iter().any(|name| name.starts_with("xl/"))
}

fn archive(files: &[String]) -> String {
    match is_workbook(files) {
        true => "this is a workbook of a spreadsheet program; expected text or a table".to_owned(),
        false => format!("the zip archive holds {} files ({}); expected one", files.len(), list(files)),
    }
}

fn asked_split(asked: &Option<String>) -> String {
    asked.as_ref().map_or(String::new(), |name| format!("no split is called `{}`; ", crate::text::escape_control(name)))
}

fn places(unit: &str, first: &[u64]) -> String {
    let shown: Vec<String> = first.iter().map(u64::to_string).collect();
    format!("{} {}", plural(&first.len(), unit), shown.join(", "))
}

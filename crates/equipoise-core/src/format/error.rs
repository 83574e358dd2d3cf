//! Why a file cannot be read or written: what was found, where, what was expected, what to do.

use super::Place;
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
    #[error("{place}: bytes that are not UTF-8")]
    NotUtf8 {
        /// Line and offset of the first such byte.
        place: Place,
    },
    /// A NUL byte in text.
    #[error("{place}: a NUL byte; expected text in UTF-8")]
    Nul {
        /// Line and offset.
        place: Place,
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
    /// A row with more or fewer cells than the header.
    #[error("{place}: {found} cells; the header has {expected}")]
    Ragged {
        /// The row.
        place: Place,
        /// Cells of the header.
        expected: usize,
        /// Cells of the row.
        found: usize,
    },
    /// A line of `text;label` without a semicolon.
    #[error("{place}: no `;` in `{shown}`; expected `text;label`")]
    NoSeparator {
        /// The line.
        place: Place,
        /// Its beginning.
        shown: String,
    },
    /// A column that was asked for, or is needed, does not stand there.
    #[error("no column is called `{name}`; there are {}{}", list(.columns), did_you_mean(.nearest))]
    MissingColumn {
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
        shown: String,
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
        found: String,
        /// What should.
        expected: &'static str,
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
            ReadError::UnclosedQuote { .. } => "unclosed_quote",
            ReadError::AfterQuote { .. } => "after_quote",
            ReadError::Ragged { .. } => "ragged",
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
            ReadError::Unsupported { .. } => "unsupported",
            ReadError::WrongFormat { .. } => "wrong_format",
            ReadError::UnknownFormat { .. } => "unknown_format",
            ReadError::Io { .. } => "io",
        }
    }

    /// What to do about it.
    pub fn remedy(&self) -> &'static str {
        match self {
            ReadError::Empty | ReadError::HeaderOnly { .. } => "give a file with at least one row for each label",
            ReadError::Encoding { .. } | ReadError::NotUtf8 { .. } => {
                "save the file as UTF-8, for instance with `iconv -t UTF-8`"
            }
            ReadError::Nul { .. } => "the file may be UTF-16 or not text at all; save it as UTF-8 text",
            ReadError::UnclosedQuote { .. } => "close the quote, or double a quote that belongs to the text",
            ReadError::AfterQuote { .. } => "write a quote that belongs to the text twice, inside a quoted cell",
            ReadError::Ragged { .. } => {
                "quote cells that hold the delimiter, and give every row a cell for each column"
            }
            ReadError::NoSeparator { .. } => "end every line with `;label`, or name another format with --format",
            ReadError::MissingColumn { .. } | ReadError::NoColumn { .. } | ReadError::SameColumn { .. } => {
                "name the columns with --text and --label"
            }
            ReadError::RepeatedColumn { .. } => "rename the columns so that each name stands once",
            ReadError::NoHeader { .. } => "add a first line such as `text,label`",
            ReadError::WrongType { .. } => "choose other columns with --text and --label, or turn the values into text",
            ReadError::LongCell { .. } => "look for a quote that is not closed near there, or split the text",
            ReadError::TooManyLabels { .. } => "check that --label names the label column",
            ReadError::WrongShape { .. } => {
                "`json` is one array of objects, `jsonl` one object a line; name the format with --format"
            }
            ReadError::BadJson { .. } | ReadError::TooDeep { .. } => "correct the JSON there",
            ReadError::CutJson { .. } | ReadError::Truncated { .. } | ReadError::Damaged { .. } => {
                "the file may be cut or damaged; fetch or write it again"
            }
            ReadError::Unsupported { .. } => {
                "write the file again with plain columns and zstd, gzip, snappy or no compression"
            }
            ReadError::WrongFormat { .. } => "correct the file's name, or say what it is with --format",
            ReadError::UnknownFormat { .. } => {
                "name the format with --format (csv, tsv, txt, json, jsonl, parquet, arrow)"
            }
            ReadError::Io { .. } => "check that the file can be read",
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

/// Why rows cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The original cannot be read again.
    #[error(transparent)]
    Original(#[from] ReadError),
    /// A value that the format cannot hold.
    #[error("the {what} `{shown}` cannot be written as {format}: {why}")]
    Value {
        /// `label`, `text` or a column's name.
        what: String,
        /// Its beginning.
        shown: String,
        /// The format.
        format: &'static str,
        /// What the format lacks.
        why: &'static str,
    },
    /// A column that new rows have nothing for and that takes no null.
    #[error("the column `{column}` takes no null, and new rows have nothing for it")]
    NotNullable {
        /// The column.
        column: String,
    },
    /// Columns that the format cannot hold.
    #[error("{format} holds a text and a label, not the columns {}", list(.columns))]
    Columns {
        /// The format.
        format: &'static str,
        /// The columns.
        columns: Vec<String>,
    },
    /// A column that is to be added and that the file has.
    #[error("the file has a column `{column}` of its own, and another one of that name was to be added")]
    TakenColumn {
        /// The column.
        column: String,
    },
    /// The library of a binary format refused.
    #[error("writing {format} failed: {message}")]
    Encode {
        /// The format.
        format: &'static str,
        /// What it says.
        message: String,
    },
    /// The output failed.
    #[error("writing failed")]
    Io(#[source] io::Error),
}

/// Reading and writing share one stream of errors while a file is copied: a reader's own fault is told from the output's.
impl From<io::Error> for WriteError {
    fn from(error: io::Error) -> Self {
        match error.downcast::<ReadError>() {
            Ok(own) => WriteError::Original(own),
            Err(other) => WriteError::Io(other),
        }
    }
}

fn list(names: &[String]) -> String {
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

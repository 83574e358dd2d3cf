//! What to do about content that cannot be read, in words.

use super::error::is_workbook;
use super::{NotUtf8, ReadError};

impl ReadError {
    /// What to do where no setting helps: FILE stands for the file's name, and a setting in braces (`{label}`, `{encoding=auto}`) is worded
    /// by whoever shows it.
    pub fn advice(&self) -> String {
        let said = match self {
            ReadError::Empty | ReadError::HeaderOnly { .. } => "give a file with at least one row for each label",
            ReadError::Encoding { .. } => "save it as UTF-8: `iconv -f UTF-32 -t UTF-8 FILE`",
            ReadError::NotUtf8 { why: NotUtf8::Other(encoding), .. }
            | ReadError::Nul { encoding: Some(encoding), .. } => {
                return format!("save it as UTF-8: `iconv -f {} -t UTF-8 FILE`", encoding.to_ascii_uppercase());
            }
            ReadError::NotUtf8 { why: NotUtf8::Damaged, .. } => {
                "correct the bytes there; `iconv -c -f UTF-8 -t UTF-8 FILE` leaves out all such bytes"
            }
            ReadError::NotInEncoding { .. } => "name another {encoding}, or let it be guessed with {encoding=auto}",
            ReadError::UnknownEncoding { .. } => "for instance latin1, windows-1252, utf-16 or shift_jis; or auto",
            ReadError::Nul { .. } => "this is no text file, or a damaged one; write it again as text in UTF-8",
            ReadError::UnclosedQuote { .. } | ReadError::SwallowedRows { .. } => {
                "close the quote, or write a quote that belongs to the text twice, inside a quoted cell"
            }
            ReadError::AfterQuote { .. } => "write a quote that belongs to the text twice, inside a quoted cell",
            ReadError::NoData { advice, .. } => advice,
            ReadError::Ragged { .. } => "quote cells that hold the delimiter; give every row a cell for each column",
            ReadError::RowDelimiter { .. } => "separate header and rows in one way",
            ReadError::Delimiters { .. } => "quote the names of columns that hold a delimiter",
            ReadError::ColumnCount { .. } => "give {columns} one name for each column, separated by commas",
            ReadError::NoSplits { .. } => "omit {split}, which chooses among the keys of a JSON file",
            ReadError::Splits { .. } => "name one with {split}",
            ReadError::NoSeparator { .. } => "end every line with `;label`, or name another format with {format}",
            ReadError::MissingColumn { role: "embedding", .. } => "name the column of vectors with {embedding}",
            ReadError::NoColumn { .. } => {
                "name the columns with {text} and {label}; each row needs a text, and a label that is a string or a number"
            }
            ReadError::MissingColumn { .. } | ReadError::SameColumn { .. } | ReadError::Ambiguous { .. } => {
                "name the columns with {text} and {label}"
            }
            ReadError::RepeatedColumn { .. } => "rename the columns so that each name stands once",
            ReadError::NoHeader { columns, delimiter, .. } => {
                let between = delimiter.map_or(",".to_owned(), |d| char::from(d.byte()).escape_default().to_string());
                return format!("add a first line such as `{}`", columns.join(&between));
            }
            ReadError::WrongType { .. } => "choose other columns with {text} and {label}, or turn the values into text",
            ReadError::LongCell { .. } => "look for a quote that is not closed near there, or split the text",
            ReadError::TooManyLabels { .. } => "check that {label} names the label column",
            ReadError::WrongShape { .. } => {
                "`json` is one array of objects, `jsonl` one object a line; name the format with {format}"
            }
            ReadError::BadJson { .. } | ReadError::TooDeep { .. } => "correct the JSON there",
            ReadError::NotUtf8 { why: NotUtf8::Cut, .. }
            | ReadError::CutJson { .. }
            | ReadError::Truncated { .. }
            | ReadError::Damaged { .. } => "the file may be cut or damaged; fetch or write it again",
            ReadError::Archive { files } if is_workbook(files) => "save the sheet as CSV in UTF-8",
            ReadError::Archive { .. } => "unpack it, and name the file that holds the rows",
            ReadError::Unsupported { .. } => {
                "write the file again with plain columns and zstd, gzip, snappy or no compression"
            }
            ReadError::WrongFormat { .. } => "correct the file's name",
            ReadError::UnknownFormat { .. } => return formats(),
            ReadError::Io { .. } => "check that the file can be read",
            doubtful => doubtful.advice_on_doubts(),
        };
        said.to_owned()
    }

    /// The same of content that can be read, but hardly as it is meant.
    fn advice_on_doubts(&self) -> &'static str {
        match self {
            ReadError::LateHeader { .. } => "take the lines above it out of the file",
            ReadError::RepeatedHeader { .. } => "take the repeated headers out of the file",
            ReadError::HeaderInRows { .. } => {
                "take that line out of the file, and what stands above it where it is the header"
            }
            ReadError::BlankBeforeQuote { .. } => "take the blanks between delimiters and quotes out of the file",
            ReadError::SingleQuotes { .. } => "take the quotes out of the file",
            ReadError::NoDelimiter { .. } => "omit {delimiter}",
            ReadError::NotLabels { .. } => {
                "name the columns with {text} and {label}; a label column that is named is taken as it is"
            }
            ReadError::OtherHeader { .. } => "split the file there, and give both parts the same order of columns",
            ReadError::TooManyDropped { .. } => "name another column with {text} or {label}, or complete the rows",
            ReadError::SimilarLabels { .. } => "write each label in one way",
            ReadError::MultiLabel { .. } => "write one label a row, and name its column with {label}",
            _ => "look at the rows there",
        }
    }
}

fn formats() -> String {
    let names: Vec<&str> = super::CATALOG.iter().map(|e| e.name).collect();
    format!("name the format with {{format}} ({})", names.join(", "))
}

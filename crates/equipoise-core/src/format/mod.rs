//! File formats: how labelled texts are read, written, and added to without touching what stands there.
//!
//! Readers take bytes, never paths. Compression is a layer of its own ([`Compression`]), not part of a format.

mod advice;
mod append;
mod arrow_check;
mod cell;
mod class_names;
mod columns;
mod compression;
mod delimited;
mod delimited_write;
mod delimiter;
mod dialect;
mod doubts;
mod encoding;
mod error;
mod extend;
mod guard;
mod guess;
mod header;
mod intake;
mod json_lines;
mod json_nan;
mod json_object;
mod json_rows;
mod json_style;
mod layout;
mod lines;
mod memory;
mod note;
mod old_encodings;
mod pairs;
mod place;
mod repair;
mod scan;
mod similar;
mod table;
mod text_reader;
mod write_error;

mod arrow;
mod csv;
mod fasttext;
mod json;
mod json_frame;
mod jsonl;
mod label_lists;
#[cfg(feature = "parquet")]
mod parquet;
mod tsv;
mod txt;

pub use cell::CELL_LIMIT;
pub use class_names::of_features as class_names;
pub use compression::{Compression, Encoder, unzip};
pub use dialect::{Delimiter, Dialect, MultiLabel, Quote, ReadRequest, SimilarLabels};
pub use encoding::{Encoding, Transcoder};
pub use error::{NotUtf8, ReadError};
pub use extend::{Added, NewCells, NewColumn};
pub use guard::is_guarded;
pub use intake::{RawRow, Reading, Sink};
pub use layout::Layout;
pub use memory::Table;
pub use note::{Note, NoteKind};
pub use place::Place;
pub use repair::Setting;
pub use write_error::WriteError;

use crate::catalog::{Entry, SettingsError, find};
use std::io::{BufRead, Write};

/// Every format, in the order in which content is recognised.
pub static CATALOG: &[&Entry<dyn Format>] = &[
    &csv::ENTRY,
    &tsv::ENTRY,
    &txt::ENTRY,
    &fasttext::ENTRY,
    &json::ENTRY,
    &jsonl::ENTRY,
    #[cfg(feature = "parquet")]
    &parquet::ENTRY,
    &arrow::ENTRY,
];

/// A row to be written: its text and its label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewRow<'a> {
    /// The text.
    pub text: &'a str,
    /// The label, as [`RawRow::label`] gave it.
    pub label: &'a str,
}

/// The rows of a fresh file, a cell for each column.
pub type NewRows<'r> = dyn Iterator<Item = Vec<String>> + 'r;

/// What writing did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Written {
    /// New rows.
    pub n_rows: usize,
    /// Texts whose line breaks became spaces, because the format has one line a row and no quotes.
    pub n_folded: usize,
    /// Whether the file is written in UTF-8 although the original is not.
    pub recoded: bool,
}

/// A way of keeping labelled texts in a file.
pub trait Format: Send + Sync {
    /// File name extensions without the dot, lower case; new files get the first.
    fn extensions(&self) -> &'static [&'static str];

    /// Whether the first bytes of a decompressed file can be this format and no other binary one. Text formats say yes only to
    /// what is marked clearly (a JSON object, an array); `csv`, `tsv` and `txt` cannot be told apart and never claim a file.
    fn sniff(&self, head: &[u8]) -> bool;

    /// Whether it is text, in some encoding.
    fn is_text(&self) -> bool {
        true
    }

    /// Whether a fresh file can hold columns beside text and label.
    fn holds_columns(&self) -> bool {
        true
    }

    /// Hands every row that has a text and a label to `sink`, in order; what is left out is counted in the notes.
    ///
    /// # Errors
    /// [`ReadError`] at the first fault that makes the rest doubtful; what the sink got until then is to be thrown away.
    fn read(&self, input: &mut dyn BufRead, request: &ReadRequest, sink: &mut Sink<'_>) -> Result<Reading, ReadError>;

    /// Writes the original (as it was read, decompressed) and then `rows`, in the same columns, quoting and newline convention;
    /// the other columns of the new rows are empty or null. In `csv`, `tsv`, `txt`, `json` and `jsonl` the original's bytes are
    /// kept; in `parquet` and `arrow` its schema and cell values.
    ///
    /// # Errors
    /// [`WriteError`] where the original cannot be read again, a row cannot be expressed, or the output fails.
    fn append(
        &self,
        original: &mut dyn BufRead,
        layout: &Layout,
        rows: &[NewRow<'_>],
        out: &mut (dyn Write + Send),
    ) -> Result<Written, WriteError>;

    /// As [`Format::append`], with the new columns behind those that the file has. The cells that stand there are kept as they are: their
    /// bytes in `csv`, `tsv`, `json` and `jsonl`, their values in `parquet` and `arrow`.
    ///
    /// # Errors
    /// As [`Format::append`]; [`WriteError::Columns`] where the format has no columns beside text and label, and
    /// [`WriteError::TakenColumn`] where the file has a column of that name.
    fn extend(
        &self,
        original: &mut dyn BufRead,
        layout: &Layout,
        added: &Added<'_>,
        out: &mut (dyn Write + Send),
    ) -> Result<Written, WriteError>;

    /// Writes a fresh file of `columns`; every row has a cell for each, an empty one meaning absent. Text is written row by row, so that the
    /// rows need not be held; `parquet` and `arrow` hold them. `like` gives the conventions
    /// (delimiter, newline, type of the label) of a file that was read in this format.
    ///
    /// # Errors
    /// [`WriteError`] where a row cannot be expressed or the output fails.
    fn write(
        &self,
        columns: &[&str],
        rows: &mut NewRows<'_>,
        like: Option<&Layout>,
        out: &mut (dyn Write + Send),
    ) -> Result<Written, WriteError>;
}

/// The format called `name`, ready to use.
///
/// # Errors
/// [`SettingsError::UnknownItem`], with the most similar name.
pub fn by_name(name: &str) -> Result<(&'static str, Box<dyn Format>), SettingsError> {
    let entry = find(CATALOG, "format", name)?;
    Ok((entry.name, entry.build(&crate::catalog::Settings::new())?))
}

/// The format of a file by its name or path (extensions of compression skipped) and the first bytes of its decompressed content.
///
/// # Errors
/// [`ReadError::UnknownFormat`] where the name tells nothing and the content is not clear; [`ReadError::WrongFormat`] where the
/// name says one thing and the content another.
pub fn recognise(name: &str, head: &[u8]) -> Result<&'static str, ReadError> {
    let lower = name.rsplit(['/', '\\']).next().unwrap_or_default().to_ascii_lowercase();
    let bare = [".gz", ".gzip", ".zst", ".zstd"].iter().find_map(|packed| lower.strip_suffix(packed)).unwrap_or(&lower);
    let extension = bare.rsplit_once('.').map_or("", |(_, extension)| extension);
    let built = |entry: &Entry<dyn Format>| entry.build(&crate::catalog::Settings::new()).ok();
    let by_content = CATALOG.iter().find(|e| built(e).is_some_and(|f| f.sniff(head))).map(|e| e.name);
    let by_name =
        CATALOG.iter().find(|e| built(e).is_some_and(|f| f.extensions().contains(&extension))).map(|e| e.name);
    is_data(head)?;
    match (by_name, by_content) {
        (Some(named), Some(content)) if named != content && contradicts(named, content, head) => {
            Err(ReadError::WrongFormat { named, content })
        }
        (Some(named), None) if !head.is_empty() && cannot_begin(named, head) => {
            Err(ReadError::WrongFormat { named, content: "something else" })
        }
        // Lines of `text;label` do not begin so.
        (Some("txt"), Some(content @ "fasttext")) => Ok(content),
        (Some(named), _) => Ok(named),
        (None, Some(content)) => Ok(content),
        (None, None) => Err(ReadError::UnknownFormat { extension: extension.to_owned() }),
    }
}

/// Kinds of files that are no tables of texts, by the bytes that they begin with, and what to do.
const OTHER_KINDS: [(&[u8], &str, &str); 9] = [
    (b"BZh", "data packed by bzip2", UNPACK),
    (b"\xFD7zXZ\0", "data packed by xz", UNPACK),
    (b"7z\xBC\xAF\x27\x1C", "a 7z archive", UNPACK),
    (b"%PDF-", "a PDF", SAVE),
    (b"\xD0\xCF\x11\xE0", "a workbook of an older spreadsheet program", SAVE),
    (b"SQLite format 3\0", "an SQLite database", SAVE),
    (
        b"FEA1",
        "a table of Feather's first version",
        "write it again as Feather 2, which is what pyarrow and pandas write today, or as parquet",
    ),
    (b"\x80\x04\x95", "a pickle of Python, which is a program and is never loaded", SAVE),
    (b"\x80\x05\x95", "a pickle of Python, which is a program and is never loaded", SAVE),
];
const UNPACK: &str = "unpack it, and name the file that holds the rows";
const SAVE: &str = "save the rows as CSV in UTF-8, JSON or parquet";

fn other_kind(head: &[u8]) -> Option<(&'static str, &'static str)> {
    if head.get(257..262) == Some(b"ustar") {
        return Some(("a tar archive", UNPACK));
    }
    OTHER_KINDS.iter().find(|(mark, ..)| head.starts_with(mark)).map(|(_, what, advice)| (*what, *advice))
}

/// Whether the content can be data: downloads sometimes bring what stands for it.
fn is_data(head: &[u8]) -> Result<(), ReadError> {
    let start = head[..head.len().min(64)].trim_ascii_start().to_ascii_lowercase();
    if start.starts_with(b"version https://git-lfs.github.com/spec") {
        let advice = "fetch the data itself: `git lfs pull` does in a clone";
        return Err(ReadError::NoData { what: "a pointer of Git LFS", advice });
    }
    if let Some((what, advice)) = other_kind(head) {
        return Err(ReadError::NoData { what, advice });
    }
    if start.starts_with(b"<!doctype html") || start.starts_with(b"<html") {
        let advice = "fetch the data itself: the address gave a page, perhaps one to log in";
        return Err(ReadError::NoData { what: "a web page", advice });
    }
    Ok(())
}

/// Whether content of one kind under the other's name is surely a mistake: binary formats always; under the name of a format of lines
/// only what is JSON beyond doubt, since a text may start with a bracket.
fn contradicts(named: &str, content: &str, head: &[u8]) -> bool {
    let binary = |f: &str| matches!(f, "parquet" | "arrow");
    let json = |f: &str| matches!(f, "json" | "jsonl");
    binary(named) || binary(content) || (json(content) && (json(named) || is_surely_json(head)))
}

/// Whether the first line is an object, or an array of objects or arrays begins.
fn is_surely_json(head: &[u8]) -> bool {
    let start = head.trim_ascii_start();
    let line = start.split(|b| *b == b'\n').next().unwrap_or_default();
    let is_object = || serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(line).is_ok();
    let items = start.strip_prefix(b"[").map(<[u8]>::trim_ascii_start);
    let item =
        items.and_then(|items| items.strip_prefix(b"{").or(items.strip_prefix(b"["))).map(<[u8]>::trim_ascii_start);
    is_object() || item.is_some_and(|item| item.starts_with(b"\""))
}

/// Whether no content of the format that the name says begins so.
fn cannot_begin(named: &str, head: &[u8]) -> bool {
    match named {
        "parquet" | "arrow" => true,
        "json" | "jsonl" => {
            let text = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
            text.first().is_some_and(|byte| byte.is_ascii_alphanumeric())
        }
        _ => false,
    }
}

/// Writes the parts of one data set, files whose names end in `extension` (`.parquet`, `.jsonl`), as one file.
///
/// # Errors
/// [`WriteError`] where a part cannot be read, or the format has no such form: a `csv` file has a header of its own.
pub fn join(extension: &str, parts: Vec<Vec<u8>>, out: &mut (dyn Write + Send)) -> Result<(), WriteError> {
    match extension {
        #[cfg(feature = "parquet")]
        ".parquet" => parquet::join(parts, out),
        ".jsonl" | ".ndjson" | ".txt" | ".ft" => {
            for mut part in parts {
                if part.last().is_some_and(|b| *b != b'\n') {
                    part.push(b'\n');
                }
                out.write_all(&part).map_err(WriteError::Io)?;
            }
            Ok(())
        }
        other => {
            let message = format!("several files that end in `{other}` are not read as one");
            Err(WriteError::Encode { format: "one file", message })
        }
    }
}

/// Reads all rows of `bytes` in the format called `name`, for tests, fuzz targets and small inputs; compression is undone.
///
/// # Errors
/// As [`Format::read`]; an unknown name is [`ReadError::UnknownFormat`].
pub fn read_bytes(
    name: &str,
    bytes: &[u8],
    request: &ReadRequest,
) -> Result<(Vec<(String, String)>, Reading), ReadError> {
    let (_, format) = by_name(name).map_err(|_| ReadError::UnknownFormat { extension: name.to_owned() })?;
    let mut rows = Vec::new();
    let compression = Compression::detect(bytes);
    let mut input = compression.decoder(Box::new(bytes))?;
    if let Some(encoding) = Encoding::of_mark(input.fill_buf()?) {
        input = encoding.decoder(input);
    }
    let reading = format.read(&mut *input, request, &mut |row| {
        rows.push((row.text.to_owned(), row.label.to_owned()));
        Ok(())
    })?;
    Ok((rows, reading))
}

#[cfg(test)]
mod contract;
#[cfg(test)]
mod extend_tests;
#[cfg(test)]
mod kept_tests;

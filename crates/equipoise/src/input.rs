//! Opening files and tables of labelled texts: what they hold, how they are packed, and how to read them again.

mod source;

pub use source::Source;

use crate::error::{Action, Hint};
use equipoise_core::catalog::SettingsError;
use equipoise_core::data::{RowId, Rows};
use equipoise_core::format::{
    self, ColumnRequest, Compression, Format, Layout, Note, RawRow, ReadError, Reading, WriteError,
};
use equipoise_core::text::escape_control;
use source::Origin;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

/// How to read a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct InputOptions {
    /// The format's name; `None` goes by the file's name and content. Standard input needs it where its content is not clear.
    pub format: Option<String>,
    /// The text column; `None` takes `text`, else a guess.
    pub text: Option<String>,
    /// The label column; `None` takes `label`, else a guess.
    pub label: Option<String>,
}

/// A file that was read.
#[derive(Debug)]
pub struct Input {
    /// The file's name without its folder, `standard input`, or the name of a table.
    pub name: String,
    /// Its rows, in order.
    pub rows: Rows,
    /// Name of its format in [`format::CATALOG`].
    pub format: &'static str,
    /// How it is compressed.
    pub compression: Compression,
    /// Its columns and conventions.
    pub layout: Layout,
    /// What was left out, guessed or odd.
    pub notes: Vec<Note>,
    /// Rows left out for want of a text or a label.
    pub n_dropped: usize,
    /// BLAKE3-256 of the file as it is stored, in hex.
    pub digest: String,
    origin: Origin,
}

/// Texts from a file, whose labels are not looked at.
#[derive(Debug)]
pub struct TextInput {
    /// The file; its rows are empty.
    pub input: Input,
    /// Its texts, in order.
    pub texts: Vec<String>,
}

/// Synthetic rows from a file, and what is known of their sources.
#[derive(Debug)]
pub struct SyntheticInput {
    /// The file.
    pub input: Input,
    /// One for each row.
    pub sources: Vec<SourceCell>,
}

/// What a row of a synthetic file says of the real row that it was made from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SourceCell {
    /// The column `source`: the text of the real row.
    pub text: Option<String>,
    /// The column `source_id`: its id, or those of all the rows whose parts it holds, with spaces between.
    pub id: Option<String>,
}

impl SourceCell {
    /// The ids that can be read.
    pub fn ids(&self) -> impl Iterator<Item = RowId> {
        self.id.iter().flat_map(|ids| ids.split_whitespace()).filter_map(|id| id.parse().ok())
    }
}

/// Why a file cannot be read. The message starts with the file's name.
#[derive(Debug, thiserror::Error)]
pub enum InputError {
    /// It cannot be opened.
    #[error("{}: it cannot be opened: {source}", escape_control(.name))]
    Open {
        /// The path as it was given.
        name: String,
        /// What the system says.
        source: io::Error,
    },
    /// Its content is not what it should be.
    #[error("{}: {source}", escape_control(.name))]
    Read {
        /// The path as it was given.
        name: String,
        /// What is wrong, and where.
        source: Box<ReadError>,
    },
    /// A table has a column that cannot be kept.
    #[error("{}: {source}", escape_control(.name))]
    Table {
        /// What the table is called.
        name: String,
        /// Why.
        source: Box<WriteError>,
    },
    /// No format has the name that was given.
    #[error(transparent)]
    Format(#[from] SettingsError),
}

impl InputError {
    /// One word for the kind of fault, snake_case; that of [`ReadError::kind`] for content.
    pub fn kind(&self) -> &'static str {
        match self {
            InputError::Open { .. } => "open",
            InputError::Read { source, .. } => source.kind(),
            InputError::Table { .. } => "table",
            InputError::Format(_) => "unknown_format",
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> Hint {
        match self {
            InputError::Open { .. } => "check the path and that you may read it".into(),
            InputError::Read { source, .. } => source.remedy().into(),
            InputError::Table { .. } => "omit the columns that are neither text nor label".into(),
            InputError::Format(_) => Hint::new("`{}` names them all", [Action::List("formats").into()]),
        }
    }
}

/// Reads labelled texts.
///
/// # Errors
/// [`InputError`], naming the file or the table.
pub fn read(source: &Source, options: &InputOptions) -> Result<Input, InputError> {
    collect(source, options, |_| {})
}

/// Reads synthetic rows, with the columns `source` and `source_id` where there are such.
///
/// # Errors
/// As [`read`].
pub fn read_synthetic(source: &Source, options: &InputOptions) -> Result<SyntheticInput, InputError> {
    let mut sources = Vec::new();
    let input = collect(source, options, |row| {
        sources.push(SourceCell { text: row.source.map(str::to_owned), id: row.source_id.map(str::to_owned) });
    })?;
    Ok(SyntheticInput { input, sources })
}

/// Reads texts, with or without labels. A line of a `txt` file is a text whole.
///
/// # Errors
/// As [`read`].
pub fn read_texts(source: &Source, options: &InputOptions) -> Result<TextInput, InputError> {
    let mut texts = Vec::new();
    let input = open(source, options, Rowwise::TextsOnly, |row| texts.push(row.text.to_owned()))?;
    Ok(TextInput { input, texts })
}

/// Reads labelled texts from `stream`, which is first spooled to a temporary file.
///
/// # Errors
/// As [`read`].
pub fn read_stream(stream: &mut dyn Read, options: &InputOptions) -> Result<Input, InputError> {
    read_origin(Origin::spool(stream)?, source::STANDARD_INPUT, options, Rowwise::Labelled, |_| {})
}

/// What is wanted of a row.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rowwise {
    Labelled,
    TextsOnly,
}

fn collect(source: &Source, options: &InputOptions, each: impl FnMut(RawRow<'_>)) -> Result<Input, InputError> {
    open(source, options, Rowwise::Labelled, each)
}

fn open(
    source: &Source,
    options: &InputOptions,
    wanted: Rowwise,
    each: impl FnMut(RawRow<'_>),
) -> Result<Input, InputError> {
    let origin = source.open()?;
    // The format that was named is that of a file.
    let of_table = InputOptions { format: Some("arrow".to_owned()), ..options.clone() };
    let options = if matches!(source, Source::Table { .. }) { &of_table } else { options };
    read_origin(origin, &source.shown(), options, wanted, each)
}

fn read_origin(
    origin: Origin,
    shown: &str,
    options: &InputOptions,
    wanted: Rowwise,
    mut each: impl FnMut(RawRow<'_>),
) -> Result<Input, InputError> {
    let failed = |source: ReadError| InputError::Read { name: shown.to_owned(), source: Box::new(source) };
    let mut bytes = origin.open().map_err(|source| InputError::Open { name: shown.to_owned(), source })?;
    let compression = Compression::detect(bytes.fill_buf().map_err(|e| failed(e.into()))?);
    let mut rows = Rows::default();
    let (format, reading) = {
        let mut content = compression.decoder(Box::new(&mut bytes)).map_err(failed)?;
        let (name, format) = choose_format(shown, options, &mut *content).map_err(|e| match e {
            FormatError::Read(e) => failed(e),
            FormatError::Name(e) => InputError::Format(e),
        })?;
        let request = ColumnRequest {
            text: options.text.clone(),
            label: options.label.clone(),
            unlabelled: wanted == Rowwise::TextsOnly,
        };
        let reading: Result<Reading, ReadError> = format.read(&mut *content, &request, &mut |row| {
            let too_many = || ReadError::TooManyLabels { place: format::Place::default(), n: usize::from(u16::MAX) };
            if wanted == Rowwise::Labelled {
                rows.push(row.text, row.label).ok_or_else(too_many)?;
            }
            each(row);
            Ok(())
        });
        (name, reading.map_err(failed)?)
    };
    let digest = bytes.finish().map_err(|e| failed(e.into()))?;
    Ok(Input {
        name: Path::new(shown).file_name().map_or(shown.to_owned(), |n| n.to_string_lossy().into_owned()),
        rows,
        format,
        compression,
        layout: reading.layout,
        notes: reading.notes,
        n_dropped: reading.n_dropped,
        digest,
        origin,
    })
}

enum FormatError {
    Read(ReadError),
    Name(SettingsError),
}

fn choose_format(
    shown: &str,
    options: &InputOptions,
    content: &mut dyn BufRead,
) -> Result<(&'static str, Box<dyn Format>), FormatError> {
    let name = match &options.format {
        Some(name) => name.as_str(),
        None => {
            let head = content.fill_buf().map_err(|e| FormatError::Read(e.into()))?;
            format::recognise(shown, head).map_err(FormatError::Read)?
        }
    };
    format::by_name(name).map_err(FormatError::Name)
}

impl Input {
    /// Where it can be read again when this process is gone; `None` for standard input and tables.
    pub(crate) fn path(&self) -> Option<&Path> {
        match &self.origin {
            Origin::Path(path) => Some(path),
            Origin::Spooled(_) | Origin::Memory(_) => None,
        }
    }

    /// Copies the file as it is stored, byte for byte; a table becomes an Arrow file.
    ///
    /// # Errors
    /// [`crate::output::OutputError`].
    pub fn save(&self, destination: &Path) -> Result<(), crate::output::OutputError> {
        crate::output::write_atomically(destination, |out| {
            let mut bytes = self.reopen().map_err(WriteError::Io)?;
            io::copy(&mut bytes, out).map_err(WriteError::Io)?;
            Ok(())
        })
    }

    /// The stored bytes once more; their digest tells whether the file is still the one that was read.
    pub(crate) fn reopen(&self) -> io::Result<HashingReader> {
        self.origin.open()
    }
}

/// Bytes whose digest is computed while they are read.
pub(crate) struct HashingReader(BufReader<Hashing>);

struct Hashing {
    bytes: Box<dyn Read>,
    hasher: blake3::Hasher,
}

impl Read for Hashing {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.bytes.read(buffer)?;
        self.hasher.update(&buffer[..n]);
        Ok(n)
    }
}

impl HashingReader {
    fn new(bytes: Box<dyn Read>) -> Self {
        HashingReader(BufReader::with_capacity(1 << 16, Hashing { bytes, hasher: blake3::Hasher::new() }))
    }

    /// Reads what is left and gives the digest of them all.
    pub(crate) fn finish(mut self) -> io::Result<String> {
        io::copy(&mut self.0, &mut io::sink())?;
        Ok(self.0.get_ref().hasher.finalize().to_hex().to_string())
    }
}

impl Read for HashingReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

impl BufRead for HashingReader {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.0.fill_buf()
    }

    fn consume(&mut self, n: usize) {
        self.0.consume(n);
    }
}

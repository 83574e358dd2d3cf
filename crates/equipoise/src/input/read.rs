//! One file read: compression, encoding, format, rows.

use super::repair::repairs;
use super::source::Origin;
use super::{Input, InputError, InputOptions};
use equipoise_core::catalog::SettingsError;
use equipoise_core::data::{RowId, Rows};
use equipoise_core::format::{
    self, Compression, Dialect, Encoding, Format, Note, NoteKind, Place, RawRow, ReadError, ReadRequest, Reading, Sink,
};
use equipoise_core::learner::TextFeatures;
use std::io::{self, BufRead};
use std::path::Path;

const VECTOR: &str = "a list of as many finite numbers in every row";

/// What is wanted of a row.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Rowwise {
    Labelled,
    TextsOnly,
}

/// Why content cannot be read.
pub(super) enum Fault {
    Open(io::Error),
    Read(ReadError),
    Format(SettingsError),
}

impl From<ReadError> for Fault {
    fn from(error: ReadError) -> Self {
        Fault::Read(error)
    }
}

/// What a file turned out to be.
pub(super) struct Opened {
    format: &'static str,
    compression: Compression,
    encoding: Encoding,
    reading: Reading,
    digest: String,
}

/// Reads the rows at `origin`, called `shown` in messages.
pub(super) fn read_origin(
    origin: Origin,
    shown: &str,
    options: &InputOptions,
    wanted: Rowwise,
    mut each: impl FnMut(RawRow<'_>),
) -> Result<Input, InputError> {
    let mut rows = Rows::default();
    let mut groups: Vec<(RowId, String)> = Vec::new();
    let mut features = options.embedding.as_ref().map(|_| TextFeatures::default());
    let opened = scan(&origin, shown, options, wanted, &mut |row| {
        let too_many = || ReadError::TooManyLabels { place: Place::default(), n: usize::from(u16::MAX) };
        if wanted == Rowwise::Labelled {
            rows.push(row.text, row.label).ok_or_else(too_many)?;
            groups.extend(row.group.map(|group| (rows.get(rows.len() - 1).id, group.to_owned())));
        }
        if let (Some(features), Some(column)) = (&mut features, &options.embedding) {
            let place = || Place::line(row.at).column(column.as_str());
            let wrong = |found: String| ReadError::WrongType { place: place(), found, expected: VECTOR };
            let vector = row.embedding.ok_or_else(|| wrong("no list of numbers".to_owned()))?;
            features.add(row.text, vector).map_err(|e| wrong(e.to_string()))?;
        }
        each(row);
        Ok(())
    });
    let opened = opened.map_err(|fault| told(fault, &origin, shown, options, wanted))?;
    rows.rename(&opened.reading.layout.merged);
    let Opened { format, compression, encoding, reading, digest } = opened;
    Ok(Input {
        name: Path::new(shown).file_name().map_or(shown.to_owned(), |n| n.to_string_lossy().into_owned()),
        rows,
        format,
        compression,
        encoding,
        layout: reading.layout,
        notes: reading.notes,
        features,
        groups,
        n_dropped: reading.n_dropped,
        digest,
        origin,
    })
}

/// The fault with the settings that were seen to mend it.
fn told(fault: Fault, origin: &Origin, shown: &str, options: &InputOptions, wanted: Rowwise) -> InputError {
    let name = shown.to_owned();
    match fault {
        Fault::Open(source) => InputError::Open { name, source },
        Fault::Format(error) => InputError::Format(error),
        Fault::Read(error) => {
            let scan = |options: &InputOptions, sink: &mut Sink<'_>| {
                scan(origin, shown, options, wanted, sink).map(|opened| opened.reading.n_dropped)
            };
            let repairs = repairs(&error, options, &scan);
            InputError::Read { name, source: Box::new(error), repairs, first: None }
        }
    }
}

/// Reads everything once and hands the rows to `sink`.
pub(super) fn scan(
    origin: &Origin,
    shown: &str,
    options: &InputOptions,
    wanted: Rowwise,
    sink: &mut Sink<'_>,
) -> Result<Opened, Fault> {
    let mut bytes = origin.open().map_err(Fault::Open)?;
    let compression = Compression::detect(bytes.fill_buf().map_err(ReadError::from)?);
    let (format, encoding, mut reading) = {
        let mut inner = None;
        let mut content: Box<dyn BufRead> = match compression {
            Compression::Zip => {
                let (name, content) = format::unzip(&mut bytes)?;
                inner = Some(name);
                Box::new(io::Cursor::new(content))
            }
            other => other.decoder(Box::new(&mut bytes))?,
        };
        let head = content.fill_buf().map_err(ReadError::from)?;
        let (name, format) = choose_format(inner.as_deref().unwrap_or(shown), options, head)?;
        let encoding = match (format.is_text(), &options.encoding) {
            (false, _) => Encoding::default(),
            (true, None) => Encoding::of_mark(head).unwrap_or_default(),
            (true, Some(asked)) => {
                let mut whole = origin.open().map_err(Fault::Open)?;
                settle(asked, &mut *compression.decoder(Box::new(&mut whole))?)?
            }
        };
        let request = ReadRequest {
            text: options.text.clone(),
            label: options.label.clone(),
            embedding: options.embedding.clone(),
            group: options.group.clone(),
            unlabelled: wanted == Rowwise::TextsOnly,
            dialect: options.dialect.clone(),
            features: origin.features(),
        };
        let reading = format.read(&mut *encoding.decoder(content), &request, sink)?;
        (name, encoding, reading)
    };
    if !encoding.is_utf8() {
        let detail = encoding.name();
        reading.notes.push(Note { kind: NoteKind::Encoding, n: 1, first: Vec::new(), unit: String::new(), detail });
    }
    let digest = bytes.finish().map_err(ReadError::from)?;
    Ok(Opened { format, compression, encoding, reading, digest })
}

fn choose_format(shown: &str, options: &InputOptions, head: &[u8]) -> Result<(&'static str, Box<dyn Format>), Fault> {
    let name = match &options.format {
        Some(name) => name.as_str(),
        None => match format::recognise(shown, head)? {
            "txt" if cuts_columns(&options.dialect) => "csv",
            name => name,
        },
    };
    format::by_name(name).map_err(Fault::Format)
}

/// Whether a file is said to have columns that `txt`, where the label stands behind the last semicolon, does not have.
fn cuts_columns(dialect: &Dialect) -> bool {
    let delimiter = dialect.delimiter.as_ref().is_some_and(|delimiter| delimiter.byte() != b';');
    delimiter || dialect.no_header.is_some() || dialect.header_line.is_some()
}

/// The encoding of `content`: UTF-8 where it is that, whatever was asked; else what its mark proves, what was asked, or a guess.
fn settle(asked: &str, content: &mut dyn BufRead) -> Result<Encoding, ReadError> {
    let named = match asked {
        "auto" => None,
        name => {
            let unknown = || ReadError::UnknownEncoding { name: name.to_owned() };
            Some(Encoding::named(name).ok_or_else(unknown)?)
        }
    };
    let found = Encoding::of_content(content)?;
    Ok(match named {
        Some(named) if named.hides_in_ascii() || !(found.is_utf8() || found.is_utf16() && named.is_utf16()) => named,
        _ => found,
    })
}

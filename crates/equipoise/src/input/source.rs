//! Where rows are, and how their bytes are read as often as they are needed.

use super::{HashingReader, InputError};
use equipoise_core::format::{Table, WriteError};
use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::NamedTempFile;

/// What standard input is called.
pub(super) const STANDARD_INPUT: &str = "standard input";

/// Where rows are.
#[derive(Debug, Clone, PartialEq)]
pub enum Source {
    /// A file; `-` is standard input.
    Path(PathBuf),
    /// A table in memory. It is read as the Arrow file is that it makes, so columns, checks and counts are those of a file.
    Table {
        /// What messages call it.
        name: String,
        /// The rows.
        table: Table,
    },
}

impl Source {
    /// A table, which messages call `name`.
    pub fn table(name: impl Into<String>, table: Table) -> Self {
        Source::Table { name: name.into(), table }
    }

    /// The path as it was given, or the table's name; for messages.
    pub fn shown(&self) -> String {
        match self {
            Source::Path(path) if is_standard_input(path) => STANDARD_INPUT.to_owned(),
            Source::Path(path) => path.to_string_lossy().into_owned(),
            Source::Table { name, .. } => name.clone(),
        }
    }

    /// The file's name without its folder, or the table's name.
    pub fn name(&self) -> String {
        match self {
            Source::Path(path) => {
                path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
            }
            Source::Table { name, .. } => name.clone(),
        }
    }

    /// Whether it gives its rows more than once.
    pub(crate) fn is_lasting(&self) -> bool {
        !matches!(self, Source::Path(path) if is_standard_input(path))
    }

    /// Makes the bytes ready to be read.
    pub(super) fn open(&self) -> Result<Origin, InputError> {
        match self {
            Source::Path(path) if is_standard_input(path) => Origin::spool(&mut io::stdin().lock()),
            Source::Path(path) => Ok(Origin::Path(path.clone())),
            Source::Table { name, table } => Origin::of_table(name, table),
        }
    }
}

impl From<PathBuf> for Source {
    fn from(path: PathBuf) -> Self {
        Source::Path(path)
    }
}

impl From<&Path> for Source {
    fn from(path: &Path) -> Self {
        Source::Path(path.to_owned())
    }
}

fn is_standard_input(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Where the bytes are, for reading them again.
#[derive(Debug)]
pub(super) enum Origin {
    Path(PathBuf),
    Spooled(NamedTempFile),
    Memory(Arc<[u8]>),
}

impl Origin {
    /// Keeps what `stream` gives in a temporary file.
    pub(super) fn spool(stream: &mut dyn Read) -> Result<Self, InputError> {
        let failed = |source| InputError::Open { name: STANDARD_INPUT.to_owned(), source };
        let mut file = NamedTempFile::new().map_err(failed)?;
        io::copy(stream, &mut file).map_err(failed)?;
        Ok(Origin::Spooled(file))
    }

    fn of_table(name: &str, table: &Table) -> Result<Self, InputError> {
        let mut bytes = Vec::new();
        let failed = |source: WriteError| InputError::Table { name: name.to_owned(), source: Box::new(source) };
        table.write(&mut bytes).map_err(failed)?;
        Ok(Origin::Memory(bytes.into()))
    }

    /// The features of the data set, where its description lies beside the file, as the `datasets` library saves it.
    pub(super) fn features(&self) -> Option<serde_json::Value> {
        let Origin::Path(path) = self else { return None };
        let text = std::fs::read_to_string(path.with_file_name("dataset_info.json")).ok()?;
        let mut info: serde_json::Value = serde_json::from_str(&text).ok()?;
        info.get_mut("features").map(serde_json::Value::take)
    }

    /// The bytes, from the first.
    pub(super) fn open(&self) -> io::Result<HashingReader> {
        Ok(HashingReader::new(match self {
            Origin::Path(path) if path.is_dir() => {
                return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder; name a file in it"));
            }
            Origin::Path(path) => Box::new(File::open(path)?),
            Origin::Spooled(file) => Box::new(file.reopen()?),
            Origin::Memory(bytes) => Box::new(Cursor::new(bytes.clone())),
        }))
    }
}

//! Files compared byte for byte with those of a folder.

use super::{Artefacts, Fill};
use crate::Error;
use crate::output::OutputError;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

/// Compares files with those of a folder, and writes nothing.
#[derive(Debug)]
pub struct Compare {
    folder: PathBuf,
    names: Vec<String>,
    differing: Vec<String>,
}

impl Compare {
    /// Compares with the files of `folder`.
    pub fn new(folder: &Path) -> Self {
        Compare { folder: folder.to_owned(), names: Vec::new(), differing: Vec::new() }
    }

    /// The names of all files, in the order in which they came.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The names of those that are missing or have other bytes.
    pub fn differing(&self) -> &[String] {
        &self.differing
    }
}

impl Artefacts for Compare {
    fn put(&mut self, name: &str, fill: Fill<'_>) -> Result<(), Error> {
        let path = self.folder.join(name);
        let mut compared = BufWriter::with_capacity(1 << 16, Compared::with(&path));
        fill(&mut compared).map_err(|error| OutputError::of(&path, error))?;
        let compared = compared.into_inner().map_err(|e| OutputError::Io { path, source: e.into_error() })?;
        if !compared.was_equal() {
            self.differing.push(name.to_owned());
        }
        self.names.push(name.to_owned());
        Ok(())
    }
}

/// Takes bytes and reads as many from a file; neither is ever held whole.
struct Compared {
    /// `None` where there is no file, or it was read to a difference.
    file: Option<BufReader<File>>,
}

impl Compared {
    fn with(path: &Path) -> Self {
        Compared { file: File::open(path).ok().map(BufReader::new) }
    }

    /// Whether all bytes were equal and the file has no more.
    fn was_equal(self) -> bool {
        self.file.is_some_and(|mut file| file.fill_buf().is_ok_and(|left| left.is_empty()))
    }
}

impl Write for Compared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Some(file) = &mut self.file {
            let mut own = vec![0; bytes.len()];
            if file.read_exact(&mut own).is_err() || own != bytes {
                self.file = None;
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

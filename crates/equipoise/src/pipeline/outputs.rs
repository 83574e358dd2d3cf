//! The derived files of a run: written, or compared byte for byte with what stands there.

use crate::Error;
use crate::output::OutputError;
use crate::rundir::{RunDir, to_json};
use serde::Serialize;
use std::path::Path;

/// Takes each derived file once.
pub(super) struct Outputs<'a> {
    dir: &'a RunDir,
    compare: bool,
    names: Vec<String>,
    differing: Vec<String>,
}

impl<'a> Outputs<'a> {
    /// Writes into the run folder.
    pub(super) fn write(dir: &'a RunDir) -> Self {
        Outputs { dir, compare: false, names: Vec::new(), differing: Vec::new() }
    }

    /// Compares with the run folder and writes nothing.
    pub(super) fn compare(dir: &'a RunDir) -> Self {
        Outputs { compare: true, ..Outputs::write(dir) }
    }

    /// One file.
    pub(super) fn put(&mut self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        if self.compare {
            let path = self.dir.file(name);
            if std::fs::read(path).ok().as_deref() != Some(bytes) {
                self.differing.push(name.to_owned());
            }
        } else {
            self.dir.write(name, bytes)?;
        }
        self.names.push(name.to_owned());
        Ok(())
    }

    /// One file of indented JSON.
    pub(super) fn json(&mut self, name: &str, value: &impl Serialize) -> Result<(), Error> {
        self.put(name, to_json(value).as_bytes())
    }

    /// One file of JSON Lines.
    pub(super) fn jsonl(&mut self, name: &str, values: &[impl Serialize]) -> Result<(), Error> {
        let mut bytes = Vec::new();
        for value in values {
            serde_json::to_writer(&mut bytes, value).expect("derived types have string keys and finite numbers");
            bytes.push(b'\n');
        }
        self.put(name, &bytes)
    }

    /// One file that `write` makes at the path it is given.
    pub(super) fn file<T>(
        &mut self,
        name: &str,
        write: impl FnOnce(&Path) -> Result<T, OutputError>,
    ) -> Result<T, Error> {
        self.names.push(name.to_owned());
        if !self.compare {
            return Ok(write(&self.dir.file(name))?);
        }
        let scratch = tempfile::tempdir().map_err(|e| OutputError::Io { path: std::env::temp_dir(), source: e })?;
        let path = scratch.path().join(name);
        let written = write(&path)?;
        if std::fs::read(&path).ok() != std::fs::read(self.dir.file(name)).ok() {
            self.differing.push(name.to_owned());
        }
        Ok(written)
    }

    /// The names of all files, in the order in which they came.
    ///
    /// # Errors
    /// [`Error::ReplayDiffers`] where a compared file is not the same.
    pub(super) fn finish(self) -> Result<Vec<String>, Error> {
        if self.differing.is_empty() { Ok(self.names) } else { Err(Error::ReplayDiffers { files: self.differing }) }
    }
}

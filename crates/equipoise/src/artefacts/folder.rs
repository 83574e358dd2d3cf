//! Files in a folder.

use super::{Artefacts, Fill, Leaves};
use crate::Error;
use crate::output::write_atomically;
use crate::rundir::RunDir;
use std::path::{Path, PathBuf};

/// Writes files into a folder, each under a temporary name first.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    /// Made and locked with the first file, so that work that fails before leaves nothing behind.
    dir: Option<RunDir>,
    names: Vec<String>,
}

impl Folder {
    /// The folder at `path`, which is made when there is something to put in; `work` is what that will be.
    ///
    /// # Errors
    /// As [`Leaves::may_replace`].
    pub fn new(path: &Path, work: Leaves) -> Result<Self, Error> {
        work.may_replace(path)?;
        Ok(Folder { path: path.to_owned(), dir: None, names: Vec::new() })
    }

    /// The folder of a run.
    pub(crate) fn of(dir: RunDir) -> Self {
        Folder { path: dir.path().to_owned(), dir: Some(dir), names: Vec::new() }
    }

    /// The names of the files, in the order in which they came.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The paths of the files, in the order in which they came.
    pub fn written(&self) -> Vec<PathBuf> {
        self.names.iter().map(|name| self.path.join(name)).collect()
    }
}

impl Artefacts for Folder {
    fn put(&mut self, name: &str, fill: Fill<'_>) -> Result<(), Error> {
        if self.dir.is_none() {
            self.dir = Some(RunDir::create(&self.path)?);
        }
        write_atomically(&self.path.join(name), |out| fill(out))?;
        self.names.push(name.to_owned());
        Ok(())
    }
}

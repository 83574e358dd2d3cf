//! Files in memory.

use super::{Artefacts, Fill};
use crate::Error;
use crate::output::OutputError;

/// Keeps files in memory.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Memory {
    files: Vec<(String, Vec<u8>)>,
}

impl Memory {
    /// The names of the files, in the order in which they came.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|(name, _)| name.as_str())
    }

    /// The bytes of a file.
    pub fn file(&self, name: &str) -> Option<&[u8]> {
        self.files.iter().find(|(own, _)| own == name).map(|(_, bytes)| bytes.as_slice())
    }
}

impl Artefacts for Memory {
    fn put(&mut self, name: &str, fill: Fill<'_>) -> Result<(), Error> {
        let mut bytes = Vec::new();
        fill(&mut bytes).map_err(|error| OutputError::of(name.as_ref(), error))?;
        self.files.push((name.to_owned(), bytes));
        Ok(())
    }
}

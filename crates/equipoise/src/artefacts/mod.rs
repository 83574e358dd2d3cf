//! Where derived files go: into a folder, beside a folder to be compared with it, into memory, or nowhere.

mod compare;
mod folder;
mod memory;
mod own;

pub use compare::Compare;
pub use folder::Folder;
pub use memory::Memory;
pub use own::{Leaves, spare};

use crate::Error;
use equipoise_core::format::WriteError;
use serde::Serialize;
use std::io::Write;

/// Writes the bytes of one file. It may be called once.
pub type Fill<'f> = &'f mut dyn FnMut(&mut (dyn Write + Send)) -> Result<(), WriteError>;

/// Takes the files that a piece of work derives, each once and whole.
pub trait Artefacts {
    /// Takes the file called `name`, whose bytes `fill` writes. Where `fill` fails nothing is kept of it.
    ///
    /// # Errors
    /// What `fill` says, and what the place says where it cannot take the file.
    fn put(&mut self, name: &str, fill: Fill<'_>) -> Result<(), Error>;
}

/// `None` keeps nothing, and does not even ask for the bytes.
impl<A: Artefacts> Artefacts for Option<A> {
    fn put(&mut self, name: &str, fill: Fill<'_>) -> Result<(), Error> {
        self.as_mut().map_or(Ok(()), |artefacts| artefacts.put(name, fill))
    }
}

impl dyn Artefacts + '_ {
    pub(crate) fn bytes(&mut self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        self.put(name, &mut |out| out.write_all(bytes).map_err(WriteError::Io))
    }

    /// Indented JSON with a closing newline.
    pub(crate) fn json(&mut self, name: &str, value: &impl Serialize) -> Result<(), Error> {
        self.bytes(name, to_json(value).as_bytes())
    }

    /// JSON Lines.
    pub(crate) fn jsonl(&mut self, name: &str, values: &[impl Serialize]) -> Result<(), Error> {
        self.put(name, &mut |out| {
            values.iter().try_for_each(|value| {
                serde_json::to_writer(&mut *out, value).map_err(|e| WriteError::Io(e.into()))?;
                out.write_all(b"\n").map_err(WriteError::Io)
            })
        })
    }
}

/// Indented JSON with a closing newline.
pub(crate) fn to_json(value: &impl Serialize) -> String {
    let mut text = serde_json::to_string_pretty(value).expect("derived types have string keys and finite numbers");
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io;

    /// Puts two files, and one whose writing fails.
    fn fill(artefacts: &mut dyn Artefacts) {
        artefacts.json("a.json", &[1, 2]).expect("taken");
        artefacts.jsonl("b.jsonl", &["x", "y"]).expect("taken");
        let failed = artefacts.put("c.txt", &mut |out| {
            out.write_all(b"half").map_err(WriteError::Io)?;
            Err(WriteError::Io(io::Error::other("no more")))
        });
        assert!(failed.is_err());
    }

    #[test]
    fn memory_keeps_whole_files_alone_and_a_folder_the_same() {
        let (dir, mut memory) = (tempfile::tempdir().expect("a folder"), Memory::default());
        fill(&mut memory);
        assert_eq!(memory.names().collect::<Vec<_>>(), ["a.json", "b.jsonl"]);
        assert_eq!(memory.file("a.json"), Some(&b"[\n  1,\n  2\n]\n"[..]));
        assert_eq!(memory.file("b.jsonl"), Some(&b"\"x\"\n\"y\"\n"[..]));
        let path = dir.path().join("out");
        let mut folder = Folder::new(&path, Leaves::Check).expect("no run is there");
        assert!(!path.exists(), "a folder is made when there is something to put in");
        fill(&mut folder);
        assert_eq!(folder.written(), [path.join("a.json"), path.join("b.jsonl")]);
        for name in memory.names() {
            assert_eq!(std::fs::read(path.join(name)).ok().as_deref(), memory.file(name));
        }
        assert!(!path.join("c.txt").exists());
    }

    #[test]
    fn a_comparison_names_what_is_missing_longer_shorter_or_other_and_writes_nothing() {
        let dir = tempfile::tempdir().expect("a folder");
        for (name, text) in [("same", "text"), ("longer", "text and more"), ("shorter", "te"), ("other", "tezt")] {
            std::fs::write(dir.path().join(name), text).expect("written");
        }
        let mut compare = Compare::new(dir.path());
        for name in ["same", "longer", "shorter", "other", "missing"] {
            (&mut compare as &mut dyn Artefacts).bytes(name, b"text").expect("compared");
        }
        assert_eq!(compare.names(), ["same", "longer", "shorter", "other", "missing"]);
        assert_eq!(compare.differing(), ["longer", "shorter", "other", "missing"]);
        assert!(!dir.path().join("missing").exists());
    }
}

//! The run folder: the only writer of a run's files, and one writer at a time.

use crate::artefacts::to_json;
use crate::output::{self, OutputError};
use equipoise_core::format::WriteError;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fs::{File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Why a run folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RunDirError {
    /// The folder holds a run already.
    #[error("{0} holds a run already")]
    Occupied(PathBuf),
    /// The folder holds a run, and something else is to be written there.
    #[error("{0} holds a run already")]
    HoldsRun(PathBuf),
    /// A file of somebody else would be replaced.
    #[error("{0} is there already, and was not written by this command")]
    Foreign(PathBuf),
    /// A file that is read would be replaced.
    #[error("{0} is read, and would be written over")]
    IsInput(PathBuf),
    /// There is no run in the folder.
    #[error("{0} holds no run: it has no run.json")]
    NoRun(PathBuf),
    /// Another process is at work in it.
    #[error("another process is working on {0}")]
    Locked(PathBuf),
    /// A file of the run cannot be read.
    #[error("{path}: {source}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file of the run is not what it should be.
    #[error("{path}: {message}")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        message: String,
    },
    /// A file cannot be written.
    #[error(transparent)]
    Output(#[from] OutputError),
}

/// A run folder, locked for this process until its last clone is dropped.
#[derive(Debug, Clone)]
pub struct RunDir {
    path: PathBuf,
    /// Held for its lock.
    _lock: Arc<File>,
}

/// Present from the moment that a folder is a run.
pub const RUN_FILE: &str = "run.json";
/// Present from the moment that a folder is a pilot.
pub const PILOT_FILE: &str = "pilot.json";

/// Whether the folder at `path` holds answers that other runs may take over: a run or a pilot.
pub fn has_answers(path: &Path) -> bool {
    path.join(RUN_FILE).exists() || path.join(PILOT_FILE).exists()
}

/// `STEM-1`, `STEM-2`, … under `parent`.
fn numbered(parent: &Path, stem: &str) -> impl Iterator<Item = PathBuf> {
    // The stem comes from an input's file name; keep it a plain name whatever that was.
    let safe: String = stem.chars().map(|c| if c.is_alphanumeric() || "-_.".contains(c) { c } else { '_' }).collect();
    let safe = safe.trim_start_matches('.');
    let safe = if safe.is_empty() { "run" } else { safe }.to_owned();
    (1u32..).map(move |n| parent.join(format!("{safe}-{n}")))
}

impl RunDir {
    /// Makes the folder with its parents and locks it.
    ///
    /// # Errors
    /// [`RunDirError::Occupied`] where it holds a run, [`RunDirError::Locked`], and failures to write.
    pub fn create(path: &Path) -> Result<Self, RunDirError> {
        if path.join(RUN_FILE).exists() {
            return Err(RunDirError::Occupied(path.to_owned()));
        }
        std::fs::create_dir_all(path).map_err(|e| cannot_write(path, e))?;
        let lock = lock(path)?;
        Ok(RunDir { path: path.to_owned(), _lock: Arc::new(lock) })
    }

    /// Locks the folder of an existing run.
    ///
    /// # Errors
    /// [`RunDirError::NoRun`] and [`RunDirError::Locked`].
    pub fn open(path: &Path) -> Result<Self, RunDirError> {
        if !path.join(RUN_FILE).exists() {
            return Err(RunDirError::NoRun(path.to_owned()));
        }
        let lock = lock(path)?;
        Ok(RunDir { path: path.to_owned(), _lock: Arc::new(lock) })
    }

    /// The first of `STEM-1`, `STEM-2`, … under `parent` that does not exist.
    pub fn fresh_name(parent: &Path, stem: &str) -> PathBuf {
        numbered(parent, stem).find(|path| !path.exists()).expect("fewer folders than numbers")
    }

    /// Those before it, the last one first.
    pub fn used_names(parent: &Path, stem: &str) -> Vec<PathBuf> {
        let mut used: Vec<PathBuf> = numbered(parent, stem).take_while(|path| path.exists()).collect();
        used.reverse();
        used
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A file of the run.
    pub fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Writes a file whole: it is the old one or the new one, never a mixture.
    ///
    /// # Errors
    /// [`RunDirError::Output`].
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<(), RunDirError> {
        let fill = |out: &mut (dyn Write + Send)| out.write_all(bytes).map_err(WriteError::Io);
        Ok(output::write_atomically(&self.file(name), fill)?)
    }

    /// Writes a value as indented JSON with a closing newline.
    ///
    /// # Errors
    /// [`RunDirError::Output`].
    pub fn write_json(&self, name: &str, value: &impl Serialize) -> Result<(), RunDirError> {
        self.write(name, to_json(value).as_bytes())
    }

    /// The text of a file.
    ///
    /// # Errors
    /// [`RunDirError::Unreadable`].
    pub fn read(&self, name: &str) -> Result<String, RunDirError> {
        let path = self.file(name);
        std::fs::read_to_string(&path).map_err(|source| RunDirError::Unreadable { path, source })
    }

    /// A JSON file.
    ///
    /// # Errors
    /// [`RunDirError::Unreadable`] and [`RunDirError::Damaged`].
    pub fn read_json<T: DeserializeOwned>(&self, name: &str) -> Result<T, RunDirError> {
        let text = self.read(name)?;
        serde_json::from_str(&text).map_err(|e| RunDirError::Damaged { path: self.file(name), message: e.to_string() })
    }

    /// A file of JSON Lines.
    ///
    /// # Errors
    /// [`RunDirError::Unreadable`] and [`RunDirError::Damaged`], with the line.
    pub fn read_jsonl<T: DeserializeOwned>(&self, name: &str) -> Result<Vec<T>, RunDirError> {
        let text = self.read(name)?;
        let damaged = |line: usize, e: serde_json::Error| RunDirError::Damaged {
            path: self.file(name),
            message: format!("line {}: {e}", line + 1),
        };
        text.lines().enumerate().map(|(at, line)| serde_json::from_str(line).map_err(|e| damaged(at, e))).collect()
    }
}

fn cannot_write(path: &Path, source: io::Error) -> OutputError {
    OutputError::Io { path: path.to_owned(), source }
}

fn lock(path: &Path) -> Result<File, RunDirError> {
    let name = path.join(".lock");
    let file = File::create(&name).map_err(|e| cannot_write(&name, e))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(RunDirError::Locked(path.to_owned())),
        Err(TryLockError::Error(e)) => Err(cannot_write(&name, e).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_writer_is_refused_until_the_first_is_gone() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("a/b");
        let first = RunDir::create(&path).expect("made with its parents");
        assert!(matches!(RunDir::create(&path), Err(RunDirError::Locked(_))));
        assert!(matches!(RunDir::open(&path), Err(RunDirError::NoRun(_))));
        first.write_json(RUN_FILE, &1).expect("written");
        assert!(matches!(RunDir::open(&path), Err(RunDirError::Locked(_))));
        drop(first);
        assert!(matches!(RunDir::create(&path), Err(RunDirError::Occupied(_))));
        assert_eq!(RunDir::open(&path).expect("free again").read_json::<i32>(RUN_FILE).expect("reads"), 1);
    }

    #[test]
    fn a_name_made_from_an_input_never_leaves_its_parent() {
        let parent = Path::new("runs");
        for stem in ["../../etc/x", "..", "", "a\0b", "C:\\x", "train"] {
            let name = RunDir::fresh_name(parent, stem);
            assert_eq!(name.components().count(), 2, "{name:?}");
            assert!(name.starts_with(parent));
        }
        assert_eq!(RunDir::fresh_name(parent, "train"), Path::new("runs/train-1"));
    }
}

//! `journal.lock`: held by the one process that writes, and holding how many responses are known to be on the disk.

use super::error::JournalError;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

/// The lock; given up when dropped or when the process ends.
#[derive(Debug)]
pub(super) struct Lock(File);

impl Lock {
    /// Takes the lock of the journal in `dir`, or says at once that another process has it.
    pub(super) fn take(dir: &Path) -> Result<Self, JournalError> {
        let path = dir.join("journal.lock");
        let file = private().read(true).write(true).create(true).truncate(false).open(&path);
        let file = file.map_err(|e| JournalError::write(&e))?;
        match file.try_lock() {
            Ok(()) => Ok(Lock(file)),
            Err(TryLockError::WouldBlock) => Err(JournalError::Locked { path }),
            Err(TryLockError::Error(e)) => Err(JournalError::write(&e)),
        }
    }

    /// How many responses were on the disk when that was last known. SQLite takes a damaged tail of its log for one that was never
    /// written; this number tells the two apart.
    pub(super) fn n_durable(&mut self) -> Result<u64, JournalError> {
        let mut text = String::new();
        let read = self.0.seek(SeekFrom::Start(0)).and_then(|_| self.0.read_to_string(&mut text));
        read.map_err(|e| JournalError::write(&e))?;
        Ok(text.trim().parse().unwrap_or(0))
    }

    /// Notes that `n` responses are on the disk.
    pub(super) fn note_durable(&mut self, n: u64) -> Result<(), JournalError> {
        // Fixed width: a shorter number never leaves digits of a longer one behind.
        let written = self.0.seek(SeekFrom::Start(0)).and_then(|_| self.0.write_all(format!("{n:020}\n").as_bytes()));
        written.map_err(|e| JournalError::write(&e))
    }
}

/// Options that make a file which only its owner may read.
pub(super) fn private() -> OpenOptions {
    #[allow(unused_mut, reason = "Windows has no file mode")]
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

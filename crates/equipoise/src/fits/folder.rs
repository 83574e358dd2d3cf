//! The folder of results.

use super::{FitError, Rows};
use crate::Work;
use crate::event::{Event, Phase};
use equipoise_core::learner::{FitJob, FitResultError};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Where results are, and whose.
pub(crate) struct FitFolder<'a> {
    pub(super) path: &'a Path,
    /// Whoever fits.
    pub(super) whose: blake3::Hash,
    /// By id.
    pub(super) labels: &'a [String],
    pub(super) work: &'a Work<'a>,
}

impl FitFolder<'_> {
    pub(super) fn create(&self) -> Result<(), FitError> {
        fs::create_dir_all(self.path).map_err(|source| self.error(self.path, source))
    }

    /// Where the result of `job` is, or goes.
    pub(super) fn place(&self, job: &FitJob) -> PathBuf {
        let mut hasher = blake3::Hasher::new();
        hasher.update(self.whose.as_bytes()).update(job.id.as_bytes());
        self.path.join(format!("{}.jsonl", &hasher.finalize().to_hex()[..32]))
    }

    /// The result of `job`, checked.
    pub(super) fn read(&self, job: &FitJob) -> Result<Rows, FitError> {
        let path = self.place(job);
        let text = fs::read_to_string(&path).map_err(|source| match source.kind() {
            io::ErrorKind::NotFound => FitError::NoResult { path: path.clone() },
            _ => self.error(&path, source),
        })?;
        let wrong = |line, message| FitError::Line { path: path.clone(), line, message };
        let row = |(at, line)| serde_json::from_str::<Vec<f64>>(line).map_err(|e| wrong(at + 1, e.to_string()));
        let rows: Rows = text.lines().enumerate().map(row).collect::<Result<_, _>>()?;
        job.check(&rows).map_err(|error| match error {
            FitResultError::Row { row, message } => wrong(row, message),
            FitResultError::Rows { found, .. } => wrong(found, error.to_string()),
        })?;
        Ok(rows)
    }

    /// Keeps the result of `job`; whole, or not at all.
    pub(super) fn write(&self, job: &FitJob, rows: &Rows) -> Result<(), FitError> {
        let (path, mut text) = (self.place(job), String::new());
        for row in rows {
            text.push_str(&serde_json::json!(row).to_string());
            text.push('\n');
        }
        let unfinished = path.with_extension("tmp");
        let written = fs::write(&unfinished, text).and_then(|()| fs::rename(&unfinished, &path));
        written.map_err(|source| self.error(&path, source))
    }

    /// Says how much there is to do before it begins.
    pub(super) fn forecast(&self, name: &str, n_open: usize, n: usize) {
        let known = match n - n_open {
            0 => String::new(),
            known => format!("; {known} of {n} are there from before"),
        };
        let models = if n_open == 1 { "model" } else { "models" };
        self.work.note(format!("{n_open} {models} to fit for the learner `{name}`{known}"));
    }

    /// Says how far the fits are, and leaves them where stopping was asked for.
    pub(super) fn advanced(&self, name: &str, done: usize, total: usize) {
        let (done, total) = (done as u64, total as u64);
        self.work.tell(Event::Advanced { phase: Phase::Evaluate, done, total, what: name.to_owned() });
    }

    pub(super) fn error(&self, path: &Path, source: io::Error) -> FitError {
        FitError::Folder { path: path.to_owned(), source }
    }
}

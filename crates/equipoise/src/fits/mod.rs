//! Models that a command of the user fits: a folder of jobs, one process for all of them, a file of probabilities for each.

mod error;

pub use error::FitError;

use crate::event::{Event, Phase};
use crate::{Error, Work};
use equipoise_core::eval::Fitter;
use equipoise_core::learner::{FitJob, FitResultError};
use serde_json::json;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// The folder of jobs and results, in that of a run or an evaluation.
pub const FITS_FOLDER: &str = "fits";
/// The jobs of a command, a line for each.
const JOBS_FILE: &str = "jobs.jsonl";
/// What the command wrote to its outputs.
const LOG_FILE: &str = "log.txt";

/// Probabilities of some texts, a row for each.
type Rows = Vec<Vec<f64>>;

/// A command that fits models. Results stay in its folder under the hash of their job, so what is there is not fitted again.
pub(crate) struct CommandFitter<'a> {
    pub(crate) command: &'a str,
    pub(crate) folder: &'a Path,
    /// By id.
    pub(crate) labels: &'a [String],
    pub(crate) work: &'a Work<'a>,
}

impl Fitter for CommandFitter<'_> {
    type Error = Error;

    fn fit(&mut self, jobs: &[FitJob]) -> Result<Vec<Rows>, Error> {
        fs::create_dir_all(self.folder).map_err(|source| self.folder_error(self.folder, source))?;
        let own = self.own_hash();
        let paths: Vec<PathBuf> = jobs.iter().map(|job| self.folder.join(result_file(&own, job))).collect();
        let known: Vec<Option<Rows>> = jobs.iter().zip(&paths).map(|(job, path)| read(job, path).ok()).collect();
        let open: Vec<(&FitJob, &Path)> = (jobs.iter().zip(&paths).zip(&known))
            .filter(|(_, known)| known.is_none())
            .map(|((job, path), _)| (job, path.as_path()))
            .collect();
        if !open.is_empty() {
            self.write_jobs(&open)?;
            self.run(&open)?;
        }
        let each = jobs.iter().zip(&paths).zip(known);
        each.map(|((job, path), known)| known.map_or_else(|| Ok(read(job, path)?), Ok)).collect()
    }
}

impl CommandFitter<'_> {
    /// The hash of the command and of the files that it names: another one gives other models.
    fn own_hash(&self) -> blake3::Hash {
        let mut hasher = blake3::Hasher::new();
        hasher.update(self.command.as_bytes());
        for word in self.command.split_whitespace() {
            if let Ok(content) = fs::read(word.trim_matches(['"', '\''])) {
                hasher.update(blake3::hash(&content).as_bytes());
            }
        }
        hasher.finalize()
    }

    fn write_jobs(&self, open: &[(&FitJob, &Path)]) -> Result<(), FitError> {
        let path = self.folder.join(JOBS_FILE);
        let write = || -> io::Result<()> {
            let mut file = BufWriter::new(File::create(&path)?);
            for (job, result) in open {
                let texts: Vec<&str> = job.train.iter().map(|(text, ..)| &**text).collect();
                let labels: Vec<&str> =
                    job.train.iter().map(|(_, label, _)| self.labels[label.index()].as_str()).collect();
                let weights: Vec<f64> = job.train.iter().map(|(.., weight)| *weight).collect();
                let predict: Vec<&str> = job.predict.iter().map(|text| &**text).collect();
                let line = json!({
                    "result": result.file_name().unwrap_or_default().to_string_lossy(),
                    "seed": job.seed,
                    "labels": self.labels,
                    "train": { "text": texts, "label": labels, "weight": weights },
                    "predict": predict,
                });
                serde_json::to_writer(&mut file, &line)?;
                file.write_all(b"\n")?;
            }
            file.flush()
        };
        write().map_err(|source| self.folder_error(&path, source))
    }

    /// Runs the command on its folder and waits, telling how many results are there.
    fn run(&self, open: &[(&FitJob, &Path)]) -> Result<(), FitError> {
        let log = self.folder.join(LOG_FILE);
        let failed = |source| self.folder_error(&log, source);
        let output = File::create(&log).map_err(failed)?;
        let mut child = shell(self.command, self.folder)
            .stdin(Stdio::null())
            .stdout(output.try_clone().map_err(failed)?)
            .stderr(output)
            .spawn()
            .map_err(failed)?;
        let status = loop {
            if let Some(status) = child.try_wait().map_err(failed)? {
                break status;
            }
            self.leave_if_asked(&mut child);
            let done = open.iter().filter(|(_, path)| path.exists()).count() as u64;
            let (total, what) = (open.len() as u64, "the learner command".to_owned());
            self.work.tell(Event::Advanced { phase: Phase::Evaluate, done, total, what });
            std::thread::sleep(Duration::from_millis(100));
        };
        if status.success() {
            return Ok(());
        }
        let text = fs::read(&log).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let last = text.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("it wrote nothing").chars().take(300);
        let (command, last) = (self.command.to_owned(), last.collect());
        Err(FitError::Failed { command, status: status.to_string(), last, log })
    }

    fn leave_if_asked(&self, child: &mut Child) {
        if self.work.stop.level() > 0 {
            // It may have ended by itself.
            drop(child.kill());
            drop(child.wait());
            self.work.checkpoint();
        }
    }

    fn folder_error(&self, path: &Path, source: io::Error) -> FitError {
        FitError::Folder { path: path.to_owned(), source }
    }
}

/// The user's own words, as a shell takes them, and the folder behind them.
fn shell(command: &str, folder: &Path) -> Command {
    if cfg!(windows) {
        let mut shell = Command::new("cmd");
        shell.arg("/C").arg(command).arg(folder);
        return shell;
    }
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(format!("{command} \"$@\"")).arg("sh").arg(folder);
    shell
}

fn result_file(own: &blake3::Hash, job: &FitJob) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(own.as_bytes()).update(job.id.as_bytes());
    format!("{}.jsonl", &hasher.finalize().to_hex()[..32])
}

/// The result of `job`, checked.
fn read(job: &FitJob, path: &Path) -> Result<Rows, FitError> {
    let text = fs::read_to_string(path).map_err(|source| match source.kind() {
        io::ErrorKind::NotFound => FitError::NoResult { path: path.to_owned() },
        _ => FitError::Folder { path: path.to_owned(), source },
    })?;
    let wrong = |line, message| FitError::Line { path: path.to_owned(), line, message };
    let row = |(at, line)| serde_json::from_str::<Vec<f64>>(line).map_err(|e| wrong(at + 1, e.to_string()));
    let rows: Rows = text.lines().enumerate().map(row).collect::<Result<_, _>>()?;
    job.check(&rows).map_err(|error| match error {
        FitResultError::Row { row, message } => wrong(row, message),
        FitResultError::Rows { found, .. } => wrong(found, error.to_string()),
    })?;
    Ok(rows)
}

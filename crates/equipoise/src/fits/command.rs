//! A command that fits models: a folder of jobs, one process for all of them, a file of probabilities for each.

use super::folder::FitFolder;
use super::{FitError, Outside};
use crate::Error;
use equipoise_core::learner::FitJob;
use equipoise_core::text::escape_control;
use serde_json::json;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// The jobs of a command, a line for each.
const JOBS_FILE: &str = "jobs.jsonl";
/// What the command wrote to its outputs.
const LOG_FILE: &str = "log.txt";

/// A command of the user.
pub(crate) struct LearnerCommand<'a>(pub(crate) &'a str);

impl Outside for LearnerCommand<'_> {
    fn name(&self) -> &'static str {
        "command"
    }

    /// Of the command and of the files that it names.
    fn hash(&self) -> blake3::Hash {
        let mut hasher = blake3::Hasher::new();
        hasher.update(self.0.as_bytes());
        for word in self.0.split_whitespace() {
            if let Ok(content) = fs::read(word.trim_matches(['"', '\''])) {
                hasher.update(blake3::hash(&content).as_bytes());
            }
        }
        hasher.finalize()
    }

    fn note(&self) -> String {
        let command = escape_control(self.0);
        format!("The verdict is about the models that `{command}` fits. No model is kept to predict with.")
    }

    fn fit(&self, open: &[&FitJob], folder: &FitFolder<'_>) -> Result<(), Error> {
        write_jobs(open, folder)?;
        Ok(self.run(open, folder)?)
    }
}

fn write_jobs(open: &[&FitJob], folder: &FitFolder<'_>) -> Result<(), FitError> {
    let path = folder.path.join(JOBS_FILE);
    let write = || -> io::Result<()> {
        let mut file = BufWriter::new(File::create(&path)?);
        for job in open {
            let texts: Vec<&str> = job.train.iter().map(|(text, ..)| &**text).collect();
            let labels: Vec<&str> =
                job.train.iter().map(|(_, label, _)| folder.labels[label.index()].as_str()).collect();
            let weights: Vec<f64> = job.train.iter().map(|(.., weight)| *weight).collect();
            let predict: Vec<&str> = job.predict.iter().map(|text| &**text).collect();
            let line = json!({
                "result": folder.place(job).file_name().unwrap_or_default().to_string_lossy(),
                "seed": job.seed,
                "labels": folder.labels,
                "train": { "text": texts, "label": labels, "weight": weights },
                "predict": predict,
            });
            serde_json::to_writer(&mut file, &line)?;
            file.write_all(b"\n")?;
        }
        file.flush()
    };
    write().map_err(|source| folder.error(&path, source))
}

impl LearnerCommand<'_> {
    /// Runs the command on its folder and waits, telling how many results are there.
    fn run(&self, open: &[&FitJob], folder: &FitFolder<'_>) -> Result<(), FitError> {
        let log = folder.path.join(LOG_FILE);
        let failed = |source| folder.error(&log, source);
        let output = File::create(&log).map_err(failed)?;
        let mut child = shell(self.0, Some(folder.path))
            .stdin(Stdio::null())
            .stdout(output.try_clone().map_err(failed)?)
            .stderr(output)
            .spawn()
            .map_err(failed)?;
        let status = loop {
            if let Some(status) = child.try_wait().map_err(failed)? {
                break status;
            }
            leave_if_asked(&mut child, folder);
            let done = open.iter().filter(|job| folder.place(job).exists()).count();
            folder.advanced("the learner command", done, open.len());
            std::thread::sleep(Duration::from_millis(100));
        };
        if status.success() {
            return Ok(());
        }
        let text = fs::read(&log).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let last = text.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("it wrote nothing").chars().take(300);
        let (command, last) = (self.0.to_owned(), last.collect());
        Err(FitError::Failed { command, status: status.to_string(), last, log })
    }
}

fn leave_if_asked(child: &mut Child, folder: &FitFolder<'_>) {
    if folder.work.stop.level() > 0 {
        // It may have ended by itself.
        drop(child.kill());
        drop(child.wait());
        folder.work.checkpoint();
    }
}

/// The user's own words, as a shell takes them, and a folder behind them where there is one.
pub(crate) fn shell(command: &str, folder: Option<&Path>) -> Command {
    if cfg!(windows) {
        let mut shell = Command::new("cmd");
        shell.arg("/C").arg(command).args(folder);
        return shell;
    }
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(format!("{command} \"$@\"")).arg("sh").args(folder);
    shell
}

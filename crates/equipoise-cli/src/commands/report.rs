//! `equipoise report`.

use crate::error::Failure;
use crate::ui::Ui;
use equipoise::folder;
use std::path::PathBuf;

/// Render report.html and card.md of a run again
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:\n  equipoise report runs/train-1")]
pub(crate) struct Args {
    /// Folder of the run
    dir: PathBuf,
}

impl Args {
    /// Runs the command.
    pub(crate) fn run(&self, ui: &Ui) -> Result<(), Failure> {
        let written = folder::report(&self.dir)?;
        for path in &written {
            ui.say(&path.display().to_string())?;
        }
        ui.result(&written)
    }
}

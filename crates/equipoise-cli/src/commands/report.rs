//! `equipoise report`.

use crate::commands::summary;
use crate::error::Failure;
use crate::ui::Ui;
use equipoise::folder;
use std::path::PathBuf;

/// Render report.html and card.md of a run again
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:\n  equipoise report runs/train-1")]
pub(crate) struct ReportArgs {
    /// Folder of the run
    dir: PathBuf,
    /// Open report.html in the browser of this machine
    #[arg(long)]
    open: bool,
}

impl ReportArgs {
    /// Runs the command.
    pub(crate) fn run(&self, ui: &Ui) -> Result<(), Failure> {
        let written = folder::report(&self.dir)?;
        for path in &written {
            ui.say(&path.display().to_string())?;
        }
        if self.open {
            summary::open(&self.dir.join("report.html"), ui);
        }
        ui.result(&written)
    }
}

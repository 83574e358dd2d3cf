//! `equipoise resume`.

use crate::commands::summary;
use crate::error::Failure;
use crate::ui::Ui;
use equipoise::pipeline;
use std::path::PathBuf;

/// Go on with a run that was stopped, killed or out of budget; nothing answered is asked again
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:\n  equipoise resume runs/train-1")]
pub(crate) struct Args {
    /// Folder of the run
    dir: PathBuf,
}

impl Args {
    /// Runs the command.
    pub(crate) fn run(&self, ui: &Ui) -> Result<(), Failure> {
        let stop = summary::stop_on_interrupt(ui);
        let finished = pipeline::resume(&self.dir, &|e| ui.event(e), &stop)?;
        summary::finished(&finished, ui)
    }
}

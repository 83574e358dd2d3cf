//! `equipoise replay`.

use crate::commands::summary;
use crate::error::Failure;
use crate::interrupt::stop_on_interrupt;
use crate::ui::Ui;
use equipoise::{Work, folder};
use std::path::PathBuf;

/// Rebuild every derived file of a run from its answers; asks nothing
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:\n  equipoise replay runs/train-1 --check")]
pub(crate) struct ReplayArgs {
    /// Folder of the run
    dir: PathBuf,
    /// Write nothing; compare byte for byte and fail where a file differs
    #[arg(long)]
    check: bool,
}

impl ReplayArgs {
    /// Runs the command.
    pub(crate) fn run(&self, ui: &Ui) -> Result<(), Failure> {
        let replayed = folder::replay(
            &self.dir,
            self.check,
            &Work::watched(|e| ui.event(e)).stopped_by(stop_on_interrupt(ui, None)),
        )?;
        let did = if self.check { "equal, byte for byte" } else { "rebuilt" };
        ui.say(&format!("{} files {did}: {}", replayed.files.len(), replayed.files.join(", ")))?;
        if let Some(evaluation) = &replayed.reviewed {
            ui.say(&summary::reviewed(evaluation))?;
        }
        ui.result(&replayed)
    }
}

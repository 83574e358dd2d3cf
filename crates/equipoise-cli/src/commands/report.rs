//! `equipoise report`.

use crate::commands::summary;
use crate::error::Failure;
use crate::text::columns;
use crate::ui::Ui;
use equipoise::folder;
use std::path::PathBuf;

/// Render report.html and card.md of a run again, open the report, or show every way that was compared
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:\n  equipoise report runs/train-1\n  equipoise report runs/train-1 --arms")]
pub(crate) struct ReportArgs {
    /// Folder of a run or of an evaluation
    dir: PathBuf,
    /// Open report.html in the browser of this machine
    #[arg(long)]
    open: bool,
    /// Show every way of training that was compared
    #[arg(long)]
    arms: bool,
}

impl ReportArgs {
    /// Runs the command.
    pub(crate) fn run(&self, ui: &Ui) -> Result<(), Failure> {
        // What an evaluation left is complete: it is not made of a run that could be rendered again.
        let is_evaluation = folder::is_evaluation(&self.dir);
        let written = if is_evaluation { vec![self.dir.join("report.html")] } else { folder::report(&self.dir)? };
        if self.arms {
            match folder::evaluation_of(&self.dir)? {
                Some(evaluation) => ui.say(&format!("{}\n", summary::arms(&evaluation, columns())))?,
                None => ui.note("no ways of training were compared in this run"),
            }
        }
        let written: Vec<String> = written.iter().map(|path| path.display().to_string()).collect();
        written.iter().try_for_each(|path| ui.say(path))?;
        if self.open {
            summary::open(&self.dir.join("report.html"), ui);
        }
        ui.result(&written)
    }
}

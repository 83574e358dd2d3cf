//! `equipoise resume`.

use crate::commands::summary;
use crate::error::Failure;
use crate::ui::Ui;
use equipoise::pipeline::{self, Finished};
use equipoise::schedule::Stop;
use std::path::PathBuf;

/// Go on with a run that was stopped, killed or out of budget; nothing answered is asked again
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:\n  equipoise resume runs/train-1\n  equipoise resume runs/train-1 --fork")]
pub(crate) struct Args {
    /// Folder of the run
    dir: PathBuf,
    /// Leave the run alone and start a new one beside it, with its recipe and the input as it is now, that takes over its answers to
    /// equal requests
    #[arg(long)]
    fork: bool,
}

impl Args {
    /// Runs the command.
    pub(crate) fn run(&self, ui: &Ui) -> Result<(), Failure> {
        let stop = summary::stop_on_interrupt(ui);
        let finished = match self.fork {
            true => self.beside(ui, &stop)?,
            false => pipeline::resume(&self.dir, &|e| ui.event(e), &stop)?,
        };
        summary::finished(&finished, ui)
    }

    /// Starts the new run beside the old one; the consent is the old run's.
    fn beside(&self, ui: &Ui, stop: &Stop) -> Result<Finished, Failure> {
        let sink = |e| ui.event(e);
        let recipe = pipeline::recipe_of(&self.dir)?;
        let loaded = pipeline::load(&recipe, pipeline::HoldOut::AsRun, &sink)?;
        let planned = pipeline::plan(&recipe, &loaded)?;
        let out = pipeline::choose_out(&recipe, Some(&self.dir), true)?;
        Ok(pipeline::fork(&self.dir, recipe, loaded, planned, &out, &sink, stop)?)
    }
}

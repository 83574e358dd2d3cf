//! `equipoise resume`.

use crate::commands::summary;
use crate::error::Failure;
use crate::ui::Ui;
use equipoise::material::Sources;
use equipoise::pipeline::{self, Finished, Place};
use equipoise::{Material, Setup, Work};
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
        let sink = |e| ui.event(e);
        let work = Work { sink: &sink, stop: summary::stop_on_interrupt(ui) };
        let finished = match self.fork {
            true => self.beside(&work)?,
            false => pipeline::resume(&self.dir, &work)?,
        };
        summary::finished(&finished, ui)
    }

    /// Starts the new run beside the old one; the consent is the old run's.
    fn beside(&self, work: &Work<'_>) -> Result<Finished, Failure> {
        let setup = Setup::new(pipeline::recipe_of(&self.dir)?)?;
        let material = Material::from_files(&Sources::of(setup.recipe())?, work)?;
        let planned = pipeline::plan(&setup, &material)?;
        let out = pipeline::choose_out(setup.recipe(), Some(&self.dir), true)?;
        Ok(pipeline::run(setup, material, planned, Place { out: &out, earlier: Some(&self.dir) }, work)?)
    }
}

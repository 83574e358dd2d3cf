//! `equipoise resume`.

use crate::commands::{out, summary};
use crate::error::Failure;
use crate::interrupt::stop_on_interrupt;
use crate::ui::Ui;
use equipoise::folder::{self, Place};
use equipoise::material::Sources;
use equipoise::{Material, Setup, Work, pipeline};
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
        let work = Work::watched(|e| ui.event(e));
        if self.fork {
            return self.beside(work, ui);
        }
        let work = work.stopped_by(stop_on_interrupt(ui, Some(&self.dir)));
        let outcome = folder::resume(&self.dir, &work)?;
        summary::finished(&self.dir, &outcome, ui)
    }

    /// Starts the new run beside the old one; the consent is the old run's.
    fn beside(&self, work: Work<'_>, ui: &Ui) -> Result<(), Failure> {
        let setup = Setup::new(folder::recipe_of(&self.dir)?)?;
        let material = Material::from_files(&Sources::of(setup.recipe())?, &work)?;
        let planned = pipeline::plan(&setup, &material)?;
        let out = out::choose(setup.recipe(), Some(&self.dir), true)?;
        let work = work.stopped_by(stop_on_interrupt(ui, Some(&out)));
        let place = Place { out: &out, earlier: Some(&self.dir) };
        let outcome = folder::start(&setup, &material, &planned, place, &work)?;
        summary::finished(&out, &outcome, ui)
    }
}

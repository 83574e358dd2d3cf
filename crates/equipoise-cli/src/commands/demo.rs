//! `equipoise demo`.

use crate::args::Global;
use crate::commands::job::{Job, recipe};
use crate::commands::{out, plan, profile, summary};
use crate::error::Failure;
use crate::interrupt::stop_on_interrupt;
use crate::ui::Ui;
use equipoise::folder::{self, Place};
use equipoise::{Work, demo, pipeline};
use std::path::PathBuf;

/// Run the whole job on built-in data with the offline generator: no key, no network
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:\n  equipoise demo --out demo-run")]
pub(crate) struct DemoArgs {
    /// Folder of the run [default: runs/demo-<n>]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[command(flatten)]
    shown: summary::Shown,
}

impl DemoArgs {
    /// Runs the command.
    pub(crate) fn run(&self, global: &Global, ui: &Ui) -> Result<(), Failure> {
        let mut flags = demo::recipe();
        global.write(&mut flags);
        let recipe = recipe(None, flags)?;
        // So that a demo in a folder that holds one is seen to be the same run.
        let recipe = match &self.out {
            Some(out) => demo::placed(recipe, out),
            None => recipe,
        };
        let out = out::choose(&recipe, self.out.as_deref(), false)?;
        let recipe = demo::unpack(recipe, &out)?;
        let work = Work::watched(|e| ui.event(e)).stopped_by(stop_on_interrupt(ui, Some(&out)));
        let Job { setup, material, .. } = Job::open(recipe, |sources| sources, &work)?;
        ui.note_block(&profile::render(material.profile(), ui));
        let planned = pipeline::plan(&setup, &material)?;
        ui.note_block(&plan::render(&planned.plan, ui));
        let outcome = folder::start(&setup, &material, &planned, Place { out: &out, earlier: None }, &work)?;
        summary::finished(&out, &outcome, self.shown, ui)
    }
}

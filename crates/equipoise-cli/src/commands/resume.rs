//! `equipoise resume`.

use crate::commands::job::Job;
use crate::commands::{out, summary};
use crate::error::Failure;
use crate::interrupt::stop_on_interrupt;
use crate::ui::Ui;
use equipoise::config::seconds;
use equipoise::folder::{self, Overrides, Place};
use equipoise::{Work, pipeline};
use std::path::PathBuf;

/// Go on with a run that was stopped, killed or out of budget; nothing answered is asked again
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  equipoise resume runs/train-1\n  equipoise resume runs/train-1 --base-url http://127.0.0.1:8081/v1\n  equipoise resume runs/train-1 --fork"
)]
pub(crate) struct ResumeArgs {
    /// Folder of the run
    dir: PathBuf,
    /// Leave the run alone and start a new one beside it, with its recipe and the input as it is now, that takes over its answers to
    /// equal requests
    #[arg(long)]
    fork: bool,
    /// Another address of the same model from now on
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// Environment variable that holds the provider's key from now on
    #[arg(long, value_name = "VAR")]
    key_env: Option<String>,
    /// How much the model reasons from now on: none, minimal, low, medium or high
    #[arg(long, value_name = "EFFORT")]
    reasoning: Option<String>,
    /// How long one call may take from now on: 90s, 10m
    #[arg(long, value_name = "TIME")]
    deadline: Option<String>,
    /// USD that the run may spend, at most, with what it has spent
    #[arg(long, value_name = "USD")]
    budget: Option<f64>,
    /// Requests in flight from now on, at most
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    max_concurrency: Option<u32>,
    #[command(flatten)]
    shown: summary::Shown,
}

impl ResumeArgs {
    /// Runs the command.
    pub(crate) fn run(&self, ui: &Ui) -> Result<(), Failure> {
        let work = Work::watched(|e| ui.event(e));
        if self.fork {
            return self.beside(work, ui);
        }
        let work = work.stopped_by(stop_on_interrupt(ui, Some(&self.dir)));
        let outcome = folder::resume(&self.dir, &self.changes()?, None, &work)?;
        summary::finished(&self.dir, &outcome, self.shown, ui)
    }

    fn changes(&self) -> Result<Overrides, Failure> {
        let usage = |m| Failure::usage(m, "see `equipoise resume --help`");
        let deadline_s = self
            .deadline
            .as_ref()
            .map(|time| seconds(time).ok_or_else(|| usage(format!("--deadline {time}: write 90s, 30m or 2h"))));
        Ok(Overrides {
            base_url: self.base_url.clone(),
            key_env: self.key_env.clone(),
            reasoning: self.reasoning.as_ref().map(|effort| effort.parse().map_err(usage)).transpose()?,
            deadline_s: deadline_s.transpose()?,
            budget_usd: self.budget,
            max_concurrency: self.max_concurrency.map(|n| n as usize),
        })
    }

    /// Starts the new run beside the old one; the consent is the old run's.
    fn beside(&self, work: Work<'_>, ui: &Ui) -> Result<(), Failure> {
        let mut recipe = folder::recipe_of(&self.dir)?;
        self.changes()?.apply(&mut recipe);
        let out = out::choose(&recipe, Some(&self.dir), true)?;
        let work = work.stopped_by(stop_on_interrupt(ui, Some(&out)));
        let Job { setup, material, .. } = Job::open(recipe, |sources| sources, &work)?;
        let planned = pipeline::plan(&setup, &material)?;
        let place = Place { out: &out, earlier: Some(&self.dir) };
        let outcome = folder::start(&setup, &material, &planned, place, &work)?;
        summary::finished(&out, &outcome, self.shown, ui)
    }
}

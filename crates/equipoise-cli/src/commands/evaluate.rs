//! `equipoise evaluate`.

use crate::args::{Evaluation, Global, Input, RecipeFile};
use crate::commands::job::{Flags, Job};
use crate::commands::summary;
use crate::error::Failure;
use crate::interrupt::stop_on_interrupt;
use crate::ui::Ui;
use equipoise::artefacts::Folder;
use equipoise::input::Source;
use equipoise::material::Sources;
use equipoise::{Work, pipeline};
use std::path::PathBuf;

/// Show what synthetic rows from anywhere do to a classifier; without --synthetic the cheap baselines alone
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  equipoise evaluate --train train.csv --test test.csv
  equipoise evaluate --train train.csv --synthetic made.csv --test test.csv --out evaluated")]
pub(crate) struct Args {
    /// File of real training rows
    #[arg(long, value_name = "FILE")]
    train: PathBuf,
    /// File of synthetic rows; columns `source` or `source_id` tell what each was made from; repeatable
    #[arg(long, value_name = "FILE")]
    synthetic: Vec<PathBuf>,
    /// File of held-out real rows [default: a stratified quarter of the training file]
    #[arg(long, value_name = "FILE")]
    test: Option<PathBuf>,
    /// Folder for evaluation.json and report.html
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[command(flatten)]
    columns: Input,
    #[command(flatten)]
    evaluation: Evaluation,
    #[command(flatten)]
    file: RecipeFile,
}

impl Args {
    /// Runs the command.
    pub(crate) fn run(&self, global: &Global, ui: &Ui) -> Result<(), Failure> {
        let mut flags = Flags::new(global, &self.columns, &self.file)
            .path("data.input", Some(&self.train))?
            .path("data.test", self.test.as_deref())?;
        self.evaluation.write(&mut flags.table);
        let mut out = self.out.as_deref().map(Folder::new).transpose()?;
        let work = Work::watched(|e| ui.event(e)).stopped_by(stop_on_interrupt(ui, None));
        let labelled_alone = |sources| Sources { unlabelled: None, ..sources };
        let Job { setup, sources, material } = Job::open(flags.recipe()?, labelled_alone, &work)?;
        let synthetic: Vec<Source> = self.synthetic.iter().cloned().map(Source::Path).collect();
        let made = material.admit(&synthetic, &sources.columns, &work)?;
        let evaluated = pipeline::evaluate(&setup, &material, &made, &mut out, &work)?;
        ui.say(&summary::evaluation(&evaluated.evaluation, self.out.as_deref(), ui))?;
        for path in out.iter().flat_map(Folder::written) {
            ui.note(&format!("wrote {}", path.display()));
        }
        ui.result(&evaluated.evaluation)
    }
}

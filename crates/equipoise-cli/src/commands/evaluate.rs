//! `equipoise evaluate`.

use crate::args::{Evaluation, Global, Input, RecipeFile};
use crate::commands::job::{self, Flags, Job, fetched};
use crate::commands::{out, summary};
use crate::error::Failure;
use crate::interrupt::stop_on_interrupt;
use crate::ui::Ui;
use equipoise::artefacts::{Folder, Leaves};
use equipoise::fits::FITS_FOLDER;
use equipoise::material::Sources;
use equipoise::{Error, Work, pipeline};
use std::ffi::OsStr;
use std::path::PathBuf;

/// Show what synthetic rows from anywhere do to a classifier; without --synthetic the cheap baselines alone
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  equipoise evaluate --train train.csv --test test.csv
  equipoise evaluate --train train.csv --synthetic made.csv --test test.csv --out evaluated
  equipoise evaluate --train train.parquet --synthetic made.parquet --test test.parquet --embedding embedding
  equipoise evaluate --train train.csv --synthetic made.csv --test test.csv --group dialect
  equipoise evaluate --train train.csv --synthetic made.csv --test test.csv --learner-command 'python fit.py'")]
pub(crate) struct EvaluateArgs {
    /// File of real training rows
    #[arg(long, value_name = "FILE")]
    train: PathBuf,
    /// File of synthetic rows; columns `source` or `source_id` tell what each was made from; repeatable
    #[arg(long, value_name = "FILE")]
    synthetic: Vec<PathBuf>,
    /// File of held-out real rows [default: every row is judged in turn, by cross-validation]
    #[arg(long, value_name = "FILE")]
    test: Option<PathBuf>,
    #[command(flatten)]
    columns: Input,
    #[command(flatten)]
    file: RecipeFile,
    #[command(flatten)]
    evaluation: Evaluation,
    /// Column of the vectors that come with the texts (lists of numbers), in every file; the learner is then `linear_features`
    #[arg(long, value_name = "COL", help_heading = "Evaluation")]
    embedding: Option<String>,
    /// File of texts with their vectors (columns `text` and `embedding`, or --embedding COL), for all texts of all files
    #[arg(long, value_name = "FILE", help_heading = "Evaluation")]
    features: Option<PathBuf>,
    /// Folder for evaluation.json and report.html [default: runs/<training file>-evaluated-<n>]
    #[arg(long, value_name = "DIR", help_heading = "Output")]
    out: Option<PathBuf>,
    #[command(flatten)]
    shown: summary::Shown,
}

impl EvaluateArgs {
    /// Runs the command.
    pub(crate) fn run(&self, global: &Global, ui: &Ui) -> Result<(), Failure> {
        let mut flags = Flags::new(global, &self.columns, &self.file)
            .path("data.input", Some(&self.train))?
            .path("data.test", self.test.as_deref())?
            .path("data.features", self.features.as_deref())?
            .text("data.embedding", self.embedding.as_deref());
        self.evaluation.write(&mut flags.table);
        let is_stream = self.train.as_os_str() == "-";
        let input = if is_stream { OsStr::new("stdin") } else { self.train.file_stem().unwrap_or_default() };
        let input = input.to_string_lossy();
        let stem = input.split('.').next().unwrap_or_default();
        let dir = self.out.clone().unwrap_or_else(|| out::fresh(&format!("{stem}-evaluated")));
        let work = Work::watched(|e| ui.event(e)).stopped_by(stop_on_interrupt(ui, None));
        let inputs: Vec<PathBuf> =
            [&self.train].into_iter().chain(&self.synthetic).chain(&self.test).cloned().collect();
        Leaves::Evaluation.spares(&dir, &inputs).map_err(Error::from)?;
        let labelled_alone = |sources| Sources { unlabelled: None, ..sources };
        let recipe = flags.recipe()?;
        let synthetic = fetched(&self.synthetic, &recipe, &work)?;
        let Job { setup, sources, material } = Job::open(recipe, labelled_alone, &work)?;
        let made = material.admit(&synthetic, &sources.columns, &work)?;
        // Made once everything that was asked for can be read, so that a mistake leaves no folder behind.
        let mut folder = Folder::new(&dir, Leaves::Evaluation)?;
        let setup = setup.fits_in(dir.join(FITS_FOLDER));
        job::say_judges(&setup, &material, &made.labels(), ui);
        let evaluated = pipeline::evaluate(&setup, &material, made, &mut folder, &work)?;
        summary::evaluated(&evaluated.evaluation, &dir, evaluated.model.is_some(), self.shown, ui)
    }
}

//! `equipoise run`.

use crate::args::{Evaluation, Global, Input, Model, Prompt, RecipeFile, Targets};
use crate::commands::again::Again;
use crate::commands::job::{self, Flags, Job};
use crate::commands::{out, plan, profile, summary};
use crate::error::Failure;
use crate::interrupt::stop_on_interrupt;
use crate::judge_args::JudgeArgs;
use crate::ui::Ui;
use equipoise::config::set;
use equipoise::fits::FITS_FOLDER;
use equipoise::folder::{self, Place};
use equipoise::{Work, pipeline};
use std::path::PathBuf;

/// What has no use where nothing is evaluated.
const OF_EVALUATION: [&str; 9] =
    ["learner", "learner_command", "fits", "tune", "goal", "prior", "repeats", "group", "arms"];

/// Profile, plan, generate, check, select, evaluate, report: the whole job
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  equipoise run train.csv --test test.csv
  equipoise run train.txt --test test.txt --label-to surprise=1200 --model openai/gpt-4.1-mini --price 0.4,1.6 --budget 5
  equipoise run train.csv --balance to-majority --model vllm/Qwen3-8B --base-url http://127.0.0.1:8000/v1 --yes
  equipoise run train.csv --only refund --model openai/gpt-4.1-mini --judge openai/gpt-4.1 --budget 5")]
pub(crate) struct RunArgs {
    /// File of labelled texts (csv, tsv, txt, json, jsonl, parquet, arrow; also .gz, .zst; - is standard input)
    pub(crate) input: Option<PathBuf>,
    /// File of held-out real rows to judge on [default: every row is judged in turn, by cross-validation]
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    pub(crate) test: Option<PathBuf>,
    /// File of real texts without labels: the built-in generator borrows phrases from them, and with --mine the model labels them
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    pub(crate) unlabelled: Option<PathBuf>,
    #[command(flatten)]
    columns: Input,
    #[command(flatten)]
    file: RecipeFile,
    #[command(flatten)]
    targets: Targets,
    #[command(flatten)]
    model: Model,
    #[command(flatten)]
    prompt: Prompt,
    /// Send without asking
    #[arg(long, help_heading = "Model")]
    pub(crate) yes: bool,
    /// Take over the answers that an earlier run paid for, and ask only for the rest: that of DIR, else the last one with these settings
    #[arg(long, conflicts_with = "force", help_heading = "Model")]
    pub(crate) fork: bool,
    #[command(flatten)]
    evaluation: Evaluation,
    #[command(flatten)]
    judge: JudgeArgs,
    /// Hold nothing out and compare no ways of training
    #[arg(long, help_heading = "Evaluation", conflicts_with_all = OF_EVALUATION)]
    pub(crate) no_evaluate: bool,
    /// Folder of the run [default: runs/<input name>-<n>]
    #[arg(long, value_name = "DIR", help_heading = "Output")]
    pub(crate) out: Option<PathBuf>,
    /// Where DIR holds a run, start anew in a folder beside it
    #[arg(long, help_heading = "Output")]
    pub(crate) force: bool,
    /// Add columns to augmented.* that say of each row whether it is real or synthetic, and what it was made from and by
    #[arg(long, help_heading = "Output")]
    pub(crate) provenance: bool,
    /// Add a column `weight` to augmented.*: what each row weighs in the way that the verdict recommends, for any other trainer
    #[arg(long, help_heading = "Output")]
    pub(crate) weights: bool,
    /// Write a line of each check on each text into verdicts.jsonl, not of warnings and rejections alone
    #[arg(long, help_heading = "Output")]
    pub(crate) all_verdicts: bool,
    #[command(flatten)]
    shown: summary::Shown,
}

impl RunArgs {
    /// Runs the command.
    pub(crate) fn run(&self, global: &Global, ui: &Ui) -> Result<(), Failure> {
        let mut flags = Flags::new(global, &self.columns, &self.file)
            .path("data.input", self.input.as_deref())?
            .path("data.test", self.test.as_deref())?
            .path("data.unlabelled", self.unlabelled.as_deref())?
            .labels(self.model.label_about.as_deref())?
            .switch("output.provenance", self.provenance)
            .switch("output.weights", self.weights)
            .switch("output.all_verdicts", self.all_verdicts);
        let usage = |m| Failure::usage(m, "see `equipoise run --help`");
        self.targets.write(&mut flags.table).map_err(usage)?;
        self.model.write(&mut flags.table).map_err(usage)?;
        self.prompt.write(&mut flags.table);
        self.evaluation.write(&mut flags.table);
        self.judge.write(&mut flags.table).map_err(usage)?;
        if self.no_evaluate {
            set(&mut flags.table, "evaluate.enabled", toml::Value::Boolean(false));
        }
        let recipe = flags.recipe()?;
        let out = out::choose(&recipe, self.out.as_deref(), self.force || self.fork)?;
        let again = Again::of(&recipe, self.out.as_deref(), self.fork)?;
        let work = Work::watched(|e| ui.event(e)).stopped_by(stop_on_interrupt(ui, Some(&out)));
        let Job { setup, material, .. } = Job::open(recipe, |sources| sources, &work)?;
        let setup = setup.typed(Some(ui.typed().to_owned())).fits_in(out.join(FITS_FOLDER));
        let planned = pipeline::plan(&setup, &material)?;
        job::say_judges(&setup, &material, &planned.raised(), ui);
        ui.note_block(&profile::render(material.profile(), ui));
        ui.note_block(&plan::render(&planned.plan, ui));
        planned.check_price(&setup)?;
        planned.check_way(&setup)?;
        let earlier = again.earlier(&planned.cost(), self.yes, ui)?;
        let earlier = earlier.as_deref();
        summary::consent(&planned.cost(), self.yes, ui)?;
        let outcome = folder::start(&setup, &material, &planned, Place { out: &out, earlier }, &work)?;
        summary::finished(&out, &outcome, self.shown, ui)
    }
}

//! `equipoise check`.

use crate::args::{Global, Input, RecipeFile};
use crate::commands::fail_on::{Limit, hold};
use crate::commands::job::{Flags, Job, fetched};
use crate::commands::summary;
use crate::error::Failure;
use crate::interrupt::stop_on_interrupt;
use crate::judge_args::JudgeArgs;
use crate::table::Table;
use crate::ui::Ui;
use equipoise::artefacts::{Folder, Leaves};
use equipoise::config::set;
use equipoise::core::check::Counts;
use equipoise::core::probation::LabelJudgement;
use equipoise::core::select::Selection;
use equipoise::core::text::{counted, escape_control, thousands};
use equipoise::material::Sources;
use equipoise::pipeline::Checked;
use equipoise::{Error, Work, pipeline};
use serde::Serialize;
use std::path::PathBuf;

/// Run the checks alone, on synthetic rows from anywhere
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  equipoise check --train train.csv --synthetic made.csv --test test.csv --out checked\n  \
                  equipoise check --train train.csv --synthetic made.csv --fail-on copy=0,near_duplicate=0.02,any=0.1\n  \
                  equipoise check --train train.csv --synthetic made.csv --judge openai/gpt-4.1-mini --budget 1 --out checked"
)]
pub(crate) struct CheckArgs {
    /// File of real training rows
    #[arg(long, value_name = "FILE")]
    train: PathBuf,
    /// File of synthetic rows with the same labels; columns `source` or `source_id` tell what each was made from; repeatable
    #[arg(long, value_name = "FILE", required = true)]
    synthetic: Vec<PathBuf>,
    /// File of held-out rows, whose copies are refused
    #[arg(long, value_name = "FILE")]
    test: Option<PathBuf>,
    /// Folder for candidates.jsonl, verdicts.jsonl, selection.json, report.html and checked.csv, which has a line for each row
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// End with exit code 1 where a check rejects (or, where it only warns, warns of) more than this share of the rows, 0 to 1; `any`
    /// stands for all checks together, and a check of sets counts labels
    #[arg(long, value_name = "CHECK=SHARE,…", value_delimiter = ',')]
    fail_on: Vec<Limit>,
    /// Write a line of each check on each text into verdicts.jsonl, not of warnings and rejections alone
    #[arg(long, requires = "out")]
    all_verdicts: bool,
    #[command(flatten)]
    judge: JudgeArgs,
    /// Most that the label judge may cost, USD
    #[arg(long, value_name = "USD", requires = "judge", help_heading = "Label judge")]
    budget: Option<f64>,
    /// Ask the label judge without a question first
    #[arg(long, requires = "judge", help_heading = "Label judge")]
    yes: bool,
    #[command(flatten)]
    columns: Input,
    #[command(flatten)]
    file: RecipeFile,
}

impl CheckArgs {
    /// Runs the command.
    pub(crate) fn run(&self, global: &Global, ui: &Ui) -> Result<(), Failure> {
        let mut flags = Flags::new(global, &self.columns, &self.file)
            .path("data.input", Some(&self.train))?
            .path("data.test", self.test.as_deref())?
            .switch("output.all_verdicts", self.all_verdicts);
        self.judge.write(&mut flags.table).map_err(|m| Failure::usage(m, "see `equipoise check --help`"))?;
        if let Some(budget) = self.budget {
            set(&mut flags.table, "model.budget_usd", toml::Value::Float(budget));
        }
        let mut out = self.out.as_deref().map(|out| Folder::new(out, Leaves::Check)).transpose()?;
        let inputs: Vec<PathBuf> =
            [&self.train].into_iter().chain(&self.synthetic).chain(&self.test).cloned().collect();
        self.out.iter().try_for_each(|out| Leaves::Check.spares(out, &inputs)).map_err(Error::from)?;
        let work = Work::watched(|e| ui.event(e)).stopped_by(stop_on_interrupt(ui, None));
        let recipe = flags.recipe()?;
        let synthetic = fetched(&self.synthetic, &recipe, &work)?;
        let Job { setup, sources, material } = Job::open(recipe, Sources::to_look_at, &work)?;
        let made = material.admit(&synthetic, &sources.columns, &work)?;
        let checking = pipeline::Checking::new(&setup, &material, made)?;
        if let Some(cost) = checking.cost() {
            summary::consent(&cost, self.yes, ui)?;
        }
        let checked = checking.run(&mut out, self.out.as_deref(), &work)?;
        show(&checked, ui)?;
        for path in out.iter().flat_map(Folder::written) {
            ui.note(&format!("wrote {}", path.display()));
        }
        ui.result(&CheckJson { selection: &checked.selection, checks: &checked.counts })?;
        hold(&self.fail_on, &checked.counts, checked.selection.labels.len())
    }
}

/// What `--json` says: the selection, and what each check found.
#[derive(Serialize)]
struct CheckJson<'a> {
    #[serde(flatten)]
    selection: &'a Selection,
    checks: &'a Counts,
}

/// Rejected texts that are shown.
const SHOWN: usize = 10;
/// Characters of a text that are shown.
const SHOWN_CHARS: usize = 100;

fn show(checked: &Checked, ui: &Ui) -> Result<(), Failure> {
    let mut table = Table::new(&["label", "rows", "kept", "rejected", "by"]).left(4);
    for label in &checked.selection.labels {
        let by: Vec<String> = label.rejected_by.iter().map(|(why, n)| format!("{why} {n}")).collect();
        let numbers = [label.n_candidates, label.n_kept, label.n_rejected].map(|n| thousands(n as u64));
        table.row([label.label.clone()].into_iter().chain(numbers).chain([by.join(", ")]));
    }
    ui.say(&format!(
        "{}\n\n{}",
        ui.bold(&format!("{} checked", counted(checked.candidates.len(), "synthetic row"))),
        table.render()
    ))?;
    for set in &checked.counts.sets {
        ui.say(&format!("{}: {}", set.check, escape_control(&set.sentence)))?;
        for (_, text) in set.examples.iter().take(2) {
            ui.say(&format!("  {}", shown(text)))?;
        }
    }
    if !checked.warnings.is_empty() {
        let warned: Vec<String> = checked.warnings.iter().map(|(why, n)| format!("{why} {n}")).collect();
        ui.say(&format!("Kept with a warning: {}", warned.join(", ")))?;
    }
    for (why, text) in checked.examples.iter().take(SHOWN) {
        ui.say(&format!("  {why}: {}", shown(text)))?;
    }
    for line in checked.counts.judge.iter().flat_map(LabelJudgement::sentences) {
        ui.say(&line)?;
    }
    if let Some(spent) = &checked.judge {
        ui.note(&spent.told());
    }
    checked.counts.notes.iter().for_each(|note| ui.note(note));
    Ok(())
}

/// The beginning of an untrusted text.
fn shown(text: &str) -> String {
    escape_control(&text.chars().take(SHOWN_CHARS).collect::<String>())
}

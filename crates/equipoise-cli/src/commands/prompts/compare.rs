//! `equipoise prompts compare`.

use crate::args::{Global, Input, Model, RecipeFile, Targets};
use crate::commands::job::{Flags, Job};
use crate::commands::{out, summary};
use crate::error::Failure;
use crate::interrupt::stop_on_interrupt;
use crate::table::Table;
use crate::ui::Ui;
use equipoise::core::pilot::{Comparison, FigureCell, SideBySide};
use equipoise::core::stats::Estimate;
use equipoise::core::text::{escape_control, signed, thousands};
use equipoise::error::Stopped;
use equipoise::rundir::{PILOT_FILE, RunDir};
use equipoise::{Error, Work, pipeline};
use std::path::{Path, PathBuf};

/// Have several prompts, models or temperatures write some of the texts of a run, and see in figures which does best
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Every prompt is asked for the same texts, the first ones of the run that follows, which takes the answers over and pays for none of them
again. --model and --temperature can be repeated: every prompt meets each of them. The command once more with the same --out goes on with a
pilot that was stopped.

Examples:
  equipoise prompts compare train.csv --prompt rewrite --prompt own.j2 --model openai/gpt-4.1-mini --budget 1
  equipoise prompts compare train.csv --only refund --balance to-majority --prompt new --pilot 100 --model ollama/llama3.2 --model ollama/qwen3
  equipoise prompts compare train.csv --prompt rewrite --temperature 0.3 --temperature 1 --model openai/gpt-4.1-mini --yes")]
pub(crate) struct PromptsCompareArgs {
    /// File of labelled texts
    input: Option<PathBuf>,
    /// File of held-out rows, which no model is shown; give it if the run will have it
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    test: Option<PathBuf>,
    #[command(flatten)]
    columns: Input,
    #[command(flatten)]
    file: RecipeFile,
    #[command(flatten)]
    targets: Targets,
    /// Built-in template (rewrite, new, neighbour, article-2023) or a template file; repeat it for each prompt [default: the recipe's, else rewrite]
    #[arg(long, value_name = "NAME|FILE", help_heading = "Model")]
    prompt: Vec<String>,
    /// Texts to ask each prompt for, about: whole requests of the run, at least one of each label
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=10_000), help_heading = "Model")]
    pilot: u32,
    #[command(flatten)]
    model: Model,
    /// Send without asking
    #[arg(long, help_heading = "Model")]
    yes: bool,
    /// Take over the answers that the run or pilot in DIR paid for, and go on in a new folder beside it
    #[arg(long, requires = "out", help_heading = "Model")]
    fork: bool,
    /// Folder of the pilot [default: runs/<input name>-pilot-<n>]
    #[arg(long, value_name = "DIR", help_heading = "Output")]
    out: Option<PathBuf>,
}

impl PromptsCompareArgs {
    /// Runs the command.
    pub(crate) fn run(&self, global: &Global, ui: &Ui) -> Result<(), Failure> {
        let mut flags = Flags::new(global, &self.columns, &self.file)
            .path("data.input", self.input.as_deref())?
            .path("data.test", self.test.as_deref())?
            .labels(self.model.label_about.as_deref())?;
        let usage = |m| Failure::usage(m, "see `equipoise prompts compare --help`");
        self.targets.write(&mut flags.table).map_err(usage)?;
        self.model.first().write(&mut flags.table).map_err(usage)?;
        let recipe = flags.recipe()?;
        let work = Work::watched(|e| ui.event(e)).stopped_by(stop_on_interrupt(ui, None));
        let Job { setup, sources, material } = Job::open(recipe, |sources| sources, &work)?;
        let settings = pipeline::PilotSettings {
            prompts: self.prompt.clone(),
            models: self.model.model.clone(),
            temperatures: self.model.temperature.clone(),
            n_texts: self.pilot as usize,
        };
        let pilot = pipeline::pilot(setup.recipe(), &material, settings)?;
        pilot.check()?;
        let stem = Path::new(&sources.train.name()).file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let (out, earlier) = self.folder(&stem);
        summary::consent(&pilot.cost(), self.yes, ui)?;
        let mut piloted = pilot.send(&out, earlier.as_deref(), &work)?;
        show(&piloted.comparison, ui)?;
        piloted.notes.iter().for_each(|note| ui.note(note));
        ui.note(&format!("page and figures: {}", out.join("report.html").display()));
        ui.result(&piloted.comparison)?;
        piloted
            .ended
            .take()
            .map_or(Ok(()), |reason| Err(Error::from(Stopped::Pilot { reason, dir: out.into() }).into()))
    }

    /// The folder of the pilot, and the one whose answers are taken over.
    fn folder(&self, stem: &str) -> (PathBuf, Option<PathBuf>) {
        match &self.out {
            Some(dir) if self.fork => {
                let name = dir.file_name().map_or_else(|| PILOT_FILE.to_owned(), |n| n.to_string_lossy().into_owned());
                (RunDir::fresh_name(dir.parent().unwrap_or(Path::new("")), &name), Some(dir.clone()))
            }
            Some(dir) => (dir.clone(), None),
            None => (out::fresh(&format!("{stem}-pilot")), None),
        }
    }
}

/// The figures for people.
fn show(comparison: &Comparison, ui: &Ui) -> Result<(), Failure> {
    let names: Vec<&str> = comparison.prompts.iter().map(|prompt| prompt.name.as_str()).collect();
    for text in comparison.texts.iter().take(4) {
        ui.say(&side_by_side(text, &names, ui))?;
    }
    ui.say(&format!("\n{}\n", figures(comparison)))?;
    ui.say(&ui.bold(&escape_control(&comparison.verdict)))
}

/// One row, and what each prompt made of it.
fn side_by_side(text: &SideBySide, names: &[&str], ui: &Ui) -> String {
    let source = text.source.as_deref().unwrap_or("(from no single row)");
    let mut lines = format!("\n{} {}", ui.bold(&escape_control(&text.label)), escape_control(source));
    for (name, given) in names.iter().zip(&text.given) {
        let shown = given.text.as_deref().map_or_else(|| "(no text)".to_owned(), escape_control);
        let why = given.rejected_by.as_ref().map_or_else(String::new, |why| format!("  ({why})"));
        lines += &format!("\n  {:>14}  {shown}{}", escape_control(name), escape_control(&why));
    }
    lines
}

/// A column for each prompt, a line for each figure.
fn figures(comparison: &Comparison) -> String {
    let names = comparison.prompts.iter().map(|prompt| prompt.name.as_str());
    let headings: Vec<&str> = ["figure"].into_iter().chain(names).chain(["real rows"]).collect();
    let mut table = Table::new(&headings);
    for line in comparison.lines() {
        table.row([line.what].into_iter().chain(line.cells.into_iter().map(shown)));
    }
    format!(
        "{}\n\nGood: read, kept, no near copy, its label neither doubted nor named beyond what real rows do; shares with 95 % intervals, differences paired by text.",
        table.render()
    )
}

fn shown(cell: FigureCell<'_>) -> String {
    match cell {
        FigureCell::Absent => "–".to_owned(),
        FigureCell::Word(word) => word.to_owned(),
        FigureCell::Share(e) => percent(e),
        FigureCell::Plain(share) => format!("{:.0} %", 100.0 * share),
        FigureCell::Difference(e) => points(e),
        FigureCell::Level(e) => format!("{:.2} ({:.2}–{:.2})", e.value, e.low, e.high),
        FigureCell::Number(n) => format!("{n:.2}"),
        FigureCell::PValue(p) if p < 0.001 => "< 0.001".to_owned(),
        FigureCell::PValue(p) => format!("{p:.3}"),
        FigureCell::Count(n) => thousands(n.round() as u64),
        FigureCell::Usd(n) => format!("{n:.6}"),
    }
}

/// A share with its interval, in per cent.
fn percent(e: &Estimate) -> String {
    format!("{:.0} % ({:.0}–{:.0})", 100.0 * e.value, 100.0 * e.low, 100.0 * e.high)
}

/// A difference of shares with its interval, in points of per cent.
fn points(e: &Estimate) -> String {
    let [value, low, high] = [e.value, e.low, e.high].map(|share| signed(100.0 * share, 0));
    format!("{value} ({low} to {high})")
}

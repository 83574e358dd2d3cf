//! `equipoise define`.

use crate::args::{Global, Input, Model, RecipeFile};
use crate::commands::job::{Flags, Job};
use crate::commands::{out, summary};
use crate::error::Failure;
use crate::interrupt::stop_on_interrupt;
use crate::ui::Ui;
use crate::wording;
use equipoise::config::{Definitions, set};
use equipoise::core::format::WriteError;
use equipoise::core::text::{counted, escape_control};
use equipoise::error::Stopped;
use equipoise::pipeline::Earlier;
use equipoise::{Error, Work, output, pipeline};
use std::path::{Path, PathBuf};
use toml::Value;

/// Have a model draft what each label means, three sentences from real rows, for you to correct
#[derive(clap::Args, Debug)]
#[command(after_help = "\
The drafts stand in a file that is not used before you have read it and deleted its line `draft = true`.

Examples:
  equipoise define train.csv --model openai/gpt-4.1-mini --price 0.4,1.6
  equipoise define train.csv --only refund --model ollama/llama3.2 --out refund.toml
  equipoise run train.csv --label-to refund=2x --model openai/gpt-4.1-mini --label-about labels.toml")]
pub(crate) struct DefineArgs {
    /// File of labelled texts
    input: Option<PathBuf>,
    /// File of held-out rows, which no model is shown [default: none; `run` judges every row in turn]
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    test: Option<PathBuf>,
    #[command(flatten)]
    columns: Input,
    #[command(flatten)]
    file: RecipeFile,
    /// Draft for this label alone; repeatable
    #[arg(long, value_name = "LABEL", allow_hyphen_values = true, help_heading = "Targets")]
    only: Vec<String>,
    #[command(flatten)]
    model: Model,
    /// Send without asking
    #[arg(long, help_heading = "Model")]
    yes: bool,
    /// File to write the drafts into; one that is there already is left alone
    #[arg(long, value_name = "FILE", default_value = "labels.toml", help_heading = "Output")]
    out: PathBuf,
}

impl DefineArgs {
    /// Runs the command.
    pub(crate) fn run(&self, global: &Global, ui: &Ui) -> Result<(), Failure> {
        if self.out.exists() {
            let message = format!("{} is there already", self.out.display());
            return Err(Failure::usage(message, "name another file with --out FILE"));
        }
        let mut flags = Flags::new(global, &self.columns, &self.file)
            .path("data.input", self.input.as_deref())?
            .path("data.test", self.test.as_deref())?;
        self.model.write(&mut flags.table).map_err(|m| Failure::usage(m, "see `equipoise define --help`"))?;
        if !self.only.is_empty() {
            let only = self.only.iter().cloned().map(Value::String).collect();
            set(&mut flags.table, "targets.only", Value::Array(only));
        }
        let work = Work::watched(|e| ui.event(e)).stopped_by(stop_on_interrupt(ui, None));
        let Job { setup, sources, material } = Job::open(flags.recipe()?, |sources| sources, &work)?;
        let define = pipeline::define(&setup, &material)?;
        let planned = pipeline::plan(&setup, &material)?;
        planned.check_price(&setup)?;
        planned.check_way(&setup)?;
        let input = Path::new(&sources.train.name()).file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let stem = format!("{input}-define");
        let earlier = define.earlier(Path::new(out::RUNS), &stem);
        if let Some(earlier) = &earlier {
            let (n, dir) = (counted(earlier.n_drafts(), "draft"), earlier.dir.display());
            ui.note(&format!(
                "{n} taken from {dir}, which answers the same requests; delete that folder to have them drafted anew"
            ));
        }
        if !earlier.as_ref().is_some_and(Earlier::is_whole) {
            summary::consent(&define.cost(earlier.as_ref()), self.yes, ui)?;
        }
        let folder = earlier.map_or_else(|| out::fresh(&stem), |earlier| earlier.dir);
        let mut drafted = define.send(&folder, &work)?;
        for (label, draft) in &drafted.label {
            ui.say(&ui.bold(&escape_control(label)))?;
            draft.lines().iter().try_for_each(|line| ui.say(&format!("  {}", escape_control(line))))?;
        }
        drafted.notes.iter().for_each(|note| ui.note(note));
        if !drafted.label.is_empty() {
            let text = Definitions::drafts(drafted.label.clone()).to_toml();
            let text = text.map_err(|e| Failure::Internal(e.to_string()))?;
            let write =
                output::write_atomically(&self.out, |file| file.write_all(text.as_bytes()).map_err(WriteError::Io));
            write.map_err(Error::from)?;
            let out = wording::path(&self.out);
            ui.say(&format!(
                "\nRead and correct {out}, delete its line `draft = true`, and hand it over with --label-about {out}."
            ))?;
        }
        ui.result(&drafted)?;
        drafted.ended.take().map_or(Ok(()), |reason| Err(Error::from(Stopped::Trial { reason }).into()))
    }
}

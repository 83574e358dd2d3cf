//! `equipoise predict`.

use crate::args::Input;
use crate::commands::job::{fetched, recipe};
use crate::error::Failure;
use crate::ui::Ui;
use equipoise::artefacts::{Leaves, spare};
use equipoise::{Error, Work, pipeline};
use std::path::PathBuf;

/// Labels and calibrated probabilities of new texts, by the fitted model of a run
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  equipoise predict runs/train-1 new.csv > labelled.csv
  equipoise predict runs/train-1 new.jsonl --out labelled.jsonl")]
pub(crate) struct PredictArgs {
    /// Folder of a finished run, or of `equipoise evaluate --out`
    dir: PathBuf,
    /// File of texts, labelled or not; `-` is standard input
    input: PathBuf,
    /// File for the predictions, in the format of its name; CSV on standard output without it
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    columns: Input,
    /// Open no socket; a file that lies elsewhere comes from the cache
    #[arg(long)]
    offline: bool,
}

impl PredictArgs {
    /// Runs the command.
    pub(crate) fn run(&self, ui: &Ui) -> Result<(), Failure> {
        let inputs = std::slice::from_ref(&self.input);
        self.out.iter().try_for_each(|out| spare(out, inputs)).map_err(Error::from)?;
        // What a run left in its folder is no place for predictions.
        let out: Vec<PathBuf> = self.out.iter().cloned().collect();
        Leaves::Run.spares(&self.dir, &out).map_err(Error::from)?;
        let mut flags = toml::Table::new();
        self.columns.write(&mut flags);
        let mut recipe = recipe(None, flags)?;
        recipe.model.offline |= self.offline;
        let input = fetched(inputs, &recipe, &Work::watched(|e| ui.event(e)))?;
        let predicted = pipeline::predict(&self.dir, &input[0], &recipe.data.options())?;
        for note in &predicted.notes {
            ui.note(note);
        }
        match &self.out {
            Some(path) => {
                predicted.write(path)?;
                ui.note(&format!("wrote {}", path.display()));
            }
            None if !ui.is_json() => predicted.write_csv(&mut std::io::stdout())?,
            None => {}
        }
        ui.result(&predicted)
    }
}

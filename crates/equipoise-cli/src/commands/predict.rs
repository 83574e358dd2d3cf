//! `equipoise predict`.

use crate::error::Failure;
use crate::ui::Ui;
use equipoise::input::InputOptions;
use equipoise::pipeline;
use std::path::PathBuf;

/// Labels and calibrated probabilities of new texts, by the fitted model of a run
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  equipoise predict runs/train-1 new.csv > labelled.csv
  equipoise predict runs/train-1 new.jsonl --out labelled.jsonl")]
pub(crate) struct Args {
    /// Folder of a finished run, or of `equipoise evaluate --out`
    dir: PathBuf,
    /// File of texts, labelled or not; `-` is standard input
    input: PathBuf,
    /// File for the predictions, in the format of its name; CSV on standard output without it
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Format of INPUT, where the file's name does not tell [csv, tsv, txt, json, jsonl, parquet, arrow]
    #[arg(long, value_name = "NAME", help_heading = "Input")]
    format: Option<String>,
    /// Column of the text [default: `text`, else guessed and said]
    #[arg(long, value_name = "COL", help_heading = "Input")]
    text: Option<String>,
}

impl Args {
    /// Runs the command.
    pub(crate) fn run(&self, ui: &Ui) -> Result<(), Failure> {
        let options = InputOptions { format: self.format.clone(), text: self.text.clone(), label: None };
        let predicted = pipeline::predict(&self.dir, &self.input.as_path().into(), &options)?;
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

//! `equipoise prompts`.

mod list;

use crate::error::Failure;
use crate::ui::Ui;
use clap::Subcommand;

/// What came of prompts: every version that runs have used, with its figures and what changed
#[derive(clap::Args, Debug)]
pub(crate) struct PromptsArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    List(list::PromptsListArgs),
}

impl PromptsArgs {
    /// Runs the command.
    pub(crate) fn run(&self, ui: &Ui) -> Result<(), Failure> {
        match &self.command {
            Command::List(args) => args.run(ui),
        }
    }
}

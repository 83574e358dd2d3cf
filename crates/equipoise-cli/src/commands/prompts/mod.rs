//! `equipoise prompts`.

mod compare;
mod list;

use crate::args::Global;
use crate::error::Failure;
use crate::ui::Ui;
use clap::Subcommand;

/// Compare prompts before a run is paid for, and list those that runs have used
#[derive(clap::Args, Debug)]
pub(crate) struct PromptsArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    Compare(Box<compare::PromptsCompareArgs>),
    List(list::PromptsListArgs),
}

impl PromptsArgs {
    /// Runs the command.
    pub(crate) fn run(&self, global: &Global, ui: &Ui) -> Result<(), Failure> {
        match &self.command {
            Command::Compare(args) => args.run(global, ui),
            Command::List(args) => args.run(ui),
        }
    }
}

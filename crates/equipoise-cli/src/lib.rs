//! The command `equipoise`, to be run in the process of whoever calls it.
#![cfg_attr(not(test), warn(clippy::too_many_lines))]

mod args;
mod attributes;
mod commands;
mod ending;
mod error;
mod interrupt;
mod judge_args;
mod live;
mod serve;
mod table;
mod text;
mod ui;
mod wording;

use clap::{CommandFactory, FromArgMatches, Parser};
use std::ffi::OsString;
use std::panic::AssertUnwindSafe;

/// Balances labelled texts with generated rows, and proves on held-out real rows what they did to every label.
#[derive(Parser, Debug)]
#[command(name = "equipoise", version, propagate_version = true, after_help = EXAMPLES, max_term_width = 110)]
struct Cli {
    #[command(flatten)]
    global: args::Global,
    #[command(subcommand)]
    command: commands::Command,
}

const EXAMPLES: &str = "Examples:
  equipoise demo                                            the whole job on built-in data: no key, no network
  equipoise profile train.csv --test test.csv               what is in the data
  equipoise run train.csv --label-to refund=300             raise one label with the offline generator
  equipoise run train.csv --model openai/gpt-4.1-mini --price 0.4,1.6 --budget 5
  equipoise evaluate --train train.csv --synthetic made.csv --test test.csv";

/// Runs the command with its arguments, the first of which is the name that it was called by, and gives the exit code. It takes
/// Ctrl-C and TERM for itself, sets the panic hook, and may end the process when it is asked to stop three times.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let typed = wording::typed(arguments.iter().map(|word| word.to_string_lossy().into_owned()));
    let cli = match Cli::command().try_get_matches_from(arguments).and_then(|m| Cli::from_arg_matches(&m)) {
        Ok(cli) => cli,
        Err(e) => {
            // Help and version go to standard output and end with 0; everything else is usage, 2.
            let _ = e.print();
            return e.exit_code() as u8;
        }
    };
    let ui = ui::Ui::new(&cli.global, &typed);
    error::hush_panics();
    let outcome = std::panic::catch_unwind(AssertUnwindSafe(|| cli.command.run(&cli.global, &ui)));
    let failure = match outcome {
        Ok(Ok(())) => return 0,
        Ok(Err(failure)) if failure.is_unread() => return 0,
        Ok(Err(failure)) => failure,
        Err(panic) => error::Failure::Internal(error::panic_text(panic.as_ref())),
    };
    ui.clear();
    if !ui.claim_last_word() {
        // The listener to Ctrl-C is ending the process.
        std::thread::sleep(std::time::Duration::from_secs(5));
    }
    ui.failure(&failure);
    failure.code()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_help_of_run_is_in_the_order_of_the_work() {
        let mut whole = Cli::command();
        whole.build();
        let help = whole.find_subcommand_mut("run").expect("the command").render_long_help().to_string();
        let at = |heading: &str| help.find(&format!("\n{heading}:\n")).unwrap_or_else(|| panic!("{heading} in {help}"));
        let places = ["Input", "Targets", "Model", "Evaluation", "Output"].map(at);
        assert!(places.is_sorted(), "{help}");
    }
}

//! The chores of this workspace: `cargo xtask COMMAND`. Continuous integration runs `cargo xtask ci`, so local equals CI.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a developer's command talks to the terminal")]
#![cfg_attr(not(test), warn(clippy::too_many_lines))]

mod bench;
mod ci;
mod deny;
mod dist;
mod generate;
mod golden;
mod py;
mod shell;
mod tidy;

use shell::Outcome;
use std::process::ExitCode;

const USAGE: &str = "usage: cargo xtask COMMAND
  fmt                 formats every file
  tidy                checks the rules that neither the compiler nor clippy can hold
  gen [--check]       writes the reference pages; with --check says which are out of date
  golden [--check]    compares a demo run with fixtures/golden/demo; --bless records it anew
  bench [TRAIN TEST]  the default learner beside its reference, on the same rows
  bench checks [human|faults]…
                      what the checks find of planted faults, and of human rows that nobody touched
  bench engine        rate, CPU and memory of the request engine against a server on this machine
  bench learners [TRAIN TEST]…
                      every learner beside its counterpart in scikit-learn
  bench offline [SPLITS [FIRST]]
                      what texts of the offline generator are worth, how they read, how fast they come
  bench page          the report of 5,000 and 50,000 rows in a browser: opening, searching, filtering
  bench prompts       20 pilots of a bad prompt, two equal ones and another model
  bench review        500 rows decided in a browser, with 50 kills
  bench stats         every metric and test beside scikit-learn, scipy and statsmodels
  bench coverage      how often intervals hold a known effect
  bench verdict [SECTION…]
                      every arm on recorded answers of real models: cells, repeats, stress, faults, cut, designs
  bench kill          a run killed at random times beside one that was not
  real [--texts N]    runs against a real model on this machine; downloads server and model
  deny                checks the dependency tree against deny.toml, by cargo-deny where it is installed
  py [--slow]         builds the Python package and runs its tests, where Python 3.11 or later is; --slow runs all of them
  dist [TARGET]       packs the release binary and the Python package into target/dist, with checksums and a bill of materials
  ci                  everything that must pass before a merge, in the order of cost";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["fmt"] => ci::fmt(),
        ["tidy"] => tidy::run(),
        ["gen"] => generate::run(generate::Mode::Write),
        ["gen", "--check"] => generate::run(generate::Mode::Check),
        ["golden"] | ["golden", "--check"] => golden::run(golden::Mode::Check),
        ["golden", "--bless"] => golden::run(golden::Mode::Bless),
        ["bench", ..] => bench::run(&args[1..]),
        ["real", ..] => bench::run(&args),
        ["deny"] => deny::run(),
        ["py"] => py::run(py::Tests::Quick),
        ["py", "--slow"] => py::run(py::Tests::Slow),
        ["dist"] => dist::run(None),
        ["dist", target] => dist::run(Some(target)),
        ["ci"] => ci::run(),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    report(outcome)
}

fn report(outcome: Outcome) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("error: {fault}");
            ExitCode::FAILURE
        }
    }
}

//! `cargo xtask ci`: everything that must pass before a merge, the cheapest first, up to the first failure.

use crate::shell::{Outcome, cargo, has_cargo_command, run as run_command};
use crate::{deny, generate, golden, py, tidy};
use std::time::Instant;

struct Step {
    name: &'static str,
    run: fn() -> Outcome,
}

static STEPS: [Step; 11] = [
    Step { name: "fmt", run: fmt_check },
    Step { name: "tidy", run: tidy::run },
    Step { name: "deny", run: deny::run },
    Step { name: "clippy", run: clippy },
    Step { name: "features", run: features },
    Step { name: "docs", run: docs },
    Step { name: "tests", run: tests },
    Step { name: "py", run: || py::run(py::Tests::Quick) },
    Step { name: "doctests", run: doctests },
    Step { name: "gen --check", run: || generate::run(generate::Mode::Check) },
    Step { name: "golden", run: || golden::run(golden::Mode::Check) },
];

/// Runs every step; the fault of the first that fails names it.
pub(crate) fn run() -> Outcome {
    let start = Instant::now();
    for (at, step) in STEPS.iter().enumerate() {
        println!("== {}/{} {} ==", at + 1, STEPS.len(), step.name);
        let step_start = Instant::now();
        (step.run)().map_err(|fault| {
            let left = STEPS.len() - at - 1;
            format!("ci stopped at step `{}` ({left} steps not run): {fault}", step.name)
        })?;
        println!("== {} passed in {:.1} s ==\n", step.name, step_start.elapsed().as_secs_f64());
    }
    println!("ci: all {} steps passed in {:.0} s", STEPS.len(), start.elapsed().as_secs_f64());
    Ok(())
}

/// Formats every file.
pub(crate) fn fmt() -> Outcome {
    run_command(&mut cargo(&["fmt", "--all"]))
}

fn fmt_check() -> Outcome {
    run_command(&mut cargo(&["fmt", "--all", "--", "--check"]))
        .map_err(|e| format!("{e}; `cargo xtask fmt` repairs it"))
}

fn clippy() -> Outcome {
    run_command(&mut cargo(&["clippy", "--locked", "--workspace", "--all-targets", "--", "-D", "warnings"]))
}

/// The library without what can be left out.
fn features() -> Outcome {
    for features in ["", "http", "parquet"] {
        let check = ["check", "--locked", "-p", "equipoise", "--no-default-features", "--features", features];
        run_command(&mut cargo(&check))?;
    }
    Ok(())
}

fn tests() -> Outcome {
    if has_cargo_command("nextest") {
        run_command(&mut cargo(&["nextest", "run", "--locked", "--workspace", "--no-fail-fast"]))
    } else {
        run_command(&mut cargo(&["test", "--locked", "--workspace", "--all-targets", "--no-fail-fast"]))
    }
}

/// Apart from the tests, because neither nextest nor `--all-targets` runs them.
fn doctests() -> Outcome {
    run_command(&mut cargo(&["test", "--locked", "--workspace", "--doc", "--no-fail-fast"]))
}

fn docs() -> Outcome {
    // Libraries alone: the page of the program `equipoise` would overwrite that of the library of the same name.
    let mut doc = cargo(&["doc", "--locked", "--workspace", "--lib", "--no-deps"]);
    run_command(doc.env("RUSTDOCFLAGS", "-D warnings"))
}

//! Measurements: figures that the project states, taken anew.

mod checks;
mod engine;
mod kill;
mod learner;
mod learners;
mod long_tests;
mod near;
mod offline;
mod patterns;
mod real;
mod server;
mod stats;
mod verdict;

use crate::shell::Outcome;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Runs the measurement that `args` name.
///
/// # Errors
/// A sentence that names the step that failed, or the figure that was missed.
pub(crate) fn run(args: &[String]) -> Outcome {
    match args.split_first() {
        Some((name, rest)) if name == "checks" => checks::run(rest),
        Some((name, rest)) if name == "engine" => engine::run(rest),
        Some((name, rest)) if name == "kill" => kill::run(rest),
        Some((name, rest)) if name == "learners" => learners::run(rest),
        Some((name, rest)) if name == "near" => near::run(rest),
        Some((name, rest)) if name == "offline" => offline::run(rest),
        Some((name, rest)) if name == "patterns" => patterns::run(rest),
        Some((name, rest)) if name == "real" => real::run(rest),
        Some((name, _)) if name == "stats" => stats::parity(),
        Some((name, _)) if name == "coverage" => stats::coverage(),
        Some((name, rest)) if name == "verdict" => verdict::run(rest),
        Some((name, _)) => long_tests::run(name).unwrap_or_else(|| learner::run(args)),
        None => learner::run(args),
    }
}

/// A release example of a package, to be given its arguments.
fn example(package: &str, name: &str) -> Command {
    let mut cargo = Command::new(std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()));
    cargo.current_dir(crate::shell::root());
    cargo.args(["run", "--quiet", "--release", "-p", package, "--example", name, "--"]);
    cargo
}

/// Runs a command to its end.
fn finish(command: &mut Command) -> Outcome {
    let status = command.status().map_err(|e| format!("cannot start {command:?}: {e}"))?;
    if status.success() { Ok(()) } else { Err(format!("{command:?} failed ({status})")) }
}

/// The folder of recorded data.
fn shared(root: &Path) -> PathBuf {
    std::env::var_os("EQUIPOISE_SHARED").map_or_else(|| root.join("../shared"), PathBuf::from)
}

/// A folder that goes when it is dropped.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Outcome<Self> {
        let path = std::env::temp_dir().join(format!("equipoise-bench-{}", std::process::id()));
        std::fs::create_dir_all(&path).map_err(|e| format!("cannot make {}: {e}", path.display()))?;
        Ok(Scratch(path))
    }

    fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // The results stand; a folder left behind in the temporary directory is no reason to fail.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The number after `name` among `args`, `default` where it is absent.
fn option(args: &[String], name: &str, default: u64) -> Outcome<u64> {
    let Some(at) = args.iter().position(|arg| arg == name) else { return Ok(default) };
    let value = args.get(at + 1).ok_or_else(|| format!("`{name}` needs a number"))?;
    value.parse().map_err(|_| format!("`{name} {value}`: not a number"))
}

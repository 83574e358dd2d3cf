//! Measurements: figures that the project states, taken anew.

mod engine;
mod kill;
mod learner;
mod server;

use crate::shell::Outcome;
use std::path::{Path, PathBuf};

/// Runs the measurement that `args` name.
///
/// # Errors
/// A sentence that names the step that failed, or the figure that was missed.
pub(crate) fn run(args: &[String]) -> Outcome {
    match args.split_first() {
        Some((name, rest)) if name == "engine" => engine::run(rest),
        Some((name, rest)) if name == "kill" => kill::run(rest),
        _ => learner::run(args),
    }
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

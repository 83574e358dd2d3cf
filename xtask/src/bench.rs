//! `cargo xtask bench NAME`.

use crate::shell::Outcome;

/// Runs the benchmark that `args` names.
pub(crate) fn run(args: &[String]) -> Outcome {
    Err(format!("there is no benchmark `{}`", args.join(" ")))
}

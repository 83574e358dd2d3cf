//! `cargo xtask bench stats`: every metric and test beside scikit-learn, scipy and statsmodels on random cases.
//! `cargo xtask bench coverage`: how often intervals hold a known effect.

use super::learner::{json, output, python, show};
use crate::shell::Outcome;
use std::fmt::Write as _;
use std::process::Command;

/// Prints the largest difference of each metric and test over 1,000 random cases.
///
/// # Errors
/// A sentence that names the step that failed, or what differs by more than 1e-9.
pub(super) fn parity() -> Outcome {
    let scratch = super::Scratch::new()?;
    let python = python(scratch.path())?;
    let cases = scratch.path().join("cases.jsonl");
    let made = output(super::example("equipoise-core", "parity_stats").arg("1000"))?;
    std::fs::write(&cases, made).map_err(|e| format!("cannot write {}: {e}", cases.display()))?;
    let worst = json(Command::new(python).arg(crate::shell::root().join("bench/stats.py")).arg(&cases))?;
    let worst = worst.as_object().ok_or("the differences are no object")?;
    let mut text = "largest difference over 1,000 random cases\n".to_owned();
    for (name, gap) in worst {
        let _ = writeln!(text, "{name:<28} {:>8.1e}", gap.as_f64().ok_or("a difference is no number")?);
    }
    match worst.iter().find(|(_, gap)| gap.as_f64().is_none_or(|g| g > 1e-9)) {
        None => show(&text),
        Some((name, _)) => Err(format!("`{name}` differs by more than 1e-9\n{text}")),
    }
}

/// Prints how often the intervals of simulated predictions hold the effect that was put in.
///
/// # Errors
/// A sentence that names the step that failed.
pub(super) fn coverage() -> Outcome {
    super::finish(super::example("equipoise-core", "coverage").args(["1000", "400"]))
}

//! `cargo xtask golden`: a demo run with a fixed seed gives what was recorded of it, in a form that a person can review.

mod compare;
mod digest;
mod summary;

use crate::shell::{Outcome, program, root, run as run_command};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Whether the run is compared or becomes the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Compares with the record.
    Check,
    /// Replaces the record.
    Bless,
}

const RECORD: &str = "fixtures/golden/demo";
const SEED: &str = "7";
/// The card as the run wrote it, and what `summary` says of the other files.
const CARD: &str = "card.md";
const SUMMARY: &str = "summary.txt";

/// Runs the demo and compares it with the record, or makes it the record.
pub(crate) fn run(mode: Mode) -> Outcome {
    let record = root().join(RECORD);
    let out = scratch()?;
    let shown = out.to_string_lossy();
    run_command(Command::new(program()?).args(["demo", "--quiet", "--seed", SEED, "--out", &shown]))?;
    let outcome = match mode {
        Mode::Check => check(&record, &out),
        Mode::Bless => bless(&record, &out),
    };
    // Left behind after a failure, so that the files can be looked at.
    if outcome.is_ok() {
        std::fs::remove_dir_all(&out).map_err(|e| format!("cannot remove {shown}: {e}"))?;
    }
    outcome
}

/// A folder that does not exist yet, for this process alone.
fn scratch() -> Outcome<PathBuf> {
    let out = std::env::temp_dir().join(format!("equipoise-golden-{}", std::process::id()));
    match std::fs::remove_dir_all(&out) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(format!("cannot clear {}: {e}", out.display())),
        _ => Ok(out),
    }
}

fn check(record: &Path, out: &Path) -> Outcome {
    let mut faults = Vec::new();
    for (name, found) in made(out)? {
        let recorded = std::fs::read_to_string(record.join(name));
        let recorded =
            recorded.map_err(|e| format!("{RECORD}/{name} cannot be read: {e}; `cargo xtask golden --bless`"))?;
        faults.extend(compare::difference(&recorded, &found).map(|what| format!("{RECORD}/{name} differs:\n{what}")));
    }
    if faults.is_empty() {
        println!("golden: the demo run is as recorded");
        return Ok(());
    }
    Err(format!("{}\nthe run is in {}; if it is right, `cargo xtask golden --bless`", faults.join("\n"), out.display()))
}

fn bless(record: &Path, out: &Path) -> Outcome {
    std::fs::create_dir_all(record).map_err(|e| format!("cannot make {RECORD}: {e}"))?;
    for (name, text) in made(out)? {
        std::fs::write(record.join(name), text).map_err(|e| format!("cannot record {name}: {e}"))?;
    }
    println!("golden: recorded {CARD} and {SUMMARY} in {RECORD}; read their diff before you commit them");
    Ok(())
}

/// The names of the record and what they hold of the run in `out`.
fn made(out: &Path) -> Outcome<[(&'static str, String); 2]> {
    let card = std::fs::read_to_string(out.join(CARD)).map_err(|e| format!("the run did not write {CARD}: {e}"))?;
    Ok([(CARD, card), (SUMMARY, summary::of(out)?)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compares_with_the_record_and_names_the_line_that_differs() {
        let (record, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        summary::tests::write_run(out.path());
        std::fs::write(out.path().join(CARD), "F1 rises to 0.687\n").unwrap();
        assert!(check(record.path(), out.path()).unwrap_err().contains("--bless"), "nothing is recorded yet");
        assert_eq!(bless(record.path(), out.path()), Ok(()));
        assert_eq!(check(record.path(), out.path()), Ok(()));
        std::fs::write(out.path().join(CARD), "F1 rises to 0.690\n").unwrap();
        let fault = check(record.path(), out.path()).unwrap_err();
        assert!(fault.contains("card.md differs") && fault.contains("0.690"), "{fault}");
        std::fs::remove_file(out.path().join("plan.json")).unwrap();
        assert!(check(record.path(), out.path()).unwrap_err().contains("plan.json"));
    }
}

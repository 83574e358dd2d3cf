//! `cargo xtask golden`: a demo run with a fixed seed gives the files that were recorded, byte for byte where bytes are promised.

mod compare;

use crate::shell::{Outcome, cargo, root, run as run_command};
use std::path::{Path, PathBuf};

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

/// What a run derives from its inputs and the answers; these files hold no times.
const DERIVED: [&str; 10] = [
    "plan.json",
    "profile.json",
    "candidates.jsonl",
    "verdicts.jsonl",
    "selection.json",
    "evaluation.json",
    "report.html",
    "card.md",
    "synthetic.csv",
    "augmented.csv",
];

/// Runs the demo and compares it with the record, or makes it the record.
pub(crate) fn run(mode: Mode) -> Outcome {
    let record = root().join(RECORD);
    if mode == Mode::Check && !record.is_dir() {
        println!("golden: {RECORD} is not there, nothing to compare; `cargo xtask golden --bless` records a run");
        return Ok(());
    }
    let out = scratch()?;
    let shown = out.to_string_lossy();
    let mut demo = cargo(&["run", "--quiet", "--locked", "--package", "equipoise-cli", "--"]);
    run_command(demo.args(["demo", "--quiet", "--seed", SEED, "--out", &shown]))?;
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
    let names = names(record)?;
    let mut differences = Vec::new();
    for name in &names {
        let difference = match (std::fs::read(record.join(name)), std::fs::read(out.join(name))) {
            (Ok(recorded), Ok(found)) => compare::difference(name, &recorded, &found),
            (_, Err(e)) => Some(format!("the run did not write it: {e}")),
            (Err(e), _) => Some(format!("the record cannot be read: {e}")),
        };
        differences.extend(difference.map(|what| format!("  {name}: {what}")));
    }
    if differences.is_empty() {
        println!("golden: {} files are as recorded", names.len());
        return Ok(());
    }
    Err(format!(
        "the demo run differs from {RECORD}\n{}\nthe run is in {}; if it is right, `cargo xtask golden --bless`",
        differences.join("\n"),
        out.display()
    ))
}

fn bless(record: &Path, out: &Path) -> Outcome {
    std::fs::create_dir_all(record).map_err(|e| format!("cannot make {RECORD}: {e}"))?;
    for name in DERIVED {
        std::fs::copy(out.join(name), record.join(name)).map_err(|e| format!("cannot record {name}: {e}"))?;
    }
    println!("golden: recorded {} files in {RECORD}; read their diff before you commit them", DERIVED.len());
    Ok(())
}

fn names(record: &Path) -> Outcome<Vec<String>> {
    let entries = std::fs::read_dir(record).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let entries = entries.map_err(|e| format!("cannot list {RECORD}: {e}"))?;
    let mut names: Vec<String> = entries.iter().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    if names.is_empty() { Err(format!("{RECORD} holds no file, so nothing would be compared")) } else { Ok(names) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        folder
    }

    #[test]
    fn takes_equal_files_and_more_than_were_recorded() {
        let record = folder(&[("card.md", "a\n")]);
        let out = folder(&[("card.md", "a\n"), ("journal.db", "x")]);
        assert_eq!(check(record.path(), out.path()), Ok(()));
    }

    #[test]
    fn names_each_file_that_differs_or_is_absent_and_refuses_an_empty_record() {
        let record = folder(&[("card.md", "a\n"), ("plan.json", "{}")]);
        let fault = check(record.path(), folder(&[("card.md", "b\n")]).path()).unwrap_err();
        assert!(fault.contains("card.md: line 1") && fault.contains("plan.json: the run did not write it"), "{fault}");
        assert!(check(folder(&[]).path(), record.path()).is_err());
    }

    #[test]
    fn records_every_derived_file() {
        let out = folder(&DERIVED.map(|name| (name, name)));
        let record = tempfile::tempdir().unwrap();
        assert_eq!(bless(record.path(), out.path()), Ok(()));
        assert_eq!(check(record.path(), out.path()), Ok(()));
    }
}

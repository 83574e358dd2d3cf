//! Which files of a folder may be replaced: those that the same kind of work left there, and nobody else's.

use crate::rundir::{PILOT_FILE, RUN_FILE, RunDirError};
use std::path::{Path, PathBuf};

/// A kind of work, by what it leaves in a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leaves {
    /// A run.
    Run,
    /// An evaluation of rows from anywhere.
    Evaluation,
    /// A check of rows from anywhere.
    Check,
    /// A pilot of prompts.
    Pilot,
}

impl Leaves {
    /// The file that tells that its other files are its own.
    fn mark(self) -> &'static str {
        match self {
            Leaves::Run => RUN_FILE,
            Leaves::Evaluation => "evaluation.json",
            Leaves::Check => "checked.csv",
            Leaves::Pilot => PILOT_FILE,
        }
    }

    /// The files; a name that ends in a dot stands for every ending.
    fn names(self) -> &'static [&'static str] {
        match self {
            Leaves::Run => &[
                "recipe.toml",
                "profile.json",
                "plan.json",
                "candidates.jsonl",
                "verdicts.jsonl",
                "human.jsonl",
                "selection.json",
                "spent.json",
                "evaluation.json",
                "model.bin",
                "report.html",
                "report.md",
                "card.md",
                "review.csv",
                "prompt.j2",
                "names.txt",
                "synthetic.",
                "augmented.",
            ],
            Leaves::Evaluation => &["evaluation.json", "model.bin", "report.html", "report.md"],
            Leaves::Check => {
                &["candidates.jsonl", "verdicts.jsonl", "selection.json", "checked.csv", "report.html", "report.md"]
            }
            Leaves::Pilot => &["comparison.json", "report.html"],
        }
    }

    fn is_named(self, path: &Path) -> bool {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        self.names().iter().any(|own| if own.ends_with('.') { name.starts_with(own) } else { name == *own })
    }

    /// Refuses a folder with files that this work would replace and did not leave there.
    ///
    /// # Errors
    /// [`RunDirError::Foreign`], and [`RunDirError::HoldsRun`] where something else than a run is to be left.
    pub fn may_replace(self, folder: &Path) -> Result<(), RunDirError> {
        if self != Leaves::Run && folder.join(RUN_FILE).exists() {
            return Err(RunDirError::HoldsRun(folder.to_owned()));
        }
        if folder.join(self.mark()).exists() {
            return Ok(());
        }
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
        let foreign = entries.filter(|path| self.is_named(path)).min();
        foreign.map_or(Ok(()), |path| Err(RunDirError::Foreign(path)))
    }

    /// Refuses a folder in which one of the files that are read would be replaced.
    ///
    /// # Errors
    /// [`RunDirError::IsInput`].
    pub fn spares(self, folder: &Path, inputs: &[PathBuf]) -> Result<(), RunDirError> {
        let Ok(folder) = folder.canonicalize() else { return Ok(()) };
        let lies_there = |input: &&PathBuf| {
            input.canonicalize().is_ok_and(|path| path.parent() == Some(&folder) && self.is_named(&path))
        };
        inputs.iter().find(lies_there).map_or(Ok(()), |input| Err(RunDirError::IsInput(input.clone())))
    }
}

/// Refuses to write to `path` where that is one of the files that are read.
///
/// # Errors
/// [`RunDirError::IsInput`].
pub fn spare(path: &Path, inputs: &[PathBuf]) -> Result<(), RunDirError> {
    let Ok(path) = path.canonicalize() else { return Ok(()) };
    let is_it = |input: &&PathBuf| input.canonicalize().is_ok_and(|input| input == path);
    inputs.iter().find(is_it).map_or(Ok(()), |input| Err(RunDirError::IsInput(input.clone())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_files_of_the_same_work_are_replaced() {
        let dir = tempfile::tempdir().expect("a folder");
        let write = |name: &str| std::fs::write(dir.path().join(name), "mine").expect("written");
        let folder = dir.path();
        assert!(Leaves::Run.may_replace(&folder.join("none")).is_ok());
        write("notes.md");
        assert!(Leaves::Run.may_replace(folder).is_ok(), "files of other names stay");
        write("augmented.csv");
        let refused = Leaves::Run.may_replace(folder).expect_err("somebody's file");
        assert!(refused.to_string().contains("augmented.csv"), "{refused}");
        write("report.html");
        assert!(Leaves::Check.may_replace(folder).is_err());
        write("evaluation.json");
        assert!(Leaves::Evaluation.may_replace(folder).is_ok(), "its own");
        assert!(Leaves::Check.may_replace(folder).is_err(), "that of an evaluation");
        write("checked.csv");
        assert!(Leaves::Check.may_replace(folder).is_ok());
    }

    #[test]
    fn no_file_that_is_read_is_written() {
        let dir = tempfile::tempdir().expect("a folder");
        let (input, other) = (dir.path().join("candidates.jsonl"), dir.path().join("made.csv"));
        for path in [&input, &other] {
            std::fs::write(path, "x").expect("written");
        }
        let around = dir.path().join("../").join(dir.path().file_name().expect("a name"));
        assert!(Leaves::Check.spares(&around, std::slice::from_ref(&input)).is_err());
        assert!(Leaves::Check.spares(dir.path(), std::slice::from_ref(&other)).is_ok());
        assert!(spare(&around.join("made.csv"), std::slice::from_ref(&other)).is_err());
        assert!(spare(&dir.path().join("new.csv"), &[other]).is_ok());
    }
}

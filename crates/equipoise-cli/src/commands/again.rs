//! The same command once more: whether its answers are bought again.

use crate::commands::out;
use crate::commands::summary::is_yes;
use crate::error::Failure;
use crate::ui::Ui;
use equipoise::config::Recipe;
use equipoise::folder;
use equipoise::pipeline::Cost;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

/// Where a run may take answers over from.
pub(crate) enum Again {
    /// From this run, as the user asked.
    From(PathBuf),
    /// This run has the same settings and files; nobody asked to take anything over.
    Offered(PathBuf),
    /// There is no such run.
    New,
}

impl Again {
    /// The run to take answers over from, or to offer.
    ///
    /// # Errors
    /// `--fork` where there is no run to fork.
    pub(crate) fn of(recipe: &Recipe, asked: Option<&Path>, forks: bool) -> Result<Self, Failure> {
        let same = || folder::same(Path::new(out::RUNS), recipe);
        match (forks, asked) {
            (true, Some(dir)) => Ok(Again::From(dir.to_owned())),
            (true, None) => same().map(Again::From).ok_or_else(|| {
                let why = format!("no run in {}/ was started with these settings and files", out::RUNS);
                Failure::usage(why, "name the run whose answers are to be taken over: --out DIR --fork")
            }),
            (false, None) => Ok(same().map_or(Again::New, Again::Offered)),
            (false, Some(_)) => Ok(Again::New),
        }
    }

    /// The run to take answers over from. Where nobody said so and answers are paid for, somebody at a terminal is asked; else it is said.
    ///
    /// # Errors
    /// Where the terminal cannot be read.
    pub(crate) fn earlier(self, cost: &Cost, yes: bool, ui: &Ui) -> Result<Option<PathBuf>, Failure> {
        let dir = match self {
            Again::From(dir) => return Ok(Some(dir)),
            Again::Offered(dir) if !cost.is_free() => dir,
            Again::Offered(_) | Again::New => return Ok(None),
        };
        ui.note(&format!(
            "{} holds answers to these requests; --fork takes them over and pays only for what is missing",
            dir.display()
        ));
        if yes || !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
            return Ok(None);
        }
        Ok(is_yes("Take them over? [y/N] ")?.then_some(dir))
    }
}

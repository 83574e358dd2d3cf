//! Why the folder of a run cannot be used.

use super::{Action, Hint, Kind, hint::resume};
use crate::rundir::RunDirError;
use equipoise_core::text::counted;
use std::path::PathBuf;

/// Why the folder of a run cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FolderError {
    /// The folder itself.
    #[error(transparent)]
    Dir(#[from] RunDirError),
    /// A run's input file is not what it was.
    #[error("{} has changed since the run was started", path.display())]
    InputChanged {
        /// The file.
        path: PathBuf,
    },
    /// A folder holds a run with other settings.
    #[error("{} holds a run with other settings; changed: {}", path.display(), changed.join(", "))]
    RunDiffers {
        /// The folder.
        path: PathBuf,
        /// The settings and files that differ.
        changed: Vec<String>,
    },
    /// A run's prompt template is not what it was.
    #[error("the built-in prompt of this version is not the one that the run was started with")]
    PromptChanged,
    /// A run of another version of this tool.
    #[error("run.json has layout {found}; this version reads layout {known}")]
    RunSchema {
        /// The layout found.
        found: u32,
        /// The layout known.
        known: u32,
    },
    /// A run folder without what a report is made of.
    #[error("{} is not finished: it has no {missing}", path.display())]
    Unfinished {
        /// The folder.
        path: PathBuf,
        /// The missing file.
        missing: &'static str,
    },
    /// A run that was stopped while texts were still to be asked for.
    #[error("{} is not finished: {n_open} of {n_planned} texts were not asked for to the end", path.display())]
    Open {
        /// The folder.
        path: PathBuf,
        /// Texts that were not asked for to the end.
        n_open: usize,
        /// Texts that were to be asked for.
        n_planned: usize,
    },
    /// A file of somebody else stands where a data set would be published.
    #[error("{} is there already, and is not of a data set that this command wrote", path.display())]
    NotPublished {
        /// The file.
        path: PathBuf,
    },
    /// Derived files that a replay makes differently.
    #[error("a replay gives other bytes for {}", files.join(", "))]
    ReplayDiffers {
        /// The files.
        files: Vec<String>,
    },
    /// What people decided since the derived files were written.
    #[error("{} of {} {} not applied yet", counted(*n, "decision"), path.display(), if *n == 1 { "is" } else { "are" })]
    NotApplied {
        /// The folder.
        path: PathBuf,
        /// Texts that the decisions concern.
        n: usize,
    },
    /// A folder without a fitted model.
    #[error("{} holds no fitted model", path.display())]
    NoModel {
        /// The folder.
        path: PathBuf,
    },
    /// A folder whose models were fitted by a command.
    #[error("{} holds no fitted model: the learner command keeps its own", path.display())]
    ModelElsewhere {
        /// The folder.
        path: PathBuf,
    },
    /// A fitted model that cannot be read.
    #[error("{}: {source}", path.display())]
    ModelFile {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: equipoise_core::learner::ClassifierError,
    },
    /// A place that the record of a run cannot name.
    #[error("{} is not valid Unicode, and a run records where its files are", path.display())]
    NotUnicode {
        /// The place.
        path: PathBuf,
    },
    /// The recipe has no TOML form.
    #[error("the recipe cannot be written: {0}")]
    Recipe(#[source] toml::ser::Error),
}

impl FolderError {
    /// Who can mend it.
    pub fn kind(&self) -> Kind {
        match self {
            FolderError::Dir(
                RunDirError::Occupied(_)
                | RunDirError::HoldsRun(_)
                | RunDirError::Foreign(_)
                | RunDirError::IsInput(_)
                | RunDirError::NoRun(_)
                | RunDirError::Locked(_),
            )
            | FolderError::RunDiffers { .. }
            | FolderError::Unfinished { .. }
            | FolderError::Open { .. }
            | FolderError::NotPublished { .. }
            | FolderError::NotUnicode { .. }
            | FolderError::NoModel { .. }
            | FolderError::ModelElsewhere { .. } => Kind::Usage,
            FolderError::Dir(RunDirError::Unreadable { .. } | RunDirError::Damaged { .. })
            | FolderError::InputChanged { .. }
            | FolderError::PromptChanged
            | FolderError::RunSchema { .. }
            | FolderError::ReplayDiffers { .. }
            | FolderError::NotApplied { .. }
            | FolderError::ModelFile { .. } => Kind::Input,
            FolderError::Dir(RunDirError::Output(_)) => Kind::Output,
            FolderError::Recipe(_) => Kind::Internal,
        }
    }

    /// What to do about it, where that is known.
    pub fn hint(&self) -> Option<Hint> {
        Some(match self {
            FolderError::Dir(error) => match error {
                RunDirError::Occupied(path) => Hint::new(
                    "go on with `{}`, name another folder with {out}, or start beside it with {force}",
                    [resume(path)],
                ),
                RunDirError::HoldsRun(_) | RunDirError::IsInput(_) => "name another place with {out}".into(),
                RunDirError::Foreign(_) => "name another place with {out}, or move the file away".into(),
                RunDirError::NoRun(_) => Hint::new("name the folder that `{}` printed", [Action::Run.into()]),
                RunDirError::Locked(_) => "wait for it, or stop it".into(),
                RunDirError::Unreadable { .. } | RunDirError::Damaged { .. } => Hint::new(
                    "the run's own files are not what it wrote; `{}` rebuilds the derived ones",
                    [Action::Replay.into()],
                ),
                RunDirError::Output(error) => return error.hint(),
            },
            FolderError::RunDiffers { path, .. } => Hint::new(
                "`{}` goes on with the old ones; {fork} starts a new run beside it that reuses equal answers, {force} one that does not",
                [resume(path)],
            ),
            FolderError::InputChanged { .. } => Hint::new(
                "restore the file, or start a new run that reuses equal answers with `{}`",
                [Action::Fork.into()],
            ),
            FolderError::PromptChanged => {
                Hint::new("use the version that started the run, or start a new run with `{}`", [Action::Fork.into()])
            }
            FolderError::RunSchema { .. } => "use the version that started the run".into(),
            FolderError::Unfinished { path, .. } | FolderError::Open { path, .. } => {
                Hint::new("finish it with `{}`", [resume(path)])
            }
            FolderError::NotPublished { .. } => "name another folder with {to=FOLDER}, or move the file away".into(),
            FolderError::ReplayDiffers { .. } => Hint::new(
                "they were changed by hand or written by another version; `{}` rebuilds them",
                [Action::Replay.into()],
            ),
            FolderError::NotApplied { path, .. } => {
                Hint::new("apply them with `{}`", [Action::ReplayOf(path.clone()).into()])
            }
            FolderError::NoModel { .. } => Hint::new(
                "name the folder of a finished `{}`, or of `{}`, with held-out rows",
                [Action::Run.into(), Action::Evaluate.into()],
            ),
            FolderError::ModelElsewhere { .. } => {
                Hint::new("leave {learner_command} out of `{}` to have a model kept", [Action::Run.into()])
            }
            FolderError::ModelFile { .. } => {
                Hint::new("`{}` rebuilds it; another version may have written it", [Action::Replay.into()])
            }
            FolderError::NotUnicode { .. } => "rename the folder".into(),
            FolderError::Recipe(_) => return None,
        })
    }
}

//! The facade's errors: by stage, each with who can mend it and what to do about it.

mod chain;
mod folder;
mod hint;
mod material;
mod plan;
mod setup;
mod stopped;

pub use chain::chain;
pub use folder::FolderError;
pub use hint::{Action, Hint, Part, Wording};
pub use material::MaterialError;
pub use plan::PlanError;
pub use setup::SetupError;
pub(crate) use stopped::lost;
pub use stopped::{Instead, Most, Stopped};

use crate::config::{ConfigError, Layer, OPTIONS, Opt};
use crate::fits::FitError;
use crate::input::InputError;
use crate::journal::JournalError;
use crate::output::OutputError;
use crate::pipeline::JudgeError;
use crate::remote::RemoteError;
use crate::review::ReviewError;
use crate::rundir::{RunDir, RunDirError};
use crate::schedule::{BatchError, EngineError};
use equipoise_core::catalog::SettingsError;
use equipoise_core::eval::EvaluationError;
use equipoise_core::learner::FitResultError;
use equipoise_core::prompt::PromptError;
use equipoise_core::report::RenderError;

/// Who can mend an error: decides the exit code and the Python exception.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A fault of this program.
    Internal,
    /// What was asked makes no sense.
    Usage,
    /// The input data are bad.
    Input,
    /// The provider cannot be used: key refused, model unknown.
    Provider,
    /// A file cannot be written.
    Output,
    /// Stopped, and can be gone on with: budget, quota, long outage.
    Stopped,
    /// A recipe or template is wrong.
    Config,
    /// Interrupted by the user.
    Interrupted,
}

/// Why something could not be done, by stage.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Reading the configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// Setting up what a recipe names.
    #[error(transparent)]
    Setup(#[from] SetupError),
    /// Reading rows.
    #[error(transparent)]
    Material(#[from] MaterialError),
    /// Planning.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// Sending requests.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// Keeping answers.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// Evaluating.
    #[error(transparent)]
    Evaluation(#[from] EvaluationError),
    /// A command that judges labels.
    #[error(transparent)]
    Judge(#[from] JudgeError),
    /// Models that a command fits.
    #[error(transparent)]
    Fits(#[from] FitError),
    /// Rendering the report.
    #[error(transparent)]
    Render(#[from] RenderError),
    /// Writing files.
    #[error(transparent)]
    Output(#[from] OutputError),
    /// The folder of a run.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// A decision of a reviewer.
    #[error(transparent)]
    Review(#[from] ReviewError),
    /// Nothing is wrong, and the work ended before it was done.
    #[error(transparent)]
    Stopped(#[from] Stopped),
}

impl From<FitResultError> for Error {
    fn from(error: FitResultError) -> Self {
        Error::Fits(error.into())
    }
}

impl Error {
    /// Who can mend it.
    pub fn kind(&self) -> Kind {
        match self {
            Error::Config(ConfigError::BadValue { layer: Layer::Recipe(_) | Layer::Default, .. }) => Kind::Config,
            Error::Config(ConfigError::BadValue { .. } | ConfigError::BadArgument(_)) => Kind::Usage,
            Error::Config(_) => Kind::Config,
            Error::Setup(e) => e.kind(),
            Error::Material(e) => e.kind(),
            Error::Plan(e) => e.kind(),
            Error::Engine(e) => match e {
                EngineError::Journal(e) => journal_kind(e),
                EngineError::Transport(_) | EngineError::BudgetWithoutPrice => Kind::Usage,
                EngineError::Runtime { .. } => Kind::Internal,
                EngineError::Batch(BatchError::Ambiguous { .. }) => Kind::Stopped,
                EngineError::Batch(BatchError::Unsupported { .. } | BatchError::OtherAccount) => Kind::Usage,
                EngineError::Batch(BatchError::Failed { .. } | BatchError::Refused { .. }) => Kind::Provider,
            },
            Error::Journal(e) => journal_kind(e),
            Error::Evaluation(_) | Error::Review(_) => Kind::Usage,
            Error::Judge(e) => e.kind(),
            Error::Fits(e) => e.kind(),
            Error::Render(_) => Kind::Internal,
            Error::Output(OutputError::InputChanged { .. }) => Kind::Input,
            Error::Output(OutputError::UnknownFormat { .. }) => Kind::Usage,
            Error::Output(_) => Kind::Output,
            Error::Folder(e) => e.kind(),
            Error::Stopped(e) => e.kind(),
        }
    }

    /// What to do about it, where that is known.
    pub fn hint(&self) -> Option<Hint> {
        let resumes = "nothing answered is lost; `{}` goes on with the run";
        match self {
            Error::Config(ConfigError::BadValue { key, layer: Layer::Flag | Layer::Argument, .. }) => {
                let of_key = OPTIONS.iter().find(|option| option.key == key);
                let setting = |option: &Opt| Part::Setting { name: option.name.to_owned(), value: None };
                let option = of_key.map_or_else(|| "an option".to_owned().into(), setting);
                Some(Hint::new("see `{}` for what {} takes", [Action::Help.into(), option]))
            }
            Error::Config(_) => Some(Hint::new("see `{}` for what an option takes", [Action::Help.into()])),
            Error::Setup(e) => e.hint(),
            Error::Material(e) => e.hint(),
            Error::Plan(e) => e.hint(),
            Error::Engine(EngineError::BudgetWithoutPrice) => {
                Some("give {price=IN,OUT} in USD per million tokens".into())
            }
            Error::Engine(EngineError::Batch(_)) => Some(Hint::new(resumes, [Action::Resume(None).into()])),
            Error::Engine(EngineError::Journal(e)) | Error::Journal(e) => Some(journal_hint(e)),
            Error::Engine(_) | Error::Evaluation(_) | Error::Review(_) | Error::Render(_) => None,
            Error::Judge(e) => e.hint(),
            Error::Fits(e) => e.hint(),
            Error::Output(e) => e.hint(),
            Error::Folder(e) => e.hint(),
            Error::Stopped(e) => e.hint(),
        }
    }

    /// The same, where work on the run in `dir` ended with it.
    pub(crate) fn in_run(self, dir: &RunDir) -> Self {
        match self {
            Error::Stopped(Stopped::Interrupted { dir: None }) => {
                Stopped::Interrupted { dir: Some(dir.path().to_owned()) }.into()
            }
            other => other,
        }
    }
}

impl From<SettingsError> for Error {
    fn from(error: SettingsError) -> Self {
        Error::Setup(error.into())
    }
}

impl From<InputError> for Error {
    fn from(error: InputError) -> Self {
        Error::Material(error.into())
    }
}

impl From<RemoteError> for Error {
    fn from(error: RemoteError) -> Self {
        Error::Material(error.into())
    }
}

impl From<PromptError> for Error {
    fn from(error: PromptError) -> Self {
        Error::Setup(error.into())
    }
}

impl From<RunDirError> for Error {
    fn from(error: RunDirError) -> Self {
        Error::Folder(error.into())
    }
}

fn journal_kind(error: &JournalError) -> Kind {
    match error {
        JournalError::CannotWrite { .. } => Kind::Output,
        JournalError::Locked { .. } => Kind::Usage,
        _ => Kind::Input,
    }
}

fn journal_hint(error: &JournalError) -> Hint {
    match error {
        JournalError::CannotWrite { .. } => Hint::new(
            "answers committed before are safe; make room, then go on with `{}`",
            [Action::Resume(None).into()],
        ),
        JournalError::Locked { .. } => "wait for it, or stop it".into(),
        _ => "restore the run folder from a copy, or start a new run".into(),
    }
}

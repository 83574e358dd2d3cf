//! The facade's error: what kind it is, and what to do about it.

use crate::config::{ConfigError, Layer};
use crate::input::InputError;
use crate::journal::JournalError;
use crate::output::OutputError;
use crate::rundir::{RunDir, RunDirError};
use crate::schedule::{BatchError, EndReason, EngineError};
use crate::setup::ModelError;
use equipoise_core::arm::GoalError;
use equipoise_core::catalog::SettingsError;
use equipoise_core::data::DataError;
use equipoise_core::eval::EvaluationError;
use equipoise_core::plan::TargetError;
use equipoise_core::prompt::PromptError;
use std::io;
use std::path::PathBuf;

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

/// Why something could not be done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A prompt template.
    #[error(transparent)]
    Prompt(#[from] PromptError),
    /// A template that is neither built in nor a readable file.
    #[error("no prompt is called `{name}`, and it cannot be read as a file: {source}")]
    Template {
        /// What was asked for.
        name: String,
        /// The built-in templates.
        known: String,
        /// Why the file cannot be read.
        source: io::Error,
    },
    /// A template's first line names a generator or a setting that there is not.
    #[error("{template}: {source}")]
    TemplateHead {
        /// The template.
        template: String,
        /// What is wrong.
        source: SettingsError,
    },
    /// An unknown catalog item or a bad setting.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// A `[check.NAME]` or `[learner.NAME]` table of the recipe.
    #[error("recipe: {0}")]
    RecipeTable(#[source] SettingsError),
    /// Targets that do not fit the rows.
    #[error(transparent)]
    Target(#[from] TargetError),
    /// The price of the model is not known.
    #[error("the price of {model} is not known")]
    Unpriced {
        /// The model.
        model: String,
    },
    /// The run needs the network, and that is switched off.
    #[error("{model} is reached over the network, and --offline opens no socket")]
    Offline {
        /// The model.
        model: String,
    },
    /// Unlabelled rows for a model that has no use for them.
    #[error("only the offline generator takes unlabelled rows, and the model is {model}")]
    Unlabelled {
        /// The model.
        model: String,
    },
    /// No input file was named.
    #[error("no input file was given")]
    NoInput,
    /// A file of labelled texts cannot be read.
    #[error(transparent)]
    Input(#[from] InputError),
    /// The rows do not make a data set.
    #[error("{}: {source}", path.display())]
    Data {
        /// The file.
        path: PathBuf,
        /// Why.
        source: DataError,
    },
    /// A synthetic row has a label that no real row has.
    #[error("{}: {n} rows have the label `{label}`, which no training row has", path.display())]
    SyntheticLabel {
        /// The file.
        path: PathBuf,
        /// The label.
        label: String,
        /// How many rows have it.
        n: usize,
    },
    /// The run folder.
    #[error(transparent)]
    RunDir(#[from] RunDirError),
    /// A file that cannot be written.
    #[error(transparent)]
    Output(#[from] OutputError),
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
    /// The answers say that the prompt, or the model, is wrong, and not the rows.
    #[error("{} of the first {} requests brought no text ({}), so nothing more was sent: that is the prompt or the model, not the rows", halt.n, halt.of, halt.fault)]
    PromptFails {
        /// How many, and why.
        halt: crate::pipeline::Halt,
        /// The run folder.
        dir: PathBuf,
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
    /// Derived files that a replay makes differently.
    #[error("a replay gives other bytes for {}", files.join(", "))]
    ReplayDiffers {
        /// The files.
        files: Vec<String>,
    },
    /// The report could not be rendered.
    #[error(transparent)]
    Render(#[from] equipoise_core::report::RenderError),
    /// What the evaluation is to raise cannot be read.
    #[error(transparent)]
    Goal(#[from] GoalError),
    /// The evaluation cannot be made.
    #[error(transparent)]
    Evaluation(#[from] EvaluationError),
    /// Nothing is held out where something must be.
    #[error("no row is held out, so there is nothing to judge on")]
    NothingHeldOut,
    /// There is nothing to try a prompt on.
    #[error("there is nothing to try: {why}")]
    NothingToTry {
        /// Why.
        why: &'static str,
    },
    /// Columns are asked for in a format that has none.
    #[error("{option} adds columns, and a {format} file holds a text and a label alone")]
    NoColumns {
        /// What was asked.
        option: &'static str,
        /// The format of the input.
        format: &'static str,
    },
    /// The input has a column of a name that is to be added.
    #[error("{option} adds a column `{column}`, and the input has one of that name")]
    TakenColumn {
        /// What was asked.
        option: &'static str,
        /// The column.
        column: String,
    },
    /// Weights are asked for where no arm is chosen.
    #[error("--weights writes the weights of the arm that the evaluation chooses, and nothing is evaluated")]
    NoWeights,
    /// A run folder without a fitted model.
    #[error("{} holds no fitted model", path.display())]
    NoModel {
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
    /// The recipe has no TOML form.
    #[error("the recipe cannot be written: {0}")]
    Recipe(#[source] toml::ser::Error),
    /// The way to the model.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// The user asked to stop, and the work was left where it stood.
    #[error("interrupted")]
    Interrupted {
        /// The run folder, where there is one.
        dir: Option<PathBuf>,
    },
    /// Sending ended before every request had its outcome.
    #[error("{}; {n_left} requests are left", ended(.reason))]
    Ended {
        /// Why.
        reason: EndReason,
        /// Requests without an outcome.
        n_left: u64,
        /// The folder that holds the journal.
        dir: PathBuf,
    },
    /// A trial ended before every request had its outcome.
    #[error("{}; the trial is not complete", ended(.reason))]
    TrialEnded {
        /// Why.
        reason: EndReason,
    },
    /// Sending requests.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The journal.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

fn ended(reason: &EndReason) -> String {
    match reason {
        EndReason::Done => "done".to_owned(),
        EndReason::Interrupted => "interrupted".to_owned(),
        EndReason::Budget => "the budget is used up".to_owned(),
        EndReason::Unauthorised(f) => format!("the provider refuses the key: {}", f.message),
        EndReason::OutOfCredit(f) => format!("the account is out of credit: {}", f.message),
        EndReason::UnknownModel(f) => format!("the provider knows no such model or address: {}", f.message),
        EndReason::LongWait(wait) => format!("the provider asks to wait {} s", wait.as_secs()),
        EndReason::Outage(f) => format!("the provider was out of reach for too long: {}", f.message),
        EndReason::NoSpace { free, needed } => {
            format!("the disk has {} MB left and the answers need {}", free / 1_000_000, needed.div_ceil(1_000_000))
        }
    }
}

impl Error {
    /// Who can mend it.
    pub fn kind(&self) -> Kind {
        match self {
            Error::Config(ConfigError::BadValue {
                layer: Layer::Flag | Layer::Environment | Layer::Argument, ..
            }) => Kind::Usage,
            Error::Config(_) | Error::Prompt(_) | Error::TemplateHead { .. } | Error::RecipeTable(_) => Kind::Config,
            Error::Template { .. }
            | Error::Settings(_)
            | Error::Target(_)
            | Error::Unpriced { .. }
            | Error::Offline { .. }
            | Error::Unlabelled { .. }
            | Error::NoInput
            | Error::Goal(_)
            | Error::NothingHeldOut
            | Error::NothingToTry { .. }
            | Error::NoColumns { .. }
            | Error::TakenColumn { .. }
            | Error::NoWeights
            | Error::RunDiffers { .. }
            | Error::NoModel { .. }
            | Error::Unfinished { .. } => Kind::Usage,
            Error::Input(InputError::Format(_)) => Kind::Usage,
            Error::Input(_) | Error::Data { .. } | Error::SyntheticLabel { .. } => Kind::Input,
            Error::InputChanged { .. }
            | Error::ModelFile { .. }
            | Error::PromptChanged
            | Error::RunSchema { .. }
            | Error::ReplayDiffers { .. } => Kind::Input,
            Error::Evaluation(_) => Kind::Usage,
            Error::RunDir(e) => match e {
                RunDirError::Occupied(_) | RunDirError::NoRun(_) | RunDirError::Locked(_) => Kind::Usage,
                RunDirError::Unreadable { .. } | RunDirError::Damaged { .. } => Kind::Input,
                RunDirError::Output(_) => Kind::Output,
            },
            Error::Output(OutputError::InputChanged { .. }) => Kind::Input,
            Error::Output(_) => Kind::Output,
            Error::Render(_) | Error::Recipe(_) => Kind::Internal,
            Error::Model(ModelError::Key(_)) => Kind::Provider,
            Error::Model(_) => Kind::Usage,
            Error::Ended { reason, .. } | Error::TrialEnded { reason } => match reason {
                EndReason::Done => Kind::Internal,
                EndReason::Interrupted => Kind::Interrupted,
                EndReason::NoSpace { .. } => Kind::Output,
                EndReason::Unauthorised(_) | EndReason::UnknownModel(_) => Kind::Provider,
                EndReason::Budget | EndReason::OutOfCredit(_) | EndReason::LongWait(_) | EndReason::Outage(_) => {
                    Kind::Stopped
                }
            },
            Error::Interrupted { .. } => Kind::Interrupted,
            Error::PromptFails { .. } => Kind::Stopped,
            Error::Engine(e) => match e {
                EngineError::Journal(e) => journal_kind(e),
                EngineError::Transport(_) | EngineError::BudgetWithoutPrice => Kind::Usage,
                EngineError::Runtime { .. } => Kind::Internal,
                EngineError::Batch(BatchError::Ambiguous { .. }) => Kind::Stopped,
                EngineError::Batch(BatchError::Unsupported { .. } | BatchError::OtherAccount) => Kind::Usage,
                EngineError::Batch(BatchError::Failed { .. } | BatchError::Refused { .. }) => Kind::Provider,
            },
            Error::Journal(e) => journal_kind(e),
        }
    }

    /// The same, where work on the run in `dir` ended with it.
    pub(crate) fn in_run(self, dir: &RunDir) -> Self {
        match self {
            Error::Interrupted { dir: None } => Error::Interrupted { dir: Some(dir.path().to_owned()) },
            other => other,
        }
    }

    /// Whether the same command, or `equipoise resume`, may succeed later without any change.
    pub fn retryable(&self) -> bool {
        matches!(self.kind(), Kind::Stopped | Kind::Interrupted)
    }

    /// What to do about it, where that is known.
    pub fn hint(&self) -> Option<String> {
        let text = |s: &str| Some(s.to_owned());
        match self {
            Error::Config(_) => text("see `equipoise run --help` for what an option takes"),
            Error::Prompt(_) => text("the variables of a template are listed in docs/prompts.md"),
            Error::Template { known, .. } => Some(format!("built in are: {known}")),
            Error::TemplateHead { .. } => text("`equipoise list generators` names them all and their settings"),
            Error::RecipeTable(_) => text("`equipoise list checks`, `learners` and `providers` name all settings"),
            Error::Settings(_) => text("`equipoise list KIND` names everything there is"),
            Error::Target(_) => text("set the target with --label-to LABEL=N"),
            Error::Unpriced { .. } => {
                text("give --price IN,OUT in USD per million tokens, or --unpriced to go on without")
            }
            Error::Unlabelled { .. } => text("leave the unlabelled rows away, or use --model offline"),
            Error::Offline { .. } => text("leave --offline away, or use --model offline"),
            Error::Goal(GoalError::NoSuchLabel { known, .. }) => Some(format!("the labels are: {known}")),
            Error::Goal(_) => text("write --goal f1, --goal accuracy or --goal recall:LABEL"),
            Error::NoInput => text("name a file of labelled texts, or set data.input in the recipe"),
            Error::Input(e) => text(e.remedy()),
            Error::Data { .. } => text("`equipoise profile FILE` shows the labels"),
            Error::SyntheticLabel { .. } => text("rename the label, or name the right column with --label COL"),
            Error::RunDir(RunDirError::Occupied(path)) => Some(format!(
                "go on with `equipoise resume {}`, name another folder with --out, or start beside it with --force",
                path.display()
            )),
            Error::RunDir(RunDirError::NoRun(_)) => text("name the folder that `equipoise run` printed"),
            Error::RunDir(RunDirError::Locked(_)) => text("wait for it, or stop it"),
            Error::RunDiffers { path, .. } => Some(format!(
                "`equipoise resume {}` goes on with the old ones; --fork starts a new run beside it that reuses equal answers, --force one that does not",
                path.display()
            )),
            Error::PromptFails { dir, .. } => Some(format!(
                "look at the answers in {}, try other prompts with `equipoise plan … --try 5 --prompt FILE`, then go on with --fork",
                dir.display()
            )),
            Error::InputChanged { .. } => text(
                "restore the file, or start a new run that reuses equal answers with `equipoise resume DIR --fork`",
            ),
            Error::Output(OutputError::InputChanged { .. }) => text("restore the file, or start a new run"),
            Error::PromptChanged => {
                text("use the version that started the run, or start a new run with `equipoise resume DIR --fork`")
            }
            Error::RunSchema { .. } => text("use the version that started the run"),
            Error::Unfinished { path, .. } => Some(format!("finish it with `equipoise resume {}`", path.display())),
            Error::ReplayDiffers { .. } => {
                text("they were changed by hand or written by another version; `equipoise replay DIR` rebuilds them")
            }
            Error::NoColumns { .. } => text(
                "give the input as csv, tsv, json, jsonl, parquet or arrow; synthetic.csv has the provenance anyway",
            ),
            Error::TakenColumn { .. } => text("rename the input's column, or leave the option away"),
            Error::NoWeights => text("leave --no-evaluate away, or --weights"),
            Error::NoModel { .. } => text(
                "name the folder of a finished `equipoise run`, or of `equipoise evaluate --out DIR`, with held-out rows",
            ),
            Error::ModelFile { .. } => text("`equipoise replay DIR` rebuilds it; another version may have written it"),
            Error::NothingToTry { .. } => text("name a model and a label to raise, for instance --label-to LABEL=2x"),
            Error::Model(ModelError::NoModel { .. }) => text("`equipoise list providers` names them all"),
            Error::Model(ModelError::NoBaseUrl { .. }) => {
                text("give it as OpenAI's clients take it, for instance --base-url http://127.0.0.1:8000/v1")
            }
            Error::Model(ModelError::Settings(_)) => text("`equipoise list providers` names them all"),
            Error::Model(ModelError::Endpoint(_)) => text("check --base-url"),
            Error::Output(_)
            | Error::RunDir(RunDirError::Output(_))
            | Error::Journal(JournalError::CannotWrite { .. }) => {
                text("check that the folder can be written to, or name another with --out")
            }
            Error::Model(ModelError::Key(_)) => text("set the variable to the key, or name another with --key-env"),
            Error::Interrupted { dir: Some(dir) } => {
                Some(format!("nothing answered is lost; go on with `equipoise resume {}`", dir.display()))
            }
            Error::Interrupted { dir: None } => text("nothing was written; start the command again"),
            Error::Ended { dir, .. } => Some(format!(
                "nothing answered is lost; once it is mended go on with `equipoise resume {}`",
                dir.display()
            )),
            Error::TrialEnded { .. } => text("the answers that came are shown above; once it is mended, try again"),
            Error::Engine(EngineError::BudgetWithoutPrice) => text("give --price IN,OUT in USD per million tokens"),
            Error::Engine(EngineError::Batch(BatchError::Unsupported { .. })) => {
                text("leave --batch away; openai and anthropic take batches")
            }
            Error::Engine(EngineError::Batch(_)) => {
                text("nothing answered is lost; `equipoise resume DIR` goes on with the run")
            }
            Error::NothingHeldOut => {
                text("name held-out rows with --test FILE; a run goes on without them with --no-evaluate")
            }
            Error::RunDir(RunDirError::Unreadable { .. } | RunDirError::Damaged { .. }) => {
                text("the run's own files are not what it wrote; `equipoise replay DIR` rebuilds the derived ones")
            }
            Error::Journal(_) | Error::Engine(EngineError::Journal(_)) => {
                text("restore the run folder from a copy, or start a new run")
            }
            _ => None,
        }
    }
}

fn journal_kind(error: &JournalError) -> Kind {
    match error {
        JournalError::CannotWrite { .. } => Kind::Output,
        JournalError::Locked { .. } => Kind::Usage,
        _ => Kind::Input,
    }
}

//! The facade's error: what kind it is, and what to do about it.

use crate::config::ConfigError;
use crate::input::InputError;
use crate::output::OutputError;
use crate::rundir::RunDirError;
use equipoise_core::catalog::SettingsError;
use equipoise_core::data::DataError;
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
    /// An unknown catalog item or a bad setting.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// Targets that do not fit the rows.
    #[error(transparent)]
    Target(#[from] TargetError),
    /// A provider that needs a model name got none.
    #[error("`{provider}` needs the name of a model")]
    NoModelName {
        /// The provider.
        provider: &'static str,
    },
    /// A provider without an address of its own got none.
    #[error("`{provider}` has no address of its own")]
    NoBaseUrl {
        /// The provider.
        provider: &'static str,
    },
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
    /// Sending requests ended the run.
    #[error(transparent)]
    Engine(#[from] crate::schedule::EngineError),
    /// The journal.
    #[error(transparent)]
    Journal(#[from] crate::journal::JournalError),
    /// The address or the key of the endpoint.
    #[error(transparent)]
    Endpoint(#[from] crate::transport::EndpointError),
}

//! Why a recipe cannot be set up.

use super::{Action, Hint, Kind, Part};
use crate::secret::KeyError;
use crate::setup::ModelError;
use crate::transport::EndpointError;
use equipoise_core::arm::{GoalError, PriorError};
use equipoise_core::attribute::AttributeError;
use equipoise_core::catalog::SettingsError;
use equipoise_core::prompt::PromptError;
use std::io;
use std::path::PathBuf;

/// Why a recipe cannot be set up: something that it names is not there, or does not fit.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SetupError {
    /// An unknown catalog item or a bad setting.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// A `[check.NAME]`, `[learner.NAME]` or `[provider.NAME]` table of the recipe.
    #[error("recipe: {0}")]
    Table(#[source] SettingsError),
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
    /// What the evaluation is to raise cannot be read.
    #[error(transparent)]
    Goal(#[from] GoalError),
    /// The shares of labels where the classifier is used.
    #[error(transparent)]
    Prior(#[from] PriorError),
    /// A setting that this model has no use for.
    #[error("`{setting}` is of no use with the built-in generator, which asks no model")]
    NoUse {
        /// The setting, as a command line calls it.
        setting: &'static str,
    },
    /// A model that judges no labels.
    #[error("`{model}` is the built-in generator, which asks no model and judges no labels")]
    NoJudge {
        /// What was named.
        model: String,
    },
    /// A label is defined that the rows do not have.
    #[error("the label `{label}` is defined, and no row has it")]
    NoSuchLabel {
        /// The label.
        label: String,
        /// Those that there are.
        known: String,
    },
    /// Attributes that leave no text, or whose pairs name values that there are not.
    #[error("attributes: {0}")]
    Attributes(#[from] AttributeError),
    /// A prompt that writes no new texts, which attributes are for.
    #[error("the prompt `{prompt}` takes no attributes: its generator `{generator}` asks for a text to each row")]
    NoAttributes {
        /// The prompt.
        prompt: String,
        /// Its generator.
        generator: &'static str,
    },
    /// A template that does not tell the model the attributes.
    #[error("the template `{prompt}` tells the model no attributes: it does not use the variable `attributes`")]
    AttributesUntold {
        /// The template.
        prompt: String,
    },
    /// No label has rows enough to learn topics from.
    #[error("no label that is raised has rows enough to learn values of the attribute `{attribute}` from")]
    NoTopics {
        /// The attribute.
        attribute: String,
    },
    /// The list of names to hide.
    #[error("the list of names {} cannot be read: {source}", .path.display())]
    Names {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The model.
    #[error(transparent)]
    Model(#[from] ModelError),
}

impl SetupError {
    /// Who can mend it.
    pub fn kind(&self) -> Kind {
        match self {
            SetupError::Table(_)
            | SetupError::Prompt(_)
            | SetupError::TemplateHead { .. }
            | SetupError::Attributes(_)
            | SetupError::AttributesUntold { .. }
            | SetupError::NoSuchLabel { .. } => Kind::Config,
            SetupError::Settings(_) | SetupError::Template { .. } | SetupError::Goal(_) | SetupError::Prior(_) => {
                Kind::Usage
            }
            SetupError::Model(ModelError::Key(_)) => Kind::Provider,
            SetupError::Model(_)
            | SetupError::NoUse { .. }
            | SetupError::NoJudge { .. }
            | SetupError::NoAttributes { .. }
            | SetupError::NoTopics { .. }
            | SetupError::Names { .. } => Kind::Usage,
        }
    }

    /// What to do about it, where that is known.
    pub fn hint(&self) -> Option<Hint> {
        Some(match self {
            SetupError::Settings(error) => match crate::catalogs::Kind::lacking(error) {
                Some(catalog) => Hint::new("`{}` names them all", [Action::List(catalog.name()).into()]),
                None => Hint::new("`{}` tells what each takes", [Action::List("KIND").into()]),
            },
            SetupError::Table(_) => {
                Hint::new("`{}`, `learners` and `providers` name all settings", [Action::List("checks").into()])
            }
            SetupError::Prompt(_) => "the variables of a template are listed in docs/prompts.md".into(),
            SetupError::Template { known, .. } => Hint::new("built in are: {}", [known.clone().into()]),
            SetupError::TemplateHead { .. } => {
                Hint::new("`{}` names them all and their settings", [Action::List("generators").into()])
            }
            SetupError::Goal(GoalError::NoSuchLabel { known, .. }) | SetupError::NoSuchLabel { known, .. } => {
                Hint::new("the labels are: {}", [known.clone().into()])
            }
            SetupError::Attributes(error) => Hint::new("{}", [error.remedy.clone().into()]),
            SetupError::NoAttributes { .. } => "take {prompt=new}, which writes new texts, or omit {attribute}".into(),
            SetupError::AttributesUntold { .. } => {
                "list them in the template as docs/prompts.md shows under Attributes, or omit {attribute}".into()
            }
            SetupError::NoTopics { .. } => "list the values, for instance {attribute=topic=refund,delay}".into(),
            SetupError::NoJudge { .. } => "name a model that is asked, for instance {judge=openai/gpt-4.1-mini}".into(),
            SetupError::NoUse { .. } => "omit it, or name a model: {model=PROVIDER/NAME}".into(),
            SetupError::Goal(_) => "write {goal=f1}, {goal=accuracy} or {goal=recall:LABEL}".into(),
            SetupError::Names { .. } => "write the names into the file, one a line, or omit {mask_names}".into(),
            SetupError::Prior(_) => "write {prior=LABEL=0.04}: the share of the label among the texts to come".into(),
            SetupError::Model(error) => match error {
                ModelError::Settings(_) | ModelError::NoModel { .. } => {
                    Hint::new("`{}` names them all", [Action::List("providers").into()])
                }
                ModelError::NoProvider { name, provider } => {
                    Hint::new("write {model=PROVIDER/NAME}, for instance {}/{}", [(*provider).to_owned().into(), name.clone().into()])
                }
                ModelError::NoBaseUrl { .. } => {
                    "give it as OpenAI's clients take it, for instance {base_url=http://127.0.0.1:8000/v1}".into()
                }
                ModelError::NoBatch { .. } => "omit {batch}; openai and anthropic take batches".into(),
                ModelError::Endpoint(EndpointError::NotHttps { host }) => {
                    Hint::new("check {base_url}; {} is for a server that needs no key", [allow(host)])
                }
                ModelError::Endpoint(EndpointError::HasExtras { .. }) => {
                    "name the key's environment variable with {key_env=VAR}; other parameters stand in a recipe, as query under [provider.NAME]".into()
                }
                ModelError::Endpoint(_) => "check {base_url}".into(),
                ModelError::Key(KeyError::OtherHost { host, .. }) => {
                    Hint::new("name this host's key with {key_env=VAR}, or allow it with {}", [allow(host)])
                }
                ModelError::Key(KeyError::NoName) => {
                    "put the key into a variable, and name that: {key_env=MY_KEY}".into()
                }
                ModelError::Key(_) => "set the variable to the key, or name another with {key_env=VAR}".into(),
            },
        })
    }
}

/// Sending the provider's own key, or plain text, to this host too.
fn allow(host: &str) -> Part {
    Part::Setting { name: "allow_host".to_owned(), value: Some(host.to_owned()) }
}

//! Why rows cannot be used.

use super::{Action, Hint, Kind};
use crate::input::InputError;
use crate::remote::RemoteError;
use equipoise_core::data::DataError;
use equipoise_core::learner::FeatureError;
use equipoise_core::text::escape_control;

/// Why rows cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MaterialError {
    /// No input was named.
    #[error("no input file was given")]
    NoInput,
    /// Labelled texts cannot be read.
    #[error(transparent)]
    Input(#[from] InputError),
    /// The rows do not make a data set.
    #[error("{}: {source}", escape_control(name))]
    Data {
        /// The file or table.
        name: String,
        /// Why.
        source: DataError,
    },
    /// A synthetic row has a label that no real row has.
    #[error("{}: {n} rows have the label `{label}`, which no training row has", escape_control(name))]
    SyntheticLabel {
        /// The file or table.
        name: String,
        /// The label.
        label: String,
        /// How many rows have it.
        n: usize,
        /// Whether a training label hardly differs from it.
        is_alike: bool,
    },
    /// A file that lies elsewhere cannot be had.
    #[error(transparent)]
    Remote(#[from] RemoteError),
    /// Rows whose texts have no vector, where the vectors of the others are to be learned from.
    #[error("{}: {n} rows have no features, such as `{}`", escape_control(name), shown(.first))]
    NoFeatures {
        /// The file or table.
        name: String,
        /// The text of the first.
        first: String,
        /// How many.
        n: usize,
    },
    /// Vectors that do not fit together.
    #[error(transparent)]
    Features(#[from] FeatureError),
    /// Neither is a row held out nor can the rows be judged in turn.
    #[error("there is nothing to judge on: no row is held out, and no label has 2 different texts")]
    NothingToJudge,
    /// No held-out row is in a group.
    #[error(
        "no held-out row has a group: the column `{}` is empty, or the format has no further columns",
        escape_control(column)
    )]
    NoGroups {
        /// The column that was to name the groups.
        column: String,
    },
    /// Unlabelled rows for a model that has no use for them.
    #[error("nobody would read the unlabelled rows: {model} is asked for new texts")]
    Unlabelled {
        /// The model.
        model: String,
    },
    /// A prompt about unlabelled rows, and none of them.
    #[error("the prompt asks about unlabelled rows, and none was given that is neither held out nor a training row")]
    NothingToMine,
}

impl MaterialError {
    /// Who can mend it.
    pub fn kind(&self) -> Kind {
        match self {
            MaterialError::Input(InputError::Format(_))
            | MaterialError::NoInput
            | MaterialError::NothingToJudge
            | MaterialError::NothingToMine
            | MaterialError::NoGroups { .. }
            | MaterialError::Unlabelled { .. } => Kind::Usage,
            MaterialError::Remote(error) => error.kind(),
            MaterialError::Input(_)
            | MaterialError::Data { .. }
            | MaterialError::NoFeatures { .. }
            | MaterialError::Features(_)
            | MaterialError::SyntheticLabel { .. } => Kind::Input,
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<Hint> {
        Some(match self {
            MaterialError::NoInput => "name a file of labelled texts, or set data.input in the recipe".into(),
            MaterialError::Input(error) => error.hint(),
            MaterialError::Remote(error) => error.hint(),
            MaterialError::NoFeatures { .. } => {
                "give every text its vector: a column in each file ({embedding=COL}), or a file of all texts ({features=FILE})"
                    .into()
            }
            MaterialError::Features(_) => "embed all texts with one model, so that all vectors have one length".into(),
            MaterialError::Data { source: DataError::UnknownTestLabels { alike: Some(_), .. }, .. } => {
                "read it with `{similar_labels=merge}`; or write the labels of both files in one way".into()
            }
            MaterialError::Data { source: DataError::OneLabel { .. }, .. } => {
                "add rows of another label, or name the column that holds the labels with {label=COL}".into()
            }
            MaterialError::Data { source: DataError::TestIsTrain { .. }, .. } => {
                "omit {test}, and every real row is judged in turn; or name rows there that are not among the training rows".into()
            }
            MaterialError::Data { source: DataError::UnknownTestLabels { .. }, .. } => Hint::new(
                "omit these rows from the file, or give the training rows examples of the label; `{}` shows the labels",
                [Action::Profile.into()],
            ),
            MaterialError::Data { .. } => Hint::new("`{}` shows the labels", [Action::Profile.into()]),
            MaterialError::SyntheticLabel { is_alike: true, .. } => {
                "read it with `{similar_labels=merge}`; or write the label as the training rows do".into()
            }
            MaterialError::SyntheticLabel { .. } => {
                "rename the label, or name the right column with {label=COL}".into()
            }
            MaterialError::NothingToJudge => {
                "each label needs at least 2 different texts to be judged in turn; or name held-out rows with {test=FILE}; a run goes on without them with {no_evaluate}".into()
            }
            MaterialError::NoGroups { .. } => "name a column of the held-out rows that says their group: {group=COL}".into(),
            MaterialError::Unlabelled { .. } => "have the model say which of them have a label ({prompt=mine}), have the built-in generator borrow from them ({model=offline}), or omit them".into(),
            MaterialError::NothingToMine => "name a file of real texts without labels: {unlabelled=FILE}".into(),
        })
    }
}

fn shown(text: &str) -> String {
    let head: String = text.chars().take(60).collect();
    let more = if head.len() < text.len() { "…" } else { "" };
    format!("{}{more}", equipoise_core::text::escape_control(&head))
}

//! Why a plan cannot be carried out.

use super::{Hint, Kind};
use crate::pipeline::Added;
use equipoise_core::plan::TargetError;
use std::path::PathBuf;

/// Why a plan cannot be made or carried out.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PlanError {
    /// Targets that do not fit the rows.
    #[error(transparent)]
    Target(#[from] TargetError),
    /// The price of the model is not known.
    #[error("the price of {model} is not known")]
    Unpriced {
        /// The model.
        model: String,
    },
    /// A budget cannot be kept without a price.
    #[error("a budget needs the price of {model}, which is not known")]
    BudgetWithoutPrice {
        /// The model.
        model: String,
    },
    /// The price of the model that judges is not known.
    #[error("the price of the label judge {model} is not known")]
    UnpricedJudge {
        /// The model.
        model: String,
    },
    /// A judge's answers have nowhere to be kept.
    #[error("the answers of the label judge {by} are paid for, so they must be kept in a folder")]
    JudgeNeedsFolder {
        /// Who judges.
        by: String,
    },
    /// The run needs the network, and that is switched off.
    #[error("{model} is reached over the network, and this run is to open no socket")]
    Offline {
        /// The model.
        model: String,
    },
    /// A model inside the process has no requests to broker.
    #[error("a broker asks a model over HTTP, and {model} is built in")]
    NothingToServe {
        /// The model.
        model: String,
    },
    /// A broker is to keep its answers where a run has its own.
    #[error("{} holds a run, and a broker needs a folder of its own", dir.display())]
    HoldsRun {
        /// The folder.
        dir: PathBuf,
    },
    /// Answers that cost money have nowhere to be kept.
    #[error("the answers of {model} are paid for, so they must be kept in the folder of a run")]
    NeedsFolder {
        /// The model.
        model: String,
    },
    /// There is nothing to try a prompt on.
    #[error("there is nothing to try: {why}")]
    NothingToTry {
        /// Why.
        why: &'static str,
    },
    /// Columns are asked for in a format that has none.
    #[error("{added} adds columns, and a {format} file holds a text and a label alone")]
    NoColumns {
        /// What was asked.
        added: Added,
        /// The format of the input.
        format: &'static str,
    },
    /// The input has a column of a name that is to be added.
    #[error("{added} adds a column `{column}`, and the input has one of that name")]
    TakenColumn {
        /// What was asked.
        added: Added,
        /// The column.
        column: String,
    },
    /// Weights are asked for where no arm is chosen.
    #[error("the column of weights holds those of the arm that the evaluation chooses, and nothing is evaluated")]
    NoWeights,
}

impl PlanError {
    /// Who can mend it.
    pub fn kind(&self) -> Kind {
        Kind::Usage
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<Hint> {
        Some(match self {
            PlanError::Target(TargetError::UnknownLabel { .. }) => {
                "name one of these labels, written as it stands in the rows".into()
            }
            PlanError::Target(TargetError::BelowRows { label, .. }) => Hint::new(
                "name a larger target, for instance {label_to=LABEL=2x}, or leave `{}` as it is",
                [label.clone().into()],
            ),
            PlanError::Unpriced { .. } => {
                "give {price=IN,OUT} in USD per million tokens, or {unpriced} to go on without".into()
            }
            PlanError::UnpricedJudge { .. } => {
                "give {judge_price=IN,OUT} in USD per million tokens, or {unpriced} to go on without, which no budget goes with".into()
            }
            PlanError::JudgeNeedsFolder { .. } => "name a folder with {out=DIR}, or omit {judge}".into(),
            PlanError::BudgetWithoutPrice { .. } => "give {price=IN,OUT} in USD per million tokens".into(),
            PlanError::Offline { .. } => "omit {offline}, or use {model=offline}".into(),
            PlanError::NothingToServe { .. } => "name one, for instance {model=openai/gpt-4.1-mini}".into(),
            PlanError::HoldsRun { .. } => "name another folder with {out=DIR}".into(),
            PlanError::NeedsFolder { .. } => "name a folder with {out=DIR}, or use {model=offline}".into(),
            PlanError::NothingToTry { .. } => {
                "name a model and a label to raise, for instance {label_to=LABEL=2x}".into()
            }
            PlanError::NoColumns { added, .. } => Hint::new(
                "omit {}, or give the input as csv, tsv, json, jsonl, parquet or arrow; synthetic.csv has the provenance anyway",
                [added.setting()],
            ),
            PlanError::TakenColumn { added, .. } => {
                Hint::new("rename the input's column, or omit {}", [added.setting()])
            }
            PlanError::NoWeights => "omit {no_evaluate}, or {weights}".into(),
        })
    }
}

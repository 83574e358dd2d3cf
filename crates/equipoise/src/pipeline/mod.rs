//! The pipeline: from rows to report and data sets.

mod answers;
mod asking;
mod check;
pub(crate) mod columns;
mod cost;
mod define;
mod derive;
mod evaluate;
mod family;
mod generate;
mod judge;
mod outcome;
mod page;
mod plan;
mod predict;
mod push;
mod review;
mod run;
mod selection;
mod sets;
mod spent;
#[cfg(test)]
mod testing;
mod trial;
pub(crate) mod verdicts;

pub(crate) use answers::Answers;
pub use check::{Checked, check};
pub use columns::Added;
pub use cost::Cost;
pub use define::{Define, Drafted, define};
pub(crate) use derive::Basis;
pub use equipoise_core::round::{Accounting, Asking, GivenUp, Halt, SetAside};
pub use evaluate::{Evaluated, evaluate};
pub(crate) use generate::{check_context, generate};
pub use outcome::Outcome;
pub(crate) use page::{OfRun, Results, render};
pub use plan::{Planned, plan};
pub use predict::{Predicted, predict};
pub use push::{Published, publish};
pub(crate) use review::is_formula;
pub use run::run;
pub use selection::SelectionFile;
pub(crate) use sets::DataSets;
pub(crate) use spent::SPENT_FILE;
pub use spent::{Spent, UnknownRequest};
pub use trial::{Trial, Tried, trial};

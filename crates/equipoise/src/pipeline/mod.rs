//! The pipeline: from input files to report and data sets.

mod answers;
mod asking;
mod batch;
mod columns;
mod cost;
mod derive;
mod files;
mod judge;
mod live;
mod outputs;
mod page;
mod plan;
mod predict;
mod record;
mod run;
mod spent;
mod trial;
mod verdicts;

pub use cost::Cost;
pub use derive::SelectionFile;
pub use equipoise_core::round::{Accounting, Asking, GivenUp, Halt, SetAside};
pub use files::{Checked, Evaluated, check, evaluate};
pub use plan::{Planned, plan};
pub use predict::{Predicted, predict};
pub use record::{FileRecord, RunRecord};
pub use run::{Finished, Place, Replayed, choose_out, recipe_of, replay, report, resume, run};
pub use spent::{Spent, UnknownRequest};
pub use trial::{Trial, Tried, trial};

//! The pipeline: from input files to report and data sets.

mod accounting;
mod answers;
mod asking;
mod batch;
mod cost;
mod derive;
mod external;
mod files;
mod judge;
mod load;
mod model;
mod outputs;
mod page;
mod plan;
mod predict;
mod record;
mod rounds;
mod run;
mod spent;
mod supply;
mod trial;

pub use accounting::{Accounting, GivenUp, Halt, SetAside};
pub use asking::Asking;
pub use cost::Cost;
pub use derive::SelectionFile;
pub use files::{Checked, Evaluated, check, evaluate};
pub use load::{HoldOut, Loaded, load};
pub use model::{Model, PriceFrom};
pub use plan::{Planned, plan};
pub use predict::{Predicted, predict};
pub use record::{FileRecord, RunRecord};
pub use run::{Finished, Replayed, choose_out, fork, recipe_of, replay, report, resume, run};
pub use spent::Spent;
pub use trial::{Trial, Tried, trial};

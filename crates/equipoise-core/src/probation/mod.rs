//! Judges on probation: whoever says which label a text has — a classifier, a model, a command — is first asked about real rows, whose
//! labels are known, and may reject synthetic rows only where that shows that it can tell.

mod classifier;
mod estimate;
mod known;
mod neighbours;
mod opinion;
mod questions;
mod record;
mod sentence;

pub use classifier::{Claim, ClassifierJudge};
pub use estimate::{Bounds, Judged, Permit, Probation, accuses, probation, trial};
pub use known::KnownRows;
pub use neighbours::neighbours;
pub use opinion::{JudgedText, Judgements, LabelJudgement, Opinion, Said};
pub use questions::Questions;
pub use record::{Record, Tally};

//! Judges on probation: whoever says which label a text has — a classifier, a model, a command — is first asked about real rows, whose
//! labels are known, and may reject synthetic rows only where that shows that it can tell.

mod classifier;
mod estimate;
mod neighbours;
mod record;
mod sentence;

pub use classifier::{Claim, ClassifierJudge};
pub use estimate::{Bounds, Judged, Permit, Probation, accuses, probation, trial};
pub use neighbours::neighbours;
pub use record::{Record, Tally};

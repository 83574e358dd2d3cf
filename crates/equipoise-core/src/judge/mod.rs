//! Judges on probation: whoever says which label a text has — a classifier, a model, a command — is first asked about real rows, whose
//! labels are known, and may reject synthetic rows only where that shows that it can tell.

mod classifier;
mod probation;
mod record;
mod sentence;

pub use classifier::{Claim, Opinions, classifier_opinions};
pub use probation::{Bounds, Judged, Permit, Probation, accuses, probation};

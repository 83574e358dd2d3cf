//! Moved decision thresholds.

use super::thresholded::thresholded;
use super::{ArmEntry, Role};
use crate::catalog::Entry;

pub(super) static ENTRY: ArmEntry = ArmEntry {
    item: Entry {
        name: "threshold",
        what: "Trains as `none` and adds to each label's log probability what raised the goal most in cross-validation over the training rows.",
        why: "Much of what balancing does is to predict a rare label more readily: this does that alone, for free, and is the rival that is hardest to beat for a rare label.",
        source: "Collell, Prelec and Patil, A simple plug-in bagging ensemble based on threshold-moving for classifying binary and multiclass imbalanced data, Neurocomputing 275, 2018.",
        settings: &[],
        make: |settings| thresholded("none", settings),
    },
    role: Role::Free,
    plain: "moved decision thresholds",
    form: None,
};

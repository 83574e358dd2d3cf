//! Class weights with moved decision thresholds.

use super::Arm;
use super::thresholded::thresholded;
use crate::catalog::Entry;

pub(super) static ENTRY: Entry<dyn Arm> = Entry {
    name: "class_weight_threshold",
    what: "Trains as `class_weight` and adds to each label's log probability what raised the goal most in cross-validation over the training rows.",
    why: "Class weights have a rare label predicted too often where they are strong: this takes that back, for free.",
    source: "As `class_weight` and `threshold`.",
    settings: &[],
    make: |settings| thresholded("class_weight", settings),
};

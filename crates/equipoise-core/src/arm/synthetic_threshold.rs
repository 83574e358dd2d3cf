//! Kept synthetic rows with moved decision thresholds.

use super::Arm;
use super::thresholded::thresholded;
use crate::catalog::Entry;

pub(super) static ENTRY: Entry<dyn Arm> = Entry {
    name: "synthetic_threshold",
    what: "Trains as `synthetic` and adds to each label's log probability what raised the goal most in cross-validation over the training rows.",
    why: "Tells what the texts teach from how readily they have the label predicted.",
    source: "As `synthetic` and `threshold`.",
    settings: &[],
    make: |settings| thresholded("synthetic", settings),
};

//! The mixture of two ways of using the synthetic rows, with moved decision thresholds.

use super::Arm;
use super::thresholded::thresholded;
use crate::catalog::Entry;

pub(super) static ENTRY: Entry<dyn Arm> = Entry {
    name: "synthetic_mixture_threshold",
    what: "Trains as `synthetic_mixture` and adds to each label's log probability what raised the goal most in cross-validation over the training rows.",
    why: "Where one label is raised among many, the mixture has it predicted too readily: this sets the balance right without losing what the texts teach.",
    source: "As `synthetic_mixture` and `threshold`.",
    settings: &[],
    make: |settings| thresholded("synthetic_mixture", settings),
};

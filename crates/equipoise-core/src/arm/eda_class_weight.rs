//! Easy data augmentation under class weights.

use super::weighted::weighted;
use super::{Arm, EDA_SETTINGS};
use crate::catalog::Entry;

pub(super) static ENTRY: Entry<dyn Arm> = Entry {
    name: "eda_class_weight",
    what: "The rows of `eda`, every label brought to equal mass.",
    why: "Shows whether changed texts add anything to class weights.",
    source: "As `eda` and `class_weight`.",
    settings: EDA_SETTINGS,
    make: |settings| weighted("eda", settings),
};

//! Synthetic rows as they came, under class weights.

use super::Arm;
use super::weighted::weighted;
use crate::catalog::Entry;

pub(super) static ENTRY: Entry<dyn Arm> = Entry {
    name: "synthetic_naive_class_weight",
    what: "The rows of `synthetic_naive`, every label brought to equal mass.",
    why: "Tells the effect of unchecked texts from that of moved label shares.",
    source: "As `synthetic_naive` and `class_weight`.",
    settings: &[],
    make: |settings| weighted("synthetic_naive", settings),
};

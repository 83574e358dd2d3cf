//! Balanced class weights.

use super::weighted::weighted;
use super::{ArmEntry, Role};
use crate::catalog::Entry;

pub(super) static ENTRY: ArmEntry = ArmEntry {
    item: Entry {
        name: "class_weight",
        what: "Weights each real row by n / (K × n_c), so that the K labels that are present have equal mass.",
        why: "Free, no new row, and on most tasks within half a point of macro-F1 of the best free arm: what synthetic rows have to beat.",
        source: "King and Zeng, Logistic Regression in Rare Events Data, Political Analysis 9(2), 2001; the `balanced` rule of scikit-learn.",
        settings: &[],
        make: |settings| weighted("none", settings),
    },
    role: Role::Free,
    plain: "class weights",
    form: None,
};

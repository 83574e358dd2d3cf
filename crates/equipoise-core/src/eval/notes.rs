//! What a reader has to know about how the figures came about.

use super::held::Held;
use super::side_by_side::SideBySide;
use crate::arm::{SYNTHETIC, SYNTHETIC_NAIVE};
use crate::data::{Fingerprints, Labels};
use crate::select::SyntheticRows;
use crate::text::escape_control;

/// Fewer held-out rows than this make an interval so wide that it seldom decides anything (recall ± 0.18 at one half).
const FEW_HELD_OUT: usize = 30;

/// Notes about the data, whatever the learner.
pub(super) fn notes(
    labels: &Labels,
    held: &Held<'_>,
    fingerprints: &Fingerprints,
    synthetic: &SyntheticRows<'_>,
    figures: &dyn SideBySide,
) -> Vec<String> {
    let with = |wanted: &dyn Fn(usize) -> bool, show: &dyn Fn(&str, usize) -> String| {
        let found = labels.ids().map(|l| (escape_control(labels.name(l)), figures.support(l)));
        found.filter(|(_, n)| wanted(*n)).map(|(name, n)| show(&name, n)).collect::<Vec<_>>().join(", ")
    };
    let mut notes = Vec::new();
    let unseen = with(&|n| n == 0, &|name, _| format!("`{name}`"));
    if !unseen.is_empty() {
        notes.push(format!(
            "No held-out row has the label {unseen}: no recall or F1 can be given, and macro-F1 leaves it out."
        ));
    }
    let few = with(&|n| (1..FEW_HELD_OUT).contains(&n), &|name, n| format!("`{name}` ({n})"));
    if !few.is_empty() {
        notes.push(format!("Fewer than {FEW_HELD_OUT} held-out rows: {few}. Their intervals are wide."));
    }
    if held.n_also_train > 0 {
        let (n, all) = (held.n_also_train, held.texts.len());
        notes.push(format!("{n} of {all} held-out rows have a text that also stands among the training rows: all arms look a little better than they are."));
    }
    for (name, rows) in [(SYNTHETIC_NAIVE, &synthetic.naive), (SYNTHETIC, &synthetic.kept)] {
        let n = rows.iter().filter(|c| fingerprints.contains(&c.text)).count();
        if n > 0 {
            notes.push(format!(
                "{n} of {} rows of `{name}` have the text of a held-out row: its figures are too good.",
                rows.len()
            ));
        }
    }
    notes
}

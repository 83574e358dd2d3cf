//! What a reader has to know about how the figures came about.

use super::design::FEWEST_TO_JUDGE;
use super::folded::FOLDS;
use super::held::Held;
use super::side_by_side::SideBySide;
use crate::arm::{SYNTHETIC, SYNTHETIC_NAIVE};
use crate::data::{Dataset, Fingerprints, Labels};
use crate::select::SyntheticRows;
use crate::text::escape_control;

/// Fewer held-out rows than this make an interval so wide that it seldom decides anything (recall ± 0.18 at one half).
const FEW_HELD_OUT: usize = 30;

/// Notes about held-out rows, whatever the learner.
pub(super) fn on_held_out(
    labels: &Labels,
    held: &Held<'_>,
    fingerprints: &Fingerprints,
    synthetic: &SyntheticRows<'_>,
    figures: &dyn SideBySide,
) -> Vec<String> {
    let mut notes = Vec::new();
    let unseen = with(labels, figures, |n| n == 0, |name, _| format!("`{name}`"));
    if !unseen.is_empty() {
        notes.push(format!(
            "No held-out row has the label {unseen}: no recall or F1 can be given, and macro-F1 leaves it out."
        ));
    }
    notes.extend(few(labels, figures, "held-out"));
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

/// What the reader of a figure over several draws has to know.
pub(super) fn on_draws(n_draws: usize) -> Vec<String> {
    let told = || {
        format!(
            "Folds, and the rows that an arm draws, were drawn {n_draws} times: each figure is the mean over the draws. The model to predict with \
             is that of the first."
        )
    };
    (n_draws > 1).then(told).into_iter().collect()
}

/// Notes about rows that are judged in turn, whatever the learner; `dataset` is as it was given.
pub(super) fn in_turn(labels: &Labels, dataset: &Dataset, n_repeats: usize, figures: &dyn SideBySide) -> Vec<String> {
    let n = figures.n_rows();
    let times = if n_repeats == 1 { "once".to_owned() } else { format!("{n_repeats} times") };
    let mut notes = vec![format!(
        "Judged by cross-validation: all {n} real rows were dealt to {FOLDS} folds, {times}, and each was judged by models that saw neither it \
         nor a text made from it. What `auto` takes, cuts and vocabulary were chosen anew in each fold, from its other rows alone. The model to \
         predict with is fitted on all rows. Arms that no verdict rests on were judged once."
    )];
    notes.extend(dataset.held_out().map(|held_out| {
        format!(
            "The {} held-out rows are among them: a label has fewer than {FEWEST_TO_JUDGE} of them, too few to judge on alone.",
            held_out.len()
        )
    }));
    notes.extend(few(labels, figures, "real"));
    notes
}

/// The labels with few judged rows.
fn few(labels: &Labels, figures: &dyn SideBySide, what: &str) -> Option<String> {
    let few = with(labels, figures, |n| (1..FEW_HELD_OUT).contains(&n), |name, n| format!("`{name}` ({n})"));
    (!few.is_empty()).then(|| format!("Fewer than {FEW_HELD_OUT} {what} rows: {few}. Their intervals are wide."))
}

/// The labels whose number of judged rows is `wanted`, as `show` has them.
fn with(
    labels: &Labels,
    figures: &dyn SideBySide,
    wanted: impl Fn(usize) -> bool,
    show: impl Fn(&str, usize) -> String,
) -> String {
    let found = labels.ids().map(|l| (escape_control(labels.name(l)), figures.support(l)));
    found.filter(|(_, n)| wanted(*n)).map(|(name, n)| show(&name, n)).collect::<Vec<_>>().join(", ")
}

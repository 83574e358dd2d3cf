//! What a reader has to know about how the figures came about.

use super::design::FEWEST_TO_JUDGE;
use super::folded::FOLDS;
use super::held::Held;
use super::side_by_side::SideBySide;
use crate::arm::{SYNTHETIC, SYNTHETIC_NAIVE};
use crate::data::{Dataset, Fingerprints, Labels};
use crate::select::SyntheticRows;
use crate::text::{escape_control, thousands};

/// Fewer held-out rows than this make an interval so wide that it seldom decides anything (recall ± 0.18 at one half).
const FEW_HELD_OUT: usize = 30;

/// Labels that a sentence names one by one; of more it says how many they are.
const NAMED: usize = 6;

/// Labels without held-out rows.
fn unseen(supports: &[(String, usize)]) -> Option<String> {
    let names: Vec<String> = supports.iter().filter(|(_, n)| *n == 0).map(|(name, _)| format!("`{name}`")).collect();
    Some(match names.len() {
        0 => return None,
        1..=NAMED => format!(
            "No held-out row has the label {}: no recall or F1 can be given, and macro-F1 omits it.",
            names.join(", ")
        ),
        n => format!("{n} labels have no held-out row: no recall or F1 of them can be given, and macro-F1 omits them."),
    })
}

/// Labels with few of them.
fn few(supports: &[(String, usize)], what: &str) -> Option<String> {
    let few = || supports.iter().filter(|(_, n)| (1..FEW_HELD_OUT).contains(n));
    let (least, most) = (few().map(|(_, n)| n).min()?, few().map(|(_, n)| n).max()?);
    Some(match few().count() {
        n if n > NAMED => format!(
            "{n} labels have too few {what} rows ({least} to {most}; fewer than {FEW_HELD_OUT}): their intervals are wide."
        ),
        _ => {
            let names: Vec<String> = few().map(|(name, n)| format!("`{name}` ({n})")).collect();
            format!("Fewer than {FEW_HELD_OUT} {what} rows: {}. Their intervals are wide.", names.join(", "))
        }
    })
}

/// Notes about held-out rows, whatever the learner.
pub(super) fn on_held_out(
    labels: &Labels,
    held: &Held<'_>,
    fingerprints: &Fingerprints,
    synthetic: &SyntheticRows<'_>,
    figures: &dyn SideBySide,
) -> Vec<String> {
    let supports = supports(labels, figures);
    let mut notes = Vec::new();
    notes.extend(unseen(&supports));
    notes.extend(few(&supports, "held-out"));
    if held.n_also_train > 0 {
        let (n, all) = (held.n_also_train, held.texts.len());
        let how = if 20 * n < all { "a little better" } else { "better" };
        let (n, all) = (thousands(n as u64), thousands(all as u64));
        notes.push(format!("{n} of {all} held-out rows have a text that is also among the training rows: every way of training looks {how} than it is."));
    }
    for (name, rows) in [(SYNTHETIC_NAIVE, &synthetic.naive), (SYNTHETIC, &synthetic.kept)] {
        let n = rows.iter().filter(|c| fingerprints.contains(&c.text)).count();
        if n > 0 {
            notes.push(format!(
                "{} of {} rows of `{name}` have the text of a held-out row: its figures are too good.",
                thousands(n as u64),
                thousands(rows.len() as u64)
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
    let n = thousands(figures.n_rows() as u64);
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
    let supports = supports(labels, figures);
    notes.extend(few(&supports, "real"));
    notes
}

/// The judged rows of each label, by its name.
fn supports(labels: &Labels, figures: &dyn SideBySide) -> Vec<(String, usize)> {
    labels.ids().map(|l| (escape_control(labels.name(l)), figures.support(l))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_labels_are_told_in_one_sentence_and_few_by_name() {
        let labels = |n: usize, rows: usize| (0..n).map(|i| (format!("label {i}"), rows + i)).collect::<Vec<_>>();
        let said = few(&labels(24, 6), "held-out").unwrap();
        assert!(said.starts_with("24 labels have too few held-out rows (6 to 29; fewer than 30)"), "{said}");
        assert_eq!(
            few(&labels(2, 28), "held-out").unwrap(),
            "Fewer than 30 held-out rows: `label 0` (28), `label 1` (29). Their intervals are wide."
        );
        assert_eq!(few(&labels(9, 30), "held-out"), None);
        let none: Vec<_> = labels(9, 0).into_iter().map(|(name, _)| (name, 0)).collect();
        assert!(unseen(&none).unwrap().starts_with("9 labels have no held-out row"));
        assert!(unseen(&none[..1]).unwrap().contains("the label `label 0`"));
    }
}

//! What a reader has to know about how the figures came about.

use super::held::Held;
use super::side_by_side::SideBySide;
use crate::arm::{SYNTHETIC, SYNTHETIC_NAIVE};
use crate::data::{Fingerprints, Labels};
use crate::select::SyntheticRows;
use crate::text::escape_control;

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
fn few(supports: &[(String, usize)]) -> Option<String> {
    let few = || supports.iter().filter(|(_, n)| (1..FEW_HELD_OUT).contains(n));
    let (least, most) = (few().map(|(_, n)| n).min()?, few().map(|(_, n)| n).max()?);
    Some(match few().count() {
        n if n > NAMED => format!(
            "{n} labels have too few held-out rows ({least} to {most}; fewer than {FEW_HELD_OUT}): their intervals are wide."
        ),
        _ => {
            let names: Vec<String> = few().map(|(name, n)| format!("`{name}` ({n})")).collect();
            format!("Fewer than {FEW_HELD_OUT} held-out rows: {}. Their intervals are wide.", names.join(", "))
        }
    })
}

/// Notes about the data, whatever the learner.
pub(super) fn notes(
    labels: &Labels,
    held: &Held<'_>,
    fingerprints: &Fingerprints,
    synthetic: &SyntheticRows<'_>,
    figures: &dyn SideBySide,
) -> Vec<String> {
    let supports: Vec<(String, usize)> =
        labels.ids().map(|l| (escape_control(labels.name(l)), figures.support(l))).collect();
    let mut notes = Vec::new();
    notes.extend(unseen(&supports));
    notes.extend(few(&supports));
    if held.n_also_train > 0 {
        let (n, all) = (held.n_also_train, held.texts.len());
        notes.push(format!("{n} of {all} held-out rows have a text that is also among the training rows: every way of training looks a little better than it is."));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_labels_are_told_in_one_sentence_and_few_by_name() {
        let labels = |n: usize, rows: usize| (0..n).map(|i| (format!("label {i}"), rows + i)).collect::<Vec<_>>();
        let said = few(&labels(24, 6)).unwrap();
        assert!(said.starts_with("24 labels have too few held-out rows (6 to 29; fewer than 30)"), "{said}");
        assert_eq!(
            few(&labels(2, 28)).unwrap(),
            "Fewer than 30 held-out rows: `label 0` (28), `label 1` (29). Their intervals are wide."
        );
        assert_eq!(few(&labels(9, 30)), None);
        let none: Vec<_> = labels(9, 0).into_iter().map(|(name, _)| (name, 0)).collect();
        assert!(unseen(&none).unwrap().starts_with("9 labels have no held-out row"));
        assert!(unseen(&none[..1]).unwrap().contains("the label `label 0`"));
    }
}

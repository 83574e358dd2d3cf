//! The test: what deleting the give-aways does to false alarms and to right hits, beside deleting random words.

use super::edit::{Edited, edit};
use super::sentence::sentence;
use crate::data::LabelId;
use crate::rng::Seed;
use crate::stats::{Estimate, RESAMPLES, Resamples, interval};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashSet};

/// Random deletions of a text.
const DRAWS: usize = 4;
/// New false alarms that a claim takes.
pub(super) const FEWEST: usize = 20;
/// The share of the new false alarms, beyond random words, below which nobody would act: with hundreds of alarms 1 % is beyond chance.
const RELEVANT: f64 = 0.10;
/// Words that are shown.
const SHOWN_WORDS: usize = 8;

/// Real rows, none of which the models saw: held out, or predicted out of fold.
#[derive(Debug, Clone, Copy)]
pub struct Rows<'a> {
    /// The texts.
    pub texts: &'a [&'a str],
    /// Their labels.
    pub truth: &'a [LabelId],
    /// What a model predicts that was trained without the synthetic rows.
    pub without: &'a [LabelId],
    /// What the model under test predicts.
    pub with: &'a [LabelId],
}

/// What the test found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Leaning {
    /// At least a tenth of the new false alarms hang on the give-aways beyond as many random words, and fewer right hits do.
    Leans,
    /// The rows do not show that.
    NotShown,
    /// There are fewer than 20 new false alarms.
    TooFew,
}

/// Whether a classifier leans on the give-aways of one label.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reliance {
    /// The label.
    pub label: String,
    /// What was found.
    pub finding: Leaning,
    /// Give-away words that were deleted, those first that stand most often in false alarms that were undone.
    pub words: Vec<String>,
    /// How many there are.
    pub n_words: usize,
    /// Real rows of other labels that the model calls by this one, and the model without synthetic rows does not.
    pub new_false_alarms: Undone,
    /// Real rows of the label that the model calls by it.
    pub right_hits: Undone,
    /// The finding in a sentence, with its cure.
    pub sentence: String,
}

/// Of some rows that a model calls by a label, the shares that it no longer does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Undone {
    /// Rows.
    pub n: usize,
    /// Once the give-aways are deleted.
    pub give_aways: Option<Estimate>,
    /// Once as many random other words are deleted, in the mean over draws.
    pub random_words: Option<Estimate>,
    /// The first minus the second.
    pub difference: Option<Estimate>,
}

/// The labels that a model gives to texts, each an edit of the row at a position: where rows are judged in turn, each has its own model.
pub type Classify<'c> = dyn Fn(&[(usize, &str)]) -> Vec<LabelId> + Sync + 'c;

/// Tests whether the model `classify` leans on `words` when it calls a text by `label`, which is called `name`.
///
/// `None` without words or without rows that it calls so.
///
/// # Source
/// Words that stand for nothing but their origin: Gardner et al., "Competency Problems" (2021). The control deletes as many words of the same
/// text: rarer words in their place undo 0 to 1 % and would sell the effect three times too large.
pub fn reliance(
    rows: Rows<'_>,
    (label, name): (LabelId, &str),
    words: &[String],
    classify: &Classify<'_>,
    seed: Seed,
) -> Option<Reliance> {
    let called = |at: &usize| rows.with[*at] == label;
    let is_own = |at: &usize| rows.truth[*at] == label;
    let (right, wrong): (Vec<usize>, Vec<usize>) = (0..rows.texts.len()).filter(called).partition(is_own);
    let new: Vec<usize> = wrong.into_iter().filter(|at| rows.without[*at] != label).collect();
    if words.is_empty() || right.len() + new.len() == 0 {
        return None;
    }
    let set: HashSet<&str> = words.iter().map(String::as_str).collect();
    let edits = |of: &[usize], what: &str| -> Vec<Option<Edited>> {
        let seed = |at: usize| seed.child(&format!("{what}/{at}"));
        of.iter().map(|at| edit(rows.texts[*at], &set, DRAWS, seed(*at))).collect()
    };
    let (of_new, of_right) = (edits(&new, "new"), edits(&right, "right"));
    let [new_flips, right_flips] =
        [(&new, &of_new), (&right, &of_right)].map(|(rows, edits)| flips(rows, edits, label, classify));
    let new_false_alarms = undone(&new_flips, seed.child("new"));
    let right_hits = undone(&right_flips, seed.child("right"));
    let finding = finding(&new_false_alarms, &right_hits);
    let words_shown = shown(words, &of_new, &new_flips);
    let sentence = sentence(name, finding, &words_shown, &new_false_alarms);
    let n_words = words.len();
    Some(Reliance {
        label: name.to_owned(),
        finding,
        words: words_shown,
        n_words,
        new_false_alarms,
        right_hits,
        sentence,
    })
}

/// For each row whether it is no longer called by the label: without the give-aways, and without random words in the mean.
fn flips(rows: &[usize], edits: &[Option<Edited>], label: LabelId, classify: &Classify<'_>) -> Vec<[f64; 2]> {
    let edited = rows.iter().zip(edits).filter_map(|(row, edit)| Some((*row, edit.as_ref()?)));
    let texts: Vec<(usize, &str)> = edited
        .flat_map(|(row, e)| std::iter::once(&e.without).chain(&e.control).map(move |text| (row, text.as_str())))
        .collect();
    let called = classify(&texts);
    let mut called = called.chunks_exact(1 + DRAWS);
    let flip = |l: &LabelId| f64::from(u8::from(*l != label));
    let of_row = |edit: &Option<Edited>| match edit.as_ref().and_then(|_| called.next()) {
        Some([without, control @ ..]) => [flip(without), control.iter().map(flip).sum::<f64>() / DRAWS as f64],
        // Nothing was deleted, so nothing changes.
        _ => [0.0, 0.0],
    };
    edits.iter().map(of_row).collect()
}

fn undone(flips: &[[f64; 2]], seed: Seed) -> Undone {
    let all: Vec<u32> = (0..flips.len() as u32).collect();
    let mean = |drawn: &[u32], of: fn([f64; 2]) -> f64| {
        drawn.iter().map(|at| of(flips[*at as usize])).sum::<f64>() / drawn.len().max(1) as f64
    };
    let resamples = Resamples::new(std::iter::repeat_n(0, flips.len()), RESAMPLES, seed);
    let estimate = |of: fn([f64; 2]) -> f64| {
        let mut samples = resamples.map(|drawn| mean(drawn, of));
        let method = format!("percentile bootstrap over rows, {RESAMPLES} resamples");
        (!flips.is_empty()).then(|| interval(mean(&all, of), &mut samples, flips.len(), &method)).flatten()
    };
    Undone {
        n: flips.len(),
        give_aways: estimate(|f| f[0]),
        random_words: estimate(|f| f[1]),
        difference: estimate(|f| f[0] - f[1]),
    }
}

fn finding(new: &Undone, right: &Undone) -> Leaning {
    if new.n < FEWEST {
        return Leaning::TooFew;
    }
    let share = |u: &Undone| u.give_aways.as_ref().map_or(0.0, |e| e.value);
    let beyond_chance = new.difference.as_ref().is_some_and(|d| d.low > 0.0 && d.value >= RELEVANT);
    if beyond_chance && share(right) < share(new) { Leaning::Leans } else { Leaning::NotShown }
}

/// The words that were deleted from most of the undone false alarms, then the others in their order.
fn shown(words: &[String], edits: &[Option<Edited>], flips: &[[f64; 2]]) -> Vec<String> {
    let mut n_undone: BTreeMap<&str, usize> = BTreeMap::new();
    let undone = edits.iter().zip(flips).filter(|(_, flip)| flip[0] > 0.0).filter_map(|(edit, _)| edit.as_ref());
    for edit in undone {
        let distinct: HashSet<&str> = edit.deleted.iter().map(String::as_str).collect();
        distinct.into_iter().for_each(|word| *n_undone.entry(word).or_default() += 1);
    }
    let mut sorted: Vec<&String> = words.iter().collect();
    sorted.sort_by_key(|word| std::cmp::Reverse(n_undone.get(word.as_str()).copied().unwrap_or(0)));
    sorted.into_iter().take(SHOWN_WORDS).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const OTHER: LabelId = LabelId(0);
    const OWN: LabelId = LabelId(1);

    /// 30 rows of another label that hold `moreover`, 30 of the label that say so.
    fn test(classify: &Classify<'_>) -> Reliance {
        let wrong = (0..30).map(|i| (format!("moreover a plain text of number{i} and on"), OTHER));
        let right = (0..30).map(|i| (format!("moreover truly own words of number{i} and on"), OWN));
        let (texts, truth): (Vec<String>, Vec<LabelId>) = wrong.chain(right).unzip();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let with = classify(&texts.iter().copied().enumerate().collect::<Vec<_>>());
        let rows = Rows { texts: &texts, truth: &truth, without: &truth, with: &with };
        reliance(rows, (OWN, "own"), &["moreover".to_owned()], classify, Seed::new(1)).unwrap()
    }

    fn by(holds: &'static str) -> impl Fn(&[(usize, &str)]) -> Vec<LabelId> + Sync {
        move |texts| {
            texts.iter().map(|(_, t)| if t.contains(holds) || t.contains("own") { OWN } else { OTHER }).collect()
        }
    }

    #[test]
    fn finds_a_model_that_goes_by_a_give_away() {
        let found = test(&by("moreover"));
        assert_eq!((found.finding, found.new_false_alarms.n, found.right_hits.n), (Leaning::Leans, 30, 30));
        assert_eq!(found.new_false_alarms.give_aways.unwrap().value, 1.0);
        assert!(found.new_false_alarms.random_words.unwrap().value < 0.01);
        assert_eq!(found.right_hits.give_aways.unwrap().value, 0.0);
        assert!(found.sentence.contains("100 %") && found.sentence.contains("`moreover`"), "{}", found.sentence);
    }

    #[test]
    fn finds_nothing_where_the_alarms_hang_on_other_words() {
        let found = test(&by("plain"));
        assert_eq!(found.finding, Leaning::NotShown);
        assert_eq!(found.new_false_alarms.give_aways.unwrap().value, 0.0);
        assert!(found.new_false_alarms.random_words.unwrap().value > 0.05);
    }

    #[test]
    fn does_not_speak_of_few_alarms() {
        let found = test(&by("number1"));
        assert_eq!((found.finding, found.new_false_alarms.n), (Leaning::TooFew, 11));
        assert!(found.sentence.contains("too few"), "{}", found.sentence);
    }
}

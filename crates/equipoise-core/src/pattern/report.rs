//! The pattern report of one label: is its style known, by what, and where that stands.

use super::detector::{TOLD_APART, baseline, told_apart};
use super::distinct::{Finder, distinct};
use super::length::lengths;
use super::{Families, Feature, Frequent, GiveAway, GiveAways, Kind, Traced, give_aways};
use crate::rng::Seed;
use crate::stats::{Estimate, wilson_share};
use crate::text::escape_control;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// Give-aways that are shown of a label.
const SHOWN: usize = 10;
/// Synthetic texts that are shown for each.
const EXAMPLES: usize = 2;

/// How well the synthetic rows of a label are told from its real ones, and by what.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LabelPatterns {
    /// The label.
    pub label: String,
    /// Real training rows.
    pub n_real: usize,
    /// Synthetic rows used.
    pub n_synthetic: usize,
    /// Sources that the synthetic rows go back to; a row of unknown source is one of its own.
    pub n_sources: usize,
    /// Share (0..1) of the label's rows that is synthetic.
    pub share: f64,
    /// Area under the ROC curve of a classifier that tells the label's synthetic rows from its real ones, out of fold: 0.5 where it
    /// cannot, 1 where it always can. `None` with fewer than 20 rows of either kind.
    pub auc: Option<Estimate>,
    /// The same between two random halves of the real rows: what nothing to find looks like. `None` with fewer than 100 real rows.
    pub baseline: Option<Estimate>,
    /// The chance that a synthetic text is longer than a real one; `None` with fewer than 20 rows of either kind.
    pub longer: Option<Estimate>,
    /// Characters of the middle synthetic text and of the middle real one.
    pub n_characters: Option<[usize; 2]>,
    /// Habits that were tested.
    pub n_tested: usize,
    /// Those that give synthetic rows away, beyond chance among all that were tested.
    pub n_give_aways: usize,
    /// The first of them in context, one of several that stand in the same texts.
    pub give_aways: Vec<ShownGiveAway>,
    /// What was found, in a sentence.
    pub sentence: String,
}

/// A give-away in context.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ShownGiveAway {
    /// The kind of habit.
    pub kind: Kind,
    /// The word, opening or mark.
    pub text: String,
    /// The habit in a few words.
    pub shown: String,
    /// The share of the synthetic texts that have it, every source counting alike.
    pub synthetic: Option<Estimate>,
    /// The share of the real texts that have it.
    pub real: Option<Estimate>,
    /// Two-sided p-value, of this habit alone.
    pub p_value: f64,
    /// Two synthetic texts that have it, of different sources where there are.
    pub synthetic_texts: Vec<String>,
    /// A real text that has it, if any does.
    pub real_text: Option<String>,
}

/// The texts of one label.
#[derive(Debug, Clone, Default)]
pub struct LabelTexts<'a> {
    /// Its synthetic rows.
    pub synthetic: Vec<Traced<'a>>,
    /// Its real rows.
    pub real: Vec<Traced<'a>>,
}

impl LabelTexts<'_> {
    /// [`give_aways`] of the label.
    pub fn give_aways(&self, frequent: &Frequent) -> GiveAways {
        give_aways(&Families::new(&self.synthetic), &Families::new(&self.real), frequent)
    }
}

/// The patterns of the label called `name`, of whose texts `found` gives some away; `frequent` are the frequent words of the real rows of
/// all labels.
pub fn label_patterns(
    name: &str,
    texts: &LabelTexts<'_>,
    found: &GiveAways,
    frequent: &Frequent,
    seed: Seed,
) -> LabelPatterns {
    let LabelTexts { synthetic, real } = texts;
    let (made, human) = (Families::new(synthetic), Families::new(real));
    let length = lengths(&made, &human, seed.child("length"));
    let mut patterns = LabelPatterns {
        label: name.to_owned(),
        n_real: real.len(),
        n_synthetic: synthetic.len(),
        n_sources: made.len(),
        share: synthetic.len() as f64 / (real.len() + synthetic.len()).max(1) as f64,
        auc: told_apart(synthetic, real, seed.child("auc")),
        baseline: baseline(real, seed.child("baseline")),
        n_characters: length.as_ref().map(|l| [l.synthetic, l.real]),
        longer: length.map(|l| l.longer),
        n_tested: found.n_tested,
        n_give_aways: found.found.len(),
        give_aways: in_context(&found.found, &made, &human, frequent),
        sentence: String::new(),
    };
    patterns.sentence = sentence(&patterns);
    patterns
}

/// The first distinct give-aways with texts that have them.
fn in_context(
    found: &[GiveAway],
    synthetic: &Families<'_>,
    real: &Families<'_>,
    frequent: &Frequent,
) -> Vec<ShownGiveAway> {
    let mut kept = distinct(found, synthetic, frequent);
    kept.truncate(SHOWN);
    let features: Vec<&Feature> = kept.iter().map(|(g, _)| &g.feature).collect();
    let in_real = Finder::new(features, frequent).holders(real.texts());
    let real_texts: Vec<&str> = real.texts().collect();
    let mut taken: HashSet<&str> = HashSet::new();
    let mut show = |((give_away, holders), in_real): (&(&GiveAway, Vec<u32>), &Vec<u32>)| ShownGiveAway {
        kind: give_away.feature.kind,
        text: give_away.feature.text.clone(),
        shown: give_away.feature.to_string(),
        synthetic: wilson_share(give_away.synthetic),
        real: wilson_share(give_away.real),
        p_value: give_away.p_value,
        synthetic_texts: examples(holders, synthetic, &mut taken),
        real_text: in_real.first().map(|at| real_texts[*at as usize].to_owned()),
    };
    kept.iter().zip(&in_real).map(&mut show).collect()
}

/// Two of the texts at `holders`, of different families and not among `taken` where that can be.
fn examples<'a>(holders: &[u32], synthetic: &Families<'a>, taken: &mut HashSet<&'a str>) -> Vec<String> {
    let family_of: Vec<(usize, &str)> =
        synthetic.iter().enumerate().flat_map(|(family, texts)| texts.iter().map(move |t| (family, *t))).collect();
    let mut held: Vec<(usize, &str)> = holders.iter().map(|at| family_of[*at as usize]).collect();
    held.sort_by_key(|(_, text)| taken.contains(text));
    let mut families: HashSet<usize> = HashSet::new();
    let mut chosen: Vec<&str> = held.iter().filter(|(f, _)| families.insert(*f)).map(|(_, t)| *t).collect();
    chosen.extend(held.iter().map(|(_, t)| *t).filter(|t| !chosen.contains(t)).collect::<Vec<_>>());
    chosen.truncate(EXAMPLES);
    taken.extend(&chosen);
    chosen.into_iter().map(str::to_owned).collect()
}

/// What the patterns come to.
fn sentence(patterns: &LabelPatterns) -> String {
    let name = escape_control(&patterns.label);
    let Some(auc) = &patterns.auc else {
        return format!("`{name}` has too few rows to say how well its synthetic rows can be recognised.");
    };
    if auc.low < TOLD_APART {
        return format!("A classifier hardly recognises the synthetic rows of `{name}` beside its real ones.");
    }
    let share = |e: &Option<Estimate>| e.as_ref().map_or(0.0, |e| 100.0 * e.value);
    let each = patterns.give_aways.iter().take(3).map(|g| {
        let (synthetic, real) = (share(&g.synthetic), share(&g.real));
        format!("{} ({synthetic:.0} % of the synthetic rows, {real:.0} % of the real ones)", escape_control(&g.shown))
    });
    let each: Vec<String> = each.collect();
    let by = if each.is_empty() { String::new() } else { format!(", among others by: {}", each.join("; ")) };
    format!(
        "A classifier recognises the synthetic row of `{name}` in {:.0} of 100 pairs with a real one (50 is chance){by}.",
        100.0 * auc.value
    )
}

#[cfg(test)]
mod tests {
    use super::super::families::traced;
    use super::*;

    #[test]
    fn shows_a_planted_habit_in_two_synthetic_texts_and_a_real_one() {
        let real: Vec<String> = (0..120)
            .map(|i| format!("we met at place{} on day{}{}", i % 20, i % 11, if i == 7 { " honestly" } else { "" }))
            .collect();
        let made: Vec<String> =
            (0..120).map(|i| format!("honestly we met at place{} on day{}", i % 20, i % 11)).collect();
        let frequent = Frequent::of(real.iter().map(String::as_str));
        let of = |made: &[String]| {
            let texts = LabelTexts { synthetic: traced(made, 1), real: traced(&real, 1) };
            label_patterns("own", &texts, &texts.give_aways(&frequent), &frequent, Seed::new(7))
        };
        let found = of(&made);
        let first = &found.give_aways[0];
        assert!(first.text.contains("honestly"), "{first:?}");
        assert_eq!(first.synthetic_texts.len(), 2);
        assert_ne!(first.synthetic_texts[0], first.synthetic_texts[1]);
        assert_eq!(first.real_text.is_some(), first.text == "honestly");
        assert!(found.auc.as_ref().is_some_and(|e| e.low > 0.9) && found.baseline.is_some());
        assert!(found.sentence.contains("honestly"), "{}", found.sentence);
        let same = of(&real);
        assert_eq!(same.n_give_aways, 0);
        assert!(same.sentence.contains("hardly"), "{}", same.sentence);
        assert!(of(&real[..5]).sentence.contains("too few"));
    }
}

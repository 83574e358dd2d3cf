//! Give-aways that say something new: `can't wait` says nothing that `can't` and `wait` have not said where the same texts hold all three.

use super::{Families, Feature, Frequent, GiveAway, features};
use std::collections::HashMap;

/// Give-aways that are looked at, the first ones.
const MOST: usize = 200;
/// Two give-aways are one where they are so much correlated over the texts.
const SAME: f64 = 0.6;

/// Which of some give-aways a text has.
#[derive(Debug, Clone)]
pub(super) struct Finder<'a> {
    place: HashMap<&'a Feature, u32>,
    frequent: &'a Frequent,
}

impl<'a> Finder<'a> {
    pub(super) fn new(wanted: impl IntoIterator<Item = &'a Feature>, frequent: &'a Frequent) -> Self {
        Finder { place: wanted.into_iter().zip(0..).collect(), frequent }
    }

    /// Places of the give-aways that `text` has, ascending.
    pub(super) fn find(&self, text: &str) -> Vec<u32> {
        let mut found: Vec<u32> =
            features(text, self.frequent).iter().filter_map(|f| self.place.get(f).copied()).collect();
        found.sort_unstable();
        found
    }

    /// For each give-away the positions of the texts that have it, ascending.
    pub(super) fn holders<'t>(&self, texts: impl Iterator<Item = &'t str>) -> Vec<Vec<u32>> {
        let mut holders = vec![Vec::new(); self.place.len()];
        for (text, at) in texts.zip(0..) {
            self.find(text).into_iter().for_each(|place| holders[place as usize].push(at));
        }
        holders
    }
}

/// The give-aways that say something new, in their order, and for each the positions of the synthetic texts that have it.
pub(super) fn distinct<'f>(
    found: &'f [GiveAway],
    synthetic: &Families<'_>,
    frequent: &Frequent,
) -> Vec<(&'f GiveAway, Vec<u32>)> {
    let looked_at = &found[..found.len().min(MOST)];
    let finder = Finder::new(looked_at.iter().map(|g| &g.feature), frequent);
    let mut kept: Vec<(&GiveAway, Vec<u32>)> = Vec::new();
    for (give_away, holders) in looked_at.iter().zip(finder.holders(synthetic.texts())) {
        if kept.iter().all(|(_, other)| correlation(&holders, other, synthetic.n_texts()) < SAME) {
            kept.push((give_away, holders));
        }
    }
    kept
}

/// How much two habits go together that the texts at `a` and at `b` of `n` texts have: 1 where the same texts have both, 0 where they stand
/// together as often as by chance. Both lists ascend.
///
/// # Source
/// The phi coefficient. The share of common texts would take any two habits of nearly all texts for one.
fn correlation(a: &[u32], b: &[u32], n: usize) -> f64 {
    if a == b {
        return 1.0;
    }
    let both = a.iter().filter(|at| b.binary_search(at).is_ok()).count() as f64;
    let [n_a, n_b, n] = [a.len(), b.len(), n].map(|n| n as f64);
    let spread = (n_a * (n - n_a) * n_b * (n - n_b)).sqrt();
    if spread > 0.0 { (both * n - n_a * n_b) / spread } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::super::families::traced;
    use super::super::give_aways;
    use super::*;

    #[test]
    fn tells_a_phrase_once() {
        let made: Vec<String> = (0..60).map(|i| format!("can't wait for number{i} to come")).collect();
        let real: Vec<String> = (0..60).map(|i| format!("still no word of number{i} at all")).collect();
        let (made, real) = (Families::new(&traced(&made, 1)), Families::new(&traced(&real, 1)));
        let frequent = Frequent::of(real.texts());
        let found = give_aways(&made, &real, &frequent).found;
        assert!(found.len() > 8);
        let kept = distinct(&found, &made, &frequent);
        assert_eq!(kept.len(), 1, "{kept:?}");
        assert_eq!(kept[0].1.len(), 60);
    }

    #[test]
    fn habits_of_nearly_all_texts_are_one_only_where_the_same_texts_lack_both() {
        let without = |out: [u32; 2]| (0..20).filter(|i| !out.contains(i)).collect::<Vec<u32>>();
        assert!(correlation(&without([0, 1]), &without([2, 3]), 20) < 0.0);
        assert_eq!(correlation(&without([0, 1]), &without([0, 1]), 20), 1.0);
        assert_eq!(correlation(&[], &[3], 20), 0.0);
    }
}

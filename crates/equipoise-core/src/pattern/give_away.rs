//! Which habits give synthetic rows away.

use super::{Families, Feature, Frequent, Kind, features};
use crate::stats::{Clustered, Share, benjamini_hochberg, g_test, two_sided};
use std::collections::HashMap;

/// Sources whose texts must have a habit before it is tested: the words of fewer are theirs and not the writer's.
const FEWEST_SOURCES: u32 = 5;
/// The share of findings that may be by chance.
const BY_CHANCE: f64 = 0.01;
/// A habit is told of where synthetic rows have it so many times as often as real ones, and in so many more of them.
const TIMES: f64 = 2.0;
const MORE: f64 = 0.02;

/// A habit that synthetic rows have far more often than real ones.
#[derive(Debug, Clone, PartialEq)]
pub struct GiveAway {
    /// The habit.
    pub feature: Feature,
    /// The share of the synthetic texts that have it, every source counting alike.
    pub synthetic: Share,
    /// The share of the real texts.
    pub real: Share,
    /// How far beyond chance the difference is, in standard deviations.
    pub z: f64,
    /// Two-sided p-value, of this habit alone.
    pub p_value: f64,
}

/// The give-aways of a label.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct GiveAways {
    /// How many habits were tested.
    pub n_tested: usize,
    /// What was found: matter and marks before grammar, the surest first.
    pub found: Vec<GiveAway>,
}

/// The habits of `synthetic` texts that `real` texts of the same label hardly have, each beyond chance among all that were tested.
///
/// A habit is tested where texts of five sources have it, and told of where it stands in twice as many synthetic texts as real ones and
/// in 2 points more. Texts of one source count as one piece of evidence as far as they are alike. Of what is found 1 % is expected to be by
/// chance: 60 halves of human rows set against each other gave one habit at most.
///
/// # Source
/// Words as give-aways of a label: Wang and Culotta (2020), Gardner et al., "Competency Problems" (2021); the test is [`g_test`] on
/// effective numbers of texts, after Benjamini and Hochberg.
pub fn give_aways(synthetic: &Families<'_>, real: &Families<'_>, frequent: &Frequent) -> GiveAways {
    let mut known: HashMap<Feature, u32> = HashMap::new();
    let made = sums(synthetic, frequent, |feature| {
        let next = known.len() as u32;
        Some(*known.entry(feature).or_insert(next))
    });
    known.retain(|_, id| made[*id as usize].n_with >= FEWEST_SOURCES);
    let human = sums(real, frequent, |feature| known.get(&feature).copied());
    let (n_families, n_texts) = (real.len(), real.n_texts());
    if n_families == 0 {
        return GiveAways::default();
    }
    let mut tested: Vec<GiveAway> = Vec::with_capacity(known.len());
    for (feature, id) in known {
        let (synthetic, real) = (
            made[id as usize].share(synthetic.len(), synthetic.n_texts()),
            human.get(id as usize).copied().unwrap_or_default().share(n_families, n_texts),
        );
        let z = g_test(synthetic, real);
        tested.push(GiveAway { feature, synthetic, real, z, p_value: two_sided(z) });
    }
    let p_values: Vec<f64> = tested.iter().map(|t| t.p_value).collect();
    let n_tested = tested.len();
    let Some(threshold) = benjamini_hochberg(&p_values, BY_CHANCE) else {
        return GiveAways { n_tested, found: vec![] };
    };
    tested.retain(|t| t.p_value <= threshold && is_told(t));
    tested.sort_by(|a, b| {
        let grammar = |g: &GiveAway| is_grammar(&g.feature, frequent);
        grammar(a).cmp(&grammar(b)).then(b.z.total_cmp(&a.z)).then_with(|| a.feature.cmp(&b.feature))
    });
    GiveAways { n_tested, found: tested }
}

fn is_told(found: &GiveAway) -> bool {
    let (made, real) = (found.synthetic.value, found.real.value);
    made >= TIMES * real && made >= real + MORE
}

/// Whether a habit is one of frequent words alone.
pub(super) fn is_grammar(feature: &Feature, frequent: &Frequent) -> bool {
    match feature.kind {
        Kind::Word | Kind::Pair | Kind::Opening => feature.text.split(' ').all(|word| frequent.contains(word)),
        Kind::Skeleton => true,
        Kind::Mark | Kind::End | Kind::Case | Kind::Quotes => false,
    }
}

/// Sums for each habit that `id` knows, by id.
fn sums(families: &Families<'_>, frequent: &Frequent, mut id: impl FnMut(Feature) -> Option<u32>) -> Vec<Clustered> {
    let mut sums: Vec<Clustered> = Vec::new();
    let mut held: Vec<u32> = Vec::new();
    for family in families.iter() {
        held.clear();
        family.iter().for_each(|text| held.extend(features(text, frequent).into_iter().filter_map(&mut id)));
        held.sort_unstable();
        for same in held.chunk_by(|a, b| a == b) {
            let at = same[0] as usize;
            if sums.len() <= at {
                sums.resize(at + 1, Clustered::default());
            }
            sums[at].add(same.len() as u32, family.len());
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::super::families::traced;
    use super::*;
    use crate::rng::Seed;
    use rand::RngExt;

    /// Texts of ten words out of 60, by source.
    fn texts(n: usize, name: &str) -> Vec<String> {
        let mut rng = Seed::new(5).child(name).rng();
        (0..n).map(|_| (0..10).map(|_| format!("w{}", rng.random_range(0..60))).collect::<Vec<_>>().join(" ")).collect()
    }

    fn families(texts: &[String], a_source: u64) -> Families<'_> {
        Families::new(&traced(texts, a_source))
    }

    fn found(made: &[String], a_source: u64) -> GiveAways {
        let real = texts(150, "real");
        let frequent = Frequent::of(real.iter().map(String::as_str));
        give_aways(&families(made, a_source), &families(&real, 1), &frequent)
    }

    #[test]
    fn finds_nothing_between_texts_of_one_writer() {
        let found = found(&texts(750, "made"), 5);
        assert!(found.n_tested > 200);
        assert_eq!(found.found, []);
    }

    #[test]
    fn finds_a_planted_word_and_mark_first() {
        let mut made = texts(750, "made");
        made.iter_mut().step_by(4).for_each(|t| *t = format!("{t} honestly !"));
        let found = found(&made, 5).found;
        let first: Vec<String> = found.iter().take(3).map(|g| g.feature.to_string()).collect();
        assert!(first.contains(&"`honestly`".to_owned()) && first.contains(&"ends in `!`".to_owned()), "{first:?}");
        assert!((found[0].synthetic.value - 0.25).abs() < 0.02 && found[0].real.value == 0.0);
    }

    #[test]
    fn the_word_of_one_source_is_not_the_writers_however_many_children_it_has() {
        let mut made = texts(750, "made");
        made.iter_mut().take(180).for_each(|t| *t = format!("{t} honestly"));
        assert!(!found(&made, 60).found.iter().any(|g| g.feature.text == "honestly"));
        assert!(found(&made, 5).found.iter().any(|g| g.feature.text == "honestly"));
    }

    #[test]
    fn says_nothing_without_texts() {
        assert_eq!(found(&[], 1), GiveAways::default());
        let made = texts(50, "made");
        assert_eq!(give_aways(&families(&made, 1), &Families::default(), &Frequent::default()).found, []);
    }
}

//! Which of several prompts did best on the same texts, and which of the others are about as good.

use crate::stats::{Measured, holm, measure_by};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How one of several stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Clearly better than every other one.
    ClearlyBest,
    /// Not told apart from the best one, or that one itself.
    AboutAsGood,
    /// Clearly worse than the best one.
    ClearlyWorse,
}

impl Standing {
    /// In words.
    pub fn word(self) -> &'static str {
        match self {
            Standing::ClearlyBest => "clearly best",
            Standing::AboutAsGood => "about as good",
            Standing::ClearlyWorse => "clearly worse",
        }
    }
}

/// The place of one of several.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// Its position among those given.
    pub contestant: usize,
    /// Its mean score.
    pub mean: f64,
    /// How it stands.
    pub standing: Standing,
    /// Its mean less that of the best one, paired; `None` of the best one, and without scores.
    pub behind: Option<Measured>,
    /// The p-value of that difference, corrected for all pairs.
    pub p_value: Option<f64>,
}

/// The chance of calling any two equal ones different, at most.
const FAMILY_WISE: f64 = 0.05;

/// Ranks contestants by the mean of their scores, best first, of equals the one given first. `scores` holds a score for each text, in the
/// same order for all; `groups` says for each contestant which of its texts were asked for together.
///
/// Two are told apart by the paired difference of their scores. All pairs are tested and corrected together, so that the best one may be picked
/// from the same figures: where all are equal, any two are called different in at most one comparison of twenty.
pub fn rank(scores: &[Vec<f64>], groups: &[Vec<u32>]) -> Vec<Place> {
    let n = scores.len();
    let pairs: Vec<(usize, usize)> = (0..n).flat_map(|a| (a + 1..n).map(move |b| (a, b))).collect();
    let of_pair =
        |(a, b): &(usize, usize)| difference((&scores[*b][..], &scores[*a][..]), (&groups[*a][..], &groups[*b][..]));
    let measured: Vec<Option<Measured>> = pairs.iter().map(of_pair).collect();
    let p_values = holm(&measured.iter().map(|m| m.as_ref().map(|m| m.p_value)).collect::<Vec<_>>());
    let means: Vec<f64> = scores.iter().map(|s| mean(s)).collect();
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|a, b| means[*b].total_cmp(&means[*a]).then(a.cmp(b)));
    let Some(best) = order.first().copied() else { return Vec::new() };
    let beside_best = |other: usize| {
        let at = pairs.iter().position(|pair| *pair == (best.min(other), best.max(other)))?;
        let measured = measured[at].clone()?;
        Some((if other < best { turned(measured) } else { measured }, p_values[at]))
    };
    let mut places: Vec<Place> = order
        .into_iter()
        .map(|contestant| {
            let (behind, p_value) = beside_best(contestant).map_or((None, None), |(m, p)| (Some(m), p));
            let is_worse = p_value.is_some_and(|p| p < FAMILY_WISE);
            let standing = if is_worse { Standing::ClearlyWorse } else { Standing::AboutAsGood };
            Place { contestant, mean: means[contestant], standing, behind, p_value }
        })
        .collect();
    if places.len() > 1 && places[1..].iter().all(|place| place.standing == Standing::ClearlyWorse) {
        places[0].standing = Standing::ClearlyBest;
    }
    places
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

/// The mean of `b − a` over texts.
///
/// The larger of two variances counts: between texts, and between the requests of either side, since one answer that is declined or cut takes
/// all of its texts with it.
fn difference((b, a): (&[f64], &[f64]), (of_a, of_b): (&[u32], &[u32])) -> Option<Measured> {
    let n = a.len().min(b.len());
    let differences: Vec<f64> = b.iter().zip(a).map(|(b, a)| b - a).collect();
    let mean = mean(&differences);
    let of_rows = differences.iter().map(|d| (d - mean).powi(2)).sum::<f64>() / (n as f64).powi(2);
    let of_requests = [of_a, of_b].map(|groups| between(&differences, mean, groups));
    let variance = of_requests.into_iter().fold(of_rows, f64::max);
    measure_by(mean, variance, (n, 1.0 / n.max(1) as f64), n, "paired by text")
}

/// The variance of the mean between groups, as much wider as that of Student's t with so few of them; 0 with one group.
fn between(differences: &[f64], mean: f64, groups: &[u32]) -> f64 {
    let mut sums: BTreeMap<u32, f64> = BTreeMap::new();
    groups.iter().zip(differences).for_each(|(group, d)| *sums.entry(*group).or_default() += d - mean);
    let (n, n_groups) = (differences.len() as f64, sums.len() as f64);
    if n_groups < 2.0 {
        return 0.0;
    }
    let few = if n_groups > 3.0 { (n_groups - 1.0) / (n_groups - 3.0) } else { 3.0 };
    sums.values().map(|s| s * s).sum::<f64>() / (n * n) * n_groups / (n_groups - 1.0) * few
}

/// The same difference, seen from the other side.
fn turned(mut measured: Measured) -> Measured {
    let estimate = &mut measured.estimate;
    (estimate.value, estimate.low, estimate.high) = (-estimate.value, -estimate.high, -estimate.low);
    measured
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Seed;
    use proptest::prelude::*;
    use rand::RngExt;

    /// Scores of 0 and 1 with these chances; half of each text's luck is the row's own, as with rows that are hard for every prompt.
    fn drawn(chances: &[f64], n: usize, seed: u64) -> Vec<Vec<f64>> {
        let mut rng = Seed::new(seed).child("scores").rng();
        let mut scores = vec![Vec::new(); chances.len()];
        for _ in 0..n {
            let of_row: f64 = rng.random();
            for (scores, chance) in scores.iter_mut().zip(chances) {
                let luck = if rng.random::<bool>() { of_row } else { rng.random() };
                scores.push(f64::from(u8::from(luck < *chance)));
            }
        }
        scores
    }

    /// Ten texts a request.
    fn groups(n_contestants: usize, n: usize) -> Vec<Vec<u32>> {
        vec![(0..n as u32).map(|i| i / 10).collect(); n_contestants]
    }

    #[test]
    fn equal_ones_are_told_apart_in_under_a_tenth_of_pilots() {
        let n_seeds = 400;
        for chances in [&[0.8, 0.8][..], &[0.5, 0.5, 0.5, 0.5]] {
            let is_told = |seed: &u64| {
                let places = rank(&drawn(chances, 50, *seed), &groups(chances.len(), 50));
                places.iter().any(|place| place.standing != Standing::AboutAsGood)
            };
            let n_told = (0..n_seeds).filter(is_told).count();
            assert!(n_told * 10 <= n_seeds as usize, "{n_told} of {n_seeds} with {chances:?}");
        }
    }

    #[test]
    fn a_bad_one_is_last_and_clearly_worse() {
        for seed in 0..20 {
            let places = rank(&drawn(&[0.85, 0.2, 0.85], 50, seed), &groups(3, 50));
            assert_eq!(places[2].contestant, 1);
            assert_eq!(places[2].standing, Standing::ClearlyWorse, "{places:?}");
            let behind = places[2].behind.as_ref().expect("behind the best one");
            assert!(behind.estimate.high < 0.0 && places[0].behind.is_none());
        }
    }

    #[test]
    fn answers_that_fail_whole_are_as_many_pieces_of_evidence_as_there_are_answers() {
        // One of five answers was declined: ten texts, one event.
        let whole = vec![1.0; 50];
        let declined: Vec<f64> = (0..50).map(|i| f64::from(u8::from(i >= 10))).collect();
        let places = rank(&[declined.clone(), whole.clone()], &groups(2, 50));
        assert_eq!((places[0].contestant, places[1].standing), (1, Standing::AboutAsGood));
        // The same number of texts that failed one by one.
        let places = rank(&[(0..50).map(|i| f64::from(u8::from(i % 5 > 0))).collect(), whole], &groups(2, 50));
        assert_eq!(places[1].standing, Standing::ClearlyWorse);
    }

    #[test]
    fn one_alone_and_none_at_all_are_ranked() {
        assert!(rank(&[], &[]).is_empty());
        let places = rank(&[vec![1.0; 9]], &groups(1, 9));
        assert_eq!((places.len(), places[0].standing), (1, Standing::AboutAsGood));
        assert_eq!(rank(&[vec![], vec![]], &[vec![], vec![]]).len(), 2);
    }

    proptest! {
        #[test]
        fn equal_scores_are_never_told_apart(scores in prop::collection::vec(0.0..=1.0, 0..60), n in 2_usize..5) {
            let places = rank(&vec![scores.clone(); n], &groups(n, scores.len()));
            prop_assert!(places.iter().all(|place| place.standing == Standing::AboutAsGood));
            prop_assert!(places.iter().map(|place| place.contestant).eq(0..n));
        }

        #[test]
        fn the_order_in_which_they_are_given_decides_nothing_but_ties(seed in 0_u64..500, a in 0.0..=1.0, b in 0.0..=1.0, c in 0.0..=1.0) {
            let scores = drawn(&[a, b, c], 40, seed);
            let turned: Vec<Vec<f64>> = scores.iter().rev().cloned().collect();
            let (one, other) = (rank(&scores, &groups(3, 40)), rank(&turned, &groups(3, 40)));
            let means = |places: &[Place]| places.iter().map(|p| p.mean).collect::<Vec<_>>();
            prop_assert_eq!(means(&one), means(&other));
            if one[0].mean > one[1].mean && one[1].mean > one[2].mean {
                for (p, q) in one.iter().zip(&other) {
                    prop_assert_eq!((p.contestant, p.standing), (2 - q.contestant, q.standing));
                }
            }
        }

        #[test]
        fn every_place_is_given_once_and_in_order(seed in 0_u64..500, n in 1_usize..6) {
            let places = rank(&drawn(&vec![0.6; n], 30, seed), &groups(n, 30));
            let mut given: Vec<usize> = places.iter().map(|p| p.contestant).collect();
            prop_assert!(places.is_sorted_by(|a, b| a.mean >= b.mean));
            given.sort_unstable();
            prop_assert!(given.into_iter().eq(0..n));
        }
    }
}

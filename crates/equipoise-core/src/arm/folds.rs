//! Folds over the training rows under which no synthetic row helps to judge its own source.

use super::{Example, Pool};
use crate::data::deal_folds;
use crate::rng::Seed;

/// Which fold validates each real row. Rows of equal text share a fold; each label is spread over the folds as evenly as it goes,
/// a label with fewer rows than folds over as many folds as it has rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folds {
    fold_of: Vec<usize>,
    n_folds: usize,
}

impl Folds {
    /// Deals the real rows of `pool` to `n_folds` folds; `None` where fewer than two would get rows.
    pub fn new(pool: &Pool<'_>, n_folds: usize, seed: Seed) -> Option<Self> {
        let fold_of = deal_folds(pool.real.iter().map(|e| (e.text, e.label)), n_folds, seed)?;
        Some(Folds { fold_of, n_folds })
    }

    /// How many folds there are; one may be empty where there are few rows.
    pub fn n_folds(&self) -> usize {
        self.n_folds
    }

    /// Positions of the real rows that `fold` validates, ascending.
    pub fn validated(&self, fold: usize) -> Vec<usize> {
        (0..self.fold_of.len()).filter(|at| self.fold_of[*at] == fold).collect()
    }

    /// The share of the kept synthetic rows that a fold trains with, in the mean; `None` without such rows.
    pub fn kept_share(&self, pool: &Pool<'_>) -> Option<f64> {
        let left_out = |parents: &[usize]| {
            let mut folds: Vec<usize> = parents.iter().map(|at| self.fold_of[*at]).collect();
            folds.sort_unstable();
            folds.dedup();
            folds.len()
        };
        let n_left_out: usize = pool.kept.iter().map(|e| left_out(&e.parents)).sum();
        (!pool.kept.is_empty()).then(|| 1.0 - n_left_out as f64 / (pool.kept.len() * self.n_folds) as f64)
    }

    /// The pool without the rows that `fold` validates and without every synthetic row that was made from one of them.
    ///
    /// What is left out is not in the pool at all, so that no arm can reach it. A synthetic row of unknown source stays.
    pub fn training<'a>(&self, pool: &Pool<'a>, fold: usize) -> Pool<'a> {
        let mut position = vec![None; pool.real.len()];
        let mut real = Vec::new();
        for (at, example) in pool.real.iter().enumerate().filter(|(at, _)| self.fold_of[*at] != fold) {
            position[at] = Some(real.len());
            real.push(example.clone());
        }
        let without = |examples: &[Example<'a>]| {
            let moved = |e: &Example<'a>| {
                let parents = e.parents.iter().map(|at| position[*at]).collect::<Option<Vec<_>>>()?;
                Some(Example { parents, ..*e })
            };
            examples.iter().filter_map(moved).collect()
        };
        Pool { real, naive: without(&pool.naive), kept: without(&pool.kept), ..*pool }
    }
}

#[cfg(test)]
mod tests {
    use super::super::example;
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashSet;

    proptest! {
        #[test]
        fn neither_a_text_nor_a_child_stands_on_both_sides(
            texts in proptest::collection::vec(("[ab]{1,3}", 0u16..3), 2..40),
            parents in proptest::collection::vec(proptest::collection::vec(0usize..40, 0..3), 0..40),
            seed in 0u64..50,
        ) {
            let n = texts.len();
            let real: Vec<_> = texts.iter().map(|(t, l)| example(t, *l, &[])).collect();
            let kept: Vec<_> = parents
                .iter()
                .map(|p| example("child", 0, &p.iter().map(|at| at % n).collect::<Vec<_>>()))
                .collect();
            let pool = Pool { real, naive: vec![], kept, n_labels: 3, author: None };
            let Some(folds) = Folds::new(&pool, 5, Seed::new(seed)) else { return Ok(()) };
            let mut validated_once = vec![0; n];
            let mut n_trained = 0;
            for fold in 0..5 {
                let validated: HashSet<usize> = folds.validated(fold).into_iter().collect();
                validated.iter().for_each(|at| validated_once[*at] += 1);
                let training = folds.training(&pool, fold);
                prop_assert_eq!(training.real.len() + validated.len(), n);
                let seen: HashSet<&str> = training.real.iter().map(|e| e.text).collect();
                prop_assert!(validated.iter().all(|at| !seen.contains(pool.real[*at].text)));
                n_trained += training.kept.len();
                let clean = pool.kept.iter().filter(|e| e.parents.iter().all(|p| !validated.contains(p)));
                let clean: Vec<_> = clean.collect();
                prop_assert_eq!(clean.len(), training.kept.len());
                for (before, after) in clean.iter().zip(&training.kept) {
                    let texts_before: Vec<_> = before.parents.iter().map(|p| pool.real[*p].text).collect();
                    let texts_after: Vec<_> = after.parents.iter().map(|p| training.real[*p].text).collect();
                    prop_assert_eq!(texts_before, texts_after);
                }
            }
            prop_assert!(validated_once.iter().all(|times| *times == 1));
            if let Some(share) = folds.kept_share(&pool) {
                prop_assert!((share - n_trained as f64 / (5 * pool.kept.len()) as f64).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn spreads_every_label_evenly_and_small_ones_over_the_folds_they_have() {
        let texts: Vec<String> = (0..43).map(|i| format!("text {i}")).collect();
        let label = |i: usize| if i < 3 { 1 } else { 0 };
        let real = texts.iter().enumerate().map(|(i, t)| example(t, label(i), &[])).collect();
        let pool = Pool { real, naive: vec![], kept: vec![], n_labels: 2, author: None };
        let folds = Folds::new(&pool, 5, Seed::new(7)).unwrap();
        let mut rare: Vec<usize> = (0..5).map(|f| folds.validated(f).iter().filter(|at| **at < 3).count()).collect();
        rare.sort_unstable();
        assert_eq!(rare, [0, 0, 1, 1, 1]);
        assert!((0..5).all(|f| (8..=9).contains(&folds.validated(f).len())));
    }

    #[test]
    fn rows_that_all_say_the_same_cannot_be_folded() {
        let real = vec![example("same", 0, &[]), example("Same!", 1, &[])];
        let pool = Pool { real, naive: vec![], kept: vec![], n_labels: 2, author: None };
        assert_eq!(Folds::new(&pool, 5, Seed::new(7)), None);
    }
}

//! Raising labels by saying their real rows again.

use super::Pool;
use crate::rng::Seed;
use rand::seq::SliceRandom;

/// Positions of real examples to add so that each label reaches its target, by label id.
///
/// Every row of a label is repeated equally often; what is left over is drawn at random without repeats. The same expectation as
/// drawing with replacement, without that draw's noise in the arm that others are measured against.
pub(super) fn repeats_to(pool: &Pool<'_>, targets: &[usize], seed: Seed) -> Vec<usize> {
    let mut added = Vec::new();
    for (label, rows) in pool.real_by_label().into_iter().enumerate() {
        let missing = targets[label].saturating_sub(rows.len());
        if rows.is_empty() || missing == 0 {
            continue;
        }
        for _ in 0..missing / rows.len() {
            added.extend(&rows);
        }
        let mut drawn = rows.clone();
        drawn.shuffle(&mut seed.child(&label.to_string()).rng());
        added.extend(&drawn[..missing % rows.len()]);
    }
    added
}

/// The size of the largest label, as every present label's target.
pub(super) fn largest(pool: &Pool<'_>) -> Vec<usize> {
    let counts = pool.counts(&pool.real);
    let largest = counts.iter().copied().max().unwrap_or(0);
    counts.iter().map(|n| if *n == 0 { 0 } else { largest }).collect()
}

#[cfg(test)]
mod tests {
    use super::super::example;
    use super::*;

    #[test]
    fn repeats_rows_evenly_before_it_draws() {
        let real = vec![example("a", 0, &[]), example("b", 0, &[]), example("c", 0, &[])];
        let pool = Pool { real, naive: vec![], kept: vec![], n_labels: 1, author: None };
        let added = repeats_to(&pool, &[8], Seed::new(1));
        let times: Vec<usize> = (0..3).map(|at| added.iter().filter(|a| **a == at).count()).collect();
        assert_eq!(added.len(), 5);
        assert!(times.iter().all(|t| (1..=2).contains(t)), "{times:?}");
    }
}

//! The weights of the chosen arm, row by row, for any other trainer.

use crate::arm::{Pool, Recipe, SyntheticPool};

/// What each row weighs in the arm that was chosen.
#[derive(Debug, Clone, PartialEq)]
pub struct RowWeights {
    /// The arm.
    pub arm: &'static str,
    /// One for each training row, in the order of the view; 0 for a row that the arm leaves out.
    pub real: Vec<f64>,
    /// The mean weight of a training row of each label, by id, for real rows that were held out; `None` where no row has the label.
    pub of_label: Vec<Option<f64>>,
    /// One for each kept synthetic row, in their order; 0 where the arm trains without them.
    pub kept: Vec<f64>,
    /// Whether these weights are the whole arm: it has one fit, no moved threshold, and no row of its own.
    pub is_whole: bool,
}

impl RowWeights {
    /// The weights of the recipe's first fit. A row that stands several times has their sum.
    pub(super) fn of(arm: &'static str, recipe: &Recipe, pool: &Pool<'_>) -> Option<Self> {
        let set = &recipe.parts.first()?.set;
        let mut real = vec![0.0; pool.real.len()];
        set.real.iter().for_each(|(at, weight)| real[*at] += weight);
        let mut kept = vec![0.0; pool.kept.len()];
        let uses_kept = set.synthetic_pool == SyntheticPool::Kept;
        if uses_kept {
            set.synthetic.iter().for_each(|(at, weight)| kept[*at] += weight);
        }
        let mut sums = vec![(0.0, 0usize); pool.n_labels];
        for (example, weight) in pool.real.iter().zip(&real) {
            let (sum, n) = &mut sums[example.label.index()];
            *sum += weight;
            *n += 1;
        }
        let has_own = !set.between.is_empty() || (!uses_kept && !set.synthetic.is_empty());
        Some(RowWeights {
            arm,
            is_whole: recipe.parts.len() == 1 && recipe.shifts.iter().all(|s| *s == 0.0) && !has_own,
            of_label: sums.iter().map(|(sum, n)| (*n > 0).then(|| rounded(sum / *n as f64))).collect(),
            real: real.into_iter().map(rounded).collect(),
            kept: kept.into_iter().map(rounded).collect(),
        })
    }
}

/// Seven significant digits: more would be the order of a sum.
fn rounded(weight: f64) -> f64 {
    format!("{weight:.6e}").parse().unwrap_or(weight)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arm::{TrainingSet, example};

    fn pool() -> Pool<'static> {
        let real = vec![example("a", 0, &[]), example("b", 0, &[]), example("c", 0, &[]), example("d", 1, &[])];
        let kept = vec![example("e", 1, &[3]), example("f", 1, &[3])];
        Pool { real, naive: kept.clone(), kept, n_labels: 3, author: None }
    }

    #[test]
    fn gives_each_row_its_weight_and_each_label_the_mean_of_its_rows() {
        let pool = pool();
        let mut set = TrainingSet::real_and(&pool, SyntheticPool::Kept).unwrap();
        set.balance(&pool);
        let weights = RowWeights::of("synthetic_class_weight", &Recipe::of(set), &pool).unwrap();
        assert_eq!(weights.real, [1.0; 4]);
        assert_eq!(weights.kept, [1.0; 2]);
        assert_eq!((weights.of_label, weights.is_whole), (vec![Some(1.0), Some(1.0), None], true));
    }

    #[test]
    fn an_arm_without_the_kept_rows_gives_them_none() {
        let pool = pool();
        let mut set = TrainingSet::real_once(&pool);
        set.balance(&pool);
        let weights = RowWeights::of("class_weight", &Recipe::of(set), &pool).unwrap();
        assert_eq!(weights.real, [rounded(2.0 / 3.0), rounded(2.0 / 3.0), rounded(2.0 / 3.0), 2.0]);
        assert_eq!((weights.kept, weights.of_label[1]), (vec![0.0; 2], Some(2.0)));
        let set = TrainingSet { real: vec![(0, 1.0), (0, 1.0)], ..TrainingSet::real_once(&pool) };
        let moved = Recipe { shifts: vec![0.5], ..Recipe::of(set) };
        let weights = RowWeights::of("threshold", &moved, &pool).unwrap();
        assert_eq!((weights.real[0], weights.real[1], weights.is_whole), (2.0, 0.0, false));
    }
}

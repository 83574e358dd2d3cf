//! Arms: ways of training that the verdict sets side by side.

mod auto;
mod class_weight;
mod context;
mod cross_validate;
mod duplicate_control;
mod folds;
mod none;
mod over_sample;
mod pool;
mod repeats;
mod smote;
mod synthetic;
mod synthetic_naive;
#[cfg(test)]
mod testing;
mod training_set;

use crate::catalog::Entry;
use crate::rng::Seed;
use crate::stats::Estimate;

pub use context::{Context, Fitted};
pub use cross_validate::{OutOfFold, out_of_fold};
pub use folds::Folds;
pub use pool::{Example, Pool, UnknownLabel};
#[cfg(test)]
pub(crate) use testing::{Words, example};
pub use training_set::{SyntheticPool, TrainingSet};

/// Every arm, in the order in which results show them: free ones first, then those with synthetic rows, then the procedure that chooses.
pub static CATALOG: &[&Entry<dyn Arm>] = &[
    &none::ENTRY,
    &class_weight::ENTRY,
    &over_sample::ENTRY,
    &smote::ENTRY,
    &duplicate_control::ENTRY,
    &synthetic_naive::ENTRY,
    &synthetic::ENTRY,
    &auto::ENTRY,
];

/// A way of training.
pub trait Arm: Send + Sync {
    /// What to train on, or `None` where the pool does not allow it (no synthetic rows).
    fn make(&self, context: &Context<'_>, seed: Seed) -> Option<Made>;

    /// How many models the arm takes, for progress: those that [`Arm::make`] fits and its own.
    fn n_fits(&self, _pool: &Pool<'_>) -> usize {
        1
    }
}

/// What an arm makes of the training rows.
#[derive(Debug, Clone, PartialEq)]
pub enum Made {
    /// Examples to train on.
    Set(TrainingSet),
    /// Another arm, chosen by the training rows alone; its fit is this arm's fit.
    Choice(Choice),
}

/// Which arm was chosen, and the evidence.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// Name of the chosen arm.
    pub arm: &'static str,
    /// Macro-F1 in cross-validation of each arm that took part; `None` where it is undefined.
    pub scores: Vec<(&'static str, Option<Estimate>)>,
    /// Why, in a sentence with the figures.
    pub reason: String,
    /// What a reader has to know about the evidence.
    pub notes: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Settings, assert_contract};
    use crate::data::LabelId;
    use proptest::prelude::*;

    #[test]
    fn every_arm_keeps_the_catalog_contract() {
        assert_contract(CATALOG);
    }

    fn made(name: &str, pool: &Pool<'_>, seed: u64) -> Option<Made> {
        let arm = crate::catalog::find(CATALOG, "arm", name).unwrap().build(&Settings::new()).unwrap();
        arm.make(&Context::new(pool, &Words), Seed::new(seed))
    }

    fn words() -> impl Strategy<Value = Vec<(String, u16, Vec<usize>)>> {
        proptest::collection::vec(("[a-d]( [a-d]){0,3}", 0u16..3, proptest::collection::vec(0usize..9, 0..2)), 1..14)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]

        #[test]
        fn every_arm_makes_a_lawful_set_and_the_same_one_again(real in words(), synthetic in words(), seed in 0u64..4) {
            let n = real.len();
            let real: Vec<_> = real.iter().map(|(t, l, _)| example(t, *l, &[])).collect();
            let made_from: Vec<_> = synthetic
                .iter()
                .map(|(t, l, p)| example(t, *l, &p.iter().copied().filter(|p| *p < n).collect::<Vec<_>>()))
                .collect();
            let pool = Pool { real, naive: made_from.clone(), kept: made_from, n_labels: 3 };
            for entry in CATALOG {
                let first = made(entry.name, &pool, seed).expect("this pool allows every arm");
                prop_assert_eq!(&Some(first.clone()), &made(entry.name, &pool, seed));
                let Made::Set(set) = first else { continue };
                prop_assert!(set.real.iter().all(|(at, w)| *at < n && *w > 0.0 && w.is_finite()));
                prop_assert!(set.synthetic.iter().all(|(at, w)| *at < pool.naive.len() && *w > 0.0));
                for (a, b, share) in &set.between {
                    prop_assert_eq!(pool.real[*a].label, pool.real[*b].label, "a point between two labels");
                    prop_assert!((0.0..1.0).contains(share) && a != b);
                }
                let mut seen: Vec<usize> = set.real.iter().map(|r| r.0).collect();
                seen.sort_unstable();
                seen.dedup();
                prop_assert_eq!(seen.len(), n, "`{}` leaves a real row out", entry.name);
            }
        }
    }

    fn counts(pool: &Pool<'_>, set: &TrainingSet) -> Vec<usize> {
        set.counts(pool)
    }

    fn uneven() -> Pool<'static> {
        let real = vec![
            example("a b", 0, &[]),
            example("a c", 0, &[]),
            example("a d", 0, &[]),
            example("a e", 0, &[]),
            example("x y", 1, &[]),
            example("x z", 1, &[]),
            example("q", 2, &[]),
        ];
        let naive = vec![example("x v", 1, &[4]), example("x w", 1, &[5]), example("q r", 2, &[6])];
        Pool { real, kept: naive[1..].to_vec(), naive, n_labels: 4 }
    }

    fn set(name: &str, pool: &Pool<'_>) -> TrainingSet {
        match made(name, pool, 7) {
            Some(Made::Set(set)) => set,
            other => panic!("`{name}` made {other:?}"),
        }
    }

    #[test]
    fn label_counts_of_each_arm_are_what_its_name_says() {
        let pool = uneven();
        for (arm, expected) in [
            ("none", vec![4, 2, 1, 0]),
            ("class_weight", vec![4, 2, 1, 0]),
            ("over_sample", vec![4, 4, 4, 0]),
            ("smote", vec![4, 4, 4, 0]),
            ("duplicate_control", vec![4, 4, 2, 0]),
            ("synthetic_naive", vec![4, 4, 2, 0]),
            ("synthetic", vec![4, 3, 2, 0]),
        ] {
            assert_eq!(counts(&pool, &set(arm, &pool)), expected, "{arm}");
        }
    }

    #[test]
    fn class_weights_give_each_present_label_the_same_mass() {
        let pool = uneven();
        let mut mass = [0.0; 3];
        for (at, weight) in set("class_weight", &pool).real {
            mass[pool.real[at].label.index()] += weight;
        }
        mass.iter().for_each(|m| assert!((m - 7.0 / 3.0).abs() < 1e-12, "{mass:?}"));
    }

    #[test]
    fn arms_with_synthetic_rows_stand_aside_without_them() {
        let pool = Pool { naive: vec![], kept: vec![], ..uneven() };
        for arm in ["duplicate_control", "synthetic_naive", "synthetic"] {
            assert_eq!(made(arm, &pool, 7), None, "{arm}");
        }
        assert!(matches!(made("auto", &pool, 7), Some(Made::Choice(_))));
    }

    #[test]
    fn a_label_of_one_row_is_duplicated_by_smote() {
        let pool = uneven();
        let set = set("smote", &pool);
        assert_eq!(set.real.iter().filter(|(at, _)| pool.real[*at].label == LabelId(2)).count(), 4);
    }
}

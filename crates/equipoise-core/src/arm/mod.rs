//! Arms: ways of training that the verdict sets side by side.

mod author;
mod auto;
mod class_weight;
mod context;
mod cross_validate;
mod cut;
mod duplicate_control;
mod eda;
mod entry;
mod fits;
mod fitted;
mod folds;
mod goal;
mod neighbours;
mod none;
mod offline;
mod over_sample;
mod parents;
mod platt;
mod pool;
mod prior;
mod recipe;
mod repeats;
mod set;
mod smote;
mod space;
mod synthetic;
mod synthetic_adapted;
mod synthetic_mixture;
mod synthetic_naive;
mod synthetic_weighted;
#[cfg(test)]
mod testing;
mod threshold;
mod thresholded;
mod training_set;
mod under_sample;
mod weighted;

use crate::catalog::Entry;
use crate::data::Labels;
use crate::rng::Seed;
use crate::stats::Estimate;

use entry::form;

pub(crate) use author::Anew;
pub use context::Context;
pub use cross_validate::{CrossValidated, FOLDS};
pub use cut::Cut;
pub use entry::{Addition, ArmEntry, Form, Role, find, is_synthetic, lookup, role};
pub use fits::Fits;
pub use fitted::Fitted;
pub use folds::Folds;
pub use goal::{Goal, GoalError};
pub use pool::{Example, Pool, UnknownLabel};
pub use prior::{PriorError, Priors};
pub use recipe::{Part, Recipe};
pub use set::ArmSet;
#[cfg(test)]
pub(crate) use testing::{Words, example, moods};
pub use training_set::{SyntheticPool, TrainingSet, Written};

/// Every arm, in the order in which results show them: free ones first, then those with synthetic rows, then the procedure that chooses.
pub static CATALOG: &[&ArmEntry] = &[
    &none::ENTRY,
    &class_weight::ENTRY,
    &threshold::ENTRY,
    &over_sample::ENTRY,
    &under_sample::ENTRY,
    &smote::ENTRY,
    &eda::ENTRY,
    form!(eda + class_weight),
    &offline::ENTRY,
    form!(offline + class_weight),
    &duplicate_control::ENTRY,
    &synthetic_naive::ENTRY,
    form!(synthetic_naive + class_weight),
    &synthetic::ENTRY,
    form!(synthetic + class_weight),
    &synthetic_weighted::ENTRY,
    form!(synthetic_weighted + threshold),
    &synthetic_adapted::ENTRY,
    form!(synthetic_adapted + threshold),
    &synthetic_mixture::ENTRY,
    &auto::ENTRY,
];

/// The free arms that a gain has to beat, fixed before anything is measured: weights, and a moved decision. Which of all free arms is the
/// best is known only on the judged rows, and to have been picked there flatters it.
pub static RIVALS: &[&ArmEntry] = &[&class_weight::ENTRY, &threshold::ENTRY];

/// The real rows as they are.
pub const NONE: &str = "none";
/// The calibrated cut.
pub const THRESHOLD: &str = "threshold";
/// Class weights.
pub const CLASS_WEIGHT: &str = "class_weight";
/// The kept synthetic rows, as the data set is written.
pub const SYNTHETIC: &str = "synthetic";
/// The unchecked synthetic rows.
pub const SYNTHETIC_NAIVE: &str = "synthetic_naive";

/// A way of training.
pub trait Arm: Send + Sync {
    /// What to train on, or `None` where the pool does not allow it (no synthetic rows).
    fn make(&self, context: &Context<'_>, seed: Seed) -> Option<ArmOutput>;

    /// Names of the arms whose out-of-fold probabilities [`Arm::make`] reads from [`Context::crossed`].
    fn cross_validates(&self) -> &[&'static str] {
        &[]
    }

    /// The arm whose models this one reads with another cut; `None` for an arm with models of its own.
    fn is_cut_of(&self) -> Option<&'static str> {
        None
    }

    /// What a reader has to know about how the arm went about it with these rows.
    fn notes(&self, _pool: &Pool<'_>, _labels: &Labels) -> Vec<String> {
        vec![]
    }

    /// How many models the arm's recipe takes, for progress.
    fn n_fits(&self, _pool: &Pool<'_>) -> usize {
        1
    }
}

/// What an arm makes of the training rows.
#[derive(Debug, Clone, PartialEq)]
pub enum ArmOutput {
    /// What to fit, and on what.
    Recipe(Recipe),
    /// Another arm, chosen by the training rows alone; its fit is this arm's fit.
    Choice(Choice),
}

/// Which arm was chosen, and the evidence.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// Name of the chosen arm.
    pub arm: &'static str,
    /// Name of the arm with synthetic rows that was weighed, chosen or not; `None` without synthetic rows.
    pub texts: Option<&'static str>,
    /// The goal's figure in cross-validation of each arm that took part; `None` where it is undefined.
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
        let items: Vec<_> = CATALOG.iter().map(|arm| &arm.item).collect();
        assert_contract(Box::leak(items.into_boxed_slice()));
    }

    #[test]
    fn an_arm_is_made_of_what_its_role_says() {
        let pool = uneven();
        for arm in CATALOG {
            let Some(ArmOutput::Recipe(recipe)) = made(arm.item.name, &pool, 7) else {
                assert_eq!(arm.role, Role::Chooser, "{}", arm.item.name);
                continue;
            };
            let pools = recipe.sets().filter(|set| !set.synthetic.is_empty()).map(|set| &set.synthetic_pool);
            let holds_synthetic = pools.into_iter().any(|pool| !matches!(pool, SyntheticPool::Written(_)));
            assert_eq!(holds_synthetic, matches!(arm.role, Role::Synthetic { .. }), "{}", arm.item.name);
        }
        assert_eq!(CATALOG.iter().filter(|arm| arm.role == Role::Baseline).count(), 1);
        assert!(RIVALS.iter().all(|arm| arm.role == Role::Free));
        let named = [NONE, CLASS_WEIGHT, THRESHOLD, SYNTHETIC, SYNTHETIC_NAIVE];
        assert!(named.iter().all(|name| lookup(name).is_some()));
    }

    fn made(name: &str, pool: &Pool<'_>, seed: u64) -> Option<ArmOutput> {
        let arm = find(name).unwrap().item.build(&Settings::new()).unwrap();
        let context = Context::new(pool.clone(), &Words).cross_validated(arm.cross_validates(), Seed::new(seed));
        arm.make(&context, Seed::new(seed))
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
            let pool = Pool { real, naive: made_from.clone(), kept: made_from, n_labels: 3, author: None };
            for entry in CATALOG.iter().map(|arm| &arm.item) {
                let first = made(entry.name, &pool, seed).expect("this pool allows every arm");
                prop_assert_eq!(&Some(first.clone()), &made(entry.name, &pool, seed));
                let ArmOutput::Recipe(recipe) = first else { continue };
                for set in recipe.sets() {
                    prop_assert!(set.real.iter().all(|(at, w)| *at < n && *w > 0.0 && w.is_finite()));
                    let n_synthetic = set.synthetic_pool.of(&pool).len();
                    prop_assert!(set.synthetic.iter().all(|(at, w)| *at < n_synthetic && *w > 0.0 && w.is_finite()));
                    for (a, b, share) in &set.between {
                        prop_assert_eq!(pool.real[*a].label, pool.real[*b].label, "a point between two labels");
                        prop_assert!((0.0..1.0).contains(share) && a != b);
                    }
                }
                prop_assert!(recipe.shifts.iter().all(|s| s.is_finite()));
                let mut seen: Vec<usize> = recipe.parts[0].set.real.iter().map(|r| r.0).collect();
                seen.sort_unstable();
                seen.dedup();
                prop_assert!(entry.name == "under_sample" || seen.len() == n, "`{}` leaves a real row out", entry.name);
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
        Pool { real, kept: naive[1..].to_vec(), naive, n_labels: 4, author: None }
    }

    fn set(name: &str, pool: &Pool<'_>) -> TrainingSet {
        match made(name, pool, 7) {
            Some(ArmOutput::Recipe(recipe)) => recipe.parts[0].set.clone(),
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
            ("under_sample", vec![1, 1, 1, 0]),
            ("smote", vec![4, 4, 4, 0]),
            ("eda", vec![4, 4, 2, 0]),
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
        for arm in ["eda_class_weight", "synthetic_naive_class_weight", "synthetic_class_weight", "synthetic_weighted"]
        {
            let set = set(arm, &pool);
            let synthetic = set.synthetic_pool.of(&pool);
            let mut mass = [0.0; 3];
            set.real.iter().for_each(|(at, w)| mass[pool.real[*at].label.index()] += w);
            set.synthetic.iter().for_each(|(at, w)| mass[synthetic[*at].label.index()] += w);
            mass.iter().for_each(|m| assert!((m - mass[0]).abs() < 1e-9 && *m > 1.0, "{arm}: {mass:?}"));
        }
    }

    #[test]
    fn arms_with_synthetic_rows_stand_aside_without_them() {
        let pool = Pool { naive: vec![], kept: vec![], ..uneven() };
        let synthetic =
            CATALOG.iter().filter(|arm| matches!(arm.role, Role::Synthetic { .. })).map(|arm| arm.item.name);
        for arm in synthetic.chain(["duplicate_control"]) {
            assert_eq!(made(arm, &pool, 7), None, "{arm}");
        }
        assert!(matches!(made("auto", &pool, 7), Some(ArmOutput::Choice(_))));
    }

    #[test]
    fn a_label_of_one_row_is_duplicated_by_smote() {
        let pool = uneven();
        let set = set("smote", &pool);
        assert_eq!(set.real.iter().filter(|(at, _)| pool.real[*at].label == LabelId(2)).count(), 4);
    }
}

//! Training every arm, before a row is judged.

use super::results::FittedArm;
use super::row_weights::RowWeights;
use super::save::{Chosen, save};
use crate::arm::{Arm, ArmEntry, ArmOutput, ArmSet, Choice, Context, CrossValidated, Cut, Fitted, Pool, Recipe};
use crate::data::Labels;
use crate::learner::Learner;
use crate::rng::Seed;
use crate::text::signed;
use rayon::prelude::*;

/// The arm that a verdict recommends, fitted with the first learner.
#[derive(Debug, Clone, PartialEq)]
pub struct Saved {
    /// The bytes of the [`crate::learner::Classifier`], calibrated on the training rows; `None` where it cannot be saved.
    pub model: Option<Vec<u8>>,
    /// What each row weighs in it.
    pub weights: Option<RowWeights>,
}

/// One learner's arms.
pub(super) struct Trained {
    pub(super) arms: Vec<FittedArm>,
    pub(super) fits: Vec<Fitted>,
    /// What each fit was made from.
    recipes: Vec<Recipe>,
    pub(super) choice: Option<Choice>,
    crossed: Option<CrossValidated>,
    cut: Cut,
}

impl Trained {
    /// Trains `arms` in `context`.
    pub(super) fn new(
        context: &Context<'_>,
        arms: Vec<(&'static ArmEntry, &dyn Arm)>,
        labels: &Labels,
        seed: Seed,
    ) -> Self {
        let make = |(entry, arm): (&'static ArmEntry, &dyn Arm)| {
            let made = arm.make(context, seed.child(&format!("arm/{}", entry.item.name)))?;
            // A learner that has features for known texts alone is not trained on an arm's own.
            context.can_learn(&made).then_some((entry, made))
        };
        let made: Vec<(&'static ArmEntry, ArmOutput)> = arms.into_par_iter().filter_map(make).collect();
        let (crossed, cut) = (context.crossed().cloned(), context.cut());
        let mut trained = Trained { arms: vec![], fits: vec![], recipes: vec![], choice: None, crossed, cut };
        let (mut recipes, mut choosers) = (Vec::new(), Vec::new());
        for (entry, made) in made {
            match made {
                ArmOutput::Recipe(recipe) => recipes.push((entry, recipe)),
                ArmOutput::Choice(choice) => choosers.push((entry, choice)),
            }
        }
        let fits = context.fit_all(&recipes.iter().map(|(_, recipe)| recipe).collect::<Vec<_>>());
        recipes.into_iter().zip(fits).for_each(|((entry, recipe), fit)| trained.add(entry, recipe, fit));
        choosers.into_iter().for_each(|(entry, choice)| trained.choose(entry, choice, labels));
        trained
    }

    /// The fit of the arm called `name`.
    pub(super) fn fit_of(&self, name: &str) -> Option<&Fitted> {
        self.fits.get(self.arms.iter().find(|arm| arm.name() == name)?.fit)
    }

    fn add(&mut self, entry: &'static ArmEntry, recipe: Recipe, fit: Fitted) {
        let (n_real, n_synthetic) = recipe.size();
        let fit_at = self.fits.len();
        self.arms.push(FittedArm { entry, n_real, n_synthetic, fit: fit_at, chosen: false, cv_score: None });
        self.fits.push(fit);
        self.recipes.push(recipe);
    }

    /// Marks what a procedure chose, and adds the procedure as an arm of the same fit.
    fn choose(&mut self, entry: &'static ArmEntry, mut choice: Choice, labels: &Labels) {
        for (arm, score) in &choice.scores {
            self.arms.iter_mut().filter(|a| a.name() == *arm).for_each(|a| a.cv_score.clone_from(score));
        }
        if let Some(arm) = self.arms.iter_mut().find(|a| a.name() == choice.arm) {
            arm.chosen = true;
            let same = FittedArm { entry, chosen: false, cv_score: arm.cv_score.clone(), ..*arm };
            let (fit, recipe) = (&self.fits[arm.fit], &self.recipes[arm.fit]);
            choice.notes.extend(moved(choice.arm, &fit.shifts, labels));
            let is_half = fit.models.len() < recipe.parts.len();
            choice.notes.extend(is_half.then(|| {
                format!(
                    "This learner cannot adapt a model to other rows, so `{}` is its weighted half alone.",
                    choice.arm
                )
            }));
            self.arms.push(same);
        }
        self.choice = Some(choice);
    }

    /// The arm called `name` as a file and as weights; `None` where it was not fitted.
    pub(super) fn saved(
        &self,
        name: &str,
        (pool, labels): (&Pool<'_>, &Labels),
        (arms, learner): (&ArmSet, (&str, &dyn Learner)),
        seed: Seed,
    ) -> Option<Saved> {
        let fitted = self.arms.iter().find(|arm| arm.name() == name)?;
        let (arm, fit) = (arms.get(name)?, &self.fits[fitted.fit]);
        let out_of_fold = self.crossed.as_ref().and_then(|crossed| match arm.is_cut_of() {
            Some(base) => crossed.cut(base, &pool.truth(), &self.cut),
            None => crossed.probabilities(name).map(<[f64]>::to_vec),
        });
        let chosen = Chosen { name: fitted.name(), arm, fit, out_of_fold };
        let weights = RowWeights::of(fitted.name(), &self.recipes[fitted.fit], pool);
        Some(Saved { model: save(pool, learner, chosen, labels, seed), weights })
    }
}

/// How far the cut of an arm is moved, the furthest label first.
fn moved(arm: &str, shifts: &[f64], labels: &Labels) -> Option<String> {
    let mut moved: Vec<(&str, f64)> = labels.names().iter().map(String::as_str).zip(shifts.iter().copied()).collect();
    let middle = shifts.iter().sum::<f64>() / shifts.len().max(1) as f64;
    moved.sort_by(|a, b| (b.1 - middle).abs().total_cmp(&(a.1 - middle).abs()));
    let each: Vec<String> =
        moved.iter().map(|(label, shift)| format!("{label} {}", signed(shift - middle, 2))).collect();
    (!each.is_empty()).then(|| format!("`{arm}` adds to the log probabilities of the labels: {}.", each.join(", ")))
}

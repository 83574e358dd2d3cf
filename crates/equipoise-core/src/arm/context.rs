//! What an arm works with: the pool, the learner, and what is computed once for all arms.

use super::cross_validate::{CrossValidated, FOLDS, cross_validate};
use super::cut::Cut;
use super::space::Space;
use super::{ArmOutput, ArmSet, Example, Fitted, Goal, Part, Pool, Priors, Recipe, SyntheticPool, TrainingSet};
use crate::data::LabelId;
use crate::learner::{Csr, Learner, Model, Problem};
use crate::rng::Seed;
use rayon::prelude::*;
use std::borrow::Cow;
use std::sync::{Arc, LazyLock};

/// The pool, the learner, the goal, and what arms share: features and out-of-fold probabilities.
///
/// Recipes over real rows alone share one feature space, those with kept rows another, those with unchecked rows a third. No
/// held-out row can come in: the pool holds none.
pub struct Context<'a> {
    pool: Pool<'a>,
    learner: &'a dyn Learner,
    arms: &'a ArmSet,
    goal: Goal,
    priors: &'a Priors,
    // At once rather than on first use: waiting for a cell inside a thread pool can lock up.
    real: Space,
    kept: Option<Arc<Space>>,
    naive: Option<Arc<Space>>,
    crossed: Option<CrossValidated>,
    on_fit: Option<&'a (dyn Fn() + Sync)>,
}

/// The arms as they are documented, for a context that was given no others.
static DOCUMENTED: LazyLock<ArmSet> = LazyLock::new(ArmSet::default);

/// The shares of the training rows.
static NO_PRIORS: LazyLock<Priors> = LazyLock::new(Priors::default);

impl<'a> Context<'a> {
    /// Fits the features of the real rows of `pool`, and of real and synthetic rows together.
    pub fn new(pool: Pool<'a>, learner: &'a dyn Learner) -> Self {
        let space = |synthetic: &[Example<'_>]| {
            (!synthetic.is_empty()).then(|| Arc::new(Space::new(learner, &pool.real, synthetic)))
        };
        let real = Space::new(learner, &pool.real, &[]);
        let kept = space(&pool.kept);
        let naive = if pool.naive == pool.kept { kept.clone() } else { space(&pool.naive) };
        Context {
            pool,
            learner,
            arms: &DOCUMENTED,
            goal: Goal::default(),
            priors: &NO_PRIORS,
            real,
            kept,
            naive,
            crossed: None,
            on_fit: None,
        }
    }

    /// What choices on the training rows try to raise; macro-F1 unless said.
    pub fn with_goal(self, goal: Goal) -> Self {
        Context { goal, ..self }
    }

    /// The shares that labels will have where the classifier is used; those of the training rows unless said.
    pub fn with_priors(self, priors: &'a Priors) -> Self {
        Context { priors, ..self }
    }

    /// The arms that cross-validation takes, with the settings of the run; those with documented settings unless said.
    pub fn with_arms(self, arms: &'a ArmSet) -> Self {
        Context { arms, ..self }
    }

    /// Calls `on_fit` after each model that is fitted, from any thread.
    pub fn with_progress(self, on_fit: &'a (dyn Fn() + Sync)) -> Self {
        Context { on_fit: Some(on_fit), ..self }
    }

    /// Has the arms called `names` predict every real row from the other folds, for the arms that read it.
    ///
    /// Everything that is learned is learned anew in each fold, and the children of a row that is predicted stand aside.
    pub fn cross_validated(self, names: &[&'static str], seed: Seed) -> Self {
        self.cross_validated_in(FOLDS, names, seed)
    }

    /// The same in another number of folds.
    pub fn cross_validated_in(mut self, n_folds: usize, names: &[&'static str], seed: Seed) -> Self {
        self.crossed = if names.is_empty() { None } else { cross_validate(&self, n_folds, names, seed) };
        self
    }

    /// What the arm may draw from.
    pub fn pool(&self) -> &Pool<'a> {
        &self.pool
    }

    /// The learner.
    pub fn learner(&self) -> &'a dyn Learner {
        self.learner
    }

    /// The arms.
    pub(super) fn arms(&self) -> &'a ArmSet {
        self.arms
    }

    /// What choices try to raise.
    pub fn goal(&self) -> Goal {
        self.goal
    }

    /// Features of the real examples in the space of the real rows, a row for each position in [`Pool::real`].
    pub fn features(&self) -> &Csr {
        &self.real.features
    }

    /// Features of real and then kept examples in their common space; `None` without kept examples.
    pub(super) fn features_with_kept(&self) -> Option<&Csr> {
        self.kept.as_deref().map(|space| &space.features)
    }

    /// The out-of-fold probabilities; `None` where none were asked for or the rows are too few.
    pub fn crossed(&self) -> Option<&CrossValidated> {
        self.crossed.as_ref()
    }

    pub(super) fn priors(&self) -> &'a Priors {
        self.priors
    }

    /// Whether the learner has features for every text that `made` trains on: an arm may have written some itself.
    pub fn can_learn(&self, made: &ArmOutput) -> bool {
        let ArmOutput::Recipe(recipe) = made else { return true };
        let known = |pool: &SyntheticPool| match pool {
            SyntheticPool::Written(texts) => texts.iter().all(|t| self.learner.knows(&t.text)),
            _ => true,
        };
        // A point between two texts is none where the model reads texts.
        let readable = |set: &TrainingSet| set.between.is_empty() || !self.learner.fits_elsewhere();
        recipe.sets().all(|set| known(&set.synthetic_pool) && readable(set))
    }

    pub(super) fn progress(&self) -> Option<&'a (dyn Fn() + Sync)> {
        self.on_fit
    }

    /// How the cut of an arm with moved thresholds is chosen: the raised labels are moved where some labels have no synthetic rows, else all.
    pub fn cut(&self) -> Cut {
        let pool = &self.pool;
        let [real, kept] = [&pool.real, &pool.kept].map(|rows| pool.counts(rows));
        let all = || (0..pool.n_labels).map(|label| LabelId(label as u16)).filter(|label| real[label.index()] > 0);
        let raised: Vec<LabelId> = all().filter(|label| kept[label.index()] > 0).collect();
        let moved = if raised.is_empty() { all().collect() } else { raised };
        Cut { moved, goal: self.goal, priors: self.priors.clone() }
    }

    /// Fits the learner on `recipe`, whose sets hold at least one example each.
    pub fn fit(&self, recipe: &Recipe) -> Fitted {
        self.fit_all(&[recipe]).pop().expect("a recipe gives a fit")
    }

    /// Fits the learner on every recipe. A part that stands in several recipes is fitted once.
    pub fn fit_all(&self, recipes: &[&Recipe]) -> Vec<Fitted> {
        let written: Vec<Option<Space>> = recipes.par_iter().map(|recipe| self.own_space(recipe)).collect();
        let space = |at: usize| written[at].as_ref().unwrap_or_else(|| self.shared_space(recipes[at]));
        let mut jobs: Vec<(&Space, &Part)> = Vec::new();
        let mut of_recipe: Vec<Vec<usize>> = Vec::with_capacity(recipes.len());
        for (at, recipe) in recipes.iter().enumerate() {
            let space = space(at);
            let job = |part| {
                let known = jobs.iter().position(|(other, known)| std::ptr::eq(*other, space) && *known == part);
                known.unwrap_or_else(|| {
                    jobs.push((space, part));
                    jobs.len() - 1
                })
            };
            of_recipe.push(recipe.parts.iter().map(job).collect());
        }
        let fitted: Vec<Option<Arc<dyn Model>>> =
            jobs.par_iter().map(|(space, part)| self.fit_part(part, space).map(Arc::from)).collect();
        let fit = |(at, recipe): (usize, &&Recipe)| {
            let space = space(at);
            let mut models: Vec<Arc<dyn Model>> = of_recipe[at].iter().filter_map(|job| fitted[*job].clone()).collect();
            if models.is_empty() {
                // Only parts that adapt, and a learner that cannot: what they would have adapted to.
                models
                    .extend(recipe.parts.first().and_then(|part| self.fit_set(&part.set, space, None)).map(Arc::from));
            }
            let (vectoriser, shifts) = (Arc::clone(&space.vectoriser), recipe.shifts.clone());
            Fitted { vectoriser, models, shifts, n_labels: self.pool.n_labels }
        };
        recipes.iter().enumerate().map(fit).collect()
    }

    /// The features of a recipe whose arm wrote texts of its own; `None` where others share them.
    fn own_space(&self, recipe: &Recipe) -> Option<Space> {
        let own = recipe.synthetic_pool().filter(|pool| matches!(pool, SyntheticPool::Written(_)))?;
        Some(Space::new(self.learner, &self.pool.real, &own.of(&self.pool)))
    }

    fn shared_space(&self, recipe: &Recipe) -> &Space {
        let shared = match recipe.synthetic_pool() {
            Some(SyntheticPool::Kept) => self.kept.as_deref(),
            Some(SyntheticPool::Naive) => self.naive.as_deref(),
            _ => None,
        };
        shared.unwrap_or(&self.real)
    }

    fn fit_part(&self, part: &Part, space: &Space) -> Option<Box<dyn Model>> {
        let prior = match &part.prior {
            Some(set) => Some(self.fit_set(set, space, None)?),
            None => None,
        };
        self.fit_set(&part.set, space, prior.as_deref())
    }

    /// `None` where there is a prior that the learner cannot adapt.
    fn fit_set(&self, set: &TrainingSet, space: &Space, prior: Option<&dyn Model>) -> Option<Box<dyn Model>> {
        let (features, labels, weights) = self.gather(set, space);
        let problem = Problem { features: &features, labels: &labels, weights: &weights, n_labels: self.pool.n_labels };
        let model = match prior {
            Some(prior) => self.learner.adapt(&problem, prior),
            None => Some(self.learner.fit(&problem)),
        };
        if let Some(on_fit) = self.on_fit {
            on_fit();
        }
        model
    }

    /// Features, labels and weights of the examples of a set.
    fn gather<'s>(&self, set: &TrainingSet, space: &'s Space) -> (Cow<'s, Csr>, Vec<LabelId>, Vec<f64>) {
        // A row that stands twice is one row of twice the weight: the same optimum from a smaller problem.
        let n_real = self.pool.real.len();
        let mut weight_of = vec![0.0; space.features.n_rows().max(n_real)];
        set.real.iter().for_each(|(at, weight)| weight_of[*at] += weight);
        set.synthetic.iter().for_each(|(at, weight)| weight_of[n_real + at] += weight);
        let used: Vec<usize> = (0..weight_of.len()).filter(|at| weight_of[*at] > 0.0).collect();
        let synthetic = set.synthetic_pool.of(&self.pool);
        let label = |at: usize| if at < n_real { self.pool.real[at].label } else { synthetic[at - n_real].label };
        let mut labels: Vec<LabelId> = used.iter().map(|at| label(*at)).collect();
        let mut weights: Vec<f64> = used.iter().map(|at| weight_of[*at]).collect();
        if used.len() == space.features.n_rows() && set.between.is_empty() {
            return (Cow::Borrowed(&space.features), labels, weights);
        }
        let mut features = Csr::empty(space.features.n_columns);
        for at in used {
            let (columns, values) = space.features.row(at);
            features.push_row(columns.iter().copied().zip(values.iter().copied()));
        }
        for (a, b, share) in &set.between {
            push_between(&mut features, &space.features, [*a, *b], *share);
            labels.push(self.pool.real[*a].label);
            weights.push(1.0);
        }
        (Cow::Owned(features), labels, weights)
    }
}

/// Appends to `to` the row `(1 − share) × a + share × b` of `features`.
fn push_between(to: &mut Csr, features: &Csr, [a, b]: [usize; 2], share: f32) {
    let mut row: Vec<(u32, f32)> = Vec::new();
    for (at, part) in [(a, 1.0 - share), (b, share)] {
        let (columns, values) = features.row(at);
        row.extend(columns.iter().zip(values).map(|(column, value)| (*column, part * value)));
    }
    row.sort_by_key(|entry| entry.0);
    row.dedup_by(|second, first| {
        let same = second.0 == first.0;
        first.1 += if same { second.1 } else { 0.0 };
        same
    });
    to.push_row(row);
}

#[cfg(test)]
mod tests {
    use super::super::{Words, example};
    use super::*;

    fn pool() -> Pool<'static> {
        let real = vec![example("good day", 0, &[]), example("bad day", 1, &[])];
        Pool { real, naive: vec![], kept: vec![example("awful night", 1, &[1])], n_labels: 2, author: None }
    }

    #[test]
    fn a_synthetic_row_brings_its_words() {
        let context = Context::new(pool(), &Words);
        let plain = context.fit(&Recipe::of(TrainingSet::real_once(context.pool())));
        let with = TrainingSet::real_and(context.pool(), SyntheticPool::Kept).unwrap();
        let with = context.fit(&Recipe::of(with));
        assert_eq!(plain.predict(&["awful", "good"]), [LabelId(0), LabelId(0)]);
        assert_eq!(with.predict(&["awful", "good"]), [LabelId(1), LabelId(0)]);
    }

    #[test]
    fn a_repeat_counts_as_weight() {
        let context = Context::new(pool(), &Words);
        let twice = TrainingSet { real: vec![(0, 1.0), (1, 1.0), (1, 1.0)], ..TrainingSet::default() };
        let heavy = TrainingSet { real: vec![(0, 1.0), (1, 2.0)], ..TrainingSet::default() };
        let texts = ["good", "bad", "day"];
        let of = |set| context.fit(&Recipe::of(set)).probabilities(&texts);
        assert_eq!(of(twice), of(heavy));
    }

    #[test]
    fn a_point_between_two_rows_is_their_weighted_mean() {
        let features =
            Csr { offsets: vec![0, 2, 4], indices: vec![0, 2, 1, 2], values: vec![1.0, 2.0, 4.0, 6.0], n_columns: 3 };
        let mut to = Csr::empty(3);
        push_between(&mut to, &features, [0, 1], 0.25);
        assert_eq!(to.indices, [0, 1, 2]);
        assert_eq!(to.values, [0.75, 1.0, 3.0]);
    }

    #[test]
    fn a_recipe_of_several_fits_averages_them_and_moves_the_threshold() {
        let context = Context::new(pool(), &Words);
        let real = Part { set: TrainingSet::real_once(context.pool()), prior: None };
        let both = Part { set: TrainingSet::real_and(context.pool(), SyntheticPool::Kept).unwrap(), prior: None };
        // `Words` cannot adapt, so this part is left out.
        let adapted = Part { set: real.set.clone(), prior: Some(both.set.clone()) };
        let of = |parts: Vec<Part>, shifts: Vec<f64>| context.fit(&Recipe { parts, shifts }).probabilities(&["awful"]);
        let a = of(vec![both.clone()], vec![]);
        let mean = of(vec![both.clone(), both.clone()], vec![]);
        assert_eq!(of(vec![both.clone(), adapted.clone()], vec![]), a);
        assert!(a.iter().zip(&mean).all(|(a, b)| (a - b).abs() < 1e-12));
        assert_eq!(of(vec![adapted], vec![]).len(), 2);
        let moved = of(vec![both], vec![1.0, 0.0]);
        assert!(((moved[0] / moved[1]).ln() - (a[0] / a[1]).ln() - 1.0).abs() < 1e-9);
    }
}

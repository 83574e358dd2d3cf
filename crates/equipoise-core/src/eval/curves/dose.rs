//! The dose curve: what a part of the synthetic rows does, all of them, and more than were wanted.

use super::measure::{Points, Ruler, predict};
use crate::arm::{Context, Fitted, Pool, Recipe, SyntheticPool, TrainingSet};
use crate::learner::Learner;
use crate::rng::Seed;
use crate::stats::Estimate;
use rand::seq::SliceRandom;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// Shares of the kept rows below all of them.
const PARTS: [f64; 2] = [0.25, 0.5];
/// What is kept beyond the target is worth a point of its own from this share of the kept rows on.
const MORE: f64 = 0.25;

/// Mean F1 of the raised labels against the number of synthetic rows, each with weight 1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DoseCurve {
    /// Points by rising share, the first without synthetic rows.
    pub points: Vec<DosePoint>,
    /// The smallest share that is within one standard error of the best: more rows bring nothing that these held-out rows can show.
    /// 0 where the synthetic rows bring nothing.
    pub stop: Option<f64>,
    /// Why the curve ends where it does.
    pub note: String,
}

/// One dose.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DosePoint {
    /// Synthetic rows as a share of those kept within the target: 0 is none, 1 all, above 1 with sound rows beyond the target.
    pub share: f64,
    /// Synthetic rows.
    pub n_synthetic: usize,
    /// Draws whose mean the figures are.
    pub n_draws: usize,
    /// Mean F1 over the raised labels that have held-out rows.
    pub raised_f1: Option<Estimate>,
    /// Macro-F1.
    pub macro_f1: Option<Estimate>,
    /// `raised_f1` minus the one without synthetic rows, paired.
    pub gain: Option<Estimate>,
}

/// The models of the curve, fitted before a held-out row is read.
pub(in crate::eval) struct DoseFits {
    /// Share, synthetic rows and draws of each point.
    points: Vec<(f64, usize, Vec<Fitted>)>,
    n_beyond: usize,
}

/// The doses of a curve, without its models.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::eval) struct Doses {
    /// Share, synthetic rows and number of draws of each point.
    points: Vec<(f64, usize, usize)>,
    n_beyond: usize,
}

impl DoseFits {
    /// How many models the curve takes at most.
    pub(in crate::eval) const fn n_fits(n_draws: usize) -> usize {
        3 + PARTS.len() * n_draws
    }

    /// Fits the curve. The kept rows of `pool` start with the `n_kept` within the target; those after them are sound and beyond
    /// it. `None` without kept rows.
    pub(in crate::eval) fn train(
        pool: Pool<'_>,
        n_kept: usize,
        learner: &dyn Learner,
        on_fit: &(dyn Fn() + Sync),
        (seed, n_draws): (Seed, usize),
    ) -> Option<Self> {
        if n_kept == 0 {
            return None;
        }
        let context = Context::new(pool, learner).with_progress(on_fit);
        let pool = context.pool();
        let mut doses: Vec<(f64, Vec<Vec<usize>>)> = vec![(0.0, vec![vec![]])];
        let draw = |share: f64, i: usize| part(pool, n_kept, share, seed.child(&format!("draw/{i}")));
        doses.extend(PARTS.map(|share| (share, (0..n_draws).map(|i| draw(share, i)).collect())));
        doses.push((1.0, vec![(0..n_kept).collect()]));
        let n_all = pool.kept.len();
        if (n_all - n_kept) as f64 >= MORE * n_kept as f64 {
            doses.push((n_all as f64 / n_kept as f64, vec![(0..n_all).collect()]));
        }
        let fit = |rows: &Vec<usize>| {
            let synthetic = rows.iter().map(|at| (*at, 1.0)).collect();
            let set = TrainingSet { synthetic, synthetic_pool: SyntheticPool::Kept, ..TrainingSet::real_once(pool) };
            context.fit(&Recipe::of(set))
        };
        let point =
            |(share, draws): (f64, Vec<Vec<usize>>)| (share, draws[0].len(), draws.par_iter().map(fit).collect());
        Some(DoseFits { points: doses.into_par_iter().map(point).collect(), n_beyond: n_all - n_kept })
    }

    /// The doses.
    pub(in crate::eval) fn doses(&self) -> Doses {
        let point = |(share, n, draws): &(f64, usize, Vec<Fitted>)| (*share, *n, draws.len());
        Doses { points: self.points.iter().map(point).collect(), n_beyond: self.n_beyond }
    }

    /// What the models say of `texts`.
    pub(in crate::eval) fn predict(&self, texts: &[&str]) -> Points {
        predict(self.points.iter().map(|point| point.2.as_slice()), texts)
    }
}

impl Doses {
    /// The mean of the doses of folds; `None` where they have not the same points.
    pub(in crate::eval) fn mean(folds: &[Doses]) -> Option<Doses> {
        let first = folds.first()?;
        let shape = |doses: &Doses| doses.points.iter().map(|point| point.2).collect::<Vec<_>>();
        if folds.iter().any(|fold| shape(fold) != shape(first)) {
            return None;
        }
        let n = folds.len() as f64;
        let mean = |of: &dyn Fn(&Doses) -> f64| folds.iter().map(of).sum::<f64>() / n;
        let point = |at: usize| {
            let rows = mean(&|fold| fold.points[at].1 as f64).round() as usize;
            (mean(&|fold| fold.points[at].0), rows, first.points[at].2)
        };
        let n_beyond = mean(&|fold| fold.n_beyond as f64).round() as usize;
        Some(Doses { points: (0..first.points.len()).map(point).collect(), n_beyond })
    }

    /// The curve on the judged rows.
    pub(in crate::eval) fn measure(&self, predicted: &Points, ruler: &Ruler<'_>) -> Option<DoseCurve> {
        let measured = ruler.measure(predicted)?;
        let focus: Option<Vec<f64>> = (0..self.points.len()).map(|i| measured.focus(i)).collect();
        let stop = focus.and_then(|values| stop(&values, &measured.focus_drawn())).map(|i| self.points[i].0);
        let point = |(i, (share, n_synthetic, n_draws)): (usize, &(f64, usize, usize))| DosePoint {
            share: *share,
            n_synthetic: *n_synthetic,
            n_draws: *n_draws,
            raised_f1: measured.estimate(i, 0),
            macro_f1: measured.estimate(i, 1),
            gain: (i > 0).then(|| measured.difference(i, 0)).flatten(),
        };
        let last = self.points.last().map_or(0.0, |p| p.0);
        let note = if last > 1.0 {
            format!("The last point has the {} sound texts beyond the target too.", self.n_beyond)
        } else {
            "The curve ends at 100 %: too few sound texts came beyond the target. Ask for twice as many to see 200 %."
                .to_owned()
        };
        Some(DoseCurve { points: self.points.iter().enumerate().map(point).collect(), stop, note })
    }
}

/// A share of the first `n_kept` kept rows, drawn within labels; draws of one seed are nested.
fn part(pool: &Pool<'_>, n_kept: usize, share: f64, seed: Seed) -> Vec<usize> {
    let mut of_label = vec![Vec::new(); pool.n_labels];
    (0..n_kept).for_each(|at| of_label[pool.kept[at].label.index()].push(at));
    let mut rows = Vec::new();
    for (label, mut own) in of_label.into_iter().enumerate() {
        own.shuffle(&mut seed.child(&label.to_string()).rng());
        own.truncate((own.len() as f64 * share).round() as usize);
        rows.extend(own);
    }
    rows.sort_unstable();
    rows
}

/// The first point that is not more than one standard error of the paired difference below the best one.
///
/// # Source
/// The one-standard-error rule of Breiman, Friedman, Olshen and Stone, *Classification and Regression Trees* (1984), 3.4.3.
fn stop(values: &[f64], drawn: &[Vec<f64>]) -> Option<usize> {
    let best = (0..values.len()).fold(0, |best, i| if values[i] > values[best] { i } else { best });
    let within = |i: &usize| {
        let differences: Vec<f64> = drawn.iter().map(|d| d[best] - d[*i]).collect();
        let n = differences.len() as f64;
        let mean = differences.iter().sum::<f64>() / n;
        let error = (differences.iter().map(|d| (d - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt();
        values[best] - values[*i] <= error
    };
    if drawn.len() < 2 { None } else { (0..=best).find(|i| *i == best || within(i)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arm::example;

    #[test]
    fn draws_nested_parts_of_every_label() {
        let kept: Vec<_> = (0..12).map(|i| example("text", u16::from(i % 3 == 0), &[])).collect();
        let pool = Pool { real: vec![], naive: vec![], kept, n_labels: 2, author: None };
        let quarter = part(&pool, 12, 0.25, Seed::new(1));
        let half = part(&pool, 12, 0.5, Seed::new(1));
        assert_eq!((quarter.len(), half.len()), (3, 6));
        assert!(quarter.iter().all(|at| half.contains(at)));
        assert_eq!(half.iter().filter(|at| *at % 3 == 0).count(), 2);
        assert!(part(&pool, 6, 0.5, Seed::new(1)).iter().all(|at| *at < 6), "rows beyond the target are not drawn");
    }

    #[test]
    fn the_doses_of_folds_are_their_means_where_they_have_the_same_points() {
        let doses = |n: usize, draws: usize| Doses { points: vec![(0.0, 0, 1), (0.5, n, draws)], n_beyond: n };
        let mean = Doses::mean(&[doses(10, 3), doses(14, 3)]).unwrap();
        assert_eq!(mean, doses(12, 3));
        assert_eq!(Doses::mean(&[doses(10, 3), doses(10, 2)]), None);
        assert_eq!(Doses::mean(&[]), None);
    }

    #[test]
    fn stops_at_the_smallest_dose_that_is_as_good_as_the_best() {
        let around = |centre: [f64; 3]| -> Vec<Vec<f64>> {
            let wobble = |i: usize, k: usize| 0.02 * ((i * (k + 3)) % 7) as f64;
            (0..100).map(|i| (0..3).map(|k| centre[k] + wobble(i, k)).collect()).collect()
        };
        assert_eq!(stop(&[0.2, 0.5, 0.51], &around([0.2, 0.5, 0.51])), Some(1));
        assert_eq!(stop(&[0.5, 0.49, 0.2], &around([0.5, 0.49, 0.2])), Some(0));
        assert_eq!(stop(&[0.2, 0.4, 0.8], &around([0.2, 0.4, 0.8])), Some(2));
        assert_eq!(stop(&[0.2, 0.4], &[]), None);
    }
}

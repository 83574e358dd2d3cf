//! The learning curve over real rows of the raised labels, and how many real rows the synthetic ones are worth.

use super::measure::{Points, Ruler, predict};
use crate::arm::{Context, Fitted, Pool, Recipe, SyntheticPool, TrainingSet};
use crate::data::LabelId;
use crate::rng::Seed;
use crate::stats::{self, Estimate};
use rand::seq::SliceRandom;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// Shares of the raised labels' real rows.
const SHARES: [f64; 4] = [0.25, 0.5, 0.75, 1.0];
/// The point at which the worth is measured inside the curve: half of the rows.
const HALF: usize = 1;
/// Below so many real rows of the raised labels a quarter of them is too few to draw a curve through.
const FEWEST: usize = 20;

/// Mean F1 of the raised labels against the number of their real rows; all other labels keep theirs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LearningCurve {
    /// Points by rising number of rows.
    pub points: Vec<LearningPoint>,
    /// How many more real rows would do what the synthetic rows do, at half of the real rows: measured inside the curve.
    pub at_half: Option<Worth>,
    /// The same at all real rows: the curve is drawn on beyond them, so it is a guess.
    pub at_all: Option<Worth>,
}

/// One point of the curve.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LearningPoint {
    /// Share of the raised labels' real rows.
    pub share: f64,
    /// Their real rows.
    pub n_real: usize,
    /// Draws whose mean the figures are.
    pub n_draws: usize,
    /// Mean F1 over the raised labels that have held-out rows, from real rows alone.
    pub real: Option<Estimate>,
    /// The same with the synthetic rows that were made from those real rows; `None` where sources are not known.
    pub with_synthetic: Option<Estimate>,
}

/// What synthetic rows are worth in real ones.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Worth {
    /// The real rows beside which they stand.
    pub n_real: usize,
    /// More real rows that would do the same; negative where the synthetic rows do harm.
    pub rows: Estimate,
    /// Whether the curve ends before: they are worth at least so many.
    pub at_least: bool,
}

/// The models of the curve, fitted before a held-out row is read.
pub(in crate::eval) struct LearningFits {
    n_real: Vec<usize>,
    real: Vec<Vec<Fitted>>,
    /// Empty where sources are not known.
    with_synthetic: Vec<Vec<Fitted>>,
}

/// The points of a curve, without its models.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::eval) struct Lessons {
    n_real: Vec<usize>,
    n_draws: Vec<usize>,
    /// Whether a second curve has the synthetic rows.
    has_synthetic: bool,
}

/// From the rows and values of a curve and a value to the rows at which it is reached, and whether the curve ends before.
type Reach = fn(&[usize], &[f64], f64) -> Option<(f64, bool)>;

impl LearningFits {
    /// How many models the curve takes at most.
    pub(in crate::eval) const fn n_fits(n_draws: usize) -> usize {
        2 * ((SHARES.len() - 1) * n_draws + 1)
    }

    /// Fits the curve over the real rows of `raised`; `None` where there are too few.
    pub(in crate::eval) fn train(
        context: &Context<'_>,
        raised: &[LabelId],
        (seed, n_draws): (Seed, usize),
    ) -> Option<Self> {
        let pool = context.pool();
        let n = pool.real.iter().filter(|e| raised.contains(&e.label)).count();
        if n < FEWEST {
            return None;
        }
        let sources_known = !pool.kept.is_empty() && pool.kept.iter().all(|e| !e.parents.is_empty());
        let draws = |share: f64| if share < 1.0 { n_draws } else { 1 };
        let jobs: Vec<(usize, usize, bool)> = (0..SHARES.len())
            .flat_map(|at| (0..draws(SHARES[at])).map(move |draw| (at, draw)))
            .flat_map(|(at, draw)| [false, true].map(|synthetic| (at, draw, synthetic)))
            .filter(|(.., synthetic)| sources_known || !synthetic)
            .collect();
        let fit = |(at, draw, synthetic): &(usize, usize, bool)| {
            let real = part(pool, raised, SHARES[*at], seed.child(&format!("draw/{draw}")));
            context.fit(&Recipe::of(set(pool, &real, *synthetic)))
        };
        let fits: Vec<Fitted> = jobs.par_iter().map(fit).collect();
        let mut made = LearningFits {
            n_real: SHARES.map(|share| n_of(pool, raised, share)).to_vec(),
            real: SHARES.map(|_| vec![]).into(),
            with_synthetic: if sources_known { SHARES.map(|_| vec![]).into() } else { vec![] },
        };
        for ((at, _, synthetic), fit) in jobs.into_iter().zip(fits) {
            let points = if synthetic { &mut made.with_synthetic } else { &mut made.real };
            points[at].push(fit);
        }
        Some(made)
    }

    /// The points.
    pub(in crate::eval) fn lessons(&self) -> Lessons {
        let n_draws = self.real.iter().map(Vec::len).collect();
        Lessons { n_real: self.n_real.clone(), n_draws, has_synthetic: !self.with_synthetic.is_empty() }
    }

    /// What the models say of `texts`.
    pub(in crate::eval) fn predict(&self, texts: &[&str]) -> Points {
        predict(self.real.iter().chain(&self.with_synthetic).map(Vec::as_slice), texts)
    }
}

impl Lessons {
    /// The mean of the points of folds; `None` where they have not the same ones.
    pub(in crate::eval) fn mean(folds: &[Lessons]) -> Option<Lessons> {
        let first = folds.first()?;
        let same = |fold: &Lessons| fold.n_draws == first.n_draws && fold.has_synthetic == first.has_synthetic;
        let mean =
            |at: usize| (folds.iter().map(|fold| fold.n_real[at]).sum::<usize>() + folds.len() / 2) / folds.len();
        folds.iter().all(same).then(|| Lessons { n_real: (0..first.n_real.len()).map(mean).collect(), ..first.clone() })
    }

    /// The curve on the judged rows.
    pub(in crate::eval) fn measure(&self, predicted: &Points, ruler: &Ruler<'_>) -> Option<LearningCurve> {
        let measured = ruler.measure(predicted)?;
        let k = SHARES.len();
        let both = self.has_synthetic;
        let point = |at: usize| LearningPoint {
            share: SHARES[at],
            n_real: self.n_real[at],
            n_draws: self.n_draws[at],
            real: measured.estimate(at, 0),
            with_synthetic: both.then(|| measured.estimate(k + at, 0)).flatten(),
        };
        let whole: Option<Vec<f64>> = (0..predicted.len()).map(|i| measured.focus(i)).collect();
        let drawn = measured.focus_drawn();
        let worth = |at: usize, more: Reach| {
            let whole = whole.as_ref().filter(|_| both)?;
            let n = self.n_real[at] as f64;
            let of =
                |values: &[f64]| more(&self.n_real, &values[..k], values[k + at]).map(|(rows, end)| (rows - n, end));
            let (value, at_least) = of(whole)?;
            let mut samples: Vec<f64> = drawn.iter().filter_map(|d| Some(of(d)?.0)).collect();
            let method = format!("percentile bootstrap within labels, {} resamples", samples.len());
            Some(Worth {
                n_real: self.n_real[at],
                rows: stats::interval(value, &mut samples, self.n_real[at], &method)?,
                at_least,
            })
        };
        Some(LearningCurve {
            points: (0..k).map(point).collect(),
            at_half: worth(HALF, rows_inside),
            at_all: worth(k - 1, rows_beyond),
        })
    }
}

/// Real rows of the raised labels at a share: at least one of each.
fn n_of(pool: &Pool<'_>, raised: &[LabelId], share: f64) -> usize {
    let counts = pool.counts(&pool.real);
    raised.iter().map(|l| taken(counts[l.index()], share)).sum()
}

fn taken(n: usize, share: f64) -> usize {
    ((n as f64 * share).round() as usize).clamp(n.min(1), n)
}

/// Positions of all real rows of other labels and of a share of each raised label's, ascending; draws of one seed are nested.
fn part(pool: &Pool<'_>, raised: &[LabelId], share: f64, seed: Seed) -> Vec<usize> {
    let mut rows = Vec::new();
    for (label, mut own) in pool.real_by_label().into_iter().enumerate() {
        if raised.contains(&LabelId(label as u16)) {
            own.shuffle(&mut seed.child(&label.to_string()).rng());
            own.truncate(taken(own.len(), share));
        }
        rows.extend(own);
    }
    rows.sort_unstable();
    rows
}

/// The real rows and, if asked for, every kept synthetic row all of whose sources are among them.
fn set(pool: &Pool<'_>, real: &[usize], synthetic: bool) -> TrainingSet {
    let made_from_them = |at: &usize| pool.kept[*at].parents.iter().all(|p| real.binary_search(p).is_ok());
    TrainingSet {
        real: real.iter().map(|at| (*at, 1.0)).collect(),
        synthetic: (0..pool.kept.len()).filter(|at| synthetic && made_from_them(at)).map(|at| (at, 1.0)).collect(),
        synthetic_pool: SyntheticPool::Kept,
        ..TrainingSet::default()
    }
}

/// The number of real rows at which the curve reaches `value`, between the points linear in the logarithm of the rows, and whether
/// the curve ends below `value`.
///
/// A curve that falls is flattened first (pool-adjacent-violators), since more real rows do no harm in the mean.
fn rows_inside(n_real: &[usize], curve: &[f64], value: f64) -> Option<(f64, bool)> {
    let curve = rising(curve);
    let (first, last) = (*curve.first()?, *curve.last()?);
    if value >= last {
        return Some((*n_real.last()? as f64, value > last));
    }
    if value <= first {
        return Some((*n_real.first()? as f64, false));
    }
    let at = curve.iter().rposition(|v| *v <= value)?;
    let (low, high) = ((n_real[at] as f64).ln(), (n_real[at + 1] as f64).ln());
    let share = (value - curve[at]) / (curve[at + 1] - curve[at]);
    Some(((low + share * (high - low)).exp(), false))
}

/// The number of real rows at which the straight line through the curve, in the logarithm of the rows, reaches `value`: at most
/// ten times those that there are. `None` where the curve does not rise.
fn rows_beyond(n_real: &[usize], curve: &[f64], value: f64) -> Option<(f64, bool)> {
    let x: Vec<f64> = n_real.iter().map(|n| (*n as f64).ln()).collect();
    let n = x.len() as f64;
    let (mx, my) = (x.iter().sum::<f64>() / n, curve.iter().sum::<f64>() / n);
    let slope = x.iter().zip(curve).map(|(x, y)| (x - mx) * (y - my)).sum::<f64>()
        / x.iter().map(|x| (x - mx).powi(2)).sum::<f64>();
    // Not a number where all points stand at one number of rows.
    if slope.is_nan() || slope <= 0.0 {
        return None;
    }
    let last = *x.last()?;
    // From the last point of the curve on, not from the line: only the slope is borrowed.
    let at = last + (value - curve.last()?) / slope;
    let end = last + 10f64.ln();
    Some((at.clamp(0.0, end).exp(), at > end))
}

/// The nearest curve that does not fall.
fn rising(curve: &[f64]) -> Vec<f64> {
    let mut blocks: Vec<(f64, usize)> = Vec::new();
    for value in curve {
        blocks.push((*value, 1));
        while let [.., (before, m), (after, n)] = blocks[..] {
            if before <= after {
                break;
            }
            blocks.truncate(blocks.len() - 2);
            blocks.push(((before * m as f64 + after * n as f64) / (m + n) as f64, m + n));
        }
    }
    blocks.into_iter().flat_map(|(value, n)| std::iter::repeat_n(value, n)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arm::example;
    use proptest::prelude::*;

    #[test]
    fn takes_only_synthetic_rows_whose_sources_are_taken() {
        let mut real: Vec<_> = (0..8).map(|_| example("a", 0, &[])).collect();
        real.extend((0..4).map(|_| example("b", 1, &[])));
        let kept = (8..12).map(|p| example("c", 1, &[p, 0])).collect();
        let pool = Pool { real, naive: vec![], kept, n_labels: 2, author: None };
        let rows = part(&pool, &[LabelId(1)], 0.5, Seed::new(3));
        assert_eq!(rows.len(), 10);
        let set = set(&pool, &rows, true);
        assert_eq!(set.synthetic.len(), 2);
        assert!(set.synthetic.iter().all(|(at, _)| rows.contains(&(at + 8))));
    }

    #[test]
    fn reads_the_worth_off_the_curve() {
        let n = [100, 200, 400];
        let (rows, end) = rows_inside(&n, &[0.2, 0.4, 0.6], 0.5).unwrap();
        assert!((rows - 200.0 * 2f64.sqrt()).abs() < 1e-9 && !end);
        assert_eq!(rows_inside(&n, &[0.2, 0.4, 0.6], 0.7), Some((400.0, true)));
        assert_eq!(rows_inside(&n, &[0.2, 0.4, 0.6], 0.1), Some((100.0, false)));
        let (rows, end) = rows_beyond(&n, &[0.2, 0.4, 0.6], 0.8).unwrap();
        assert!((rows - 800.0).abs() < 1e-6 && !end, "another doubling: {rows}");
        assert_eq!(rows_beyond(&n, &[0.6, 0.4, 0.2], 0.8), None);
        assert!(rows_beyond(&n, &[0.2, 0.4, 0.6], 3.0).unwrap().1);
    }

    proptest! {
        #[test]
        fn a_rising_curve_stays_and_any_other_is_made_one_with_the_same_mean(curve in prop::collection::vec(0.0..1.0_f64, 1..8)) {
            let made = rising(&curve);
            prop_assert!(made.windows(2).all(|w| w[0] <= w[1]));
            let mean = |v: &[f64]| v.iter().sum::<f64>() / v.len() as f64;
            prop_assert!((mean(&made) - mean(&curve)).abs() < 1e-12);
            prop_assert_eq!(rising(&made), made);
        }
    }
}

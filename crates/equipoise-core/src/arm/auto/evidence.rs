//! What the arms come to out of fold, on the same rows and the same resamples of them.

use super::contest::{CUT, Contender, Contest, plain};
use crate::arm::{Context, CrossValidated, FOLDS, Goal};
use crate::data::LabelId;
use crate::learner::most_probable;
use crate::metric::{AVERAGE_PRECISION, Confusion, Prepared, Scored};
use crate::rng::Seed;
use crate::stats::{self, Estimate, Resamples};

/// How much the bootstrap's standard error is short of what other training rows would do, measured against large unseen sets: z of the
/// cross-validated difference had a standard deviation of 1.17 there.
const TRAINING: f64 = 1.2;

/// Out-of-fold figures of every arm that takes part, on the same rows.
pub(super) struct Evidence {
    /// The goal's figure of each arm.
    pub(super) scores: Vec<(&'static str, Option<Estimate>)>,
    pub(super) challenger: Side,
    pub(super) free: Side,
    pub(super) difference: f64,
    pub(super) standard_error: f64,
}

/// One side of the comparison, in the figure that decides.
pub(super) struct Side {
    pub(super) arm: &'static str,
    pub(super) value: f64,
}

/// What the predictions of arms come to on the rows and on each resample of them, by arm.
struct Drawn {
    points: Vec<Option<f64>>,
    by_arm: Vec<Vec<Option<f64>>>,
}

impl Drawn {
    /// The best of the arms at these positions; of equals the first.
    fn best(&self, of: impl DoubleEndedIterator<Item = usize>) -> Option<(usize, f64)> {
        let known = of.rev().filter_map(|at| Some((at, self.points[at]?)));
        known.max_by(|a, b| a.1.total_cmp(&b.1))
    }
}

/// `None` where an arm has no out-of-fold predictions or the figure is undefined.
pub(super) fn compare(
    context: &Context<'_>,
    crossed: &CrossValidated,
    case: &Contest,
    n_resamples: usize,
    seed: Seed,
) -> Option<Evidence> {
    let pool = context.pool();
    let truth = pool.truth();
    let cut = context.cut();
    let mut contenders: Vec<Contender> = case.challengers.iter().chain(&case.free).copied().collect();
    let n_met = contenders.len();
    // A rival that does not take part has its figure all the same: the verdict names the stronger one.
    contenders.extend(
        [plain("class_weight"), CUT].into_iter().filter(|rival| !contenders.contains(rival)).collect::<Vec<_>>(),
    );
    let read = |contender: &Contender| match contender.arm == contender.of {
        true => Some(crossed.probabilities(contender.of)?.to_vec()),
        false => crossed.cut(contender.of, &truth, &cut),
    };
    let probabilities: Vec<Vec<f64>> = contenders.iter().map(read).collect::<Option<_>>()?;
    let resamples = Resamples::new(truth.iter().map(|l| l.index()), n_resamples, seed);
    let goal = by_goal(&probabilities, &truth, pool.n_labels, case.goal, &resamples);
    let method = format!("{FOLDS}-fold cross-validation over the training rows, percentile bootstrap");
    let score = |(at, contender): (usize, &Contender)| {
        let mut samples: Vec<f64> = goal.by_arm[at].iter().copied().collect::<Option<_>>()?;
        Some((contender.arm, stats::interval(goal.points[at]?, &mut samples, truth.len(), &method)))
    };
    let scores = contenders.iter().enumerate().filter_map(score).collect();
    let n_challengers = case.challengers.len();
    let decisive = match &case.ranked {
        // Thresholds do not enter a ranking: the arms are compared as their models give them.
        Some(raised) => {
            let of = |contender: &Contender| crossed.probabilities(contender.of).map(<[f64]>::to_vec);
            let unmoved: Vec<Vec<f64>> = contenders.iter().map(of).collect::<Option<_>>()?;
            &by_ranking(&unmoved, &truth, pool.n_labels, raised, &resamples)
        }
        None => &goal,
    };
    let challenger = decisive.best(0..n_challengers)?;
    // Of the free arms the goal's figure decides: with and without a cut they rank alike.
    let free = goal.best(n_challengers..n_met)?.0;
    let free = (free, decisive.points[free]?);
    let paired = decisive.by_arm[challenger.0].iter().zip(&decisive.by_arm[free.0]);
    let differences: Vec<f64> = paired.map(|(a, b)| Some((*a)? - (*b)?)).collect::<Option<_>>()?;
    let side = |(at, value): (usize, f64)| Side { arm: contenders[at].arm, value };
    Some(Evidence {
        scores,
        challenger: side(challenger),
        free: side(free),
        difference: challenger.1 - free.1,
        standard_error: TRAINING * spread(&differences),
    })
}

/// The goal's figure of each arm's most probable labels.
fn by_goal(probabilities: &[Vec<f64>], truth: &[LabelId], n_labels: usize, goal: Goal, resamples: &Resamples) -> Drawn {
    let predicted: Vec<Vec<LabelId>> = probabilities.iter().map(|p| most_probable(p, n_labels)).collect();
    let slices: Vec<&[LabelId]> = predicted.iter().map(Vec::as_slice).collect();
    let values = |of: &[Confusion]| -> Vec<Option<f64>> { of.iter().map(|confusion| goal.value(confusion)).collect() };
    let count = |p: &&[LabelId]| Confusion::new(n_labels, truth.iter().copied().zip(p.iter().copied()));
    let drawn = resamples.confusions(truth, &slices, n_labels, values);
    Drawn {
        points: values(&slices.iter().map(count).collect::<Vec<_>>()),
        by_arm: (0..slices.len()).map(|arm| drawn.iter().map(|values| values[arm]).collect()).collect(),
    }
}

/// The mean average precision of `labels` under each arm.
fn by_ranking(
    probabilities: &[Vec<f64>],
    truth: &[LabelId],
    n_labels: usize,
    labels: &[LabelId],
    resamples: &Resamples,
) -> Drawn {
    let metric = AVERAGE_PRECISION.build();
    let over = metric.over_probabilities().expect("average precision reads probabilities");
    let prepare = |probabilities: &Vec<f64>| {
        let scored = Scored { truth, probabilities, n_labels };
        labels.iter().map(|label| over.prepare(&scored, Some(*label))).collect::<Vec<_>>()
    };
    let prepared: Vec<Option<Prepared>> = probabilities.iter().flat_map(prepare).collect();
    let drawn = resamples.prepared(&prepared);
    let once = vec![1; truth.len()];
    let mean = |values: &mut dyn Iterator<Item = Option<f64>>| Some(values.sum::<Option<f64>>()? / labels.len() as f64);
    let of_arm = |arm: usize| arm * labels.len()..(arm + 1) * labels.len();
    let point = |arm: usize| mean(&mut prepared[of_arm(arm)].iter().map(|p| p.as_ref()?(&once)));
    let on = |arm: usize, at: usize| mean(&mut drawn[of_arm(arm)].iter().map(|values| values[at]));
    Drawn {
        points: (0..probabilities.len()).map(point).collect(),
        by_arm: (0..probabilities.len())
            .map(|arm| (0..resamples.n_resamples()).map(|at| on(arm, at)).collect())
            .collect(),
    }
}

/// Standard deviation, 0 without spread.
fn spread(values: &[f64]) -> f64 {
    let mean = values.iter().sum::<f64>() / values.len().max(1) as f64;
    (values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (values.len().max(2) - 1) as f64).sqrt()
}

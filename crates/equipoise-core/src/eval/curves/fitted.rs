//! The models of the curves, fitted before a judged row is read.

use super::dose::{DoseFits, Doses};
use super::learning::{LearningFits, Lessons};
use super::measure::{Points, Ruler};
use super::{DoseCurve, LearningCurve};
use crate::arm::{Context, Pool};
use crate::data::LabelId;
use crate::learner::Learner;
use crate::rng::Seed;

/// The models of the curves of one training part.
pub(in crate::eval) struct Curves {
    dose: Option<DoseFits>,
    learning: Option<LearningFits>,
}

impl Curves {
    /// How many models they take at most, where there are synthetic rows.
    pub(in crate::eval) const fn n_fits(n_draws: usize) -> usize {
        DoseFits::n_fits(n_draws) + LearningFits::n_fits(n_draws)
    }

    /// Fits them on `pool`; the kept rows of `wider` are those of `pool` and sound ones beyond the target. `None` without kept rows.
    pub(in crate::eval) fn train(
        (pool, wider): (&Pool<'_>, Pool<'_>),
        raised: &[LabelId],
        learner: &dyn Learner,
        on_fit: &(dyn Fn() + Sync),
        (seed, n_draws): (Seed, usize),
    ) -> Option<Self> {
        if pool.kept.is_empty() {
            return None;
        }
        let context = Context::new(pool.clone(), learner).with_progress(on_fit);
        Some(Curves {
            dose: DoseFits::train(wider, pool.kept.len(), learner, on_fit, (seed.child("dose"), n_draws)),
            learning: LearningFits::train(&context, raised, (seed.child("learning"), n_draws)),
        })
    }

    /// What the models say of the rows with these `texts`, which stand at `positions` among all judged rows.
    pub(in crate::eval) fn say(&self, texts: &[&str], positions: &[usize]) -> FoldCurves {
        FoldCurves {
            positions: positions.to_vec(),
            dose: self.dose.as_ref().map(|fits| (fits.doses(), fits.predict(texts))),
            learning: self.learning.as_ref().map(|fits| (fits.lessons(), fits.predict(texts))),
        }
    }
}

/// What the models of one training part say of the rows that it does not hold.
pub(in crate::eval) struct FoldCurves {
    positions: Vec<usize>,
    dose: Option<(Doses, Points)>,
    learning: Option<(Lessons, Points)>,
}

impl FoldCurves {
    /// The curves over all rows of `parts`, which hold each judged row once; a curve that some part lacks is left out.
    pub(in crate::eval) fn measure(parts: &[Self], ruler: &Ruler<'_>) -> (Option<DoseCurve>, Option<LearningCurve>) {
        let n_rows = ruler.truth.len();
        let dose = || {
            let own: Vec<&(Doses, Points)> = parts.iter().map(|part| part.dose.as_ref()).collect::<Option<_>>()?;
            let doses = Doses::mean(&own.iter().map(|(doses, _)| doses.clone()).collect::<Vec<_>>())?;
            doses.measure(&together(parts, own.iter().map(|(_, points)| points), n_rows), ruler)
        };
        let learning = || {
            let own: Vec<&(Lessons, Points)> =
                parts.iter().map(|part| part.learning.as_ref()).collect::<Option<_>>()?;
            let lessons = Lessons::mean(&own.iter().map(|(lessons, _)| lessons.clone()).collect::<Vec<_>>())?;
            lessons.measure(&together(parts, own.iter().map(|(_, points)| points), n_rows), ruler)
        };
        (dose(), learning())
    }
}

/// The predictions of all parts, each at the places of its rows.
fn together<'p>(parts: &[FoldCurves], said: impl Iterator<Item = &'p Points>, n_rows: usize) -> Points {
    let mut all: Points = vec![];
    for (part, points) in parts.iter().zip(said) {
        all.resize_with(points.len(), Vec::new);
        for (to, draws) in all.iter_mut().zip(points) {
            to.resize_with(draws.len(), || vec![LabelId(0); n_rows]);
            for (to, labels) in to.iter_mut().zip(draws) {
                part.positions.iter().zip(labels).for_each(|(at, label)| to[*at] = *label);
            }
        }
    }
    all
}

//! Arms side by side on all real rows, where repeated folds judged each row by models that did not see it.

use super::figures::{Figure, Figures};
use super::side_by_side::SideBySide;
use crate::data::LabelId;
use crate::metric::Confusion;
use crate::stats::{Estimate, Measured, measure_by, repeated_folds_factor, variance};

/// The passes of a repeated cross-validation, each over all rows and on the same resamples of them. A figure is the mean over the
/// passes of what the pooled predictions of a pass give: F1 of a few rows in each fold, averaged, would be another and a biased one.
pub(super) struct Pooled<'a> {
    passes: Vec<Figures<'a>>,
    /// 0 for draws on held-out rows.
    n_folds: usize,
    /// By fit, summed over the passes.
    confusions: Vec<Confusion>,
}

impl<'a> Pooled<'a> {
    /// At least one pass, through `n_folds` folds, 0 where no rows are shared; the first holds every fit, and later ones at least those that come first.
    pub(super) fn new(passes: Vec<Figures<'a>>, n_folds: usize) -> Self {
        let sum = |fit: usize| {
            let mut all = passes[0].confusion(fit).clone();
            for pass in passes[1..].iter().filter(|pass| fit < pass.n_fits()) {
                all.counts.iter_mut().zip(&pass.confusion(fit).counts).for_each(|(sum, n)| *sum += n);
            }
            all
        };
        let confusions = (0..passes[0].n_fits()).map(sum).collect();
        Pooled { passes, n_folds, confusions }
    }

    /// Draws on the same held-out rows, at least one: their mean, or the figures of the only one.
    pub(super) fn of_draws(mut draws: Vec<Figures<'a>>) -> Box<dyn SideBySide + 'a> {
        match draws.len() {
            1 => Box::new(draws.remove(0)),
            // No folds: the models of all draws learn from the same rows, and the held-out rows are others.
            _ => Box::new(Pooled::new(draws, 0)),
        }
    }

    /// The passes that hold all of these fits.
    fn of(&self, fits: &[usize]) -> Vec<&Figures<'a>> {
        self.passes.iter().filter(|pass| fits.iter().all(|fit| *fit < pass.n_fits())).collect()
    }

    /// The point with the interval that the spread of `samples` in each pass gives, corrected for training rows that folds share.
    fn measure(
        &self,
        passes: &[&Figures<'a>],
        point: f64,
        samples: impl Fn(&Figures<'a>) -> Option<Vec<f64>>,
        (figure, more): (Figure, &str),
    ) -> Option<Measured> {
        let within = mean(passes, |pass| variance(&samples(pass)?))?;
        let factor = repeated_folds_factor(passes.len(), self.n_folds);
        let first = &self.passes[0];
        let n = passes.len();
        let method = match self.n_folds {
            0 => format!("mean of {n} draws, bootstrap within labels, normal interval{more}"),
            k => format!(
                "{n} × {k}-fold cross-validation, bootstrap within labels with the correction of Nadeau and Bengio, normal interval{more}"
            ),
        };
        measure_by(point, within * factor, first.fewest(figure)?, first.n_behind(figure), &method)
    }
}

/// The mean over passes; `None` where one has no figure.
fn mean<'a>(passes: &[&Figures<'a>], of: impl Fn(&Figures<'a>) -> Option<f64>) -> Option<f64> {
    Some(passes.iter().map(|pass| of(pass)).sum::<Option<f64>>()? / passes.len() as f64)
}

impl SideBySide for Pooled<'_> {
    fn value(&self, fit: usize, figure: Figure) -> Option<f64> {
        mean(&self.of(&[fit]), |pass| pass.value(fit, figure))
    }

    fn estimate(&self, fit: usize, figure: Figure) -> Option<Estimate> {
        let Figure::Of(entry, _) = figure else { return None };
        let samples = |pass: &Figures<'_>| Some(pass.drawn(fit, figure)?.iter().flatten().copied().collect());
        let estimate = self.measure(&self.of(&[fit]), self.value(fit, figure)?, samples, (figure, ""))?.estimate;
        let [least, most] = entry.range;
        Some(Estimate { low: estimate.low.max(least), high: estimate.high.min(most), ..estimate })
    }

    fn difference(&self, fit: usize, against: usize, figure: Figure) -> Option<Measured> {
        let passes = self.of(&[fit, against]);
        let point = mean(&passes, |pass| Some(pass.value(fit, figure)? - pass.value(against, figure)?))?;
        let mut measured =
            self.measure(&passes, point, |pass| pass.differences(fit, against, figure), (figure, ", paired"))?;
        if let Figure::Of(entry, _) = figure {
            let widest = entry.range[1] - entry.range[0];
            measured.estimate.low = measured.estimate.low.max(-widest);
            measured.estimate.high = measured.estimate.high.min(widest);
        }
        Some(measured)
    }

    /// As on one set of rows: the best is the one with the highest mean over the passes, and its luck is taken off.
    fn lead(&self, fit: usize, others: &[usize], figure: Figure) -> Option<(usize, Measured)> {
        let passes = self.of(&[&[fit], others].concat());
        let level = |fit: usize| mean(&passes, |pass| pass.value(fit, figure));
        let levels = others.iter().enumerate().filter_map(|(at, other)| Some((at, level(*other)?)));
        let (best, highest) = levels.reduce(|best, next| if next.1 > best.1 { next } else { best })?;
        let point = level(fit)? - highest;
        let least = |pass: &Figures<'_>| pass.least_difference(fit, others, figure);
        let drawn: Vec<Vec<f64>> = passes.iter().map(|pass| least(pass)).collect::<Option<_>>()?;
        let n = drawn.iter().map(Vec::len).sum::<usize>().max(1) as f64;
        let bias =
            drawn.iter().flatten().sum::<f64>() / n - mean(&passes, |pass| pass.least_point(fit, others, figure))?;
        let more = format!(", paired, corrected for the best of {}", others.len());
        Some((best, self.measure(&passes, point - bias, least, (figure, &more))?))
    }

    fn confusion(&self, fit: usize) -> &Confusion {
        &self.confusions[fit]
    }

    fn n_passes(&self, fit: usize) -> usize {
        self.of(&[fit]).len()
    }

    fn n_rows(&self) -> usize {
        self.passes[0].n_rows()
    }

    fn support(&self, label: LabelId) -> usize {
        self.passes[0].support(label)
    }
}

#[cfg(test)]
mod tests {
    use super::super::figures::Predictions;
    use super::*;
    use crate::arm::Goal;
    use crate::metric::{ACCURACY, MACRO_F1};
    use crate::rng::Seed;
    use crate::stats::Resamples;

    /// Two fits: one that is right but for every tenth row, and one that is right but for every `miss`th row, in two passes.
    fn pooled(check: impl FnOnce(&Pooled<'_>, &Figures<'_>)) {
        let truth: Vec<LabelId> = (0..120).map(|i| LabelId(u16::from(i % 4 == 0))).collect();
        let but = |every: usize, from: usize| -> Vec<LabelId> {
            let other = |(i, label): (usize, &LabelId)| {
                if (i + from).is_multiple_of(every) { LabelId(1 - label.0) } else { *label }
            };
            truth.iter().enumerate().map(other).collect()
        };
        let passes = [[but(10, 0), but(5, 0)], [but(10, 3), but(4, 1)]];
        let sure = |labels: &Vec<LabelId>| -> Vec<f64> {
            labels.iter().flat_map(|l| [1.0 - f64::from(l.0), f64::from(l.0)]).collect()
        };
        let probabilities: Vec<Vec<Vec<f64>>> = passes.iter().map(|pass| pass.iter().map(sure).collect()).collect();
        let resamples = Resamples::new(truth.iter().map(|l| l.index()), 300, Seed::new(1));
        let figures = |at: usize| {
            let rows =
                Predictions { truth: &truth, probabilities: &probabilities[at], predicted: &passes[at], n_labels: 2 };
            Figures::new(rows, Goal::F1, vec![LabelId(1)], &resamples)
        };
        check(&Pooled::new(vec![figures(0), figures(1)], 5), &figures(0));
    }

    #[test]
    fn a_figure_is_the_mean_over_the_passes_and_wider_than_that_of_one() {
        pooled(|both, one| {
            let accuracy = Figure::Of(ACCURACY, None);
            assert!((both.value(0, accuracy).unwrap() - 0.9).abs() < 1e-12);
            let worse = both.value(1, accuracy).unwrap();
            assert!((worse - 0.5 * (0.8 + 0.75)).abs() < 1e-12, "{worse}");
            let (ours, its) =
                (both.difference(0, 1, Figure::Goal).unwrap(), one.difference(0, 1, Figure::Goal).unwrap());
            assert!(ours.standard_error > its.standard_error, "{ours:?} {its:?}");
            assert!(ours.estimate.method.starts_with("2 × 5-fold") && ours.estimate.n == 120);
            let estimate = both.estimate(0, Figure::Of(MACRO_F1, None)).unwrap();
            assert!(estimate.low < estimate.value && estimate.high <= 1.0, "{estimate:?}");
            assert_eq!((both.n_rows(), both.support(LabelId(1)), both.confusion(0).n_rows()), (120, 30, 240));
        });
    }

    #[test]
    fn a_fit_is_not_told_from_itself_and_leads_the_worse_one() {
        pooled(|both, _| {
            let same = both.difference(1, 1, Figure::Goal).unwrap();
            assert!(same.estimate.value == 0.0 && same.estimate.low < 0.0 && same.p_value == 1.0);
            let (best, lead) = both.lead(0, &[1], Figure::Goal).unwrap();
            let plain = both.difference(0, 1, Figure::Goal).unwrap();
            assert!(best == 0 && (lead.estimate.value - plain.estimate.value).abs() < 0.01, "{lead:?} {plain:?}");
        });
    }
}

//! Every metric of every fit, on the held-out rows and on the same resamples of them.

use super::results::FittedArm;
use super::side_by_side::SideBySide;
use crate::arm::Goal;
use crate::data::LabelId;
use crate::metric::{self, AVERAGE_PRECISION, Confusion, F1, Metric, MetricEntry, Pair, Prepared, Scope, Scored};
use crate::stats::{Estimate, Measured, Resamples, measure};
use std::collections::HashMap;

/// A figure that arms are compared by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Figure {
    /// What the choices on the training rows try to raise.
    Goal,
    /// Mean average precision over the raised labels that have judged rows: the ranking, wherever the line is drawn.
    Ranking,
    /// A metric, for a label where its scope is one.
    Of(&'static MetricEntry, Option<LabelId>),
}

impl Figure {
    /// The F1 of a label.
    pub(super) fn f1(label: LabelId) -> Self {
        Figure::Of(F1, Some(label))
    }

    /// Every metric of the catalog, once over all labels or once for each, in the order of the catalog.
    pub(super) fn all(n_labels: usize) -> impl Iterator<Item = Figure> {
        metric::CATALOG.iter().flat_map(move |entry| {
            let is_each = entry.scope == Scope::EachLabel;
            let labels = (0..if is_each { n_labels } else { 1 }).map(move |at| is_each.then_some(LabelId(at as u16)));
            labels.map(|label| Figure::Of(entry, label))
        })
    }

    fn key(self) -> (&'static str, Option<LabelId>) {
        match self {
            Figure::Goal => ("goal", None),
            Figure::Ranking => ("ranking", None),
            Figure::Of(entry, label) => (entry.item.name, label),
        }
    }
}

/// What the fits of one learner do with the held-out rows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Predictions<'a> {
    /// True labels.
    pub(super) truth: &'a [LabelId],
    /// Row-major probabilities of each fit, in the order of `truth`.
    pub(super) probabilities: &'a [Vec<f64>],
    /// The most probable label of each row, by fit.
    pub(super) predicted: &'a [Vec<LabelId>],
    /// How many labels there are.
    pub(super) n_labels: usize,
}

impl<'a> Predictions<'a> {
    /// What the arm called `name` calls each row; `None` where it was not fitted.
    pub(super) fn of_arm(&self, arms: &[FittedArm], name: &str) -> Option<&'a [LabelId]> {
        let arm = arms.iter().find(|arm| arm.name() == name)?;
        self.predicted.get(arm.fit).map(Vec::as_slice)
    }
}

/// Fits on the held-out rows: point figures, and their values on each resample, paired over fits.
pub(super) struct Figures<'a> {
    rows: Predictions<'a>,
    goal: Goal,
    focus: Vec<LabelId>,
    /// Held-out rows of each label.
    supports: Vec<usize>,
    metrics: HashMap<&'static str, Box<dyn Metric>>,
    /// Where each figure stands among those of a fit.
    columns: HashMap<(&'static str, Option<LabelId>), usize>,
    /// A matrix for each fit.
    confusions: Vec<Confusion>,
    /// By fit and column; `None` where a figure is undefined.
    points: Vec<Option<f64>>,
    /// The same on each resample: by fit and column, then resample.
    drawn: Vec<Vec<Option<f64>>>,
}

impl<'a> Figures<'a> {
    /// `focus` holds the raised labels that have held-out rows.
    pub(super) fn new(rows: Predictions<'a>, goal: Goal, focus: Vec<LabelId>, resamples: &Resamples) -> Self {
        let confusion =
            |p: &Vec<LabelId>| Confusion::new(rows.n_labels, rows.truth.iter().copied().zip(p.iter().copied()));
        let all: Vec<Figure> = [Figure::Goal, Figure::Ranking].into_iter().chain(Figure::all(rows.n_labels)).collect();
        let mut supports = vec![0; rows.n_labels];
        rows.truth.iter().for_each(|label| supports[label.index()] += 1);
        let mut figures = Figures {
            rows,
            goal,
            focus,
            supports,
            metrics: metric::CATALOG.iter().map(|entry| (entry.item.name, entry.build())).collect(),
            columns: all.iter().enumerate().map(|(at, figure)| (figure.key(), at)).collect(),
            confusions: rows.predicted.iter().map(confusion).collect(),
            points: Vec::new(),
            drawn: Vec::new(),
        };
        let counted = |confusions: &[Confusion]| -> Vec<Option<f64>> {
            confusions.iter().flat_map(|c| all.iter().map(|figure| figures.counted(c, *figure))).collect()
        };
        let points = counted(&figures.confusions);
        let slices: Vec<&[LabelId]> = rows.predicted.iter().map(Vec::as_slice).collect();
        let by_resample = resamples.confusions(rows.truth, &slices, rows.n_labels, counted);
        figures.drawn = (0..points.len()).map(|at| by_resample.iter().map(|values| values[at]).collect()).collect();
        figures.points = points;
        figures.add_scores(&all, resamples);
        figures
    }

    /// Fills the columns of the metrics that read probabilities.
    fn add_scores(&mut self, all: &[Figure], resamples: &Resamples) {
        let Predictions { truth, probabilities, n_labels, .. } = self.rows;
        let (mut columns, mut prepared): (Vec<usize>, Vec<Option<Prepared>>) = (Vec::new(), Vec::new());
        for (fit, probabilities) in probabilities.iter().enumerate() {
            let scored = Scored { truth, probabilities, n_labels };
            for (at, figure) in all.iter().enumerate() {
                let Figure::Of(entry, label) = figure else { continue };
                let Some(metric) = self.metrics[entry.item.name].over_probabilities() else { continue };
                columns.push(fit * all.len() + at);
                prepared.push(metric.prepare(&scored, *label));
            }
        }
        let once = vec![1; truth.len()];
        let points = prepared.iter().map(|p| p.as_ref()?(&once).filter(|v| v.is_finite())).collect::<Vec<_>>();
        for ((column, point), drawn) in columns.into_iter().zip(points).zip(resamples.prepared(&prepared)) {
            self.points[column] = point;
            self.drawn[column] = drawn;
        }
        for fit in 0..probabilities.len() {
            self.add_ranking(fit, all.len());
        }
    }

    /// Fills the mean over the labels in focus; undefined where one of them is.
    fn add_ranking(&mut self, fit: usize, n_columns: usize) {
        let of = |label: &LabelId| fit * n_columns + self.columns[&Figure::Of(AVERAGE_PRECISION, Some(*label)).key()];
        let own: Vec<usize> = self.focus.iter().map(of).collect();
        let mean = |values: &mut dyn Iterator<Item = Option<f64>>| {
            let sum = values.sum::<Option<f64>>()?;
            (!own.is_empty()).then(|| sum / own.len() as f64)
        };
        let column = fit * n_columns + self.columns[&Figure::Ranking.key()];
        let n_resamples = self.drawn[column].len();
        let drawn = (0..n_resamples).map(|at| mean(&mut own.iter().map(|own| self.drawn[*own][at]))).collect();
        self.points[column] = mean(&mut own.iter().map(|own| self.points[*own]));
        self.drawn[column] = drawn;
    }

    /// A figure that predicted labels give.
    fn counted(&self, confusion: &Confusion, figure: Figure) -> Option<f64> {
        match figure {
            Figure::Of(entry, label) => self.metrics[entry.item.name].value(confusion, label),
            Figure::Goal => self.goal.value(confusion),
            Figure::Ranking => None,
        }
    }

    fn column(&self, fit: usize, figure: Figure) -> Option<usize> {
        Some(fit * self.columns.len() + self.columns.get(&figure.key())?)
    }

    /// How many fits there are.
    pub(super) fn n_fits(&self) -> usize {
        self.confusions.len()
    }

    /// A figure of a fit on each resample.
    pub(super) fn drawn(&self, fit: usize, figure: Figure) -> Option<&[Option<f64>]> {
        Some(&self.drawn[self.column(fit, figure)?])
    }

    /// The difference of a fit to the best of `others`, on the rows themselves.
    pub(super) fn least_point(&self, fit: usize, others: &[usize], figure: Figure) -> Option<f64> {
        let levels = others.iter().filter_map(|other| self.value(*other, figure));
        Some(self.value(fit, figure)? - levels.reduce(f64::max)?)
    }

    /// The same on each resample, whose best is its own.
    pub(super) fn least_difference(&self, fit: usize, others: &[usize], figure: Figure) -> Option<Vec<f64>> {
        let by_other: Vec<Vec<f64>> =
            others.iter().map(|other| self.differences(fit, *other, figure)).collect::<Option<_>>()?;
        let n_drawn = by_other.iter().map(Vec::len).min()?;
        let least = |at: usize| by_other.iter().map(|drawn| drawn[at]).fold(f64::INFINITY, f64::min);
        Some((0..n_drawn).map(least).collect())
    }

    /// Every resampled difference of two fits that is defined.
    pub(super) fn differences(&self, fit: usize, against: usize, figure: Figure) -> Option<Vec<f64>> {
        let [a, b] = [self.column(fit, figure)?, self.column(against, figure)?].map(|column| &self.drawn[column]);
        Some(a.iter().zip(b).filter_map(|(a, b)| Some((*a)? - (*b)?)).collect())
    }

    fn pair(&self, fits: [usize; 2]) -> Pair<'a> {
        Pair { truth: self.rows.truth, predicted: fits.map(|fit| self.rows.predicted[fit].as_slice()) }
    }

    /// The rows of the smallest stratum that a figure depends on, and how far one of them moves it.
    pub(super) fn fewest(&self, figure: Figure) -> Option<(usize, f64)> {
        let fewest = |labels: &mut dyn Iterator<Item = LabelId>| {
            let supports: Vec<usize> = labels.map(|l| self.support(l)).filter(|n| *n > 0).collect();
            let fewest = *supports.iter().min()?;
            Some((fewest, 1.0 / (fewest * supports.len()) as f64))
        };
        match (figure, self.goal) {
            (Figure::Ranking, _) => fewest(&mut self.focus.iter().copied()),
            (Figure::Of(_, Some(label)), _) | (Figure::Goal, Goal::Recall(label)) => {
                fewest(&mut std::iter::once(label))
            }
            _ if self.counts_rows(figure) => Some((self.rows.truth.len(), 1.0 / self.rows.truth.len() as f64)),
            _ => fewest(&mut (0..self.rows.n_labels).map(|i| LabelId(i as u16))),
        }
    }

    /// Whether each row counts the same in a figure over all labels.
    fn counts_rows(&self, figure: Figure) -> bool {
        match figure {
            Figure::Goal => self.goal == Goal::Accuracy,
            Figure::Of(entry, None) => entry.scope == Scope::Rows,
            _ => false,
        }
    }

    /// Rows behind a figure: those of its labels.
    pub(super) fn n_behind(&self, figure: Figure) -> usize {
        match figure {
            Figure::Ranking => self.focus.iter().map(|l| self.support(*l)).sum(),
            Figure::Of(_, Some(label)) => self.support(label),
            Figure::Goal | Figure::Of(_, None) => self.rows.truth.len(),
        }
    }
}

impl SideBySide for Figures<'_> {
    fn value(&self, fit: usize, figure: Figure) -> Option<f64> {
        self.points[self.column(fit, figure)?]
    }

    fn estimate(&self, fit: usize, figure: Figure) -> Option<Estimate> {
        let Figure::Of(entry, label) = figure else { return None };
        let metric = &*self.metrics[entry.item.name];
        let mut samples: Vec<f64> = self.drawn[self.column(fit, figure)?].iter().flatten().copied().collect();
        if metric.over_probabilities().is_none() {
            return metric::estimate(metric, &self.confusions[fit], label, &mut samples);
        }
        let method = format!("bootstrap within labels, {} resamples, normal interval", samples.len());
        let stratum = self.fewest(figure)?;
        let estimate = measure(self.value(fit, figure)?, &samples, stratum, stratum.0, &method)?.estimate;
        let [least, most] = entry.range;
        Some(Estimate { low: estimate.low.max(least), high: estimate.high.min(most), ..estimate })
    }

    fn difference(&self, fit: usize, against: usize, figure: Figure) -> Option<Measured> {
        let point = self.value(fit, figure)? - self.value(against, figure)?;
        let samples = self.differences(fit, against, figure)?;
        let mut method = format!("paired bootstrap within labels, {} resamples, normal interval", samples.len());
        let pair = self.pair([fit, against]);
        let (mut n, mut exact, mut widest) = (self.n_behind(figure), None, 1.0);
        if let Figure::Of(entry, label) = figure {
            let metric = &self.metrics[entry.item.name];
            n = metric.n_behind(&pair, label).unwrap_or(n);
            exact = metric.exact_p(&pair);
            widest = entry.range[1] - entry.range[0];
        }
        if let Some((_, test)) = exact {
            method = format!("{method}; {test}");
        }
        let mut measured = measure(point, &samples, self.fewest(figure)?, n, &method)?;
        measured.estimate.low = measured.estimate.low.max(-widest);
        measured.estimate.high = measured.estimate.high.min(widest);
        measured.p_value = exact.map_or(measured.p_value, |(p, _)| p);
        Some(measured)
    }

    /// The best of several is a little lucky: how much is what the best of each resample is above the best of the rows themselves, on
    /// average (the bootstrap's estimate of bias).
    fn lead(&self, fit: usize, others: &[usize], figure: Figure) -> Option<(usize, Measured)> {
        let levels = others.iter().enumerate().filter_map(|(at, other)| Some((at, self.value(*other, figure)?)));
        let (best, _) = levels.reduce(|best, next| if next.1 > best.1 { next } else { best })?;
        let point = self.least_point(fit, others, figure)?;
        let samples = self.least_difference(fit, others, figure)?;
        let n_drawn = samples.len();
        let bias = samples.iter().sum::<f64>() / n_drawn.max(1) as f64 - point;
        let method = format!(
            "paired bootstrap within labels, {n_drawn} resamples, normal interval, corrected for the best of {}",
            others.len()
        );
        let measured = measure(point - bias, &samples, self.fewest(figure)?, self.n_behind(figure), &method)?;
        Some((best, measured))
    }

    fn confusion(&self, fit: usize) -> &Confusion {
        &self.confusions[fit]
    }

    fn n_rows(&self) -> usize {
        self.rows.truth.len()
    }

    fn support(&self, label: LabelId) -> usize {
        self.supports[label.index()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learner::most_probable;
    use crate::metric::{ACCURACY, AVERAGE_PRECISION, MACRO_F1};
    use crate::rng::Seed;
    use rand::RngExt;

    fn ids(labels: &[u16]) -> Vec<LabelId> {
        labels.iter().copied().map(LabelId).collect()
    }

    /// Figures of fits that are certain of what they predict.
    fn certain(truth: &[LabelId], predicted: &[Vec<LabelId>], check: impl FnOnce(&Figures<'_>)) {
        let sure = |labels: &Vec<LabelId>| {
            labels.iter().flat_map(|l| (0..3).map(|at| f64::from(u8::from(at == l.index())))).collect()
        };
        let probabilities: Vec<Vec<f64>> = predicted.iter().map(sure).collect();
        let resamples = Resamples::new(truth.iter().map(|l| l.index()), 200, Seed::new(1));
        let rows = Predictions { truth, probabilities: &probabilities, predicted, n_labels: 3 };
        check(&Figures::new(rows, Goal::F1, ids(&[1]), &resamples));
    }

    #[test]
    fn gives_paired_differences_and_nothing_for_a_label_without_rows() {
        let truth = ids(&[0, 0, 0, 0, 1, 1, 1, 1]);
        let predicted = [ids(&[0, 0, 0, 0, 0, 0, 0, 1]), ids(&[0, 0, 0, 0, 1, 1, 1, 1])];
        certain(&truth, &predicted, |figures| {
            let better = figures.difference(1, 0, Figure::f1(LabelId(1))).unwrap();
            assert!((better.estimate.value - 0.6).abs() < 1e-12 && better.estimate.n == 4, "{better:?}");
            assert_eq!(better.p_value < 0.05, better.estimate.low > 0.0);
            let goal = figures.difference(1, 0, Figure::Goal).unwrap();
            assert_eq!(goal.estimate, figures.difference(1, 0, Figure::Of(MACRO_F1, None)).unwrap().estimate);
            // Three rows that only the second has right: twice 1/8.
            let accuracy = figures.difference(1, 0, Figure::Of(ACCURACY, None)).unwrap();
            assert!((accuracy.p_value - 0.25).abs() < 1e-12 && accuracy.estimate.method.contains("McNemar"));
            let same = figures.difference(1, 1, Figure::Of(MACRO_F1, None)).unwrap();
            assert!(same.estimate.value == 0.0 && same.estimate.low < 0.0 && same.p_value == 1.0, "{same:?}");
            for figure in Figure::all(3).filter(|f| matches!(f, Figure::Of(_, Some(LabelId(2))))) {
                assert_eq!(figures.estimate(0, figure), None);
                assert_eq!(figures.difference(0, 1, figure), None);
            }
        });
    }

    #[test]
    fn every_metric_of_the_catalog_has_its_figure() {
        let truth = ids(&[0, 0, 1, 1, 2, 2]);
        certain(&truth, &[ids(&[0, 0, 1, 0, 2, 2])], |figures| {
            for figure in Figure::all(3) {
                let estimate = figures.estimate(0, figure).unwrap_or_else(|| panic!("{figure:?}"));
                assert!(estimate.low <= estimate.value && estimate.value <= estimate.high, "{figure:?} {estimate:?}");
            }
        });
    }

    #[test]
    fn to_have_been_picked_as_the_best_of_many_is_taken_off() {
        // Ten arms that are right in four rows of five by chance alone: the best of them is lucky.
        let truth: Vec<LabelId> = (0..120).map(|i| LabelId(i % 2)).collect();
        let arm = |k: u64| -> Vec<LabelId> {
            let mut rng = Seed::new(k).rng();
            truth.iter().map(|l| if rng.random::<f64>() < 0.8 { *l } else { LabelId(1 - l.0) }).collect()
        };
        let predicted: Vec<Vec<LabelId>> = (0..11).map(arm).collect();
        certain(&truth, &predicted, |figures| {
            let others: Vec<usize> = (1..11).collect();
            let (best, corrected) = figures.lead(0, &others, Figure::Goal).unwrap();
            let raw = figures.difference(0, others[best], Figure::Goal).unwrap();
            assert!(corrected.estimate.value > raw.estimate.value + 0.01, "{corrected:?} {raw:?}");
            let (only, alone) = figures.lead(0, &[3], Figure::Goal).unwrap();
            let own = figures.difference(0, 3, Figure::Goal).unwrap();
            assert!(only == 0 && (alone.estimate.value - own.estimate.value).abs() < 0.01);
        });
    }

    #[test]
    fn tells_a_better_ranking() {
        let truth: Vec<LabelId> = (0..60).map(|i| LabelId(u16::from(i % 3 == 0))).collect();
        let sure = |hit: f64| {
            let row = move |l: &LabelId| if l.0 == 1 { [1.0 - hit, hit, 0.0] } else { [hit, 1.0 - hit, 0.0] };
            truth.iter().flat_map(row).collect::<Vec<f64>>()
        };
        let probabilities = [sure(0.4), sure(0.9)];
        let predicted: Vec<Vec<LabelId>> = probabilities.iter().map(|p| most_probable(p, 3)).collect();
        let resamples = Resamples::new(truth.iter().map(|l| l.index()), 100, Seed::new(1));
        let rows = Predictions { truth: &truth, probabilities: &probabilities, predicted: &predicted, n_labels: 3 };
        let figures = Figures::new(rows, Goal::F1, ids(&[1]), &resamples);
        let better = figures.difference(1, 0, Figure::Of(AVERAGE_PRECISION, Some(LabelId(1)))).unwrap();
        assert!(better.estimate.low > 0.0 && better.estimate.n == 20, "{better:?}");
        assert_eq!(figures.difference(1, 0, Figure::Ranking).unwrap(), better);
        let brier = Figure::all(3).find(|f| matches!(f, Figure::Of(e, _) if e.item.name == "brier")).unwrap();
        let brier = figures.estimate(1, brier).unwrap();
        assert!((brier.value - 0.02).abs() < 1e-12 && brier.low >= 0.0 && brier.n == 60);
    }
}

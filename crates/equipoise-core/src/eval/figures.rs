//! Every figure of every fit on the same resamples of the held-out rows.

use crate::catalog::{Settings, find};
use crate::data::LabelId;
use crate::metric::{self, Confusion, Metric};
use crate::stats::{Estimate, Measured, Resamples, mcnemar_exact, measure};

/// A figure that arms are compared by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Figure {
    MacroF1,
    Accuracy,
    /// Mean F1 over the raised labels that have held-out rows.
    Focus,
    F1(LabelId),
    Precision(LabelId),
    Recall(LabelId),
}

/// Fits on the held-out rows: point figures, and their values on each resample, paired over fits.
pub(super) struct Figures<'a> {
    truth: &'a [LabelId],
    predicted: &'a [Vec<LabelId>],
    n_labels: usize,
    focus: Vec<LabelId>,
    metrics: [Box<dyn Metric>; 5],
    /// A matrix for each fit.
    confusions: Vec<Confusion>,
    /// By resample, then fit, then figure; `None` where a figure is undefined on the drawn rows.
    drawn: Vec<Vec<Option<f64>>>,
}

const METRICS: [&str; 5] = ["macro_f1", "accuracy", "f1", "precision", "recall"];

impl<'a> Figures<'a> {
    /// `predicted` holds a list of labels for each fit, in the order of `truth`; `focus` the raised labels that have held-out rows.
    /// `None` if the metric catalog lacks one of the metrics.
    pub(super) fn new(
        truth: &'a [LabelId],
        predicted: &'a [Vec<LabelId>],
        n_labels: usize,
        focus: Vec<LabelId>,
        resamples: &Resamples,
    ) -> Option<Self> {
        let build = |name| find(metric::CATALOG, "metric", name).and_then(|e| e.build(&Settings::new())).ok();
        let [a, b, c, d, e] = METRICS.map(build);
        let confusion = |p: &Vec<LabelId>| Confusion::new(n_labels, truth.iter().copied().zip(p.iter().copied()));
        let confusions = predicted.iter().map(confusion).collect();
        let mut figures =
            Figures { truth, predicted, n_labels, focus, metrics: [a?, b?, c?, d?, e?], confusions, drawn: vec![] };
        let slices: Vec<&[LabelId]> = predicted.iter().map(Vec::as_slice).collect();
        let all = figures.all();
        figures.drawn = resamples.confusions(truth, &slices, n_labels, |confusions| {
            confusions.iter().flat_map(|c| all.iter().map(|figure| figures.of(c, *figure))).collect()
        });
        Some(figures)
    }

    /// Every figure, in the order in which each fit's values are stored.
    fn all(&self) -> Vec<Figure> {
        let labels = || (0..self.n_labels).map(|i| LabelId(i as u16));
        let mut all = vec![Figure::MacroF1, Figure::Accuracy, Figure::Focus];
        all.extend(labels().flat_map(|l| [Figure::F1(l), Figure::Precision(l), Figure::Recall(l)]));
        all
    }

    fn column(&self, fit: usize, figure: Figure) -> usize {
        let within = match figure {
            Figure::MacroF1 => 0,
            Figure::Accuracy => 1,
            Figure::Focus => 2,
            Figure::F1(l) => 3 + 3 * l.index(),
            Figure::Precision(l) => 4 + 3 * l.index(),
            Figure::Recall(l) => 5 + 3 * l.index(),
        };
        fit * (3 + 3 * self.n_labels) + within
    }

    /// The metric of the catalog and its label; `None` for the focus, which is a mean over some labels.
    fn metric(&self, figure: Figure) -> Option<(&dyn Metric, Option<LabelId>)> {
        Some(match figure {
            Figure::MacroF1 => (&*self.metrics[0], None),
            Figure::Accuracy => (&*self.metrics[1], None),
            Figure::Focus => return None,
            Figure::F1(l) => (&*self.metrics[2], Some(l)),
            Figure::Precision(l) => (&*self.metrics[3], Some(l)),
            Figure::Recall(l) => (&*self.metrics[4], Some(l)),
        })
    }

    fn of(&self, confusion: &Confusion, figure: Figure) -> Option<f64> {
        match self.metric(figure) {
            Some((metric, label)) => metric.value(confusion, label),
            None => {
                let f1 = |label: &LabelId| self.metrics[2].of_label(confusion, *label);
                let values: Vec<f64> = self.focus.iter().map(f1).collect::<Option<_>>()?;
                (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
            }
        }
    }

    /// The counts of one fit.
    pub(super) fn confusion(&self, fit: usize) -> &Confusion {
        &self.confusions[fit]
    }

    /// Held-out rows of a label.
    pub(super) fn support(&self, label: LabelId) -> usize {
        self.truth.iter().filter(|l| **l == label).count()
    }

    /// The point figure of one fit.
    pub(super) fn value(&self, fit: usize, figure: Figure) -> Option<f64> {
        self.of(&self.confusions[fit], figure)
    }

    /// The figure of one fit with its interval; none for the focus, which is given in differences alone.
    pub(super) fn estimate(&self, fit: usize, figure: Figure) -> Option<Estimate> {
        let (metric, label) = self.metric(figure)?;
        let column = self.column(fit, figure);
        let mut samples: Vec<f64> = self.drawn.iter().filter_map(|d| d[column]).collect();
        metric::estimate(metric, &self.confusions[fit], label, &mut samples)
    }

    /// The paired difference of two fits, `fit − against`; for accuracy with McNemar's p-value. `None` where the figure is undefined.
    pub(super) fn difference(&self, fit: usize, against: usize, figure: Figure) -> Option<Measured> {
        let point = self.value(fit, figure)? - self.value(against, figure)?;
        let (a, b) = (self.column(fit, figure), self.column(against, figure));
        let samples: Vec<f64> = self.drawn.iter().filter_map(|d| Some(d[a]? - d[b]?)).collect();
        let mut method = format!("paired bootstrap within labels, {} resamples, normal interval", samples.len());
        if figure == Figure::Accuracy {
            method += "; p by McNemar's exact test";
        }
        let (fewest, step) = self.fewest(figure)?;
        let n = self.n_behind(fit, against, figure);
        let mut measured = measure(point, &samples, fewest, step, n, &method)?;
        // Every figure lies in 0..1.
        measured.estimate.low = measured.estimate.low.max(-1.0);
        measured.estimate.high = measured.estimate.high.min(1.0);
        if figure == Figure::Accuracy {
            measured.p_value = self.mcnemar(fit, against);
        }
        Some(measured)
    }

    /// The rows of the smallest stratum that a figure depends on, and how far one of them moves it.
    fn fewest(&self, figure: Figure) -> Option<(usize, f64)> {
        let fewest = |labels: &mut dyn Iterator<Item = LabelId>| {
            let supports: Vec<usize> = labels.map(|l| self.support(l)).filter(|n| *n > 0).collect();
            let fewest = *supports.iter().min()?;
            Some((fewest, 1.0 / (fewest * supports.len()) as f64))
        };
        match figure {
            Figure::Accuracy => Some((self.truth.len(), 1.0 / self.truth.len() as f64)),
            Figure::MacroF1 => fewest(&mut (0..self.n_labels).map(|i| LabelId(i as u16))),
            Figure::Focus => fewest(&mut self.focus.iter().copied()),
            Figure::F1(l) | Figure::Precision(l) | Figure::Recall(l) => fewest(&mut std::iter::once(l)),
        }
    }

    fn mcnemar(&self, fit: usize, against: usize) -> f64 {
        let (mut only_a, mut only_b) = (0, 0);
        for ((truth, a), b) in self.truth.iter().zip(&self.predicted[fit]).zip(&self.predicted[against]) {
            only_a += u64::from(a == truth && b != truth);
            only_b += u64::from(b == truth && a != truth);
        }
        mcnemar_exact(only_a, only_b)
    }

    /// Rows behind a difference: all, those of the label, or for precision those that either fit predicts as the label.
    fn n_behind(&self, fit: usize, against: usize, figure: Figure) -> usize {
        match figure {
            Figure::MacroF1 | Figure::Accuracy => self.truth.len(),
            Figure::Focus => self.focus.iter().map(|l| self.support(*l)).sum(),
            Figure::F1(l) | Figure::Recall(l) => self.support(l),
            Figure::Precision(l) => {
                self.predicted[fit].iter().zip(&self.predicted[against]).filter(|(a, b)| **a == l || **b == l).count()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Seed;

    fn ids(labels: &[u16]) -> Vec<LabelId> {
        labels.iter().copied().map(LabelId).collect()
    }

    #[test]
    fn gives_paired_differences_and_nothing_for_a_label_without_rows() {
        let truth = ids(&[0, 0, 0, 0, 1, 1, 1, 1]);
        let predicted = [ids(&[0, 0, 0, 0, 0, 0, 0, 1]), ids(&[0, 0, 0, 0, 1, 1, 1, 1])];
        let resamples = Resamples::new(truth.iter().map(|l| l.index()), 200, Seed::new(1));
        let figures = Figures::new(&truth, &predicted, 3, ids(&[1]), &resamples).unwrap();
        let better = figures.difference(1, 0, Figure::F1(LabelId(1))).unwrap();
        assert!((better.estimate.value - 0.6).abs() < 1e-12 && better.estimate.n == 4, "{better:?}");
        assert_eq!(better.p_value < 0.05, better.estimate.low > 0.0);
        assert_eq!(figures.difference(1, 0, Figure::Focus).unwrap().estimate.value, better.estimate.value);
        // Three rows that only the second has right: twice 1/8.
        assert!((figures.difference(1, 0, Figure::Accuracy).unwrap().p_value - 0.25).abs() < 1e-12);
        let same = figures.difference(1, 1, Figure::MacroF1).unwrap();
        assert!(same.estimate.value == 0.0 && same.estimate.low < 0.0 && same.p_value == 1.0, "{same:?}");
        for figure in [Figure::F1(LabelId(2)), Figure::Precision(LabelId(2)), Figure::Recall(LabelId(2))] {
            assert_eq!(figures.estimate(0, figure), None);
            assert_eq!(figures.difference(0, 1, figure), None);
        }
    }
}

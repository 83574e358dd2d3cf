//! Points of a curve on the judged rows, all on the same resamples.

use crate::arm::Fitted;
use crate::data::LabelId;
use crate::metric::{Confusion, F1, MACRO_F1, Metric};
use crate::stats::{self, Estimate, Resamples};

/// What the curves are measured by: the judged rows and their resamples.
pub(in crate::eval) struct Ruler<'a> {
    pub(in crate::eval) truth: &'a [LabelId],
    /// The raised labels that have judged rows.
    pub(in crate::eval) focus: &'a [LabelId],
    pub(in crate::eval) n_labels: usize,
    pub(in crate::eval) resamples: &'a Resamples,
}

/// What the models of a curve say of rows: their labels, by point, draw and row.
pub(in crate::eval) type Points = Vec<Vec<Vec<LabelId>>>;

/// What the fits of points say of `texts`.
pub(super) fn predict<'f>(points: impl Iterator<Item = &'f [Fitted]>, texts: &[&str]) -> Points {
    points.map(|draws| draws.iter().map(|fit| fit.predict(texts)).collect()).collect()
}

/// Mean F1 over the focus and macro-F1, each the mean over the draws of a point; `None` where undefined.
pub(super) type Pair = [Option<f64>; 2];

/// Every point, on the rows and on each resample.
pub(super) struct Measured {
    n_rows: [usize; 2],
    points: Vec<Pair>,
    /// By resample, then point.
    drawn: Vec<Vec<Pair>>,
}

impl Ruler<'_> {
    /// Measures points, each with its draws.
    pub(super) fn measure(&self, points: &Points) -> Option<Measured> {
        let metrics = [F1.build(), MACRO_F1.build()];
        let slices: Vec<&[LabelId]> = points.iter().flatten().map(Vec::as_slice).collect();
        let of = |confusions: &[Confusion]| -> Vec<Pair> {
            let mut rest = confusions;
            let mut pairs = Vec::with_capacity(points.len());
            for draws in points {
                let (own, others) = rest.split_at(draws.len());
                rest = others;
                pairs.push(self.pair(&metrics, own));
            }
            pairs
        };
        let confusion =
            |p: &&[LabelId]| Confusion::new(self.n_labels, self.truth.iter().copied().zip(p.iter().copied()));
        let whole: Vec<Confusion> = slices.iter().map(confusion).collect();
        let support = self.truth.iter().filter(|l| self.focus.contains(l)).count();
        Some(Measured {
            n_rows: [support, self.truth.len()],
            points: of(&whole),
            drawn: self.resamples.confusions(self.truth, &slices, self.n_labels, of),
        })
    }

    fn pair(&self, metrics: &[Box<dyn Metric>; 2], draws: &[Confusion]) -> Pair {
        let focus = draws.iter().map(|c| mean(self.focus.iter().map(|l| metrics[0].value(c, Some(*l)))));
        [mean(focus), mean(draws.iter().map(|c| metrics[1].value(c, None)))]
    }
}

/// The mean; `None` of nothing or where a value is missing.
fn mean(values: impl Iterator<Item = Option<f64>>) -> Option<f64> {
    let values: Vec<f64> = values.collect::<Option<_>>()?;
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

impl Measured {
    /// Mean F1 over the focus at a point.
    pub(super) fn focus(&self, point: usize) -> Option<f64> {
        self.points[point][0]
    }

    /// Mean F1 over the focus at every point on each resample; resamples on which one is undefined are left out.
    pub(super) fn focus_drawn(&self) -> Vec<Vec<f64>> {
        self.drawn.iter().filter_map(|d| d.iter().map(|pair| pair[0]).collect()).collect()
    }

    /// The figure of a point with its interval: 0 for the focus, 1 for macro-F1.
    pub(super) fn estimate(&self, point: usize, figure: usize) -> Option<Estimate> {
        let mut samples: Vec<f64> = self.drawn.iter().filter_map(|d| d[point][figure]).collect();
        self.interval(self.points[point][figure]?, &mut samples, figure)
    }

    /// The paired difference of two points in the focus, `point − against`.
    pub(super) fn difference(&self, point: usize, against: usize) -> Option<Estimate> {
        let value = self.points[point][0]? - self.points[against][0]?;
        let mut samples: Vec<f64> = self.drawn.iter().filter_map(|d| Some(d[point][0]? - d[against][0]?)).collect();
        self.interval(value, &mut samples, 0)
    }

    fn interval(&self, value: f64, samples: &mut [f64], figure: usize) -> Option<Estimate> {
        let method = format!("percentile bootstrap within labels, {} resamples", samples.len());
        stats::interval(value, samples, self.n_rows[figure], &method)
    }
}

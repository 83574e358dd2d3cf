//! What the objectives of linear classifiers share: features both ways, costs, the centre of the penalty, labels that are fitted.

use super::csr::{Dense, stride};
use super::linear_model::present;
use super::{Csr, Problem};

/// A weighted problem laid out for products with parameters, which stand as (features + 1) rows of [`stride`] values, one for
/// each label and 0 beyond; the last row holds the intercepts.
pub(super) struct Design<'a> {
    pub(super) features: &'a Csr,
    columns: Csr,
    /// Label of each example.
    pub(super) labels: Vec<usize>,
    /// C times the weight of each example.
    pub(super) costs: Vec<f32>,
    pub(super) n_labels: usize,
    pub(super) stride: usize,
    /// W₀ and b₀; without a prior W₀ is 0.
    pub(super) centre: &'a [f32],
    /// 1 for a label that is fitted, 0 for one that is fixed at its start because it has no examples.
    pub(super) free: Vec<f32>,
    /// Examples × stride values on their way through the transposed product.
    pub(super) work: Vec<f32>,
}

impl<'a> Design<'a> {
    pub(super) fn new(problem: &Problem<'a>, c: f64, centre: &'a [f32]) -> Self {
        let stride = stride(problem.n_labels);
        let mut free: Vec<f32> = present(problem).into_iter().map(|p| f32::from(u8::from(p))).collect();
        free.resize(stride, 0.0);
        Design {
            features: problem.features,
            columns: problem.features.transpose(),
            labels: problem.labels.iter().map(|l| l.index()).collect(),
            costs: problem.weights.iter().map(|w| (c * w) as f32).collect(),
            n_labels: problem.n_labels,
            stride,
            centre,
            free,
            work: vec![0.0; problem.features.n_rows() * stride],
        }
    }

    /// How many parameters are weights of features; the intercepts follow them.
    pub(super) fn n_weights(&self) -> usize {
        self.centre.len() - self.stride
    }

    /// `work` through the transposed features into `out`, plus `penalty(i)` for each weight, fixed labels at 0. `square` squares
    /// the features. Intercepts get the sums of `work`.
    pub(super) fn collect(&self, out: &mut [f32], square: bool, penalty: impl Fn(usize) -> f32 + Sync) {
        let (stride, free) = (self.stride, &self.free);
        let (weights, intercepts) = out.split_at_mut(self.n_weights());
        let work = Dense { values: &self.work, stride };
        let value = |v: f32| if square { v * v } else { v };
        self.columns.times(work, value, weights, |first, rows| {
            for (i, g) in rows.iter_mut().enumerate() {
                *g = (*g + penalty(first * stride + i)) * free[i % stride];
            }
        });
        let mut sums = vec![0.0_f64; stride];
        for row in self.work.chunks_exact(stride) {
            sums.iter_mut().zip(row).for_each(|(s, v)| *s += f64::from(*v));
        }
        (0..stride).for_each(|k| intercepts[k] = sums[k] as f32 * free[k]);
    }
}

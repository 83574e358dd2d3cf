//! Squared hinge loss, one label against the rest, with a quadratic penalty, as an objective for the optimiser.

use super::Problem;
use super::csr::Dense;
use super::design::Design;
use super::newton::{Objective, dot};

/// `½ ‖W − W₀‖² + C Σᵢ wᵢ Σₖ max(0, 1 − yᵢₖ fₖ(xᵢ))²` with y = 1 for an example's own label and −1 for the others.
///
/// W holds the intercepts too, as weights of a feature that is always 1: they are penalised, as in LIBLINEAR. Labels without
/// examples are left out of the sum.
pub(super) struct SquaredHinge<'a> {
    design: Design<'a>,
    /// `f − y` where the margin is violated, else 0, at the current point; examples × stride.
    excess: Vec<f32>,
}

impl<'a> SquaredHinge<'a> {
    /// The objective of `problem` around `centre`, a parameter vector.
    pub(super) fn new(problem: &Problem<'a>, c: f64, centre: &'a [f32]) -> Self {
        let design = Design::new(problem, c, centre);
        SquaredHinge { excess: vec![0.0; design.work.len()], design }
    }

    /// Length of the gradient of the loss where every score is 0: what "short" is measured against, the same for any start.
    pub(super) fn reference(&mut self) -> f64 {
        let Design { labels, stride, centre, .. } = &self.design;
        for (row, label) in self.excess.chunks_exact_mut(*stride).zip(labels) {
            row.fill(1.0);
            row[*label] = -1.0;
        }
        let centre = *centre;
        let mut gradient = vec![0.0; centre.len()];
        self.gradient(centre, &mut gradient);
        dot(&gradient, &gradient).sqrt()
    }

    /// Adds to the intercepts of `out` their penalty, where their label is fitted.
    fn penalise_intercepts(&self, out: &mut [f32], penalty: impl Fn(usize) -> f32) {
        let first = self.design.n_weights();
        for (k, free) in self.design.free.iter().enumerate().filter(|(_, free)| **free > 0.0) {
            out[first + k] += free * penalty(first + k);
        }
    }
}

impl Objective for SquaredHinge<'_> {
    fn evaluate(&mut self, at: &[f32]) -> f64 {
        let Design { features, labels, costs, free, n_labels, stride, centre, .. } = &self.design;
        let (n_labels, stride) = (*n_labels, *stride);
        let (weights, intercepts) = at.split_at(self.design.n_weights());
        let dense = Dense { values: weights, stride };
        let losses = features.times(
            dense,
            |v| v,
            &mut self.excess,
            |first, rows| {
                let mut sum = 0.0;
                for (i, row) in rows.chunks_exact_mut(stride).enumerate() {
                    let own = labels[first + i];
                    let mut loss = 0.0_f32;
                    for (k, score) in row.iter_mut().enumerate() {
                        let y = if k == own { 1.0 } else { -1.0 };
                        let excess = *score + intercepts[k] - y;
                        let violated = k < n_labels && free[k] > 0.0 && excess * y < 0.0;
                        *score = if violated { excess } else { 0.0 };
                        loss += *score * *score;
                    }
                    sum += f64::from(costs[first + i]) * f64::from(loss);
                }
                sum
            },
        );
        let change = |i: usize| (f64::from(at[i]) - f64::from(centre[i])).powi(2);
        let fitted = (0..at.len()).filter(|i| free[i % stride] > 0.0);
        losses.iter().sum::<f64>() + 0.5 * fitted.map(change).sum::<f64>()
    }

    fn gradient(&mut self, at: &[f32], out: &mut [f32]) {
        let Design { costs, stride, work, .. } = &mut self.design;
        let rows = work.chunks_exact_mut(*stride).zip(self.excess.chunks_exact(*stride));
        for ((residual, excess), cost) in rows.zip(costs.iter()) {
            residual.iter_mut().zip(excess).for_each(|(r, e)| *r = 2.0 * cost * e);
        }
        let pull = |i: usize| at[i] - self.design.centre[i];
        self.design.collect(out, false, pull);
        self.penalise_intercepts(out, pull);
    }

    fn hessian_times(&mut self, direction: &[f32], out: &mut [f32]) {
        let (weights, intercepts) = direction.split_at(self.design.n_weights());
        let excess = &self.excess;
        let Design { features, costs, stride, work, .. } = &mut self.design;
        let stride = *stride;
        features.times(
            Dense { values: weights, stride },
            |v| v,
            work,
            |first, rows| {
                for (i, row) in rows.chunks_exact_mut(stride).enumerate() {
                    let excess = &excess[(first + i) * stride..][..stride];
                    let cost = 2.0 * costs[first + i];
                    for ((z, b), e) in row.iter_mut().zip(intercepts).zip(excess) {
                        *z = if *e == 0.0 { 0.0 } else { cost * (*z + b) };
                    }
                }
            },
        );
        self.design.collect(out, false, |i| direction[i]);
        self.penalise_intercepts(out, |i| direction[i]);
    }

    fn diagonal(&mut self, out: &mut [f32]) {
        let Design { costs, stride, work, .. } = &mut self.design;
        let rows = work.chunks_exact_mut(*stride).zip(self.excess.chunks_exact(*stride));
        for ((curvature, excess), cost) in rows.zip(costs.iter()) {
            curvature.iter_mut().zip(excess).for_each(|(c, e)| *c = if *e == 0.0 { 0.0 } else { 2.0 * cost });
        }
        self.design.collect(out, true, |_| 1.0);
        self.penalise_intercepts(out, |_| 1.0);
        // Fixed labels and padding are 0 here and in every gradient.
        out.iter_mut().for_each(|d| *d = if *d > 1e-6 { *d } else { 1.0 });
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Csr, csr::stride};
    use super::*;
    use crate::data::LabelId;

    #[test]
    fn gradient_and_hessian_equal_finite_differences() {
        let mut features = Csr::empty(4);
        for i in 0..25_u32 {
            features.push_row((0..4).filter(|j| (i * 7 + j) % 3 > 0).map(|j| (j, ((i + j) % 5) as f32 * 0.3 - 0.4)));
        }
        let labels: Vec<LabelId> = (0..25).map(|i| LabelId([0, 2, 2, 0, 3][i * i % 5])).collect();
        let weights: Vec<f64> = (0..25).map(|i| 0.5 + f64::from(i % 3)).collect();
        let problem = Problem { features: &features, labels: &labels, weights: &weights, n_labels: 5 };
        let width = stride(5);
        let fitted = |i: usize| [0, 2, 3].contains(&(i % width));
        let fill = |scale: f32| -> Vec<f32> {
            (0..5 * width).map(|i| if fitted(i) { scale * ((i * i % 13) as f32 - 6.0) } else { 0.0 }).collect()
        };
        let (centre, at, direction) = (fill(0.02), fill(0.05), fill(0.3));
        let n = at.len();
        let mut objective = SquaredHinge::new(&problem, 0.7, &centre);
        let moved = |by: &dyn Fn(usize) -> f32| -> Vec<f32> { (0..n).map(|i| at[i] + by(i)).collect() };
        let mut gradient = vec![0.0; n];
        objective.evaluate(&at);
        objective.gradient(&at, &mut gradient);
        for i in (0..n).filter(|i| fitted(*i)) {
            let mut side = |step: f32| objective.evaluate(&moved(&|j| if i == j { step } else { 0.0 }));
            let slope = (side(1e-2) - side(-1e-2)) / 2e-2;
            assert!((slope - f64::from(gradient[i])).abs() < 2e-2, "{i}: {slope} {}", gradient[i]);
        }
        let mut gradient_at = |step: f32| {
            let (at, mut gradient) = (moved(&|i| step * direction[i]), vec![0.0; n]);
            objective.evaluate(&at);
            objective.gradient(&at, &mut gradient);
            gradient
        };
        // So small a step that no margin changes sides.
        let (up, down) = (gradient_at(1e-3), gradient_at(-1e-3));
        let mut product = vec![0.0; n];
        objective.evaluate(&at);
        objective.hessian_times(&direction, &mut product);
        for i in 0..n {
            let slope = (up[i] - down[i]) / 2e-3;
            assert!((slope - product[i]).abs() < 2e-2 * (1.0 + slope.abs()), "{i}: {slope} {}", product[i]);
        }
        let mut diagonal = vec![0.0; n];
        objective.diagonal(&mut diagonal);
        for i in (0..n).filter(|i| fitted(*i)) {
            let mut unit = vec![0.0; n];
            unit[i] = 1.0;
            objective.hessian_times(&unit, &mut product);
            assert!((product[i] - diagonal[i]).abs() < 1e-4, "{i}");
        }
    }
}

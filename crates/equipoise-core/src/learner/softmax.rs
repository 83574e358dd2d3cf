//! Multinomial logistic loss with a quadratic penalty, as an objective for the optimiser.

use super::Problem;
use super::csr::Dense;
use super::design::Design;
use super::newton::{Objective, dot};

/// `C Σᵢ wᵢ lossᵢ + ½ ‖W − W₀‖²` over weights W and intercepts b, which have no penalty.
///
/// Parameters stand as (features + 1) rows of [`stride`] values, one for each label and 0 beyond; the last row holds the
/// intercepts. Labels without examples are fixed at their start: their unpenalised intercept has no finite optimum.
pub(super) struct Softmax<'a> {
    design: Design<'a>,
    /// Probabilities at the current point, examples × stride.
    probabilities: Vec<f32>,
}

impl<'a> Softmax<'a> {
    /// The objective of `problem` around `centre`, a parameter vector.
    pub(super) fn new(problem: &Problem<'a>, c: f64, centre: &'a [f32]) -> Self {
        let design = Design::new(problem, c, centre);
        Softmax { probabilities: vec![0.0; design.work.len()], design }
    }

    /// Length of the gradient of the loss where every fitted label is equally probable: what "short" is measured against, the
    /// same for any start.
    pub(super) fn reference(&mut self) -> f64 {
        let Design { free, stride, centre, .. } = &self.design;
        let n_free = free.iter().sum::<f32>().max(1.0);
        for row in self.probabilities.chunks_exact_mut(*stride) {
            row.iter_mut().zip(free).for_each(|(p, free)| *p = free / n_free);
        }
        let centre = *centre;
        let mut gradient = vec![0.0; centre.len()];
        self.gradient(centre, &mut gradient);
        dot(&gradient, &gradient).sqrt()
    }
}

impl Objective for Softmax<'_> {
    fn evaluate(&mut self, at: &[f32]) -> f64 {
        let Design { features, labels, costs, n_labels, stride, centre, .. } = &self.design;
        let (n_labels, stride) = (*n_labels, *stride);
        let (weights, intercepts) = at.split_at(self.design.n_weights());
        let dense = Dense { values: weights, stride };
        let losses = features.times(
            dense,
            |v| v,
            &mut self.probabilities,
            |first, rows| {
                let mut sum = 0.0;
                for (i, row) in rows.chunks_exact_mut(stride).enumerate() {
                    let row = &mut row[..n_labels];
                    row.iter_mut().zip(intercepts).for_each(|(s, b)| *s += b);
                    let own = row[labels[first + i]];
                    let (highest, total) = exponentials(row);
                    row.iter_mut().for_each(|p| *p /= total);
                    let cost = costs[first + i];
                    if cost > 0.0 {
                        sum += f64::from(cost) * (f64::from(total).ln() + f64::from(highest) - f64::from(own));
                    }
                }
                sum
            },
        );
        let change = |(w, c): (&f32, &f32)| (f64::from(*w) - f64::from(*c)).powi(2);
        let penalty: f64 = weights.iter().zip(*centre).map(change).sum();
        losses.iter().sum::<f64>() + 0.5 * penalty
    }

    fn gradient(&mut self, at: &[f32], out: &mut [f32]) {
        let Design { labels, costs, stride, work, .. } = &mut self.design;
        let rows = work.chunks_exact_mut(*stride).zip(self.probabilities.chunks_exact(*stride));
        for ((residual, p), (label, cost)) in rows.zip(labels.iter().zip(costs.iter())) {
            residual.iter_mut().zip(p).for_each(|(r, p)| *r = cost * p);
            residual[*label] -= cost;
        }
        self.design.collect(out, false, |i| at[i] - self.design.centre[i]);
    }

    fn hessian_times(&mut self, direction: &[f32], out: &mut [f32]) {
        let (weights, intercepts) = direction.split_at(self.design.n_weights());
        let probabilities = &self.probabilities;
        let Design { features, costs, stride, work, .. } = &mut self.design;
        let stride = *stride;
        features.times(
            Dense { values: weights, stride },
            |v| v,
            work,
            |first, rows| {
                for (i, row) in rows.chunks_exact_mut(stride).enumerate() {
                    let p = &probabilities[(first + i) * stride..][..stride];
                    row.iter_mut().zip(intercepts).for_each(|(z, b)| *z += b);
                    let mean: f32 = row.iter().zip(p).map(|(z, p)| z * p).sum();
                    let cost = costs[first + i];
                    row.iter_mut().zip(p).for_each(|(z, p)| *z = cost * p * (*z - mean));
                }
            },
        );
        self.design.collect(out, false, |i| direction[i]);
    }

    fn diagonal(&mut self, out: &mut [f32]) {
        let Design { costs, stride, work, .. } = &mut self.design;
        let rows = work.chunks_exact_mut(*stride).zip(self.probabilities.chunks_exact(*stride));
        for ((spread, p), cost) in rows.zip(costs.iter()) {
            spread.iter_mut().zip(p).for_each(|(s, p)| *s = cost * p * (1.0 - p));
        }
        self.design.collect(out, true, |_| 1.0);
        // Fixed labels and padding are 0 here and in every gradient; intercepts can round to 0.
        out.iter_mut().for_each(|d| *d = if *d > 1e-6 { *d } else { 1.0 });
    }
}

/// Replaces scores by their exponentials relative to the highest; returns the highest and the sum.
fn exponentials(scores: &mut [f32]) -> (f32, f32) {
    let highest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    scores.iter_mut().for_each(|s| *s = (*s - highest).exp());
    (highest, scores.iter().sum())
}

#[cfg(test)]
mod tests {
    use super::super::{Csr, csr::stride};
    use super::*;
    use crate::data::LabelId;

    fn with_objective(n_labels: usize, prior: f32, test: impl Fn(&mut Softmax<'_>, &[f32])) {
        let mut features = Csr::empty(5);
        for i in 0..30_u32 {
            features.push_row((0..5).filter(|j| (i * 7 + j) % 3 > 0).map(|j| (j, ((i + j) % 4) as f32 * 0.4 - 0.3)));
        }
        let labels: Vec<LabelId> = (0..30).map(|i| LabelId((i * i % n_labels) as u16)).collect();
        let weights: Vec<f64> = (0..30).map(|i| 0.5 + f64::from(i % 3)).collect();
        let width = stride(n_labels);
        let fill = |scale: f32| -> Vec<f32> {
            (0..6 * width)
                .map(|i| if i % width < n_labels { scale * ((i * i % 13) as f32 - 6.0) } else { 0.0 })
                .collect()
        };
        let centre = fill(prior);
        let problem = Problem { features: &features, labels: &labels, weights: &weights, n_labels };
        test(&mut Softmax::new(&problem, 2.0, &centre), &fill(0.1));
    }

    #[test]
    fn gradient_equals_finite_differences() {
        for (n_labels, prior) in [(2, 0.0), (3, 0.2), (9, 0.0)] {
            with_objective(n_labels, prior, |objective, at| {
                let mut gradient = vec![0.0; at.len()];
                objective.evaluate(at);
                objective.gradient(at, &mut gradient);
                let (free, width) = (objective.design.free.clone(), objective.design.stride);
                for i in (0..at.len()).filter(|i| free[i % width] > 0.0) {
                    let mut side = |step: f32| {
                        let mut moved = at.to_vec();
                        moved[i] += step;
                        objective.evaluate(&moved)
                    };
                    let slope = (side(1e-2) - side(-1e-2)) / 2e-2;
                    assert!((slope - f64::from(gradient[i])).abs() < 5e-3, "{n_labels} {i}: {slope} {}", gradient[i]);
                }
            });
        }
    }

    #[test]
    fn hessian_product_and_diagonal_equal_differences_of_gradients() {
        with_objective(3, 0.2, |objective, at| {
            let n = at.len();
            let direction: Vec<f32> = (0..n)
                .map(|i| if i % 4 < 3 { objective.design.free[i % 4] * ((i % 5) as f32 - 2.0) } else { 0.0 })
                .collect();
            let gradient_at = |objective: &mut Softmax<'_>, step: f32, direction: &[f32]| {
                let moved: Vec<f32> = at.iter().zip(direction).map(|(w, d)| w + step * d).collect();
                let mut gradient = vec![0.0; n];
                objective.evaluate(&moved);
                objective.gradient(&moved, &mut gradient);
                gradient
            };
            let (up, down) = (gradient_at(objective, 5e-3, &direction), gradient_at(objective, -5e-3, &direction));
            let mut product = vec![0.0; n];
            objective.evaluate(at);
            objective.hessian_times(&direction, &mut product);
            for i in 0..n {
                let slope = (up[i] - down[i]) / 1e-2;
                assert!((slope - product[i]).abs() < 2e-2, "{i}: {slope} {}", product[i]);
            }
            let mut diagonal = vec![0.0; n];
            objective.diagonal(&mut diagonal);
            let free = objective.design.free.clone();
            for i in (0..n).filter(|i| free[i % 4] > 0.0) {
                let mut unit = vec![0.0; n];
                unit[i] = 1.0;
                objective.hessian_times(&unit, &mut product);
                assert!((product[i] - diagonal[i]).abs() < 1e-4, "{i}");
            }
        });
    }
}

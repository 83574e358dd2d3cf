//! Multinomial logistic regression: the classifier behind the linear learners.

use super::csr::{Dense, stride};
use super::newton::minimise;
use super::softmax::Softmax;
use super::{Csr, Model, Problem};

/// Multinomial logistic regression with a quadratic penalty, fitted to its optimum.
///
/// Minimises `C Σ wᵢ lossᵢ + ½ ‖W − W₀‖²`; all labels have a weight vector, intercepts are free. Stops where the gradient is
/// at most `tolerance` times as long as where all labels are equally probable.
///
/// # Source
/// Objective as scikit-learn's `LogisticRegression` on three or more labels. Its default solver stops early: on 16,000 texts
/// of six labels macro-F1 moved by 0.2 points, as much as some ways of augmenting do; at 1e-4 here it no longer moves.
#[derive(Debug, Clone, PartialEq)]
pub struct LogisticRegression {
    /// Weight of the loss against the penalty, positive; `None`: 10, and 5 for two labels, which is scikit-learn's binary form at
    /// C = 10 (that has one weight vector where this has two).
    pub c: Option<f64>,
    /// Relative length of the gradient at which to stop, positive.
    pub tolerance: f64,
}

impl Default for LogisticRegression {
    fn default() -> Self {
        LogisticRegression { c: None, tolerance: 1e-4 }
    }
}

/// Fitted weights.
#[derive(Debug, Clone, PartialEq)]
pub struct LogisticModel {
    /// (features + 1) rows of [`stride`] values; the last row holds the intercepts.
    parameters: Vec<f32>,
    n_labels: usize,
    objective: f64,
    n_steps: usize,
    n_products: usize,
    converged: bool,
}

impl LogisticRegression {
    /// Fits `problem`, around and starting from `prior` where one is given: `W₀` are its weights. A prior over other features or
    /// labels is ignored.
    ///
    /// A label without examples keeps the prior's weights; without a prior it gets probability 0.
    pub fn fit(&self, problem: &Problem<'_>, prior: Option<&LogisticModel>) -> LogisticModel {
        let (n_labels, width) = (problem.n_labels, stride(problem.n_labels));
        let size = (problem.features.n_columns + 1) * width;
        let c = self.c.unwrap_or(if n_labels == 2 { 5.0 } else { 10.0 });
        let prior = prior.filter(|p| p.n_labels == n_labels && p.parameters.len() == size);
        let mut centre = prior.map_or_else(|| vec![0.0; size], |p| p.parameters.clone());
        set_out_intercepts(problem, prior.is_none(), &mut centre[size - width..]);
        let mut objective = Softmax::new(problem, c, &centre);
        let short_enough = self.tolerance * objective.reference();
        let minimum = minimise(&mut objective, centre.clone(), short_enough);
        LogisticModel {
            parameters: minimum.at,
            n_labels,
            objective: minimum.value,
            n_steps: minimum.n_steps,
            n_products: minimum.n_products,
            converged: minimum.converged,
        }
    }
}

/// Makes the intercepts fit to start from: a label with examples needs a finite one, and a label that neither the examples nor
/// a prior know gets minus infinity, unless no label has examples.
fn set_out_intercepts(problem: &Problem<'_>, no_prior: bool, intercepts: &mut [f32]) {
    let mut present = vec![false; problem.n_labels];
    let weighted = problem.labels.iter().zip(problem.weights).filter(|e| *e.1 > 0.0);
    weighted.for_each(|(label, _)| present[label.index()] = true);
    let any = present.contains(&true);
    for (intercept, present) in intercepts.iter_mut().zip(present) {
        if present && !intercept.is_finite() {
            *intercept = 0.0;
        } else if !present && no_prior && any {
            *intercept = f32::NEG_INFINITY;
        }
    }
}

impl LogisticModel {
    /// The value of the objective where the fit stopped.
    pub fn objective(&self) -> f64 {
        self.objective
    }

    /// Newton steps and Hessian products that the fit took, and whether it got within the tolerance.
    pub fn effort(&self) -> (usize, usize, bool) {
        (self.n_steps, self.n_products, self.converged)
    }
}

impl Model for LogisticModel {
    /// Features must come from the vectoriser of the fit.
    fn probabilities(&self, features: &Csr) -> Vec<f64> {
        softmax_of_scores(&self.parameters, self.n_labels, features)
    }
}

/// Row-major probabilities from linear scores; `parameters` as in [`LogisticModel`].
pub(super) fn softmax_of_scores(parameters: &[f32], n_labels: usize, features: &Csr) -> Vec<f64> {
    let width = stride(n_labels);
    let (weights, intercepts) = parameters.split_at(parameters.len() - width);
    let mut scores = vec![0.0; features.n_rows() * width];
    features.times(Dense { values: weights, stride: width }, |v| v, &mut scores, |_, _| ());
    let mut probabilities = Vec::with_capacity(features.n_rows() * n_labels);
    for row in scores.chunks_exact(width) {
        let start = probabilities.len();
        let scores = row.iter().zip(intercepts).take(n_labels).map(|(s, b)| f64::from(s + b));
        let highest = scores.clone().fold(f64::NEG_INFINITY, f64::max);
        probabilities.extend(scores.map(|s| (s - highest).exp()));
        let total: f64 = probabilities[start..].iter().sum();
        probabilities[start..].iter_mut().for_each(|p| *p /= total);
    }
    probabilities
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::LabelId;

    fn ids(labels: &[u16]) -> Vec<LabelId> {
        labels.iter().copied().map(LabelId).collect()
    }

    fn column(values: &[f32]) -> Csr {
        let mut features = Csr::empty(1);
        values.iter().for_each(|v| features.push_row([(0, *v)]));
        features
    }

    fn fit(c: f64, features: &Csr, labels: &[u16], n_labels: usize, prior: Option<&LogisticModel>) -> LogisticModel {
        let (labels, weights) = (ids(labels), vec![1.0; labels.len()]);
        let problem = Problem { features, labels: &labels, weights: &weights, n_labels };
        LogisticRegression { c: Some(c), tolerance: 1e-6 }.fit(&problem, prior)
    }

    #[test]
    fn solves_a_case_that_can_be_solved_by_hand() {
        // x = ±1, one row each: by symmetry b = 0 and W = (w, −w), so 2C log(1 + e^(−2w)) + w² is least where w = 2C / (1 + e^(2w)).
        let model = fit(1.5, &column(&[1.0, -1.0]), &[0, 1], 2, None);
        let mut w = 0.5_f64;
        (0..200).for_each(|_| w = 0.5 * (w + 3.0 / (1.0 + (2.0 * w).exp())));
        let p = model.probabilities(&column(&[1.0]))[0];
        assert!((p - 1.0 / (1.0 + (-2.0 * w).exp())).abs() < 1e-5, "{p}");
        assert!((model.objective() - (3.0 * (1.0 + (-2.0 * w).exp()).ln() + w * w)).abs() < 1e-6);
    }

    #[test]
    fn gives_the_shares_of_labels_without_features() {
        let mut features = Csr::empty(0);
        (0..10).for_each(|_| features.push_row([]));
        let p = fit(10.0, &features, &[0, 0, 0, 0, 0, 0, 1, 1, 1, 2], 3, None).probabilities(&features);
        assert!((p[0] - 0.6).abs() < 1e-4 && (p[1] - 0.3).abs() < 1e-4 && (p[2] - 0.1).abs() < 1e-4, "{p:?}");
    }

    #[test]
    fn stays_finite_on_separable_data_with_a_weak_penalty() {
        let features = column(&[1.0, 2.0, -1.0, -2.0]);
        let model = fit(1e6, &features, &[0, 0, 1, 1], 2, None);
        let (_, _, converged) = model.effort();
        assert!(converged && model.parameters.iter().all(|w| w.is_finite() && w.abs() < 50.0), "{model:?}");
    }

    #[test]
    fn keeps_the_prior_where_the_examples_say_nothing() {
        let mut both = Csr::empty(2);
        both.push_row([(0, 1.0)]);
        both.push_row([(1, 1.0)]);
        let prior = fit(10.0, &both, &[0, 1], 3, None);
        assert_eq!(prior.probabilities(&both)[2], 0.0);
        let mut first = Csr::empty(2);
        first.push_row([(0, 1.0)]);
        first.push_row([]);
        let adapted = fit(10.0, &first, &[1, 0], 3, Some(&prior));
        let width = stride(3);
        assert_eq!(
            adapted.parameters[width..2 * width],
            prior.parameters[width..2 * width],
            "feature 1 is in no example"
        );
        assert!(adapted.probabilities(&both)[1] > 0.5, "feature 0 has learnt its new label");
        let nothing = LogisticRegression::default()
            .fit(&Problem { features: &Csr::empty(2), labels: &[], weights: &[], n_labels: 3 }, Some(&prior));
        assert_eq!(nothing.parameters, prior.parameters);
    }

    #[test]
    fn learns_a_label_that_the_prior_never_saw() {
        let prior = fit(10.0, &column(&[1.0, -1.0]), &[0, 1], 3, None);
        let features = column(&[1.0, -1.0, 3.0]);
        let p = fit(10.0, &features, &[0, 1, 2], 3, Some(&prior)).probabilities(&features);
        assert!(p[8] > 0.5 && p.iter().all(|p| p.is_finite()), "{p:?}");
    }

    #[test]
    fn needs_no_step_when_started_at_its_own_optimum() {
        let features = column(&[1.0, 0.5, -1.0, -0.3, 0.2]);
        let labels = [0, 1, 1, 2, 0];
        let model = fit(1.0, &features, &labels, 3, None);
        // Around itself the penalty vanishes, so the optimum moves on; without examples of weight it stays.
        let ids = ids(&labels);
        let problem = Problem { features: &features, labels: &ids, weights: &[0.0; 5], n_labels: 3 };
        assert_eq!(LogisticRegression::default().fit(&problem, Some(&model)).effort().0, 0);
    }

    #[test]
    fn gives_the_same_bits_on_one_thread_and_on_two() {
        let mut features = Csr::empty(40);
        for i in 0..3_000_u32 {
            features.push_row((0..40).filter(|j| (i * 31 + j * j) % 7 == 0).map(|j| (j, ((i ^ j) % 9) as f32 * 0.1)));
        }
        let labels: Vec<u16> = (0..3_000_u32).map(|i| (i * i / 3 % 5) as u16).collect();
        let on = |n: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(n).build().unwrap();
            pool.install(|| fit(10.0, &features, &labels, 5, None))
        };
        assert_eq!(on(1), on(2));
    }
}

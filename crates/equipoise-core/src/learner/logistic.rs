//! Multinomial logistic regression: the classifier behind the linear learners.

use super::newton::minimise;
use super::softmax::Softmax;
use super::{LinearModel, Problem};
use crate::catalog::{Setting, SettingsError};
use serde::Deserialize;

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

impl LogisticRegression {
    /// The same with other weights of the loss, a third to ten times the default.
    pub(super) fn alternatives(&self) -> Vec<(String, LogisticRegression)> {
        let others = [1.0, 3.0, 30.0, 100.0];
        others.into_iter().map(|c| (format!("c = {c}"), LogisticRegression { c: Some(c), ..self.clone() })).collect()
    }

    /// Fits `problem`, around and starting from `prior` where one is given: `W₀` are its weights. A prior over other features or
    /// labels is ignored.
    ///
    /// A label without examples keeps the prior's weights; without a prior it gets probability 0.
    pub fn fit(&self, problem: &Problem<'_>, prior: Option<&LinearModel>) -> LinearModel {
        let c = self.c.unwrap_or(if problem.n_labels == 2 { 5.0 } else { 10.0 });
        let centre = LinearModel::centre(problem, prior);
        let mut objective = Softmax::new(problem, c, &centre);
        let short_enough = self.tolerance * objective.reference();
        let minimum = minimise(&mut objective, centre.clone(), short_enough);
        LinearModel::from_minimum(minimum, problem.n_labels, 1.0)
    }
}

/// What a user may set of a learner that ends in [`LogisticRegression`].
#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct LogisticSettings {
    c: Option<f64>,
    tolerance: f64,
}

impl Default for LogisticSettings {
    fn default() -> Self {
        let LogisticRegression { c, tolerance } = LogisticRegression::default();
        LogisticSettings { c, tolerance }
    }
}

impl LogisticSettings {
    /// How learners tell them whose defaults are those of `linear`.
    pub(super) const AS_IN_LINEAR: [Setting; 2] = [
        Setting {
            name: "c",
            default: "null",
            why: "Weight of the loss against the penalty, positive; by default 10, and 5 for two labels, as in `linear`.",
        },
        Setting {
            name: "tolerance",
            default: "0.0001",
            why: "Relative length of the gradient at which the fit stops, above 0 and below 1, as in `linear`.",
        },
    ];

    /// The settings of the learner `item`, where they are in range.
    pub(super) fn checked(self, item: &'static str) -> Result<LogisticRegression, SettingsError> {
        let bad = |message: &str| SettingsError::BadValue { item, message: message.to_owned() };
        if self.c.is_some_and(|c| !(c > 0.0 && c.is_finite())) {
            return Err(bad("`c` takes a number above 0, or null"));
        }
        if !(self.tolerance > 0.0 && self.tolerance < 1.0) {
            return Err(bad("`tolerance` takes a number above 0 and below 1"));
        }
        Ok(LogisticRegression { c: self.c, tolerance: self.tolerance })
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Csr, Model, csr::stride};
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

    fn fit(c: f64, features: &Csr, labels: &[u16], n_labels: usize, prior: Option<&LinearModel>) -> LinearModel {
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
        assert!((model.fit().unwrap().objective - (3.0 * (1.0 + (-2.0 * w).exp()).ln() + w * w)).abs() < 1e-6);
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
        let converged = model.fit().unwrap().converged;
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

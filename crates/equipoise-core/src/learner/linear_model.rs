//! A fitted linear classifier, whatever it was fitted by.

use super::csr::{Dense, stride};
use super::newton::Minimum;
use super::saved::{Array, Arrays, LoadedModel, Loader, Saved};
use super::{Csr, Model, Problem};

/// Linear scores of the labels, made into a distribution.
#[derive(Debug, Clone, PartialEq)]
pub struct LinearModel {
    /// (features + 1) rows of [`stride`] values; the last row holds the intercepts. Minus infinity shuts a label out.
    pub(super) parameters: Vec<f32>,
    pub(super) n_labels: usize,
    /// Probabilities are the softmax of this many times the scores; positive.
    pub(super) sharpness: f32,
    fit: Option<Fit>,
}

/// How an optimiser fared.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fit {
    /// The value of the objective where it stopped.
    pub objective: f64,
    /// Newton steps taken.
    pub n_steps: usize,
    /// Hessian products computed.
    pub n_products: usize,
    /// Whether the gradient got within the tolerance.
    pub converged: bool,
}

impl LinearModel {
    /// A model that no optimiser made.
    pub(super) fn new(parameters: Vec<f32>, n_labels: usize) -> Self {
        LinearModel { parameters, n_labels, sharpness: 1.0, fit: None }
    }

    pub(super) fn from_minimum(minimum: Minimum, n_labels: usize, sharpness: f32) -> Self {
        let Minimum { at, value, n_steps, n_products, converged } = minimum;
        let fit = Some(Fit { objective: value, n_steps, n_products, converged });
        LinearModel { parameters: at, n_labels, sharpness, fit }
    }

    /// How the fit went; `None` for a model that was not made by an optimiser in this process.
    pub fn fit(&self) -> Option<Fit> {
        self.fit
    }

    /// Where an optimiser starts and what its penalty pulls towards: the weights of `prior`, or 0.
    ///
    /// A label with examples gets a finite intercept; one that neither the examples nor a prior know gets minus infinity, unless no
    /// label has examples. A prior over other features or labels is ignored.
    pub(super) fn centre(problem: &Problem<'_>, prior: Option<&LinearModel>) -> Vec<f32> {
        let (n_labels, width) = (problem.n_labels, stride(problem.n_labels));
        let size = (problem.features.n_columns + 1) * width;
        let prior = prior.filter(|p| p.n_labels == n_labels && p.parameters.len() == size);
        let mut centre = prior.map_or_else(|| vec![0.0; size], |p| p.parameters.clone());
        let present = present(problem);
        let any = present.contains(&true);
        for (intercept, present) in centre[size - width..].iter_mut().zip(present) {
            if present && !intercept.is_finite() {
                *intercept = 0.0;
            } else if !present && prior.is_none() && any {
                *intercept = f32::NEG_INFINITY;
            }
        }
        centre
    }
}

/// For each label whether an example of positive weight has it.
pub(super) fn present(problem: &Problem<'_>) -> Vec<bool> {
    let mut present = vec![false; problem.n_labels];
    let weighted = problem.labels.iter().zip(problem.weights).filter(|e| *e.1 > 0.0);
    weighted.for_each(|(label, _)| present[label.index()] = true);
    present
}

impl Model for LinearModel {
    /// Features must come from the vectoriser of the fit.
    fn probabilities(&self, features: &Csr) -> Vec<f64> {
        let (n_labels, width, sharpness) = (self.n_labels, stride(self.n_labels), f64::from(self.sharpness));
        let (weights, intercepts) = self.parameters.split_at(self.parameters.len() - width);
        let mut scores = vec![0.0; features.n_rows() * width];
        features.times(Dense { values: weights, stride: width }, |v| v, &mut scores, |_, _| ());
        let mut probabilities = Vec::with_capacity(features.n_rows() * n_labels);
        for row in scores.chunks_exact(width) {
            let scores = row.iter().zip(intercepts).take(n_labels).map(|(s, b)| f64::from(s + b) * sharpness);
            push_softmax(scores, &mut probabilities);
        }
        probabilities
    }

    fn save(&self) -> Option<Saved> {
        let size = Array::Numbers(vec![self.n_labels as u64]);
        Some(Saved::new(
            LOADER.kind,
            [size, Array::Floats(vec![self.sharpness]), Array::Floats(self.parameters.clone())],
        ))
    }
}

pub(super) const LOADER: Loader<LoadedModel> = Loader { kind: "linear", load };

fn load(arrays: &mut Arrays) -> Result<LoadedModel, &'static str> {
    let ([n_labels], sharpness, parameters) = (arrays.numbers()?, arrays.floats()?, arrays.floats()?);
    let [sharpness] = sharpness[..] else { return Err("the sharpness is not one number") };
    let width = stride(n_labels);
    if parameters.is_empty() || parameters.len() % width != 0 {
        return Err("the weights do not fit the labels");
    }
    let n_features = parameters.len() / width - 1;
    let finite = parameters[..n_features * width].iter().all(|w| w.is_finite());
    if !(finite && sharpness > 0.0 && sharpness.is_finite()) || parameters.contains(&f32::INFINITY) {
        return Err("a weight is not finite");
    }
    Ok((Box::new(LinearModel { parameters, n_labels, sharpness, fit: None }), n_features, n_labels))
}

/// Appends the softmax of `scores`; minus infinity gives 0 unless all are.
pub(super) fn push_softmax(scores: impl Iterator<Item = f64> + Clone, probabilities: &mut Vec<f64>) {
    let start = probabilities.len();
    let highest = scores.clone().fold(f64::NEG_INFINITY, f64::max);
    probabilities.extend(scores.map(|s| (s - highest).exp()));
    let total: f64 = probabilities[start..].iter().sum();
    probabilities[start..].iter_mut().for_each(|p| *p /= total);
}

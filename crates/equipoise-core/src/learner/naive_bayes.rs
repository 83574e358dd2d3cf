//! A learner with nothing to optimise: complement naive Bayes.

use super::csr::stride;
use super::linear_model::present;
use super::saved::Loaders;
use super::{Learner, LinearModel, Model, Problem, TfIdf, Vectoriser, linear_model, tfidf};
use crate::catalog::{Entry, Setting, SettingsError, read};
use serde::Deserialize;

pub(super) static ENTRY: Entry<dyn Learner> = Entry {
    name: "naive_bayes",
    what: "Complement naive Bayes on TF-IDF of words.",
    why: "A second opinion that shares no optimiser and no penalty with `linear` and was made for skewed labels: rows that help both \
          are more likely to help a third.",
    source: "Rennie, Shih, Teevan and Karger, Tackling the Poor Assumptions of Naive Bayes Text Classifiers (ICML 2003).",
    settings: &[Setting {
        name: "alpha",
        default: "1.0",
        why: "Weight of each word that every label is credited with beforehand, positive; 1 as in the paper. Lower ones trust rare \
              words more.",
    }],
    make: |settings| {
        let settings: Settings = read(ENTRY.name, settings)?;
        if settings.alpha > 0.0 && settings.alpha.is_finite() {
            return Ok(Box::new(NaiveBayes { alpha: settings.alpha }));
        }
        Err(SettingsError::BadValue { item: ENTRY.name, message: "`alpha` takes a number above 0".to_owned() })
    },
};

#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Settings {
    alpha: f64,
}

impl Default for Settings {
    fn default() -> Self {
        Settings { alpha: 1.0 }
    }
}

struct NaiveBayes {
    alpha: f64,
}

impl Learner for NaiveBayes {
    fn vectoriser(&self, texts: &[&str]) -> Box<dyn Vectoriser> {
        Box::new(TfIdf::fit(texts))
    }

    fn fit(&self, problem: &Problem<'_>) -> Box<dyn Model> {
        let (n_words, n_labels) = (problem.features.n_columns, problem.n_labels);
        let mut masses = vec![0.0_f64; n_words * n_labels];
        for (i, (label, weight)) in problem.labels.iter().zip(problem.weights).enumerate() {
            let (columns, values) = problem.features.row(i);
            for (j, value) in columns.iter().zip(values) {
                masses[*j as usize * n_labels + label.index()] += weight * f64::from(*value);
            }
        }
        Box::new(LinearModel::new(self.weights(&masses, &present(problem)), n_labels))
    }

    fn loaders(&self) -> Option<Loaders> {
        Some(Loaders { vectoriser: tfidf::LOADER, model: linear_model::LOADER })
    }

    fn alternatives(&self) -> Vec<(String, Box<dyn Learner>)> {
        let with = |alpha| (format!("alpha = {alpha}"), Box::new(NaiveBayes { alpha }) as Box<dyn Learner>);
        [0.1, 0.3, 3.0].into_iter().map(with).collect()
    }
}

impl NaiveBayes {
    /// Minus the log share of each word among the rows that do not have the label; the parameters of a linear score without a
    /// prior. A label without examples is shut out by its intercept.
    fn weights(&self, masses: &[f64], present: &[bool]) -> Vec<f32> {
        let (n_labels, width) = (present.len(), stride(present.len()));
        let words = || masses.chunks_exact(n_labels.max(1));
        let mut complements = vec![0.0; n_labels];
        for word in words() {
            let all: f64 = word.iter().sum();
            complements.iter_mut().zip(word).for_each(|(sum, own)| *sum += self.alpha + (all - own).max(0.0));
        }
        let mut parameters = vec![0.0; (words().len() + 1) * width];
        for (row, word) in parameters.chunks_exact_mut(width).zip(words()) {
            let all: f64 = word.iter().sum();
            for ((w, own), complement) in row.iter_mut().zip(word).zip(&complements) {
                *w = -((self.alpha + (all - own).max(0.0)) / complement).ln() as f32;
            }
        }
        let last = words().len() * width;
        if present.contains(&true) {
            let intercepts = parameters[last..].iter_mut().zip(present);
            intercepts.filter(|i| !i.1).for_each(|(b, _)| *b = f32::NEG_INFINITY);
        }
        parameters
    }
}

#[cfg(test)]
mod tests {
    use super::super::Csr;
    use super::*;
    use crate::data::LabelId;

    #[test]
    fn scores_by_the_rows_that_do_not_have_the_label() {
        let mut features = Csr::empty(2);
        features.push_row([(0, 3.0)]);
        features.push_row([(0, 1.0), (1, 1.0)]);
        let labels = [LabelId(0), LabelId(1)];
        let problem = Problem { features: &features, labels: &labels, weights: &[1.0, 1.0], n_labels: 2 };
        let p = NaiveBayes { alpha: 1.0 }.fit(&problem).probabilities(&features);
        // Not label 0: (1+1, 1+1) of 4. Not label 1: (3+1, 0+1) of 5. Row 0 is three times word 0.
        let scores = [-3.0 * 0.5_f64.ln(), -3.0 * 0.8_f64.ln()];
        let want = 1.0 / (1.0 + (scores[1] - scores[0]).exp());
        assert!((p[0] - want).abs() < 1e-6, "{p:?} {want}");
    }

    #[test]
    fn refuses_an_alpha_out_of_range() {
        let settings = crate::catalog::Settings::from_iter([("alpha".to_owned(), 0.into())]);
        assert!(ENTRY.build(&settings).is_err());
    }
}

//! A learner for tests: naive Bayes over words, small enough to follow by hand.

use super::Example;
use crate::data::LabelId;
use crate::learner::{Csr, Learner, Model, Problem, Vectoriser};
use crate::text::words;

/// Multinomial naive Bayes with add-one smoothing.
pub(crate) struct Words;

/// An example in one line.
pub(crate) fn example<'a>(text: &'a str, label: u16, parents: &[usize]) -> Example<'a> {
    Example { text, label: LabelId(label), parents: parents.to_vec() }
}

struct Vocabulary(Vec<String>);

impl Vectoriser for Vocabulary {
    fn transform(&self, texts: &[&str]) -> Csr {
        let mut csr = Csr::empty(self.0.len());
        for text in texts {
            let found = words(text).filter_map(|w| self.0.binary_search_by(|v| v.as_str().cmp(w)).ok());
            let mut columns: Vec<u32> = found.map(|c| c as u32).collect();
            columns.sort_unstable();
            columns.dedup();
            csr.push_row(columns.into_iter().map(|column| (column, 1.0)));
        }
        csr
    }
}

struct Bayes {
    log_prior: Vec<f64>,
    log_likelihood: Vec<Vec<f64>>,
}

impl Learner for Words {
    fn vectoriser(&self, texts: &[&str]) -> Box<dyn Vectoriser> {
        let mut all: Vec<String> = texts.iter().flat_map(|t| words(t)).map(str::to_owned).collect();
        all.sort_unstable();
        all.dedup();
        Box::new(Vocabulary(all))
    }

    fn fit(&self, problem: &Problem<'_>) -> Box<dyn Model> {
        let features = problem.features;
        let mut mass = vec![0.0; problem.n_labels];
        let mut counts = vec![vec![1.0; features.n_columns]; problem.n_labels];
        for (row, label) in problem.labels.iter().enumerate() {
            mass[label.index()] += problem.weights[row];
            let (columns, values) = features.row(row);
            for (column, value) in columns.iter().zip(values) {
                counts[label.index()][*column as usize] += problem.weights[row] * f64::from(*value);
            }
        }
        let log_likelihood = counts.iter().map(|row| {
            let all: f64 = row.iter().sum();
            row.iter().map(|n| (n / all).ln()).collect()
        });
        let log_prior = mass.iter().map(|m| (m + 1e-3_f64).ln()).collect();
        Box::new(Bayes { log_prior, log_likelihood: log_likelihood.collect() })
    }
}

impl Model for Bayes {
    fn probabilities(&self, features: &Csr) -> Vec<f64> {
        let mut all = Vec::new();
        for row in 0..features.n_rows() {
            let score = |label: usize| {
                let (seen, _) = features.row(row);
                self.log_prior[label] + seen.iter().map(|c| self.log_likelihood[label][*c as usize]).sum::<f64>()
            };
            let scores: Vec<f64> = (0..self.log_prior.len()).map(score).collect();
            let largest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let total: f64 = scores.iter().map(|s| (s - largest).exp()).sum();
            all.extend(scores.iter().map(|s| (s - largest).exp() / total));
        }
        all
    }
}

/// 80 texts that differ in who, where and, by label 0 or 1, in the mood: enough for the offline generator to recombine.
pub(crate) fn moods() -> Vec<(String, u16)> {
    let places = ["in the garden", "at the station", "on the long road", "near the harbour", "after the meeting"];
    let people = ["my sister", "the doctor", "our neighbour", "a stranger"];
    (0..80)
        .map(|i| {
            let (mood, label) = [("so cheerful", 0), ("so gloomy", 1)][i % 2];
            (format!("when i met {} {} i was {mood} about it", people[i / 2 % 4], places[i / 8 % 5]), label)
        })
        .collect()
}

//! Guesses of the labels of texts that have none.

use super::{Learner, Problem, most_probable};
use crate::data::{LabelId, TrainView};

/// The probability of each label for each of `texts`, text by text (`n_texts × n_labels`, each in 0..=1), after `learner` has learnt from
/// the training rows. A text that is itself a training row gets an answer that was learnt by heart: leave such ones out.
pub fn probabilities(train: TrainView<'_>, texts: &[&str], learner: &dyn Learner) -> Vec<f64> {
    let (rows, labels): (Vec<&str>, Vec<LabelId>) = train.rows().map(|r| (r.text, r.label)).unzip();
    let vectoriser = learner.vectoriser(&rows);
    let features = vectoriser.transform(&rows);
    let weights = vec![1.0; rows.len()];
    let problem = Problem { features: &features, labels: &labels, weights: &weights, n_labels: train.labels().len() };
    learner.fit(&problem).probabilities(&vectoriser.transform(texts))
}

/// The most probable label of each of `texts` and its probability ([`probabilities`]).
pub fn guess(train: TrainView<'_>, texts: &[&str], learner: &dyn Learner) -> Vec<(LabelId, f64)> {
    let n_labels = train.labels().len();
    let probabilities = probabilities(train, texts, learner);
    let best = most_probable(&probabilities, n_labels);
    best.into_iter().zip(probabilities.chunks_exact(n_labels)).map(|(label, row)| (label, row[label.index()])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Dataset, Rows};

    #[test]
    fn is_sure_of_a_text_like_a_label_s_rows() {
        let mut rows = Rows::default();
        for i in 0..20 {
            rows.push(&format!("so glad and cheerful {i}"), "joy").expect("two labels");
            rows.push(&format!("so gloomy and tearful {i}"), "grief").expect("two labels");
        }
        let data = Dataset::new(rows).expect("two labels");
        let learner = crate::learner::CATALOG[0].build(&crate::catalog::Settings::new()).expect("defaults build");
        let guesses = guess(data.train(), &["a cheerful and glad day", "tearful"], &*learner);
        let names: Vec<&str> = guesses.iter().map(|(label, _)| data.labels().name(*label)).collect();
        assert_eq!(names, ["joy", "grief"]);
        assert!(guesses.iter().all(|(_, p)| (0.5..=1.0).contains(p)), "{guesses:?}");
    }
}

//! Learners: from weighted texts to a model that scores new ones.

mod char_grams;
mod classifier;
mod container;
mod csr;
mod design;
mod embedding_bag;
mod fit_jobs;
mod guess;
mod linear;
mod linear_char;
#[cfg(feature = "embed")]
mod linear_embedding;
mod linear_features;
mod linear_model;
mod linear_svm;
mod load;
mod logistic;
mod naive_bayes;
mod needs;
mod newton;
mod saved;
mod softmax;
mod squared_hinge;
mod text_features;
mod tfidf;
mod word_bag;

pub use char_grams::CharGrams;
pub use classifier::{About, Classifier, ClassifierError, fit_temperature};
pub use container::ContainerError;
pub use csr::Csr;
pub use fit_jobs::{FitJob, FitJobs, FitResultError, JobLearner};
pub use guess::{guess, probabilities};
pub use linear_model::{Fit, LinearModel};
pub use load::{load_model, load_vectoriser};
pub use logistic::LogisticRegression;
pub use needs::{Files, Needs};
pub use saved::{Array, LoadedModel, LoadedVectoriser, Loader, Loaders, Saved, SavedError};
pub use text_features::{FeatureError, TextFeatures};
pub use tfidf::TfIdf;

use crate::catalog::{Entry, Settings, SettingsError};
use crate::data::LabelId;
use std::any::Any;
use std::sync::Arc;

/// Every learner; the first is the default.
pub static CATALOG: &[&Entry<dyn Learner>] = &[
    &linear::ENTRY,
    &linear_char::ENTRY,
    &linear_features::ENTRY,
    &linear_svm::ENTRY,
    &naive_bayes::ENTRY,
    &embedding_bag::ENTRY,
    #[cfg(feature = "embed")]
    &linear_embedding::ENTRY,
];

/// Texts to features, fixed once fitted.
pub trait Vectoriser: Send + Sync {
    /// One row of features for each text.
    fn transform(&self, texts: &[&str]) -> Csr;

    /// This vectoriser as plain data that [`load_vectoriser`] reads; `None` where it has no such form.
    fn save(&self) -> Option<Saved> {
        None
    }
}

/// A weighted training problem in features.
#[derive(Debug, Clone)]
pub struct Problem<'a> {
    /// Features, a row for each example.
    pub features: &'a Csr,
    /// Labels of the examples.
    pub labels: &'a [LabelId],
    /// Weights of the examples, finite and not negative; an example of weight 2 counts as two equal ones.
    pub weights: &'a [f64],
    /// How many labels there are; ones without examples are allowed.
    pub n_labels: usize,
}

/// A fitted classifier.
pub trait Model: Any + Send + Sync {
    /// Row-major scores, `rows × n_labels`, each row a distribution over the labels that sums to 1.
    fn probabilities(&self, features: &Csr) -> Vec<f64>;

    /// This model as plain data that [`load_model`] reads; `None` where it has no such form.
    fn save(&self) -> Option<Saved> {
        None
    }
}

/// A way of learning: its features and its classifier.
pub trait Learner: Send + Sync {
    /// Learns the features from training texts (vocabulary, idf).
    fn vectoriser(&self, texts: &[&str]) -> Box<dyn Vectoriser>;

    /// Fits the classifier. A label without examples gets probability 0 wherever another label has some.
    fn fit(&self, problem: &Problem<'_>) -> Box<dyn Model>;

    /// Fits the classifier with `prior`, a model over the same features and labels, in the place of "all weights are 0": what
    /// the examples do not speak about stays as the prior has it. `None` where the learner has no such form or did not make `prior`.
    fn adapt(&self, _problem: &Problem<'_>, _prior: &dyn Model) -> Option<Box<dyn Model>> {
        None
    }

    /// What reads its saved vectorisers and models; `None` where they are not saved.
    fn loaders(&self) -> Option<Loaders> {
        None
    }

    /// The files that it reads before it can learn; `None` for a learner that needs none.
    fn needs(&self) -> Option<Needs<'_>> {
        None
    }

    /// Hands over the files of [`Learner::needs`]. A learner that lacks them has no features.
    ///
    /// # Errors
    /// [`SettingsError::BadValue`] where the files are not what the learner reads.
    fn supply(&mut self, _files: &Files) -> Result<(), SettingsError> {
        Ok(())
    }

    /// What it computed of texts and would have to compute again, without the texts, for [`Learner::recall`]; `None` where that is not
    /// worth keeping.
    fn remembered(&self) -> Option<Vec<u8>> {
        None
    }

    /// Takes what an equal learner remembered; what is damaged is left out.
    fn recall(&self, _bytes: &[u8]) {}

    /// Takes the features that come with the texts; a learner that has no use for them leaves them.
    fn give(&mut self, _features: &Arc<TextFeatures>) {}

    /// Whether the learner has features for a text. Where it has none for the texts that an arm writes itself, the arm is left out.
    fn knows(&self, _text: &str) -> bool {
        true
    }

    /// Whether its models are fitted elsewhere, from texts: there is no point between two texts, and only models that arms need are asked for.
    fn fits_elsewhere(&self) -> bool {
        false
    }

    /// This learner with other settings that are worth trying, each with what differs (`c = 3`); the rest stays as it is.
    fn alternatives(&self) -> Vec<(String, Box<dyn Learner>)> {
        vec![]
    }
}

/// The default learner as it is documented: words, and logistic regression.
pub fn usual() -> Box<dyn Learner> {
    CATALOG[0].build(&Settings::new()).expect("it builds from its documented defaults")
}

/// The most probable label of each row of `probabilities` (row-major, `n_labels` wide); of equals the first.
pub fn most_probable(probabilities: &[f64], n_labels: usize) -> Vec<LabelId> {
    let best = |row: &[f64]| (1..row.len()).fold(0, |best, i| if row[i] > row[best] { i } else { best });
    probabilities.chunks_exact(n_labels.max(1)).map(|row| LabelId(best(row) as u16)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog;

    const TEXTS: [&str; 6] =
        ["good film indeed", "a good day", "very good", "bad film indeed", "a bad day", "so bad it hurts"];
    const LABELS: [LabelId; 6] = [LabelId(0), LabelId(0), LabelId(0), LabelId(2), LabelId(2), LabelId(2)];

    fn every_learner() -> impl Iterator<Item = (&'static str, Box<dyn Learner>)> {
        CATALOG.iter().map(|e| {
            #[cfg_attr(not(feature = "embed"), expect(unused_mut, reason = "no other learner needs files"))]
            let mut learner = e.build(&Settings::new()).unwrap();
            #[cfg(feature = "embed")]
            learner.supply(&linear_embedding::tests::tiny_folder()).unwrap();
            (e.name, learner)
        })
    }

    fn fit(learner: &dyn Learner, texts: &[&str], labels: &[LabelId], weights: &[f64], asked: &[&str]) -> Vec<f64> {
        let vectoriser = learner.vectoriser(&TEXTS);
        let features = vectoriser.transform(texts);
        let model = learner.fit(&Problem { features: &features, labels, weights, n_labels: 3 });
        model.probabilities(&vectoriser.transform(asked))
    }

    fn assert_distributions(name: &str, probabilities: &[f64]) {
        for row in probabilities.chunks_exact(3) {
            assert!((row.iter().sum::<f64>() - 1.0).abs() < 1e-9, "{name}: {row:?}");
            assert!(row.iter().all(|p| (0.0..=1.0).contains(p)), "{name}: {row:?}");
        }
    }

    #[test]
    fn keeps_the_contract() {
        catalog::assert_contract(CATALOG);
    }

    #[test]
    fn learns_what_separates_the_labels_and_never_predicts_one_without_examples() {
        for (name, learner) in every_learner() {
            let asked = ["a good film", "a bad film", "", "¡ unknown ¿"];
            let probabilities = fit(&*learner, &TEXTS, &LABELS, &[1.0; 6], &asked);
            assert_distributions(name, &probabilities);
            assert_eq!(most_probable(&probabilities, 3)[..2], [LabelId(0), LabelId(2)], "{name}");
            assert!(probabilities.chunks_exact(3).all(|row| row[1] == 0.0), "{name}: {probabilities:?}");
        }
    }

    #[test]
    fn weighs_an_example_of_weight_two_as_two_examples() {
        for (name, learner) in every_learner() {
            let weighted = fit(&*learner, &TEXTS, &LABELS, &[2.0, 1.0, 1.0, 1.0, 1.0, 3.0], &TEXTS);
            let texts: Vec<&str> = [0, 0, 1, 2, 3, 4, 5, 5, 5].map(|i: usize| TEXTS[i]).to_vec();
            let labels = [0, 0, 1, 2, 3, 4, 5, 5, 5].map(|i: usize| LABELS[i]);
            let repeated = fit(&*learner, &texts, &labels, &[1.0; 9], &TEXTS);
            for (a, b) in weighted.iter().zip(&repeated) {
                assert!((a - b).abs() < 2e-4, "{name}: {a} {b}");
            }
        }
    }

    #[test]
    fn does_not_depend_on_the_order_of_examples() {
        for (name, learner) in every_learner() {
            let forward = fit(&*learner, &TEXTS, &LABELS, &[1.0; 6], &TEXTS);
            let (mut texts, mut labels) = (TEXTS, LABELS);
            texts.reverse();
            labels.reverse();
            let backward = fit(&*learner, &texts, &labels, &[1.0; 6], &TEXTS);
            for (a, b) in forward.iter().zip(&backward) {
                assert!((a - b).abs() < 2e-4, "{name}: {a} {b}");
            }
        }
    }

    #[test]
    fn survives_no_examples_one_label_and_empty_texts() {
        for (name, learner) in every_learner() {
            assert_distributions(name, &fit(&*learner, &[], &[], &[], &TEXTS));
            assert_distributions(name, &fit(&*learner, &TEXTS, &[LabelId(1); 6], &[1.0; 6], &TEXTS));
            assert_distributions(name, &fit(&*learner, &["", "?"], &[LabelId(0), LabelId(1)], &[1.0; 2], &TEXTS));
            assert_distributions(name, &fit(&*learner, &TEXTS, &LABELS, &[0.0; 6], &TEXTS));
            let vectoriser = learner.vectoriser(&[]);
            assert_eq!(vectoriser.transform(&TEXTS).n_rows(), 6, "{name}");
        }
    }

    #[test]
    fn comes_back_from_its_saved_form_with_the_same_probabilities() {
        // A learner that needs files is not kept: they are not its own.
        for (name, learner) in every_learner().filter(|(_, learner)| learner.needs().is_none()) {
            let vectoriser = learner.vectoriser(&TEXTS);
            let features = vectoriser.transform(&TEXTS);
            let problem = Problem { features: &features, labels: &LABELS, weights: &[1.0; 6], n_labels: 3 };
            let model = learner.fit(&problem);
            let (back, n_columns) = load_vectoriser(vectoriser.save().unwrap()).unwrap();
            let (fitted, n_features, n_labels) = load_model(model.save().unwrap()).unwrap();
            assert_eq!((n_columns, n_features, n_labels), (features.n_columns, features.n_columns, 3), "{name}");
            let asked = ["a good film", "bad", ""];
            let want = model.probabilities(&vectoriser.transform(&asked));
            assert_eq!(fitted.probabilities(&back.transform(&asked)), want, "{name}");
            assert_eq!(fitted.save(), model.save(), "{name}");
        }
    }

    #[test]
    fn refuses_damaged_saved_forms() {
        // A learner that needs files is not kept: they are not its own.
        for (name, learner) in every_learner().filter(|(_, learner)| learner.needs().is_none()) {
            let vectoriser = learner.vectoriser(&TEXTS);
            let features = vectoriser.transform(&TEXTS);
            let problem = Problem { features: &features, labels: &LABELS, weights: &[1.0; 6], n_labels: 3 };
            let (v, m) = (vectoriser.save().unwrap(), learner.fit(&problem).save().unwrap());
            for at in 0..v.arrays.len().max(m.arrays.len()) {
                for damaged in damages(&m, at) {
                    assert!(matches!(load_model(damaged), Err(SavedError::Damaged { .. })), "{name} {at}");
                }
                let mut short = v.clone();
                short.arrays.truncate(at);
                assert!(at >= v.arrays.len() || load_vectoriser(short).is_err(), "{name} {at}");
            }
            assert!(load_model(Saved { kind: "pickle".to_owned(), ..m }).is_err());
        }
    }

    /// The array at `at` left out, one element longer, and with a NaN.
    fn damages(saved: &Saved, at: usize) -> Vec<Saved> {
        let mut all = Vec::new();
        let Some(array) = saved.arrays.get(at) else { return all };
        let mut push = |array: Option<Array>| {
            let mut damaged = saved.clone();
            damaged.arrays.splice(at..=at, array);
            all.push(damaged);
        };
        push(None);
        if let Array::Floats(floats) = array {
            push(Some(Array::Floats(floats.iter().copied().chain([0.0]).collect())));
            push(Some(Array::Floats(floats.iter().map(|_| f32::NAN).collect())));
        }
        if let Array::Numbers(numbers) = array {
            push(Some(Array::Numbers(numbers.iter().map(|n| n + 90).collect())));
            push(Some(Array::Numbers(vec![u64::MAX; numbers.len()])));
        }
        all
    }

    #[test]
    fn every_learner_has_alternatives_that_learn_otherwise() {
        for (name, learner) in every_learner() {
            let usual = fit(&*learner, &TEXTS, &LABELS, &[1.0; 6], &TEXTS);
            let alternatives = learner.alternatives();
            assert!(alternatives.len() >= 3, "{name}");
            for (what, alternative) in alternatives {
                assert!(what.contains(" = "), "{name}: {what}");
                let other = fit(&*alternative, &TEXTS, &LABELS, &[1.0; 6], &TEXTS);
                assert_ne!(other, usual, "{name}: {what}");
            }
        }
    }

    #[test]
    fn gives_the_first_of_equals() {
        assert_eq!(most_probable(&[0.2, 0.4, 0.4, 0.5, 0.5, 0.0], 3), [LabelId(1), LabelId(0)]);
        assert_eq!(most_probable(&[], 0), []);
    }
}

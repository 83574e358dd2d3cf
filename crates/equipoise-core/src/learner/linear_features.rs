//! Words, features that come with the texts, and logistic regression.

use super::logistic::LogisticSettings;
use super::saved::Saved;
use super::{Csr, Learner, LinearModel, LogisticRegression, Model, Problem, TextFeatures, TfIdf, Vectoriser};
use crate::catalog::{Entry, read};
use std::any::Any;
use std::sync::Arc;

pub(super) static ENTRY: Entry<dyn Learner> = Entry {
    name: "linear_features",
    what: "TF-IDF of words and the vectors that come with the rows (a column of them, or a file), side by side, and \
           multinomial logistic regression, fitted to its optimum.",
    why: "The verdict for whoever puts a classifier on embeddings: measured on words alone, the gain of synthetic rows says little of \
          its size there. Vectors of any model will do, and cost nothing here.",
    source: "Each block of a row has length 1, as in `linear_char`. Without vectors it is `linear`. On 14 runs with two sentence \
             encoders the arm that words recommend cost 0.2 points against the best, and the gain shrank to a third.",
    settings: &LogisticSettings::AS_IN_LINEAR,
    make: |settings| {
        let settings: LogisticSettings = read(ENTRY.name, settings)?;
        Ok(Box::new(LinearFeatures { regression: settings.checked(ENTRY.name)?, features: None }))
    },
};

struct LinearFeatures {
    regression: LogisticRegression,
    features: Option<Arc<TextFeatures>>,
}

impl Learner for LinearFeatures {
    fn vectoriser(&self, texts: &[&str]) -> Box<dyn Vectoriser> {
        Box::new(WordsAndFeatures { words: TfIdf::fit(texts), features: self.features.clone() })
    }

    fn fit(&self, problem: &Problem<'_>) -> Box<dyn Model> {
        Box::new(self.regression.fit(problem, None))
    }

    fn adapt(&self, problem: &Problem<'_>, prior: &dyn Model) -> Option<Box<dyn Model>> {
        let prior = (prior as &dyn Any).downcast_ref::<LinearModel>()?;
        Some(Box::new(self.regression.fit(problem, Some(prior))))
    }

    fn give(&mut self, features: &Arc<TextFeatures>) {
        self.features = Some(Arc::clone(features));
    }

    fn knows(&self, text: &str) -> bool {
        self.features.as_ref().is_none_or(|features| features.get(text).is_some())
    }

    fn alternatives(&self) -> Vec<(String, Box<dyn Learner>)> {
        let features = &self.features;
        let boxed = |(what, regression)| {
            (what, Box::new(LinearFeatures { regression, features: features.clone() }) as Box<dyn Learner>)
        };
        self.regression.alternatives().into_iter().map(boxed).collect()
    }
}

/// Columns of words, then the numbers of the vectors; each block of a row has length 1.
struct WordsAndFeatures {
    words: TfIdf,
    features: Option<Arc<TextFeatures>>,
}

impl Vectoriser for WordsAndFeatures {
    fn transform(&self, texts: &[&str]) -> Csr {
        let words = self.words.transform(texts);
        let Some(features) = &self.features else { return words };
        let mut vectors = Csr::empty(features.length());
        for text in texts {
            // Only texts with a vector are handed in; see `Learner::knows`.
            let vector = features.get(text).unwrap_or_default();
            vectors.push_row((0..).zip(vector.iter().copied()).filter(|(_, v)| *v != 0.0));
        }
        words.beside(&vectors)
    }

    /// The words alone; vectors are made elsewhere, so a model on them cannot be kept.
    fn save(&self) -> Option<Saved> {
        if self.features.is_none() { self.words.save() } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Settings;
    use crate::data::LabelId;
    use crate::learner::most_probable;

    #[test]
    fn learns_from_vectors_what_words_do_not_say() {
        let mut features = TextFeatures::default();
        let texts: Vec<String> = (0..12).map(|i| format!("word{i}")).collect();
        for (i, text) in texts.iter().enumerate() {
            features.add(text, &[if i % 2 == 0 { 1.0 } else { -1.0 }, 0.3]).unwrap();
        }
        let mut learner = ENTRY.build(&Settings::new()).unwrap();
        assert!(learner.knows("anything"));
        learner.give(&Arc::new(features));
        assert!(learner.knows("word3") && !learner.knows("anything"));
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let labels: Vec<LabelId> = (0..12).map(|i| LabelId(i % 2)).collect();
        let vectoriser = learner.vectoriser(&texts[..8]);
        let seen = vectoriser.transform(&texts[..8]);
        let model = learner.fit(&Problem { features: &seen, labels: &labels[..8], weights: &[1.0; 8], n_labels: 2 });
        let asked = vectoriser.transform(&texts[8..]);
        assert_eq!(most_probable(&model.probabilities(&asked), 2), labels[8..]);
        assert!(vectoriser.save().is_none());
    }
}

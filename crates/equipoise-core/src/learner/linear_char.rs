//! Words, runs of characters and logistic regression.

use super::logistic::LogisticSettings;
use super::saved::{Arrays, LoadedVectoriser, Loader, Loaders, Saved};
use super::{
    CharGrams, Csr, Learner, LinearModel, LogisticRegression, Model, Problem, TfIdf, Vectoriser, linear_model,
};
use crate::catalog::{Entry, read};
use std::any::Any;

pub(super) static ENTRY: Entry<dyn Learner> = Entry {
    name: "linear_char",
    what: "TF-IDF of words and of runs of 3 and 4 characters inside words, side by side, and multinomial logistic regression.",
    why: "Sees word parts, endings and spelling, which pays where texts are few, misspelt or rich in word forms; several times the \
          work of `linear`.",
    source: "Wang and Manning, Baselines and Bigrams (ACL 2012). Counterpart in scikit-learn: a FeatureUnion of two \
             TfidfVectorizer(sublinear_tf=True), one of words and one with analyzer=\"char_wb\", ngram_range=(3, 4), min_df=2, and \
             LogisticRegression.",
    settings: &LogisticSettings::AS_IN_LINEAR,
    make: |settings| {
        let settings: LogisticSettings = read(ENTRY.name, settings)?;
        Ok(Box::new(LinearChar(settings.checked(ENTRY.name)?)))
    },
};

struct LinearChar(LogisticRegression);

impl Learner for LinearChar {
    fn vectoriser(&self, texts: &[&str]) -> Box<dyn Vectoriser> {
        Box::new(WordsAndGrams { words: TfIdf::fit(texts), grams: CharGrams::fit(texts) })
    }

    fn fit(&self, problem: &Problem<'_>) -> Box<dyn Model> {
        Box::new(self.0.fit(problem, None))
    }

    fn adapt(&self, problem: &Problem<'_>, prior: &dyn Model) -> Option<Box<dyn Model>> {
        let prior = (prior as &dyn Any).downcast_ref::<LinearModel>()?;
        Some(Box::new(self.0.fit(problem, Some(prior))))
    }

    fn loaders(&self) -> Option<Loaders> {
        Some(Loaders { vectoriser: LOADER, model: linear_model::LOADER })
    }

    fn alternatives(&self) -> Vec<(String, Box<dyn Learner>)> {
        let boxed = |(what, other)| (what, Box::new(LinearChar(other)) as Box<dyn Learner>);
        self.0.alternatives().into_iter().map(boxed).collect()
    }
}

/// Columns of words, then columns of runs of characters; each block of a row has length 1.
pub(super) struct WordsAndGrams {
    words: TfIdf,
    grams: CharGrams,
}

impl Vectoriser for WordsAndGrams {
    fn transform(&self, texts: &[&str]) -> Csr {
        self.words.transform(texts).beside(&self.grams.transform(texts))
    }

    fn save(&self) -> Option<Saved> {
        Some(Saved::new(LOADER.kind, [self.words.arrays(), self.grams.arrays()].concat()))
    }
}

const LOADER: Loader<LoadedVectoriser> = Loader { kind: "words_and_grams", load };

fn load(arrays: &mut Arrays) -> Result<LoadedVectoriser, &'static str> {
    let both = WordsAndGrams { words: TfIdf::from_arrays(arrays)?, grams: CharGrams::from_arrays(arrays)? };
    let n_columns = both.words.n_words() + both.grams.n_grams();
    Ok((Box::new(both), n_columns))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Settings;
    use crate::data::LabelId;
    use crate::learner::most_probable;

    #[test]
    fn tells_labels_apart_by_word_parts_that_no_training_word_is() {
        let learner = ENTRY.build(&Settings::new()).unwrap();
        let texts = ["unhappy", "unkind", "unfair", "happily", "kindly", "fairly"];
        let labels = [0, 0, 0, 1, 1, 1].map(LabelId);
        let vectoriser = learner.vectoriser(&texts);
        let features = vectoriser.transform(&texts);
        let model = learner.fit(&Problem { features: &features, labels: &labels, weights: &[1.0; 6], n_labels: 2 });
        let asked = vectoriser.transform(&["unsound", "soundly"]);
        assert_eq!(most_probable(&model.probabilities(&asked), 2), [LabelId(0), LabelId(1)]);
    }
}

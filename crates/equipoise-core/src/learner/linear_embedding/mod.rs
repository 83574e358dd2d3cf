//! Embeddings of a pretrained encoder, and logistic regression.

mod bert;
mod embedder;
mod folder;
mod static_vectors;
#[cfg(test)]
pub(super) mod tests;
mod tokenizer;
mod transformer;
mod weights;

use super::logistic::{LogisticRegression, LogisticSettings};
use super::{Csr, Files, Learner, LinearModel, Model, Needs, Problem, Vectoriser};
use crate::catalog::{Entry, Setting, Settings, SettingsError, read};
use embedder::{Embedder, Embeddings};
use folder::{CONFIG, LIMITS, POOLING, TOKENIZER};
use std::any::Any;
use std::sync::Arc;

pub(super) static ENTRY: Entry<dyn Learner> = Entry {
    name: "linear_embedding",
    what: "Embeddings by a pretrained encoder on this machine, static (model2vec, such as potion-base-8M) or a BERT sentence \
           transformer (such as all-MiniLM-L6-v2), and multinomial logistic regression, fitted to its optimum.",
    why: "Features that know what words mean before the first row is read: whether synthetic rows still add something there is the \
          question of everyone whose own model starts from a pretrained one. With a transformer each text takes milliseconds once; a static \
          encoder is as fast as words.",
    source: "Reimers and Gurevych, Sentence-BERT (EMNLP 2019); Tulkens and van Dongen, Model2Vec (2024). The same embeddings as the \
             sentence-transformers or model2vec library gives for the folder, normalised to length 1; mean or first-token pooling.",
    settings: &[
        Setting {
            name: "model",
            default: "null",
            why: "The folder of the encoder: config.json, tokenizer.json and model.safetensors, and where there are \
                  1_Pooling/config.json and sentence_bert_config.json; or hf://OWNER/NAME[@REVISION], which is fetched from the \
                  Hugging Face hub once and kept in the cache. It must be set: no model comes with the program, and none is \
                  downloaded unasked.",
        },
        LogisticSettings::AS_IN_LINEAR[0],
        LogisticSettings::AS_IN_LINEAR[1],
    ],
    make: |settings| {
        let bad = |message: &str| SettingsError::BadValue { item: ENTRY.name, message: message.to_owned() };
        let mut regression: Settings = settings.clone();
        let folder = match regression.remove("model").unwrap_or_default() {
            serde_json::Value::Null => None,
            serde_json::Value::String(folder) => Some(folder),
            _ => return Err(bad("`model` takes the path of a folder")),
        };
        let regression: LogisticSettings = read(ENTRY.name, &regression)?;
        Ok(Box::new(LinearEmbedding { folder, embedder: None, regression: regression.checked(ENTRY.name)? }))
    },
};

struct LinearEmbedding {
    folder: Option<String>,
    /// `None` until the files are supplied.
    embedder: Option<Arc<Embedder>>,
    regression: LogisticRegression,
}

impl Learner for LinearEmbedding {
    fn needs(&self) -> Option<Needs<'_>> {
        Some(Needs {
            setting: "model",
            folder: self.folder.as_deref(),
            files: &[CONFIG, TOKENIZER, weights::WEIGHTS],
            optional: &[POOLING, LIMITS],
        })
    }

    fn supply(&mut self, files: &Files) -> Result<(), SettingsError> {
        let bad = |e: weights::FolderError| SettingsError::BadValue { item: ENTRY.name, message: e.to_string() };
        self.embedder = Some(Arc::new(Embedder::read(files).map_err(bad)?));
        Ok(())
    }

    fn remembered(&self) -> Option<Vec<u8>> {
        self.embedder.as_ref().map(|embedder| embedder.remembered())
    }

    fn recall(&self, bytes: &[u8]) {
        if let Some(embedder) = &self.embedder {
            embedder.recall(bytes);
        }
    }

    fn vectoriser(&self, _texts: &[&str]) -> Box<dyn Vectoriser> {
        match &self.embedder {
            Some(embedder) => Box::new(Embeddings(Arc::clone(embedder))),
            None => Box::new(NoFeatures),
        }
    }

    fn fit(&self, problem: &Problem<'_>) -> Box<dyn Model> {
        Box::new(self.regression.fit(problem, None))
    }

    fn adapt(&self, problem: &Problem<'_>, prior: &dyn Model) -> Option<Box<dyn Model>> {
        let prior = (prior as &dyn Any).downcast_ref::<LinearModel>()?;
        Some(Box::new(self.regression.fit(problem, Some(prior))))
    }

    fn alternatives(&self) -> Vec<(String, Box<dyn Learner>)> {
        let other = |(what, regression)| {
            let (folder, embedder) = (self.folder.clone(), self.embedder.clone());
            (what, Box::new(LinearEmbedding { folder, embedder, regression }) as Box<dyn Learner>)
        };
        self.regression.alternatives().into_iter().map(other).collect()
    }
}

/// The features of a learner that was not given its files: none, so that it predicts the shares of the labels.
struct NoFeatures;

impl Vectoriser for NoFeatures {
    fn transform(&self, texts: &[&str]) -> Csr {
        let mut rows = Csr::empty(0);
        texts.iter().for_each(|_| rows.push_row([]));
        rows
    }
}

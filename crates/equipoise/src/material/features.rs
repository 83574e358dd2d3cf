//! Vectors that come with the texts: from a column of the files, or from a file of their own.

use super::Sources;
use crate::error::MaterialError;
use crate::input::{self, InputOptions, Source};
use equipoise_core::data::Rows;
use equipoise_core::learner::TextFeatures;
use std::sync::Arc;

/// The vectors of texts; they say nothing of labels.
#[derive(Debug, Clone)]
pub struct Features(Arc<TextFeatures>);

impl Features {
    /// Those of the file that holds vectors for all texts, where one is named.
    pub(super) fn of_file(sources: &Sources) -> Result<Option<Self>, MaterialError> {
        let Some((source, column)) = &sources.features else { return Ok(None) };
        let (text, embedding) = (sources.columns.text.clone(), Some(column.clone()));
        let options = InputOptions { text, embedding, ..InputOptions::default() };
        Ok(input::read_texts(source, &options)?.input.features.map(|features| Features(Arc::new(features))))
    }

    /// Takes over the vectors of further texts.
    pub(super) fn take(&mut self, more: &TextFeatures) -> Result<(), MaterialError> {
        Ok(Arc::make_mut(&mut self.0).merge(more)?)
    }

    /// Refuses rows of `source` that have no vector.
    pub(super) fn cover(&self, source: &Source, rows: &Rows) -> Result<(), MaterialError> {
        let mut without = (0..rows.len()).map(|at| rows.text_and_label(at).0).filter(|text| self.0.get(text).is_none());
        match without.next() {
            None => Ok(()),
            Some(first) => {
                Err(MaterialError::NoFeatures { name: source.shown(), first: first.to_owned(), n: 1 + without.count() })
            }
        }
    }

    /// The vectors.
    pub(crate) fn shared(&self) -> &Arc<TextFeatures> {
        &self.0
    }
}

impl From<TextFeatures> for Features {
    fn from(features: TextFeatures) -> Self {
        Features(Arc::new(features))
    }
}

//! Texts to sentence embeddings, each text once.

use super::bert::Bert;
use super::folder::{CONFIG, LIMITS, POOLING, Pooling, Shape, TOKENIZER, max_tokens};
use super::tokenizer::Tokenizer;
use super::weights::{FolderError, WEIGHTS, Weights};
use crate::learner::{Csr, Files, Vectoriser};
use rayon::prelude::*;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

/// A sentence transformer and the embeddings that it has given so far.
///
/// Arms and folds ask for the same texts again and again; an embedding depends on its text alone, so each is computed once.
#[derive(Debug)]
pub(super) struct Embedder {
    tokenizer: Tokenizer,
    bert: Bert,
    pooling: Pooling,
    /// Tokens of a text that are read.
    longest: usize,
    known: Mutex<HashMap<Box<str>, Arc<[f32]>>>,
}

/// Texts that go through the layers together, which spares most of the re-reading of the parameters.
const TEXTS_A_TASK: usize = 16;

impl Embedder {
    /// Reads the files of a sentence-transformer folder.
    pub(super) fn read(files: &Files) -> Result<Self, FolderError> {
        let file = |name: &'static str| files.get(name).map(Vec::as_slice);
        let needed = |name: &'static str| file(name).ok_or(FolderError::Missing { file: name });
        let shape = Shape::read(needed(CONFIG)?)?;
        let pooling = Pooling::read(file(POOLING))?;
        let tokenizer = Tokenizer::read(needed(TOKENIZER)?)?;
        let limit = max_tokens(file(LIMITS))?.or(tokenizer.max_tokens);
        let bert = Bert::new(&shape, &Weights::read(needed(WEIGHTS)?)?)?;
        let longest = limit.unwrap_or(usize::MAX).min(bert.n_positions());
        if longest < 3 {
            return Err(FolderError::Content { file: CONFIG, fault: "texts of three tokens are too long for it" });
        }
        if tokenizer.highest_id() as usize >= bert.n_words() {
            return Err(FolderError::Content { file: TOKENIZER, fault: "it gives ids that the model does not have" });
        }
        Ok(Embedder { tokenizer, bert, pooling, longest, known: Mutex::default() })
    }

    /// The embeddings of `texts`: length 1, or 0 throughout where the parameters give no finite number.
    fn embed(&self, texts: &[&str]) -> Vec<Arc<[f32]>> {
        let ids: Vec<Vec<u32>> = texts.iter().map(|text| self.tokenizer.ids(text, self.longest)).collect();
        let (states, ranges) = self.bert.forward(&ids);
        let pool = |range: std::ops::Range<usize>| {
            let rows = if self.pooling == Pooling::First { range.start..range.start + 1 } else { range };
            let mut sum = vec![0.0_f32; self.bert.width()];
            for row in rows {
                sum.iter_mut().zip(states.row(row)).for_each(|(s, v)| *s += v);
            }
            // Whether the sum or the mean is brought to length 1 is the same.
            let length = sum.iter().map(|v| f64::from(*v) * f64::from(*v)).sum::<f64>().sqrt() as f32;
            let scale = if length.is_finite() && length > 0.0 { 1.0 / length } else { 0.0 };
            sum.iter().map(|v| if scale > 0.0 { v * scale } else { 0.0 }).collect()
        };
        ranges.into_iter().map(pool).collect()
    }

    fn of_all(&self, texts: &[&str]) -> Vec<Arc<[f32]>> {
        let new: Vec<&str> = {
            let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            let mut seen = HashSet::new();
            texts.iter().copied().filter(|text| !known.contains_key(*text) && seen.insert(*text)).collect()
        };
        // Not under the lock: a thread that waits for others inside a thread pool may be handed one of their tasks.
        let embedded: Vec<Arc<[f32]>> = new.par_chunks(TEXTS_A_TASK).flat_map_iter(|texts| self.embed(texts)).collect();
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.extend(new.into_iter().map(Box::from).zip(embedded));
        texts.iter().map(|text| Arc::clone(&known[*text])).collect()
    }
}

/// The features of an embedder that has its files.
pub(super) struct Embeddings(pub(super) Arc<Embedder>);

impl Vectoriser for Embeddings {
    fn transform(&self, texts: &[&str]) -> Csr {
        let mut rows = Csr::empty(self.0.bert.width());
        for embedding in self.0.of_all(texts) {
            rows.push_row((0..).zip(embedding.iter().copied()));
        }
        rows
    }
}

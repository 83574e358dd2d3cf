//! A static encoder: one vector for each token, and their mean for a text.

use super::folder::TOKENIZER;
use super::tokenizer::Tokenizer;
use super::weights::{FolderError, WEIGHTS, Weights};
use crate::learner::Files;
use ndarray::Array2;

/// Tokens of a text that are read; model2vec reads as many.
const LONGEST: usize = 512;
/// The vectors in a folder of model2vec, and in one of sentence-transformers.
const TABLES: [&str; 2] = ["embeddings", "embedding.weight"];

/// A vector for each token of a vocabulary.
///
/// # Source
/// Tulkens and van Dongen, Model2Vec (2024): tokens that are unknown are left out, each vector counts with the weight of its token where
/// the file has weights, and tokens share vectors where it has a mapping.
#[derive(Debug)]
pub(super) struct StaticVectors {
    tokenizer: Tokenizer,
    vectors: Array2<f32>,
    /// For each token the row of `vectors`, and how much it counts.
    tokens: Vec<(usize, f32)>,
}

impl StaticVectors {
    pub(super) fn read(files: &Files) -> Result<Self, FolderError> {
        let needed = |name: &'static str| files.get(name).ok_or(FolderError::Missing { file: name });
        let tokenizer = Tokenizer::read(needed(TOKENIZER)?)?;
        let weights = Weights::read(needed(WEIGHTS)?)?;
        let table = TABLES.into_iter().find(|name| weights.has(name)).unwrap_or(TABLES[0]);
        let vectors = weights.matrix(table, [None, None])?;
        let n_tokens = tokenizer.highest_id() as usize + 1;
        let rows = match weights.has("mapping") {
            true => weights.indices("mapping")?,
            false => (0..vectors.nrows()).collect(),
        };
        let counts = match weights.has("weights") {
            true => weights.vector("weights", rows.len())?.to_vec(),
            false => vec![1.0; rows.len()],
        };
        if rows.len() < n_tokens || rows.iter().any(|row| *row >= vectors.nrows()) {
            return Err(FolderError::Content { file: TOKENIZER, fault: "it gives ids that the model does not have" });
        }
        Ok(StaticVectors { tokenizer, vectors, tokens: rows.into_iter().zip(counts).collect() })
    }

    pub(super) fn width(&self) -> usize {
        self.vectors.ncols()
    }

    /// The sum of the vectors of each text's tokens; whether that or the mean is brought to length 1 afterwards is the same.
    pub(super) fn pooled(&self, texts: &[&str]) -> Vec<Vec<f32>> {
        texts.iter().map(|text| self.sum(text)).collect()
    }

    fn sum(&self, text: &str) -> Vec<f32> {
        let mut sum = vec![0.0_f32; self.width()];
        let pieces = self.tokenizer.pieces(text, usize::MAX);
        for id in pieces.into_iter().filter(|id| *id != self.tokenizer.unknown()).take(LONGEST) {
            let (row, weight) = self.tokens[id as usize];
            sum.iter_mut().zip(self.vectors.row(row)).for_each(|(s, v)| *s += weight * v);
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{container, embed, fault, tokenizer};
    use super::*;
    use serde_json::json;
    use std::collections::BTreeMap;

    /// Rows of two entries: `good` (token 4) and `bad` (5) are opposite, `film` (6) stands across both.
    fn tiny() -> Files {
        let mut vectors = vec![0.25_f32; 2 * 20];
        vectors[8..14].copy_from_slice(&[1.0, 0.0, -1.0, 0.0, 0.0, 1.0]);
        folder(BTreeMap::from([("embeddings".to_owned(), (vec![20, 2], vectors))]))
    }

    fn folder(tensors: BTreeMap<String, (Vec<usize>, Vec<f32>)>) -> Files {
        let config = json!({"model_type": "model2vec", "architectures": ["StaticModel"], "normalize": true});
        Files::from([
            ("config.json", config.to_string().into_bytes()),
            ("tokenizer.json", tokenizer()),
            ("model.safetensors", container(&tensors)),
        ])
    }

    fn rows(files: &Files, texts: &[&str]) -> Vec<Vec<f32>> {
        let rows = embed(files, texts);
        (0..texts.len()).map(|at| rows.row(at).1.to_vec()).collect()
    }

    fn is_near(got: &[f32], want: [f32; 2]) -> bool {
        got.len() == 2 && got.iter().zip(want).all(|(got, want)| (got - want).abs() < 1e-6)
    }

    #[test]
    fn a_text_is_the_mean_of_its_tokens_at_length_one_and_unknown_ones_are_left_out() {
        let half = std::f32::consts::FRAC_1_SQRT_2;
        let rows = rows(&tiny(), &["Good film", "good", "good zebra", "bad film film", "zebra", ""]);
        assert!(is_near(&rows[0], [half, half]), "{rows:?}");
        assert!(is_near(&rows[1], [1.0, 0.0]) && rows[1] == rows[2], "{rows:?}");
        assert!(is_near(&rows[3], [-1.0 / 5_f32.sqrt(), 2.0 / 5_f32.sqrt()]), "{rows:?}");
        assert!(rows[4].iter().chain(&rows[5]).all(|v| *v == 0.0), "{rows:?}");
    }

    #[test]
    fn weights_count_and_tokens_share_vectors_as_the_file_says() {
        let mut weights = vec![1.0_f32; 20];
        weights[6] = 3.0;
        let shared = vec![1.0, 0.0, 0.0, 1.0];
        let mapping: Vec<f32> = (0..20).map(|id| if id == 6 { 1.0 } else { 0.0 }).collect();
        let tensors = BTreeMap::from([
            ("embeddings".to_owned(), (vec![2, 2], shared)),
            ("weights".to_owned(), (vec![20], weights)),
            ("mapping".to_owned(), (vec![20], mapping)),
        ]);
        let rows = rows(&folder(tensors), &["good film"]);
        assert!(is_near(&rows[0], [1.0 / 10_f32.sqrt(), 3.0 / 10_f32.sqrt()]), "{rows:?}");
    }

    #[test]
    fn a_table_that_is_too_short_or_missing_is_refused() {
        let short = BTreeMap::from([("embeddings".to_owned(), (vec![3, 2], vec![0.5; 6]))]);
        assert!(fault(&folder(short)).contains("ids that the model does not have"));
        let other = BTreeMap::from([("vectors".to_owned(), (vec![20, 2], vec![0.5; 40]))]);
        assert!(fault(&folder(other)).contains("`embeddings` is missing"));
    }
}

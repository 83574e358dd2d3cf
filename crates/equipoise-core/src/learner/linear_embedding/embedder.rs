//! Texts to embeddings, each text once.

use super::folder::{CONFIG, is_static};
use super::static_vectors::StaticVectors;
use super::transformer::Transformer;
use super::weights::FolderError;
use crate::learner::{Csr, Files, Vectoriser};
use rayon::prelude::*;
use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

/// An encoder and the embeddings that it has given so far.
///
/// Arms and folds ask for the same texts again and again; an embedding depends on its text alone, so each is computed once.
#[derive(Debug)]
pub(super) struct Embedder {
    encoder: Encoder,
    /// Of its files: embeddings of another model are none of this one.
    identity: TextHash,
    /// By the hash of the text, so that they can be kept without it.
    known: Mutex<BTreeMap<TextHash, Arc<[f32]>>>,
}

/// The first half of a BLAKE3 hash.
type TextHash = [u8; 16];

#[derive(Debug)]
enum Encoder {
    Transformer(Transformer),
    Static(StaticVectors),
}

/// Texts that go through the layers together, which spares most of the re-reading of the parameters.
const TEXTS_A_TASK: usize = 16;

impl Embedder {
    /// Reads the files of an encoder's folder.
    pub(super) fn read(files: &Files) -> Result<Self, FolderError> {
        let config = files.get(CONFIG).ok_or(FolderError::Missing { file: CONFIG })?;
        let encoder = match is_static(config)? {
            true => Encoder::Static(StaticVectors::read(files)?),
            false => Encoder::Transformer(Transformer::read(files)?),
        };
        Ok(Embedder { encoder, identity: identity(files), known: Mutex::default() })
    }

    fn width(&self) -> usize {
        match &self.encoder {
            Encoder::Transformer(encoder) => encoder.width(),
            Encoder::Static(encoder) => encoder.width(),
        }
    }

    /// The embeddings of `texts`: length 1, or 0 throughout where the parameters give no finite number.
    fn embed(&self, texts: &[&str]) -> Vec<Arc<[f32]>> {
        let pooled = match &self.encoder {
            Encoder::Transformer(encoder) => encoder.pooled(texts),
            Encoder::Static(encoder) => encoder.pooled(texts),
        };
        let unit = |sum: Vec<f32>| {
            let length = sum.iter().map(|v| f64::from(*v) * f64::from(*v)).sum::<f64>().sqrt() as f32;
            let scale = if length.is_finite() && length > 0.0 { 1.0 / length } else { 0.0 };
            sum.iter().map(|v| if scale > 0.0 { v * scale } else { 0.0 }).collect()
        };
        pooled.into_iter().map(unit).collect()
    }

    fn of_all(&self, texts: &[&str]) -> Vec<Arc<[f32]>> {
        let hashes: Vec<TextHash> = texts.par_iter().map(|text| hash(text)).collect();
        let (new, new_hashes): (Vec<&str>, Vec<TextHash>) = {
            let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            let mut seen = HashSet::new();
            let pairs = texts.iter().copied().zip(hashes.iter().copied());
            pairs.filter(|(_, hash)| !known.contains_key(hash) && seen.insert(*hash)).unzip()
        };
        // Not under the lock: a thread that waits for others inside a thread pool may be handed one of their tasks.
        let embedded: Vec<Arc<[f32]>> = new.par_chunks(TEXTS_A_TASK).flat_map_iter(|texts| self.embed(texts)).collect();
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.extend(new_hashes.into_iter().zip(embedded));
        hashes.iter().map(|hash| Arc::clone(&known[hash])).collect()
    }

    /// Everything that was embedded, in the order of the hashes: who embedded it, then for each text its hash and its numbers, little-endian.
    pub(super) fn remembered(&self) -> Vec<u8> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let mut bytes = Vec::with_capacity((known.len() + 1) * (size_of::<TextHash>() + 4 * self.width()));
        bytes.extend_from_slice(&self.identity);
        for (hash, embedding) in known.iter() {
            bytes.extend_from_slice(hash);
            embedding.iter().for_each(|v| bytes.extend_from_slice(&v.to_le_bytes()));
        }
        bytes
    }

    /// Takes what [`Embedder::remembered`] gave; whatever is cut off or not finite is left out, and embedded again.
    pub(super) fn recall(&self, bytes: &[u8]) {
        let Some(bytes) = bytes.strip_prefix(&self.identity) else { return };
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        for entry in bytes.chunks_exact(size_of::<TextHash>() + 4 * self.width()) {
            let Some((hash, values)) = entry.split_first_chunk() else { continue };
            let values: Arc<[f32]> = values.as_chunks().0.iter().map(|b| f32::from_le_bytes(*b)).collect();
            if values.iter().all(|v| v.is_finite()) {
                known.insert(*hash, values);
            }
        }
    }
}

fn hash(text: &str) -> TextHash {
    half(blake3::hash(text.as_bytes()))
}

fn identity(files: &Files) -> TextHash {
    let mut hasher = blake3::Hasher::new();
    for (path, bytes) in files {
        hasher.update(path.as_bytes()).update(&(bytes.len() as u64).to_le_bytes()).update(bytes);
    }
    half(hasher.finalize())
}

fn half(hash: blake3::Hash) -> TextHash {
    let mut first = TextHash::default();
    first.copy_from_slice(&hash.as_bytes()[..size_of::<TextHash>()]);
    first
}

/// The features of an embedder that has its files.
pub(super) struct Embeddings(pub(super) Arc<Embedder>);

impl Vectoriser for Embeddings {
    fn transform(&self, texts: &[&str]) -> Csr {
        let mut rows = Csr::empty(self.0.width());
        for embedding in self.0.of_all(texts) {
            rows.push_row((0..).zip(embedding.iter().copied()));
        }
        rows
    }
}

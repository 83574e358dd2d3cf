//! One-way hashes of held-out rows: what everything but the final evaluation gets of them.

use super::{Row, RowId};
use crate::text::{Grams, Likeness, Sketch, SketchIndex, comparison_key, hash64, look_hash, shared_bands, strict};
use std::collections::HashSet;

/// Hashes of held-out texts, and of the pieces of four characters that they are made of. A text cannot be read from them; whether a
/// given text is one of them, or nearly, can.
#[derive(Debug, Clone, Default)]
pub struct Fingerprints {
    keys: HashSet<u64>,
    looks: HashSet<u64>,
    ids: HashSet<RowId>,
    grams: Vec<Grams>,
    index: SketchIndex,
}

impl Fingerprints {
    /// The fingerprints of rows.
    pub(super) fn new<'a>(rows: impl Iterator<Item = Row<'a>>) -> Self {
        let mut prints = Fingerprints::default();
        let mut sketches = Vec::new();
        for row in rows {
            let key = comparison_key(row.text);
            let grams = Fingerprints::grams(&key);
            prints.keys.insert(hash64(key.as_bytes()));
            prints.looks.insert(look_hash(row.text));
            prints.ids.insert(row.id);
            sketches.push(Sketch::new(&grams));
            prints.grams.push(grams);
        }
        prints.index = SketchIndex::new(&sketches);
        prints
    }

    /// Whether a text with the same [`comparison_key`] is held out.
    pub fn contains(&self, text: &str) -> bool {
        self.contains_key(hash64(comparison_key(text).as_bytes()))
    }

    /// Whether a text whose [`comparison_key`] has this [`hash64`] is held out.
    pub fn contains_key(&self, hash: u64) -> bool {
        self.keys.contains(&hash)
    }

    /// Whether a text with the same [`look_hash`] is held out.
    pub fn looks_like(&self, text: &str) -> bool {
        self.looks.contains(&look_hash(text))
    }

    /// Whether the row is held out; an id is a hash of the row's content.
    pub fn contains_row(&self, id: RowId) -> bool {
        self.ids.contains(&id)
    }

    /// How many rows are held out.
    pub fn n_rows(&self) -> usize {
        self.grams.len()
    }

    /// The similarity of the held-out text that is most similar to the text of this comparison key; `None` below `threshold`
    /// (0..1, of character 4-grams), which is [`strict`] with short texts.
    pub fn similarity(&self, key: &str, threshold: f64) -> Option<f64> {
        let asked = Likeness { threshold, shared: shared_bands(threshold) };
        let own = Fingerprints::grams(key);
        let near = self.index.near(&own, asked, |at| &self.grams[at as usize]);
        let nearest = near.into_iter().map(|(_, similarity)| f64::from(similarity)).reduce(f64::max);
        nearest.filter(|similarity| *similarity >= strict(threshold, &own))
    }

    fn grams(key: &str) -> Grams {
        Grams::of_characters(key, 4)
    }
}

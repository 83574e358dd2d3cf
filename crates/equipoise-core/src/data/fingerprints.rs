//! One-way hashes of held-out rows: what everything but the final evaluation gets of them.

use super::{Row, RowId};
use crate::text::{
    Grams, Likeness, Sketch, SketchIndex, WordPrint, comparison_key, digits_as_letters_hash, has_digits_as_letters,
    hash64, look_hash, look_key, shared_bands, strict,
};
use std::collections::HashSet;

/// Hashes of held-out texts, and of the pieces of four characters that they are made of. A text cannot be read from them; whether a
/// given text is one of them, or nearly, can.
#[derive(Debug, Clone, Default)]
pub struct Fingerprints {
    keys: HashSet<u64>,
    looks: HashSet<u64>,
    letters: HashSet<u64>,
    ids: HashSet<RowId>,
    grams: Vec<Grams>,
    words: Vec<WordPrint>,
    index: SketchIndex,
}

/// Similarity from which the words of two texts are compared.
const ALIKE: f64 = 0.45;

impl Fingerprints {
    /// The fingerprints of rows.
    pub(super) fn new<'a>(rows: impl Iterator<Item = Row<'a>>) -> Self {
        let mut prints = Fingerprints::default();
        let mut sketches = Vec::new();
        for row in rows {
            let key = comparison_key(row.text);
            let look = look_key(row.text);
            let grams = Fingerprints::grams(&look);
            prints.keys.insert(hash64(key.as_bytes()));
            prints.looks.insert(look_hash(row.text));
            prints.letters.extend(digits_as_letters_hash(row.text));
            prints.ids.insert(row.id);
            sketches.push(Sketch::new(&grams));
            prints.grams.push(grams);
            prints.words.push(WordPrint::new(&look));
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

    /// Whether a text with the same [`look_hash`] is held out, or one that is the same once digits are read as letters.
    pub fn looks_like(&self, text: &str) -> bool {
        let is_read = || digits_as_letters_hash(text).is_some_and(|letters| self.letters.contains(&letters));
        self.looks.contains(&look_hash(text)) || (has_digits_as_letters(text) && is_read())
    }

    /// Whether the row is held out; an id is a hash of the row's content.
    pub fn contains_row(&self, id: RowId) -> bool {
        self.ids.contains(&id)
    }

    /// How many rows are held out.
    pub fn n_rows(&self) -> usize {
        self.grams.len()
    }

    /// The similarity of the held-out text that is most similar to the text; `None` below `threshold` (0..1, of character 4-grams), which is
    /// [`strict`] with short texts, unless a text that is alike in half of its grams differs in few words ([`WordPrint::is_near`]).
    pub fn similarity(&self, text: &str, threshold: f64) -> Option<f64> {
        let key = look_key(text);
        let own = Fingerprints::grams(&key);
        let asked = Likeness { threshold: threshold.min(ALIKE), shared: shared_bands(threshold) };
        let near = self.index.near(&own, asked, |at| &self.grams[at as usize]);
        let words = WordPrint::new(&key);
        let least = strict(threshold, &own);
        let is_near =
            |(at, similarity): &(u32, f32)| f64::from(*similarity) >= least || self.words[*at as usize].is_near(&words);
        near.into_iter().filter(is_near).map(|(_, similarity)| f64::from(similarity)).reduce(f64::max)
    }

    fn grams(key: &str) -> Grams {
        Grams::of_characters(key, 4)
    }
}

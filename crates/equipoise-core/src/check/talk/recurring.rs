//! What many candidates begin or end with, and no real row says: talk that no list of words foresaw.

use crate::check::sentences::{is_bracketed, pieces, sentences};
use crate::data::TrainView;
use crate::text::{Arena, comparison_key, hash64, look_hash, words};
use rayon::prelude::*;
use std::collections::HashSet;

/// Words of a first or last sentence; in brackets one is enough.
const LEAST_WORDS: usize = 3;
/// Different texts that share it, at least, and their share (0..1) of all. Of 16,454 human rows 5 are hit ("(cont)"), of any 4 texts 17.
const LEAST_TEXTS: usize = 5;
const LEAST_SHARE: f64 = 0.002;

/// Hashes of the sentences of the real rows.
pub(super) fn of_rows(train: TrainView<'_>) -> HashSet<u64> {
    let of_row = |at: usize| pieces(train.get(at).text).into_iter().map(key).collect::<Vec<u64>>();
    (0..train.len()).into_par_iter().flat_map_iter(of_row).collect()
}

fn key(piece: &str) -> u64 {
    hash64(comparison_key(piece).as_bytes())
}

/// The ends of candidates, as far as they were read.
#[derive(Default)]
pub(super) struct Ends {
    /// Hash of a piece, hash of the text, number of the text.
    all: Vec<(u64, u64, u32)>,
    ids: Arena,
    n_texts: usize,
}

/// The ends of one text that may recur, and its own hash.
pub(super) fn of_text(text: &str) -> Option<(u64, Vec<u64>)> {
    // Most texts are one sentence.
    sentences(text).nth(1)?;
    let pieces = pieces(text);
    let may_recur = |piece: &&str| is_bracketed(piece) || words(piece).nth(LEAST_WORDS - 1).is_some();
    let ends = [pieces.first(), pieces.last()].into_iter().flatten().copied();
    let ends: Vec<u64> = ends.filter(may_recur).map(key).collect();
    (!ends.is_empty()).then(|| (look_hash(text), ends))
}

impl Ends {
    /// Takes in a text, whose ends are those of [`of_text`].
    pub(super) fn take(&mut self, id: &str, ends: Option<(u64, Vec<u64>)>, known: &HashSet<u64>) {
        self.n_texts += 1;
        let Some((text, ends)) = ends else { return };
        let number = self.ids.len() as u32;
        let before = self.all.len();
        self.all.extend(ends.into_iter().filter(|end| !known.contains(end)).map(|end| (end, text, number)));
        if self.all.len() > before {
            self.ids.push(id);
        }
    }

    /// The ids of the texts that share an end with enough others, each once, and how many do.
    pub(super) fn recurring(&self) -> Vec<(String, usize)> {
        let least = LEAST_TEXTS.max((LEAST_SHARE * self.n_texts as f64).ceil() as usize);
        let mut all = self.all.clone();
        all.sort_unstable();
        // A text that came twice is one.
        let n_different = |group: &[(u64, u64, u32)]| group.chunk_by(|a, b| a.1 == b.1).count();
        let groups = all.chunk_by(|a, b| a.0 == b.0).map(|group| (n_different(group), group));
        let mut found: Vec<(u32, usize)> = groups
            .filter(|(n, _)| *n >= least)
            .flat_map(|(n, group)| group.iter().map(move |(.., number)| (*number, n)))
            .collect();
        found.sort_unstable();
        found.dedup_by_key(|(number, _)| *number);
        found.into_iter().map(|(number, n)| (self.ids.get(number as usize).to_owned(), n)).collect()
    }
}

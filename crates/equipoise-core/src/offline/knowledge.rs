//! Everything that is learnt from the training rows once and serves every label.

use super::association::{Association, LOG_ODDS, Sure};
use super::corpus::Corpus;
use super::donor::Donor;
use super::grams::Grams;
use super::language_model::LanguageModel;
use crate::data::TrainView;
use crate::text::{comparison_key, hash64};
use rayon::prelude::*;
use std::collections::HashSet;

/// The most tokens that a donor gives to one side.
pub(super) const LONGEST: usize = 25;

/// Which words no label may claim in the part of a text that another row gives.
#[derive(Debug, Clone, Copy)]
pub(super) enum Neutral {
    /// For frames whose only label words are exchanged.
    Strict,
    /// For donors beside sure words.
    Usual,
    /// For donors of a label without sure words, where strictness would leave no donor.
    Loose,
}

/// The rows, their runs of tokens, and the ties between words and labels.
pub(super) struct Knowledge<'a> {
    pub(super) corpus: Corpus<'a>,
    pub(super) grams: Grams,
    pub(super) association: Association,
    /// Words that some label claims, for each [`Neutral`].
    claimed: [Vec<bool>; 3],
    /// Tokens before the first claimed word of each row and after its last, for each [`Neutral`]; [`LONGEST`] where there are more.
    neutral: Vec<[(u8, u8); 3]>,
    /// Hashes of the comparison keys of the rows.
    real: HashSet<u64>,
    /// Hashes of the word tokens of the rows: finds nearly every copy without writing the text out.
    real_words: HashSet<u64>,
    /// Whether the rows are written without blanks between words.
    pub(super) unspaced: bool,
}

impl<'a> Knowledge<'a> {
    pub(super) fn new(train: TrainView<'a>, donors: &'a [Donor]) -> Self {
        let corpus = Corpus::new(train, donors);
        let rows = 0..corpus.n_rows() as u32;
        let grams = Grams::new(&corpus);
        let association = Association::new(&corpus);
        let claimed = [1.5, 2.0, 2.5].map(|z| association.bearing(Sure { z, log_odds: LOG_ODDS }));
        let neutral = rows
            .clone()
            .map(|row| std::array::from_fn(|level| neutral_ends(corpus.row(row), &claimed[level])))
            .collect();
        let keys: Vec<u64> = rows.clone().into_par_iter().map(|row| hash(&comparison_key(corpus.text(row)))).collect();
        let real_words = rows.map(|row| words_hash(&corpus, corpus.row(row))).collect();
        let unspaced = corpus.is_unspaced();
        Knowledge {
            corpus,
            grams,
            association,
            claimed,
            neutral,
            real: keys.into_iter().collect(),
            real_words,
            unspaced,
        }
    }

    /// How many tokens, up to [`LONGEST`], stand before the first word of the row that a label claims, and after the last one.
    pub(super) fn neutral_ends(&self, row: u32, neutral: Neutral) -> (usize, usize) {
        let (before, after) = self.neutral[row as usize][neutral as usize];
        (usize::from(before), usize::from(after))
    }

    /// Whether some label claims the token.
    pub(super) fn claims(&self, token: u32, neutral: Neutral) -> bool {
        self.claimed[neutral as usize][token as usize]
    }

    /// The hash of the word tokens of a text that is not a row's; `None` for a copy.
    pub(super) fn new_words(&self, tokens: &[u32]) -> Option<u64> {
        let hash = words_hash(&self.corpus, tokens);
        (!self.real_words.contains(&hash)).then_some(hash)
    }

    /// Whether a row has this [`comparison_key`].
    pub(super) fn is_row(&self, key: &str) -> bool {
        self.real.contains(&hash(key))
    }

    pub(super) fn language_model(&self) -> LanguageModel<'_, 'a> {
        LanguageModel { corpus: &self.corpus, grams: &self.grams }
    }
}

/// The hash of a comparison key.
pub(super) fn hash(key: &str) -> u64 {
    hash64(key.as_bytes())
}

fn neutral_ends(row: &[u32], claimed: &[bool]) -> (u8, u8) {
    let is_neutral = |t: &&u32| !claimed[**t as usize];
    let before = row.iter().take(LONGEST).take_while(is_neutral).count();
    let after = row.iter().rev().take(LONGEST).take_while(is_neutral).count();
    (before as u8, after as u8)
}

fn words_hash(corpus: &Corpus<'_>, tokens: &[u32]) -> u64 {
    let words = tokens.iter().filter(|t| corpus.wordlike[**t as usize]);
    hash64(&words.flat_map(|t| t.to_le_bytes()).collect::<Vec<u8>>())
}

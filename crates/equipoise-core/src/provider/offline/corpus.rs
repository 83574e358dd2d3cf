//! The training rows as token ids: one stream, with a boundary before, between and after the rows.

use super::token::{is_wordlike, tokens};
use super::words::{ENGLISH, unspaced};
use crate::data::{LabelId, TrainView};
use std::collections::HashMap;

/// The id that stands before the first and after the last token of every row.
pub(super) const BOUNDARY: u32 = 0;

/// Rows, vocabulary and counts. Row numbers are positions in the training view.
pub(super) struct Corpus<'a> {
    pub(super) train: TrainView<'a>,
    /// Token ids, `BOUNDARY` first, last and between rows that have tokens.
    pub(super) stream: Vec<u32>,
    /// Where each row begins in the stream and how many tokens it has.
    rows: Vec<(u32, u32)>,
    /// The row of each place of the stream; of a boundary the row before it.
    row_of: Vec<u32>,
    /// Lower-case tokens by id; the first is the boundary and empty.
    pub(super) vocabulary: Vec<Box<str>>,
    ids: HashMap<Box<str>, u32>,
    /// Whether the token is a word or hashtag, by id.
    pub(super) wordlike: Vec<bool>,
    /// How many places of the stream hold it, by id.
    pub(super) count: Vec<u32>,
}

impl<'a> Corpus<'a> {
    pub(super) fn new(train: TrainView<'a>) -> Self {
        let mut corpus = Corpus {
            train,
            stream: vec![BOUNDARY],
            rows: Vec::with_capacity(train.len()),
            row_of: vec![0],
            vocabulary: vec![Box::from("")],
            ids: HashMap::new(),
            wordlike: vec![false],
            count: vec![0],
        };
        let mut lower = String::new();
        for (row, text) in train.rows().map(|r| r.text).enumerate() {
            let from = corpus.stream.len();
            for token in tokens(text) {
                lower_into(token.surface, &mut lower);
                let id = corpus.intern(&lower);
                corpus.stream.push(id);
                corpus.count[id as usize] += 1;
            }
            let n = corpus.stream.len() - from;
            corpus.rows.push((from as u32, n as u32));
            if n > 0 {
                corpus.stream.push(BOUNDARY);
                corpus.row_of.resize(corpus.stream.len(), row as u32);
            }
        }
        corpus
    }

    fn intern(&mut self, token: &str) -> u32 {
        if let Some(id) = self.ids.get(token) {
            return *id;
        }
        let id = self.vocabulary.len() as u32;
        self.vocabulary.push(token.into());
        self.ids.insert(token.into(), id);
        self.wordlike.push(is_wordlike(token));
        self.count.push(0);
        id
    }

    /// How many rows there are.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// The token ids of a row.
    pub(super) fn row(&self, row: u32) -> &[u32] {
        let (from, n) = self.rows[row as usize];
        &self.stream[from as usize..(from + n) as usize]
    }

    /// Where a row begins in the stream.
    pub(super) fn start(&self, row: u32) -> u32 {
        self.rows[row as usize].0
    }

    /// The row and the position in it of a place of the stream.
    pub(super) fn place(&self, at: u32) -> (u32, usize) {
        let row = self.row_of[at as usize];
        (row, (at - self.rows[row as usize].0) as usize)
    }

    /// The label of a row.
    pub(super) fn label(&self, row: u32) -> LabelId {
        self.train.get(row as usize).label
    }

    /// The ids of the tokens of `text` that the rows know.
    pub(super) fn known(&self, text: &str) -> Vec<u32> {
        let mut lower = String::new();
        let id = |token: &str| {
            lower_into(token, &mut lower);
            self.ids.get(lower.as_str()).copied()
        };
        tokens(text).map(|t| t.surface).filter_map(id).collect()
    }

    /// The share of word tokens that are English function words; `None` without a word.
    pub(super) fn english_share(&self) -> Option<f64> {
        let words: u64 = self.count.iter().zip(&self.wordlike).filter(|(_, w)| **w).map(|(n, _)| u64::from(*n)).sum();
        let english: u64 = self.english().map(|id| u64::from(self.count[id as usize])).sum();
        (words > 0).then(|| english as f64 / words as f64)
    }

    /// The ids of the English function words that occur.
    pub(super) fn english(&self) -> impl Iterator<Item = u32> + '_ {
        ENGLISH.iter().filter_map(|w| self.ids.get(*w).copied())
    }

    /// Whether most of the text is written without blanks between words.
    pub(super) fn is_unspaced(&self) -> bool {
        let bytes = |id: usize| self.vocabulary[id].len() as u64 * u64::from(self.count[id]);
        let all: u64 = (0..self.vocabulary.len()).map(bytes).sum();
        let together: u64 = (0..self.vocabulary.len()).filter(|id| unspaced(&self.vocabulary[*id])).map(bytes).sum();
        together * 2 > all
    }
}

fn lower_into(token: &str, lower: &mut String) {
    lower.clear();
    if token.is_ascii() {
        lower.push_str(token);
        lower.make_ascii_lowercase();
    } else {
        lower.extend(token.chars().flat_map(char::to_lowercase));
    }
}

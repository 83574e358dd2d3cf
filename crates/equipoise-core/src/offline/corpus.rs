//! The training rows as token ids: one stream, with a boundary before, between and after the rows.

use super::donor::Donor;
use super::token::{is_wordlike, tokens};
use super::vocabulary::Vocabulary;
use super::words::{ENGLISH, unspaced};
use crate::data::{LabelId, RowId, TrainView};

/// The id that stands before the first and after the last token of every row.
pub(super) const BOUNDARY: u32 = 0;
/// Every so many places of the stream their row is noted; those between are counted from there.
const STEP: usize = 8;

/// Rows, vocabulary and counts. Row numbers are positions in the training view; those after its end are rows without a label.
pub(super) struct Corpus<'a> {
    pub(super) train: TrainView<'a>,
    pub(super) donors: &'a [Donor],
    /// Token ids, `BOUNDARY` first, last and between rows that have tokens.
    pub(super) stream: Vec<u32>,
    /// Where each row begins in the stream and how many tokens it has.
    rows: Vec<(u32, u32)>,
    /// The row of every [`STEP`]-th place of the stream; of a boundary the row before it.
    row_of: Vec<u32>,
    /// Lower-case tokens by id.
    pub(super) vocabulary: Vocabulary,
    /// Whether the token is a word or hashtag, by id.
    pub(super) wordlike: Vec<bool>,
    /// How many places of the stream hold it, by id.
    pub(super) count: Vec<u32>,
}

impl<'a> Corpus<'a> {
    pub(super) fn new(train: TrainView<'a>, donors: &'a [Donor]) -> Self {
        let mut corpus = Corpus {
            train,
            donors,
            stream: vec![BOUNDARY],
            rows: Vec::with_capacity(train.len() + donors.len()),
            row_of: vec![0],
            vocabulary: Vocabulary::new(),
            wordlike: vec![false],
            count: vec![0],
        };
        let mut lower = String::new();
        for (row, text) in train.rows().map(|r| r.text).chain(donors.iter().map(|d| &*d.text)).enumerate() {
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
                corpus.row_of.resize(corpus.stream.len().div_ceil(STEP), row as u32);
            }
        }
        corpus
    }

    fn intern(&mut self, token: &str) -> u32 {
        let id = self.vocabulary.intern(token);
        if id as usize == self.count.len() {
            self.wordlike.push(is_wordlike(token));
            self.count.push(0);
        }
        id
    }

    /// How many rows have a label.
    pub(super) fn len(&self) -> usize {
        self.train.len()
    }

    /// How many rows there are, with and without a label.
    pub(super) fn n_rows(&self) -> usize {
        self.rows.len()
    }

    /// A row as it is written.
    pub(super) fn text(&self, row: u32) -> &'a str {
        let row = row as usize;
        if row < self.train.len() { self.train.get(row).text } else { &self.donors[row - self.train.len()].text }
    }

    /// The id of a row.
    pub(super) fn id(&self, row: u32) -> RowId {
        let row = row as usize;
        if row < self.train.len() { self.train.get(row).id } else { self.donors[row - self.train.len()].id }
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
        let mut row = self.row_of[at as usize / STEP] as usize;
        while self.rows.get(row + 1).is_some_and(|next| next.0 <= at) {
            row += 1;
        }
        (row as u32, (at - self.rows[row].0) as usize)
    }

    /// The label of a row that has one.
    pub(super) fn label(&self, row: u32) -> LabelId {
        self.train.get(row as usize).label
    }

    /// The ids of the tokens of `text` that the rows know.
    pub(super) fn known(&self, text: &str) -> Vec<u32> {
        let mut lower = String::new();
        let id = |token: &str| {
            lower_into(token, &mut lower);
            self.vocabulary.id(&lower)
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
        ENGLISH.iter().filter_map(|w| self.vocabulary.id(w))
    }

    /// Whether most of the text is written without blanks between words.
    pub(super) fn is_unspaced(&self) -> bool {
        let ids = 0..self.vocabulary.len() as u32;
        let bytes = |id: u32| self.vocabulary[id].len() as u64 * u64::from(self.count[id as usize]);
        let all: u64 = ids.clone().map(bytes).sum();
        let together: u64 = ids.filter(|id| unspaced(&self.vocabulary[*id])).map(bytes).sum();
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

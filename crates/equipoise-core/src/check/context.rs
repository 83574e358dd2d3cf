//! What a check may look at: the training rows, and what several checks look up in them, built once when first asked for.

use super::letters::Letters;
use crate::data::{Fingerprints, LabelId, RowId, TrainView};
use crate::generator::{Candidate, Sources};
use crate::rng::Seed;
use crate::stats::percentile;
use crate::text::{digits_as_letters_hash, look_hash};
use std::collections::HashMap;
use std::sync::OnceLock;

/// Below so many rows a label's own lengths say too little, and those of all rows count too.
const FEW_ROWS: usize = 20;

/// What a check may look at.
pub struct Context<'a> {
    /// The training rows.
    pub train: TrainView<'a>,
    /// Hashes of the held-out texts.
    pub held_out: Option<&'a Fingerprints>,
    /// Seed of the check.
    pub seed: Seed,
    /// Values that were put into texts in the place of private ones, so that no check takes them for inventions of the model.
    pub made_up: Vec<String>,
    indexes: Indexes,
}

#[derive(Default)]
struct Indexes {
    keys: OnceLock<HashMap<u64, RowId>>,
    read_keys: OnceLock<HashMap<u64, RowId>>,
    letters: OnceLock<Letters>,
    lengths: OnceLock<Vec<(usize, usize)>>,
    labels: OnceLock<HashMap<RowId, LabelId>>,
    positions: OnceLock<HashMap<RowId, usize>>,
}

impl<'a> Context<'a> {
    /// A context whose indexes of the training rows are built when a check first asks, and once; keep it for all rounds of a run.
    pub fn new(train: TrainView<'a>, held_out: Option<&'a Fingerprints>, seed: Seed) -> Self {
        Context { train, held_out, seed, made_up: Vec::new(), indexes: Indexes::default() }
    }

    /// The first training row of each text, by its [`look_hash`].
    pub(super) fn row_by_key(&self) -> &HashMap<u64, RowId> {
        self.indexes.keys.get_or_init(|| {
            let mut keys = HashMap::with_capacity(self.train.len());
            for row in self.train.rows() {
                keys.entry(look_hash(row.text)).or_insert(row.id);
            }
            keys
        })
    }

    /// The first training row of each text, by its [`digits_as_letters_hash`].
    pub(super) fn row_by_letters(&self) -> &HashMap<u64, RowId> {
        self.indexes.read_keys.get_or_init(|| {
            let mut keys = HashMap::with_capacity(self.train.len());
            for row in self.train.rows() {
                if let Some(key) = digits_as_letters_hash(row.text) {
                    keys.entry(key).or_insert(row.id);
                }
            }
            keys
        })
    }

    /// Whether a run made a candidate from a row of another label than it is to have. Of a text from elsewhere that is a fault, and no intention.
    pub(super) fn is_from_another_label(&self, candidate: &Candidate) -> bool {
        let (Sources::One(row), Some(_)) = (&candidate.sources, &candidate.request) else { return false };
        let labels = self.indexes.labels.get_or_init(|| self.train.rows().map(|row| (row.id, row.label)).collect());
        let claimed = self.train.labels().id(&candidate.label);
        labels.get(row).is_some_and(|own| Some(*own) != claimed)
    }

    /// The training rows that a candidate was made from, as far as they are known.
    pub(super) fn sources(&self, candidate: &Candidate) -> Vec<&'a str> {
        let positions = self.indexes.positions.get_or_init(|| self.train.positions());
        let known = candidate.sources.rows().iter().filter_map(|row| positions.get(row));
        known.map(|at| self.train.get(*at).text).collect()
    }

    /// How probable letters are among those of the training rows.
    pub(super) fn letters(&self) -> &Letters {
        self.indexes.letters.get_or_init(|| Letters::new(self.train))
    }

    /// The 1st and 99th percentile of the lengths in characters of a label's rows; of all rows for no label.
    pub(super) fn lengths(&self, label: Option<LabelId>) -> (usize, usize) {
        let by_label = self.indexes.lengths.get_or_init(|| {
            let mut of = vec![Vec::new(); self.train.labels().len()];
            let mut all = Vec::with_capacity(self.train.len());
            for row in self.train.rows() {
                let n = row.text.trim().chars().count();
                of[row.label.index()].push(n);
                all.push(n);
            }
            let all = percentiles(all);
            let own = |lengths: Vec<usize>| match lengths.len() {
                0 => all,
                n if n < FEW_ROWS => {
                    let (low, high) = percentiles(lengths);
                    (low.min(all.0), high.max(all.1))
                }
                _ => percentiles(lengths),
            };
            of.into_iter().map(own).chain([all]).collect()
        });
        by_label[label.map_or(by_label.len() - 1, LabelId::index)]
    }
}

fn percentiles(mut lengths: Vec<usize>) -> (usize, usize) {
    lengths.sort_unstable();
    let at = |percent| percentile(&lengths, percent).unwrap_or(0);
    (at(1), at(99))
}

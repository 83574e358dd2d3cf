//! A data set and its sealed split.

use super::{LabelId, Labels, Row, RowId, Rows};
use crate::rng::Seed;
use crate::text::{comparison_key, hash64};
use rand::seq::SliceRandom;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Why rows do not make a data set.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DataError {
    /// There is no row at all.
    #[error("there is no row with a text and a label")]
    Empty,
    /// Only one label occurs, so there is nothing to tell apart.
    #[error("all {n} rows have the label `{label}`; a classifier needs at least two labels")]
    OneLabel {
        /// The label.
        label: String,
        /// How many rows.
        n: usize,
    },
    /// A test row has a label that no training row has.
    #[error("the test rows have the label `{label}` ({n} rows), which no training row has")]
    UnknownTestLabel {
        /// The label.
        label: String,
        /// How many test rows have it.
        n: usize,
    },
}

/// Rows with labels and a fixed split, immutable once built.
#[derive(Debug, Clone)]
pub struct Dataset {
    labels: Labels,
    /// Training rows and, where they came from one file, held-out rows among them.
    rows: Rows,
    /// Indices into `rows` for training, ascending.
    train: Vec<u32>,
    /// Held-out rows: another file's, or indices into `rows`.
    held_out: HeldRows,
}

#[derive(Debug, Clone)]
enum HeldRows {
    None,
    File(Rows),
    Split(Vec<u32>),
}

impl Dataset {
    /// Training rows alone: nothing is held out.
    ///
    /// # Errors
    /// [`DataError::Empty`] and [`DataError::OneLabel`].
    pub fn new(mut rows: Rows) -> Result<Self, DataError> {
        let labels = label_set(&rows)?;
        rows.relabel(&labels);
        let train = (0..rows.len() as u32).collect();
        Ok(Dataset { labels, rows, train, held_out: HeldRows::None })
    }

    /// Training rows, and another file's rows held out.
    ///
    /// # Errors
    /// As [`Dataset::new`]; [`DataError::UnknownTestLabel`] where a test row could never be predicted rightly.
    pub fn with_test(rows: Rows, mut test: Rows) -> Result<Self, DataError> {
        let mut dataset = Dataset::new(rows)?;
        if test.is_empty() {
            return Err(DataError::Empty);
        }
        if let Some(label) = test.names().iter().find(|n| dataset.labels.id(n).is_none()) {
            let n = (0..test.len()).filter(|i| test.names()[test.get(*i).label.index()] == *label).count();
            return Err(DataError::UnknownTestLabel { label: label.clone(), n });
        }
        test.relabel(&dataset.labels);
        dataset.held_out = HeldRows::File(test);
        Ok(dataset)
    }

    /// Holds out `share` (0..1) of each label's rows, drawn from `seed`. Rows of equal text stay on one side. A label keeps at
    /// least one training row; one with a single row gives none.
    ///
    /// # Errors
    /// As [`Dataset::new`].
    pub fn with_split(rows: Rows, share: f64, seed: Seed) -> Result<Self, DataError> {
        let mut dataset = Dataset::new(rows)?;
        let mut groups: BTreeMap<LabelId, BTreeMap<u64, Vec<u32>>> = BTreeMap::new();
        for row in dataset.train().rows() {
            let key = hash64(comparison_key(row.text).as_bytes());
            groups.entry(row.label).or_default().entry(key).or_default().push(row.index as u32);
        }
        let mut held_out = Vec::new();
        for (label, by_text) in groups {
            let n: usize = by_text.values().map(Vec::len).sum();
            let wanted = (n as f64 * share).round() as usize;
            let mut texts: Vec<(u64, Vec<u32>)> = by_text.into_iter().collect();
            let mut rng = seed.child(dataset.labels.name(label)).rng();
            texts.shuffle(&mut rng);
            let mut taken = 0;
            for (_, indices) in texts {
                if taken + indices.len() <= wanted && taken + indices.len() < n {
                    taken += indices.len();
                    held_out.extend(indices);
                }
            }
        }
        held_out.sort_unstable();
        let inside: HashSet<u32> = held_out.iter().copied().collect();
        dataset.train.retain(|i| !inside.contains(i));
        dataset.held_out = HeldRows::Split(held_out);
        Ok(dataset)
    }

    /// The labels of both views.
    pub fn labels(&self) -> &Labels {
        &self.labels
    }

    /// The rows that everything may read.
    pub fn train(&self) -> TrainView<'_> {
        TrainView { dataset: self }
    }

    /// The sealed rows, where there are any.
    pub fn held_out(&self) -> Option<HeldOut<'_>> {
        (!matches!(self.held_out, HeldRows::None)).then_some(HeldOut { dataset: self })
    }
}

fn label_set(rows: &Rows) -> Result<Labels, DataError> {
    let labels = Labels::new(rows.names().iter().cloned());
    match labels.len() {
        0 => Err(DataError::Empty),
        1 => Err(DataError::OneLabel { label: labels.names()[0].clone(), n: rows.len() }),
        _ => Ok(labels),
    }
}

/// The training rows: what profiles, plans, generators, checks, selections and arms see.
#[derive(Debug, Clone, Copy)]
pub struct TrainView<'a> {
    dataset: &'a Dataset,
}

impl<'a> TrainView<'a> {
    /// The labels.
    pub fn labels(&self) -> &'a Labels {
        &self.dataset.labels
    }

    /// How many training rows there are.
    pub fn len(&self) -> usize {
        self.dataset.train.len()
    }

    /// Never: a data set has rows.
    pub fn is_empty(&self) -> bool {
        self.dataset.train.is_empty()
    }

    /// The training rows in the order of the file. `index` is the position in the file, not in this view.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = Row<'a>> + Clone + use<'a> {
        let dataset = self.dataset;
        dataset.train.iter().map(move |i| dataset.rows.get(*i as usize))
    }

    /// The training row at `at`, from 0 and below [`TrainView::len`].
    pub fn get(&self, at: usize) -> Row<'a> {
        self.dataset.rows.get(self.dataset.train[at] as usize)
    }

    /// Each training row's position in this view, by its id.
    pub fn positions(&self) -> HashMap<RowId, usize> {
        self.rows().enumerate().map(|(at, row)| (row.id, at)).collect()
    }

    /// The number of rows of each label, by id.
    pub fn counts(&self) -> Vec<usize> {
        let mut counts = vec![0; self.dataset.labels.len()];
        self.rows().for_each(|r| counts[r.label.index()] += 1);
        counts
    }
}

/// Held-out rows. Their texts and labels can be read by the final evaluation alone; everything else gets [`Fingerprints`].
///
/// ```compile_fail
/// fn peek(held_out: equipoise_core::data::HeldOut<'_>) -> usize {
///     held_out.sealed_rows().count() // private: only `eval` may read these rows
/// }
/// ```
#[derive(Debug, Clone, Copy)]
pub struct HeldOut<'a> {
    dataset: &'a Dataset,
}

impl<'a> HeldOut<'a> {
    /// How many rows are held out.
    pub fn len(&self) -> usize {
        match &self.dataset.held_out {
            HeldRows::None => 0,
            HeldRows::File(rows) => rows.len(),
            HeldRows::Split(indices) => indices.len(),
        }
    }

    /// Whether no row is held out.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// One-way hashes of the texts, under which a copy of a held-out row is found without reading one.
    pub fn fingerprints(&self) -> Fingerprints {
        Fingerprints(self.sealed_rows().map(|r| hash64(comparison_key(r.text).as_bytes())).collect())
    }

    /// The rows, for the final evaluation. The tidy rule `sealed_rows` keeps this name out of every module but `data` and `eval`.
    pub(crate) fn sealed_rows(&self) -> Box<dyn ExactSizeIterator<Item = Row<'a>> + 'a> {
        let dataset = self.dataset;
        match &dataset.held_out {
            HeldRows::None => Box::new(std::iter::empty()),
            HeldRows::File(rows) => Box::new((0..rows.len()).map(move |i| rows.get(i))),
            HeldRows::Split(indices) => Box::new(indices.iter().map(move |i| dataset.rows.get(*i as usize))),
        }
    }
}

/// Hashes of the comparison keys of held-out texts.
#[derive(Debug, Clone, Default)]
pub struct Fingerprints(HashSet<u64>);

impl Fingerprints {
    /// Whether a text with the same [`comparison_key`] is held out.
    pub fn contains(&self, text: &str) -> bool {
        self.0.contains(&hash64(comparison_key(text).as_bytes()))
    }
}

//! A data set and its sealed split.

use super::folds::deal_folds;
use super::split::split;
use super::{Fingerprints, LabelId, Labels, Row, RowId, Rows};
use crate::rng::Seed;
use crate::text::{comparison_key, escape_control, hash64, is_unspaced, label_key};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

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
    /// Test rows have labels that no training row has.
    #[error("the test rows have labels that no training row has: {}{}", list(.labels), told(.alike))]
    UnknownTestLabels {
        /// A test label and the training label that it hardly differs from.
        alike: Option<(String, String)>,
        /// All such labels in order of name, each with its number of test rows.
        labels: Vec<(String, usize)>,
    },
    /// Most test rows are training rows: what is judged on them says nothing of other texts.
    #[error("{n} of {of} test rows have the text of a training row, so they are not held out")]
    TestIsTrain {
        /// Test rows whose text is a training row's, under [`comparison_key`].
        n: usize,
        /// Test rows.
        of: usize,
    },
}

fn list(labels: &[(String, usize)]) -> String {
    let one = |(label, n): &(String, usize)| format!("`{}` ({n})", escape_control(label));
    labels.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn told(alike: &Option<(String, String)>) -> String {
    let words = |(test, train): &(String, String)| {
        format!("; the training rows write `{}` for `{}`", escape_control(train), escape_control(test))
    };
    alike.as_ref().map_or_else(String::new, words)
}

/// Share of the test rows from which on they are taken for training rows; short texts may well stand on both sides.
const TRAINED_ON: f64 = 0.9;

/// Rows with labels and a fixed split, immutable once built.
#[derive(Debug, Clone)]
pub struct Dataset {
    labels: Labels,
    /// Training rows and, where they came from one file, held-out rows among them. Folds share them.
    rows: Arc<Rows>,
    /// Indices into `rows` for training, ascending but for [`Dataset::whole`].
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
        Ok(Dataset { labels, rows: Arc::new(rows), train, held_out: HeldRows::None })
    }

    /// Makes sure that the rows of a test file are held out indeed, before anything is judged on them.
    ///
    /// # Errors
    /// [`DataError::TestIsTrain`] where nearly all of them are training rows.
    pub fn check_apart(&self) -> Result<(), DataError> {
        let Some(held_out) = self.held_out().filter(|_| !self.is_split()) else { return Ok(()) };
        let (n, of) = (held_out.n_also_train(), held_out.len());
        if n as f64 >= TRAINED_ON * of as f64 { Err(DataError::TestIsTrain { n, of }) } else { Ok(()) }
    }

    /// Training rows, and another file's rows held out.
    ///
    /// # Errors
    /// As [`Dataset::new`]; [`DataError::UnknownTestLabels`] where a test row could never be predicted rightly.
    pub fn with_test(rows: Rows, mut test: Rows) -> Result<Self, DataError> {
        let mut dataset = Dataset::new(rows)?;
        if test.is_empty() {
            return Err(DataError::Empty);
        }
        let mut counts = vec![0; test.names().len()];
        (0..test.len()).for_each(|i| counts[test.get(i).label.index()] += 1);
        let named = test.names().iter().cloned().zip(counts);
        let mut unknown: Vec<(String, usize)> = named.filter(|(name, _)| dataset.labels.id(name).is_none()).collect();
        if !unknown.is_empty() {
            unknown.sort_unstable();
            let names = dataset.labels.names();
            let near = |(label, _): &(String, usize)| {
                let known = names.iter().find(|name| label_key(name) == label_key(label))?;
                Some((label.clone(), known.clone()))
            };
            let alike = unknown.iter().find_map(near);
            return Err(DataError::UnknownTestLabels { alike, labels: unknown });
        }
        test.relabel(&dataset.labels);
        dataset.held_out = HeldRows::File(test);
        Ok(dataset)
    }

    /// Holds out `share` (0..1) of each label's rows, drawn from `seed`. Rows of equal text (under [`crate::text::comparison_key`]) stay on one
    /// side, also where their labels differ. A label keeps at least one training row; one with a single text gives none.
    ///
    /// # Errors
    /// As [`Dataset::new`].
    pub fn with_split(rows: Rows, share: f64, seed: Seed) -> Result<Self, DataError> {
        let mut dataset = Dataset::new(rows)?;
        let held_out = split(dataset.train(), share, seed);
        let mut next = held_out.iter().copied().peekable();
        dataset.train.retain(|i| next.next_if_eq(i).is_none());
        dataset.held_out = HeldRows::Split(held_out);
        Ok(dataset)
    }

    /// Every real row, none held out: the training rows first, in their order, and behind them those of a test file.
    pub(crate) fn whole(&self) -> Dataset {
        let mut train = self.train.clone();
        let rows = match &self.held_out {
            HeldRows::None => Arc::clone(&self.rows),
            HeldRows::Split(held) => {
                train.extend(held);
                Arc::clone(&self.rows)
            }
            HeldRows::File(test) => {
                let mut all = Rows::default();
                let both = [&*self.rows, test].into_iter().flat_map(|rows| (0..rows.len()).map(|i| rows.get(i)));
                for row in both {
                    // Both files together have no more labels than this set, which has been numbered before.
                    all.push(row.text, self.labels.name(row.label)).expect("labels that have ids");
                }
                all.relabel(&self.labels);
                train = (0..all.len() as u32).collect();
                Arc::new(all)
            }
        };
        Dataset { labels: self.labels.clone(), rows, train, held_out: HeldRows::None }
    }

    /// The training rows dealt to `n_folds` folds, as [`deal_folds`] deals them: in each of these data sets the rows of one fold are held
    /// out, as sealed as those of a test file. `None` where fewer than two folds would get rows.
    pub(crate) fn folds(&self, n_folds: usize, seed: Seed) -> Option<Vec<Dataset>> {
        let fold_of = deal_folds(self.train().rows().map(|row| (row.text, row.label)), n_folds, seed)?;
        let with = |fold: usize, is_held: bool| -> Vec<u32> {
            let rows = self.train.iter().zip(&fold_of);
            rows.filter(|(_, of)| (**of == fold) == is_held).map(|(row, _)| *row).collect()
        };
        let dataset = |fold: usize| Dataset {
            labels: self.labels.clone(),
            rows: Arc::clone(&self.rows),
            train: with(fold, false),
            held_out: HeldRows::Split(with(fold, true)),
        };
        let filled = (0..n_folds).filter(|fold| fold_of.contains(fold));
        Some(filled.map(dataset).collect())
    }

    /// Whether the real rows can be judged in turn: some label has two texts. Of a label with one, each row would be judged by models that
    /// saw no row of it.
    pub fn can_fold(&self) -> bool {
        let whole = self.whole();
        let mut first: BTreeMap<LabelId, String> = BTreeMap::new();
        whole.train().rows().any(|row| {
            let key = comparison_key(row.text);
            *first.entry(row.label).or_insert_with(|| key.clone()) != key
        })
    }

    /// The labels of both views.
    pub fn labels(&self) -> &Labels {
        &self.labels
    }

    /// The rows that everything may read.
    pub fn train(&self) -> TrainView<'_> {
        TrainView { dataset: self }
    }

    /// Whether the held-out rows were drawn from the same file as the training rows.
    pub fn is_split(&self) -> bool {
        matches!(self.held_out, HeldRows::Split(_))
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

    /// Whether most texts are written without blanks between words.
    pub fn is_unspaced(&self) -> bool {
        2 * self.rows().filter(|row| is_unspaced(row.text)).count() > self.len()
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

    /// How many held-out rows each label has, by id: whether they are enough to judge on is asked before anything is judged.
    pub fn counts(&self) -> Vec<usize> {
        let mut counts = vec![0; self.dataset.labels.len()];
        self.sealed_rows().for_each(|row| counts[row.label.index()] += 1);
        counts
    }

    /// How many held-out rows have the text of a training row, under [`comparison_key`].
    pub fn n_also_train(&self) -> usize {
        let key = |row: Row<'_>| hash64(comparison_key(row.text).as_bytes());
        let known: HashSet<u64> = self.dataset.train().rows().map(key).collect();
        self.sealed_rows().filter(|row| known.contains(&key(*row))).count()
    }

    /// One-way hashes of the texts, under which a copy of a held-out row is found without reading one.
    pub fn fingerprints(&self) -> Fingerprints {
        Fingerprints::new(self.sealed_rows())
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

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(pairs: &[(&str, &str)]) -> Rows {
        let mut rows = Rows::default();
        pairs.iter().for_each(|(text, label)| rows.push(text, label).unwrap());
        rows
    }

    #[test]
    fn unknown_test_labels_are_all_named_with_their_counts() {
        let error = Dataset::with_test(
            rows(&[("a", "x"), ("b", "y")]),
            rows(&[("c", "z"), ("d", "x"), ("e", "w"), ("f", "z")]),
        )
        .unwrap_err();
        assert_eq!(
            error,
            DataError::UnknownTestLabels { alike: None, labels: vec![("w".to_owned(), 1), ("z".to_owned(), 2)] }
        );
        assert!(error.to_string().ends_with("`w` (1), `z` (2)"), "{error}");
        let alike = Dataset::with_test(rows(&[("a", "Spam"), ("b", "ham")]), rows(&[("c", "spam")])).unwrap_err();
        assert!(alike.to_string().ends_with("`spam` (1); the training rows write `Spam` for `spam`"), "{alike}");
    }

    #[test]
    fn a_test_file_of_training_rows_is_refused() {
        let train = || rows(&[("a", "x"), ("b", "y"), ("c", "x")]);
        let apart = |test: &[(&str, &str)]| Dataset::with_test(train(), rows(test)).unwrap().check_apart();
        assert_eq!(apart(&[("A!", "x"), ("b", "y")]), Err(DataError::TestIsTrain { n: 2, of: 2 }));
        assert_eq!(apart(&[("a", "x"), ("b", "y"), ("e", "y")]), Ok(()));
    }

    #[test]
    fn a_test_file_with_its_labels_in_another_order_keeps_them() {
        let dataset = Dataset::with_test(rows(&[("a", "x"), ("b", "y")]), rows(&[("c", "y"), ("d", "x")])).unwrap();
        let held_out = dataset.held_out().unwrap();
        let names: Vec<&str> = held_out.sealed_rows().map(|r| dataset.labels().name(r.label)).collect();
        assert_eq!(names, ["y", "x"]);
        let fingerprints = held_out.fingerprints();
        assert_eq!(fingerprints.n_rows(), 2);
        assert!(fingerprints.contains("C!") && !fingerprints.contains("a"));
    }

    #[test]
    fn each_fold_seals_its_rows_and_all_folds_together_seal_every_row_once() {
        let train = rows(&[("a", "x"), ("b", "y"), ("c", "x"), ("A!", "x"), ("d", "y")]);
        let dataset = Dataset::with_test(train, rows(&[("e", "y"), ("f", "x")])).unwrap();
        let whole = dataset.whole();
        assert!(whole.held_out().is_none() && whole.can_fold());
        let ids: Vec<RowId> = dataset.train().rows().map(|r| r.id).collect();
        assert_eq!(whole.train().rows().map(|r| r.id).take(5).collect::<Vec<_>>(), ids, "children find their sources");
        let folds = whole.folds(3, Seed::new(1)).unwrap();
        let mut sealed: Vec<usize> = Vec::new();
        for fold in &folds {
            let held_out = fold.held_out().unwrap();
            let fingerprints = held_out.fingerprints();
            assert_eq!(fold.train().len() + held_out.len(), 7);
            assert!(fold.train().rows().all(|row| !fingerprints.contains(row.text)), "no text on both sides");
            assert_eq!(held_out.counts().iter().sum::<usize>(), held_out.len());
            sealed.extend(held_out.sealed_rows().map(|row| row.index));
        }
        sealed.sort_unstable();
        assert_eq!(sealed, (0..7).collect::<Vec<_>>());
        let same = Dataset::new(rows(&[("a", "x"), ("A", "y")])).unwrap();
        assert!(same.folds(2, Seed::new(1)).is_none() && !same.can_fold());
        let one_each = Dataset::new(rows(&[("a", "x"), ("A", "x"), ("b", "y")])).unwrap();
        assert!(!one_each.can_fold(), "no model that judges a row saw its label");
        let split =
            Dataset::with_split(rows(&[("a", "x"), ("b", "y"), ("c", "x"), ("d", "y")]), 0.5, Seed::new(1)).unwrap();
        let first: Vec<RowId> = split.train().rows().map(|r| r.id).collect();
        let whole: Vec<RowId> = split.whole().train().rows().map(|r| r.id).collect();
        assert!(whole.len() == 4 && whole.starts_with(&first));
    }

    #[test]
    fn rows_without_two_labels_are_no_data_set() {
        assert_eq!(Dataset::new(Rows::default()).unwrap_err(), DataError::Empty);
        let one = Dataset::new(rows(&[("a", "x"), ("b", "x")])).unwrap_err();
        assert_eq!(one, DataError::OneLabel { label: "x".to_owned(), n: 2 });
    }
}

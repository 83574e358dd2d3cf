//! What arms draw from.

use crate::data::{LabelId, TrainView};
use crate::generator::Candidate;
use crate::offline::Author;
use crate::text::{comparison_key, hash64};
use std::collections::HashMap;

/// A training example of the pool that arms draw from.
#[derive(Debug, Clone, PartialEq)]
pub struct Example<'a> {
    /// The text.
    pub text: &'a str,
    /// Its label.
    pub label: LabelId,
    /// For a synthetic example, positions among the pool's real examples of the rows it was made from; empty where unknown.
    pub parents: Vec<usize>,
}

/// What an arm may use: training rows and synthetic rows. Held-out rows are not among them.
#[derive(Debug, Clone)]
pub struct Pool<'a> {
    /// Real training rows.
    pub real: Vec<Example<'a>>,
    /// The first parsed candidates up to each label's target, unchecked.
    pub naive: Vec<Example<'a>>,
    /// The rows that the checks kept.
    pub kept: Vec<Example<'a>>,
    /// How many labels there are.
    pub n_labels: usize,
    /// Who wrote every synthetic row and can write others from other training rows, so that cross-validation does not have to do
    /// without the rows that were made from a validated one; `None` where nobody can.
    pub author: Option<Author<'a>>,
}

/// A synthetic row has a label that no training row has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the synthetic row `{id}` has the label `{label}`, which no training row has")]
pub struct UnknownLabel {
    /// Id of the first such row.
    pub id: String,
    /// Its label.
    pub label: String,
}

impl<'a> Pool<'a> {
    /// The labels of the real examples.
    pub fn truth(&self) -> Vec<LabelId> {
        self.real.iter().map(|example| example.label).collect()
    }

    /// The training rows in the order of the view, and two lists of synthetic rows.
    ///
    /// Parents are the sources that a row names, as far as they are training rows, and every training row whose text it repeats:
    /// a copy tells what it was made from even where its file does not.
    ///
    /// # Errors
    /// [`UnknownLabel`].
    pub fn new(train: TrainView<'a>, naive: &[&'a Candidate], kept: &[&'a Candidate]) -> Result<Self, UnknownLabel> {
        let positions = train.positions();
        let key = |text: &str| hash64(comparison_key(text).as_bytes());
        let mut equal: HashMap<u64, Vec<usize>> = HashMap::new();
        if !naive.is_empty() || !kept.is_empty() {
            train.rows().enumerate().for_each(|(at, row)| equal.entry(key(row.text)).or_default().push(at));
        }
        let example = |candidate: &&'a Candidate| {
            let label = train
                .labels()
                .id(&candidate.label)
                .ok_or_else(|| UnknownLabel { id: candidate.id.clone(), label: candidate.label.clone() })?;
            let mut parents: Vec<usize> =
                candidate.sources.rows().iter().filter_map(|id| positions.get(id).copied()).collect();
            parents.extend(equal.get(&key(&candidate.text)).into_iter().flatten());
            parents.sort_unstable();
            parents.dedup();
            Ok(Example { text: &candidate.text, label, parents })
        };
        Ok(Pool {
            real: train.rows().map(|row| Example { text: row.text, label: row.label, parents: vec![] }).collect(),
            naive: naive.iter().map(example).collect::<Result<_, _>>()?,
            kept: kept.iter().map(example).collect::<Result<_, _>>()?,
            n_labels: train.labels().len(),
            author: None,
        })
    }

    /// Number of `examples` of each label, by id.
    pub fn counts(&self, examples: &[Example<'_>]) -> Vec<usize> {
        let mut counts = vec![0; self.n_labels];
        examples.iter().for_each(|e| counts[e.label.index()] += 1);
        counts
    }

    /// Of the parents of a synthetic example the one that it goes back to: the first of its own label, else the first.
    pub fn source(&self, example: &Example<'_>) -> Option<usize> {
        let own = example.parents.iter().find(|at| self.real[**at].label == example.label);
        own.or(example.parents.first()).copied()
    }

    /// Of the synthetic `examples` whose sources are known, how many have a label that none of their sources has, and how many
    /// there are.
    pub fn contradicted(&self, examples: &[Example<'_>]) -> (usize, usize) {
        let known = || examples.iter().filter(|e| !e.parents.is_empty());
        let other = |e: &&Example<'_>| e.parents.iter().all(|at| self.real[*at].label != e.label);
        (known().filter(other).count(), known().count())
    }

    /// Positions among the real examples of each label, ascending, by id.
    pub fn real_by_label(&self) -> Vec<Vec<usize>> {
        let mut positions = vec![Vec::new(); self.n_labels];
        self.real.iter().enumerate().for_each(|(at, e)| positions[e.label.index()].push(at));
        positions
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Dataset, RowId, Rows};
    use crate::generator::Sources;

    #[test]
    fn finds_parents_by_source_and_by_equal_text() {
        let mut rows = Rows::default();
        for (text, label) in [("a b", "x"), ("c d", "y"), ("C, d!", "y")] {
            rows.push(text, label).unwrap();
        }
        let dataset = Dataset::new(rows).unwrap();
        let candidate = |text: &str, label: &str, sources| Candidate {
            id: "c0".to_owned(),
            text: text.to_owned(),
            label: label.to_owned(),
            request: None,
            position: 0,
            sources,
            fault: None,
            came: None,
            attributes: Default::default(),
        };
        let first = dataset.train().get(0).id;
        let made = candidate("new", "x", Sources::One(first));
        let copy = candidate("c d", "x", Sources::Among(vec![first, RowId(1)]));
        let pool = Pool::new(dataset.train(), &[], &[&made, &copy]).unwrap();
        assert_eq!(pool.kept[0].parents, [0]);
        assert_eq!(pool.kept[1].parents, [0, 1, 2]);
        let stray = candidate("new", "z", Sources::Unknown);
        assert_eq!(
            Pool::new(dataset.train(), &[&stray], &[]).unwrap_err(),
            UnknownLabel { id: "c0".to_owned(), label: "z".to_owned() }
        );
    }
}

//! Rows in columns: one arena of text, so that a million rows cost little more than their bytes.

use super::{LabelId, Labels, RowId};
use std::collections::HashMap;

/// One labelled text of a data set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Row<'a> {
    /// Position in its [`Rows`], from 0: the order of the file.
    pub index: usize,
    /// Identity by content.
    pub id: RowId,
    /// The text, exactly as it was read.
    pub text: &'a str,
    /// The label.
    pub label: LabelId,
}

/// Rows in the order in which they were read.
#[derive(Debug, Clone, Default)]
pub struct Rows {
    arena: String,
    ends: Vec<usize>,
    ids: Vec<RowId>,
    labels: Vec<LabelId>,
    names: Vec<String>,
    by_name: HashMap<String, LabelId>,
    /// Hash of (text, label) → how many such rows stand so far; only repeats are counted beyond 1.
    seen: HashMap<u64, u32>,
}

impl Rows {
    /// Appends a row. `None` where it would be the 65,536th label.
    #[must_use]
    pub fn push(&mut self, text: &str, label: &str) -> Option<()> {
        let id = match self.by_name.get(label) {
            Some(id) => *id,
            None => {
                let id = LabelId(u16::try_from(self.names.len()).ok().filter(|n| *n < u16::MAX)?);
                self.names.push(label.to_owned());
                self.by_name.insert(label.to_owned(), id);
                id
            }
        };
        let first = RowId::new(text, label, 0);
        let times = self.seen.entry(first.0).or_insert(0);
        self.ids.push(if *times == 0 { first } else { RowId::new(text, label, *times) });
        *times += 1;
        self.arena.push_str(text);
        self.ends.push(self.arena.len());
        self.labels.push(id);
        Some(())
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The label names in order of first appearance, until [`Rows::relabel`].
    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    /// Re-expresses every label as its id in `labels`, which must hold all names of these rows.
    pub(super) fn relabel(&mut self, labels: &Labels) {
        let map: Vec<LabelId> = self
            .names
            .iter()
            .map(|n| labels.id(n).expect("every name of these rows is in the joint label set"))
            .collect();
        self.labels.iter_mut().for_each(|l| *l = map[l.index()]);
        self.names = labels.names().to_vec();
        self.by_name = HashMap::new();
        self.seen = HashMap::new();
    }

    /// The row at `index`, below [`Rows::len`].
    pub fn get(&self, index: usize) -> Row<'_> {
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        Row { index, id: self.ids[index], text: &self.arena[start..self.ends[index]], label: self.labels[index] }
    }
}

//! Rows in columns, so that a million rows cost little more than their bytes.

use super::{LabelId, Labels, RowId};
use crate::text::Arena;
use std::collections::{BTreeMap, HashMap};

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
    texts: Arena,
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
        self.texts.push(text);
        self.labels.push(id);
        Some(())
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// The text and the label's name of the row at `index`, below [`Rows::len`].
    pub fn text_and_label(&self, index: usize) -> (&str, &str) {
        let row = self.get(index);
        (row.text, &self.names[row.label.index()])
    }

    /// The label names in order of first appearance, until `Rows::relabel`.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Calls labels otherwise: `names` says what each that it holds is called from here on. Ids keep the spelling that was read.
    pub fn rename(&mut self, names: &BTreeMap<String, String>) {
        if names.is_empty() {
            return;
        }
        let called = |name: &String| names.get(name).unwrap_or(name).clone();
        let old: Vec<String> = self.names.iter().map(called).collect();
        self.names.clear();
        self.by_name.clear();
        let mut map = Vec::with_capacity(old.len());
        for name in old {
            let next = LabelId(self.names.len() as u16);
            let id = *self.by_name.entry(name.clone()).or_insert(next);
            if id == next {
                self.names.push(name);
            }
            map.push(id);
        }
        self.labels.iter_mut().for_each(|l| *l = map[l.index()]);
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
        Row { index, id: self.ids[index], text: self.texts.get(index), label: self.labels[index] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    #[test]
    fn labels_that_get_one_name_are_one_label() {
        let mut rows = Rows::default();
        for (text, label) in [("a", "Spam"), ("b", "spam"), ("c", "ham")] {
            rows.push(text, label).expect("three labels");
        }
        rows.rename(&BTreeMap::from([("Spam".to_owned(), "spam".to_owned())]));
        assert_eq!(rows.names(), ["spam", "ham"]);
        let pairs: Vec<(&str, &str)> = (0..3).map(|i| rows.text_and_label(i)).collect();
        assert_eq!(pairs, [("a", "spam"), ("b", "spam"), ("c", "ham")]);
        rows.push("d", "ham").expect("a known label");
        assert_eq!(rows.names().len(), 2);
    }

    #[test]
    fn the_65_536th_label_is_refused() {
        let mut rows = Rows::default();
        for i in 0..65_535 {
            assert!(rows.push("t", &i.to_string()).is_some());
        }
        assert!(rows.push("t", "one more").is_none());
        assert!(rows.push("t", "65534").is_some());
    }

    proptest! {
        #[test]
        fn gives_back_what_was_pushed_under_unique_ids(pushed in proptest::collection::vec(("[ab]{0,2}", "[xy]"), 0..60)) {
            let mut rows = Rows::default();
            for (text, label) in &pushed {
                rows.push(text, label).expect("two labels");
            }
            let back: Vec<(String, String)> = (0..rows.len())
                .map(|i| (rows.get(i).text.to_owned(), rows.names()[rows.get(i).label.index()].clone()))
                .collect();
            let ids: BTreeSet<RowId> = (0..rows.len()).map(|i| rows.get(i).id).collect();
            prop_assert_eq!(ids.len(), pushed.len());
            prop_assert_eq!(back, pushed);
        }
    }
}

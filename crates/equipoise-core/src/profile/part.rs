//! The profile of rows that lie in blocks: each block gives a part, and parts merge in any order.

use super::Profile;
use super::count::LabelCount;
use crate::text::{Names, PrivateCounts, comparison_key, hash64, private_spans};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;

/// What a block of rows adds to a profile. It holds counts and hashes and no text, 20 bytes a different text of a label besides.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// By name.
    labels: BTreeMap<String, LabelCount>,
    /// How often each text stands under each label: the hash of its comparison key, and that of the label's name.
    #[serde(serialize_with = "as_list", deserialize_with = "of_list")]
    texts: BTreeMap<(u64, u64), u32>,
    private: PrivateCounts,
}

impl Part {
    /// The part of a block of texts with their labels.
    pub fn of<'a>(rows: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let (mut part, none) = (Part::default(), Names::default());
        for (text, label) in rows {
            match part.labels.get_mut(label) {
                Some(count) => count.add(text),
                None => part.labels.entry(label.to_owned()).or_default().add(text),
            }
            let text_and_label = (hash64(comparison_key(text).as_bytes()), hash64(label.as_bytes()));
            *part.texts.entry(text_and_label).or_default() += 1;
            part.private.add(&private_spans(text, &none));
        }
        part
    }

    /// The part of the rows of both.
    #[must_use]
    pub fn merge(mut self, other: Part) -> Self {
        for (label, count) in other.labels {
            self.labels.entry(label).or_default().merge(count);
        }
        for (text_and_label, n) in other.texts {
            *self.texts.entry(text_and_label).or_default() += n;
        }
        Part { private: self.private.plus(other.private), ..self }
    }

    /// The profile of all the rows: that of [`Profile::new`], but that near-duplicates are not looked for and texts with several labels are
    /// counted and not shown.
    pub fn finish(self) -> Profile {
        let n: usize = self.labels.values().map(|count| count.n).sum();
        let mut within: BTreeMap<u64, usize> = BTreeMap::new();
        let (mut n_duplicates, mut n_conflicts) = (0, 0);
        let mut texts = self.texts.iter().peekable();
        while let Some((&(text, label), &times)) = texts.next() {
            let (mut n_rows, mut n_labels) = (times as usize, 1);
            *within.entry(label).or_default() += times as usize - 1;
            while let Some((&(_, label), &times)) = texts.next_if(|((next, _), _)| *next == text) {
                n_rows += times as usize;
                n_labels += 1;
                *within.entry(label).or_default() += times as usize - 1;
            }
            n_duplicates += n_rows - 1;
            n_conflicts += usize::from(n_labels > 1);
        }
        let counts = || self.labels.values().map(|count| count.n);
        let (largest, smallest) = (counts().max().unwrap_or(0), counts().min().unwrap_or(0).max(1));
        let of_label = |(label, count): (String, LabelCount)| {
            let n_duplicates = within.get(&hash64(label.as_bytes())).copied().unwrap_or(0);
            count.finish(&label, n, n_duplicates)
        };
        let mut labels: Vec<_> = self.labels.into_iter().map(of_label).collect();
        labels.sort_by(|a, b| b.n.cmp(&a.n).then_with(|| a.label.cmp(&b.label)));
        Profile {
            schema: Profile::SCHEMA,
            n,
            labels,
            imbalance_ratio: largest as f64 / smallest as f64,
            n_duplicates,
            n_near_duplicates: None,
            conflicts: Vec::new(),
            n_conflicts,
            n_held_out: None,
            n_also_held_out: None,
            private: self.private,
        }
    }
}

/// As a list of keys and values: not every format has keys that are no texts.
fn as_list<S: Serializer>(texts: &BTreeMap<(u64, u64), u32>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(texts)
}

fn of_list<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<(u64, u64), u32>, D::Error> {
    Vec::<((u64, u64), u32)>::deserialize(deserializer).map(|list| list.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Dataset, Rows};
    use proptest::prelude::*;

    /// Rows of few texts, so that many are equal; every label is there.
    fn rows() -> impl Strategy<Value = Vec<(String, String)>> {
        let text = prop_oneof![
            "[ab ]{0,3}x",
            "Where is (my|MY) parcel #[1-4][.!?]?",
            "mail me at a@b.org [0-9]",
            "今天[天气]{1,2}"
        ];
        let label = prop_oneof!["a", "b", "c"];
        proptest::collection::vec((text, label), 0..80).prop_map(|mut rows| {
            rows.extend(["a", "b"].map(|label| (format!("always {label}"), label.to_owned())));
            rows
        })
    }

    proptest! {
        #[test]
        fn parts_of_any_blocks_give_the_profile_of_all_rows(rows in rows(), size in 1_usize..20) {
            let mut all = Rows::default();
            rows.iter().for_each(|(text, label)| all.push(text, label).expect("few labels"));
            let dataset = Dataset::new(all).expect("two labels");
            let mut whole = Profile::new(dataset.train(), None);
            let part = |block: &[(String, String)]| Part::of(block.iter().map(|(text, label)| (&**text, &**label)));
            let parts: Vec<Part> = rows.chunks(size).map(part).collect();
            let merged = parts.iter().cloned().reduce(Part::merge).expect("a block");
            // In another order, through bytes, as parts travel.
            let json = |part: &Part| serde_json::to_vec(part).expect("numbers and names");
            let back = |bytes: Vec<u8>| serde_json::from_slice::<Part>(&bytes).expect("a part");
            let other = parts.iter().rev().map(|part| back(json(part))).reduce(Part::merge).expect("a block");
            prop_assert_eq!(&merged, &other);
            (whole.n_near_duplicates, whole.conflicts) = (None, Vec::new());
            prop_assert_eq!(merged.finish(), whole);
        }
    }
}

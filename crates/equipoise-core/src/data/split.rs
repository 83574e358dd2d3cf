//! Drawing the held-out rows: label by label, equal texts together.

use super::{LabelId, TrainView};
use crate::rng::Seed;
use crate::text::{comparison_key, hash64};
use rand::seq::SliceRandom;
use rayon::prelude::*;
use std::ops::Range;

/// Indices of the rows to hold out, ascending: `share` of each label, as near as whole groups of equal texts allow, never more,
/// and never the last row of a label.
pub(super) fn split(train: TrainView<'_>, share: f64, seed: Seed) -> Vec<u32> {
    let mut rows: Vec<Keyed> = (0..train.len())
        .into_par_iter()
        .map(|at| {
            let row = train.get(at);
            Keyed { text: hash64(comparison_key(row.text).as_bytes()), index: row.index as u32, label: row.label }
        })
        .collect();
    rows.par_sort_unstable();
    let have = train.counts();
    let wanted: Vec<usize> = have.iter().map(|n| ((*n as f64 * share).round() as usize).min(n - 1)).collect();
    let mut taken = vec![0; have.len()];
    let mut held_out = Vec::new();
    for (label, mut groups) in groups_by_label(&rows, have.len()).into_iter().enumerate() {
        groups.shuffle(&mut seed.child(train.labels().name(LabelId(label as u16))).rng());
        for group in groups {
            let members = &rows[group];
            members.iter().for_each(|row| taken[row.label.index()] += 1);
            if members.iter().all(|row| taken[row.label.index()] <= wanted[row.label.index()]) {
                held_out.extend(members.iter().map(|row| row.index));
            } else {
                members.iter().for_each(|row| taken[row.label.index()] -= 1);
            }
        }
    }
    held_out.sort_unstable();
    held_out
}

/// A row by its text; sorted, equal texts stand together in the order of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Keyed {
    text: u64,
    index: u32,
    label: LabelId,
}

/// For each label, the groups of equal texts whose first row has it.
fn groups_by_label(rows: &[Keyed], n_labels: usize) -> Vec<Vec<Range<usize>>> {
    let mut groups = vec![Vec::new(); n_labels];
    let mut start = 0;
    for group in rows.chunk_by(|a, b| a.text == b.text) {
        groups[group[0].label.index()].push(start..start + group.len());
        start += group.len();
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::super::{Dataset, Rows};
    use super::*;
    use proptest::prelude::*;
    use std::collections::{BTreeMap, BTreeSet};

    fn dataset(pairs: &[(String, String)], share: f64, seed: u64) -> Dataset {
        let mut rows = Rows::default();
        pairs.iter().for_each(|(text, label)| rows.push(text, label).unwrap());
        Dataset::with_split(rows, share, Seed::new(seed)).unwrap()
    }

    fn distinct(counts: &[(&str, usize)]) -> Vec<(String, String)> {
        let rows =
            counts.iter().flat_map(|(label, n)| (0..*n).map(move |i| (format!("{label} {i}"), (*label).to_owned())));
        rows.collect()
    }

    #[test]
    fn takes_the_share_of_each_label_and_leaves_a_single_row_alone() {
        let dataset = dataset(&distinct(&[("a", 100), ("b", 40), ("c", 3), ("d", 1)]), 0.2, 7);
        assert_eq!(dataset.train().counts(), [80, 32, 2, 1]);
        assert_eq!(dataset.held_out().unwrap().len(), 20 + 8 + 1);
    }

    #[test]
    fn the_same_seed_draws_the_same_rows_and_another_seed_others() {
        let rows = distinct(&[("a", 100), ("b", 100)]);
        let drawn =
            |seed| dataset(&rows, 0.2, seed).held_out().unwrap().sealed_rows().map(|r| r.id).collect::<Vec<_>>();
        assert_eq!(drawn(1), drawn(1));
        assert_ne!(drawn(1), drawn(2));
    }

    proptest! {
        #[test]
        fn every_row_is_in_one_view_and_equal_texts_are_on_one_side(
            pairs in proptest::collection::vec(("[ab]{1,4}[!]?", "[xyz]"), 4..80),
            share in 0.0..1.0f64,
        ) {
            let labels: BTreeSet<&String> = pairs.iter().map(|p| &p.1).collect();
            prop_assume!(labels.len() > 1);
            let dataset = dataset(&pairs, share, 7);
            let held_out = dataset.held_out().unwrap();
            let mut side: BTreeMap<String, bool> = BTreeMap::new();
            let mut seen = BTreeSet::new();
            let train = dataset.train().rows().map(|r| (r, false));
            for (row, held) in train.chain(held_out.sealed_rows().map(|r| (r, true))) {
                prop_assert!(seen.insert(row.index));
                prop_assert_eq!(*side.entry(comparison_key(row.text)).or_insert(held), held);
            }
            prop_assert_eq!(seen.len(), pairs.len());
            prop_assert!(dataset.train().counts().iter().all(|n| *n > 0));
        }
    }
}

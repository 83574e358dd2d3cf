//! Dealing rows to folds: label by label, equal texts together.

use super::LabelId;
use crate::rng::Seed;
use crate::text::{comparison_key, hash64};
use rand::seq::SliceRandom;
use std::collections::BTreeMap;

/// The fold, below `n_folds`, of each row, in the order of rows; `None` where fewer than two folds would get rows.
///
/// Rows of equal text share a fold; each label is spread over the folds as evenly as it goes, a label with fewer rows than folds over as
/// many folds as it has rows.
pub fn deal_folds<'a>(
    rows: impl IntoIterator<Item = (&'a str, LabelId)>,
    n_folds: usize,
    seed: Seed,
) -> Option<Vec<usize>> {
    let mut labels = Vec::new();
    let mut by_text: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for (at, (text, label)) in rows.into_iter().enumerate() {
        by_text.entry(hash64(comparison_key(text).as_bytes())).or_default().push(at);
        labels.push(label);
    }
    let mut by_label: BTreeMap<LabelId, Vec<Vec<usize>>> = BTreeMap::new();
    for group in by_text.into_values() {
        by_label.entry(labels[group[0]]).or_default().push(group);
    }
    let mut fold_of = vec![0; labels.len()];
    let mut rows_in_all = vec![0; n_folds];
    for (label, mut groups) in by_label {
        groups.shuffle(&mut seed.child(&label.0.to_string()).rng());
        // Large groups first, so that the small ones even out what they leave.
        groups.sort_by_key(|group| std::cmp::Reverse(group.len()));
        let mut rows_of_label = vec![0; n_folds];
        for group in groups {
            let fold = (0..n_folds).min_by_key(|f| (rows_of_label[*f], rows_in_all[*f]))?;
            rows_of_label[fold] += group.len();
            rows_in_all[fold] += group.len();
            group.into_iter().for_each(|at| fold_of[at] = fold);
        }
    }
    (rows_in_all.iter().filter(|n| **n > 0).count() > 1).then_some(fold_of)
}

//! How much each synthetic row weighs where every parent has one unit to share among its children.

use super::{Context, Example, SyntheticPool, TrainingSet};
use crate::text::{comparison_key, hash64};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Real and kept rows, a unit of synthetic mass for each parent, labels of equal mass.
pub(super) fn by_parent(context: &Context<'_>) -> Option<TrainingSet> {
    let pool = context.pool();
    let mut set = TrainingSet::real_and(pool, SyntheticPool::Kept)?;
    let nearest = nearest_real(context);
    let weights = parent_weights(&pool.kept, |at| nearest.get(&at).copied());
    set.synthetic.iter_mut().zip(weights).for_each(|((_, weight), share)| *weight = share);
    set.balance(pool);
    Some(set)
}

/// A weight for each kept example: every parent shares the mass of one real row among its children.
///
/// An example of several parents takes a fair share of each. One of unknown source counts as a child of `nearest(position)` where
/// that is a real row, else those of equal text share one unit.
fn parent_weights(kept: &[Example<'_>], nearest: impl Fn(usize) -> Option<usize>) -> Vec<f64> {
    let mut families: BTreeMap<Family, f64> = BTreeMap::new();
    let mut members: Vec<Vec<Family>> = Vec::with_capacity(kept.len());
    for (at, example) in kept.iter().enumerate() {
        let of = if !example.parents.is_empty() {
            example.parents.iter().map(|p| Family::Parent(*p)).collect()
        } else if let Some(parent) = nearest(at) {
            vec![Family::Parent(parent)]
        } else {
            vec![Family::Text(hash64(comparison_key(example.text).as_bytes()))]
        };
        for family in &of {
            *families.entry(*family).or_default() += 1.0 / of.len() as f64;
        }
        members.push(of);
    }
    let share = |of: &Vec<Family>| of.iter().map(|family| 1.0 / (of.len() as f64 * families[family])).sum();
    members.iter().map(share).collect()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Family {
    Parent(usize),
    Text(u64),
}

/// Cosine from which a row of unknown source counts as made from its nearest real row.
const CLEAR: f32 = 0.5;

/// For each kept example of unknown source, the nearest real row of its label by cosine in their common features, where it is
/// clearly near; of equals the first.
fn nearest_real(context: &Context<'_>) -> BTreeMap<usize, usize> {
    let pool = context.pool();
    let orphans: Vec<usize> = (0..pool.kept.len()).filter(|at| pool.kept[*at].parents.is_empty()).collect();
    let Some(features) = context.features_with_kept().filter(|_| !orphans.is_empty()) else { return BTreeMap::new() };
    let length = |row: usize| features.row(row).1.iter().map(|v| v * v).sum::<f32>().sqrt();
    let lengths: Vec<f32> = (0..pool.real.len()).map(length).collect();
    // Rows by word, ascending: the products of an example with all rows at once.
    let rows_of = features.transpose();
    let nearest = |dots: &mut Vec<f32>, at: &usize| {
        dots.clear();
        dots.resize(lengths.len(), 0.0);
        let (columns, values) = features.row(pool.real.len() + at);
        for (column, value) in columns.iter().zip(values) {
            let (rows, others) = rows_of.row(*column as usize);
            for (row, other) in rows.iter().zip(others) {
                let Some(dot) = dots.get_mut(*row as usize) else { break };
                *dot += value * other;
            }
        }
        let clear = CLEAR * length(pool.real.len() + at);
        let mut best: Option<(f32, usize)> = None;
        for (row, (dot, length)) in dots.iter().zip(&lengths).enumerate() {
            let near = *dot > 0.0 && *dot >= clear * length && pool.real[row].label == pool.kept[*at].label;
            if near && best.is_none_or(|b| dot / length > b.0) {
                best = Some((dot / length, row));
            }
        }
        best.map(|b| (*at, b.1))
    };
    orphans.par_iter().map_init(Vec::new, nearest).flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::super::example;
    use super::*;

    #[test]
    fn every_parent_shares_one_unit_among_its_children() {
        let kept = [
            example("a", 0, &[0]),
            example("b", 0, &[0]),
            example("c", 0, &[1]),
            example("d", 0, &[0, 1]),
            example("e", 0, &[]),
            example("E!", 0, &[]),
            example("f", 0, &[]),
        ];
        let weights = parent_weights(&kept, |at| (at == 6).then_some(2));
        let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-12, "{weights:?}");
        close(weights[0], 1.0 / 2.5);
        close(weights[2], 1.0 / 1.5);
        close(weights[3], 0.5 / 2.5 + 0.5 / 1.5);
        close(weights[4], 0.5);
        close(weights[6], 1.0);
        close(weights.iter().sum(), 4.0);
    }
}

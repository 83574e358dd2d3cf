//! How much each synthetic row weighs where every parent has one unit to share among its children.

use super::{Context, Example, SyntheticPool, TrainingSet};
use crate::text::{comparison_key, hash64};
use std::collections::BTreeMap;

/// Real and kept rows, a unit of synthetic mass for each parent, labels of equal mass.
pub(super) fn by_parent(context: &Context<'_>) -> Option<TrainingSet> {
    let pool = context.pool();
    let mut set = TrainingSet::real_and(pool, SyntheticPool::Kept)?;
    let weights = parent_weights(&pool.kept, |at| nearest_real(context, at));
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

/// For a kept example, the nearest real row of its label by cosine in their common features, where it is clearly near.
fn nearest_real(context: &Context<'_>, at: usize) -> Option<usize> {
    let pool = context.pool();
    let features = context.features_with_kept()?;
    let own: BTreeMap<u32, f32> = entries(features, pool.real.len() + at).collect();
    let square = |row: usize| entries(features, row).map(|(_, v)| v * v).sum::<f32>();
    let length = square(pool.real.len() + at).sqrt();
    let label = pool.kept[at].label;
    let mut best: Option<(f32, usize)> = None;
    for row in (0..pool.real.len()).filter(|row| pool.real[*row].label == label) {
        let dot: f32 = entries(features, row).filter_map(|(c, v)| Some(v * own.get(&c)?)).sum();
        let cosine = dot / (length * square(row).sqrt());
        if cosine >= CLEAR && best.is_none_or(|b| cosine > b.0) {
            best = Some((cosine, row));
        }
    }
    best.map(|b| b.1)
}

fn entries(features: &crate::learner::Csr, row: usize) -> impl Iterator<Item = (u32, f32)> {
    let (columns, values) = features.row(row);
    columns.iter().copied().zip(values.iter().copied())
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

//! Drawn combinations without forbidden pairs, which keep the share of each value where that can be.

use super::combinations::Combinations;
use rand::RngExt;

/// Exchanges that are tried for each text with a forbidden pair.
const TRIES: usize = 16;
/// Texts that are looked at for one exchange.
const PARTNERS: usize = 256;

/// Takes the forbidden pairs out of `texts`, each a value for each attribute. Two texts exchange a value, which leaves all counts as they
/// are; a text for which no exchange helps gets other values, those that `targets` (texts by attribute and value) lacks most.
pub(super) fn mend(allowed: &Combinations, texts: &mut [Vec<usize>], targets: &[Vec<f64>], rng: &mut impl RngExt) {
    let is_faulty = |values: &Vec<usize>| allowed.n_conflicts(values) > 0;
    let mut open: Vec<usize> = (0..texts.len()).filter(|at| is_faulty(&texts[*at])).collect();
    let mut left = open.len() * TRIES;
    let mut stuck = Vec::new();
    while let Some(at) = open.pop() {
        if !is_faulty(&texts[at]) {
            continue;
        }
        match (left > 0).then(|| exchange(allowed, texts, at, rng)).flatten() {
            Some(partner) => {
                left -= 1;
                open.extend([at, partner]);
            }
            None => stuck.push(at),
        }
    }
    stuck.sort_unstable();
    stuck.dedup();
    if stuck.is_empty() {
        return;
    }
    let mut excess: Vec<Vec<f64>> = targets.iter().map(|of| of.iter().map(|target| -target).collect()).collect();
    for values in texts.iter() {
        values.iter().enumerate().for_each(|(at, value)| excess[at][*value] += 1.0);
    }
    for at in stuck {
        if is_faulty(&texts[at]) {
            texts[at].iter().enumerate().for_each(|(attribute, value)| excess[attribute][*value] -= 1.0);
            texts[at] = replaced(allowed, &texts[at], &excess);
            texts[at].iter().enumerate().for_each(|(attribute, value)| excess[attribute][*value] += 1.0);
        }
    }
}

/// Exchanges one value of the text at `at` with another text so that there are fewer forbidden pairs, else no more, which may open the
/// way for the next exchange. Gives that text; `None` where every exchange adds a pair.
fn exchange(allowed: &Combinations, texts: &mut [Vec<usize>], at: usize, rng: &mut impl RngExt) -> Option<usize> {
    let start = rng.random_range(0..texts.len());
    let mut sideways = None;
    for step in 0..texts.len().min(PARTNERS) {
        let partner = (start + step) % texts.len();
        for attribute in 0..allowed.sizes.len() {
            if partner == at || texts[at][attribute] == texts[partner][attribute] {
                continue;
            }
            let before = allowed.n_conflicts(&texts[at]) + allowed.n_conflicts(&texts[partner]);
            swap(texts, at, partner, attribute);
            let after = allowed.n_conflicts(&texts[at]) + allowed.n_conflicts(&texts[partner]);
            if after < before {
                return Some(partner);
            }
            swap(texts, at, partner, attribute);
            if after == before {
                sideways.get_or_insert((partner, attribute));
            }
        }
    }
    let (partner, attribute) = sideways?;
    swap(texts, at, partner, attribute);
    Some(partner)
}

fn swap(texts: &mut [Vec<usize>], one: usize, other: usize, attribute: usize) {
    let value = texts[one][attribute];
    texts[one][attribute] = texts[other][attribute];
    texts[other][attribute] = value;
}

/// Allowed values for a text: one value changed where that is enough, and those of which there are too few first.
fn replaced(allowed: &Combinations, values: &[usize], excess: &[Vec<f64>]) -> Vec<usize> {
    let mut best: Option<(f64, Vec<usize>)> = None;
    for (attribute, own) in values.iter().enumerate() {
        for value in (0..allowed.sizes[attribute]).filter(|value| value != own) {
            let mut changed = values.to_vec();
            changed[attribute] = value;
            let cost = excess[attribute][value] - excess[attribute][*own];
            if best.as_ref().is_none_or(|(least, _)| cost < *least) && allowed.n_conflicts(&changed) == 0 {
                best = Some((cost, changed));
            }
        }
    }
    if let Some((_, changed)) = best {
        return changed;
    }
    let mut first = values.to_vec();
    let scarce_first = |attribute: usize| {
        let mut order: Vec<usize> = (0..allowed.sizes[attribute]).collect();
        order.sort_by(|a, b| excess[attribute][*a].total_cmp(&excess[attribute][*b]));
        order
    };
    allowed.visit(&scarce_first, &mut |found| {
        first = found.to_vec();
        false
    });
    first
}

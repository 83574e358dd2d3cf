//! Points between neighbours of one label.

use super::repeats::largest;
use super::{Arm, Context, Made, Recipe, TrainingSet};
use crate::catalog::{Entry, Setting, Settings, SettingsError, read};
use crate::learner::Csr;
use crate::rng::Seed;
use rand::RngExt;
use rayon::prelude::*;
use serde::Deserialize;

pub(super) static ENTRY: Entry<dyn Arm> = Entry {
    name: "smote",
    what: "Raises every label to the largest with points drawn between a real row and one of its nearest neighbours of that label, in the learner's features.",
    why: "The best-known free way to make new minority examples; they are points, not texts, so nobody can read or check them.",
    source: "Chawla, Bowyer, Hall and Kegelmeyer, SMOTE: Synthetic Minority Over-sampling Technique, JAIR 16, 2002.",
    settings: &[Setting {
        name: "k",
        default: "5",
        why: "Nearest neighbours to draw from, at least 1; 5 as in the paper. A label of fewer rows uses all its others.",
    }],
    make,
};

#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Smote {
    k: usize,
}

impl Default for Smote {
    fn default() -> Self {
        Smote { k: 5 }
    }
}

fn make(settings: &Settings) -> Result<Box<dyn Arm>, SettingsError> {
    let smote: Smote = read(ENTRY.name, settings)?;
    if smote.k == 0 {
        return Err(SettingsError::BadValue { item: ENTRY.name, message: "k takes a whole number from 1".to_owned() });
    }
    Ok(Box::new(smote))
}

impl Arm for Smote {
    fn make(&self, context: &Context<'_>, seed: Seed) -> Option<Made> {
        let pool = context.pool();
        let targets = largest(pool);
        let mut set = TrainingSet::real_once(pool);
        for (label, rows) in pool.real_by_label().into_iter().enumerate() {
            let missing = targets[label] - rows.len();
            if rows.len() < 2 {
                // No neighbour to go towards.
                rows.iter().for_each(|at| set.real.extend(std::iter::repeat_n((*at, 1.0), missing)));
                continue;
            }
            let mut rng = seed.child(&label.to_string()).rng();
            let draws: Vec<(usize, f64, f32)> = (0..missing)
                .map(|_| (rng.random_range(0..rows.len()), rng.random::<f64>(), rng.random::<f32>()))
                .collect();
            let mut wanted = vec![false; rows.len()];
            draws.iter().for_each(|(base, ..)| wanted[*base] = true);
            let neighbours = nearest(context.features(), &rows, &wanted, self.k);
            set.between.extend(draws.into_iter().map(|(base, which, share)| {
                let near = &neighbours[base];
                let which = ((which * near.len() as f64) as usize).min(near.len() - 1);
                (rows[base], rows[near[which] as usize], share)
            }));
        }
        Some(Made::Recipe(Recipe::of(set)))
    }
}

/// For each wanted row of `rows` (two or more) the positions in `rows` of its `k` nearest others by Euclidean distance, nearest
/// first, of equals the earlier; empty for the others. Exact: dot products over an inverted index, as texts share few columns.
fn nearest(features: &Csr, rows: &[usize], wanted: &[bool], k: usize) -> Vec<Vec<u32>> {
    let entries = |at: usize| {
        let (columns, values) = features.row(at);
        columns.iter().map(|c| *c as usize).zip(values.iter().copied())
    };
    let mut starts = vec![0; features.n_columns + 1];
    rows.iter().for_each(|at| entries(*at).for_each(|(column, _)| starts[column + 1] += 1));
    (0..features.n_columns).for_each(|column| starts[column + 1] += starts[column]);
    let mut next = starts.clone();
    let mut postings = vec![(0_u32, 0_f32); starts[features.n_columns]];
    for (row, at) in rows.iter().enumerate() {
        entries(*at).for_each(|(column, value)| {
            postings[next[column]] = (row as u32, value);
            next[column] += 1;
        });
    }
    // Folded from 0, as the sum of no values is −0, which would break ties.
    let squares: Vec<f32> = rows.iter().map(|at| entries(*at).fold(0.0, |sum, (_, v)| sum + v * v)).collect();

    let of_row = |dots: &mut Vec<f32>, row: usize| {
        if !wanted[row] {
            return Vec::new();
        }
        dots.clear();
        dots.resize(rows.len(), 0.0);
        for (column, value) in entries(rows[row]) {
            for (other, theirs) in &postings[starts[column]..starts[column + 1]] {
                dots[*other as usize] += value * theirs;
            }
        }
        // Its own square is the same for all, so it is left out of the distance.
        let mut others: Vec<(f32, u32)> =
            (0..rows.len()).filter(|o| *o != row).map(|o| (squares[o] - 2.0 * dots[o], o as u32)).collect();
        let by_distance = |a: &(f32, u32), b: &(f32, u32)| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1));
        if others.len() > k {
            others.select_nth_unstable_by(k - 1, by_distance);
            others.truncate(k);
        }
        others.sort_unstable_by(by_distance);
        others.into_iter().map(|(_, o)| o).collect()
    };
    (0..rows.len()).into_par_iter().map_init(Vec::new, of_row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn csr(rows: &[Vec<f32>]) -> Csr {
        let mut csr = Csr::empty(4);
        for row in rows {
            let stored = row.iter().enumerate().filter(|(_, value)| **value != 0.0);
            csr.push_row(stored.map(|(column, value)| (column as u32, *value)));
        }
        csr
    }

    proptest! {
        #[test]
        fn finds_what_comparing_every_pair_finds(
            // Small whole numbers: sums are exact, so ties are ties in both.
            dense in proptest::collection::vec(proptest::collection::vec((-2i8..3).prop_map(f32::from), 4), 2..20),
            k in 1usize..6,
        ) {
            let rows: Vec<usize> = (0..dense.len()).collect();
            let found = nearest(&csr(&dense), &rows, &vec![true; rows.len()], k);
            for (at, near) in found.iter().enumerate() {
                let distance = |o: usize| dense[at].iter().zip(&dense[o]).map(|(a, b)| (a - b) * (a - b)).sum::<f32>();
                let mut others: Vec<usize> = rows.iter().copied().filter(|o| *o != at).collect();
                others.sort_by(|a, b| distance(*a).total_cmp(&distance(*b)).then(a.cmp(b)));
                others.truncate(k);
                let near: Vec<usize> = near.iter().map(|o| *o as usize).collect();
                prop_assert_eq!(near, others);
            }
        }
    }

    #[test]
    fn refuses_no_neighbours() {
        let settings = Settings::from_iter([("k".to_owned(), 0.into())]);
        assert!(matches!(make(&settings), Err(SettingsError::BadValue { .. })));
    }
}

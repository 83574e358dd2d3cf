//! Groups of rows that point the same way.

use super::FEWEST_ROWS;
use crate::learner::Csr;
use crate::rng::Seed;
use rand::RngExt;

/// Beginnings that are tried; the best end counts.
const STARTS: usize = 8;
/// Passes over the rows, at most.
const PASSES: usize = 50;

/// The rows of each of at most `most` groups, each of at least [`FEWEST_ROWS`]. Rows without a word are in none.
pub(super) fn group(rows: &Csr, n_words: usize, most: usize, seed: Seed) -> Vec<Vec<usize>> {
    let mut best: Option<(f64, Vec<Option<usize>>)> = None;
    for start in 0..STARTS {
        let mut centres = begin(rows, n_words, most, &mut seed.child(&format!("start/{start}")).rng());
        let mut end = assign(rows, &centres);
        for _ in 0..PASSES {
            centres = middle(rows, n_words, &end.1, centres.len());
            let next = assign(rows, &centres);
            let is_settled = next.1 == end.1;
            end = next;
            if is_settled {
                break;
            }
        }
        if best.as_ref().is_none_or(|(score, _)| end.0 > *score) {
            best = Some(end);
        }
    }
    let assigned = best.map(|(_, assigned)| assigned).unwrap_or_default();
    let members = |group| (0..rows.n_rows()).filter(|row| assigned[*row] == Some(group)).collect::<Vec<_>>();
    (0..most).map(members).filter(|rows| rows.len() >= FEWEST_ROWS).collect()
}

/// Rows as first centres: each next one is the likelier the less it is like those before.
///
/// # Source
/// Arthur and Vassilvitskii, "k-means++: The Advantages of Careful Seeding", SODA 2007.
fn begin(rows: &Csr, n_words: usize, n: usize, rng: &mut impl RngExt) -> Vec<Vec<f32>> {
    let mut apart: Vec<f64> =
        (0..rows.n_rows()).map(|row| if rows.row(row).0.is_empty() { 0.0 } else { 1.0 }).collect();
    let mut centres = Vec::with_capacity(n);
    while centres.len() < n {
        let sum: f64 = apart.iter().sum();
        if sum <= 0.0 {
            break;
        }
        let mut left = rng.random::<f64>() * sum;
        let drawn = apart.iter().position(|apart| {
            left -= apart;
            left < 0.0 && *apart > 0.0
        });
        let drawn = drawn.or_else(|| apart.iter().rposition(|apart| *apart > 0.0)).unwrap_or(0);
        let mut centre = vec![0.0; n_words];
        add(rows, drawn, &mut centre);
        for (row, apart) in apart.iter_mut().enumerate() {
            *apart = apart.min(1.0 - likeness(rows, row, &centre)).max(0.0);
        }
        centres.push(centre);
    }
    centres
}

/// The nearest centre of each row, and how near all are together.
fn assign(rows: &Csr, centres: &[Vec<f32>]) -> (f64, Vec<Option<usize>>) {
    let mut score = 0.0;
    let nearest = |row: usize| {
        let (mut best, mut at) = (0.0, None);
        for (group, centre) in centres.iter().enumerate() {
            let likeness = likeness(rows, row, centre);
            if likeness > best {
                (best, at) = (likeness, Some(group));
            }
        }
        score += best;
        at
    };
    let assigned = (0..rows.n_rows()).map(nearest).collect();
    (score, assigned)
}

/// The mean direction of each group.
pub(super) fn middle(rows: &Csr, n_words: usize, assigned: &[Option<usize>], n: usize) -> Vec<Vec<f32>> {
    let mut centres = vec![vec![0.0; n_words]; n];
    for (row, group) in assigned.iter().enumerate() {
        if let Some(group) = group {
            add(rows, row, &mut centres[*group]);
        }
    }
    for centre in &mut centres {
        let length = centre.iter().map(|x| f64::from(*x) * f64::from(*x)).sum::<f64>().sqrt() as f32;
        if length > 0.0 {
            centre.iter_mut().for_each(|x| *x /= length);
        }
    }
    centres
}

fn add(rows: &Csr, row: usize, centre: &mut [f32]) {
    let (columns, values) = rows.row(row);
    columns.iter().zip(values).for_each(|(column, value)| centre[*column as usize] += value);
}

fn likeness(rows: &Csr, row: usize, centre: &[f32]) -> f64 {
    let (columns, values) = rows.row(row);
    columns.iter().zip(values).map(|(column, value)| f64::from(*value) * f64::from(centre[*column as usize])).sum()
}

//! The nearest rows of the same label, exactly, over sparse features.

use crate::learner::Csr;
use crate::rng::Seed;
use rand::seq::SliceRandom;
use rayon::prelude::*;

/// Up to this many rows, each row of a label is compared with every other. The time grows with the square of the rows.
pub(super) const ALL_COMPARED: usize = 50_000;
/// Beyond [`ALL_COMPARED`], each row is compared with this many rows of its label, drawn at random, so that the time grows with the rows alone.
pub(super) const SAMPLED: usize = 20_000;

/// Positions, ascending, of the rows of a label of `n_rows` that the others are compared with: all of them, or a sample of
/// [`SAMPLED`] where there are more than [`ALL_COMPARED`].
pub(super) fn partners(n_rows: usize, seed: Seed) -> Vec<usize> {
    let mut rows: Vec<usize> = (0..n_rows).collect();
    if n_rows > ALL_COMPARED {
        rows.shuffle(&mut seed.rng());
        rows.truncate(SAMPLED);
        rows.sort_unstable();
    }
    rows
}

/// For each wanted row of `rows` the positions in `rows` of its `k` nearest others among `partners` (two or more positions in
/// `rows`, ascending) by Euclidean distance, nearest first, of equals the earlier; empty for the rows that are not wanted.
pub(super) fn nearest(features: &Csr, rows: &[usize], partners: &[usize], wanted: &[bool], k: usize) -> Vec<Vec<u32>> {
    let index = Index::of(features, partners.iter().map(|partner| rows[*partner]).collect());
    let of_row = |room: &mut Room, row: usize| {
        if !wanted[row] {
            return Vec::new();
        }
        let own = partners.binary_search(&row).ok();
        let near = index.nearest(rows[row], own, k, room);
        near.iter().map(|(_, partner)| partners[*partner as usize] as u32).collect()
    };
    (0..rows.len()).into_par_iter().map_init(Room::default, of_row).collect()
}

/// Features by column: texts share few columns, so this finds all dot products with a row in few steps.
struct Index<'a> {
    features: &'a Csr,
    /// Where the postings of each column start, and where the last ones end.
    starts: Vec<usize>,
    /// Position among the indexed rows, and the value there.
    postings: Vec<(u32, f32)>,
    squares: Vec<f32>,
}

/// What one thread writes its comparisons into, again and again.
#[derive(Default)]
struct Room {
    dots: Vec<f32>,
    others: Vec<(f32, u32)>,
}

fn entries(features: &Csr, row: usize) -> impl Iterator<Item = (usize, f32)> {
    let (columns, values) = features.row(row);
    columns.iter().map(|column| *column as usize).zip(values.iter().copied())
}

impl<'a> Index<'a> {
    fn of(features: &'a Csr, rows: Vec<usize>) -> Self {
        let mut starts = vec![0; features.n_columns + 1];
        rows.iter().for_each(|row| entries(features, *row).for_each(|(column, _)| starts[column + 1] += 1));
        (0..features.n_columns).for_each(|column| starts[column + 1] += starts[column]);
        let mut next = starts.clone();
        let mut postings = vec![(0_u32, 0_f32); starts[features.n_columns]];
        for (at, row) in rows.iter().enumerate() {
            entries(features, *row).for_each(|(column, value)| {
                postings[next[column]] = (at as u32, value);
                next[column] += 1;
            });
        }
        // Folded from 0, as the sum of no values is −0, which would break ties.
        let squares = rows.iter().map(|row| entries(features, *row).fold(0.0, |sum, (_, v)| sum + v * v)).collect();
        Index { features, starts, postings, squares }
    }

    /// The `k` indexed rows that are nearest to `row`, without the one at position `own`, with their distances as far as they differ.
    fn nearest<'r>(&self, row: usize, own: Option<usize>, k: usize, room: &'r mut Room) -> &'r [(f32, u32)] {
        let Room { dots, others } = room;
        dots.clear();
        dots.resize(self.squares.len(), 0.0);
        for (column, value) in entries(self.features, row) {
            for (other, theirs) in &self.postings[self.starts[column]..self.starts[column + 1]] {
                dots[*other as usize] += value * theirs;
            }
        }
        // The square of `row` itself is the same for all, so it is left out of the distance.
        let distance = |other: usize| (self.squares[other] - 2.0 * dots[other], other as u32);
        others.clear();
        others.extend((0..dots.len()).filter(|other| Some(*other) != own).map(distance));
        let by_distance = |a: &(f32, u32), b: &(f32, u32)| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1));
        if others.len() > k {
            others.select_nth_unstable_by(k - 1, by_distance);
            others.truncate(k);
        }
        others.sort_unstable_by(by_distance);
        others
    }
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
        fn finds_what_comparing_with_every_partner_finds(
            // Small whole numbers: sums are exact, so ties are ties in both.
            dense in proptest::collection::vec(proptest::collection::vec((-2i8..3).prop_map(f32::from), 4), 2..20),
            k in 1usize..6,
            every in 1usize..3,
        ) {
            let rows: Vec<usize> = (0..dense.len()).collect();
            let partners: Vec<usize> = (0..dense.len()).step_by(if dense.len() < 4 { 1 } else { every }).collect();
            let found = nearest(&csr(&dense), &rows, &partners, &vec![true; rows.len()], k);
            for (at, near) in found.iter().enumerate() {
                let distance = |o: usize| dense[at].iter().zip(&dense[o]).map(|(a, b)| (a - b) * (a - b)).sum::<f32>();
                let mut others: Vec<usize> = partners.iter().copied().filter(|o| *o != at).collect();
                others.sort_by(|a, b| distance(*a).total_cmp(&distance(*b)).then(a.cmp(b)));
                others.truncate(k);
                let near: Vec<usize> = near.iter().map(|o| *o as usize).collect();
                prop_assert_eq!(near, others);
            }
        }
    }

    #[test]
    fn a_list_of_neighbours_holds_no_room_for_the_other_rows() {
        let dense: Vec<Vec<f32>> = (0..1000).map(|row| vec![row as f32, 1.0, 0.0, 0.0]).collect();
        let rows: Vec<usize> = (0..dense.len()).collect();
        for near in nearest(&csr(&dense), &rows, &rows, &vec![true; rows.len()], 5) {
            assert_eq!(near.len(), 5);
            assert!(near.capacity() < 16, "room for {} neighbours", near.capacity());
        }
    }

    #[test]
    fn a_large_label_is_compared_with_a_sample() {
        assert_eq!(partners(ALL_COMPARED, Seed::new(1)).len(), ALL_COMPARED);
        let drawn = partners(ALL_COMPARED + 1, Seed::new(1));
        assert_eq!(drawn.len(), SAMPLED);
        assert!(drawn.is_sorted_by(|a, b| a < b) && drawn.iter().all(|row| *row <= ALL_COMPARED));
        assert_eq!(drawn, partners(ALL_COMPARED + 1, Seed::new(1)));
        assert_ne!(drawn, partners(ALL_COMPARED + 1, Seed::new(2)));
    }
}

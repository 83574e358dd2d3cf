//! One set of resamples for every figure: arms are compared on the same draws.

use crate::rng::Seed;
use rand::Rng;
use rayon::prelude::*;

/// How many resamples a reported interval takes: the ends of a 95 % interval then rest on the 50 outermost draws of each side.
pub const RESAMPLES: usize = 2_000;

/// Bootstrap resamples of rows, drawn within strata: every resample has as many rows of each stratum as the data.
///
/// Strata are the true labels. A rare label keeps its support in every resample, so its figures never vanish from some of them
/// (drawn without strata, a label with 3 rows is absent from 5 % of the resamples and its F1 undefined there), and recall varies
/// as it does given the support. The price: shares of labels count as fixed, so the spread of accuracy and precision leaves out
/// that another test set would have other shares. For a split that was itself stratified that is what happened.
///
/// The draws of a resample depend on the seed and its index alone, so results are the same for any number of threads.
///
/// # Source
/// Davison and Hinkley, *Bootstrap Methods and their Application* (1997), section 3.2 (several samples); stratified draws are
/// also the default of pROC (Robin et al., 2011).
///
/// ```
/// use equipoise_core::{rng::Seed, stats::Resamples};
/// let resamples = Resamples::new([0, 0, 1], 100, Seed::new(7));
/// let drawn = resamples.map(|rows| rows.to_vec());
/// assert!(drawn.iter().all(|rows| rows.len() == 3 && rows[2] == 2)); // row 2 is alone in its stratum
/// ```
#[derive(Debug, Clone)]
pub struct Resamples {
    /// Rows, grouped by stratum.
    rows: Vec<u32>,
    /// End of each stratum in `rows`.
    ends: Vec<usize>,
    n_resamples: usize,
    seed: Seed,
}

impl Resamples {
    /// Resamples of the rows whose strata are given in the order of rows.
    pub fn new(strata: impl IntoIterator<Item = usize>, n_resamples: usize, seed: Seed) -> Self {
        let mut keyed: Vec<(usize, u32)> = strata.into_iter().zip(0..).collect();
        keyed.sort_unstable();
        let ends = keyed.chunk_by(|a, b| a.0 == b.0).scan(0, |end, group| {
            *end += group.len();
            Some(*end)
        });
        Resamples { ends: ends.collect(), rows: keyed.iter().map(|k| k.1).collect(), n_resamples, seed }
    }

    /// How many rows a resample has.
    pub fn n_rows(&self) -> usize {
        self.rows.len()
    }

    /// How many resamples there are.
    pub fn n_resamples(&self) -> usize {
        self.n_resamples
    }

    /// What `f` makes of each resample, in order. It gets the positions of the drawn rows, stratum by stratum.
    pub fn map<T: Send>(&self, f: impl Fn(&[u32]) -> T + Sync) -> Vec<T> {
        let draw = |drawn: &mut Vec<u32>, i: usize| {
            drawn.clear();
            self.draw(i, drawn);
            f(drawn)
        };
        (0..self.n_resamples).into_par_iter().map_init(|| Vec::with_capacity(self.rows.len()), draw).collect()
    }

    /// What `f` makes of each resample of rows and of repeats, in order: it gets the drawn rows and as many draws of 0..`n_repeats`.
    ///
    /// For an arm that was trained `n_repeats` times on samples of the training rows and judged on the same held-out rows each time.
    /// Rows and repeats are drawn apart, since both are a sample: the mean over the drawn repeats of a figure on the drawn rows varies
    /// as it would with other training sets and another test set. Two arms are paired by taking both from one call.
    ///
    /// # Source
    /// Owen, "The Pigeonhole Bootstrap" (2007): resampling rows and columns of a table apart is slightly wide, never short.
    pub fn map_repeats<T: Send>(&self, n_repeats: usize, f: impl Fn(&[u32], &[u32]) -> T + Sync) -> Vec<T> {
        let draw = |drawn: &mut (Vec<u32>, Vec<u32>), i: usize| {
            let (rows, repeats) = drawn;
            rows.clear();
            repeats.clear();
            self.draw(i, rows);
            let mut rng = self.seed.child("repeats").child(&i.to_string()).rng();
            repeats.extend((0..n_repeats).map(|_| ((u64::from(rng.next_u32()) * n_repeats as u64) >> 32) as u32));
            f(rows, repeats)
        };
        (0..self.n_resamples).into_par_iter().map_init(Default::default, draw).collect()
    }

    fn draw(&self, resample: usize, drawn: &mut Vec<u32>) {
        let mut rng = self.seed.child(&resample.to_string()).rng();
        let mut start = 0;
        for &end in &self.ends {
            let stratum = &self.rows[start..end];
            // Scaling 32 bits instead of `random_range`: its algorithm may change with the crate's version, the figures may not.
            // The bias is below n / 2^32.
            drawn.extend(
                stratum.iter().map(|_| stratum[((u64::from(rng.next_u32()) * stratum.len() as u64) >> 32) as usize]),
            );
            start = end;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on_threads<T: Send>(n: usize, f: impl Fn() -> T + Send + Sync) -> T {
        rayon::ThreadPoolBuilder::new().num_threads(n).build().unwrap().install(f)
    }

    #[test]
    fn draws_the_same_rows_for_any_number_of_threads() {
        let resamples = Resamples::new((0..97).map(|i| i % 3), 64, Seed::new(1));
        let rows = || resamples.map(|rows| rows.to_vec());
        assert_eq!(on_threads(1, rows), on_threads(2, rows));
        let other = Resamples::new((0..97).map(|i| i % 3), 64, Seed::new(2));
        assert_ne!(other.map(|rows| rows.to_vec()), rows());
    }

    #[test]
    fn keeps_the_size_of_every_stratum_and_draws_each_row_equally_often() {
        let resamples = Resamples::new((0..20).map(|i| usize::from(i >= 5)), 4_000, Seed::new(3));
        let mut times = [0_u32; 20];
        for rows in resamples.map(|rows| rows.to_vec()) {
            assert_eq!(rows.iter().filter(|r| **r < 5).count(), 5);
            rows.iter().for_each(|r| times[*r as usize] += 1);
        }
        // Each row is drawn once a resample on average; 4,000 ± 5 standard deviations of about 60.
        assert!(times.iter().all(|n| n.abs_diff(4_000) < 320), "{times:?}");
    }

    #[test]
    fn draws_repeats_apart_from_the_rows_of_the_same_resample() {
        let resamples = Resamples::new((0..20).map(|_| 0), 2_000, Seed::new(3));
        let both = resamples.map_repeats(5, |rows, repeats| (rows.to_vec(), repeats.to_vec()));
        let rows: Vec<Vec<u32>> = both.iter().map(|b| b.0.clone()).collect();
        assert_eq!(rows, resamples.map(|rows| rows.to_vec()));
        let mut times = [0_u32; 5];
        both.iter().flat_map(|b| &b.1).for_each(|r| times[*r as usize] += 1);
        assert!(times.iter().all(|n| n.abs_diff(2_000) < 225), "{times:?}");
    }

    #[test]
    fn takes_no_rows() {
        assert_eq!(Resamples::new([], 3, Seed::new(1)).map(<[u32]>::len), [0, 0, 0]);
    }
}

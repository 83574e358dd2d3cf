//! A fixed number of bytes for a set of grams, from which it shows which sets may be similar.

use super::Grams;

/// Keys of a sketch.
pub(super) const BANDS: usize = 32;
/// Minima that make up a key.
const ROWS: usize = 3;
/// Minima of a set.
const MINIMA: usize = BANDS * ROWS;

/// 32 keys of 32 bits. Sets of Jaccard similarity s agree in a key with probability s³, and nearly independently in each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sketch([u32; BANDS]);

impl Sketch {
    /// The sketch of a set; equal sets have equal sketches.
    pub fn new(grams: &Grams) -> Self {
        let minima = minima(grams.hashes());
        Sketch(std::array::from_fn(|band| {
            let rows = &minima[band * ROWS..(band + 1) * ROWS];
            rows.iter().fold(0x811C_9DC5, |h: u32, r| (h ^ r).wrapping_mul(0x9E37_79B1).rotate_left(13))
        }))
    }

    /// The key of a band, below `BANDS`.
    pub fn key(&self, band: usize) -> u32 {
        self.0[band]
    }
}

/// One minimum for each of the places, by fast similarity sketching (Dahlgaard, Knudsen and Thorup 2017): in each round every gram
/// falls on a place at random, and a place keeps the least of what falls on it in the first round that reaches it. It takes about
/// 450 steps whatever the size of the set; a minimum of every gram for every place (Broder 1997) takes 96 for each gram.
fn minima(grams: &[u32]) -> [u32; MINIMA] {
    /// Bits of a value that tell grams of one round apart.
    const VALUE: u32 = 24;
    let mut minima = [u32::MAX; MINIMA];
    let mut n_empty = if grams.is_empty() { 0 } else { MINIMA };
    for round in 0..2 * MINIMA as u32 {
        if n_empty == 0 {
            break;
        }
        for gram in grams {
            let h = mixed(*gram, round);
            let drawn = (((h >> 32) * MINIMA as u64) >> 32) as usize;
            // From here on every round has its own place, so that the last one is reached for certain.
            let place = if round < MINIMA as u32 { drawn } else { round as usize - MINIMA };
            let value = round << VALUE | (h as u32) >> (32 - VALUE);
            n_empty -= usize::from(minima[place] == u32::MAX);
            minima[place] = minima[place].min(value);
        }
    }
    minima
}

/// SplitMix64 of the gram and the round.
fn mixed(gram: u32, round: u32) -> u64 {
    let mut h = (u64::from(round) << 32 | u64::from(gram)).wrapping_add(0x9E37_79B9_7F4A_7C15);
    h = (h ^ (h >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    h = (h ^ (h >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    h ^ (h >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::hash64;

    fn set(round: u64, range: std::ops::Range<u64>) -> Grams {
        let mut hashes: Vec<u32> = range.map(|i| hash64(&(1_000_000 * round + i).to_le_bytes()) as u32).collect();
        hashes.sort_unstable();
        hashes.dedup();
        Grams::from_hashes(hashes)
    }

    #[test]
    fn equal_minima_estimate_the_similarity_without_bias() {
        for (n, both) in [(100u64, 60u64), (20, 14), (400, 300)] {
            let truth = both as f64 / (2 * n - both) as f64;
            let estimate = |round| {
                let (a, b) = (minima(set(round, 0..n).hashes()), minima(set(round, n - both..2 * n - both).hashes()));
                a.iter().zip(&b).filter(|(x, y)| x == y).count() as f64 / MINIMA as f64
            };
            let estimates: Vec<f64> = (0..200).map(estimate).collect();
            let mean = estimates.iter().sum::<f64>() / 200.0;
            let sd = (estimates.iter().map(|e| (e - mean).powi(2)).sum::<f64>() / 199.0).sqrt();
            // Independent minima: √(s(1 − s)/96), 0.05 at most; the mean of 200 then has a standard error of 0.0036.
            assert!((mean - truth).abs() < 0.012, "{n}: {mean} for {truth}");
            assert!(sd < 0.06, "{n}: spread {sd}");
        }
    }

    #[test]
    fn every_place_of_a_set_that_is_not_empty_is_filled() {
        assert!(minima(set(1, 0..1).hashes()).iter().all(|m| *m != u32::MAX));
        assert!(minima(&[]).iter().all(|m| *m == u32::MAX));
    }
}

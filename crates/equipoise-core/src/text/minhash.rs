//! MinHash signatures and locality-sensitive hashing: near-duplicates without comparing every pair.

use std::collections::HashMap;

/// Permutations of a signature.
const PERMUTATIONS: usize = 64;
/// Bands of a signature; two texts meet in one where all its `ROWS` agree.
pub const BANDS: usize = 16;
const ROWS: usize = PERMUTATIONS / BANDS;

/// A MinHash signature (Broder 1997): 64 minima, of which the share in common estimates the Jaccard similarity of the shingle sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MinHash([u32; PERMUTATIONS]);

impl MinHash {
    /// The signature of a set of shingle hashes (see [`super::shingles`]).
    pub fn new(shingles: &[u64]) -> Self {
        let mut minima = [u32::MAX; PERMUTATIONS];
        for &shingle in shingles {
            for (i, minimum) in minima.iter_mut().enumerate() {
                *minimum = (*minimum).min(permuted(shingle, i as u64));
            }
        }
        MinHash(minima)
    }

    /// One key for each band; two texts of Jaccard similarity s share at least one with probability 1 − (1 − s⁴)¹⁶.
    pub fn band_keys(&self) -> [u32; BANDS] {
        std::array::from_fn(|band| {
            let rows = &self.0[band * ROWS..(band + 1) * ROWS];
            rows.iter().fold(0x811C_9DC5 ^ band as u32, |h, r| (h ^ r).wrapping_mul(0x0100_0193).rotate_left(5))
        })
    }
}

/// The place of `shingle` in the `i`-th permutation: the finaliser of SplitMix64 over the shingle and a constant of its own, so
/// that no two permutations are related.
fn permuted(shingle: u64, i: u64) -> u32 {
    let mut h = shingle ^ (i + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    h = (h ^ (h >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    h = (h ^ (h >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    (h >> 32) as u32
}

/// An index of texts in which near-duplicates are found by exact Jaccard similarity among the members of shared bands.
///
/// An equal set of shingles is always found. In a bucket only the first 256 texts are compared: where more share a band, they
/// are mostly near each other, so one of these is as near as any.
#[derive(Debug, Default)]
pub struct NearIndex {
    /// First and last member of each bucket; the members between are linked in `next`.
    buckets: HashMap<(u8, u32), (u32, u32)>,
    next: Vec<[u32; BANDS]>,
    shingles: Vec<Vec<u64>>,
    /// The first text with exactly these shingles, by their hash.
    equal: HashMap<u64, u32>,
}

/// Members of a bucket that are compared.
const BUCKET_LIMIT: usize = 256;
/// The end of a bucket's list.
const END: u32 = u32::MAX;

impl NearIndex {
    /// Adds a text by its shingles and returns its position in the index, from 0.
    pub fn insert(&mut self, shingles: Vec<u64>) -> usize {
        let at = self.shingles.len() as u32;
        self.next.push([END; BANDS]);
        for (band, key) in MinHash::new(&shingles).band_keys().into_iter().enumerate() {
            let (_, last) = self.buckets.entry((band as u8, key)).or_insert((at, at));
            let before = std::mem::replace(last, at);
            if before != at {
                self.next[before as usize][band] = at;
            }
        }
        self.equal.entry(hash_of(&shingles)).or_insert(at);
        self.shingles.push(shingles);
        at as usize
    }

    /// The indexed text nearest to `shingles`: its position and exact Jaccard similarity in 0..=1; none where no band is shared.
    /// Of equally near texts the first inserted wins.
    pub fn nearest(&self, shingles: &[u64]) -> Option<(usize, f64)> {
        self.near(shingles).into_iter().max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))
    }

    /// All indexed texts that share a band with `shingles`, each with its exact Jaccard similarity, by position.
    pub fn near(&self, shingles: &[u64]) -> Vec<(usize, f64)> {
        let mut found: Vec<u32> = self.equal.get(&hash_of(shingles)).copied().into_iter().collect();
        for (band, key) in MinHash::new(shingles).band_keys().into_iter().enumerate() {
            let first = self.buckets.get(&(band as u8, key)).map(|(first, _)| *first);
            let after = |at: &u32| Some(self.next[*at as usize][band]).filter(|next| *next != END);
            found.extend(std::iter::successors(first, after).take(BUCKET_LIMIT));
        }
        found.sort_unstable();
        found.dedup();
        found.into_iter().map(|at| (at as usize, jaccard(&self.shingles[at as usize], shingles))).collect()
    }
}

fn hash_of(shingles: &[u64]) -> u64 {
    shingles.iter().fold(shingles.len() as u64, |h, s| (h ^ s).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29))
}

/// Jaccard similarity, in 0..=1, of two ascending sets without repeats; 1 for two empty ones.
pub fn jaccard(a: &[u64], b: &[u64]) -> f64 {
    let (mut i, mut j, mut both) = (0, 0, 0usize);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                both += 1;
                i += 1;
                j += 1;
            }
        }
    }
    let union = a.len() + b.len() - both;
    if union == 0 { 1.0 } else { both as f64 / union as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{comparison_key, shingles};

    #[test]
    fn finds_a_text_with_one_word_changed_among_many() {
        let mut index = NearIndex::default();
        for i in 0..500 {
            let text = format!(
                "message {i} about the {} parcel that never came to house {} in street {}",
                i * 7,
                i * 3,
                i * 11
            );
            index.insert(shingles(&comparison_key(&text), 3));
        }
        let wanted =
            shingles(&comparison_key("Message 77 about the 539 parcel that never came to house 231 in lane 847"), 3);
        let (at, similarity) = index.nearest(&wanted).expect("a near text stands in the index");
        assert_eq!(at, 77);
        assert!(similarity > 0.6, "{similarity}");
    }

    /// 30 words drawn from 3,000 by a fixed sequence.
    fn random_text(seed: u64) -> Vec<String> {
        (0..30)
            .map(|i| format!("w{}", crate::text::hash64(&[seed.to_le_bytes(), u64::to_le_bytes(i)].concat()) % 3_000))
            .collect()
    }

    #[test]
    fn finds_planted_near_copies_and_compares_few_texts() {
        const N: u64 = 3_000;
        let of = |words: &[String]| shingles(&words.join(" "), 3);
        let mut index = NearIndex::default();
        for i in 0..N {
            index.insert(of(&random_text(i)));
        }
        let (mut n_found, mut n_compared) = (0, 0);
        for i in 0..N {
            let mut copy = random_text(i);
            copy[28] = "changed".to_owned();
            copy[29] = "end".to_owned();
            let near = index.near(&of(&copy));
            n_compared += near.len();
            let own = near.iter().find(|(at, _)| *at as u64 == i);
            n_found += usize::from(own.is_some_and(|(_, s)| (s - 26.0 / 30.0).abs() < 0.02));
        }
        assert!(n_found as f64 >= 0.99 * N as f64, "{n_found} of {N} at similarity 0.87");
        assert!((n_compared as f64) < 1.1 * N as f64, "{n_compared} compared");
    }

    #[test]
    fn an_equal_text_is_found_behind_any_number_of_similar_ones() {
        let text = |i: usize| {
            shingles(&format!("the same long text about a thing that everybody sends again and again number {i}"), 3)
        };
        let mut index = NearIndex::default();
        for i in 0..2_000 {
            index.insert(text(i));
        }
        assert_eq!(index.nearest(&text(1_999)), Some((1_999, 1.0)));
        assert_eq!(index.nearest(&[]), None);
        index.insert(Vec::new());
        assert_eq!(index.nearest(&[]), Some((2_000, 1.0)));
    }

    #[test]
    fn share_of_equal_minima_estimates_the_similarity_without_bias() {
        // 300 of 500 shingles in common; the mean of 40 estimates has a standard error of 0.061 / √40 = 0.0097.
        let estimate = |round: u64| {
            let of = |i: u64| crate::text::hash64(&(1_000 * round + i).to_le_bytes());
            let (x, y) = (
                MinHash::new(&(0..400).map(of).collect::<Vec<_>>()),
                MinHash::new(&(100..500).map(of).collect::<Vec<_>>()),
            );
            x.0.iter().zip(&y.0).filter(|(p, q)| p == q).count() as f64 / PERMUTATIONS as f64
        };
        let estimates: Vec<f64> = (0..40).map(estimate).collect();
        let mean = estimates.iter().sum::<f64>() / 40.0;
        let sd = (estimates.iter().map(|e| (e - mean).powi(2)).sum::<f64>() / 39.0).sqrt();
        assert!((mean - 0.6).abs() < 0.03, "{mean}");
        assert!(sd < 0.09, "spread {sd}; independent permutations give 0.061");
    }
}

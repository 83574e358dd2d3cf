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
                // Multiply-shift with odd constants from a fixed Weyl sequence: one universal hash a permutation.
                let a = (0x9E37_79B9_7F4A_7C15u64.wrapping_mul(2 * i as u64 + 1)) | 1;
                let h = (shingle ^ (shingle >> 29)).wrapping_mul(a);
                *minimum = (*minimum).min((h ^ (h >> 31)).wrapping_mul(0xBF58_476D_1CE4_E5B9).wrapping_shr(32) as u32);
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

/// An index of texts in which near-duplicates are found by exact Jaccard similarity among the members of shared bands.
#[derive(Debug, Default)]
pub struct NearIndex {
    buckets: HashMap<(u8, u32), Vec<u32>>,
    shingles: Vec<Vec<u64>>,
}

/// Members of a bucket that are compared before it counts as too common to tell anything.
const BUCKET_LIMIT: usize = 256;

impl NearIndex {
    /// Adds a text by its shingles and returns its position in the index, from 0.
    pub fn insert(&mut self, shingles: Vec<u64>) -> usize {
        let at = self.shingles.len();
        for (band, key) in MinHash::new(&shingles).band_keys().into_iter().enumerate() {
            self.buckets.entry((band as u8, key)).or_default().push(at as u32);
        }
        self.shingles.push(shingles);
        at
    }

    /// The indexed text nearest to `shingles`: its position and exact Jaccard similarity in 0..=1; none where no band is shared.
    /// Of equally near texts the first inserted wins.
    pub fn nearest(&self, shingles: &[u64]) -> Option<(usize, f64)> {
        self.near(shingles).into_iter().max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))
    }

    /// All indexed texts that share a band with `shingles`, each with its exact Jaccard similarity, by position.
    pub fn near(&self, shingles: &[u64]) -> Vec<(usize, f64)> {
        let mut found = std::collections::BTreeSet::new();
        for (band, key) in MinHash::new(shingles).band_keys().into_iter().enumerate() {
            if let Some(bucket) = self.buckets.get(&(band as u8, key)) {
                found.extend(bucket.iter().take(BUCKET_LIMIT).copied());
            }
        }
        found.into_iter().map(|at| (at as usize, jaccard(&self.shingles[at as usize], shingles))).collect()
    }
}

/// Jaccard similarity of two ascending sets without repeats.
fn jaccard(a: &[u64], b: &[u64]) -> f64 {
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

    #[test]
    fn share_of_equal_minima_estimates_the_similarity() {
        let a: Vec<u64> = (0..400u64).map(|i| crate::text::hash64(&i.to_le_bytes())).collect();
        let b: Vec<u64> = (100..500u64).map(|i| crate::text::hash64(&i.to_le_bytes())).collect();
        let (x, y) = (MinHash::new(&a), MinHash::new(&b));
        let share = x.0.iter().zip(&y.0).filter(|(p, q)| p == q).count() as f64 / PERMUTATIONS as f64;
        assert!((share - 0.6).abs() < 0.2, "{share}");
    }
}

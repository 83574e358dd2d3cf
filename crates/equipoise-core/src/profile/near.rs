//! Near-duplicates among up to a million rows: 72 bytes a row, and exact similarities for pairs that meet in two bands.

use crate::data::TrainView;
use crate::text::{BANDS, MinHash, comparison_key, hash64, jaccard, shingles};
use rayon::prelude::*;

/// Words of a shingle.
const SHINGLE: usize = 3;
/// Jaccard similarity from which two texts are near.
const THRESHOLD: f64 = 0.8;
/// Rows beyond which nobody looks.
const MAX_ROWS: usize = 1_000_000;
/// Texts of one bucket that are compared with each other; larger buckets hold boilerplate, of which the first members tell.
const BUCKET_LIMIT: usize = 256;
/// Exact comparisons beyond which the search gives up: some minutes of one core.
const MAX_COMPARISONS: usize = 50_000_000;
/// Bands that a pair shares before it is compared. At similarity 0.8 a band agrees with probability 0.41, so that 0.25 % of the
/// pairs are missed (one band alone: 0.02 %); at 0.4 only 6 % of the pairs are looked at instead of 34 %.
const SHARED_BANDS: usize = 2;

/// A text in 72 bytes: the hash of its comparison key and its MinHash band keys.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sketch {
    /// `hash64` of the comparison key.
    pub(super) key: u64,
    bands: [u32; BANDS],
}

impl Sketch {
    /// The sketch of a text with this comparison key.
    pub(super) fn new(key: &str) -> Self {
        Sketch { key: hash64(key.as_bytes()), bands: MinHash::new(&shingles(key, SHINGLE)).band_keys() }
    }
}

/// Rows with a near but not equal text among the others. `order` holds all positions sorted by key, `firsts` one for each text.
pub(super) fn count_near(train: TrainView<'_>, sketches: &[Sketch], order: &[u32], firsts: &[u32]) -> Option<usize> {
    if train.len() > MAX_ROWS {
        return None;
    }
    let mut near = vec![false; train.len()];
    let mut n_comparisons = 0;
    let mut keyed: Vec<u64> = Vec::with_capacity(firsts.len());
    for band in 0..BANDS {
        // Key and position in one number: sorting looks at nothing else, which is what makes it fast.
        keyed.clear();
        keyed.extend(firsts.iter().map(|at| u64::from(sketches[*at as usize].bands[band]) << 32 | u64::from(*at)));
        keyed.par_sort_unstable();
        let buckets: Vec<&[u64]> = keyed
            .chunk_by(|a, b| a >> 32 == b >> 32)
            .filter(|bucket| bucket.len() > 1)
            .map(|bucket| &bucket[..bucket.len().min(BUCKET_LIMIT)])
            .collect();
        let found: Vec<(Vec<u32>, usize)> =
            buckets.par_iter().map(|bucket| near_in(train, sketches, bucket, &near)).collect();
        for (members, n) in found {
            n_comparisons += n;
            members.into_iter().for_each(|at| near[at as usize] = true);
        }
        if n_comparisons > MAX_COMPARISONS {
            return None;
        }
    }
    // A text stands for all rows that have it.
    let groups = order.chunk_by(|a, b| sketches[*a as usize].key == sketches[*b as usize].key);
    Some(groups.filter(|group| near[group[0] as usize]).map(<[u32]>::len).sum())
}

/// Members of a bucket (positions in the lower half of each number) that are near another one, and how many pairs were compared;
/// pairs of known members are passed over.
fn near_in(train: TrainView<'_>, sketches: &[Sketch], bucket: &[u64], known: &[bool]) -> (Vec<u32>, usize) {
    let bucket: Vec<u32> = bucket.iter().map(|keyed| *keyed as u32).collect();
    let mut cached: Vec<Option<Vec<u64>>> = vec![None; bucket.len()];
    let mut near: Vec<bool> = bucket.iter().map(|at| known[*at as usize]).collect();
    let mut n = 0;
    for i in 0..bucket.len() {
        for j in i + 1..bucket.len() {
            let (a, b) = (&sketches[bucket[i] as usize].bands, &sketches[bucket[j] as usize].bands);
            let shared = a.iter().zip(b).filter(|(x, y)| x == y).count();
            if shared < SHARED_BANDS || (near[i] && near[j]) {
                continue;
            }
            n += 1;
            for at in [i, j] {
                cached[at]
                    .get_or_insert_with(|| shingles(&comparison_key(train.get(bucket[at] as usize).text), SHINGLE));
            }
            if let (Some(a), Some(b)) = (&cached[i], &cached[j])
                && jaccard(a, b) >= THRESHOLD
            {
                near[i] = true;
                near[j] = true;
            }
        }
    }
    let found = bucket.iter().zip(near).filter(|(at, near)| *near && !known[**at as usize]).map(|(at, _)| *at);
    (found.collect(), n)
}

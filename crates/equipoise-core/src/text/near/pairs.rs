//! Pairs of similar texts.

use super::BANDS;

/// Two texts that are similar.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Near {
    /// The position of the later text.
    pub later: u32,
    /// The position of the earlier text.
    pub earlier: u32,
    /// Their Jaccard similarity, exact.
    pub similarity: f32,
}

/// The number of shared bands to ask for, so that a pair of the similarity `threshold` is compared with probability 0.98 or more:
/// as many as possible, since each spares comparisons of texts that are not similar.
pub fn shared_bands(threshold: f64) -> u32 {
    const FOUND: f64 = 0.98;
    let p = threshold.powi(3);
    if p >= 1.0 {
        return BANDS as u32;
    }
    let n = BANDS as i32;
    // P(exactly k of n bands are shared), from k = 0 on; what is missed is the sum of those below the number asked for.
    let (mut missed, mut exactly) = (0.0, (1.0 - p).powi(n));
    for k in 0..n {
        missed += exactly;
        if missed > 1.0 - FOUND {
            return k.max(1) as u32;
        }
        exactly *= p / (1.0 - p) * f64::from(n - k) / f64::from(k + 1);
    }
    BANDS as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn asks_for_as_many_shared_bands_as_the_similarity_allows() {
        assert_eq!(shared_bands(0.6), 3);
        assert!((10..16).contains(&shared_bands(0.85)), "{}", shared_bands(0.85));
        assert_eq!((shared_bands(0.1), shared_bands(1.0)), (1, BANDS as u32));
    }
}

//! Many tests at once, where most of what is called a finding should be one.

/// The largest p-value that may be called a finding, so that of all findings at most the share `rate` (0..1) is expected to be by
/// chance; `None` where there is none.
///
/// # Source
/// Benjamini and Hochberg, "Controlling the False Discovery Rate" (1995). Holds for tests that rise and fall together, as those of
/// words that stand in the same texts do (Benjamini and Yekutieli, 2001).
///
/// ```
/// use equipoise_core::stats::benjamini_hochberg;
/// assert_eq!(benjamini_hochberg(&[0.04, 0.001, 0.8, 0.012], 0.05), Some(0.012));
/// assert_eq!(benjamini_hochberg(&[0.5, 0.9], 0.05), None);
/// ```
pub fn benjamini_hochberg(p_values: &[f64], rate: f64) -> Option<f64> {
    let mut sorted = p_values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let n = sorted.len() as f64;
    let allowed = |(rank, p): &(usize, &f64)| **p <= rate * (*rank + 1) as f64 / n;
    sorted.iter().enumerate().rev().find(allowed).map(|(_, p)| *p)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn finds_what_the_authors_find_in_their_example() {
        // Section 4 of the paper: 15 tests, of which the procedure rejects the first four at 0.05.
        let p = [
            0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528,
            0.7590, 1.0000,
        ];
        assert_eq!(benjamini_hochberg(&p, 0.05), Some(0.0095));
        assert_eq!(benjamini_hochberg(&[], 0.05), None);
    }

    proptest! {
        #[test]
        fn a_stricter_rate_never_finds_more(p in prop::collection::vec(0.0..=1.0, 0..30), rate in 0.001..0.5) {
            let n_found = |rate: f64| benjamini_hochberg(&p, rate).map_or(0, |t| p.iter().filter(|p| **p <= t).count());
            prop_assert!(n_found(rate / 2.0) <= n_found(rate));
        }
    }
}

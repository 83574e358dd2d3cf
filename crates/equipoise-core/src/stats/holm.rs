//! P-values of several labels at once.

/// Adjusts `p_values` so that calling those at most 0.05 differences is wrong about any of them at most 5 % of the time, in their
/// order; each is between its own value and 1. Absent ones stay absent and count as no test.
///
/// # Source
/// Holm, "A Simple Sequentially Rejective Multiple Test Procedure" (1979); needs no independence of the tests.
///
/// ```
/// use equipoise_core::stats::holm;
/// assert_eq!(holm(&[Some(0.01), None, Some(0.5), Some(0.25)]), [Some(0.03), None, Some(0.5), Some(0.5)]);
/// ```
pub fn holm(p_values: &[Option<f64>]) -> Vec<Option<f64>> {
    let mut tests: Vec<(f64, usize)> = p_values.iter().enumerate().filter_map(|(at, p)| Some(((*p)?, at))).collect();
    tests.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut adjusted = vec![None; p_values.len()];
    let mut largest = 0.0_f64;
    for (rank, (p, at)) in tests.iter().enumerate() {
        largest = largest.max((p * (tests.len() - rank) as f64).min(1.0));
        adjusted[*at] = Some(largest);
    }
    adjusted
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn multiplies_by_the_tests_that_are_left() {
        assert_eq!(holm(&[Some(0.5), Some(0.0625), Some(0.125)]), [Some(0.5), Some(0.1875), Some(0.25)]);
        assert!(holm(&[]).is_empty() && holm(&[None]) == [None]);
    }

    proptest! {
        #[test]
        fn keeps_the_order_and_never_falls_below_the_value(p in prop::collection::vec(0.0..=1.0, 1..20)) {
            let given: Vec<Option<f64>> = p.iter().copied().map(Some).collect();
            let adjusted: Vec<f64> = holm(&given).into_iter().flatten().collect();
            for (i, (raw, now)) in p.iter().zip(&adjusted).enumerate() {
                prop_assert!(raw <= now && *now <= 1.0);
                prop_assert!(p.iter().zip(&adjusted).skip(i).all(|(r, a)| (raw <= r) == (now <= a) || now == a));
            }
        }
    }
}

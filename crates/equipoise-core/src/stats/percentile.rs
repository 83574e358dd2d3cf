//! Percentiles of counts.

/// The `percent`-th percentile (0 to 100) of values in ascending order, by nearest rank: the smallest of them that at least so many in
/// a hundred do not exceed; `None` for no values.
///
/// Every length that is shown or that bounds a text is one of these. Bootstrap intervals interpolate instead: their values lie dense.
///
/// ```
/// use equipoise_core::stats::percentile;
/// let lengths = [3, 4, 4, 9];
/// assert_eq!([0, 50, 98, 100].map(|p| percentile(&lengths, p)), [Some(3), Some(4), Some(9), Some(9)]);
/// assert_eq!(percentile::<usize>(&[], 50), None);
/// ```
pub fn percentile<T: Copy>(sorted: &[T], percent: usize) -> Option<T> {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn as_many_as_asked_do_not_exceed_it_and_fewer_are_smaller(
            mut values in proptest::collection::vec(0u8..20, 1..60),
            percent in 0usize..=100,
        ) {
            values.sort_unstable();
            let at = percentile(&values, percent).expect("there are values");
            let in_a_hundred = |n: usize| n as f64 * 100.0 / values.len() as f64;
            prop_assert!(in_a_hundred(values.iter().filter(|v| **v <= at).count()) >= percent as f64);
            prop_assert!(percent == 0 || in_a_hundred(values.iter().filter(|v| **v < at).count()) < percent as f64);
        }
    }
}

//! The score interval of a proportion.

use super::{Estimate, Share};

/// The 97.5th percentile of the standard normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// The share `successes / n` with its 95 % Wilson score interval; `None` where `n` is 0 or less than `successes`.
///
/// Unlike a bootstrap it does not shrink to a point at 0/n and n/n, and it covers well with a handful of rows.
///
/// # Source
/// Wilson (1927); recommended for small n by Brown, Cai and DasGupta, "Interval Estimation for a Binomial Proportion" (2001).
///
/// ```
/// let none_of_ten = equipoise_core::stats::wilson(0, 10).unwrap();
/// assert_eq!(none_of_ten.low, 0.0);
/// assert!((none_of_ten.high - 0.2775).abs() < 1e-4);
/// ```
pub fn wilson(successes: u64, n: u64) -> Option<Estimate> {
    if n == 0 || successes > n {
        return None;
    }
    wilson_share(Share { value: successes as f64 / n as f64, n: n as f64 })
}

/// The same of a share that rests on a number of cases that need not be whole, as an effective one; `None` without cases.
pub fn wilson_share(share: Share) -> Option<Estimate> {
    let Share { value, n } = share;
    if n <= 0.0 || !(0.0..=1.0).contains(&value) {
        return None;
    }
    let scale = 1.0 + Z * Z / n;
    let centre = (value + Z * Z / (2.0 * n)) / scale;
    let half = Z / scale * (value * (1.0 - value) / n + Z * Z / (4.0 * n * n)).sqrt();
    Some(Estimate {
        value,
        // Exact at the ends, where rounding would leave 1e-17.
        low: if value == 0.0 { 0.0 } else { (centre - half).clamp(0.0, value) },
        high: if value == 1.0 { 1.0 } else { (centre + half).clamp(value, 1.0) },
        n: n.round() as usize,
        method: "Wilson score".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn equals_a_published_interval() {
        // Newcombe (1998), table I: 81 of 263 gives 0.2553 to 0.3662.
        let e = wilson(81, 263).unwrap();
        assert!((e.low - 0.2553).abs() < 5e-5 && (e.high - 0.3662).abs() < 5e-5, "{e:?}");
    }

    #[test]
    fn has_no_figure_without_rows() {
        assert_eq!(wilson(0, 0), None);
        assert_eq!(wilson(3, 2), None);
    }

    proptest! {
        #[test]
        fn holds_the_value_and_is_never_a_point(n in 1_u64..10_000, share in 0.0..=1.0) {
            let e = wilson((n as f64 * share) as u64, n).unwrap();
            prop_assert!(0.0 <= e.low && e.low <= e.value && e.value <= e.high && e.high <= 1.0 && e.low < e.high);
        }
    }
}

//! Whether two shares differ, where one of them may be 0.

use super::normal::normal_cdf;

/// A share of `n` cases; `n` may be a fraction, as an effective number is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share {
    /// The share, 0..1.
    pub value: f64,
    /// The number of independent cases that it rests on, at least 0.
    pub n: f64,
}

/// The signed root of the likelihood ratio of two shares, about standard normal where they are equal: positive where `a` is larger.
/// 0 where either rests on nothing.
///
/// Unlike the difference over its standard error it does not explode at a share of 0, which is the case that matters for a word that
/// one side never uses.
///
/// # Source
/// Dunning, "Accurate Methods for the Statistics of Surprise and Coincidence" (1993).
///
/// ```
/// use equipoise_core::stats::{Share, g_test};
/// let z = g_test(Share { value: 0.3, n: 100.0 }, Share { value: 0.0, n: 100.0 });
/// assert!((z - 6.849).abs() < 0.001);
/// ```
pub fn g_test(a: Share, b: Share) -> f64 {
    let n = a.n + b.n;
    if a.n <= 0.0 || b.n <= 0.0 {
        return 0.0;
    }
    let pooled = (a.value * a.n + b.value * b.n) / n;
    let term = |observed: f64, expected: f64| if observed > 0.0 { observed * (observed / expected).ln() } else { 0.0 };
    let of = |s: Share| term(s.value * s.n, pooled * s.n) + term((1.0 - s.value) * s.n, (1.0 - pooled) * s.n);
    let ratio = 2.0 * (of(a) + of(b));
    ratio.max(0.0).sqrt().copysign(a.value - b.value)
}

/// The two-sided p-value of a standard normal `z`.
pub fn two_sided(z: f64) -> f64 {
    (2.0 * normal_cdf(-z.abs())).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn share(value: f64, n: f64) -> Share {
        Share { value, n }
    }

    #[test]
    fn equals_the_likelihood_ratio_of_a_table_of_counts() {
        // 25 of 40 against 10 of 60: G = 2 Σ O ln(O / E) with E = 14, 26, 21, 39.
        let g: f64 = [(25.0, 14.0), (15.0, 26.0), (10.0, 21.0), (50.0, 39.0)]
            .map(|(o, e): (f64, f64)| 2.0 * o * (o / e).ln())
            .iter()
            .sum();
        let z = g_test(share(25.0 / 40.0, 40.0), share(10.0 / 60.0, 60.0));
        assert!((z * z - g).abs() < 1e-9 && z > 0.0, "{z}");
        assert!((two_sided(1.959_963_984_540_054) - 0.05).abs() < 1e-12);
    }

    #[test]
    fn says_nothing_of_no_cases_and_of_equal_shares() {
        assert_eq!(g_test(share(0.5, 0.0), share(0.1, 9.0)), 0.0);
        assert_eq!(g_test(share(0.0, 9.0), share(0.0, 9.0)), 0.0);
        assert!(g_test(share(0.25, 8.0), share(0.25, 80.0)).abs() < 1e-6);
    }

    proptest! {
        #[test]
        fn turns_its_sign_with_its_sides_and_is_finite(a in 0.0..=1.0, b in 0.0..=1.0, n in 0.5..5e3, m in 0.5..5e3) {
            let z = g_test(share(a, n), share(b, m));
            prop_assert!(z.is_finite());
            prop_assert!((z + g_test(share(b, m), share(a, n))).abs() < 1e-6);
        }
    }
}

//! Whether two arms differ in accuracy on the same rows.

use std::f64::consts::{LN_2, PI};

/// Two-sided exact p-value of McNemar's test: `only_a_right` rows only one arm has right, `only_b_right` only the other.
///
/// Twice the smaller tail of a binomial(n, ½), at most 1; 1 where the arms are never right apart. Accurate for any n: the
/// largest term comes from Stirling's series, the others from their ratios.
///
/// # Source
/// McNemar (1947), exact form; terms after Loader, "Fast and Accurate Computation of Binomial Probabilities" (2000).
///
/// ```
/// assert_eq!(equipoise_core::stats::mcnemar_exact(0, 5), 0.0625);
/// ```
pub fn mcnemar_exact(only_a_right: u64, only_b_right: u64) -> f64 {
    let few = only_a_right.min(only_b_right);
    let many = only_a_right.max(only_b_right);
    if few == many {
        return 1.0;
    }
    // Terms of the tail relative to its largest, P(few): each is the one above it times k / (n − k + 1).
    let (mut sum, mut term) = (1.0, 1.0);
    let (mut k, mut rest) = (few as f64, many as f64);
    while k > 0.0 && term > sum * 1e-17 {
        rest += 1.0;
        term *= k / rest;
        k -= 1.0;
        sum += term;
    }
    (2.0 * ln_half_binomial(few as f64, many as f64).exp() * sum).min(1.0)
}

/// ln of the probability of `k` successes and `l` failures at p = ½.
fn ln_half_binomial(k: f64, l: f64) -> f64 {
    let n = k + l;
    if k == 0.0 {
        return -n * LN_2;
    }
    let d = (l - k) / n;
    let deviance = n / 2.0 * ((1.0 - d) * (-d).ln_1p() + (1.0 + d) * d.ln_1p());
    stirling_error(n) - stirling_error(k) - stirling_error(l) - deviance + 0.5 * (n / (2.0 * PI * k * l)).ln()
}

/// ln n! minus its Stirling approximation, for n ≥ 1.
fn stirling_error(n: f64) -> f64 {
    if n < 16.0 {
        let factorial: f64 = (1..=n as u32).map(f64::from).product();
        return factorial.ln() - (n + 0.5) * n.ln() + n - 0.5 * (2.0 * PI).ln();
    }
    let square = n * n;
    (1.0 / 12.0 - (1.0 / 360.0 - (1.0 / 1260.0 - 1.0 / (1680.0 * square)) / square) / square) / n
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tail by Pascal's rule, exact in u128 up to n = 120.
    fn by_counting(few: u64, many: u64) -> f64 {
        let n = few + many;
        let (mut binomial, mut tail) = (1_u128, 0_u128);
        for k in 0..=few {
            tail += binomial;
            binomial = binomial * u128::from(n - k) / u128::from(k + 1);
        }
        (tail as f64 * 2.0 / 2_f64.powi(n as i32)).min(1.0)
    }

    #[test]
    fn equals_counting_for_every_small_table() {
        for few in 0..50 {
            for many in few + 1..60 {
                let (got, want) = (mcnemar_exact(few, many), by_counting(few, many));
                assert!((got / want - 1.0).abs() < 1e-12, "{few} {many}: {got} {want}");
                assert_eq!(got, mcnemar_exact(many, few));
            }
        }
    }

    #[test]
    fn equals_the_normal_limit_for_millions_of_rows() {
        // z = (difference − 1) / √n = 1.959964 with the continuity correction, so p is near 0.05.
        let n = 400_000_000_u64;
        let few = n / 2 - 19_600;
        let p = mcnemar_exact(few, n - few);
        assert!((p - 0.05).abs() < 1e-4, "{p}");
    }

    #[test]
    fn is_one_without_disagreement_and_finite_at_the_extremes() {
        assert_eq!(mcnemar_exact(0, 0), 1.0);
        assert_eq!(mcnemar_exact(7, 7), 1.0);
        assert_eq!(mcnemar_exact(0, 1), 1.0);
        assert_eq!(mcnemar_exact(0, 100_000), 0.0);
    }
}

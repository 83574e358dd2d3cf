//! The normal distribution.

use std::f64::consts::{PI, SQRT_2};

/// The share of the standard normal distribution below `z`; the lower tail keeps its relative precision down to 1e-300.
///
/// # Source
/// Half the regularised incomplete gamma function of ½ and z²/2, by its series near 0 and its continued fraction in the tails
/// (Abramowitz and Stegun, 1964, 6.5.29 and 6.5.31).
pub(super) fn normal_cdf(z: f64) -> f64 {
    let tail = 0.5 * erfc(z.abs() / SQRT_2);
    if z < 0.0 { tail } else { 1.0 - tail }
}

/// The point below which the share `p` of the standard normal distribution lies; infinite at 0 and 1.
///
/// # Source
/// Starts at Abramowitz and Stegun (1964), 26.2.23, and corrects it by Halley's method.
pub(super) fn normal_quantile(p: f64) -> f64 {
    let tail = p.min(1.0 - p);
    if tail <= 0.0 {
        return if p <= 0.0 { f64::NEG_INFINITY } else { f64::INFINITY };
    }
    let t = (-2.0 * tail.ln()).sqrt();
    let top = 2.515517 + t * (0.802853 + t * 0.010328);
    let bottom = 1.0 + t * (1.432788 + t * (0.189269 + t * 0.001308));
    let mut z = top / bottom - t;
    for _ in 0..4 {
        let density = (-0.5 * z * z).exp() / (2.0 * PI).sqrt();
        let step = (normal_cdf(z) - tail) / density;
        z -= step / (1.0 + 0.5 * z * step);
    }
    if p <= 0.5 { z } else { -z }
}

/// The complementary error function for x ≥ 0.
fn erfc(x: f64) -> f64 {
    let square = x * x;
    if square > 750.0 {
        return 0.0; // below the smallest double
    }
    if square < 2.0 {
        let (mut term, mut sum, mut n) = (x, x, 0.0);
        while term.abs() > sum.abs() * 1e-17 {
            n += 1.0;
            term *= square / (n + 0.5);
            sum += term;
        }
        return 1.0 - 2.0 / PI.sqrt() * (-square).exp() * sum;
    }
    // Lentz's method; below 700 terms even at the join.
    let tiny = 1e-300;
    let mut b = square + 0.5;
    let (mut c, mut d) = (1.0 / tiny, 1.0 / b);
    let mut fraction = d;
    for i in 1..700 {
        let a = -f64::from(i) * (f64::from(i) - 0.5);
        b += 2.0;
        d = 1.0 / (a * d + b);
        c = b + a / c;
        fraction *= c * d;
        if (c * d - 1.0).abs() < 1e-16 {
            break;
        }
    }
    (-square).exp() * x / PI.sqrt() * fraction
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equals_published_values_and_inverts_itself() {
        for (z, p) in [(-1.959_963_984_540_054, 0.025), (0.0, 0.5), (1.0, 0.841_344_746_068_542_9)] {
            assert!((normal_cdf(z) - p).abs() < 1e-15, "{z}");
        }
        assert!((normal_cdf(-10.0) / 7.619_853_024_160_525e-24 - 1.0).abs() < 1e-12);
        for p in [1e-200, 1e-12, 0.001, 0.025, 0.3, 0.5, 0.7, 0.999] {
            assert!((normal_cdf(normal_quantile(p)) / p - 1.0).abs() < 1e-11, "{p}");
        }
    }

    #[test]
    fn is_infinite_at_the_ends() {
        assert_eq!((normal_quantile(0.0), normal_quantile(1.0)), (f64::NEG_INFINITY, f64::INFINITY));
        assert_eq!((normal_cdf(f64::NEG_INFINITY), normal_cdf(f64::INFINITY)), (0.0, 1.0));
    }
}

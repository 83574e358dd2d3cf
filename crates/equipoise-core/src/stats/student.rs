//! Student's t distribution.

use std::f64::consts::PI;

/// The chance that |t| with `df` degrees of freedom is at least that of `t`; `df` > 0.
///
/// # Source
/// The regularised incomplete beta function of df/2 and ½ at df/(df + t²), by its continued fraction (Abramowitz and Stegun, 1964,
/// 26.5.8 and 26.7.1).
pub(super) fn two_sided_p(t: f64, df: f64) -> f64 {
    let square = t * t;
    if square.is_infinite() {
        return 0.0;
    }
    incomplete_beta(df / (df + square), square / (df + square), df / 2.0, 0.5)
}

/// The t that is exceeded in absolute value with chance `p`; 0 < `p` < 1.
pub(super) fn two_sided_quantile(p: f64, df: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    while two_sided_p(high, df) > p && high < 1e150 {
        low = high;
        high *= 2.0;
    }
    // The width halves each time: 70 steps reach the spacing of doubles.
    for _ in 0..70 {
        let middle = 0.5 * (low + high);
        if two_sided_p(middle, df) > p { low = middle } else { high = middle }
    }
    0.5 * (low + high)
}

/// I_x(a, b), with `y` = 1 − x given beside it so that neither loses digits.
fn incomplete_beta(x: f64, y: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 || y <= 0.0 {
        return if x <= 0.0 { 0.0 } else { 1.0 };
    }
    let front = (ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b) + a * x.ln() + b * y.ln()).exp();
    if x < (a + 1.0) / (a + b + 2.0) {
        front * beta_fraction(x, a, b) / a
    } else {
        1.0 - front * beta_fraction(y, b, a) / b
    }
}

/// The continued fraction of the incomplete beta function, by Lentz's method.
fn beta_fraction(x: f64, a: f64, b: f64) -> f64 {
    let keep = |v: f64| if v.abs() < 1e-300 { 1e-300 } else { v };
    let (mut c, mut d) = (1.0, 1.0 / keep(1.0 - (a + b) * x / (a + 1.0)));
    let mut fraction = d;
    for i in 1..10_000 {
        let m = f64::from(i);
        for term in [
            m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0)),
        ] {
            d = 1.0 / keep(1.0 + term * d);
            c = keep(1.0 + term / c);
            fraction *= c * d;
        }
        if (c * d - 1.0).abs() < 1e-16 {
            break;
        }
    }
    fraction
}

/// ln Γ(x) for x > 0.
///
/// # Source
/// Lanczos (1964) with g = 7 and nine terms; relative error near 1e-15.
fn ln_gamma(x: f64) -> f64 {
    const TERMS: [f64; 8] = [
        676.520_368_121_885_1,
        -1_259.139_216_722_402_8,
        771.323_428_777_653_1,
        -176.615_029_162_140_6,
        12.507_343_278_686_905,
        -0.138_571_095_265_720_12,
        9.984_369_578_019_572e-6,
        1.505_632_735_149_311_6e-7,
    ];
    if x < 0.5 {
        return (PI / (PI * x).sin()).ln() - ln_gamma(1.0 - x);
    }
    let x = x - 1.0;
    let sum = TERMS.iter().zip(1_i32..).fold(0.999_999_999_999_809_9, |sum, (term, i)| sum + term / (x + f64::from(i)));
    let t = x + 7.5;
    0.5 * (2.0 * PI).ln() + (x + 0.5) * t.ln() - t + sum.ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equals_the_closed_forms_of_one_and_two_degrees_of_freedom() {
        for t in [0.01_f64, 0.5, 1.0, 3.0, 40.0, 1e6] {
            let cauchy = 1.0 - 2.0 / PI * t.atan();
            assert!((two_sided_p(t, 1.0) - cauchy).abs() < 1e-13, "{t}");
            let two = 1.0 - t / (2.0 + t * t).sqrt();
            assert!((two_sided_p(-t, 2.0) - two).abs() < 1e-13, "{t}");
        }
        assert_eq!((two_sided_p(0.0, 5.0), two_sided_p(f64::INFINITY, 5.0)), (1.0, 0.0));
    }

    #[test]
    fn quantiles_are_those_of_the_tables() {
        for (df, t) in [(1.0, 12.706_204_736), (4.0, 2.776_445_105), (9.0, 2.262_157_163), (1e7, 1.959_964_231)] {
            assert!((two_sided_quantile(0.05, df) - t).abs() < 1e-8, "{df}");
        }
    }
}

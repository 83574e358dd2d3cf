//! How small an effect the held-out rows can show.

/// Quantiles of the normal distribution at 0.975 and 0.8: a two-sided test at 5 % that finds the effect four times in five.
const REACH: f64 = 1.959_963_984_540_054 + 0.841_621_233_572_914_2;

/// The minimum detectable effect: the true difference that a two-sided test at 5 % would call one in 80 % of such test sets, given
/// its `standard_error`. `None` where the error is 0 or not finite: then the rows held nothing to measure by.
///
/// # Source
/// Cohen, *Statistical Power Analysis for the Behavioral Sciences* (1988); for test sets of texts Card et al., "With Little Power
/// Comes Great Responsibility" (EMNLP 2020).
pub fn minimum_detectable_effect(standard_error: f64) -> Option<f64> {
    (standard_error > 0.0 && standard_error.is_finite()).then_some(REACH * standard_error)
}

/// How many rows would show `effect`, where `n` rows show `detectable` at least: the error falls with the square root of the rows.
/// `None` where the effect is 0, not finite, or the answer exceeds a million.
pub fn rows_to_detect(effect: f64, detectable: f64, n: usize) -> Option<usize> {
    let rows = n as f64 * (detectable / effect).powi(2);
    (rows.is_finite() && rows <= 1e6).then(|| rows.ceil() as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_effect_of_that_size_is_found_four_times_in_five() {
        // Differences drawn evenly over the quantiles of N(effect, 1) exceed 1.96 in 80 %.
        let effect = minimum_detectable_effect(1.0).unwrap();
        let found =
            (1..1000).filter(|i| effect + crate::stats::normal::normal_quantile(f64::from(*i) / 1000.0) > 1.959_964);
        assert!((found.count() as f64 / 999.0 - 0.8).abs() < 0.002);
        assert_eq!(minimum_detectable_effect(0.0), None);
        assert_eq!(minimum_detectable_effect(f64::NAN), None);
    }

    #[test]
    fn half_the_effect_needs_four_times_the_rows() {
        assert_eq!(rows_to_detect(0.05, 0.1, 66), Some(264));
        assert_eq!(rows_to_detect(0.0, 0.1, 66), None);
        assert_eq!(rows_to_detect(1e-6, 0.1, 66), None);
    }
}

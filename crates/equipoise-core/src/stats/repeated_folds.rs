//! How far a figure that folds gave may be from what the model of all rows would do.

/// By what the variance of a figure over the rows of one pass through `n_folds` folds is multiplied for the mean over `n_repeats` passes.
///
/// As independent parts the folds of one pass would have the variance S² / k of their mean, which is what resampling the rows of a pass
/// estimates. But the models of all folds and passes learn from mostly the same rows: their mean over r passes varies by
/// S² (1 / (r k) + n_test / n_train) with n_test / n_train = 1 / (k − 1), so by the factor 1 / r + k / (k − 1). More passes steady the figure
/// and do not make rows out of nothing: the factor falls from 2.25 with one pass through five folds to 1.45 with five, and stays above 1.25.
///
/// 1 where there are fewer than two folds or no pass.
///
/// # Source
/// Nadeau and Bengio, "Inference for the Generalization Error" (2003); for repeated cross-validation Bouckaert and Frank (2004).
///
/// ```
/// use equipoise_core::stats::repeated_folds_factor;
/// assert!((repeated_folds_factor(5, 5) - 1.45).abs() < 1e-12);
/// ```
pub fn repeated_folds_factor(n_repeats: usize, n_folds: usize) -> f64 {
    let (repeats, folds) = (n_repeats as f64, n_folds as f64);
    if n_repeats == 0 || n_folds < 2 { 1.0 } else { 1.0 / repeats + folds / (folds - 1.0) }
}

#[cfg(test)]
mod tests {
    use super::super::corrected_resampled_t;
    use super::*;

    #[test]
    fn is_the_corrected_variance_over_that_of_independent_folds() {
        // Ten splits of two passes through five folds: error² = variance × (1/10 + 1/4); a pass of independent folds has variance / 5.
        let splits = [0.10, 0.14, 0.02, 0.08, 0.06, 0.12, 0.11, 0.03, 0.07, 0.09];
        let mean = splits.iter().sum::<f64>() / 10.0;
        let variance = splits.iter().map(|d| (d - mean) * (d - mean)).sum::<f64>() / 9.0;
        let (estimate, _) = corrected_resampled_t(&splits, 0.25).unwrap();
        let half = (variance / 5.0 * repeated_folds_factor(2, 5)).sqrt() * 2.262_157_162_8;
        assert!((estimate.high - mean - half).abs() < 1e-9, "{estimate:?} {half}");
    }

    #[test]
    fn falls_with_repeats_and_never_to_one() {
        let factors: Vec<f64> = [1, 2, 5, 100].map(|r| repeated_folds_factor(r, 5)).to_vec();
        assert!(factors.windows(2).all(|w| w[0] > w[1]) && factors[3] > 1.25, "{factors:?}");
        assert!(repeated_folds_factor(5, 2) > repeated_folds_factor(5, 10), "half of the rows teach less");
        assert_eq!((repeated_folds_factor(0, 5), repeated_folds_factor(3, 1)), (1.0, 1.0));
    }
}

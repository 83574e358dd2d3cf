//! Whether two arms differ over repeated splits whose training sets overlap.

use super::Estimate;
use super::student::{two_sided_p, two_sided_quantile};

/// The mean of `differences`, one for each split of a repeated cross-validation or resampling, with its 95 % interval and two-sided
/// p-value by the corrected resampled t test. `None` for fewer than two differences or where one is not finite.
///
/// `test_share` is the rows of a test part over those of its training part (¼ for five folds). The variance is widened by it:
/// the splits share rows, and taken as independent they would call chance a difference several times too often. Without spread the
/// interval is a point, and p is 0, or 1 where the mean is 0.
///
/// # Source
/// Nadeau and Bengio, "Inference for the Generalization Error" (2003); for repeated cross-validation Bouckaert and Frank (2004).
pub fn corrected_resampled_t(differences: &[f64], test_share: f64) -> Option<(Estimate, f64)> {
    let n = differences.len();
    let usable = n > 1 && test_share.is_finite() && test_share >= 0.0 && differences.iter().all(|d| d.is_finite());
    if !usable {
        return None;
    }
    let splits = n as f64;
    let mean = differences.iter().sum::<f64>() / splits;
    let variance = differences.iter().map(|d| (d - mean).powi(2)).sum::<f64>() / (splits - 1.0);
    let error = (variance * (1.0 / splits + test_share)).sqrt();
    let df = splits - 1.0;
    let p_value = match (error > 0.0, mean == 0.0) {
        (true, _) => two_sided_p(mean / error, df),
        (false, is_zero) => f64::from(u8::from(is_zero)),
    };
    let half = error * two_sided_quantile(0.05, df);
    let method = format!("corrected resampled t over {n} splits");
    Some((Estimate { value: mean, low: mean - half, high: mean + half, n, method }, p_value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_the_paired_t_test_without_overlap_and_wider_with_it() {
        // Student's sleep data: t = 4.0621 with 9 degrees of freedom, p = 0.00283.
        let sleep = [1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4];
        let (e, p) = corrected_resampled_t(&sleep, 0.0).unwrap();
        assert!((p - 0.002_832_89).abs() < 1e-7 && (e.value - 1.58).abs() < 1e-12, "{p}");
        assert!((e.low - 0.700_114_2).abs() < 1e-6 && (e.high - 2.459_885_8).abs() < 1e-6, "{e:?}");
        let (wide, larger) = corrected_resampled_t(&sleep, 0.25).unwrap();
        assert!(larger > p && wide.low < e.low && wide.high > e.high);
    }

    #[test]
    fn has_no_figure_where_there_is_none_and_no_infinite_one_without_spread() {
        assert_eq!(corrected_resampled_t(&[0.1], 0.25), None);
        assert_eq!(corrected_resampled_t(&[0.1, f64::NAN], 0.25), None);
        let (e, p) = corrected_resampled_t(&[0.0; 4], 0.25).unwrap();
        assert_eq!((e.low, e.high, p), (0.0, 0.0, 1.0));
        assert_eq!(corrected_resampled_t(&[0.5; 4], 0.25).unwrap().1, 0.0);
    }
}

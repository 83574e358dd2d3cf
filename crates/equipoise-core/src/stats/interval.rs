//! Percentile intervals from resampled figures.

use super::Estimate;

/// The estimate `point` with the 2.5th and 97.5th percentile of its resampled values as interval; `None` without samples or
/// where a number is not finite.
///
/// `samples` is left sorted. `n` is the number of rows behind the point, `method` the words shown with the interval.
///
/// # Source
/// Efron and Tibshirani, *An Introduction to the Bootstrap* (1993), chapter 13.
pub fn interval(point: f64, samples: &mut [f64], n: usize, method: &str) -> Option<Estimate> {
    samples.sort_unstable_by(f64::total_cmp);
    let finite = point.is_finite() && samples.first()?.is_finite() && samples.last()?.is_finite();
    finite.then(|| Estimate {
        value: point,
        low: quantile(samples, 0.025),
        high: quantile(samples, 0.975),
        n,
        method: method.to_owned(),
    })
}

/// The quantile of sorted values, interpolated between neighbours.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let at = share * (sorted.len() - 1) as f64;
    let below = sorted[at.floor() as usize];
    let above = sorted[at.ceil() as usize];
    below + (above - below) * at.fract()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_two_and_a_half_percent_from_each_side() {
        let mut samples: Vec<f64> = (0..=1000).rev().map(f64::from).collect();
        let e = interval(500.0, &mut samples, 10, "test").unwrap();
        assert_eq!((e.value, e.low, e.high, e.n), (500.0, 25.0, 975.0, 10));
    }

    #[test]
    fn has_no_interval_without_numbers() {
        assert_eq!(interval(0.5, &mut [], 10, "test"), None);
        assert_eq!(interval(f64::NAN, &mut [0.1], 10, "test"), None);
        assert_eq!(interval(0.5, &mut [0.1, f64::NAN], 10, "test"), None);
    }
}

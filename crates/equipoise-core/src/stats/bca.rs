//! Bootstrap intervals that follow a skewed distribution.

use super::Estimate;
use super::interval::quantile;
use super::normal::{normal_cdf, normal_quantile};

/// z of the ends of a 95 % interval.
const Z: f64 = 1.959_963_984_540_054;

/// How a bias-corrected and accelerated interval is bent: by how much resampled values lie to one side of the point (`bias`, in
/// standard normal units) and how fast their spread changes with the value (`acceleration`).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bend {
    bias: f64,
    acceleration: f64,
}

impl Bend {
    /// The bend of sorted `samples` of a figure whose value on the data is `point`.
    ///
    /// `strata` holds for each stratum the figure without one of its rows: value and how many rows give it, every row of the
    /// stratum counted once. `None` where all or no samples lie below the point, or no row moves the figure.
    ///
    /// # Source
    /// Efron, "Better Bootstrap Confidence Intervals" (1987); several samples: Davison and Hinkley (1997), section 5.3.2.
    pub fn new(point: f64, samples: &[f64], strata: &[Vec<(f64, u64)>]) -> Option<Self> {
        let below = samples.partition_point(|s| *s < point);
        let up_to = samples.partition_point(|s| *s <= point);
        let bias = normal_quantile((below + up_to) as f64 / (2 * samples.len().max(1)) as f64);
        let (mut squares, mut cubes) = (0.0, 0.0);
        for without in strata {
            let n = without.iter().map(|w| w.1 as f64).sum::<f64>();
            let mean = without.iter().map(|(value, times)| value * *times as f64).sum::<f64>() / n;
            for (value, times) in without {
                let influence = (n - 1.0) * (mean - value) / n;
                squares += *times as f64 * influence.powi(2);
                cubes += *times as f64 * influence.powi(3);
            }
        }
        let bend = Bend { bias, acceleration: cubes / (6.0 * squares.powf(1.5)) };
        (bend.bias.is_finite() && bend.acceleration.is_finite()).then_some(bend)
    }

    /// The share of samples to cut off below, for an end `z` standard normal units from the middle.
    fn share(self, z: f64) -> f64 {
        let moved = self.bias + z;
        normal_cdf(self.bias + moved / (1.0 - self.acceleration * moved))
    }

    /// The estimate `point` with its 95 % interval, as [`super::interval`] makes it with percentiles; `samples` are sorted.
    pub fn interval(self, point: f64, samples: &[f64], n: usize, method: &str) -> Option<Estimate> {
        let finite = point.is_finite() && samples.first()?.is_finite() && samples.last()?.is_finite();
        finite.then(|| Estimate {
            value: point,
            low: quantile(samples, self.share(-Z)),
            high: quantile(samples, self.share(Z)),
            n,
            method: method.to_owned(),
        })
    }

    /// Two-sided p-value against a difference of 0: the level at which an end of the interval touches 0. `samples` are sorted.
    ///
    /// One is added to the counts, so that it is at least 2 / (samples + 1) without bend; ties with 0 count on the side that speaks
    /// against a difference.
    pub fn p_value(self, samples: &[f64]) -> f64 {
        let n = samples.len();
        let tail = |count: usize| (count + 1) as f64 / (n + 1) as f64;
        let below = tail(samples.partition_point(|s| *s <= 0.0));
        let above = tail(n - samples.partition_point(|s| *s < 0.0));
        // Where 0 stands among the samples, unbent: z with share(z) = the samples below 0.
        let unbent = |share: f64| {
            let moved = normal_quantile(share.min(1.0)) - self.bias;
            moved / (1.0 + self.acceleration * moved) - self.bias
        };
        let lower = normal_cdf(unbent(below));
        let upper = normal_cdf(-unbent(1.0 - above));
        (2.0 * lower.min(upper)).min(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{interval, p_value_of_difference};
    use super::*;

    #[test]
    fn is_the_percentile_interval_where_nothing_is_skewed() {
        let mut samples: Vec<f64> = (-500..=500).map(f64::from).collect();
        let strata = vec![vec![(-1.0, 10), (1.0, 10)]];
        let bend = Bend::new(0.0, &samples, &strata).unwrap();
        let bent = bend.interval(0.0, &samples, 5, "test").unwrap();
        let plain = interval(0.0, &mut samples, 5, "test").unwrap();
        assert!((bent.low - plain.low).abs() < 1e-9 && (bent.high - plain.high).abs() < 1e-9, "{bent:?} {plain:?}");
        assert!((bend.p_value(&samples) - p_value_of_difference(&samples).unwrap()).abs() < 1e-12);
    }

    #[test]
    fn moves_towards_the_long_tail() {
        // Squares of an even grid: skewed to the right, as is the jackknife.
        let samples: Vec<f64> = (0..=1000).map(|i| f64::from(i).powi(2)).collect();
        let bend = Bend::new(250_000.0, &samples, &[vec![(0.0, 9), (-10.0, 1)]]).unwrap();
        let e = bend.interval(250_000.0, &samples, 5, "test").unwrap();
        assert!(e.low > quantile(&samples, 0.025) && e.high > quantile(&samples, 0.975), "{e:?}");
    }

    #[test]
    fn p_value_is_below_five_percent_where_the_interval_leaves_out_zero() {
        for shift in -40..40 {
            let samples: Vec<f64> =
                (0..=2000).map(|i| (f64::from(i) / 20.0).powi(2) - 500.0 * f64::from(shift)).collect();
            let Some(bend) = Bend::new(samples[1000], &samples, &[vec![(0.0, 9), (-1.0, 1)]]) else { continue };
            let e = bend.interval(samples[1000], &samples, 5, "test").unwrap();
            let p = bend.p_value(&samples);
            let outside = e.low > 0.0 || e.high < 0.0;
            // The one that is added to the counts makes p a little larger than the interval says.
            assert!(if outside { p < 0.053 } else { p > 0.049 }, "{shift} {p} {e:?}");
        }
    }

    #[test]
    fn has_no_bend_where_no_row_moves_the_figure() {
        assert_eq!(Bend::new(0.0, &[0.0; 5], &[vec![(0.0, 5)]]), None);
        assert_eq!(Bend::new(0.0, &[], &[]), None);
        assert_eq!(Bend::new(9.0, &[0.0, 1.0], &[vec![(0.0, 1), (1.0, 1)]]), None);
    }
}

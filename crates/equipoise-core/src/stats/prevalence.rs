//! How many are what an imperfect test calls them.

use super::{Estimate, Share};

/// The 97.5th percentile of the standard normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// The share of cases that are faulty, where a test flags the share `flagged` of them, the share `found` of faulty ones and the share
/// `falsely` of sound ones: `(flagged − falsely) / (found − falsely)`, within 0 and 1. `None` where the test flags sound cases as often as
/// faulty ones, or a share rests on nothing.
///
/// # Source
/// Rogan and Gladen, "Estimating Prevalence from the Results of a Screening Test" (1978); interval after Lang and Reiczigel, "Confidence
/// limits for prevalence of disease adjusted for estimated sensitivity and specificity" (2014), which counts in that both shares are
/// estimates too.
///
/// ```
/// use equipoise_core::stats::{Share, prevalence};
/// let share = |value| Share { value, n: 400.0 };
/// let wrong = prevalence(share(0.20), share(0.56), share(0.04)).unwrap();
/// assert!((wrong.value - 0.16 / 0.52).abs() < 1e-12 && wrong.low > 0.2 && wrong.high < 0.42);
/// ```
pub fn prevalence(flagged: Share, found: Share, falsely: Share) -> Option<Estimate> {
    let told = found.value - falsely.value;
    if told <= 0.0 || [flagged, found, falsely].iter().any(|s| s.n <= 0.0) {
        return None;
    }
    let value = ((flagged.value - falsely.value) / told).clamp(0.0, 1.0);
    // Successes and failures that nobody saw keep the normal law from failing at shares of 0 and 1.
    let added = |s: Share, successes: f64| {
        let n = s.n + 2.0 * successes;
        Share { value: (s.value * s.n + successes) / n, n }
    };
    let (flagged, found, falsely) = (added(flagged, Z * Z / 2.0), added(found, 1.0), added(falsely, 1.0));
    let told = found.value - falsely.value;
    if told <= 0.0 {
        return None;
    }
    let spread = |s: Share| s.value * (1.0 - s.value) / s.n;
    let centre = (flagged.value - falsely.value) / told;
    let shift = 2.0 * Z * Z * (centre * spread(found) - (1.0 - centre) * spread(falsely));
    let variance =
        spread(flagged) + centre * centre * spread(found) + (1.0 - centre) * (1.0 - centre) * spread(falsely);
    let half = Z * variance.sqrt() / told;
    Some(Estimate {
        value,
        low: (centre + shift - half).clamp(0.0, value),
        high: (centre + shift + half).clamp(value, 1.0),
        n: (flagged.n - Z * Z).round() as usize,
        method: "Rogan–Gladen with Lang–Reiczigel interval".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Seed;
    use rand::RngExt;

    #[test]
    fn stays_within_its_bounds() {
        let share = |value, n| Share { value, n };
        let none = prevalence(share(0.02, 100.0), share(0.5, 100.0), share(0.05, 100.0)).unwrap();
        assert_eq!((none.value, none.low), (0.0, 0.0));
        let all = prevalence(share(0.9, 100.0), share(0.5, 100.0), share(0.05, 100.0)).unwrap();
        assert_eq!((all.value, all.high), (1.0, 1.0));
        assert_eq!(prevalence(share(0.5, 9.0), share(0.4, 9.0), share(0.4, 9.0)), None);
        assert_eq!(prevalence(share(0.5, 0.0), share(0.9, 9.0), share(0.1, 9.0)), None);
    }

    #[test]
    fn its_interval_covers_the_truth_about_as_often_as_it_says() {
        let (truth, found, falsely, n) = (0.15, 0.56, 0.04, 150);
        let mut rng = Seed::new(1).rng();
        let mut drawn = |p: f64| {
            let k = (0..n).filter(|_| rng.random::<f64>() < p).count();
            Share { value: k as f64 / f64::from(n), n: f64::from(n) }
        };
        let runs = 2_000;
        let covers = |_: &usize| {
            let flagged = drawn(truth * found + (1.0 - truth) * falsely);
            let e = prevalence(flagged, drawn(found), drawn(falsely)).unwrap();
            e.low <= truth && truth <= e.high
        };
        let covered = (0..runs).filter(covers).count() as f64 / runs as f64;
        assert!((0.93..=0.98).contains(&covered), "{covered}");
    }
}

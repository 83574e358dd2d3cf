//! How well a score tells synthetic rows from real ones, with an interval that knows of sources.

use crate::rng::Seed;
use crate::stats::{Estimate, Resamples, interval};

/// Resamples behind an interval.
const RESAMPLES: usize = 500;

/// A scored row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scored {
    pub(super) score: f64,
    pub(super) is_synthetic: bool,
    /// Which source the row goes back to: a real row to itself.
    pub(super) source: usize,
}

/// The chance that a synthetic row is scored above a real one, ties counted half; `None` where one of them is missing.
///
/// The interval draws sources, a real row with all of its children: rows of one source are alike, and drawn apart they would promise more
/// than they know. Sources are drawn within those of real rows alone, of synthetic ones alone, and of both.
///
/// # Source
/// The Mann–Whitney statistic over its maximum; cluster bootstrap: Davison and Hinkley (1997), section 3.8.
pub(super) fn area(rows: &[Scored], method: &str, seed: Seed) -> Option<Estimate> {
    let ranking = Ranking::new(rows)?;
    let point = ranking.area(&vec![1; ranking.strata.len()])?;
    let resamples = Resamples::new(ranking.strata.iter().copied(), RESAMPLES, seed);
    let mut samples: Vec<f64> = resamples
        .map(|drawn| {
            let mut times = vec![0_u32; ranking.strata.len()];
            drawn.iter().for_each(|source| times[*source as usize] += 1);
            ranking.area(&times)
        })
        .into_iter()
        .flatten()
        .collect();
    let method = format!("{method}; percentile bootstrap over sources, {RESAMPLES} resamples");
    interval(point, &mut samples, rows.len(), &method)
}

/// Rows in the order of their scores.
struct Ranking {
    rows: Vec<Scored>,
    /// For each source whether real rows, synthetic rows or both go back to it: 1, 2 or 3.
    strata: Vec<usize>,
}

impl Ranking {
    fn new(rows: &[Scored]) -> Option<Self> {
        let mut sources: Vec<usize> = rows.iter().map(|r| r.source).collect();
        sources.sort_unstable();
        sources.dedup();
        let place = |source: usize| sources.binary_search(&source).ok();
        let mut rows: Vec<Scored> =
            rows.iter().filter_map(|r| Some(Scored { source: place(r.source)?, ..*r })).collect();
        rows.sort_by(|a, b| a.score.total_cmp(&b.score));
        let mut strata = vec![0; sources.len()];
        rows.iter().for_each(|r| strata[r.source] |= 1 << usize::from(r.is_synthetic));
        let (first, last) = (rows.first()?, rows.last()?);
        (first.score.is_finite() && last.score.is_finite()).then_some(Ranking { rows, strata })
    }

    /// The area where the rows of source i count `times[i]` times; `None` where one side counts nothing.
    fn area(&self, times: &[u32]) -> Option<f64> {
        let (mut real_below, mut synthetic, mut won) = (0.0, 0.0, 0.0);
        for tied in self.rows.chunk_by(|a, b| a.score == b.score) {
            let mass = |side: bool| {
                let of_side = tied.iter().filter(|r| r.is_synthetic == side);
                of_side.map(|r| f64::from(times[r.source])).sum::<f64>()
            };
            let (real, made) = (mass(false), mass(true));
            won += made * (real_below + real / 2.0);
            real_below += real;
            synthetic += made;
        }
        (real_below > 0.0 && synthetic > 0.0).then(|| won / (real_below * synthetic))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(scores: &[(f64, bool, usize)]) -> Vec<Scored> {
        scores
            .iter()
            .map(|(score, is_synthetic, source)| Scored { score: *score, is_synthetic: *is_synthetic, source: *source })
            .collect()
    }

    fn value(scores: &[(f64, bool, usize)]) -> f64 {
        area(&rows(scores), "", Seed::new(1)).unwrap().value
    }

    #[test]
    fn counts_the_pairs_in_the_right_order() {
        assert_eq!(value(&[(0.9, true, 0), (0.8, true, 1), (0.1, false, 2), (0.2, false, 3)]), 1.0);
        assert_eq!(value(&[(0.1, true, 0), (0.9, true, 1), (0.5, false, 2)]), 0.5);
        assert_eq!(value(&[(0.5, true, 0), (0.5, true, 1), (0.5, false, 2)]), 0.5);
        let mixed = [(0.5, true, 0), (0.9, true, 1), (0.5, false, 2), (0.1, false, 3)];
        assert_eq!(value(&mixed), (0.5 + 1.0 + 1.0 + 1.0) / 4.0);
    }

    #[test]
    fn has_no_figure_with_one_side_alone() {
        assert_eq!(area(&rows(&[(0.5, true, 0)]), "", Seed::new(1)), None);
        assert_eq!(area(&[], "", Seed::new(1)), None);
        assert_eq!(area(&rows(&[(f64::NAN, true, 0), (0.5, false, 1)]), "", Seed::new(1)), None);
    }

    #[test]
    fn few_sources_make_a_wide_interval_however_many_rows_they_have() {
        // Scores depend on the source alone.
        let of = |n_sources: usize| {
            let score = |source: usize| (source * 7_919 % 101) as f64;
            let all: Vec<(f64, bool, usize)> = (0..600)
                .map(|i| {
                    (
                        score(i % n_sources) + f64::from(u8::from(i % 2 == 0)) * 5.0,
                        i % 2 == 0,
                        i % n_sources * 2 + i % 2,
                    )
                })
                .collect();
            let e = area(&rows(&all), "", Seed::new(1)).unwrap();
            e.high - e.low
        };
        assert!(of(10) > 3.0 * of(300), "{} {}", of(10), of(300));
    }
}

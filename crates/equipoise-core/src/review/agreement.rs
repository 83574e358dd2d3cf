//! How far reviewers agree on the rows that two of them decided blind.

use super::{Decision, History};
use crate::rng::Seed;
use crate::stats::{Estimate, Resamples, interval, wilson};
use serde::Serialize;

/// Agreement of two reviewers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Agreement {
    /// The reviewers, by name.
    pub reviewers: [String; 2],
    /// Share of the rows that both decided on which they say the same: accept, reject, relabel or edit.
    pub share: Option<Estimate>,
    /// Cohen's kappa; `None` where both always say the same one thing, so that chance alone explains it.
    pub kappa: Option<Estimate>,
}

/// Resamples of the rows for kappa's interval.
const N_RESAMPLES: usize = 2_000;

/// The agreement of each pair of reviewers with rows in common, by their names. A decision that settles a disagreement was made
/// with both opinions in sight and does not count.
///
/// # Source
/// Cohen (1960), "A coefficient of agreement for nominal scales"; the interval is the percentile bootstrap over rows, the share's
/// is Wilson's.
pub fn agreement(history: &History, seed: Seed) -> Vec<Agreement> {
    let mut rows: Vec<_> = history.rows().collect();
    rows.sort_unstable();
    let mut names: Vec<&str> = rows.iter().flat_map(|r| history.blind(r)).map(|(name, _)| name).collect();
    names.sort_unstable();
    names.dedup();
    let mut found = Vec::new();
    for (at, a) in names.iter().enumerate() {
        for b in &names[at + 1..] {
            let both = |row: &&_| {
                let of = |name: &str| history.blind(row).find(|(n, _)| *n == name).map(|(_, d)| category(d));
                Some((of(a)?, of(b)?))
            };
            let pairs: Vec<(usize, usize)> = rows.iter().filter_map(both).collect();
            if !pairs.is_empty() {
                found.push(of_pairs([(*a).to_owned(), (*b).to_owned()], &pairs, seed));
            }
        }
    }
    found
}

fn of_pairs(reviewers: [String; 2], pairs: &[(usize, usize)], seed: Seed) -> Agreement {
    let same = pairs.iter().filter(|(a, b)| a == b).count();
    let all: Vec<u32> = (0..pairs.len() as u32).collect();
    let estimate = kappa(pairs, &all).and_then(|point| {
        let resamples = Resamples::new(pairs.iter().map(|_| 0), N_RESAMPLES, seed.child("review/kappa"));
        let mut samples: Vec<f64> = resamples.map(|drawn| kappa(pairs, drawn)).into_iter().flatten().collect();
        interval(point, &mut samples, pairs.len(), "bootstrap over rows")
    });
    Agreement { reviewers, share: wilson(same as u64, pairs.len() as u64), kappa: estimate }
}

/// Cohen's kappa of the drawn pairs; `None` where chance agreement is complete.
fn kappa(pairs: &[(usize, usize)], drawn: &[u32]) -> Option<f64> {
    let n = drawn.len() as f64;
    let (mut of_a, mut of_b, mut same) = ([0.0; CATEGORIES], [0.0; CATEGORIES], 0.0);
    for at in drawn {
        let (a, b) = pairs[*at as usize];
        of_a[a] += 1.0;
        of_b[b] += 1.0;
        same += f64::from(u8::from(a == b));
    }
    let by_chance: f64 = of_a.iter().zip(&of_b).map(|(a, b)| a * b).sum::<f64>() / (n * n);
    (by_chance < 1.0).then(|| (same / n - by_chance) / (1.0 - by_chance))
}

const CATEGORIES: usize = 4;

fn category(decision: &Decision) -> usize {
    match decision {
        Decision::Accept | Decision::Skip | Decision::Undo => 0,
        Decision::Reject { .. } => 1,
        Decision::Relabel { .. } => 2,
        Decision::Edit { .. } => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::super::Why;
    use super::super::history::tests::record;
    use super::*;

    #[test]
    fn kappa_equals_the_textbook_example() {
        // 20 both accept, 15 both reject, 5 and 10 differ: kappa = (0.7 - 0.5) / (1 - 0.5) = 0.4.
        let mut records = Vec::new();
        let reject = || Decision::Reject { reason: Why::Other };
        let mut add = |n: usize, name: &str, a: fn() -> Decision, b: fn() -> Decision| {
            for i in 0..n {
                records.push(record(&format!("{name}{i}"), "anna", a()));
                records.push(record(&format!("{name}{i}"), "ben", b()));
            }
        };
        add(20, "p", || Decision::Accept, || Decision::Accept);
        add(5, "q", || Decision::Accept, || Decision::Reject { reason: Why::Other });
        add(10, "r", || Decision::Reject { reason: Why::Other }, || Decision::Accept);
        add(15, "s", || Decision::Reject { reason: Why::Copy }, || Decision::Reject { reason: Why::Other });
        records.push(record("alone", "anna", reject()));
        let found = agreement(&History::of(records), Seed::new(7));
        assert_eq!(found.len(), 1);
        let kappa = found[0].kappa.as_ref().unwrap();
        assert!((kappa.value - 0.4).abs() < 1e-12 && kappa.low < 0.4 && kappa.high > 0.4, "{kappa:?}");
        assert_eq!(found[0].share.as_ref().map(|s| (s.value, s.n)), Some((0.7, 50)));
    }

    #[test]
    fn there_is_no_kappa_where_both_always_say_the_same_thing() {
        let records = ["a", "b"].iter().flat_map(|row| ["anna", "ben"].map(|who| record(row, who, Decision::Accept)));
        let found = agreement(&History::of(records), Seed::new(7));
        assert_eq!(found[0].kappa, None);
        assert_eq!(found[0].share.as_ref().map(|s| s.value), Some(1.0));
    }
}

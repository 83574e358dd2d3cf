//! In which order a reviewer sees the rows.

use super::{History, RowHash, Standing, sample};
use crate::rng::Seed;
use serde::Serialize;
use std::collections::HashSet;

/// Share of the sample that two reviewers decide, each without seeing what the other said.
pub const OVERLAP: f64 = 0.2;

/// Why a row stands in a queue, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Shown {
    /// Reviewers disagree about it.
    Disputed,
    /// It belongs to the random sample of its label.
    Sample,
    /// A check warns of it.
    Warned,
    /// The others.
    Rest,
}

/// One row of a queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Item {
    /// Position among the rows.
    pub at: usize,
    /// Why it is shown.
    pub shown: Shown,
}

/// The rows that `reviewer` has not decided and that need a decision: disputed ones of others first, then the samples (one of each
/// label in turn), then those that checks warn of, then the rest. A decided row comes again only where it belongs to the fifth of
/// the sample that two people decide, and nothing here tells what the first one said.
pub fn queue(rows: &[(&str, RowHash, bool)], history: &History, reviewer: &str, seed: Seed) -> Vec<Item> {
    let labels: Vec<&str> = rows.iter().map(|r| r.0).collect();
    let samples = sample::drawn(&labels, seed);
    let deepest = samples.values().map(Vec::len).max().unwrap_or(0);
    let in_turn: Vec<usize> =
        (0..deepest).flat_map(|i| samples.values().filter_map(move |s| s.get(i))).copied().collect();
    let sampled: HashSet<usize> = in_turn.iter().copied().collect();
    let overlap = seed.child("review/overlap");
    let wants = |at: usize| {
        let row = &rows[at].1;
        // Skipped rows are undecided and come last of all, in a queue that is asked for anew.
        if history.decision(row, reviewer).is_some() {
            return None;
        }
        let n_others = history.blind(row).count();
        match history.standing(row) {
            Standing::Disputed => Some(Shown::Disputed),
            Standing::Decided(_) if n_others == 1 && sampled.contains(&at) && is_doubled(row, overlap) => {
                Some(Shown::Sample)
            }
            Standing::Decided(_) => None,
            Standing::Open if sampled.contains(&at) => Some(Shown::Sample),
            Standing::Open if rows[at].2 => Some(Shown::Warned),
            Standing::Open => Some(Shown::Rest),
        }
    };
    let rest = (0..rows.len()).filter(|at| !sampled.contains(at));
    let mut seen = HashSet::new();
    let every = in_turn.iter().copied().chain(rest).filter(|at| seen.insert(&rows[*at].1));
    let mut items: Vec<Item> = every.filter_map(|at| wants(at).map(|shown| Item { at, shown })).collect();
    items.sort_by_key(|item| item.shown);
    items
}

/// Whether two people decide about a sampled row: a fixed fifth, by the row's identity.
fn is_doubled(row: &RowHash, seed: Seed) -> bool {
    (seed.child(row.as_str()).value() as f64) < OVERLAP * u64::MAX as f64
}

#[cfg(test)]
mod tests {
    use super::super::history::tests::record;
    use super::super::{Decision, Record, Why};
    use super::*;

    fn names() -> Vec<String> {
        (0..300).map(|i| format!("row {i}")).collect()
    }

    fn rows(names: &[String]) -> Vec<(&str, RowHash, bool)> {
        names.iter().map(|n| ("joy", RowHash::of("joy", n), n.ends_with('0'))).collect()
    }

    #[test]
    fn the_sample_comes_first_then_what_checks_warn_of_and_every_row_once() {
        let names = names();
        let items = queue(&rows(&names), &History::default(), "anna", Seed::new(7));
        assert_eq!(items.len(), 300);
        assert!(items[..50].iter().all(|i| i.shown == Shown::Sample));
        assert!(items[50..].is_sorted_by_key(|i| i.shown));
        let mut seen: Vec<usize> = items.iter().map(|i| i.at).collect();
        seen.sort_unstable();
        assert_eq!(seen, (0..300).collect::<Vec<_>>());
    }

    #[test]
    fn a_second_reviewer_gets_about_a_fifth_of_the_first_ones_sample_again() {
        let names = names();
        let rows = rows(&names);
        let first = queue(&rows, &History::default(), "anna", Seed::new(7));
        let records: Vec<Record> = first[..50].iter().map(|i| record(&names[i.at], "anna", Decision::Accept)).collect();
        let history = History::of(records);
        let again = queue(&rows, &history, "ben", Seed::new(7)).iter().filter(|i| i.shown == Shown::Sample).count();
        assert!((4..=18).contains(&again), "{again} of 50");
        assert!(queue(&rows, &history, "anna", Seed::new(7)).iter().all(|i| i.shown != Shown::Sample));
    }

    #[test]
    fn a_third_reviewer_sees_disagreements_first_and_the_two_who_disagree_do_not() {
        let names = names();
        let rows = rows(&names);
        let records = [
            record("row 5", "anna", Decision::Accept),
            record("row 5", "ben", Decision::Reject { reason: Why::Other }),
        ];
        let history = History::of(records);
        assert_eq!(queue(&rows, &history, "cleo", Seed::new(7))[0], Item { at: 5, shown: Shown::Disputed });
        assert!(queue(&rows, &history, "ben", Seed::new(7)).iter().all(|i| i.at != 5));
    }
}

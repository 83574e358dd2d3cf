//! A random sample of each label first, with a rule that says when to stop reading.

use super::{Decision, History, RowHash, Standing};
use crate::rng::Seed;
use crate::stats::{Estimate, wilson};
use rand::seq::SliceRandom;
use serde::Serialize;
use std::collections::BTreeMap;

/// Rows of a label in its sample. With 47 of 50 fine the interval is 84 to 98 %: narrow enough to tell a sound set from one with a
/// fifth of bad rows, and at four seconds a row it takes three minutes.
pub const SAMPLE: usize = 50;

/// The lower bound of the share of fine rows from which reading on is not worth a person's time.
const FINE_ENOUGH: f64 = 0.8;

/// What to do after the sample of a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Advice {
    /// The sample is not read to its end.
    ReadSample,
    /// Surely most rows are fine: stop, or read only those that checks warn of.
    Stop,
    /// The share of fine rows is surely too small: read every row, or have the label written again.
    ReadAll,
    /// Neither is sure: go on with the rows that checks warn of.
    GoOn,
}

/// The sample of one label and what it says.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LabelSample {
    /// The label.
    pub label: String,
    /// Rows of the label that may be reviewed.
    pub n_rows: usize,
    /// Rows of its sample.
    pub n_sample: usize,
    /// Rows of its sample that are decided.
    pub n_decided: usize,
    /// Share of the decided ones that are used as they are, with Wilson's interval; `None` before the first.
    pub fine: Option<Estimate>,
    /// Undecided rows of the label that a check warns of.
    pub n_warned_open: usize,
    /// What to do.
    pub advice: Advice,
}

/// The sampled positions among `rows` (label of each), label by label in the order of their names: the same for a seed, whatever
/// was decided meanwhile.
pub(super) fn drawn(rows: &[&str], seed: Seed) -> BTreeMap<String, Vec<usize>> {
    let mut of_label: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, label) in rows.iter().enumerate() {
        of_label.entry((*label).to_owned()).or_default().push(at);
    }
    for (label, rows) in &mut of_label {
        rows.shuffle(&mut seed.child(&format!("review/sample/{label}")).rng());
        rows.truncate(SAMPLE);
    }
    of_label
}

/// What the samples say of each label. `rows` holds label, identity and whether a check warns, in the order of the candidates.
pub fn samples(rows: &[(&str, RowHash, bool)], history: &History, seed: Seed) -> Vec<LabelSample> {
    let labels: Vec<&str> = rows.iter().map(|r| r.0).collect();
    let of_label = drawn(&labels, seed).into_iter().map(|(label, sample)| {
        let standings: Vec<Standing> = sample.iter().map(|at| history.standing(&rows[*at].1)).collect();
        let n_decided = standings.iter().filter(|s| **s != Standing::Open).count();
        let n_fine = standings.iter().filter(|s| **s == Standing::Decided(Decision::Accept)).count();
        let own = || rows.iter().filter(|r| r.0 == label);
        let n_warned_open = own().filter(|r| r.2 && history.standing(&r.1) == Standing::Open).count();
        let fine = wilson(n_fine as u64, n_decided as u64);
        let advice = advice(sample.len() - n_decided, fine.as_ref());
        LabelSample { n_rows: own().count(), n_sample: sample.len(), n_decided, fine, n_warned_open, advice, label }
    });
    of_label.collect()
}

fn advice(n_left: usize, fine: Option<&Estimate>) -> Advice {
    match fine {
        Some(fine) if n_left == 0 && fine.low >= FINE_ENOUGH => Advice::Stop,
        // Bad news needs no full sample.
        Some(fine) if fine.high < FINE_ENOUGH => Advice::ReadAll,
        Some(_) if n_left == 0 => Advice::GoOn,
        _ => Advice::ReadSample,
    }
}

#[cfg(test)]
mod tests {
    use super::super::Why;
    use super::super::history::tests::record;
    use super::*;

    fn rows(names: &[String]) -> Vec<(&str, RowHash, bool)> {
        names.iter().map(|n| ("joy", RowHash::of("joy", n), n.ends_with('0'))).collect()
    }

    fn after(n_fine: usize, n_bad: usize) -> LabelSample {
        let names: Vec<String> = (0..200).map(|i| format!("row {i}")).collect();
        let rows = rows(&names);
        let labels: Vec<&str> = rows.iter().map(|r| r.0).collect();
        let sample = &drawn(&labels, Seed::new(7))["joy"];
        let decided = sample.iter().enumerate().take(n_fine + n_bad).map(|(i, at)| {
            let decision = if i < n_fine { Decision::Accept } else { Decision::Reject { reason: Why::Unnatural } };
            record(&names[*at], "anna", decision)
        });
        samples(&rows, &History::of(decided), Seed::new(7)).remove(0)
    }

    #[test]
    fn fifty_rows_with_three_bad_ones_are_enough_to_stop() {
        let sample = after(47, 3);
        assert_eq!((sample.n_rows, sample.n_sample, sample.n_decided, sample.advice), (200, 50, 50, Advice::Stop));
        let fine = sample.fine.unwrap();
        assert!(fine.low > 0.83 && fine.high < 0.985, "{fine:?}");
    }

    #[test]
    fn a_half_read_sample_says_read_on_and_a_bad_one_says_so_before_its_end() {
        assert_eq!(after(20, 0).advice, Advice::ReadSample);
        assert_eq!(after(0, 12).advice, Advice::ReadAll);
        assert_eq!(after(43, 7).advice, Advice::GoOn);
        assert_eq!(after(0, 0).fine, None);
    }

    #[test]
    fn the_sample_is_the_same_whatever_was_decided() {
        let labels = vec!["joy"; 300];
        assert_eq!(drawn(&labels, Seed::new(7)), drawn(&labels, Seed::new(7)));
        assert_ne!(drawn(&labels, Seed::new(7)), drawn(&labels, Seed::new(8)));
    }
}

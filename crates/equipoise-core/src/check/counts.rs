//! How often each check found what: the last line of `verdicts.jsonl`.

use super::{CheckOutcome, SetFinding, Verdict};
use crate::probation::LabelJudgement;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What a panel found among candidates, counted.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Counts {
    /// Candidates that were judged.
    pub n_candidates: usize,
    /// Candidates that some check rejects.
    pub n_rejected: usize,
    /// Candidates that some check warns of and none rejects.
    pub n_warned: usize,
    /// Each check, in the order of the catalog.
    pub checks: Vec<CheckCounts>,
    /// What a user should know: patterns that are off since the real rows show them. One sentence each.
    pub notes: Vec<String>,
    /// What is wrong with the texts of a label as a set.
    #[serde(default)]
    pub sets: Vec<SetFinding>,
    /// What a judge of labels that was asked found, and what that is worth; `None` where none was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judge: Option<LabelJudgement>,
}

/// One check: `pass + warn + reject` is the number of candidates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckCounts {
    /// Its name.
    pub check: String,
    /// Candidates that it found nothing on.
    pub pass: usize,
    /// Candidates that it warns of.
    pub warn: usize,
    /// Candidates that it rejects.
    pub reject: usize,
    /// Its warnings and rejections by reason.
    pub reasons: BTreeMap<String, usize>,
    /// Whether it rejects nothing with the settings that it had.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub only_warns: bool,
}

impl Counts {
    /// Nothing counted yet, for checks of these names, each with whether it only warns.
    pub(super) fn new<'n>(checks: impl Iterator<Item = (&'n str, bool)>, notes: Vec<String>) -> Self {
        let empty = |(name, only_warns): (&str, bool)| CheckCounts {
            check: name.to_owned(),
            pass: 0,
            warn: 0,
            reject: 0,
            reasons: BTreeMap::new(),
            only_warns,
        };
        Counts { checks: checks.map(empty).collect(), notes, ..Counts::default() }
    }

    /// The share (0..1) of the candidates that the check called `name` rejects, or warns of where that is all it does; for a check of
    /// sets the share of labels that it names, of `n_labels`. `None` where no check is called so.
    pub fn share(&self, name: &str, n_labels: usize) -> Option<f64> {
        let check = self.checks.iter().find(|c| c.check == name)?;
        let labels: BTreeSet<&str> = self.sets.iter().filter(|s| s.check == name).map(|s| s.label.as_str()).collect();
        let of_texts =
            if check.only_warns { check.warn } else { check.reject } as f64 / self.n_candidates.max(1) as f64;
        Some(of_texts.max(labels.len() as f64 / n_labels.max(1) as f64))
    }

    /// Adds what was found on `n_candidates` candidates, each with all its verdicts side by side.
    pub fn add(&mut self, n_candidates: usize, verdicts: &[Verdict]) {
        self.n_candidates += n_candidates;
        self.checks.iter_mut().for_each(|c| c.pass += n_candidates);
        let place: HashMap<String, usize> =
            self.checks.iter().enumerate().map(|(at, c)| (c.check.clone(), at)).collect();
        for of_one in verdicts.chunk_by(|a, b| a.candidate == b.candidate) {
            match of_one.iter().map(|v| v.outcome).max() {
                Some(CheckOutcome::Reject) => self.n_rejected += 1,
                Some(CheckOutcome::Warn) => self.n_warned += 1,
                Some(CheckOutcome::Pass) | None => {}
            }
            for verdict in of_one {
                if let Some(at) = place.get(&verdict.check) {
                    self.checks[*at].found(verdict);
                }
            }
        }
    }

    /// Adds verdicts that came once all candidates were known: `concluded`, on candidates that no check rejected before, beside `verdicts`,
    /// which are counted already.
    pub(super) fn conclude(&mut self, verdicts: &[Verdict], concluded: &[Verdict]) {
        let mut state: HashMap<&str, CheckOutcome> = HashMap::new();
        verdicts.iter().filter(|v| v.outcome == CheckOutcome::Warn).for_each(|v| {
            state.insert(&v.candidate, CheckOutcome::Warn);
        });
        for verdict in concluded {
            if let Some(check) = self.checks.iter_mut().find(|c| c.check == verdict.check) {
                check.found(verdict);
            }
            let before = state.get(verdict.candidate.as_str()).copied().unwrap_or(CheckOutcome::Pass);
            let after = before.max(verdict.outcome);
            self.n_warned += usize::from(after == CheckOutcome::Warn);
            self.n_warned -= usize::from(before == CheckOutcome::Warn);
            self.n_rejected += usize::from(after == CheckOutcome::Reject && before != CheckOutcome::Reject);
            state.insert(&verdict.candidate, after);
        }
    }
}

impl CheckCounts {
    /// One candidate more that did not pass.
    fn found(&mut self, verdict: &Verdict) {
        self.pass -= 1;
        *(if verdict.outcome == CheckOutcome::Reject { &mut self.reject } else { &mut self.warn }) += 1;
        *self.reasons.entry(verdict.reason.clone()).or_default() += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(candidate: &str, check: &str, outcome: CheckOutcome) -> Verdict {
        let (candidate, check) = (candidate.to_owned(), check.to_owned());
        Verdict { candidate, check, outcome, score: None, reason: "because".to_owned(), evidence: Vec::new() }
    }

    #[test]
    fn each_check_accounts_for_every_candidate() {
        let mut counts = Counts::new([("copy", false), ("length", true)].into_iter(), Vec::new());
        counts.add(3, &[verdict("a", "copy", CheckOutcome::Reject), verdict("a", "length", CheckOutcome::Warn)]);
        counts.add(2, &[verdict("e", "length", CheckOutcome::Warn)]);
        assert_eq!((counts.n_candidates, counts.n_rejected, counts.n_warned), (5, 1, 1));
        assert_eq!((counts.checks[0].pass, counts.checks[0].warn, counts.checks[0].reject), (4, 0, 1));
        assert_eq!((counts.checks[1].pass, counts.checks[1].warn, counts.checks[1].reject), (3, 2, 0));
        assert_eq!(counts.checks[1].reasons["because"], 2);
        assert_eq!(
            [counts.share("copy", 2), counts.share("length", 2), counts.share("x", 2)],
            [Some(0.2), Some(0.4), None]
        );
    }

    #[test]
    fn what_comes_at_the_end_turns_a_warning_into_a_rejection_and_counts_each_candidate_once() {
        let mut counts = Counts::new([("copy", false), ("drift", false)].into_iter(), Vec::new());
        let early = [verdict("a", "copy", CheckOutcome::Warn)];
        counts.add(3, &early);
        counts.conclude(
            &early,
            &[verdict("a", "drift", CheckOutcome::Reject), verdict("b", "drift", CheckOutcome::Warn)],
        );
        assert_eq!((counts.n_rejected, counts.n_warned), (1, 1));
        assert_eq!((counts.checks[1].pass, counts.checks[1].warn, counts.checks[1].reject), (1, 1, 1));
    }
}

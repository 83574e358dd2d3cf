//! First come, first kept.

use super::{LabelSelection, Selection};
use crate::check::{CheckOutcome, Verdict};
use crate::generator::Candidate;
use crate::plan::Quota;
use std::borrow::Borrow;
use std::collections::{BTreeMap, HashMap};

/// The check under which decisions of people are recorded.
const HUMAN: &str = "human";

/// Keeps the first candidates of each label, in the order given, that nothing rejects, up to the label's quota.
///
/// A candidate is rejected by any rejecting verdict. A decision of a person stands above the checks, the last one above earlier
/// ones, with one exception: reasons that are final, as of a held-out text. A candidate that the parser could not read whole is
/// rejected even where no check looked at it. A label without a quota keeps nothing. Nothing is ranked: of 15 filters that were tried
/// on recorded rewrites none was better than keeping every sound row.
pub fn select(candidates: &[Candidate], verdicts: &[Verdict], quotas: &[Quota]) -> Selection {
    Selecting::of(candidates, verdicts, quotas).finish()
}

/// A selection in the making. What is kept depends only on what came before, so candidates may be added as they come; the result is
/// that of [`select`] over all of them.
#[derive(Debug, Clone)]
pub struct Selecting {
    place: HashMap<String, usize>,
    labels: Vec<LabelSelection>,
    /// For each label the rejected texts by `check/reason`.
    rejected_by: Vec<BTreeMap<String, usize>>,
    kept: Vec<String>,
    surplus: Vec<String>,
}

impl Selecting {
    /// Before any candidate.
    pub fn new(quotas: &[Quota]) -> Self {
        let mut selecting = Selecting {
            place: HashMap::new(),
            labels: Vec::new(),
            rejected_by: Vec::new(),
            kept: Vec::new(),
            surplus: Vec::new(),
        };
        for quota in quotas {
            let at = selecting.place(&quota.label);
            selecting.labels[at].wanted += quota.wanted;
        }
        selecting
    }

    /// After `candidates` with their verdicts.
    pub fn of(candidates: &[Candidate], verdicts: &[Verdict], quotas: &[Quota]) -> Self {
        let mut of_candidate: HashMap<&str, Vec<&Verdict>> = HashMap::new();
        verdicts.iter().for_each(|v| of_candidate.entry(&v.candidate).or_default().push(v));
        let mut selecting = Selecting::new(quotas);
        for candidate in candidates {
            selecting.add(candidate, of_candidate.get(candidate.id.as_str()).map_or(&[][..], Vec::as_slice));
        }
        selecting
    }

    /// Adds the next candidate with all its verdicts.
    pub fn add<V: Borrow<Verdict>>(&mut self, candidate: &Candidate, verdicts: &[V]) {
        let at = self.place(&candidate.label);
        let label = &mut self.labels[at];
        label.n_candidates += 1;
        if let Some(reason) = rejection(candidate, verdicts) {
            label.n_rejected += 1;
            *self.rejected_by[at].entry(reason).or_insert(0) += 1;
        } else if label.n_kept < label.wanted {
            label.n_kept += 1;
            self.kept.push(candidate.id.clone());
        } else {
            label.n_surplus += 1;
            self.surplus.push(candidate.id.clone());
        }
    }

    /// What each label has so far: those with a quota in the order of the quotas, then any others.
    pub fn labels(&self) -> Vec<LabelSelection> {
        let with_reasons = |(label, reasons): (&LabelSelection, &BTreeMap<String, usize>)| {
            let mut rejected_by: Vec<(String, usize)> = reasons.iter().map(|(why, n)| (why.clone(), *n)).collect();
            rejected_by.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
            LabelSelection { shortfall: label.wanted - label.n_kept, rejected_by, ..label.clone() }
        };
        self.labels.iter().zip(&self.rejected_by).map(with_reasons).collect()
    }

    /// The selection.
    pub fn finish(self) -> Selection {
        Selection { schema: 1, labels: self.labels(), kept: self.kept, surplus: self.surplus }
    }

    /// The place of a label among those of the selection.
    fn place(&mut self, label: &str) -> usize {
        if let Some(at) = self.place.get(label) {
            return *at;
        }
        self.place.insert(label.to_owned(), self.labels.len());
        self.rejected_by.push(BTreeMap::new());
        self.labels.push(LabelSelection {
            label: label.to_owned(),
            wanted: 0,
            n_candidates: 0,
            n_kept: 0,
            n_surplus: 0,
            n_rejected: 0,
            shortfall: 0,
            rejected_by: vec![],
        });
        self.labels.len() - 1
    }
}

/// `check/reason` of what rejects the candidate, if anything does.
fn rejection<V: Borrow<Verdict>>(candidate: &Candidate, verdicts: &[V]) -> Option<String> {
    let verdicts = || verdicts.iter().map(V::borrow);
    let rejects = |v: &&Verdict| v.outcome == CheckOutcome::Reject;
    let is_final = |v: &&Verdict| v.facts().is_some_and(|reason| reason.is_final);
    let last_word = verdicts().filter(rejects).find(is_final);
    let by = match (last_word, verdicts().filter(|v| v.check == HUMAN).last()) {
        (Some(last_word), _) => Some(last_word),
        (None, Some(human)) if rejects(&human) => Some(human),
        (None, Some(_)) => return None,
        (None, None) => verdicts().find(rejects),
    };
    match by {
        Some(v) => Some(format!("{}/{}", v.check, v.reason)),
        None => candidate.fault.as_ref().map(|_| "parse/malformed".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generator::Sources;
    use proptest::prelude::*;

    fn candidate(id: usize, label: &str) -> Candidate {
        Candidate {
            id: format!("c{id}"),
            text: format!("text {id}"),
            label: label.to_owned(),
            request: None,
            position: id,
            sources: Sources::Unknown,
            fault: None,
            came: None,
            attributes: Default::default(),
        }
    }

    fn verdict(id: usize, check: &str, outcome: CheckOutcome, reason: &str) -> Verdict {
        let (candidate, check) = (format!("c{id}"), check.to_owned());
        Verdict { candidate, check, outcome, score: None, reason: reason.to_owned(), evidence: vec![] }
    }

    fn quota(label: &str, wanted: usize) -> Quota {
        Quota { label: label.to_owned(), have: 5, target: 5 + wanted, wanted, style_control: false }
    }

    #[test]
    fn keeps_the_first_sound_ones_and_says_what_happened_to_the_others() {
        let candidates: Vec<Candidate> = (0..5).map(|i| candidate(i, "joy")).collect();
        let verdicts = [
            verdict(0, "copy", CheckOutcome::Reject, "copy_of_row"),
            verdict(0, "length", CheckOutcome::Reject, "too_long"),
            verdict(1, "copy", CheckOutcome::Warn, "near_row"),
        ];
        let selection = select(&candidates, &verdicts, &[quota("joy", 3), quota("fear", 2)]);
        assert_eq!(selection.kept, ["c1", "c2", "c3"]);
        assert_eq!(selection.surplus, ["c4"]);
        assert_eq!(selection.labels[0].rejected_by, [("copy/copy_of_row".to_owned(), 1)]);
        assert_eq!((selection.labels[1].wanted, selection.labels[1].shortfall), (2, 2));
    }

    #[test]
    fn a_person_overrules_every_check_but_the_one_for_held_out_texts() {
        let candidates: Vec<Candidate> = (0..3).map(|i| candidate(i, "joy")).collect();
        let verdicts = [
            verdict(0, "copy", CheckOutcome::Reject, "near_row"),
            verdict(0, HUMAN, CheckOutcome::Pass, "ok"),
            verdict(1, HUMAN, CheckOutcome::Pass, "ok"),
            verdict(1, HUMAN, CheckOutcome::Reject, "names_label"),
            verdict(2, "test_overlap", CheckOutcome::Reject, "held_out_text"),
            verdict(2, HUMAN, CheckOutcome::Pass, "ok"),
        ];
        assert_eq!(select(&candidates, &verdicts, &[quota("joy", 3)]).kept, ["c0"]);
    }

    #[test]
    fn what_the_parser_could_not_read_is_not_used() {
        let cut = Candidate { fault: Some("cut".to_owned()), ..candidate(0, "joy") };
        let selection = select(&[cut], &[], &[quota("joy", 1)]);
        assert_eq!(selection.labels[0].rejected_by, [("parse/malformed".to_owned(), 1)]);
    }

    proptest! {
        #[test]
        fn every_candidate_and_every_wanted_text_is_accounted_for(
            labels in proptest::collection::vec(0usize..3, 0..40),
            rejected in proptest::collection::vec((0usize..40, 0usize..3), 0..30),
            wanted in proptest::collection::vec(0usize..12, 2),
        ) {
            let names = ["a", "b", "no quota"];
            let candidates: Vec<Candidate> = labels.iter().enumerate().map(|(i, l)| candidate(i, names[*l])).collect();
            let reasons = ["empty", "too_long", "near_row"];
            let verdicts: Vec<Verdict> =
                rejected.iter().map(|(i, r)| verdict(*i, "some", CheckOutcome::Reject, reasons[*r])).collect();
            let quotas = [quota("a", wanted[0]), quota("b", wanted[1])];
            let selection = select(&candidates, &verdicts, &quotas);
            let mut selecting = Selecting::new(&quotas);
            for (n, candidate) in candidates.iter().enumerate() {
                prop_assert_eq!(selecting.labels(), select(&candidates[..n], &verdicts, &quotas).labels);
                let own: Vec<&Verdict> = verdicts.iter().filter(|v| v.candidate == candidate.id).collect();
                selecting.add(candidate, &own);
            }
            prop_assert_eq!(&selecting.finish(), &selection);
            prop_assert_eq!(selection.labels.iter().map(|l| l.n_candidates).sum::<usize>(), candidates.len());
            prop_assert_eq!(selection.labels.iter().map(|l| l.n_kept).sum::<usize>(), selection.kept.len());
            prop_assert_eq!(selection.labels.iter().map(|l| l.n_surplus).sum::<usize>(), selection.surplus.len());
            for label in &selection.labels {
                prop_assert_eq!(label.n_candidates, label.n_kept + label.n_surplus + label.n_rejected);
                prop_assert_eq!(label.wanted, label.n_kept + label.shortfall);
                prop_assert_eq!(label.rejected_by.iter().map(|r| r.1).sum::<usize>(), label.n_rejected);
                prop_assert!(label.shortfall == 0 || label.n_surplus == 0, "a sound text was left while some are missing");
            }
        }
    }
}

//! First come, first kept.

use super::{LabelSelection, Selection};
use crate::check::{Outcome, Verdict};
use crate::generator::Candidate;
use crate::plan::Quota;
use std::collections::{BTreeMap, HashMap};

/// The check under which decisions of people are recorded.
const HUMAN: &str = "human";

/// Keeps the first candidates of each label, in the order given, that nothing rejects, up to the label's quota.
///
/// A candidate is rejected by any rejecting verdict. A decision of a person stands above the checks, the last one above earlier
/// ones, with one exception: reasons that are final, as of a held-out text. A candidate that the parser could not read whole is rejected even where
/// no check looked at it. A label without a quota keeps nothing. Nothing is ranked: of 15 filters that were tried on recorded
/// rewrites none was better than keeping every sound row.
pub fn select(candidates: &[Candidate], verdicts: &[Verdict], quotas: &[Quota]) -> Selection {
    let mut of_candidate: HashMap<&str, Vec<&Verdict>> = HashMap::new();
    verdicts.iter().for_each(|v| of_candidate.entry(&v.candidate).or_default().push(v));

    let mut place: HashMap<&str, usize> = HashMap::new();
    let mut labels = Vec::new();
    for quota in quotas {
        place.entry(&quota.label).or_insert_with(|| push(&mut labels, &quota.label));
        labels[place[quota.label.as_str()]].wanted += quota.wanted;
    }
    let mut rejected_by: BTreeMap<usize, BTreeMap<String, usize>> = BTreeMap::new();
    let (mut kept, mut surplus) = (Vec::new(), Vec::new());
    for candidate in candidates {
        let at = *place.entry(&candidate.label).or_insert_with(|| push(&mut labels, &candidate.label));
        let label = &mut labels[at];
        label.n_candidates += 1;
        let verdicts = of_candidate.get(candidate.id.as_str()).map_or(&[][..], Vec::as_slice);
        if let Some(reason) = rejection(candidate, verdicts) {
            label.n_rejected += 1;
            *rejected_by.entry(at).or_default().entry(reason).or_insert(0) += 1;
        } else if label.n_kept < label.wanted {
            label.n_kept += 1;
            kept.push(candidate.id.clone());
        } else {
            label.n_surplus += 1;
            surplus.push(candidate.id.clone());
        }
    }
    for (at, reasons) in rejected_by {
        labels[at].rejected_by = reasons.into_iter().collect();
        labels[at].rejected_by.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    }
    labels.iter_mut().for_each(|l| l.shortfall = l.wanted - l.n_kept);
    Selection { schema: 1, kept, surplus, labels }
}

fn push(labels: &mut Vec<LabelSelection>, label: &str) -> usize {
    labels.push(LabelSelection {
        label: label.to_owned(),
        wanted: 0,
        n_candidates: 0,
        n_kept: 0,
        n_surplus: 0,
        n_rejected: 0,
        shortfall: 0,
        rejected_by: vec![],
    });
    labels.len() - 1
}

/// `check/reason` of what rejects the candidate, if anything does.
fn rejection(candidate: &Candidate, verdicts: &[&Verdict]) -> Option<String> {
    let rejects = |v: &&&Verdict| v.outcome == Outcome::Reject;
    let is_final = |v: &&&Verdict| v.facts().is_some_and(|reason| reason.is_final);
    let last_word = verdicts.iter().filter(rejects).find(is_final);
    let by = match (last_word, verdicts.iter().rfind(|v| v.check == HUMAN)) {
        (Some(last_word), _) => Some(last_word),
        (None, Some(human)) if rejects(&human) => Some(human),
        (None, Some(_)) => return None,
        (None, None) => verdicts.iter().find(rejects),
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
        }
    }

    fn verdict(id: usize, check: &str, outcome: Outcome, reason: &str) -> Verdict {
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
            verdict(0, "copy", Outcome::Reject, "copy_of_row"),
            verdict(0, "length", Outcome::Reject, "too_long"),
            verdict(1, "copy", Outcome::Warn, "near_row"),
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
            verdict(0, "copy", Outcome::Reject, "near_row"),
            verdict(0, HUMAN, Outcome::Pass, "ok"),
            verdict(1, HUMAN, Outcome::Pass, "ok"),
            verdict(1, HUMAN, Outcome::Reject, "names_label"),
            verdict(2, "test_overlap", Outcome::Reject, "held_out_text"),
            verdict(2, HUMAN, Outcome::Pass, "ok"),
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
                rejected.iter().map(|(i, r)| verdict(*i, "some", Outcome::Reject, reasons[*r])).collect();
            let selection = select(&candidates, &verdicts, &[quota("a", wanted[0]), quota("b", wanted[1])]);
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

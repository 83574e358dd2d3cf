//! Synthetic rows as the evaluation takes them.

use super::Selection;
use crate::data::Fingerprints;
use crate::generator::Candidate;
use crate::offline::Author;
use std::collections::{HashMap, HashSet};

/// The candidates of a run and the two lists that are set side by side. Empty where there are no synthetic rows.
#[derive(Debug, Clone, Default)]
pub struct SyntheticRows<'a> {
    /// Texts that the answers or files held.
    pub n_candidates: usize,
    /// The first candidates up to each label's quota, unchecked.
    pub naive: Vec<&'a Candidate>,
    /// The selected ones, in the order of the candidates.
    pub kept: Vec<&'a Candidate>,
    /// Sound ones beyond the quota, in the order of the candidates.
    pub surplus: Vec<&'a Candidate>,
    /// Labels whose rows are there for their style alone: the verdict does not count them as raised.
    pub style_control: Vec<String>,
    /// Who wrote all of them, where it can write others from other training rows.
    pub author: Option<Author<'a>>,
}

impl<'a> SyntheticRows<'a> {
    /// Both lists from all candidates in plan order and their selection.
    pub fn new(candidates: &'a [Candidate], selection: &Selection) -> Self {
        let mut left: HashMap<&str, usize> = selection.labels.iter().map(|l| (l.label.as_str(), l.wanted)).collect();
        let mut within_quota = |c: &&Candidate| {
            let Some(left) = left.get_mut(c.label.as_str()).filter(|left| **left > 0) else { return false };
            *left -= 1;
            true
        };
        let among = |ids: &[String]| {
            let ids: HashSet<&str> = ids.iter().map(String::as_str).collect();
            candidates.iter().filter(|c| ids.contains(c.id.as_str())).collect()
        };
        SyntheticRows {
            n_candidates: candidates.len(),
            naive: candidates.iter().filter(|c| within_quota(c)).collect(),
            kept: among(&selection.kept),
            surplus: among(&selection.surplus),
            style_control: vec![],
            author: None,
        }
    }

    /// Those that may help to train where the rows of `held_out` are judged: neither made from one of them nor equal to one.
    pub fn without(&self, held_out: &Fingerprints) -> Self {
        let is_clean = |candidate: &&&'a Candidate| {
            !held_out.contains(&candidate.text)
                && !candidate.sources.rows().iter().any(|source| held_out.contains_row(*source))
        };
        let clean = |rows: &[&'a Candidate]| rows.iter().filter(is_clean).copied().collect();
        SyntheticRows {
            naive: clean(&self.naive),
            kept: clean(&self.kept),
            surplus: clean(&self.surplus),
            style_control: self.style_control.clone(),
            ..*self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{CheckOutcome, Verdict};
    use crate::generator::Sources;
    use crate::plan::Quota;

    #[test]
    fn naive_takes_what_came_first_and_kept_what_is_sound() {
        let candidate = |i: usize| Candidate {
            id: format!("c{i}"),
            text: String::new(),
            label: "joy".to_owned(),
            request: None,
            position: i,
            sources: Sources::Unknown,
            fault: None,
            came: None,
            attributes: Default::default(),
        };
        let candidates: Vec<Candidate> = (0..4).map(candidate).collect();
        let reject = Verdict {
            candidate: "c0".to_owned(),
            check: "empty".to_owned(),
            outcome: CheckOutcome::Reject,
            score: None,
            reason: "empty".to_owned(),
            evidence: vec![],
        };
        let quota = Quota { label: "joy".to_owned(), have: 2, target: 4, wanted: 2, style_control: false };
        let rows = SyntheticRows::new(&candidates, &super::super::select(&candidates, &[reject], &[quota]));
        let ids = |list: &[&Candidate]| list.iter().map(|c| c.id.clone()).collect::<Vec<_>>();
        assert_eq!(
            (ids(&rows.naive), ids(&rows.kept)),
            (vec!["c0".into(), "c1".into()], vec!["c1".into(), "c2".into()])
        );
        assert_eq!(rows.n_candidates, 4);
    }
}

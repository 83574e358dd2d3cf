//! Picking the texts that a report shows.

use super::{Example, Fate, Origin};
use crate::check::{CheckOutcome, Verdict};
use crate::data::{RowId, TrainView};
use crate::generator::{Candidate, Sources};
use crate::offline::Donor;
use crate::select::Selection;
use std::collections::{BTreeMap, HashMap, HashSet};

/// The first `at_most` kept and the first `at_most` surplus texts of each label, and the first `at_most` rejected ones of each
/// check and reason, in the order of `candidates`, with the real texts that they were made from: rows of `train`, and of `donors`
/// where those without a label lent parts.
pub fn examples(
    train: TrainView<'_>,
    donors: &[Donor],
    (candidates, verdicts, selection): (&[Candidate], &[Verdict], &Selection),
    at_most: usize,
) -> Vec<Example> {
    let positions = train.positions();
    let lent: HashMap<RowId, &str> = donors.iter().map(|d| (d.id, d.text.as_str())).collect();
    let kept: HashSet<&str> = selection.kept.iter().map(String::as_str).collect();
    let surplus: HashSet<&str> = selection.surplus.iter().map(String::as_str).collect();
    let mut findings: HashMap<&str, Vec<&Verdict>> = HashMap::new();
    for verdict in verdicts.iter().filter(|v| v.outcome != CheckOutcome::Pass) {
        findings.entry(&verdict.candidate).or_default().push(verdict);
    }
    let mut shown: BTreeMap<Group<'_>, usize> = BTreeMap::new();
    let mut examples = Vec::new();
    for candidate in candidates {
        let id = candidate.id.as_str();
        let found = findings.get(id).map_or(&[][..], Vec::as_slice);
        let group = match (kept.contains(id), surplus.contains(id)) {
            (true, _) => Group::Used(Fate::Kept, &candidate.label),
            (_, true) => Group::Used(Fate::Surplus, &candidate.label),
            _ => Group::rejected(found),
        };
        let n = shown.entry(group).or_default();
        *n += 1;
        if *n > at_most {
            continue;
        }
        let joined = matches!(candidate.sources, Sources::Joined { .. });
        let real = |row: &RowId| match positions.get(row) {
            Some(at) => Some(train.get(*at).text),
            None => lent.get(row).copied().filter(|_| joined),
        };
        let sources = candidate.sources.rows().iter().filter_map(real);
        examples.push(Example {
            label: candidate.label.clone(),
            text: candidate.text.clone(),
            sources: sources.map(str::to_owned).collect(),
            origin: match &candidate.sources {
                Sources::Joined { joints, .. } => Origin::Joined(joints.clone()),
                Sources::Harvested(_) => Origin::Harvested,
                Sources::One(_) | Sources::Among(_) | Sources::Unknown => Origin::Written,
            },
            fate: group.fate(),
            findings: found.iter().map(|v| (*v).clone()).collect(),
        });
    }
    examples
}

/// Texts of which a few stand for the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Group<'a> {
    Used(Fate, &'a str),
    Rejected(&'a str, &'a str),
}

impl<'a> Group<'a> {
    fn rejected(found: &[&'a Verdict]) -> Self {
        let first = found.iter().find(|v| v.outcome == CheckOutcome::Reject);
        first.map_or(Group::Rejected("", ""), |v| Group::Rejected(&v.check, &v.reason))
    }

    fn fate(self) -> Fate {
        match self {
            Group::Used(fate, _) => fate,
            Group::Rejected(..) => Fate::Rejected,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Dataset, Rows};

    fn candidate(id: &str, sources: Sources) -> Candidate {
        Candidate {
            id: id.to_owned(),
            text: format!("text {id}"),
            label: "joy".to_owned(),
            request: None,
            position: 0,
            sources,
            fault: None,
            came: None,
            attributes: Default::default(),
        }
    }

    fn reject(id: &str) -> Verdict {
        Verdict {
            candidate: id.to_owned(),
            check: "copy".to_owned(),
            outcome: CheckOutcome::Reject,
            score: None,
            reason: "copy_of_row".to_owned(),
            evidence: Vec::new(),
        }
    }

    #[test]
    fn shows_a_few_of_each_fate_with_their_sources() {
        let mut rows = Rows::default();
        rows.push("so happy", "joy").expect("room for a label");
        rows.push("so sad", "sadness").expect("room for a label");
        let data = Dataset::new(rows).expect("two labels");
        let happy = data.train().get(0).id;
        let candidates =
            [candidate("a", Sources::One(happy)), candidate("b", Sources::Unknown), candidate("c", Sources::Unknown)];
        let selection = Selection { schema: 1, kept: vec!["a".to_owned()], surplus: Vec::new(), labels: Vec::new() };
        let shown = examples(data.train(), &[], (&candidates, &[reject("b"), reject("c")], &selection), 1);
        assert_eq!(shown.len(), 2, "the second text of the same check and reason is left out");
        assert_eq!((shown[0].fate, shown[0].sources.as_slice()), (Fate::Kept, &["so happy".to_owned()][..]));
        assert_eq!((shown[1].fate, shown[1].findings.len()), (Fate::Rejected, 1));
    }

    #[test]
    fn shows_the_texts_of_rows_without_a_label_that_lent_parts() {
        let mut rows = Rows::default();
        rows.push("so happy", "joy").expect("room for a label");
        rows.push("so sad", "sadness").expect("room for a label");
        let data = Dataset::new(rows).expect("two labels");
        let lent =
            Donor { id: RowId::new("uncle by the sea", "", 0), text: "uncle by the sea".to_owned(), guess: None };
        let rows = vec![data.train().get(0).id, lent.id];
        let candidates = [candidate("a", Sources::Joined { rows, joints: Vec::new() })];
        let selection = Selection { schema: 1, kept: vec!["a".to_owned()], surplus: Vec::new(), labels: Vec::new() };
        let shown = examples(data.train(), &[lent], (&candidates, &[], &selection), 1);
        assert_eq!(shown[0].sources, ["so happy", "uncle by the sea"]);
    }
}

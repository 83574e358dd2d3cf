//! From the appended records to what holds now.

use super::{Decision, Record, RowHash};
use std::collections::{BTreeMap, HashMap};

/// What the records say of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Nobody has decided.
    Open,
    /// This holds: all who decided agree, or somebody settled it.
    Decided(Decision),
    /// Reviewers disagree and nobody has settled it: the row is not used meanwhile.
    Disputed,
}

/// All decisions that still hold.
#[derive(Debug, Clone, Default)]
pub struct History {
    /// The last decision of each reviewer on each row, with its record's position.
    of_row: HashMap<RowHash, BTreeMap<String, (usize, Record)>>,
}

impl History {
    /// Reads the records in the order in which they were appended. An undo takes back the reviewer's latest record that still
    /// stands, as often as it is given.
    pub fn of(records: impl IntoIterator<Item = Record>) -> Self {
        let mut stacks: HashMap<String, Vec<(usize, Record)>> = HashMap::new();
        for (at, record) in records.into_iter().enumerate() {
            let stack = stacks.entry(record.reviewer.clone()).or_default();
            match record.decision {
                Decision::Undo => drop(stack.pop()),
                _ => stack.push((at, record)),
            }
        }
        let mut history = History::default();
        for (reviewer, stack) in stacks {
            for (at, record) in stack {
                history.of_row.entry(record.row.clone()).or_default().insert(reviewer.clone(), (at, record));
            }
        }
        history
    }

    /// The record that an undo of `reviewer` would take back.
    pub fn last_of(&self, reviewer: &str) -> Option<&Record> {
        let of_reviewer = self.of_row.values().filter_map(|by| by.get(reviewer));
        of_reviewer.max_by_key(|(at, _)| *at).map(|(_, record)| record)
    }

    /// What the records say of a row.
    pub fn standing(&self, row: &RowHash) -> Standing {
        let decided: Vec<&(usize, Record)> = self.decided(row).collect();
        let settled = decided.iter().filter(|(_, r)| r.settles).max_by_key(|(at, _)| *at);
        if let Some((_, record)) = settled {
            return Standing::Decided(record.decision.clone());
        }
        let Some((_, last)) = decided.iter().max_by_key(|(at, _)| *at) else { return Standing::Open };
        match decided.iter().all(|(_, r)| have_one_effect(&r.decision, &last.decision)) {
            true => Standing::Decided(last.decision.clone()),
            false => Standing::Disputed,
        }
    }

    /// What `reviewer` decided about a row; a skipped row is undecided.
    pub fn decision(&self, row: &RowHash, reviewer: &str) -> Option<&Decision> {
        self.of_row.get(row)?.get(reviewer).map(|(_, r)| &r.decision)
    }

    /// Reviewers who decided about a row, and what, by name.
    pub fn decisions(&self, row: &RowHash) -> impl Iterator<Item = (&str, &Decision)> {
        self.decided(row).map(|(_, r)| (r.reviewer.as_str(), &r.decision))
    }

    /// As [`History::decisions`], without those that settled a disagreement: they were not made blind.
    pub fn blind(&self, row: &RowHash) -> impl Iterator<Item = (&str, &Decision)> {
        self.decided(row).filter(|(_, r)| !r.settles).map(|(_, r)| (r.reviewer.as_str(), &r.decision))
    }

    /// Rows that somebody decided about.
    pub fn rows(&self) -> impl Iterator<Item = &RowHash> {
        self.of_row.keys().filter(|row| self.decided(row).next().is_some())
    }

    fn decided(&self, row: &RowHash) -> impl Iterator<Item = &(usize, Record)> {
        let by = self.of_row.get(row).into_iter().flat_map(BTreeMap::values);
        by.filter(|(_, r)| r.decision != Decision::Skip)
    }
}

/// Whether two decisions do the same to the data. The reason of a rejection does not.
fn have_one_effect(a: &Decision, b: &Decision) -> bool {
    matches!((a, b), (Decision::Reject { .. }, Decision::Reject { .. })) || a == b
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::Why;
    use super::*;

    pub(in crate::review) fn record(row: &str, reviewer: &str, decision: Decision) -> Record {
        Record {
            row: RowHash::of("joy", row),
            candidate: row.to_owned(),
            reviewer: reviewer.to_owned(),
            decision,
            settles: false,
            old_text: row.to_owned(),
            old_label: "joy".to_owned(),
            time: String::new(),
        }
    }

    fn reject(reason: Why) -> Decision {
        Decision::Reject { reason }
    }

    #[test]
    fn undo_takes_back_one_decision_after_the_other() {
        let one = || record("a", "anna", Decision::Accept);
        let two = || record("b", "anna", reject(Why::Copy));
        let undo = || record("", "anna", Decision::Undo);
        let a = RowHash::of("joy", "a");
        let b = RowHash::of("joy", "b");
        let after = History::of([one(), two(), undo()]);
        assert_eq!((after.standing(&a), after.standing(&b)), (Standing::Decided(Decision::Accept), Standing::Open));
        assert_eq!(after.last_of("anna").map(|r| r.old_text.as_str()), Some("a"));
        let after = History::of([one(), two(), undo(), undo(), undo()]);
        assert_eq!((after.standing(&a), after.last_of("anna")), (Standing::Open, None));
    }

    #[test]
    fn an_undo_brings_back_what_the_reviewer_had_said_before() {
        let records = [
            record("a", "anna", Decision::Accept),
            record("a", "anna", reject(Why::Other)),
            record("a", "anna", Decision::Undo),
        ];
        assert_eq!(History::of(records).standing(&RowHash::of("joy", "a")), Standing::Decided(Decision::Accept));
    }

    #[test]
    fn reviewers_who_disagree_dispute_a_row_until_somebody_settles_it() {
        let mut records = vec![record("a", "anna", Decision::Accept), record("a", "ben", reject(Why::Unnatural))];
        let row = RowHash::of("joy", "a");
        assert_eq!(History::of(records.clone()).standing(&row), Standing::Disputed);
        records.push(Record { settles: true, ..record("a", "cleo", reject(Why::Copy)) });
        assert_eq!(History::of(records).standing(&row), Standing::Decided(reject(Why::Copy)));
    }

    #[test]
    fn two_rejections_agree_whatever_their_reasons_and_a_skip_decides_nothing() {
        let records = [
            record("a", "anna", reject(Why::Copy)),
            record("a", "ben", reject(Why::Other)),
            record("b", "ben", Decision::Skip),
        ];
        let history = History::of(records);
        assert!(matches!(history.standing(&RowHash::of("joy", "a")), Standing::Decided(Decision::Reject { .. })));
        assert_eq!(history.standing(&RowHash::of("joy", "b")), Standing::Open);
        assert_eq!(history.rows().count(), 1);
    }
}

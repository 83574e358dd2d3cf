//! `selection.json`: what is used of a run's texts, and what became of the rest.

use crate::pipeline::attributes;
use crate::pipeline::spent::Spent;
use crate::pipeline::{Accounting, GivenUp, Halt, SetAside};
use equipoise_core::generator::{Fault, Sources};
use equipoise_core::parse::NoteKind;
use equipoise_core::plan::Plan;
use equipoise_core::round::Generated;
use equipoise_core::select::{Funnel, Selection, ValueCount};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashSet};

/// `selection.json`: the selection, and what became of every row that was asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SelectionFile {
    /// The selection.
    #[serde(flatten)]
    pub selection: Selection,
    /// What became of every row that was asked for.
    pub rows: Accounting,
    /// How many texts have each value of an attribute, where attributes were asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<ValueCount>,
    /// How the texts became fewer: asked for, answered, read whole, kept.
    #[serde(default)]
    pub funnel: Funnel,
    /// What was wrong with answers, and how often.
    pub notes: BTreeMap<NoteKind, usize>,
    /// Texts that were given up.
    #[serde(default)]
    pub set_aside: Vec<SetAside>,
    /// Why nothing more was asked, if so.
    #[serde(default)]
    pub halt: Option<Halt>,
    /// What a person should know of a label's texts: why there are fewer than wanted, how many are real rows with a guessed label.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<String>,
    /// USD of the answers for each text that is kept; `None` where the price is unknown or nothing is kept. Requests of unknown fate
    /// are not in it: what a killed run and a whole one write is equal.
    #[serde(default)]
    pub usd_per_kept: Option<f64>,
}

impl SelectionFile {
    /// What the rounds gave, and what a kept text cost.
    pub(super) fn new(plan: &Plan, generated: &Generated, spent: &Spent) -> Self {
        let n_kept = generated.rows.kept;
        let file = SelectionFile {
            selection: generated.selection.clone(),
            rows: generated.rows,
            attributes: attributes::counts(plan, generated),
            funnel: Funnel::default(),
            notes: generated.notes.clone(),
            set_aside: generated.set_aside.clone(),
            halt: generated.halt,
            remarks: generated.remarks.iter().cloned().chain(harvested(generated)).collect(),
            usd_per_kept: spent.usd_answers.filter(|_| n_kept > 0).map(|usd| usd / n_kept as f64),
        };
        let left_out =
            (generated.rows.missing > 0).then(|| ("left out of an answer".to_owned(), generated.rows.missing));
        let never_came: Vec<(String, usize)> = file.never_came().into_iter().chain(left_out).collect();
        let funnel = Funnel::new(Some(generated.rows.planned), &never_came, &file.selection);
        SelectionFile { funnel, ..file }
    }

    /// Texts that were asked for and never came: why, and how many.
    pub(super) fn never_came(&self) -> Vec<(String, usize)> {
        let mut given_up: BTreeMap<(GivenUp, Fault), usize> = BTreeMap::new();
        self.set_aside.iter().for_each(|s| *given_up.entry((s.state, s.reason)).or_default() += 1);
        let words = |state| match state {
            GivenUp::Refused => "declined, also alone",
            GivenUp::Quarantined => "held back for you to look at: without a usable answer three times alone",
            GivenUp::Failed => "the provider rejects the request",
        };
        let given_up = given_up.into_iter().map(|((state, fault), n)| (format!("{} ({fault})", words(state)), n));
        let open = ("not asked for to the end: the run was stopped".to_owned(), self.rows.cancelled);
        given_up.chain([open]).filter(|(_, n)| *n > 0).collect()
    }
}

/// How many of each label's kept texts are real rows with a guessed label, in words.
fn harvested(generated: &Generated) -> Vec<String> {
    let kept: HashSet<&str> = generated.selection.kept.iter().map(String::as_str).collect();
    let mut n_of_label: BTreeMap<&str, usize> = BTreeMap::new();
    for c in &generated.candidates {
        if matches!(c.sources, Sources::Harvested(_)) && kept.contains(c.id.as_str()) {
            *n_of_label.entry(&c.label).or_default() += 1;
        }
    }
    let words =
        |(label, n)| format!("`{label}`: {n} of the kept texts are real unlabelled rows; their label is a guess");
    n_of_label.into_iter().map(words).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::testing::{RARE, ran, recipe, text};

    #[test]
    fn the_file_accounts_for_every_text_that_was_asked_for() {
        let (outcome, files) = ran(recipe());
        let file: SelectionFile = serde_json::from_str(text(&files, "selection.json")).expect("its own file");
        assert!(file.rows.balances());
        assert_eq!((&file.selection, file.rows), (&outcome.selection, outcome.rows));
        assert_eq!(file.selection.labels.iter().map(|l| l.label.as_str()).collect::<Vec<_>>(), [RARE]);
    }

    #[test]
    fn texts_that_never_came_are_counted_by_their_reason() {
        let (outcome, _) = ran(recipe());
        let aside = |reason| SetAside {
            label: RARE.to_owned(),
            state: GivenUp::Refused,
            reason,
            rows: Vec::new(),
            request: equipoise_core::generator::RequestKey("0".repeat(64)),
        };
        let file = SelectionFile {
            selection: outcome.selection,
            rows: Accounting { cancelled: 4, ..Accounting::default() },
            attributes: Vec::new(),
            funnel: Funnel::default(),
            notes: BTreeMap::new(),
            set_aside: vec![aside(Fault::Refused), aside(Fault::Refused)],
            halt: None,
            remarks: Vec::new(),
            usd_per_kept: None,
        };
        let told = file.never_came();
        assert_eq!(told.iter().map(|(_, n)| *n).collect::<Vec<_>>(), [2, 4]);
        assert!(told[0].0.starts_with("declined, also alone"), "{told:?}");
    }
}

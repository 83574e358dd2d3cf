//! What a run gave.

use super::JudgeSpent;
use super::derive::{Basis, Derived};
use super::selection::SelectionFile;
use super::spent::Spent;
use super::{Accounting, SetAside};
use equipoise_core::eval::{Evaluation, RowWeights};
use equipoise_core::generator::Candidate;
use equipoise_core::probation::LabelJudgement;
use equipoise_core::round::Generated;
use equipoise_core::select::{Selection, ValueCount};
use equipoise_core::text::{counted, thousands};
use std::collections::HashSet;

/// What a finished run gave.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The texts that are used.
    pub kept: Vec<Candidate>,
    /// What was selected, by label.
    pub selection: Selection,
    /// What became of every row that was asked for.
    pub rows: Accounting,
    /// How many texts have each value of an attribute; empty where none were asked for.
    pub attributes: Vec<ValueCount>,
    /// Texts that were given up.
    pub set_aside: Vec<SetAside>,
    /// USD of the answers for each text that is kept.
    pub usd_per_kept: Option<f64>,
    /// What was asked and paid.
    pub spent: Spent,
    /// What the texts did; `None` where nothing was held out.
    pub evaluation: Option<Evaluation>,
    /// The fitted model of the arm that was chosen; `None` where nothing was evaluated or it cannot be saved.
    pub model: Option<Vec<u8>>,
    /// What each row weighs in that arm.
    pub weights: Option<RowWeights>,
    /// For people: shortfalls, failures, faults of answers.
    pub notes: Vec<String>,
}

impl Outcome {
    pub(crate) fn new(basis: &Basis<'_>, derived: Derived) -> Self {
        let Derived { file, judged } = derived;
        let ids: HashSet<&str> = file.selection.kept.iter().map(String::as_str).collect();
        let kept = basis.generated.candidates.iter().filter(|c| ids.contains(c.id.as_str())).cloned().collect();
        let notes = notes(&file, basis.generated, basis.spent);
        let (evaluation, model, weights) =
            judged.map_or((None, None, None), |j| (Some(j.evaluation), j.model, j.weights));
        Outcome {
            kept,
            notes,
            selection: file.selection,
            rows: file.rows,
            attributes: file.attributes,
            set_aside: file.set_aside,
            usd_per_kept: file.usd_per_kept,
            spent: basis.spent.clone(),
            evaluation,
            model,
            weights,
        }
    }
}

/// What a person should hear at the end.
fn notes(file: &SelectionFile, generated: &Generated, spent: &Spent) -> Vec<String> {
    let mut notes = Vec::new();
    let r = &file.rows;
    if r.planned > 0 {
        let n = |n: usize| thousands(n as u64);
        notes.push(file.funnel.line());
        notes.push(format!(
            "{} asked for in {}: {} kept, {} not needed, {} rejected, {} missing, {} refused, {} held back, {} failed{}",
            counted(r.planned, "text"),
            counted(generated.n_requests, "request"),
            n(r.kept),
            n(r.surplus),
            n(r.rejected),
            n(r.missing),
            n(r.refused),
            n(r.quarantined),
            n(r.failed),
            if r.extra > 0 { format!(" ({} came beyond that or broken)", n(r.extra)) } else { String::new() }
        ));
    }
    for l in file.selection.labels.iter().filter(|l| l.shortfall > 0) {
        let why: Vec<String> =
            l.rejected_by.iter().take(3).map(|(why, n)| format!("{why} {}", thousands(*n as u64))).collect();
        let why = if why.is_empty() { String::new() } else { format!("; rejected: {}", why.join(", ")) };
        let wanted = counted(l.wanted, "text");
        notes.push(format!("`{}` is {} short of its target of {wanted}{why}", l.label, thousands(l.shortfall as u64)));
    }
    for (why, n) in file.never_came() {
        notes.push(format!("{} never came: {why}", counted(n, "text")));
    }
    if !file.set_aside.is_empty() {
        notes.push("`set_aside` in selection.json names the rows of texts that were given up".to_owned());
    }
    for (kind, n) in &generated.failures {
        notes.push(format!("{} failed: {kind}", counted(*n, "request")));
    }
    notes.extend(generated.checks.judge.iter().flat_map(LabelJudgement::sentences));
    notes.extend(spent.judge.iter().map(JudgeSpent::told));
    notes.extend(file.remarks.iter().cloned());
    for (kind, n) in &generated.notes {
        notes.push(format!("answers: {} {}", counted(*n, "time"), kind.words()));
    }
    notes.extend(spent.told_unknown());
    if let Some(usd) = spent.usd.filter(|usd| *usd > 0.0) {
        // What a kept text cost is of the answers alone; what nobody knows of is said apart.
        let answers = spent.usd_answers.filter(|answers| usd - answers > 0.0);
        let answers = answers.map_or_else(String::new, |answers| format!(", {answers:.4} USD of it for answers"));
        let each = file.usd_per_kept.map_or_else(String::new, |each| format!(": {each:.5} USD a kept text"));
        notes.push(format!("spent {usd:.4} USD{answers}{each}"));
    }
    notes
}

#[cfg(test)]
mod tests {
    use crate::pipeline::testing::{RARE, ran, recipe};
    use equipoise_core::text::thousands;

    #[test]
    fn a_person_hears_what_became_of_the_texts_and_where_a_label_is_short() {
        let mut recipe = recipe();
        recipe.targets.label_to.insert(RARE.to_owned(), "4000".to_owned());
        recipe.evaluate.enabled = false;
        let (outcome, _) = ran(recipe);
        let told = outcome.notes.join("\n");
        let short = thousands(3_988 - outcome.kept.len() as u64);
        assert!(told.contains(&format!(" texts asked for in 3 requests: {} kept", outcome.kept.len())), "{told}");
        assert!(told.contains(&format!("`{RARE}` is {short} short of its target of 3,988 texts")), "{told}");
    }
}

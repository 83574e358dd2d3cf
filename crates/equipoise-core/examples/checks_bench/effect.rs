//! What each check does to recorded answers: the rows that it alone rejects, and what the classifier gains or loses by that.

use crate::Fault;
use crate::data::{self, Cell};
use crate::fit::{Fitted, f1, with_ids};
use crate::measure::checks;
use equipoise_core::check::{CheckOutcome, Context, judge_all};
use equipoise_core::data::{Dataset, LabelId, RowId, Rows};
use equipoise_core::generator::{Candidate, Sources};
use equipoise_core::rng::Seed;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The checks that reject each candidate.
type Rejections = Vec<BTreeSet<String>>;

/// Prints the table.
pub(crate) fn effect(folder: &Path) -> Result<(), Fault> {
    let mut cells = surprise(folder)?;
    cells.extend(data::cells(folder)?);
    println!(
        "\nRecorded answers: rows that a check alone rejects, and macro-F1 with it minus without it (points); none and all checks: F1\n"
    );
    let mut by_check: BTreeMap<String, Vec<(usize, f64)>> = BTreeMap::new();
    for cell in &cells {
        let rejections = rejections(cell)?;
        let kept_if = |keeps: &dyn Fn(&BTreeSet<String>) -> bool| score(cell, &rejections, keeps);
        let (unchecked, checked) = (kept_if(&|_| true), kept_if(&|by| by.is_empty()));
        let n_kept = rejections.iter().filter(|by| by.is_empty()).count();
        println!(
            "- {}: {} rows, {n_kept} kept; unchecked {unchecked:.2}, checked {checked:.2}",
            cell.name,
            cell.made.len()
        );
        for check in checks() {
            let name = check.name();
            let is_alone = |by: &BTreeSet<String>| by.len() == 1 && by.contains(name);
            let n = rejections.iter().filter(|by| is_alone(by)).count();
            let gained = match n {
                0 => 0.0,
                _ => checked - kept_if(&|by| by.is_empty() || is_alone(by)),
            };
            by_check.entry(name.to_owned()).or_default().push((n, gained));
        }
    }
    let names: Vec<&str> = cells.iter().map(|cell| cell.name.as_str()).collect();
    println!("\n| check | {} | mean |\n|---|{}---|", names.join(" | "), "---|".repeat(names.len()));
    for (name, effects) in by_check.iter().filter(|(_, effects)| effects.iter().any(|(n, _)| *n > 0)) {
        let mean = effects.iter().map(|(_, gained)| gained).sum::<f64>() / effects.len() as f64;
        let of_cells: Vec<String> = effects.iter().map(|(n, gained)| format!("{n} ({gained:+.2})")).collect();
        println!("| `{name}` | {} | {mean:+.2} |", of_cells.join(" | "));
    }
    Ok(())
}

/// `surprise` of the emotion set, in three styles.
fn surprise(folder: &Path) -> Result<Vec<Cell>, Fault> {
    let (train, test) = data::emotion(folder)?;
    let of = |style: &str| {
        let path = folder.join("emotion").join(format!("surprise-{style}.cassette.jsonl"));
        Ok(Cell::new(style, train.clone(), test.clone(), data::cassette(&path, &train)?))
    };
    ["paraphrase", "same-topic", "new-situation"].into_iter().map(of).collect()
}

fn rejections(cell: &Cell) -> Result<Rejections, Fault> {
    let rows = |of: &[data::LabelledText]| {
        let mut rows = Rows::default();
        of.iter().try_for_each(|(text, label)| rows.push(text, label)).ok_or("too many labels").map(|()| rows)
    };
    let dataset = Dataset::with_test(rows(&cell.train)?, rows(&cell.test)?)?;
    let fingerprints = dataset.held_out().map(|held| held.fingerprints());
    let context = Context::new(dataset.train(), fingerprints.as_ref(), Seed::new(7));
    let ids: Vec<RowId> = dataset.train().rows().map(|row| row.id).collect();
    let candidate = |(n, made): (usize, &data::MadeText)| Candidate {
        id: n.to_string(),
        text: made.text.clone(),
        label: made.label.clone(),
        request: None,
        position: n,
        sources: Sources::One(ids[made.parent]),
        fault: None,
        came: None,
        attributes: Default::default(),
    };
    let candidates: Vec<Candidate> = cell.made.iter().enumerate().map(candidate).collect();
    let mut rejections = vec![BTreeSet::new(); candidates.len()];
    for verdict in judge_all(&checks(), &context, &candidates) {
        if verdict.outcome == CheckOutcome::Reject {
            rejections[verdict.candidate.parse::<usize>()?].insert(verdict.check);
        }
    }
    Ok(rejections)
}

/// Macro-F1 of a classifier of the real rows and those answers that `keeps` takes, in points.
fn score(cell: &Cell, rejections: &[BTreeSet<String>], keeps: &dyn Fn(&BTreeSet<String>) -> bool) -> f64 {
    let made = cell.made.iter().zip(rejections).filter(|(_, by)| keeps(by));
    let made = made.filter_map(|(made, _)| Some((made.text.as_str(), cell.labels.id(&made.label)?)));
    let rows: Vec<(&str, LabelId)> = with_ids(&cell.train, &cell.labels).into_iter().chain(made).collect();
    let (texts, truth): (Vec<&str>, Vec<LabelId>) = with_ids(&cell.test, &cell.labels).into_iter().unzip();
    f1(&truth, &Fitted::new(&rows, cell.labels.len(), false).predict(&texts), None)
}

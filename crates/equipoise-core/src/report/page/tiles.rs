//! The figures of the first screen.

use super::chart::raised_labels;
use crate::eval::{ArmResult, Evaluation};
use crate::metric::{F1, MACRO_F1};
use crate::report::ReportData;
use crate::report::figure::Figure;
use crate::report::number::{clip, count, percent, usd};
use crate::report::roles::{Roles, difference};
use serde::Serialize;

/// One figure in large type and what belongs to it.
#[derive(Debug, Serialize)]
pub(super) struct Tile {
    title: String,
    /// The large figure; a difference is coloured by its direction.
    figure: Option<Figure>,
    /// The large text where there is no estimate.
    value: String,
    /// Small print, a line each.
    lines: Vec<String>,
}

/// The tiles of a run.
pub(super) fn tiles(data: &ReportData<'_>) -> Vec<Tile> {
    let mut tiles = Vec::new();
    if let Some((evaluation, roles)) = data.evaluation.and_then(|e| Some((e, Roles::of(e)?))) {
        tiles.extend(macro_f1(evaluation, &roles));
        tiles.extend(rarest(data, evaluation, &roles));
    }
    tiles.extend(kept(data));
    tiles.extend(cost(data));
    tiles
}

/// Levels stand in the charts, where each has its interval; here stand the differences.
fn macro_f1(evaluation: &Evaluation, roles: &Roles<'_>) -> Vec<Tile> {
    let Some(arm) = roles.synthetic else { return Vec::new() };
    let against = [("Macro-F1 against real rows alone", roles.none), ("Macro-F1 against the free rival", roles.rival)];
    let tile = |(title, other): (&str, Option<&ArmResult>)| {
        let other = other?;
        let difference = difference(evaluation, arm, other, &MACRO_F1.key(None));
        Some(Tile {
            title: title.to_owned(),
            figure: Some(Figure::difference(difference.as_ref(), "not compared")),
            value: String::new(),
            lines: vec![format!("{} against {}", arm.name, other.name)],
        })
    };
    against.into_iter().filter_map(tile).collect()
}

fn rarest(data: &ReportData<'_>, evaluation: &Evaluation, roles: &Roles<'_>) -> Option<Tile> {
    let label = *raised_labels(data).first()?;
    let (arm, none) = (roles.synthetic?, roles.none?);
    let support = none.labels.get(label).map_or(0, |l| l.support);
    let difference = difference(evaluation, arm, none, &F1.key(Some(label)));
    Some(Tile {
        title: format!("F1 of the rarest raised label, {}", clip(label, 40)),
        figure: Some(Figure::difference(difference.as_ref(), "not compared")),
        value: String::new(),
        lines: vec![
            format!("{} against {}", arm.name, none.name),
            format!("{} held-out rows of the label", count(support)),
        ],
    })
}

fn kept(data: &ReportData<'_>) -> Option<Tile> {
    let labels = &data.selection?.labels;
    let sum = |of: fn(&crate::select::LabelSelection) -> usize| labels.iter().map(of).sum::<usize>();
    let (kept, candidates, short) = (sum(|l| l.n_kept), sum(|l| l.n_candidates), sum(|l| l.shortfall));
    let share = if candidates > 0 { format!(", {}", percent(kept as f64 / candidates as f64)) } else { String::new() };
    let mut lines = vec![format!("of {} texts{share}", count(candidates))];
    if short > 0 {
        lines.push(format!("{} short of the target", count(short)));
    }
    Some(Tile { title: "Synthetic rows kept".to_owned(), figure: None, value: count(kept), lines })
}

fn cost(data: &ReportData<'_>) -> Option<Tile> {
    let cost = data.cost?;
    let mut lines = vec![match data.usd_per_row() {
        Some(each) => format!("{} a kept row", usd(each)),
        None if cost.usd.is_none() => "price unknown".to_owned(),
        None => "no row kept".to_owned(),
    }];
    if let Some(plan) = data.plan {
        lines.push(clip(&plan.model, 60));
    }
    let value = cost.usd.map_or_else(|| crate::report::number::ABSENT.to_owned(), usd);
    Some(Tile { title: "Cost".to_owned(), figure: None, value, lines })
}

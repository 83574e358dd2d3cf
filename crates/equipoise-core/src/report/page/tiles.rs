//! The figures of the first screen.

use super::chart::raised_labels;
use crate::arm::NONE;
use crate::eval::{Judged, Verdict};
use crate::report::ReportData;
use crate::report::figure::Figure;
use crate::report::number::{clip, count, percent, usd};
use crate::stats::Estimate;
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
    if let Some(verdict) = data.evaluation.map(|evaluation| &evaluation.verdict) {
        tiles.extend(verdict.judged.iter().flat_map(differences));
        tiles.extend(rarest(data, verdict));
    }
    tiles.extend(kept(data));
    tiles.extend(cost(data));
    tiles
}

/// Levels stand in the charts, where each has its interval; here stand the differences that the verdict rests on.
fn differences(judged: &Judged) -> Vec<Tile> {
    let figure = capitalised(&judged.figure.words.replace('`', ""));
    let tile = |title: String, difference: Option<&Estimate>, against: &str| Tile {
        title: clip(&title, 90),
        figure: Some(Figure::difference(difference, "not compared")),
        value: String::new(),
        lines: vec![format!("{} against {against}", judged.arm)],
    };
    let rival = judged.over_rivals.first();
    let rival =
        rival.map(|rival| tile(format!("{figure} against the free rival"), rival.difference.as_ref(), &rival.arm));
    let none = tile(format!("{figure} against real rows alone"), Some(&judged.over_none), NONE);
    rival.into_iter().chain([none]).collect()
}

/// The rarest raised label.
fn rarest(data: &ReportData<'_>, verdict: &Verdict) -> Option<Tile> {
    let rarest = *raised_labels(data).first()?;
    let label = verdict.labels.iter().find(|label| label.label == rarest)?;
    Some(Tile {
        title: format!("F1 of the rarest raised label, {}", clip(rarest, 40)),
        figure: Some(Figure::difference(label.difference.as_ref(), "not compared")),
        value: String::new(),
        lines: vec![
            format!("{} against {NONE}", label.arm),
            format!("{} held-out rows of the label", count(label.support)),
        ],
    })
}

fn capitalised(words: &str) -> String {
    let mut chars = words.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
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

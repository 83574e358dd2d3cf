//! What the page shows, in its order: each part computes its own text and geometry, the template only places them.

mod analysis;
mod balance;
mod chart;
mod confusion;
mod contrasts;
mod cost;
mod curve;
mod labels;
mod method;
mod rows;
mod tiles;

use super::ReportData;
use super::roles::Roles;
use super::verdict::Headline;
use serde::Serialize;

/// The raised labels beyond this many have their charts folded away.
const OPEN_CHARTS: usize = 6;

/// Everything that the template places.
#[derive(Debug, Serialize)]
pub(super) struct Page {
    name: String,
    tool_version: String,
    headline: Headline,
    summary: Vec<chart::Chart>,
    tiles: Vec<tiles::Tile>,
    balance: balance::Balance,
    labels: Vec<labels::LabelTable>,
    /// The learner of `labels` and of the confusion matrices.
    learner: String,
    charts: Vec<chart::Chart>,
    more_charts: Vec<chart::Chart>,
    confusions: Option<confusion::Confusions>,
    contrasts: Option<contrasts::Contrasts>,
    analysis: Option<analysis::Insight>,
    rows: rows::Rows,
    cost: Option<cost::CostTable>,
    method: method::Method,
    is_evaluated: bool,
}

impl Page {
    /// The page of a run, with at most `per_group` example texts of each kind.
    pub(super) fn of(data: &ReportData<'_>, per_group: usize) -> Self {
        let evaluation = data.evaluation;
        let rarest = chart::raised_labels(data).first().copied();
        let summary = evaluation.into_iter().flat_map(|e| {
            let label = rarest.and_then(|l| chart::label_summary(e, l));
            label.into_iter().chain(chart::summary(e))
        });
        let mut charts = evaluation.map(chart::overall).unwrap_or_default();
        charts.extend(evaluation.map(|e| chart::raised(data, e)).unwrap_or_default());
        let more_charts = charts.split_off(charts.len().min(OPEN_CHARTS));
        Page {
            name: data.name.clone(),
            tool_version: data.provenance.tool_version.clone(),
            headline: Headline::of(data),
            summary: summary.collect(),
            tiles: tiles::tiles(data),
            balance: balance::Balance::of(data),
            labels: evaluation.map(|e| labels::tables(data, e)).unwrap_or_default(),
            learner: evaluation.and_then(Roles::of).map_or_else(String::new, |r| r.learner.to_owned()),
            charts,
            more_charts,
            confusions: evaluation.and_then(confusion::Confusions::of),
            contrasts: evaluation.map(contrasts::Contrasts::of),
            analysis: evaluation.and_then(|e| analysis::Insight::of(&e.analysis)),
            rows: rows::Rows::of(data, per_group),
            cost: cost::CostTable::of(data),
            method: method::Method::of(data),
            is_evaluated: evaluation.is_some(),
        }
    }
}

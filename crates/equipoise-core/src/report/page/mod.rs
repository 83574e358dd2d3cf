//! The page: its first screen, and the sections below it.

mod analysis;
mod arms;
mod balance;
mod chart;
mod checks;
mod confusion;
mod contrasts;
mod cost;
mod curve;
mod explorer;
mod first;
mod labels;
mod reproduction;
mod review;
mod method;
mod patterns;
pub(super) mod pilot;
mod ranking;
mod rows;
mod section;

use super::html::HtmlSettings;
use super::summary::Summary;
use super::{ReportData, template};
use minijinja::Error;
use minijinja::value::Value;
use section::Section;
use serde::Serialize;

/// Every section, in the order of the page. A section is its own file, its template beside it, and a line here.
static SECTIONS: &[&Section] = &[
    &balance::SECTION,
    &labels::SECTION,
    &patterns::SECTION,
    &arms::SECTION,
    &ranking::SECTION,
    &confusion::SECTION,
    &contrasts::SECTION,
    &analysis::SECTION,
    &review::SECTION,
    &checks::SECTION,
    &explorer::SECTION,
    &rows::SECTION,
    &cost::SECTION,
    &method::SECTION,
    &reproduction::SECTION,
];

/// Everything that the template of the page places.
#[derive(Debug, Serialize)]
struct Page {
    name: String,
    tool_version: String,
    badge: &'static str,
    first: Value,
    sections: Vec<Rendered>,
    /// The script of the page, and the source by which its policy lets that run; `None` where there are no rows to look through.
    script: Option<(Value, String)>,
}

/// A section that has something to show.
#[derive(Debug, Serialize)]
struct Rendered {
    id: &'static str,
    menu: &'static str,
    title: &'static str,
    body: Value,
}

/// The page of a run.
pub(super) fn render(data: &ReportData<'_>, settings: &HtmlSettings) -> Result<String, Error> {
    let mut sections = Vec::new();
    for Section { id, menu, title, render } in SECTIONS {
        if let Some(body) = render(data, settings)? {
            sections.push(Rendered { id, menu, title, body: Value::from_safe_string(body) });
        }
    }
    let summary = Summary::of_data(data);
    let has_rows = sections.iter().any(|section| section.id == explorer::SECTION.id);
    let page = Page {
        name: data.name.clone(),
        tool_version: data.provenance.tool_version.clone(),
        badge: summary.badge,
        first: Value::from_safe_string(first::render(data, &summary)?),
        script: has_rows.then(|| (Value::from_safe_string(explorer::SCRIPT.to_owned()), explorer::script_source())),
        sections,
    };
    template::html(include_str!("page.html.j2"), page)
}

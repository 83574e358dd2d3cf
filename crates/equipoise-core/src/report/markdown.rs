//! `report.md`: the first screen of the report, for a pull request or a chat.

use super::lines::SummaryLine;
use super::number::{short, short_signed};
use super::summary::Summary;
use super::{Render, RenderError, ReportData, template};
use crate::catalog::{self, Entry};
use crate::eval::LabelFinding;
use crate::stats::Estimate;
use serde::{Deserialize, Serialize};

const NAME: &str = "markdown";

pub(super) static ENTRY: Entry<dyn Render> = Entry {
    name: NAME,
    what: "Writes report.md: the verdict, its table, what to do and how sure it is, in one screen of Markdown.",
    why: "For pull requests and chats, where a page cannot be shown; it says what the page's first screen says.",
    source: "GitHub Flavored Markdown Spec 0.29, section 4.10 (tables).",
    settings: &[],
    make: |settings| Ok(Box::new(catalog::read::<MarkdownSettings>(NAME, settings)?)),
};

/// Settings of the Markdown report: none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MarkdownSettings {}

impl Render for MarkdownSettings {
    fn file_name(&self) -> &'static str {
        "report.md"
    }

    fn render(&self, data: &ReportData<'_>) -> Result<String, RenderError> {
        let summary = Summary::of_data(data);
        let view = Markdown {
            name: &data.name,
            sign: summary.tone.sign().to_string(),
            rows: summary.lines.iter().map(LineCells::of).collect(),
            n_folded: summary.folded.len(),
            context: super::context::context(data),
            summary: &summary,
        };
        template::markdown(include_str!("../../templates/report.md.j2"), view)
            .map_err(|source| RenderError { renderer: NAME, source })
    }
}

#[derive(Debug, Serialize)]
struct Markdown<'a> {
    name: &'a str,
    sign: String,
    context: Vec<String>,
    summary: &'a Summary,
    rows: Vec<LineCells>,
    n_folded: usize,
}

#[derive(Debug, Serialize)]
struct LineCells {
    name: String,
    rows: String,
    before: String,
    free: String,
    with: String,
    did: String,
}

impl LineCells {
    fn of(line: &SummaryLine) -> Self {
        let level = |e: &Option<Estimate>| e.as_ref().map_or_else(|| "–".to_owned(), |e| short(e.value));
        let finding = match line.finding {
            LabelFinding::Helped => "▲ helped",
            LabelFinding::Harmed => "▼ harmed",
            LabelFinding::NoEffect => "= no effect",
            LabelFinding::CannotTell => "? not proven",
        };
        let change = line.difference.as_ref().map_or_else(String::new, |d| {
            format!(" {} ({} … {})", short_signed(d.value), short_signed(d.low), short_signed(d.high))
        });
        LineCells {
            name: format!("{}{}", line.name, if line.is_raised { " ↑" } else { "" }),
            rows: line.rows.map_or_else(String::new, |(real, made)| match made {
                0 => real.to_string(),
                made => format!("{real} + {made}"),
            }),
            before: level(&line.before),
            free: level(&line.free),
            with: level(&line.with),
            did: format!("{finding}{change}"),
        }
    }
}

//! The report: one self-contained page, and the data set card.
//!
//! Both are made from [`ReportData`], hold no times, and treat every label, text and name in it as untrusted.

mod card;
mod command;
mod context;
mod data;
mod escape;
mod examples;
mod figure;
mod fine_print;
mod html;
mod lines;
mod markdown;
mod number;
mod page;
mod roles;
mod summary;
mod sure;
mod table;
mod template;

pub use card::CardSettings;
pub use command::{command, purpose};
use data::{AttributeRow, attributes, definitions, what};
pub use data::{
    Cost, Example, Fate, Input, InputRole, JudgeCost, Origin, OutputFile, Provenance, ReportData, StoppedAt,
};
pub use examples::examples;
pub use html::HtmlSettings;
pub use lines::{BesideFree, SummaryLine};
pub use markdown::MarkdownSettings;
pub use summary::{Advised, Free, Summary, Tone};
pub use table::{Judgement, MOST_ROWS, RowTable, State, TableRow};

use crate::catalog::Entry;
use crate::pilot::Comparison;

/// Turns a finished run into one file for people.
pub trait Render: Send + Sync {
    /// The name of the file in the run folder.
    fn file_name(&self) -> &'static str;

    /// The file's content: the same data gives the same bytes.
    ///
    /// # Errors
    /// [`RenderError`] where a template and the data that it is given do not fit together: a fault of this crate.
    fn render(&self, data: &ReportData<'_>) -> Result<String, RenderError>;
}

/// The page of a pilot: like the report, it loads nothing and holds no times.
///
/// # Errors
/// As [`Render::render`].
pub fn pilot_page(comparison: &Comparison, tool_version: &str) -> Result<String, RenderError> {
    page::pilot::render(comparison, tool_version).map_err(|source| RenderError { renderer: "html", source })
}

/// Every renderer.
pub static CATALOG: &[&Entry<dyn Render>] = &[&html::ENTRY, &card::ENTRY, &markdown::ENTRY];

/// A template that could not be rendered.
#[derive(Debug, thiserror::Error)]
#[error("the template of `{renderer}` does not fit its data")]
pub struct RenderError {
    /// The renderer's name.
    pub renderer: &'static str,
    /// Where and why.
    #[source]
    pub source: minijinja::Error,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Settings, assert_contract};

    #[test]
    fn every_renderer_keeps_the_contract() {
        assert_contract(CATALOG);
    }

    #[test]
    fn renderers_write_different_files() {
        let names: std::collections::BTreeSet<&str> =
            CATALOG.iter().map(|e| e.build(&Settings::new()).expect("defaults build").file_name()).collect();
        assert_eq!(names.len(), CATALOG.len());
    }
}

//! `report.html`: one page that needs nothing else.

use super::{Render, RenderError, ReportData, page};
use crate::catalog::{self, Entry, Setting, SettingsError};
use serde::Deserialize;

const NAME: &str = "html";

pub(super) static ENTRY: Entry<dyn Render> = Entry {
    name: NAME,
    what: "Writes report.html: the verdict, every figure with its n and interval, and the texts behind them, in one page.",
    why: "For people who decide: it opens anywhere, loads nothing from a network, and runs one script of its own, to search the rows.",
    source: "Dot-and-whisker intervals after Cleveland & McGill (1984), Graphical Perception, JASA 79(387); page rules after WCAG 2.2 AA.",
    settings: &[Setting {
        name: "examples",
        default: "5",
        why: "Texts shown of each label, and of each check and reason; five show a pattern and keep the page readable.",
    }],
    make: |settings| {
        let settings: HtmlSettings = catalog::read(NAME, settings)?;
        if settings.examples > 1000 {
            let message = "`examples` takes 0 to 1000".to_owned();
            return Err(SettingsError::BadValue { item: NAME, message });
        }
        Ok(Box::new(settings))
    },
};

/// Settings of the page.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HtmlSettings {
    /// Texts shown of each label, and of each check and reason, 0..=1000.
    pub examples: usize,
}

impl Default for HtmlSettings {
    fn default() -> Self {
        HtmlSettings { examples: 5 }
    }
}

impl Render for HtmlSettings {
    fn file_name(&self) -> &'static str {
        "report.html"
    }

    fn render(&self, data: &ReportData<'_>) -> Result<String, RenderError> {
        page::render(data, self).map_err(|source| RenderError { renderer: NAME, source })
    }
}

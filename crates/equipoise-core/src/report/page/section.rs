//! What a section of the page is.

use crate::report::ReportData;
use crate::report::html::HtmlSettings;
use minijinja::Error;

/// One part of the page below its first screen.
pub(super) struct Section {
    /// Its anchor.
    pub(super) id: &'static str,
    /// Its word in the menu.
    pub(super) menu: &'static str,
    /// Its heading.
    pub(super) title: &'static str,
    /// What stands below the heading, as HTML in which every value is escaped; `None` leaves the section out.
    pub(super) render: fn(&ReportData<'_>, &HtmlSettings) -> Result<Option<String>, Error>,
}

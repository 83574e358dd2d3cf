//! Tab-separated values.

use super::Format;
use super::delimited::Delimited;
use crate::catalog::Entry;

pub(super) static ENTRY: Entry<dyn Format> = Entry {
    name: "tsv",
    what: "Tab-separated values with a header, quoted as csv is.",
    why: "Texts are full of commas and hardly ever hold a tab.",
    source: "RFC 4180 with a tab for the comma, as spreadsheets and pandas write it.",
    settings: &[],
    make: |_| Ok(Box::new(Delimited { delimiter: b'\t', extensions: &["tsv", "tab"] })),
};

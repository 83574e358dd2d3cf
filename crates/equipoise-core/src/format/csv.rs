//! Comma-separated values.

use super::Format;
use super::delimited::Delimited;
use crate::catalog::Entry;

pub(super) static ENTRY: Entry<dyn Format> = Entry {
    name: "csv",
    what: "Comma-separated values with a header; `;`, tab and `|` are recognised and said.",
    why: "What spreadsheets and most data sets come as.",
    source: "RFC 4180; quotes, doubled quotes and line breaks in cells agree with Python's csv module and pandas.",
    settings: &[],
    make: |_| Ok(Box::new(Delimited { delimiter: b',', extensions: &["csv"] })),
};

//! Tab-separated values.

use super::{ColumnRequest, Format, Layout, NewRow, ReadError, Reading, Sink, WriteError, Written, delimited};
use crate::catalog::Entry;
use std::io::{BufRead, Write};

pub(super) static ENTRY: Entry<dyn Format> = Entry {
    name: "tsv",
    what: "Tab-separated values with a header, quoted as csv is.",
    why: "Texts are full of commas and hardly ever hold a tab.",
    source: "RFC 4180 with a tab for the comma, as spreadsheets and pandas write it.",
    settings: &[],
    make: |_| Ok(Box::new(Tsv)),
};

const DELIMITER: u8 = b'\t';

struct Tsv;

impl Format for Tsv {
    fn extensions(&self) -> &'static [&'static str] {
        &["tsv", "tab"]
    }

    fn sniff(&self, _head: &[u8]) -> bool {
        false
    }

    fn read(
        &self,
        input: &mut dyn BufRead,
        request: &ColumnRequest,
        sink: &mut Sink<'_>,
    ) -> Result<Reading, ReadError> {
        delimited::read(DELIMITER, input, request, sink)
    }

    fn append(
        &self,
        original: &mut dyn BufRead,
        layout: &Layout,
        rows: &[NewRow<'_>],
        out: &mut (dyn Write + Send),
    ) -> Result<Written, WriteError> {
        delimited::append(original, layout, rows, out)
    }

    fn write(
        &self,
        columns: &[&str],
        rows: &[Vec<String>],
        like: Option<&Layout>,
        out: &mut (dyn Write + Send),
    ) -> Result<Written, WriteError> {
        delimited::write(DELIMITER, columns, rows, like, out)
    }
}

//! Comma-separated values.

use super::{ColumnRequest, Format, Layout, NewRow, ReadError, Reading, Sink, WriteError, Written, delimited};
use crate::catalog::Entry;
use std::io::{BufRead, Write};

pub(super) static ENTRY: Entry<dyn Format> = Entry {
    name: "csv",
    what: "Comma-separated values with a header; `;`, tab and `|` are recognised and said.",
    why: "What spreadsheets and most data sets come as.",
    source: "RFC 4180; quotes, doubled quotes and line breaks in cells agree with Python's csv module and pandas.",
    settings: &[],
    make: |_| Ok(Box::new(Csv)),
};

const DELIMITER: u8 = b',';

struct Csv;

impl Format for Csv {
    fn extensions(&self) -> &'static [&'static str] {
        &["csv"]
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

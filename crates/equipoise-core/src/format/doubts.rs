//! Records of delimited text that are probably not what they seem: rows that a stray quote swallowed, headers that stand again.

use super::columns::Chosen;
use super::scan::Record;
use super::{NoteKind, Place, Quote, ReadError};
use crate::format::intake::Intake;

/// Doubtful cells that are kept until all labels are known.
const KEPT: usize = 50;

/// Rows that may stand in single quotes by chance.
const FEWEST_QUOTED: usize = 5;

/// Looks at each record; what is doubtful is judged at the end, by all labels.
pub(super) struct Doubts<'h> {
    header: &'h [String],
    at: (usize, usize),
    delimiter: u8,
    swallowed: Vec<Swallowed>,
    repeated: Option<u64>,
    n_repeated: usize,
    /// Rows, those of them whose text and label stand in single quotes, and those with a blank before the quote of a cell.
    n_rows: [usize; 3],
    quote: Quote,
}

/// A cell of several lines, of which some can be rows.
struct Swallowed {
    line: u64,
    column: String,
    n_lines: usize,
    /// The labels that these rows would have.
    labels: Vec<String>,
}

/// Whether a cell is the name of a column; files that are put together differ in the case of their headers.
pub(super) fn is_name(cell: &str, name: &str) -> bool {
    // Each of them may begin with a byte order mark of its own.
    cell.trim_start_matches('\u{FEFF}').trim().eq_ignore_ascii_case(name.trim())
}

impl<'h> Doubts<'h> {
    pub(super) fn new(header: &'h [String], chosen: &Chosen, delimiter: u8, quote: Quote) -> Self {
        let at = (chosen.text, chosen.label);
        Doubts { header, at, delimiter, swallowed: Vec::new(), repeated: None, n_repeated: 0, n_rows: [0; 3], quote }
    }

    /// Whether the record is a row; a repeated header is counted, and is none.
    ///
    /// # Errors
    /// [`ReadError::OtherHeader`].
    pub(super) fn is_row(&mut self, record: &Record, intake: &mut Intake<'_, '_>) -> Result<bool, ReadError> {
        let (text, label) = self.at;
        let is = |cell: usize, name: usize| is_name(record.get(cell), &self.header[name]);
        let is_header = || {
            let n = record.len().min(self.header.len());
            // Where texts alone are wanted, a text may be called as its column, but not each cell of a row.
            if text == label { n > 1 && (0..n).all(|at| is(at, at)) } else { is(text, text) && is(label, label) }
        };
        if is_header() {
            self.repeated.get_or_insert(record.line);
            self.n_repeated += 1;
            intake.pass_over(NoteKind::RepeatedHeader, record.line);
            return Ok(false);
        }
        if text != label && is(text, label) && is(label, text) {
            return Err(ReadError::OtherHeader { place: Place::line(record.line) });
        }
        let single = |cell: usize| {
            let cell = record.get(cell).trim();
            cell.len() > 2 && cell.starts_with('\'') && cell.ends_with('\'')
        };
        self.n_rows[0] += 1;
        self.n_rows[1] += usize::from(text != label && single(text) && single(label));
        let after_blank = |cell: usize| {
            let cell = record.get(cell);
            cell.starts_with(' ') && cell.trim().len() > 1 && cell.trim().starts_with('"') && cell.trim().ends_with('"')
        };
        self.n_rows[2] += usize::from(self.quote.byte() == Some(b'"') && (after_blank(text) || after_blank(label)));
        for cell in 0..record.len() {
            if record.quoted(cell) && self.swallowed.len() < KEPT && record.get(cell).contains(['\n', '\r']) {
                self.swallowed.extend(self.lines_of(record, cell));
            }
        }
        Ok(true)
    }

    /// The rows that the lines of a cell would be without its quotes.
    fn lines_of(&self, record: &Record, cell: usize) -> Option<Swallowed> {
        let delimiter = char::from(self.delimiter);
        let before: Vec<&str> = (0..cell).map(|i| record.get(i)).collect();
        let lines: Vec<&str> = record.get(cell).lines().collect();
        let rows = lines.iter().enumerate().filter_map(|(i, line)| {
            let own: Vec<&str> = line.split(delimiter).collect();
            let cells = if i == 0 { [&before[..], &own].concat() } else { own };
            (cells.len() == self.header.len() && self.header.len() > 1).then(|| cells[self.at.1].to_owned())
        });
        let labels: Vec<String> = rows.collect();
        let column = self.header[cell].clone();
        (!labels.is_empty()).then_some(Swallowed { line: record.line, column, n_lines: lines.len(), labels })
    }

    /// Ends the looking.
    ///
    /// # Errors
    /// [`ReadError::SwallowedRows`] where lines of a cell end with labels that other rows have; [`ReadError::SingleQuotes`] where all rows
    /// stand in them; [`ReadError::BlankBeforeQuote`]; [`ReadError::RepeatedHeader`] unless rows may be left out.
    pub(super) fn settle(self, intake: &Intake<'_, '_>, allow_dropped: bool) -> Result<(), ReadError> {
        let known = |s: &&Swallowed| s.labels.iter().any(|label| !label.is_empty() && intake.knows(label));
        if let Some(s) = self.swallowed.iter().find(known) {
            let opened = Place::line(s.line).column(s.column.as_str());
            return Err(ReadError::SwallowedRows { opened, n_lines: s.n_lines });
        }
        let [n, n_single, n_after_blank] = self.n_rows;
        if n == n_after_blank && n >= FEWEST_QUOTED {
            return Err(ReadError::BlankBeforeQuote { place: Place::line(2) });
        }
        if n == n_single && n >= FEWEST_QUOTED && self.quote != Quote::Single {
            return Err(ReadError::SingleQuotes { place: Place::line(2) });
        }
        match self.repeated {
            Some(line) if !allow_dropped => {
                Err(ReadError::RepeatedHeader { place: Place::line(line), n: self.n_repeated })
            }
            _ => Ok(()),
        }
    }
}

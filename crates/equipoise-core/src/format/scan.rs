//! Records of delimited text (RFC 4180), with the places that error messages need.

use super::{Place, Quote, ReadError};
use std::io::BufRead;

/// One record, reused from call to call.
#[derive(Debug, Default, Clone)]
pub(super) struct Record {
    bytes: Vec<u8>,
    ends: Vec<usize>,
    quoted: Vec<bool>,
    /// The line on which it starts, from 1.
    pub(super) line: u64,
    /// Records of another width between it and the one before.
    pub(super) n_passed: u64,
}

impl Record {
    /// Forgets what it held; what comes begins at `line`.
    fn begin(&mut self, line: u64) {
        self.bytes.clear();
        self.ends.clear();
        self.quoted.clear();
        self.line = line;
    }

    /// How many cells it has.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether it is a line without a byte.
    pub(super) fn is_blank(&self) -> bool {
        self.ends.len() == 1 && self.bytes.is_empty() && !self.quoted[0]
    }

    /// Whether a cell holds a line break.
    pub(super) fn spans_lines(&self) -> bool {
        self.bytes.contains(&b'\n') || self.bytes.contains(&b'\r')
    }

    /// The cell at `i`, without its quotes.
    pub(super) fn get(&self, i: usize) -> &str {
        let start = if i == 0 { 0 } else { self.ends[i - 1] };
        std::str::from_utf8(&self.bytes[start..self.ends[i]])
            .expect("the bytes below are checked UTF-8 and cells are cut at ASCII characters")
    }

    /// Whether the cell at `i` stood in quotes.
    pub(super) fn quoted(&self, i: usize) -> bool {
        self.quoted[i]
    }

    fn end_cell(&mut self, quoted: bool) {
        self.ends.push(self.bytes.len());
        self.quoted.push(quoted);
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum State {
    Start,
    Plain,
    Quoted,
    /// After a backslash inside a quoted cell.
    Escape,
    /// After a quote inside a quoted cell: the end of the cell, or half of a doubled quote.
    Quote,
}

/// What encloses a cell, and what stands before that within one.
struct Marks {
    quote: Option<u8>,
    escape: Option<u8>,
}

impl Marks {
    /// Takes a byte of a quoted cell; gives the state after it.
    fn inside(&self, state: State, byte: u8, cell: &mut Vec<u8>) -> State {
        let (is_quote, is_escape) = (self.quote == Some(byte), self.escape == Some(byte));
        match state {
            State::Escape if is_quote || is_escape => {}
            // A backslash before anything else stands for itself.
            State::Escape => cell.extend(self.escape),
            _ if is_quote => return State::Quote,
            _ if is_escape => return State::Escape,
            _ => {}
        }
        cell.push(byte);
        State::Quoted
    }
}

/// Cuts checked UTF-8 into records.
pub(super) struct Scanner<R> {
    input: R,
    /// Where cells end; another one after the header where rows are cut elsewhere.
    pub(super) delimiter: u8,
    marks: Marks,
    /// Column names for messages, once they are known.
    pub(super) names: Vec<String>,
    /// The line that comes next.
    pub(super) line: u64,
    /// The first line ending that was met outside quotes.
    pub(super) newline: Option<&'static str>,
}

impl<R: BufRead> Scanner<R> {
    pub(super) fn new(input: R, delimiter: u8, quote: Quote) -> Self {
        let marks = Marks { quote: quote.byte(), escape: quote.escape() };
        Scanner { input, delimiter, marks, names: Vec::new(), line: 1, newline: None }
    }

    /// What it reads from.
    pub(super) fn input_mut(&mut self) -> &mut R {
        &mut self.input
    }

    /// Reads the next record; false at the end.
    pub(super) fn next(&mut self, record: &mut Record) -> Result<bool, ReadError> {
        record.begin(self.line);
        let mut state = State::Start;
        let mut opened = self.line;
        let mut after_cr = false;
        loop {
            let chunk = self.input.fill_buf()?;
            if chunk.is_empty() {
                return self.end(record, state, opened);
            }
            let mut used = 0;
            let mut ended_by = None;
            for &byte in chunk {
                used += 1;
                if matches!(state, State::Quoted | State::Escape) {
                    state = self.marks.inside(state, byte, &mut record.bytes);
                    self.line += u64::from(byte == b'\n' || after_cr);
                    after_cr = byte == b'\r';
                    continue;
                }
                let is_quote = self.marks.quote == Some(byte);
                match (state, byte) {
                    (State::Start, _) if is_quote => {
                        state = State::Quoted;
                        opened = self.line;
                    }
                    (State::Quote, _) if is_quote => {
                        state = State::Quoted;
                        record.bytes.push(byte);
                    }
                    (_, b'\n' | b'\r') => {
                        record.end_cell(state == State::Quote);
                        ended_by = Some(byte);
                        break;
                    }
                    (_, _) if byte == self.delimiter => {
                        record.end_cell(state == State::Quote);
                        state = State::Start;
                    }
                    (State::Quote, _) => {
                        let column = self.column(record.len());
                        return Err(ReadError::AfterQuote { place: Place::line(self.line).column(column), opened });
                    }
                    (_, _) => {
                        state = State::Plain;
                        record.bytes.push(byte);
                    }
                }
            }
            self.input.consume(used);
            if let Some(byte) = ended_by {
                return self.end_line(byte);
            }
        }
    }

    fn end_line(&mut self, byte: u8) -> Result<bool, ReadError> {
        self.line += 1;
        let mut newline = "\n";
        if byte == b'\r' {
            let (ending, n) = match self.input.fill_buf()? {
                [b'\n', ..] => ("\r\n", 1),
                // Text that was twice given Windows' line ends.
                [b'\r', b'\n', ..] => ("\r\r\n", 2),
                _ => ("\r", 0),
            };
            self.input.consume(n);
            newline = ending;
        }
        self.newline.get_or_insert(newline);
        Ok(true)
    }

    fn end(&mut self, record: &mut Record, state: State, opened: u64) -> Result<bool, ReadError> {
        match state {
            State::Quoted | State::Escape => {
                let column = self.column(record.len());
                Err(ReadError::UnclosedQuote { opened: Place::line(opened).column(column) })
            }
            State::Start if record.len() == 0 => Ok(false),
            _ => {
                record.end_cell(state == State::Quote);
                Ok(true)
            }
        }
    }

    fn column(&self, at: usize) -> String {
        self.names.get(at).filter(|n| !n.is_empty()).cloned().unwrap_or_else(|| (at + 1).to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn scan(text: &str, delimiter: u8) -> Result<Vec<(u64, Vec<String>)>, ReadError> {
        let mut scanner = Scanner::new(text.as_bytes(), delimiter, Quote::Double);
        let mut record = Record::default();
        let mut all = Vec::new();
        while scanner.next(&mut record)? {
            all.push((record.line, (0..record.len()).map(|i| record.get(i).to_owned()).collect()));
        }
        Ok(all)
    }

    #[test]
    fn counts_lines_over_quoted_breaks_and_every_line_ending() {
        let records = scan("a,b\r\n\"x\r\ny\",1\rz,\"2\n\"\nw,3", b',').unwrap();
        let lines: Vec<u64> = records.iter().map(|r| r.0).collect();
        assert_eq!(lines, [1, 2, 4, 6]);
        assert_eq!(records[1].1, ["x\r\ny", "1"]);
    }

    #[test]
    fn takes_other_quotes_or_none() {
        let cells = |quote| {
            let mut scanner = Scanner::new("'a,b',\"c\r\r\nd,e\r\r\n".as_bytes(), b',', quote);
            let (mut record, mut all) = (Record::default(), Vec::new());
            while scanner.next(&mut record).unwrap() {
                all.push((0..record.len()).map(|i| record.get(i).to_owned()).collect::<Vec<_>>());
            }
            assert_eq!(scanner.newline, Some("\r\r\n"));
            all
        };
        assert_eq!(cells(Quote::Single), [vec!["a,b", "\"c"], vec!["d", "e"]]);
        assert_eq!(cells(Quote::None), [vec!["'a", "b'", "\"c"], vec!["d", "e"]]);
    }

    #[test]
    fn says_where_a_quote_opened() {
        assert_eq!(
            scan("a,b\nx,1\ny,\"2\nz,3\n", b','),
            Err(ReadError::UnclosedQuote { opened: Place::line(3).column("2") })
        );
        let error = scan("a,b\n\"x\n\"y,1\n", b',').unwrap_err();
        assert_eq!(error, ReadError::AfterQuote { place: Place::line(3).column("1"), opened: 2 });
    }

    proptest! {
        #[test]
        fn agrees_with_the_csv_crate_on_what_that_writes(
            rows in proptest::collection::vec(proptest::collection::vec("[a\",;\n\r é]{0,5}", 3), 1..6),
        ) {
            let mut writer = ::csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
            for row in &rows {
                writer.write_record(row).unwrap();
            }
            let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
            let read: Vec<Vec<String>> = scan(&text, b',').unwrap().into_iter().map(|r| r.1).collect();
            prop_assert_eq!(read, rows);
        }
    }
}

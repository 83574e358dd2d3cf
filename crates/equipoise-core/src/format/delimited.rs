//! What `csv` and `tsv` share: a header, cells, quotes.

use super::append::take_line;
use super::columns::{Chosen, SAMPLE, choose, named};
use super::delimited_write::{append, extend, write};
use super::delimiter::{Cuts, fitting, separator_line, settle};
use super::doubts::Doubts;
use super::guess::has_usual_names;
use super::intake::{Found, Intake};
use super::repair::TOP;
use super::scan::{Record, Scanner};
use super::text_reader::TextReader;
use super::{
    Added, Delimiter, Dialect, Format, Layout, NewRow, NewRows, NoteKind, Place, ReadError, ReadRequest, Reading, Sink,
    WriteError, Written,
};
use std::io::{BufRead, Write};

/// Delimited text.
pub(super) struct Delimited {
    /// The usual delimiter; another one is recognised.
    pub(super) delimiter: u8,
    pub(super) extensions: &'static [&'static str],
}

impl Format for Delimited {
    fn extensions(&self) -> &'static [&'static str] {
        self.extensions
    }

    fn sniff(&self, _head: &[u8]) -> bool {
        false
    }

    fn read(&self, input: &mut dyn BufRead, request: &ReadRequest, sink: &mut Sink<'_>) -> Result<Reading, ReadError> {
        read(self.delimiter, input, request, sink)
    }

    fn append(
        &self,
        original: &mut dyn BufRead,
        layout: &Layout,
        rows: &[NewRow<'_>],
        out: &mut (dyn Write + Send),
    ) -> Result<Written, WriteError> {
        append(original, layout, rows, out)
    }

    fn extend(
        &self,
        original: &mut dyn BufRead,
        layout: &Layout,
        added: &Added<'_>,
        out: &mut (dyn Write + Send),
    ) -> Result<Written, WriteError> {
        extend(original, layout, added, out)
    }

    fn write(
        &self,
        columns: &[&str],
        rows: &mut NewRows<'_>,
        like: Option<&Layout>,
        out: &mut (dyn Write + Send),
    ) -> Result<Written, WriteError> {
        write(self.delimiter, columns, rows, like, out)
    }
}

/// Reads delimited text whose usual delimiter is `own`.
fn read(own: u8, input: &mut dyn BufRead, request: &ReadRequest, sink: &mut Sink<'_>) -> Result<Reading, ReadError> {
    let mut table = Table::open(own, input, request, sink)?;
    let chosen = table.choose(request)?;
    if table.cuts.rows != own && request.dialect.delimiter.is_none() {
        let named = format!("`{}`", char::from(table.cuts.rows).escape_default());
        table.intake.notes.say(NoteKind::Delimiter, 1, named);
    }
    table.rows(&chosen)
}

/// The numbers of a cell such as `[0.1, 0.2]` or `0.1 0.2`.
fn vector_of(cell: &str) -> Option<Vec<f32>> {
    let bare = cell.trim().trim_start_matches(['[', '(']).trim_end_matches([']', ')']);
    let numbers = bare.split(|c: char| c == ',' || c.is_whitespace()).filter(|n| !n.is_empty());
    let vector: Vec<f32> = numbers.map(|n| n.parse().ok()).collect::<Option<_>>()?;
    (!vector.is_empty()).then_some(vector)
}

/// The names of the columns, and whether the first record is a row. A file that was said to have no header, and begins with the very
/// names that were given, has one.
fn header_of(first: &Record, request: &ReadRequest) -> Result<(Vec<String>, bool), ReadError> {
    let cells: Vec<String> = (0..first.len()).map(|i| first.get(i).to_owned()).collect();
    let Some(names) = &request.dialect.no_header else { return Ok((cells, false)) };
    if names.is_empty() {
        return Ok(((1..=cells.len()).map(|n| format!("column_{n}")).collect(), true));
    }
    // Some programs name all columns but that of the row's own name.
    let is_short_header = cells.len() < names.len() && cells.iter().all(|cell| names.contains(cell));
    if is_short_header {
        return Ok((names.clone(), false));
    }
    if names.len() != cells.len() {
        let (expected, found) = (names.len(), cells.len());
        return Err(ReadError::ColumnCount { place: Place::line(first.line), expected, found });
    }
    let is_header = names.iter().all(|name| cells.contains(name));
    Ok(if is_header { (cells, false) } else { (names.clone(), true) })
}

/// A usual delimiter that stands in the header, and is not the one that it was cut at.
fn other_delimiter(header: &Record, delimiter: u8) -> Option<Delimiter> {
    let stands = |byte: &u8| *byte != delimiter && (0..header.len()).any(|i| header.get(i).as_bytes().contains(byte));
    [b'\t', b';', b',', b'|'].into_iter().find(stands).and_then(Delimiter::new)
}

fn with_delimiter(error: ReadError, byte: u8) -> ReadError {
    match error {
        ReadError::NoHeader { place, shown, columns, .. } => {
            ReadError::NoHeader { place, shown, columns, delimiter: Delimiter::new(byte) }
        }
        other => other,
    }
}

/// Records and the gate that they pass.
struct Table<'t, 's, 'f> {
    scanner: Scanner<TextReader<'t>>,
    intake: Intake<'s, 'f>,
    cuts: Cuts,
    /// Another delimiter that stands in the header.
    other: Option<Delimiter>,
    header: Vec<String>,
    header_place: Place,
    /// Whether no record names the columns.
    no_header: bool,
    /// Lines above the header.
    n_above: u64,
    dialect: Dialect,
    /// Rows that were read for the choice of columns, and wait.
    sample: Vec<Record>,
}

impl<'t, 's, 'f> Table<'t, 's, 'f> {
    /// Reads the header.
    fn open(
        own: u8,
        input: &'t mut dyn BufRead,
        request: &ReadRequest,
        sink: &'s mut Sink<'f>,
    ) -> Result<Self, ReadError> {
        let mut text = TextReader::new(input)?;
        let declared = separator_line(text.fill_buf()?);
        text.consume(declared.map_or(0, |(_, length)| length));
        let n_declared = u64::from(declared.is_some());
        let n_above = request.dialect.header_line.map_or(0, |line| line.saturating_sub(1)).max(n_declared);
        for _ in n_declared..n_above {
            if take_line(&mut text)?.is_empty() {
                break;
            }
        }
        let cuts = settle(text.fill_buf()?, own, declared.map(|(d, _)| d), request)?;
        let mut table = Table {
            scanner: Scanner::new(text, cuts.header, request.dialect.quote),
            intake: Intake::new(true, request, sink),
            cuts,
            other: None,
            header: Vec::new(),
            header_place: Place::default(),
            no_header: false,
            n_above,
            dialect: request.dialect.clone(),
            sample: Vec::new(),
        };
        table.scanner.line += n_above;
        let mut first = Record::default();
        if !table.next(&mut first)? {
            return Err(ReadError::Empty);
        }
        (table.header, table.no_header) = header_of(&first, request)?;
        table.header_place = Place::line(first.line);
        table.scanner.names.clone_from(&table.header);
        table.other = other_delimiter(&first, cuts.header);
        table.scanner.delimiter = cuts.rows;
        table.sample.extend(Some(first).filter(|_| table.no_header));
        Ok(table)
    }

    /// Chooses the columns, by the first rows where their names do not tell.
    fn choose(&mut self, request: &ReadRequest) -> Result<Chosen, ReadError> {
        if !named(&self.header, request) {
            let mut record = Record::default();
            while self.sample.len() < SAMPLE && self.next(&mut record)? {
                self.sample.push(record.clone());
            }
            self.sample.iter().try_for_each(|record| self.is_no_header(record))?;
        }
        let cells = |r: &Record| (0..r.len()).map(|i| Some(r.get(i).to_owned())).collect::<Vec<_>>();
        let shown: Vec<Vec<Option<String>>> = self.sample.iter().map(cells).collect();
        let chosen = choose(&self.header, request, &shown, &self.header_place);
        let chosen = chosen.map_err(|e| with_delimiter(e, self.cuts.rows))?;
        self.are_named(&chosen, request)?;
        self.intake.chosen(&chosen, &self.header);
        Ok(chosen)
    }

    /// Hands all rows on.
    fn rows(mut self, chosen: &Chosen) -> Result<Reading, ReadError> {
        let header = std::mem::take(&mut self.header);
        let mut quoted = (true, true);
        let mut any = false;
        let mut doubts = Doubts::new(&header, chosen, self.cuts.rows, self.dialect.quote);
        let mut take = |record: &Record, intake: &mut Intake<'_, '_>| {
            any = true;
            intake.skip(record.n_passed);
            if !doubts.is_row(record, intake)? {
                return Ok(());
            }
            quoted = (quoted.0 && record.quoted(chosen.text), quoted.1 && record.quoted(chosen.label));
            pass_on(record, chosen, intake)
        };
        for record in std::mem::take(&mut self.sample) {
            take(&record, &mut self.intake)?;
        }
        let mut record = Record::default();
        while self.next(&mut record)? {
            take(&record, &mut self.intake)?;
        }
        if !any {
            return Err(ReadError::HeaderOnly { place: self.header_place });
        }
        doubts.settle(&self.intake, self.dialect.allow_dropped)?;
        let mut layout = Layout::chosen(header, (chosen.text, chosen.label))?;
        layout.newline = self.scanner.newline.unwrap_or("\n");
        (layout.delimiter, layout.header_delimiter) = (self.cuts.rows, self.cuts.header);
        layout.quote = self.dialect.quote;
        (layout.no_header, layout.n_above) = (self.no_header, self.n_above);
        layout.quoted = quoted;
        self.intake.finish(layout)
    }

    /// The next record that has a cell for each column; blank lines are counted, and other records where they may be left out.
    fn next(&mut self, record: &mut Record) -> Result<bool, ReadError> {
        let mut n_passed = 0;
        while self.scanner.next(record)? {
            // The header itself has the width that it has.
            let is_header = self.scanner.names.is_empty();
            match (record.is_blank(), is_header || self.same_width(record)?) {
                (false, true) => {
                    record.n_passed = n_passed;
                    return Ok(true);
                }
                (true, _) => self.intake.notes.count(NoteKind::BlankLine, record.line),
                (false, false) => {
                    self.intake.notes.count(NoteKind::Ragged, record.line);
                    n_passed += 1;
                }
            }
        }
        Ok(false)
    }

    /// Makes sure that text and label stand in columns with a name, unless the first row is one like the others: where a title stands above
    /// the header, cells of it are empty.
    fn are_named(&self, chosen: &Chosen, request: &ReadRequest) -> Result<(), ReadError> {
        let is_told = request.text.is_some() || request.label.is_some() || self.dialect.header_line.is_some();
        let is_blank = |at: usize| self.header[at].trim().is_empty();
        let are_names = |first: &Record| {
            let is_short = |at: usize| first.get(at).split_whitespace().count() <= 3;
            let is_unique = self.sample[1..].iter().all(|row| row.get(chosen.label) != first.get(chosen.label));
            self.sample.len() > 5 && is_unique && is_short(chosen.text) && is_short(chosen.label)
        };
        match self.sample.first().filter(|_| !is_told && !self.no_header) {
            Some(first) if (is_blank(chosen.text) || is_blank(chosen.label)) && are_names(first) => {
                Err(ReadError::LateHeader { place: Place::line(first.line), line: first.line })
            }
            _ => Ok(()),
        }
    }

    /// Makes sure that a record near the top is not the header, with lines of something else above it.
    fn is_no_header(&self, record: &Record) -> Result<(), ReadError> {
        if self.dialect.header_line.is_some() || self.no_header || record.line > TOP || has_usual_names(&self.header) {
            return Ok(());
        }
        let cells: Vec<String> = (0..record.len()).map(|i| record.get(i).to_owned()).collect();
        match has_usual_names(&cells) {
            true => Err(ReadError::LateHeader { place: Place::line(record.line), line: record.line }),
            false => Ok(()),
        }
    }

    /// The names of all columns where the header seems to lack one: that of the names of rows, such as `12` or `doc12`, which R writes before
    /// the first column, or of an empty cell that ends them.
    fn names_of_all(&self, record: &Record) -> Option<Vec<String>> {
        let names = &self.scanner.names;
        let is_one_more = names.len() > 1 && record.len() == names.len() + 1;
        if !is_one_more || names.iter().any(|name| name.contains(',')) {
            return None;
        }
        let own = |name: &str| vec![name.to_owned()];
        if record.get(names.len()).trim().is_empty() {
            return Some([names.clone(), own("rest")].concat());
        }
        let has_number = record.get(0).len() <= LONGEST_NAME && record.get(0).bytes().any(|b| b.is_ascii_digit());
        has_number.then(|| [own("row"), names.clone()].concat())
    }

    /// Whether a record has as many cells as the header, or else may be left out.
    fn same_width(&self, record: &Record) -> Result<bool, ReadError> {
        let (expected, found) = (self.scanner.names.len(), record.len());
        if found == expected || record.is_blank() {
            return Ok(found == expected);
        }
        self.is_no_header(record)?;
        // One with line breaks may be many rows that a stray quote swallowed.
        if self.dialect.allow_dropped && !record.spans_lines() {
            return Ok(false);
        }
        let cells = (0..found).map(|i| record.get(i));
        let other = self.other.or_else(|| fitting(cells, self.cuts.rows, expected));
        let (line, names) = (record.line, self.names_of_all(record));
        Err(ReadError::Ragged { place: Place::line(line), expected, found, other, line, names })
    }
}

/// Bytes of the name of a row, at most.
const LONGEST_NAME: usize = 40;

/// Hands the cells of a row on.
fn pass_on(record: &Record, chosen: &Chosen, intake: &mut Intake<'_, '_>) -> Result<(), ReadError> {
    let cell = |i: usize| Some(record.get(i));
    let vector = chosen.embedding.and_then(|at| vector_of(record.get(at)));
    intake.row(Found {
        at: record.line,
        text: cell(chosen.text),
        label: cell(chosen.label),
        source: chosen.source.and_then(cell),
        source_id: chosen.source_id.and_then(cell),
        generator: chosen.generator.and_then(cell),
        id: chosen.id.and_then(cell),
        embedding: vector.as_deref(),
        group: chosen.group.and_then(cell),
    })
}

//! Which character stands between the cells of delimited text.

use super::guess::has_usual_names;
use super::{Delimiter, Place, ReadError, ReadRequest};

/// Characters that are recognised.
const USUAL: [u8; 4] = [b',', b';', b'\t', b'|'];

/// So many rows tell a delimiter of their own from a character that stands in a text by chance; more than the second number are not
/// looked at.
const ENOUGH: usize = 5;
const MOST: usize = 50;

/// The delimiter that a first line `sep=;` declares, as spreadsheets write and read it, and the length of that line.
pub(super) fn separator_line(head: &[u8]) -> Option<(Delimiter, usize)> {
    let line = head.split(|b| *b == b'\n').next()?;
    let ended = head.get(line.len()) == Some(&b'\n');
    let bare = line.strip_suffix(b"\r").unwrap_or(line);
    let bare = bare.strip_prefix(b"\"").and_then(|l| l.strip_suffix(b"\"")).unwrap_or(bare);
    let (name, value) = bare.split_at_checked(4)?;
    let [byte] = value else { return None };
    let declared = name.eq_ignore_ascii_case(b"sep=") && ended;
    Delimiter::new(*byte).filter(|_| declared).map(|delimiter| (delimiter, line.len() + 1))
}

/// Where header and rows are cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cuts {
    /// The delimiter of the header.
    pub(super) header: u8,
    /// That of the rows.
    pub(super) rows: u8,
}

impl Cuts {
    fn at(delimiter: u8) -> Self {
        Cuts { header: delimiter, rows: delimiter }
    }
}

/// The delimiter: the one that was asked for or declared; `own` if it stands in the first line at all, else the most frequent of the
/// usual ones. One that was asked for, and stands in no header but cuts every row into as many cells as the header has, cuts the rows
/// alone: files are put together so.
///
/// # Errors
/// [`ReadError::Delimiters`] where the header has other names than text and label often have, and another delimiter gives these, or
/// stands as often in it as in the first row, or a line declares one that it has not; [`ReadError::RowDelimiter`] where another one,
/// which stands in no header, would cut every row as the header is cut, and its own does not; [`ReadError::NoDelimiter`] where the one
/// that was asked for cuts neither.
pub(super) fn settle(
    head: &[u8],
    own: u8,
    declared: Option<Delimiter>,
    request: &ReadRequest,
) -> Result<Cuts, ReadError> {
    let quote = request.dialect.quote.byte();
    let line = first_record(head, quote);
    let stands = |d: &Delimiter| line.contains(&d.byte());
    if let Some(asked) = request.dialect.delimiter.filter(stands).or(declared.filter(stands)) {
        return Ok(Cuts::at(asked.byte()));
    }
    let count = |d: u8| n_of(line, d, quote);
    let frequent = USUAL.into_iter().map(|d| (count(d), d)).rev().max_by_key(|(n, _)| *n).filter(|(n, _)| *n > 0);
    let delimiter = if count(own) > 0 { own } else { frequent.map_or(own, |(_, d)| d) };
    let cut = |d: u8| {
        let text = String::from_utf8_lossy(line).into_owned();
        text.split(char::from(d)).map(|cell| cell.trim_matches(['"', '\'', ' ']).to_owned()).collect::<Vec<_>>()
    };
    let asked = |own, other| -> Result<Cuts, ReadError> {
        Err(ReadError::Delimiters { place: Place::line(1), own, other, columns: cut(other.byte()) })
    };
    match (declared, frequent.and_then(|(_, d)| Delimiter::new(d))) {
        (Some(own), Some(other)) if request.dialect.delimiter.is_none() => return asked(own, other),
        (Some(own), None) => return Ok(Cuts::at(own.byte())),
        _ => {}
    }
    let row = first_record(head[line.len()..].trim_ascii_start(), quote);
    let in_row = |d: u8| n_of(row, d, quote);
    let rows = records(&head[line.len()..], quote);
    let cuts_all =
        |d: u8, least: usize| rows.len() >= least && rows.iter().all(|row| n_of(row, d, quote) == count(delimiter));
    let given = request.dialect.delimiter.map(|d| d.byte()).filter(|_| count(delimiter) > 0);
    if let Some(rows) = given.filter(|d| cuts_all(*d, 1)) {
        return Ok(Cuts { header: delimiter, rows });
    }
    if request.dialect.no_header.is_none() && !has_usual_names(&cut(delimiter)) {
        let others = || USUAL.into_iter().filter(|d| *d != delimiter);
        let other = others().find(|d| has_usual_names(&cut(*d)));
        let other = other.or_else(|| others().find(|d| count(*d) > 0 && count(*d) == in_row(*d)));
        if let (Some(other), Some(own)) = (other.and_then(Delimiter::new), Delimiter::new(delimiter)) {
            return asked(own, other);
        }
    }
    if let (Some(asked), Some(own)) = (given.and(request.dialect.delimiter), Delimiter::new(delimiter)) {
        return Err(ReadError::NoDelimiter { place: Place::line(1), asked, own });
    }
    // Where the header's delimiter cuts the rows as it cuts the header, nothing is doubtful, unless it is punctuation in all of them.
    let is_punctuation = || rows.iter().all(|row| row.windows(2).all(|two| two[0] != delimiter || two[1] == b' '));
    let is_settled = cuts_all(delimiter, 1) && !is_punctuation();
    if request.dialect.no_header.is_none() && count(delimiter) > 0 && !is_settled {
        let other = USUAL.into_iter().filter(|d| count(*d) == 0).find(|d| cuts_all(*d, ENOUGH));
        if let (Some(rows), Some(header)) = (other.and_then(Delimiter::new), Delimiter::new(delimiter)) {
            return Err(ReadError::RowDelimiter { place: Place::line(2), header, rows });
        }
    }
    Ok(Cuts::at(delimiter))
}

/// A usual delimiter that cuts a row of these cells, which was cut at `delimiter`, into `expected` ones.
pub(super) fn fitting<'a>(cells: impl Iterator<Item = &'a str>, delimiter: u8, expected: usize) -> Option<Delimiter> {
    let mut counts = [0; USUAL.len()];
    for cell in cells {
        for (count, byte) in counts.iter_mut().zip(USUAL) {
            *count += cell.bytes().filter(|b| *b == byte).count();
        }
    }
    let fits = |(n, byte): &(usize, u8)| *byte != delimiter && n + 1 == expected && expected > 1;
    counts.into_iter().zip(USUAL).find(fits).and_then(|(_, byte)| Delimiter::new(byte))
}

/// The bytes up to the first line break that stands in no quotes.
fn first_record(head: &[u8], quote: Option<u8>) -> &[u8] {
    let mut quoted = false;
    let end = head.iter().position(|b| {
        quoted ^= quote == Some(*b);
        !quoted && matches!(b, b'\n' | b'\r')
    });
    &head[..end.unwrap_or(head.len())]
}

/// Whole records at the start of `head`, without blank ones.
fn records(head: &[u8], quote: Option<u8>) -> Vec<&[u8]> {
    let (mut rest, mut records) = (head.trim_ascii_start(), Vec::new());
    while records.len() < MOST {
        let record = first_record(rest, quote);
        if record.len() == rest.len() {
            break;
        }
        records.push(record);
        rest = rest[record.len()..].trim_ascii_start();
    }
    records
}

/// How often a character stands outside quotes.
fn n_of(line: &[u8], byte: u8, quote: Option<u8>) -> usize {
    outside_quotes(line, quote).filter(|b| *b == byte).count()
}

fn outside_quotes(line: &[u8], quote: Option<u8>) -> impl Iterator<Item = u8> {
    let mut quoted = false;
    line.iter().copied().filter(move |b| {
        quoted ^= quote == Some(*b);
        !quoted
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(head: &str, own: u8) -> Result<char, ReadError> {
        settle(head.as_bytes(), own, None, &ReadRequest::default()).map(|cuts| char::from(cuts.rows))
    }

    #[test]
    fn the_own_delimiter_wins_and_else_the_most_frequent() {
        assert_eq!(of("text,label\n", b','), Ok(','));
        assert_eq!(of("text;label\na,b;x\n", b','), Ok(';'));
        assert_eq!(of("\"a;b\"|label|x\n", b','), Ok('|'));
        assert_eq!(of("one\n", b'\t'), Ok('\t'));
    }

    #[test]
    fn a_header_that_another_delimiter_cuts_into_known_names_is_asked_about() {
        let error = of("id;text;label;note, long\n", b',').unwrap_err();
        assert!(error.to_string().contains("`id`, `text`"), "{error}");
        assert!(of("text, long;label\nfine, very;x\n", b',').is_err());
        assert_eq!(of("mood,said; or not\ngood,yes\n", b','), Ok(','));
        let mut request = ReadRequest::default();
        request.dialect.delimiter = Delimiter::new(b';');
        assert_eq!(settle(b"id;text;label;note, long\n", b',', None, &request), Ok(Cuts::at(b';')));
    }

    #[test]
    fn rows_may_be_cut_elsewhere_than_the_header_where_that_is_asked_for() {
        let mut request = ReadRequest::default();
        request.dialect.delimiter = Delimiter::new(b';');
        let cuts = |head: &[u8]| settle(head, b',', None, &request);
        assert_eq!(cuts(b"text,label\nfine, very;x\n"), Ok(Cuts { header: b',', rows: b';' }));
        assert_eq!(cuts(b"text,label\nfine;x\n"), Ok(Cuts { header: b',', rows: b';' }));
        assert!(matches!(cuts(b"text,label\n\"fine;x\",y\n"), Err(ReadError::NoDelimiter { .. })));
        assert_eq!(fitting(["fine;x"].into_iter(), b',', 2), Delimiter::new(b';'));
        assert_eq!(fitting(["fine", "x"].into_iter(), b',', 3), None);
    }

    #[test]
    fn rows_that_another_delimiter_cuts_as_the_header_is_cut_are_asked_about() {
        let rows = |row: &str| format!("text,label\n{}", format!("{row}\n").repeat(6));
        let error = of(&rows("fine, very;x"), b',').unwrap_err();
        assert!(matches!(error, ReadError::RowDelimiter { .. }), "{error}");
        assert!(of(&rows("fine;x"), b',').is_err());
        assert_eq!(of(&rows("\"fine; very\",x"), b','), Ok(','));
        // A comma in each text is no doubt where the header's own delimiter cuts the rows as well.
        assert_eq!(of(&format!("text|label\n{}", "fine, very|x\n".repeat(6)), b','), Ok('|'));
        assert_eq!(of("text,label\nfine; very,x\ngood,y\nbad,y\na,x\nb,x\n", b','), Ok(','));
    }

    #[test]
    fn a_declared_delimiter_that_the_header_has_not_is_asked_about() {
        let declared = |head: &[u8]| settle(head, b',', Delimiter::new(b';'), &ReadRequest::default());
        assert!(matches!(declared(b"text,label\na,x\n"), Err(ReadError::Delimiters { .. })));
        assert_eq!(declared(b"text;label\na,b;x\n"), Ok(Cuts::at(b';')));
        assert_eq!(declared(b"text\na\n"), Ok(Cuts::at(b';')));
    }

    #[test]
    fn the_line_that_declares_a_delimiter_is_known() {
        assert_eq!(separator_line(b"sep=;\r\ntext;label\r\n"), Delimiter::new(b';').map(|d| (d, 7)));
        assert_eq!(separator_line(b"\"SEP=|\"\na|b\n").map(|(_, n)| n), Some(8));
        assert_eq!(separator_line(b"sep=ab\n"), None);
        assert_eq!(separator_line(b"sep=;"), None);
    }
}

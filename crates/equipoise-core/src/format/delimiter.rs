//! Which character stands between the cells of delimited text.

use super::guess::has_usual_names;
use super::{Delimiter, Place, ReadError, ReadRequest};

/// Characters that are recognised.
const USUAL: [u8; 4] = [b',', b';', b'\t', b'|'];

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

/// The delimiter: the one that was asked for or declared; `own` if it stands in the first line at all, else the most frequent of the
/// usual ones.
///
/// # Errors
/// [`ReadError::Delimiters`] where the header has other names than text and label often have, and another delimiter gives these, or
/// stands as often in it as in the first row.
pub(super) fn settle(
    head: &[u8],
    own: u8,
    declared: Option<Delimiter>,
    request: &ReadRequest,
) -> Result<u8, ReadError> {
    let quote = request.dialect.quote.byte();
    let line = first_record(head, quote);
    let stands = |d: &Delimiter| line.contains(&d.byte());
    if let Some(asked) = request.dialect.delimiter.filter(stands).or(declared) {
        return Ok(asked.byte());
    }
    let count = |d: u8| outside_quotes(line, quote).filter(|b| *b == d).count();
    let frequent = USUAL.into_iter().map(|d| (count(d), d)).rev().max_by_key(|(n, _)| *n).filter(|(n, _)| *n > 0);
    let delimiter = if count(own) > 0 { own } else { frequent.map_or(own, |(_, d)| d) };
    let cut = |d: u8| {
        let text = String::from_utf8_lossy(line).into_owned();
        text.split(char::from(d)).map(|cell| cell.trim_matches(['"', '\'', ' ']).to_owned()).collect::<Vec<_>>()
    };
    if request.dialect.no_header.is_none() && !has_usual_names(&cut(delimiter)) {
        let row = first_record(head[line.len()..].trim_ascii_start(), quote);
        let in_row = |d: u8| outside_quotes(row, quote).filter(|b| *b == d).count();
        let others = || USUAL.into_iter().filter(|d| *d != delimiter);
        let other = others().find(|d| has_usual_names(&cut(*d)));
        let other = other.or_else(|| others().find(|d| count(*d) > 0 && count(*d) == in_row(*d)));
        if let (Some(other), Some(own)) = (other.and_then(Delimiter::new), Delimiter::new(delimiter)) {
            return Err(ReadError::Delimiters { place: Place::line(1), own, other, columns: cut(other.byte()) });
        }
    }
    Ok(delimiter)
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
        settle(head.as_bytes(), own, None, &ReadRequest::default()).map(char::from)
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
        assert_eq!(settle(b"id;text;label;note, long\n", b',', None, &request), Ok(b';'));
    }

    #[test]
    fn the_line_that_declares_a_delimiter_is_known() {
        assert_eq!(separator_line(b"sep=;\r\ntext;label\r\n"), Delimiter::new(b';').map(|d| (d, 7)));
        assert_eq!(separator_line(b"\"SEP=|\"\na|b\n").map(|(_, n)| n), Some(8));
        assert_eq!(separator_line(b"sep=ab\n"), None);
        assert_eq!(separator_line(b"sep=;"), None);
    }
}

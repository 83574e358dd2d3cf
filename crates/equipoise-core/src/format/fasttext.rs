//! Lines of `__label__NAME text`.

use super::append::copy_lines;
use super::cell::shown;
use super::columns::choose;
use super::extend::no_room;
use super::intake::{Found, Intake};
use super::lines::Lines;
use super::text_reader::TextReader;
use super::{
    Format, Layout, MultiLabel, NewColumn, NewRow, NoteKind, Place, ReadError, ReadRequest, Reading, Sink, WriteError,
    Written,
};
use crate::catalog::Entry;
use std::io::{BufRead, Write};

pub(super) static ENTRY: Entry<dyn Format> = Entry {
    name: "fasttext",
    what: "A row a line, `__label__NAME text`; no header, no quotes. Recognised by its first line, also under the name `.txt`.",
    why: "fastText and its tools read it, and public review collections come like this.",
    source: "The supervised mode of fastText (Joulin et al. 2016).",
    settings: &[],
    make: |_| Ok(Box::new(FastText)),
};

/// What a label begins with.
const MARK: &str = "__label__";
/// Between the labels of a row whose set counts as one label; no single label holds a blank.
const BETWEEN: &str = ", ";

struct FastText;

impl Format for FastText {
    fn extensions(&self) -> &'static [&'static str] {
        &["ft", "fasttext"]
    }

    fn sniff(&self, head: &[u8]) -> bool {
        head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start().starts_with(MARK.as_bytes())
    }

    fn holds_columns(&self) -> bool {
        false
    }

    fn read(&self, input: &mut dyn BufRead, request: &ReadRequest, sink: &mut Sink<'_>) -> Result<Reading, ReadError> {
        let columns = vec!["text".to_owned(), "label".to_owned()];
        let chosen = choose(&columns, request, &[], &Place::line(1))?;
        let mut intake = Intake::new(true, request, sink);
        intake.chosen(&chosen, &columns);
        let mut lines = Lines::new(TextReader::new(input)?);
        let mut any = false;
        while let Some((at, line)) = lines.next()? {
            if line.trim().is_empty() {
                intake.notes.count(NoteKind::BlankLine, at);
                continue;
            }
            any = true;
            let (labels, text) = cut(line);
            if request.unlabelled {
                intake.row(Found { at, text: Some(text), label: Some(text), ..Found::default() })?;
                continue;
            }
            if labels.is_empty() {
                let (place, shown) = (intake.place(at), shown(line, 60));
                return Err(ReadError::WrongShape {
                    place,
                    found: format!("`{shown}`").into(),
                    expected: "`__label__NAME text`",
                    is: None,
                });
            }
            match request.dialect.multi_label {
                MultiLabel::Ask if labels.len() > 1 => {
                    return Err(ReadError::MultiLabel { place: intake.place(at), shown: shown(&labels.join(" "), 60) });
                }
                MultiLabel::Drop if labels.len() > 1 => intake.notes.count(NoteKind::SeveralLabels, at),
                _ => {
                    let label = labels.join(BETWEEN);
                    intake.row(Found { at, text: Some(text), label: Some(&label), ..Found::default() })?;
                }
            }
        }
        if !any {
            return Err(ReadError::Empty);
        }
        let mut layout = Layout::chosen(columns, (0, 1))?;
        layout.newline = lines.newline();
        intake.finish(layout)
    }

    fn append(
        &self,
        original: &mut dyn BufRead,
        layout: &Layout,
        rows: &[NewRow<'_>],
        out: &mut (dyn Write + Send),
    ) -> Result<Written, WriteError> {
        copy_lines(original, layout.newline, out)?;
        write_rows(rows.iter().map(|r| (r.text, r.label)), layout.newline, out)
    }

    fn extend(
        &self,
        _original: &mut dyn BufRead,
        _layout: &Layout,
        columns: &[NewColumn<'_>],
        _rows: &[NewRow<'_>],
        _out: &mut (dyn Write + Send),
    ) -> Result<Written, WriteError> {
        no_room(ENTRY.name, columns)
    }

    fn write(
        &self,
        columns: &[&str],
        rows: &[Vec<String>],
        like: Option<&Layout>,
        out: &mut (dyn Write + Send),
    ) -> Result<Written, WriteError> {
        if columns.len() != 2 {
            let columns = columns.iter().map(|c| (*c).to_owned()).collect();
            return Err(WriteError::Columns { format: ENTRY.name, columns });
        }
        let pairs = rows.iter().filter_map(|row| Some((row.first()?.as_str(), row.get(1)?.as_str())));
        write_rows(pairs, like.map_or("\n", |l| l.newline), out)
    }
}

/// The labels at the start of a line, and the text behind them.
fn cut(line: &str) -> (Vec<&str>, &str) {
    let mut labels = Vec::new();
    let mut rest = line;
    while let Some(behind) = rest.strip_prefix(MARK) {
        let (label, text) = behind.split_once(char::is_whitespace).unwrap_or((behind, ""));
        labels.extend((!label.is_empty()).then_some(label));
        rest = text;
    }
    (labels, rest)
}

fn write_rows<'r>(
    rows: impl Iterator<Item = (&'r str, &'r str)>,
    newline: &str,
    out: &mut dyn Write,
) -> Result<Written, WriteError> {
    let mut written = Written::default();
    for (text, label) in rows {
        for label in label.split(BETWEEN) {
            if label.is_empty() || label.contains(char::is_whitespace) {
                let why = "a label there holds no blank";
                return Err(WriteError::Value {
                    what: "label".to_owned(),
                    shown: shown(label, 40),
                    format: "fasttext",
                    why,
                });
            }
            write!(out, "{MARK}{label} ").map_err(WriteError::Io)?;
        }
        let one_line = text.replace("\r\n", " ").replace(['\n', '\r'], " ");
        written.n_folded += usize::from(one_line != text);
        write!(out, "{one_line}{newline}").map_err(WriteError::Io)?;
        written.n_rows += 1;
    }
    Ok(written)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::{Dialect, read_bytes};

    fn read(bytes: &str, multi_label: MultiLabel) -> Result<Vec<(String, String)>, ReadError> {
        let request = ReadRequest { dialect: Dialect { multi_label, ..Dialect::default() }, ..ReadRequest::default() };
        read_bytes(ENTRY.name, bytes.as_bytes(), &request).map(|(rows, _)| rows)
    }

    #[test]
    fn labels_stand_before_the_text_and_several_are_asked_about() {
        let rows = "__label__2 Great: a __label__ of its own\n__label__1 bad\n__label__1 __label__3 both\n";
        assert!(matches!(read(rows, MultiLabel::Ask), Err(ReadError::MultiLabel { .. })));
        let pair = |text: &str, label: &str| (text.to_owned(), label.to_owned());
        let (first, second) = (pair("Great: a __label__ of its own", "2"), pair("bad", "1"));
        assert_eq!(read(rows, MultiLabel::Drop), Ok(vec![first.clone(), second.clone()]));
        assert_eq!(read(rows, MultiLabel::Powerset), Ok(vec![first, second, pair("both", "1, 3")]));
        let mut out = Vec::new();
        write_rows([("both", "1, 3"), ("a\nb", "1")].into_iter(), "\n", &mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "__label__1 __label__3 both\n__label__1 a b\n");
        assert!(matches!(read("no label\n", MultiLabel::Ask), Err(ReadError::WrongShape { .. })));
    }
}

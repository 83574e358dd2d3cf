//! Lines of `__label__NAME text`.

use super::cell::shown;
use super::intake::{Found, Intake};
use super::pairs::Pairs;
use super::{Format, MultiLabel, NoteKind, ReadError, ReadRequest, WriteError};
use crate::catalog::Entry;

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

impl Pairs for FastText {
    fn name(&self) -> &'static str {
        ENTRY.name
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["ft", "fasttext"]
    }

    fn sniff(&self, head: &[u8]) -> bool {
        head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start().starts_with(MARK.as_bytes())
    }

    fn read_line(
        &self,
        line: &str,
        at: u64,
        request: &ReadRequest,
        intake: &mut Intake<'_, '_>,
    ) -> Result<(), ReadError> {
        let (labels, text) = cut(line);
        if request.unlabelled {
            return intake.row(Found { at, text: Some(text), label: Some(text), ..Found::default() });
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
                Err(ReadError::MultiLabel { place: intake.place(at), shown: shown(&labels.join(" "), 60) })
            }
            MultiLabel::Drop if labels.len() > 1 => {
                intake.pass_over(NoteKind::SeveralLabels, at);
                Ok(())
            }
            _ => {
                let label = labels.join(BETWEEN);
                intake.row(Found { at, text: Some(text), label: Some(&label), ..Found::default() })
            }
        }
    }

    fn line(&self, text: &str, label: &str) -> Result<String, WriteError> {
        let mut line = String::new();
        for label in label.split(BETWEEN) {
            if label.is_empty() || label.contains(char::is_whitespace) {
                let why = "a label there holds no blank";
                let shown = shown(label, 40);
                return Err(WriteError::Value { what: "label".to_owned(), shown, format: ENTRY.name, why });
            }
            line.extend([MARK, label, " "]);
        }
        line.push_str(text);
        Ok(line)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::{Dialect, NewRow, read_bytes};

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
        let rows = [("both", "1, 3"), ("a\nb", "1")].map(|(text, label)| NewRow { text, label });
        let layout = read_bytes(ENTRY.name, b"__label__1 a\n", &ReadRequest::default()).unwrap().1.layout;
        FastText.append(&mut &b""[..], &layout, &rows, &mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "__label__1 __label__3 both\n__label__1 a b\n");
        assert!(matches!(read("no label\n", MultiLabel::Ask), Err(ReadError::WrongShape { .. })));
    }
}

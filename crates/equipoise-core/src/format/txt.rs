//! Lines of `text;label`.

use super::cell::shown;
use super::intake::{Found, Intake};
use super::pairs::Pairs;
use super::{Format, ReadError, ReadRequest, WriteError};
use crate::catalog::Entry;

pub(super) static ENTRY: Entry<dyn Format> = Entry {
    name: "txt",
    what: "A row a line, `text;label`, split at the last semicolon; no header, no quotes.",
    why: "Some data sets (emotion, CARER) come like this, and it can be typed by hand.",
    source: "The files of the emotion data set (Saravia et al. 2018).",
    settings: &[],
    make: |_| Ok(Box::new(Txt)),
};

struct Txt;

impl Pairs for Txt {
    fn name(&self) -> &'static str {
        ENTRY.name
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["txt"]
    }

    fn read_line(
        &self,
        line: &str,
        at: u64,
        request: &ReadRequest,
        intake: &mut Intake<'_, '_>,
    ) -> Result<(), ReadError> {
        if request.unlabelled {
            return intake.row(Found { at, text: Some(line), label: Some(line), ..Found::default() });
        }
        let Some((text, label)) = line.rsplit_once(';') else {
            let stands = |c: char| line.contains(c);
            let delimiter = stands('\t').then_some("tsv").or([',', '|'].into_iter().any(stands).then_some("csv"));
            return Err(ReadError::NoSeparator { place: intake.place(at), shown: shown(line, 60), delimiter });
        };
        intake.row(Found { at, text: Some(text), label: Some(label), ..Found::default() })
    }

    fn line(&self, text: &str, label: &str) -> Result<String, WriteError> {
        if label.contains([';', '\n', '\r']) {
            let why = "a label there has neither a semicolon nor a line break";
            return Err(WriteError::Value {
                what: "label".to_owned(),
                shown: shown(label, 40),
                format: ENTRY.name,
                why,
            });
        }
        Ok(format!("{text};{label}"))
    }
}

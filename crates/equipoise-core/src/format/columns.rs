//! Which columns hold the text and the label: named, by convention, or guessed and said.

use super::guess::Guess;
use super::header::position;
use super::{Place, ReadError, ReadRequest};
use std::collections::HashSet;

/// Rows that a guess looks at.
pub(super) const SAMPLE: usize = 1000;

/// Names that a column of ids has.
const ID_NAMES: &[&str] = &["id", "_id", "idx", "guid", "uid"];

/// The columns to use, by position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Chosen {
    pub(super) text: usize,
    pub(super) label: usize,
    pub(super) source: Option<usize>,
    pub(super) source_id: Option<usize>,
    pub(super) generator: Option<usize>,
    pub(super) id: Option<usize>,
    pub(super) embedding: Option<usize>,
    pub(super) group: Option<usize>,
    /// What to say about a guess.
    pub(super) said: Option<String>,
    /// Names that stand more than once and are not used.
    pub(super) repeated: Vec<String>,
}

/// Whether the columns can be told by their names alone, without a look at the rows.
pub(super) fn named(header: &[String], request: &ReadRequest) -> bool {
    let known = |asked: &Option<String>, usual: &str| asked.is_some() || position(header, usual).is_some();
    known(&request.text, "text") && (request.unlabelled || known(&request.label, "label"))
}

/// The columns to use. `sample` are the first rows, a cell for each column of `header`; it is looked at for a guess only.
///
/// # Errors
/// [`ReadError::MissingColumn`], [`ReadError::NoColumn`], [`ReadError::SameColumn`], [`ReadError::RepeatedColumn`];
/// [`ReadError::Ambiguous`] where a guess finds two, [`ReadError::NoHeader`] where it shows that the header is a row.
pub(super) fn choose(
    header: &[String],
    request: &ReadRequest,
    sample: &[Vec<Option<String>>],
    place: &Place,
) -> Result<Chosen, ReadError> {
    let text = asked(header, &request.text, "text")?;
    let usual_label = asked(header, &request.label, "label");
    let label = if request.unlabelled { usual_label.ok().flatten() } else { usual_label? };
    let (text, label, said) = match (text, label) {
        (text, label) if request.unlabelled => {
            let guess = || Guess { header, sample, has_header: !request.is_headerless() }.text(label, place);
            let at = text.map_or_else(guess, Ok)?;
            (at, at, text.is_none().then(|| format!("took the column `{}` for the text", header[at])))
        }
        (Some(text), Some(label)) => (text, label, None),
        (text, label) => {
            let guess = Guess { header, sample, has_header: !request.is_headerless() };
            let found_text = match text {
                Some(at) => at,
                None => guess.text(label, place)?,
            };
            let found_label = match label {
                Some(at) => at,
                None => guess.label(found_text, place)?,
            };
            let part = |found: Option<usize>, role: &str, at: usize| match found {
                Some(_) => None,
                None => Some(format!("took the column `{}` for the {role}", header[at])),
            };
            let parts = [part(text, "text", found_text), part(label, "label", found_label)];
            let said = parts.into_iter().flatten().collect::<Vec<_>>().join(" and ");
            (found_text, found_label, Some(said))
        }
    };
    if text == label && !request.unlabelled {
        return Err(ReadError::SameColumn { name: header[text].clone() });
    }
    for used in [text, label] {
        let times = header.iter().filter(|name| **name == header[used]).count();
        if times > 1 {
            return Err(ReadError::RepeatedColumn { place: place.clone().column(header[used].as_str()), times });
        }
    }
    let mut seen = HashSet::new();
    let mut repeated: Vec<String> = header.iter().filter(|name| !seen.insert(*name)).cloned().collect();
    repeated.dedup();
    let other = |name| position(header, name).filter(|at| *at != text && *at != label);
    let wanted = |name: &Option<String>, role| match name {
        Some(name) => position(header, name).ok_or_else(|| missing(header, name, role)).map(Some),
        None => Ok(None),
    };
    let (embedding, group) = (wanted(&request.embedding, "embedding")?, wanted(&request.group, "group")?);
    let id = ID_NAMES.iter().find_map(|name| other(name));
    let (source, source_id, generator) = (other("source"), other("source_id"), other("generator"));
    Ok(Chosen { text, label, source, source_id, generator, id, embedding, group, said, repeated })
}

fn asked(header: &[String], name: &Option<String>, usual: &'static str) -> Result<Option<usize>, ReadError> {
    let Some(name) = name else { return Ok(position(header, usual)) };
    match position(header, name) {
        Some(at) => Ok(Some(at)),
        None => Err(missing(header, name, usual)),
    }
}

fn missing(header: &[String], name: &str, role: &'static str) -> ReadError {
    ReadError::MissingColumn {
        role,
        name: name.to_owned(),
        columns: header.to_vec(),
        nearest: crate::catalog::nearest(name, header.iter().map(String::as_str)).map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(names: &[&str]) -> Vec<String> {
        names.iter().map(|n| (*n).to_owned()).collect()
    }

    #[test]
    fn looks_for_no_label_where_only_texts_are_wanted() {
        let request = ReadRequest { unlabelled: true, ..ReadRequest::default() };
        let sample = [vec![Some("a long enough text".to_owned()), Some("joy".to_owned())]];
        for names in [["text", "id"], ["sentence", "label"]] {
            let chosen = choose(&header(&names), &request, &sample, &Place::line(1)).unwrap();
            assert_eq!((chosen.text, chosen.label), (0, 0), "{names:?}");
        }
        assert!(named(&header(&["text"]), &request));
    }

    #[test]
    fn takes_usual_names_in_any_case_and_says_nothing() {
        let chosen = choose(&header(&["id", "Label", "TEXT"]), &ReadRequest::default(), &[], &Place::line(1)).unwrap();
        assert_eq!((chosen.text, chosen.label, chosen.said), (2, 1, None));
    }

    #[test]
    fn a_wrong_name_is_an_error_with_the_nearest_one() {
        let request = ReadRequest { text: Some("sentnce".to_owned()), ..ReadRequest::default() };
        let error = choose(&header(&["sentence", "label"]), &request, &[], &Place::line(1)).unwrap_err();
        assert!(error.to_string().contains("did you mean `sentence`?"), "{error}");
    }
}

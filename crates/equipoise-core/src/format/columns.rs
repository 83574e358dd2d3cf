//! Which columns hold the text and the label: named, by convention, or guessed and said.

use super::{Place, ReadError};
use std::collections::HashSet;

/// Rows that a guess looks at.
pub(super) const SAMPLE: usize = 1000;

/// Names that the label column often has, most telling first.
const LABEL_NAMES: &[&str] =
    &["label", "class", "category", "target", "sentiment", "emotion", "intent", "topic", "tag"];

/// The columns that a user named.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ColumnRequest {
    /// The text column; `None` takes `text`, else a guess.
    pub text: Option<String>,
    /// The label column; `None` takes `label`, else a guess.
    pub label: Option<String>,
    /// Whether only texts are wanted: no label column is looked for, and each row's label is its text.
    pub unlabelled: bool,
}

/// The columns to use, by position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Chosen {
    pub(super) text: usize,
    pub(super) label: usize,
    pub(super) source: Option<usize>,
    pub(super) source_id: Option<usize>,
    /// What to say about a guess.
    pub(super) said: Option<String>,
    /// Names that stand more than once and are not used.
    pub(super) repeated: Vec<String>,
}

/// Whether the columns can be told by their names alone, without a look at the rows.
pub(super) fn named(header: &[String], request: &ColumnRequest) -> bool {
    let known = |asked: &Option<String>, usual: &str| asked.is_some() || position(header, usual).is_some();
    known(&request.text, "text") && (request.unlabelled || known(&request.label, "label"))
}

/// The columns to use. `sample` are the first rows, a cell for each column of `header`; it is looked at for a guess only.
///
/// # Errors
/// [`ReadError::MissingColumn`], [`ReadError::NoColumn`], [`ReadError::SameColumn`], [`ReadError::RepeatedColumn`];
/// [`ReadError::NoHeader`] where a guess shows that the header is a row.
pub(super) fn choose(
    header: &[String],
    request: &ColumnRequest,
    sample: &[Vec<Option<String>>],
    place: &Place,
) -> Result<Chosen, ReadError> {
    let text = asked(header, &request.text, "text")?;
    let usual_label = asked(header, &request.label, "label");
    let label = if request.unlabelled { usual_label.ok().flatten() } else { usual_label? };
    let (text, label, said) = match (text, label) {
        (text, label) if request.unlabelled => {
            let guess = || Guess { header, sample }.text(label);
            let at = text.map_or_else(guess, Ok)?;
            (at, at, text.is_none().then(|| format!("took the column `{}` for the text", header[at])))
        }
        (Some(text), Some(label)) => (text, label, None),
        (text, label) => {
            let guess = Guess { header, sample };
            let found_text = match text {
                Some(at) => at,
                None => guess.text(label)?,
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
    Ok(Chosen { text, label, source: other("source"), source_id: other("source_id"), said, repeated })
}

/// The column called exactly `name`, else the first that differs in case only.
fn position(header: &[String], name: &str) -> Option<usize> {
    let same_but_case = || header.iter().position(|h| h.trim().eq_ignore_ascii_case(name));
    header.iter().position(|h| h == name).or_else(same_but_case)
}

fn asked(header: &[String], name: &Option<String>, usual: &str) -> Result<Option<usize>, ReadError> {
    let Some(name) = name else { return Ok(position(header, usual)) };
    match position(header, name) {
        Some(at) => Ok(Some(at)),
        None => Err(ReadError::MissingColumn {
            name: name.clone(),
            columns: header.to_vec(),
            nearest: crate::catalog::nearest(name, header.iter().map(String::as_str)).map(str::to_owned),
        }),
    }
}

struct Guess<'a> {
    header: &'a [String],
    sample: &'a [Vec<Option<String>>],
}

impl Guess<'_> {
    fn cells(&self, column: usize) -> impl Iterator<Item = &str> {
        self.sample.iter().filter_map(move |row| row.get(column).and_then(Option::as_deref)).filter(|c| !c.is_empty())
    }

    fn mean_length(&self, column: usize) -> usize {
        let n = self.cells(column).count().max(1);
        self.cells(column).map(|c| c.chars().count()).sum::<usize>() * 100 / n
    }

    /// The longest column on average, `not` excepted.
    fn text(&self, not: Option<usize>) -> Result<usize, ReadError> {
        let columns = (0..self.header.len()).filter(|c| Some(*c) != not && self.cells(*c).next().is_some());
        columns
            .max_by_key(|c| (self.mean_length(*c), std::cmp::Reverse(*c)))
            .ok_or_else(|| ReadError::NoColumn { role: "text", columns: self.header.to_vec() })
    }

    /// A column with a usual name, else the one with the fewest distinct values, of two at least.
    fn label(&self, text: usize, place: &Place) -> Result<usize, ReadError> {
        let usual = LABEL_NAMES.iter().find_map(|name| position(self.header, name)).filter(|at| *at != text);
        if let Some(at) = usual {
            return Ok(at);
        }
        let distinct = |c: usize| self.cells(c).collect::<HashSet<_>>().len();
        let fits = |c: &usize| {
            let (n, values) = (self.cells(*c).count(), distinct(*c));
            // A column of which every value differs is an id, unless there are too few rows to say so.
            values >= 2 && (values < n || n <= 10)
        };
        let at = (0..self.header.len())
            .filter(|c| *c != text)
            .filter(fits)
            .min_by_key(|c| (distinct(*c), self.mean_length(*c)))
            .ok_or_else(|| ReadError::NoColumn { role: "label", columns: self.header.to_vec() })?;
        if self.cells(at).any(|c| c == self.header[at]) {
            let shown = super::cell::shown(&self.header[at], 40);
            return Err(ReadError::NoHeader { place: place.clone(), shown });
        }
        Ok(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(names: &[&str]) -> Vec<String> {
        names.iter().map(|n| (*n).to_owned()).collect()
    }

    fn rows(cells: &[&[&str]]) -> Vec<Vec<Option<String>>> {
        cells.iter().map(|row| row.iter().map(|c| Some((*c).to_owned())).collect()).collect()
    }

    #[test]
    fn looks_for_no_label_where_only_texts_are_wanted() {
        let request = ColumnRequest { unlabelled: true, ..ColumnRequest::default() };
        let sample = [vec![Some("a long enough text".to_owned()), Some("joy".to_owned())]];
        for names in [["text", "id"], ["sentence", "label"]] {
            let chosen = choose(&header(&names), &request, &sample, &Place::line(1)).unwrap();
            assert_eq!((chosen.text, chosen.label), (0, 0), "{names:?}");
        }
        assert!(named(&header(&["text"]), &request));
    }

    #[test]
    fn takes_usual_names_in_any_case_and_says_nothing() {
        let chosen =
            choose(&header(&["id", "Label", "TEXT"]), &ColumnRequest::default(), &[], &Place::line(1)).unwrap();
        assert_eq!((chosen.text, chosen.label, chosen.said), (2, 1, None));
    }

    #[test]
    fn guesses_the_longest_column_and_the_one_with_few_values_and_says_so() {
        let sample: Vec<Vec<Option<String>>> = (0..40)
            .flat_map(|i| rows(&[&[&format!("{i}"), &format!("a rather long sentence {i}"), ["x", "y"][i % 2], "en"]]))
            .collect();
        let names = header(&["id", "tweet", "mood", "lang"]);
        let chosen = choose(&names, &ColumnRequest::default(), &sample, &Place::line(1)).unwrap();
        assert_eq!((chosen.text, chosen.label), (1, 2));
        assert_eq!(
            chosen.said.as_deref(),
            Some("took the column `tweet` for the text and took the column `mood` for the label")
        );
    }

    #[test]
    fn a_first_line_that_is_a_row_is_no_header() {
        let sample = rows(&[&["it is bad", "neg"], &["it is fine and good", "pos"], &["it is so so", "neg"]]);
        let names = header(&["I like it a lot", "pos"]);
        let error = choose(&names, &ColumnRequest::default(), &sample, &Place::line(1)).unwrap_err();
        assert_eq!(error, ReadError::NoHeader { place: Place::line(1), shown: "pos".to_owned() });
    }

    #[test]
    fn a_wrong_name_is_an_error_with_the_nearest_one() {
        let request = ColumnRequest { text: Some("sentnce".to_owned()), ..ColumnRequest::default() };
        let error = choose(&header(&["sentence", "label"]), &request, &[], &Place::line(1)).unwrap_err();
        assert!(error.to_string().contains("did you mean `sentence`?"), "{error}");
    }
}

//! Guesses of the text and the label column: by their names, else by what they hold; two that are equally likely are asked about.

use super::cell::shown;
use super::header::position;
use super::{Place, ReadError};
use std::collections::HashSet;

/// Names that the text column often has.
const TEXT_NAMES: &[&str] = &[
    "text",
    "sentence",
    "tweet",
    "content",
    "message",
    "comment",
    "review",
    "document",
    "body",
    "utterance",
    "query",
    "question",
    "post",
    "headline",
];

/// Names that the label column often has.
const LABEL_NAMES: &[&str] =
    &["label", "class", "category", "target", "sentiment", "emotion", "intent", "topic", "tag"];

/// A cell of more words is no name of a column.
const NAME_WORDS: usize = 6;

/// Column names and the first rows.
pub(super) struct Guess<'a> {
    pub(super) header: &'a [String],
    pub(super) sample: &'a [Vec<Option<String>>],
    /// Whether `header` stands in the file.
    pub(super) has_header: bool,
}

impl Guess<'_> {
    /// A column with a usual name, else the longest on average; `not` excepted.
    pub(super) fn text(&self, not: Option<usize>, place: &Place) -> Result<usize, ReadError> {
        let full: Vec<usize> = (0..self.header.len()).filter(|c| Some(*c) != not && self.is_full(*c)).collect();
        let longest = full.iter().copied().max_by_key(|c| (self.mean_length(*c), std::cmp::Reverse(*c)));
        let longest = longest.ok_or_else(|| ReadError::NoColumn { role: "text", columns: self.header.to_vec() })?;
        if self.has_header {
            self.is_header(longest, place)?;
        }
        let named = self.by_name(TEXT_NAMES, &full);
        if !named.is_empty() {
            return self.only("text", named);
        }
        // Two columns of sentences, such as question and answer, or premise and hypothesis: either can be meant, or both.
        let as_long =
            |c: &usize| self.mean_length(*c) >= 2_000 && 3 * self.mean_length(*c) >= self.mean_length(longest);
        let others = full.into_iter().filter(|c| *c != longest).filter(as_long);
        self.only("text", [longest].into_iter().chain(others).collect())
    }

    /// A column with a usual name, else the one that holds few values, each of them often.
    pub(super) fn label(&self, text: usize, place: &Place) -> Result<usize, ReadError> {
        let full: Vec<usize> = (0..self.header.len()).filter(|c| *c != text && self.is_full(*c)).collect();
        let classes: Vec<usize> = full.iter().copied().filter(|c| self.distinct(*c) >= 2).collect();
        let named = self.by_name(LABEL_NAMES, &classes);
        if !named.is_empty() {
            return self.only("label", named);
        }
        let fits = |c: &usize| {
            let (n, values) = (self.cells(*c).count(), self.distinct(*c));
            // A column of which every value differs is an id, unless there are too few rows to say so.
            2 * values <= n || n <= 10
        };
        let mut fitting: Vec<usize> = classes.into_iter().filter(fits).collect();
        fitting.sort_by_key(|c| (self.distinct(*c), self.mean_length(*c)));
        let Some(&first) = fitting.first() else {
            // A column of one value: the file may still be meant, and says so itself.
            let single = full.into_iter().min_by_key(|c| (self.distinct(*c), self.mean_length(*c)));
            return single
                .filter(|c| 2 * self.distinct(*c) <= self.cells(*c).count())
                .ok_or_else(|| ReadError::NoColumn { role: "label", columns: self.header.to_vec() });
        };
        if self.has_header && self.cells(first).any(|c| c == self.header[first]) {
            return Err(self.no_header(place, text, first, &self.header[first]));
        }
        self.only("label", fitting)
    }

    /// The likeliest columns by name among `columns`: those called exactly so, else plurals, else those whose first or last word is
    /// such a name.
    fn by_name(&self, names: &[&str], columns: &[usize]) -> Vec<usize> {
        let exact = |name: &str| names.contains(&name);
        let plural = |name: &str| names.iter().any(|n| is_plural(name, n));
        let tiers: [&dyn Fn(&str) -> bool; 3] = [&|name| exact(name), &|name| plural(name), &|name| {
            let words = words(name);
            words.len() > 1 && [words.first(), words.last()].into_iter().flatten().any(|w| exact(w) || plural(w))
        }];
        let of = |tier: &dyn Fn(&str) -> bool, c: &usize| {
            let name = self.header[*c].trim();
            // The words of a name are told by its capitals, too.
            tier(&name.to_lowercase()) || tier(name)
        };
        let found = tiers.iter().map(|tier| columns.iter().copied().filter(|c| of(tier, c)).collect::<Vec<_>>());
        found.into_iter().find(|columns| !columns.is_empty()).unwrap_or_default()
    }

    fn only(&self, role: &'static str, columns: Vec<usize>) -> Result<usize, ReadError> {
        match columns.as_slice() {
            [one] => Ok(*one),
            _ => Err(ReadError::Ambiguous {
                role,
                candidates: columns.iter().map(|c| self.header[*c].clone()).collect(),
            }),
        }
    }

    /// Says where a header is a row: a sentence or a number stands in it.
    fn is_header(&self, text: usize, place: &Place) -> Result<(), ReadError> {
        // A data frame without names writes 0, 1, 2, …
        if self.header.iter().enumerate().all(|(i, name)| *name == i.to_string()) {
            return Ok(());
        }
        let is_sentence = |cell: &&String| cell.split_whitespace().count() > NAME_WORDS;
        let is_number = |cell: &&String| cell.trim().parse::<f64>().is_ok_and(f64::is_finite);
        let Some(found) = self.header.iter().find(is_sentence).or_else(|| self.header.iter().find(is_number)) else {
            return Ok(());
        };
        let others = (0..self.header.len()).filter(|c| *c != text && self.is_full(*c));
        let label = others.filter(|c| self.distinct(*c) >= 2).min_by_key(|c| (self.distinct(*c), self.mean_length(*c)));
        Err(self.no_header(place, text, label.unwrap_or(text), found))
    }

    /// The fault, with names for the columns.
    fn no_header(&self, place: &Place, text: usize, label: usize, cell: &str) -> ReadError {
        let name = |c: usize| match c {
            _ if c == text => "text".to_owned(),
            _ if c == label => "label".to_owned(),
            _ => format!("column_{}", c + 1),
        };
        let columns = (0..self.header.len()).map(name).collect();
        ReadError::NoHeader { place: place.clone(), shown: shown(cell, 40).into(), columns, delimiter: None }
    }

    fn cells(&self, column: usize) -> impl Iterator<Item = &str> {
        self.sample.iter().filter_map(move |row| row.get(column).and_then(Option::as_deref)).filter(|c| !c.is_empty())
    }

    /// Whether most rows have something there.
    fn is_full(&self, column: usize) -> bool {
        let n = self.cells(column).count();
        n > 0 && 2 * n >= self.sample.len()
    }

    fn distinct(&self, column: usize) -> usize {
        self.cells(column).collect::<HashSet<_>>().len()
    }

    /// A hundred times the mean number of characters.
    fn mean_length(&self, column: usize) -> usize {
        let n = self.cells(column).count().max(1);
        self.cells(column).map(|c| c.chars().count()).sum::<usize>() * 100 / n
    }
}

/// Whether a row is a header: usual names stand for text and label.
fn are_names(text: &str, label: &str) -> bool {
    let is = |names: &[&str], cell: &str| names.iter().any(|name| cell.trim().eq_ignore_ascii_case(name));
    is(TEXT_NAMES, text) && is(LABEL_NAMES, label)
}

/// Whether a record is no row but names columns, or is the line that some programs draw below these.
pub(super) fn is_no_row(text: &str, label: &str) -> bool {
    are_names(text, label) || are_rules(text, label)
}

fn are_rules(text: &str, label: &str) -> bool {
    [text, label]
        .iter()
        .all(|cell| cell.trim().len() > 2 && cell.trim().bytes().all(|b| matches!(b, b'-' | b'=' | b':')))
}

/// Whether a header has a column that the text or the label is often called, cut as it is.
pub(super) fn has_usual_names(header: &[String]) -> bool {
    [TEXT_NAMES, LABEL_NAMES].iter().all(|names| names.iter().any(|name| position(header, name).is_some()))
}

fn is_plural(name: &str, of: &str) -> bool {
    match name.strip_prefix(of) {
        Some(end) => matches!(end, "s" | "es"),
        None => of.strip_suffix('y').is_some_and(|stem| name.strip_prefix(stem) == Some("ies")),
    }
}

/// The words of a column's name, lower case: `airline_sentiment`, `sentimentLabel`, `Review Text`.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before_lower = false;
    for c in name.chars() {
        if !c.is_alphanumeric() || (c.is_uppercase() && before_lower) {
            words.push(String::new());
        }
        before_lower = c.is_lowercase();
        if c.is_alphanumeric() {
            let last = words.len() - 1;
            words[last].extend(c.to_lowercase());
        }
    }
    words.retain(|w| !w.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::super::ReadRequest;
    use super::super::columns::{Chosen, choose};
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|n| (*n).to_owned()).collect()
    }

    /// Forty rows; `{}` in a cell stands for the number of the row, `{2}` for one of two values, `{12}` for a cell in one row of twelve.
    fn rows(cells: &[&str]) -> Vec<Vec<Option<String>>> {
        let cell = |cell: &str, i: usize| {
            let sparse = cell == "{12}" && !i.is_multiple_of(12);
            let text = cell.replace("{2}", ["x", "y"][i % 2]).replace("{12}", ["x", "y"][i / 12 % 2]);
            Some(text.replace("{}", &i.to_string())).filter(|_| !sparse)
        };
        (0..40).map(|i| cells.iter().map(|c| cell(c, i)).collect()).collect()
    }

    fn chosen(header: &[&str], cells: &[&str]) -> Result<Chosen, ReadError> {
        choose(&names(header), &ReadRequest::default(), &rows(cells), &Place::line(1))
    }

    #[test]
    fn takes_the_longest_column_and_the_one_with_few_values_and_says_so() {
        let found = chosen(&["id", "said", "mood", "lang"], &["{}", "a rather long sentence {}", "{2}", "en"]).unwrap();
        assert_eq!((found.text, found.label), (1, 2));
        let said = "took the column `said` for the text and took the column `mood` for the label";
        assert_eq!(found.said.as_deref(), Some(said));
    }

    #[test]
    fn a_name_beats_the_number_of_values_and_sparse_columns_do_not_count() {
        let sentence = "a rather long sentence {}";
        for header in ["airline_sentiment", "labels", "Categories", "sentimentLabel", "true class", "topic-name"] {
            let found = chosen(&["id", "lang", header, "label_gold", "said"], &["{}", "{2}", "{2}", "{12}", sentence]);
            assert_eq!(found.map(|f| f.label), Ok(2), "{header}");
        }
        for header in ["tweets", "full_text", "Review Text", "comment body"] {
            let found = chosen(&[header, "notes", "label"], &["short {}", "a rather long sentence and more {}", "{2}"]);
            assert_eq!(found.map(|f| f.text), Ok(0), "{header}");
        }
    }

    #[test]
    fn two_likely_columns_are_shown_and_none_is_taken() {
        let ambiguous = |role, candidates: &[&str]| Err(ReadError::Ambiguous { role, candidates: names(candidates) });
        let sentence = "a rather long sentence {}";
        assert_eq!(
            chosen(&["said", "coarse_label", "fine_label"], &[sentence, "{2}", "{2}"]),
            ambiguous("label", &["coarse_label", "fine_label"])
        );
        assert_eq!(chosen(&["said", "mood", "lang"], &[sentence, "{2}", "{2}"]), ambiguous("label", &["mood", "lang"]));
        assert_eq!(
            chosen(&["asked", "answered", "label"], &[sentence, sentence, "{2}"]),
            ambiguous("text", &["asked", "answered"])
        );
    }

    #[test]
    fn a_first_line_that_is_a_row_is_no_header() {
        for (header, shown) in [
            (["x", "what stands here {}"], "x"),
            (["z", "this is a sentence of some words and no name"], "this is a sentence of some words and no …"),
            (["3.5", "words"], "3.5"),
        ] {
            let error = chosen(&header, &["{2}", "a rather long sentence {}"]).unwrap_err();
            let ReadError::NoHeader { shown: found, columns, .. } = error else { panic!("{header:?}: {error}") };
            assert_eq!((&*found, columns), (shown, names(&["label", "text"])), "{header:?}");
        }
        assert!(chosen(&["0", "1"], &["{2}", "a rather long sentence {}"]).is_ok());
    }

    #[test]
    fn names_fall_into_words() {
        assert_eq!(words("airline_sentiment"), ["airline", "sentiment"]);
        assert_eq!(words("SentimentLabel 2"), ["sentiment", "label", "2"]);
        assert!(is_plural("categories", "category") && is_plural("classes", "class") && !is_plural("classic", "class"));
    }
}

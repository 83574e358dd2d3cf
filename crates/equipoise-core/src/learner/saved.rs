//! Fitted vectorisers and models as plain data: named arrays, and nothing that could run.

use super::{Model, Vectoriser};
use std::collections::HashSet;

/// A fitted vectoriser or model as arrays; `kind` says what reads them.
#[derive(Debug, Clone, PartialEq)]
pub struct Saved {
    /// What it is, such as `words` or `linear`.
    pub kind: String,
    /// Its arrays, in the order that the kind knows.
    pub arrays: Vec<Array>,
}

/// An array of one type.
#[derive(Debug, Clone, PartialEq)]
pub enum Array {
    /// Texts.
    Strings(Vec<String>),
    /// Real numbers; minus infinity is allowed, NaN is not.
    Floats(Vec<f32>),
    /// Whole numbers.
    Numbers(Vec<u64>),
}

/// Why saved data cannot be a vectoriser or model.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SavedError {
    /// No vectoriser or model reads this kind.
    #[error("no {what} is called `{kind}`; a newer version may have written it")]
    UnknownKind {
        /// `vectoriser` or `model`.
        what: &'static str,
        /// The kind.
        kind: String,
    },
    /// The arrays are not those of the kind.
    #[error("the arrays of `{kind}` are damaged: {fault}")]
    Damaged {
        /// The kind.
        kind: String,
        /// What does not hold.
        fault: &'static str,
    },
}

/// A vectoriser and how many columns it gives.
pub type LoadedVectoriser = (Box<dyn Vectoriser>, usize);

/// A model, how many features it takes and how many labels it knows.
pub type LoadedModel = (Box<dyn Model>, usize, usize);

impl Saved {
    pub(super) fn new(kind: &str, arrays: impl Into<Vec<Array>>) -> Self {
        Saved { kind: kind.to_owned(), arrays: arrays.into() }
    }
}

/// What reads one kind of saved vectoriser or model.
pub struct Loader<T> {
    pub(super) kind: &'static str,
    /// Takes the arrays of the kind in their order; an error is a few words on what does not hold.
    pub(super) load: fn(&mut Arrays) -> Result<T, &'static str>,
}

/// What reads the vectorisers and models that a learner saves.
pub struct Loaders {
    pub(super) vectoriser: Loader<LoadedVectoriser>,
    pub(super) model: Loader<LoadedModel>,
}

impl<T> Loader<T> {
    /// # Errors
    /// [`SavedError::Damaged`]; arrays from anywhere end here, never in a panic.
    pub(super) fn read(&self, saved: Saved) -> Result<T, SavedError> {
        let kind = saved.kind;
        let mut arrays = Arrays(saved.arrays.into_iter());
        let loaded = (self.load)(&mut arrays).and_then(|loaded| arrays.end().map(|()| loaded));
        loaded.map_err(|fault| SavedError::Damaged { kind, fault })
    }
}

/// The arrays of one item, taken in order.
pub(super) struct Arrays(std::vec::IntoIter<Array>);

impl Arrays {
    pub(super) fn strings(&mut self) -> Result<Vec<String>, &'static str> {
        match self.0.next() {
            Some(Array::Strings(strings)) => Ok(strings),
            _ => Err("texts are missing"),
        }
    }

    /// Texts without repeats, as a vocabulary is.
    pub(super) fn vocabulary(&mut self) -> Result<Vec<String>, &'static str> {
        let terms = self.strings()?;
        let distinct: HashSet<&String> = terms.iter().collect();
        let lawful = distinct.len() == terms.len() && u32::try_from(terms.len()).is_ok();
        if lawful { Ok(terms) } else { Err("a vocabulary holds a term twice") }
    }

    /// Real numbers that are not NaN.
    pub(super) fn floats(&mut self) -> Result<Vec<f32>, &'static str> {
        match self.0.next() {
            Some(Array::Floats(floats)) if !floats.iter().any(|f| f.is_nan()) => Ok(floats),
            Some(Array::Floats(_)) => Err("a number is NaN"),
            _ => Err("real numbers are missing"),
        }
    }

    /// As many whole numbers as asked.
    pub(super) fn numbers<const N: usize>(&mut self) -> Result<[usize; N], &'static str> {
        let Some(Array::Numbers(numbers)) = self.0.next() else { return Err("whole numbers are missing") };
        let numbers: [u64; N] = numbers.try_into().map_err(|_| "the count of whole numbers is wrong")?;
        // Sizes are multiplied with each other; below this none overflows.
        let sized = numbers.map(|n| n as u32 as usize);
        if numbers.iter().all(|n| *n <= u64::from(u32::MAX)) { Ok(sized) } else { Err("a size is too large") }
    }

    fn end(&mut self) -> Result<(), &'static str> {
        if self.0.next().is_none() { Ok(()) } else { Err("there are more arrays than it has") }
    }
}

/// The terms of a vocabulary in the order of their columns.
pub(super) fn by_column<'a, T: 'a>(columns: impl IntoIterator<Item = (&'a T, &'a u32)>) -> Vec<&'a T> {
    let mut terms: Vec<(&T, &u32)> = columns.into_iter().collect();
    terms.sort_unstable_by_key(|(_, column)| **column);
    terms.into_iter().map(|(term, _)| term).collect()
}

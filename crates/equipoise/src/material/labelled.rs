//! Labelled rows, read and split.

use super::{HoldOut, Sources};
use crate::error::MaterialError;
use crate::input::{self, Input, InputOptions, Source};
use equipoise_core::data::{DataError, Dataset, Rows};
use equipoise_core::rng::Seed;

/// Training rows and held-out rows, before anybody looks at them.
pub(super) struct Labelled {
    pub(super) dataset: Dataset,
    pub(super) original: Input,
    pub(super) test: Option<Input>,
    pub(super) held_out_name: String,
    pub(super) name: String,
    pub(super) notes: Vec<String>,
}

impl Labelled {
    /// Reads the training rows, and the test rows where a file holds them.
    pub(super) fn read(sources: &Sources) -> Result<Self, MaterialError> {
        let name = sources.train.name();
        let mut notes = Vec::new();
        let (original, rows) = open(&sources.train, &sources.columns, &mut notes)?;
        let (mut test, mut held_out_name) = (None, String::new());
        let dataset = match &sources.held_out {
            HoldOut::Test(test_source) => {
                // The test file may be of another format; its columns are called the same.
                let options = InputOptions { format: None, ..sources.columns.clone() };
                let (input, held) = open(test_source, &options, &mut notes)?;
                held_out_name = test_source.name();
                test = Some(input);
                Dataset::with_test(rows, held)
            }
            HoldOut::Share { share, seed } => {
                held_out_name = format!("a stratified {:.0} % of {name}, seed {seed}", share * 100.0);
                Dataset::with_split(rows, *share, Seed::new(*seed).child("data/split"))
            }
            HoldOut::Nothing => Dataset::new(rows),
        };
        let dataset = dataset.map_err(|source| match (&source, &sources.held_out) {
            (DataError::UnknownTestLabels { .. }, HoldOut::Test(test)) => {
                MaterialError::Data { name: test.shown(), source }
            }
            _ => MaterialError::Data { name: sources.train.shown(), source },
        })?;
        Ok(Labelled { dataset, original, test, held_out_name, name, notes })
    }
}

/// A source and its rows.
fn open(source: &Source, options: &InputOptions, notes: &mut Vec<String>) -> Result<(Input, Rows), MaterialError> {
    let mut input = input::read(source, options)?;
    notes.extend(input.notes.iter().map(|note| format!("{}: {note}", source.name())));
    let rows = std::mem::take(&mut input.rows);
    Ok((input, rows))
}

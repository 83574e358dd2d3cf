//! Labelled rows, read and split.

use super::{Features, HoldOut, Sources};
use crate::error::MaterialError;
use crate::event::Event;
use crate::input::{self, Input, InputOptions, Source};
use equipoise_core::data::{DataError, Dataset, Groups, Rows};
use equipoise_core::rng::Seed;

/// Training rows and held-out rows, before anybody looks at them.
pub(super) struct Labelled {
    pub(super) dataset: Dataset,
    pub(super) original: Input,
    pub(super) test: Option<Input>,
    pub(super) features: Option<Features>,
    pub(super) groups: Option<Groups>,
    pub(super) held_out_name: String,
    pub(super) name: String,
    pub(super) notes: Vec<Event>,
}

impl Labelled {
    /// Reads the training rows, and the test rows where a file holds them.
    pub(super) fn read(sources: &Sources) -> Result<Self, MaterialError> {
        let name = sources.train.name();
        let mut notes = Vec::new();
        let mut features = Features::of_file(sources)?;
        let has_all = features.is_some();
        let with_groups = InputOptions { group: sources.group.clone(), ..sources.columns.clone() };
        let mut original = match input::read(&sources.train, &with_groups) {
            // Where the held-out rows are apart, they alone need groups.
            Err(error) if matches!(sources.held_out, HoldOut::Test(_)) && error.lacks_the_groups() => {
                input::read(&sources.train, &sources.columns)?
            }
            read => read?,
        };
        original.check_split(sources.train.shown(), &sources.columns)?;
        let mut take = |source: &Source, input: &mut Input| {
            notes.extend(input.notes.iter().map(|note| Event::noted(&source.name(), note)));
            match (&mut features, input.features.take()) {
                (Some(features), Some(own)) if !has_all => features.take(&own)?,
                (Some(features), _) => features.cover(source, &input.rows)?,
                (none, own) => *none = own.map(Features::from),
            }
            Ok::<Rows, MaterialError>(std::mem::take(&mut input.rows))
        };
        let rows = take(&sources.train, &mut original)?;
        let (mut test, mut held_out_name) = (None, String::new());
        let dataset = match &sources.held_out {
            HoldOut::Test(source) => {
                let mut input = input::read_beside(source, &with_groups, &original)?;
                input.rename_as(rows.names(), &sources.columns);
                let held = take(source, &mut input)?;
                held_out_name = source.name();
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
        let groups = match &sources.group {
            None => None,
            Some(column) => {
                let of_test = test.iter_mut().flat_map(|test| test.groups.drain(..));
                let groups = Groups::new(column, original.groups.drain(..).chain(of_test));
                if groups.n_rows() == 0 {
                    return Err(MaterialError::NoGroups { column: column.clone() });
                }
                Some(groups)
            }
        };
        Ok(Labelled { dataset, original, test, features, groups, held_out_name, name, notes })
    }
}

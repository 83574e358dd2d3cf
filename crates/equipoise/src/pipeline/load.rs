//! Loading: the input files become a data set with its sealed rows, and a profile.

use crate::event::{Event, Phase};
use crate::input::{self, Input, InputOptions};
use crate::pipeline::unlabelled::{self, Unlabelled};
use crate::{Error, Setup, Work};
use equipoise_core::data::{DataError, Dataset, Fingerprints};
use equipoise_core::profile::Profile;
use std::path::Path;

/// What is held out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HoldOut {
    /// As a run does: the test file, or else a stratified share of the rows, or nothing where the evaluation is off.
    AsRun,
    /// The test file where there is one, else nothing.
    OnlyTestFile,
}

/// Input files read.
pub struct Loaded {
    /// The input file, its rows taken out.
    pub input: Input,
    /// The test file, its rows taken out.
    pub test: Option<Input>,
    /// Rows without a label.
    pub unlabelled: Option<Unlabelled>,
    /// Rows and split.
    pub dataset: Dataset,
    /// Hashes of the held-out texts.
    pub fingerprints: Option<Fingerprints>,
    /// What the training rows are like.
    pub profile: Profile,
    /// How the held-out rows came about, for people.
    pub held_out_name: String,
    /// What was left out or guessed, for people.
    pub notes: Vec<String>,
}

/// Reads the recipe's files.
///
/// # Errors
/// Unreadable and bad input, with file and place.
pub fn load(setup: &Setup, hold_out: HoldOut, work: &Work<'_>) -> Result<Loaded, Error> {
    let recipe = &setup.recipe;
    let sink = work.sink;
    let path = recipe.data.input.as_deref().ok_or(Error::NoInput)?;
    sink(Event::Started(Phase::Read));
    let options = InputOptions {
        format: recipe.data.format.clone(),
        text: recipe.data.text.clone(),
        label: recipe.data.label.clone(),
    };
    let mut input = input::read(path, &options)?;
    let rows = std::mem::take(&mut input.rows);
    let mut notes: Vec<String> = input.notes.iter().map(|n| format!("{}: {n}", file_name(path))).collect();
    let (mut test, mut held_out_name) = (None, String::new());
    let dataset = match &recipe.data.test {
        Some(test_path) => {
            // The test file may be of another format; its columns are called the same.
            let options = InputOptions { format: None, ..options };
            let mut file = input::read(test_path, &options)?;
            notes.extend(file.notes.iter().map(|n| format!("{}: {n}", file_name(test_path))));
            held_out_name = file_name(test_path);
            let held = std::mem::take(&mut file.rows);
            test = Some(file);
            Dataset::with_test(rows, held)
        }
        None if hold_out == HoldOut::AsRun && recipe.evaluate.enabled => {
            let share = recipe.evaluate.held_out_share;
            held_out_name = format!("a stratified {:.0} % of {}, seed {}", share * 100.0, file_name(path), recipe.seed);
            Dataset::with_split(rows, share, setup.seed().child("data/split"))
        }
        None => Dataset::new(rows),
    };
    let dataset = dataset.map_err(|source| {
        let of_test = matches!(source, DataError::UnknownTestLabels { .. });
        let path = recipe.data.test.as_deref().filter(|_| of_test).unwrap_or(path).to_owned();
        Error::Data { path, source }
    })?;
    // Said now, and not when the texts are paid.
    let judged = hold_out == HoldOut::AsRun && recipe.evaluate.enabled;
    if judged && dataset.held_out().is_none_or(|h| h.is_empty()) {
        return Err(Error::NothingHeldOut);
    }
    let unlabelled = match recipe.data.unlabelled.as_deref().filter(|_| hold_out == HoldOut::AsRun) {
        Some(path) => Some(unlabelled::read(path, setup, &dataset, &mut notes)?),
        None => None,
    };
    sink(Event::Finished(Phase::Read));
    sink(Event::Started(Phase::Profile));
    let fingerprints = dataset.held_out().map(|h| h.fingerprints());
    let profile = Profile::new(dataset.train(), fingerprints.as_ref());
    sink(Event::Finished(Phase::Profile));
    notes.iter().for_each(|n| work.note(n.clone()));
    Ok(Loaded { input, test, unlabelled, dataset, fingerprints, profile, held_out_name, notes })
}

/// The last part of a path, for people.
pub(super) fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned())
}

//! Rows without a label: parts of the offline generator's texts, and where it harvests texts of their own.

use crate::input::{self, Input, InputOptions};
use crate::pipeline::load::file_name;
use crate::setup::Reach;
use crate::{Error, Setup};
use equipoise_core::data::{Dataset, RowId};
use equipoise_core::learner;
use equipoise_core::provider::Donor;
use equipoise_core::text::comparison_key;
use std::collections::HashSet;
use std::path::Path;

/// The rows of a file without labels that may be used.
pub struct Unlabelled {
    /// The file, its rows taken out.
    pub input: Input,
    /// Its texts; none is held out, a training row or a repeat.
    pub donors: Vec<Donor>,
}

/// Reads the file at `path`, with guesses of the labels where the provider harvests; says in `notes` what was left out.
pub(super) fn read(
    path: &Path,
    setup: &Setup,
    dataset: &Dataset,
    notes: &mut Vec<String>,
) -> Result<Unlabelled, Error> {
    let model = &setup.model;
    let Reach::Local(local) = &model.reach else { return Err(Error::Unlabelled { model: model.shown() }) };
    let options = InputOptions { format: None, text: setup.recipe.data.text.clone(), label: None };
    let file = input::read_texts(path, &options)?;
    let held_out = dataset.held_out().map(|h| h.fingerprints());
    let mut seen: HashSet<String> = dataset.train().rows().map(|r| comparison_key(r.text)).collect();
    let (mut n_held_out, mut n_repeats) = (0, 0);
    let mut donors = Vec::with_capacity(file.texts.len());
    for text in file.texts {
        // What is judged on must not come into what is trained on.
        if held_out.as_ref().is_some_and(|h| h.contains(&text)) {
            n_held_out += 1;
        } else if !seen.insert(comparison_key(&text)) {
            n_repeats += 1;
        } else {
            donors.push(Donor { id: RowId::new(&text, "", 0), text, guess: None });
        }
    }
    let name = file_name(path);
    notes.extend(file.input.notes.iter().map(|n| format!("{name}: {n}")));
    notes.push(format!("{name}: {} unlabelled rows may lend parts of texts", donors.len()));
    if n_held_out > 0 {
        notes.push(format!("{name}: {n_held_out} rows are held out and were left out"));
    }
    if n_repeats > 0 {
        notes.push(format!("{name}: {n_repeats} rows repeat a training row or an earlier one and were left out"));
    }
    if local.harvests()
        && let Some(learner) = setup.learners.first()
    {
        let texts: Vec<&str> = donors.iter().map(|d| d.text.as_str()).collect();
        let guesses = learner::guess(dataset.train(), &texts, learner);
        donors.iter_mut().zip(guesses).for_each(|(donor, guess)| donor.guess = Some(guess));
    }
    Ok(Unlabelled { input: file.input, donors })
}

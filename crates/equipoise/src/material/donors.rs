//! Rows without a label: they lend parts of texts, or a model says which label they have.

use super::Material;
use crate::error::MaterialError;
use crate::event::Event;
use crate::input::{self, InputOptions, Source};
use equipoise_core::data::RowId;
use equipoise_core::offline::Donor;
use equipoise_core::text::comparison_key;
use std::collections::HashSet;

impl Material {
    /// Takes the texts of `source` that may be used, and notes what was left out.
    pub(super) fn lend(&mut self, source: &Source, columns: &InputOptions) -> Result<(), MaterialError> {
        let InputOptions { text, encoding, .. } = columns.clone();
        let options = InputOptions { text, encoding, ..InputOptions::default() };
        let file = input::read_texts(source, &options).or_else(|error| {
            let as_train = InputOptions { dialect: columns.dialect.clone(), ..options };
            let read = source.is_lasting().then(|| input::read_texts(source, &as_train).ok()).flatten();
            read.ok_or(error)
        })?;
        let mut seen: HashSet<String> = self.dataset.train().rows().map(|r| comparison_key(r.text)).collect();
        let (mut n_held_out, mut n_repeats) = (0, 0);
        for text in file.texts {
            if self.is_held_out(&text) {
                n_held_out += 1;
            } else if !seen.insert(comparison_key(&text)) {
                n_repeats += 1;
            } else {
                self.donors.push(Donor { id: RowId::new(&text, "", 0), text, guess: None });
            }
        }
        let name = source.name();
        self.notes.extend(file.input.notes.iter().map(|note| Event::noted(&name, note)));
        self.notes.push(Event::Note(format!("{name}: {} unlabelled rows", self.donors.len())));
        if n_held_out > 0 {
            self.notes.push(Event::Omitted(format!("{name}: {n_held_out} rows are held out and were omitted")));
        }
        if n_repeats > 0 {
            self.notes.push(Event::Omitted(format!(
                "{name}: {n_repeats} rows repeat a training row or an earlier one and were omitted"
            )));
        }
        self.unlabelled = Some(file.input);
        Ok(())
    }
}

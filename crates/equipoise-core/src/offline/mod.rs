//! The built-in generator: new texts of a label from parts of real rows, without a model, a key or a network.
//!
//! A label's own words are kept with their nearest words; the rest of the sentence is exchanged for neutral parts of other rows,
//! joined only where both rows have the same words. Every text names the rows and the joints that it was made of.

mod answer;
mod association;
mod choose;
mod corpus;
mod crossover;
mod donor;
mod draft;
mod exchange;
mod grams;
mod harvest;
mod infill;
mod knowledge;
mod label;
mod language_model;
mod settings;
mod swap;
mod token;
mod vocabulary;
mod words;
mod write;
mod writer;

pub use answer::{Answer, Ask, Joint, JointKind, Text};
pub use donor::Donor;
pub(crate) use settings::SETTINGS;
pub use writer::Writer;

use crate::catalog::{self, SettingsError};
use crate::data::TrainView;
use settings::Settings;

/// The offline generator: context swap, exchange, crossover and infill over the training rows.
#[derive(Debug, Clone, Default)]
pub struct Offline {
    settings: Settings,
}

impl Offline {
    /// The generator with `settings`.
    ///
    /// # Errors
    /// [`SettingsError::BadValue`] for a share outside 0..=1 or an over-generation outside 1..=20.
    pub fn new(settings: &catalog::Settings) -> Result<Self, SettingsError> {
        Ok(Offline { settings: Settings::new(settings)? })
    }

    /// Reads the training rows, and the rows without a label that may lend parts, once; what is learnt serves every label.
    pub fn read<'a>(&self, train: TrainView<'a>, donors: &'a [Donor]) -> Writer<'a> {
        Writer::new(train, donors, self.settings.clone())
    }

    /// Whether unlabelled rows whose label can be guessed are wanted as texts: only then are the donors' guesses worth making.
    pub fn harvests(&self) -> bool {
        self.settings.harvest
    }
}

/// The generator that wrote a run's texts, which can write others from other training rows, and the rows that lend it parts.
#[derive(Debug, Clone, Copy)]
pub struct Author<'a> {
    /// The generator.
    pub offline: &'a Offline,
    /// Rows without a label, empty where there are none.
    pub donors: &'a [Donor],
}

#[cfg(test)]
mod tests;

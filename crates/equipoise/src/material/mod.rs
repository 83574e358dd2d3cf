//! Real rows, whatever they were read from: training rows, sealed held-out rows, their profile, and rows that lend parts of texts.
//!
//! Rows from outside come in through [`Material`] alone, which knows the held-out texts. So no way in can forget to look.

mod admit;
mod donors;
mod features;
mod labelled;
mod sources;

pub use admit::{Admitted, Origin};
pub use features::Features;
pub use sources::{HoldOut, Sources};

use crate::event::{Event, Phase};
use crate::input::{Input, SourceCell};
use crate::{Error, Work};
use equipoise_core::data::{Dataset, Fingerprints, Groups};
use equipoise_core::offline::Donor;
use equipoise_core::profile::Profile;
use labelled::Labelled;

/// Rows that everything else is made from.
pub struct Material {
    /// Training rows and sealed held-out rows.
    pub(crate) dataset: Dataset,
    /// Hashes of the held-out texts.
    pub(crate) fingerprints: Option<Fingerprints>,
    /// Rows without a label; none is held out, a training row or a repeat.
    pub(crate) donors: Vec<Donor>,
    /// Where the training rows are from, to be added to.
    pub(crate) original: Input,
    /// Where the test rows are from.
    pub(crate) test: Option<Input>,
    /// Where the donors are from.
    pub(crate) unlabelled: Option<Input>,
    /// The vectors that come with the texts, where they were asked for.
    pub(crate) features: Option<Features>,
    /// Groups of the held-out rows, where a column of theirs names some.
    pub(crate) groups: Option<Groups>,
    /// How the held-out rows came about, for people.
    pub(crate) held_out_name: String,
    /// What the training rows are called.
    pub(crate) name: String,
    profile: Profile,
    notes: Vec<Event>,
}

impl Material {
    /// Reads rows from wherever they are. What was left out or guessed is noted.
    ///
    /// # Errors
    /// Unreadable and bad input, with its name and place.
    pub fn read(sources: &Sources, work: &Work<'_>) -> Result<Self, Error> {
        let labelled = work.phase(Phase::Read, || Labelled::read(sources))?;
        let mut material = work.phase(Phase::Profile, || Material::new(labelled));
        if let Some(lender) = &sources.unlabelled {
            work.phase(Phase::Read, || material.lend(lender, &sources.columns))?;
        }
        material.notes.iter().for_each(|note| work.tell(note.clone()));
        Ok(material)
    }

    fn new(labelled: Labelled) -> Self {
        let Labelled { dataset, original, test, features, groups, held_out_name, name, notes } = labelled;
        let fingerprints = dataset.held_out().map(|h| h.fingerprints());
        let profile = Profile::new(dataset.train(), fingerprints.as_ref());
        let (donors, unlabelled) = (Vec::new(), None);
        Material {
            dataset,
            fingerprints,
            donors,
            original,
            test,
            unlabelled,
            features,
            groups,
            held_out_name,
            name,
            profile,
            notes,
        }
    }

    /// What the training rows are like.
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// Training rows and sealed held-out rows.
    pub fn dataset(&self) -> &Dataset {
        &self.dataset
    }

    /// The names of the columns of text and label.
    pub fn columns(&self) -> [&str; 2] {
        [&self.original.layout.text, &self.original.layout.label]
    }

    /// Whether the text is held out: what is judged on must not come into what is trained on.
    fn is_held_out(&self, text: &str) -> bool {
        self.fingerprints.as_ref().is_some_and(|held| held.contains(text))
    }

    /// Whether the row that a synthetic one was made from is held out: training on its child would give the answer away.
    fn is_child_of_held_out(&self, source: &SourceCell) -> bool {
        self.fingerprints.as_ref().is_some_and(|held| source.ids().any(|id| held.contains_row(id)))
            || source.text.as_ref().is_some_and(|text| self.is_held_out(text))
    }
}

//! Models that are fitted outside of this library: by a command of the user, or by the program that embeds it. A result stays in a
//! folder under the hash of its job and of whoever fits, so that none is made twice.

mod command;
mod error;
mod folder;
mod own;

pub use error::FitError;
pub use own::OwnLearner;

pub(crate) use command::{LearnerCommand, shell};
pub(crate) use own::Own;

use crate::{Error, Work};
use equipoise_core::eval::Fitter;
use equipoise_core::learner::FitJob;
use folder::FitFolder;
use std::path::Path;

/// The folder of jobs and results, in that of a run or an evaluation.
pub const FITS_FOLDER: &str = "fits";

/// Probabilities of some texts: a row for each text, a number for each label.
type Rows = Vec<Vec<f64>>;

/// Whoever fits models.
pub(crate) trait Outside {
    /// What the learner is called where learners have names.
    fn name(&self) -> &'static str;

    /// Whose models these are: another one gives others.
    fn hash(&self) -> blake3::Hash;

    /// What a reader of the verdict has to know.
    fn note(&self) -> String;

    /// Fits every job and leaves its result in `folder`.
    fn fit(&self, open: &[&FitJob], folder: &FitFolder<'_>) -> Result<(), Error>;
}

/// Asks `outside` for what the folder does not have.
pub(crate) struct OutsideFitter<'a> {
    outside: Option<&'a dyn Outside>,
    folder: FitFolder<'a>,
}

impl<'a> OutsideFitter<'a> {
    /// One that keeps results in the folder at `path`; `labels` are by id.
    pub(crate) fn new(
        outside: Option<&'a dyn Outside>,
        path: &'a Path,
        labels: &'a [String],
        work: &'a Work<'a>,
    ) -> Self {
        let whose = outside.map_or_else(|| blake3::hash(b""), Outside::hash);
        OutsideFitter { outside, folder: FitFolder { path, whose, labels, work } }
    }
}

impl Fitter for OutsideFitter<'_> {
    type Error = Error;

    fn fit(&mut self, jobs: &[FitJob]) -> Result<Vec<Rows>, Error> {
        self.folder.create()?;
        let known: Vec<Option<Rows>> = jobs.iter().map(|job| self.folder.read(job).ok()).collect();
        let open: Vec<&FitJob> = jobs.iter().zip(&known).filter(|(_, known)| known.is_none()).map(|(j, _)| j).collect();
        if let Some(outside) = self.outside.filter(|_| !open.is_empty()) {
            self.folder.forecast(outside.name(), open.len(), jobs.len());
            outside.fit(&open, &self.folder)?;
        }
        let each = jobs.iter().zip(known);
        each.map(|(job, known)| known.map_or_else(|| Ok(self.folder.read(job)?), Ok)).collect()
    }
}

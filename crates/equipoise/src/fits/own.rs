//! A learner of the program that embeds this library.

use super::folder::FitFolder;
use super::{FitError, Outside, Rows};
use crate::Error;
use equipoise_core::learner::FitJob;
use std::error::Error as StdError;

/// A learner of the program that embeds this library.
pub trait OwnLearner: Send + Sync {
    /// What it is: a few words, and whatever tells it from others. Equal ones fit equal models. It stands in the recipe of a run.
    fn identity(&self) -> &str;

    /// Fits a model and asks it: a row for each text of [`FitJob::predict`], a probability for each of `labels`, which are by id.
    ///
    /// # Errors
    /// Whatever keeps it from fitting; it comes out as [`FitError::Own`].
    fn fit(&self, job: &FitJob, labels: &[String]) -> Result<Vec<Vec<f64>>, Box<dyn StdError + Send + Sync>>;
}

/// The learner that a recipe names, where the program has it: a run can be replayed without, as long as no model is missing.
pub(crate) struct Own<'a> {
    pub(crate) identity: &'a str,
    pub(crate) learner: Option<&'a dyn OwnLearner>,
}

impl Outside for Own<'_> {
    fn name(&self) -> &'static str {
        "own"
    }

    fn hash(&self) -> blake3::Hash {
        blake3::hash(self.identity.as_bytes())
    }

    fn note(&self) -> String {
        format!("The verdict is about the models of the learner `{}`. No model is kept to predict with.", self.identity)
    }

    fn fit(&self, open: &[&FitJob], folder: &FitFolder<'_>) -> Result<(), Error> {
        let identity = || self.identity.to_owned();
        let Some(learner) = self.learner else {
            return Err(FitError::NoOwn { identity: identity(), n_missing: open.len() }.into());
        };
        if learner.identity() != self.identity {
            return Err(FitError::OtherOwn { identity: identity(), given: learner.identity().to_owned() }.into());
        }
        folder.advanced(self.name(), 0, open.len());
        for (at, job) in open.iter().enumerate() {
            folder.work.checkpoint();
            let rows: Rows = learner.fit(job, folder.labels).map_err(FitError::Own)?;
            job.check(&rows).map_err(FitError::from)?;
            folder.write(job, &rows)?;
            folder.advanced(self.name(), at + 1, open.len());
        }
        Ok(())
    }
}

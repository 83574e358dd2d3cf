//! An evaluation some of whose models are fitted elsewhere.

use super::evaluate::evaluate_and_save;
use super::inputs::{EvaluationError, EvaluationInputs, Progress};
use super::train::Saved;
use super::types::Evaluation;
use crate::learner::{FitJob, FitJobs, FitResultError, Learner};

/// Whoever fits models: a command, or a function of the program that embeds this one.
pub trait Fitter {
    /// Why it could not.
    type Error: From<EvaluationError> + From<FitResultError>;

    /// Fits every job, and gives for each a row for each text of [`FitJob::predict`] with a probability for each label.
    ///
    /// # Errors
    /// Whatever keeps a fit from being made.
    fn fit(&mut self, jobs: &[FitJob]) -> Result<Vec<Vec<Vec<f64>>>, Self::Error>;
}

/// As [`evaluate_and_save`], where the models of [`FitJobs::learner`] come from `fitter`, which is asked for all of them at once.
///
/// The evaluation is rehearsed to hear what is asked for; what it says then is dropped. The results are those of one evaluation
/// that knew every model, in whatever order they came.
///
/// # Errors
/// Those of the fitter; [`EvaluationError`]; a result of another shape.
pub fn evaluate_elsewhere<F: Fitter>(
    inputs: &EvaluationInputs<'_>,
    jobs: &FitJobs,
    fitter: &mut F,
    progress: &(dyn Fn(Progress<'_>) + Sync),
) -> Result<(Evaluation, Option<Saved>), F::Error> {
    let elsewhere: Vec<(&str, &dyn Learner)> =
        inputs.learners.iter().filter(|(_, learner)| learner.fits_elsewhere()).copied().collect();
    if !elsewhere.is_empty() {
        let rehearsal = EvaluationInputs { learners: &elsewhere, n_resamples: 1, ..*inputs };
        evaluate_and_save(&rehearsal, &|_| {})?;
    }
    loop {
        let open = jobs.open();
        if !open.is_empty() {
            let results = fitter.fit(&open)?;
            open.iter().zip(results).try_for_each(|(job, rows)| jobs.answer(job, rows))?;
        }
        let made = evaluate_and_save(inputs, progress)?;
        // A choice of the results can ask for more.
        if jobs.open().is_empty() {
            return Ok(made);
        }
    }
}

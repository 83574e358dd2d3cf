//! Who answers requests: the one thing about rounds that cannot be computed.

use super::Intake;
use crate::data::LabelId;
use crate::generator::Candidate;
use crate::probation::Judgements;
use crate::prompt::PromptError;
use crate::provider::{Answer, Failure, Request};
use std::collections::BTreeMap;

/// Answers requests: a live endpoint, a provider inside the process, or a journal alone.
pub trait Asker {
    /// Why asking ended early. The rounds end with it, and add only the error of a template that cannot be filled in.
    type Error: From<PromptError>;

    /// Asks every request of the step and hands in how each ended ([`Intake::end`]), in any order. A request whose end is not handed in
    /// was not asked to its end.
    ///
    /// # Errors
    /// Whatever keeps the step from being asked to its end. The rounds stop there; what was answered until then must be found again
    /// when the same rounds run once more.
    fn ask(&mut self, step: &Step<'_>, intake: &mut Intake<'_, '_>) -> Result<(), Self::Error>;

    /// Has the run's judge of labels say which label each of `texts` has, after it was asked about real rows; `None` where there is no such
    /// judge.
    ///
    /// # Errors
    /// As [`Asker::ask`].
    fn judge(&mut self, _texts: &[&Candidate]) -> Result<Option<Judgements>, Self::Error> {
        Ok(None)
    }
}

/// Requests that may be asked in any order and at the same time, and what is known when they are.
#[derive(Debug, Clone, Copy)]
pub struct Step<'a> {
    /// What to ask.
    pub requests: &'a [Request],
    /// The texts that each label has already, for a provider inside the process, which must not write them again. Empty for others.
    pub taken: &'a Taken,
}

/// The texts that each label has already.
pub type Taken = BTreeMap<LabelId, Vec<String>>;

/// How one request ended.
#[derive(Debug, Clone, PartialEq)]
pub enum RequestEnd {
    /// With an answer.
    Answered(Answer),
    /// Without one, for good.
    Failed(Failure),
}

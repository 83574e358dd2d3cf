//! Who answers requests: the one thing about rounds that cannot be computed.

use super::RowCounts;
use crate::data::LabelId;
use crate::generator::RequestKey;
use crate::prompt::PromptError;
use crate::provider::{Answer, Failure, Request};
use crate::select::Selection;
use std::collections::BTreeMap;

/// Answers requests: a live endpoint, a provider inside the process, or a journal alone.
pub trait Asker {
    /// Why asking ended early. The rounds end with it, and add only the error of a template that cannot be filled in.
    type Error: From<PromptError>;

    /// Asks every request of the step and gives the key and the end of each, in the same order.
    ///
    /// # Errors
    /// Whatever keeps the step from being asked to its end. The rounds stop there; what was answered until then must be found again
    /// when the same rounds run once more.
    fn ask(&mut self, step: &Step<'_>) -> Result<Vec<(RequestKey, RequestEnd)>, Self::Error>;
}

/// Requests that may be asked in any order and at the same time, and what is known when they are.
#[derive(Debug, Clone, Copy)]
pub struct Step<'a> {
    /// What to ask.
    pub requests: &'a [Request],
    /// The texts that each label has already, for a provider inside the process, which must not write them again. Empty for others.
    pub taken: &'a Taken,
    /// The counts of everything before this step.
    pub counts: &'a RowCounts,
    /// What was selected in the rounds before.
    pub selection: &'a Selection,
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
    /// Not yet: the run ended before.
    Cancelled,
}

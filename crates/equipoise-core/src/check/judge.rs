//! The three stages of a check: its settings, what it has learnt from the real rows, and one reading of candidates in order.

use super::{Context, Finding, Reason};
use crate::generator::Candidate;
use crate::probation::{Judgements, LabelJudgement};
use crate::text::comparison_key;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// A check with its settings.
pub trait Check: Send + Sync {
    /// Its name in the catalog.
    fn name(&self) -> &'static str;

    /// Every reason that its findings may give.
    fn reasons(&self) -> &'static [Reason];

    /// Whether it rejects nothing with these settings, so that its warnings are all it has to say.
    fn only_warns(&self) -> bool {
        false
    }

    /// Whether somebody outside has to be asked, so that without them it has nothing to say.
    fn is_asked(&self) -> bool {
        false
    }

    /// Learns from the training rows what is usual among them.
    fn learn<'a>(&'a self, context: &'a Context<'a>) -> Box<dyn Judge + 'a>;
}

/// A check that has learnt what it needs of the real rows.
pub trait Judge: Send + Sync {
    /// Begins to read candidates, none of which it has seen.
    fn begin(&self) -> Box<dyn Session + '_>;

    /// What a user should know: the patterns that are off since the real rows show them. One sentence each.
    fn notes(&self) -> Vec<String> {
        Vec::new()
    }

    /// The candidate's text as it is to be judged and used, where a setting of the check asks for another one.
    fn mend(&self, _: &Candidate) -> Option<String> {
        None
    }
}

/// One reading of candidates in order.
pub trait Session: Send {
    /// The findings on the next texts, in order; `None` where nothing is wrong. Texts of earlier calls are earlier texts, and what
    /// comes later never changes a finding.
    fn judge(&mut self, texts: &[Subject<'_>]) -> Vec<Option<Finding>>;

    /// Takes in what a judge that was asked says of texts that were read.
    fn hear(&mut self, _: &Judgements) {}

    /// What shows only in all texts together, for as many as were read so far.
    fn conclude(&self) -> Conclusion {
        Conclusion::default()
    }
}

/// What a check says of texts once it knows the others.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Conclusion {
    /// Findings by the id of the candidate, at most one each, on texts of which [`Session::judge`] found nothing.
    pub findings: Vec<(String, Finding)>,
    /// What a user should know of the texts as a whole. One sentence each.
    pub notes: Vec<String>,
    /// What is wrong with the texts of a label as a set.
    pub sets: Vec<SetFinding>,
    /// What a judge that was asked found in all.
    pub judged: Option<LabelJudgement>,
}

/// Something that is wrong with the texts of a label as a set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SetFinding {
    /// The check's name.
    pub check: String,
    /// The label.
    pub label: String,
    /// Name of a reason of the check.
    pub reason: String,
    /// The measured share (0..1) among the synthetic texts.
    pub synthetic: f64,
    /// The same among the real rows of the label.
    pub real: f64,
    /// What was found, for people.
    pub sentence: String,
    /// Some of the texts that show it: their ids and themselves.
    pub examples: Vec<(String, String)>,
}

/// A candidate with the forms of its text that several checks look at.
pub struct Subject<'a> {
    /// The candidate.
    pub candidate: &'a Candidate,
    /// The [`comparison_key`] of its text.
    pub key: String,
}

impl<'a> Subject<'a> {
    /// Prepares a candidate.
    pub fn new(candidate: &'a Candidate) -> Self {
        Subject { candidate, key: comparison_key(&candidate.text) }
    }

    /// The text.
    pub fn text(&self) -> &'a str {
        &self.candidate.text
    }

    /// The text as it came, with the marks and capitals that its label's rule removed: they tell what is no part of it.
    pub fn came(&self) -> &'a str {
        self.candidate.came.as_deref().unwrap_or(&self.candidate.text)
    }
}

/// A judge that looks at each text by itself.
pub(super) fn each<'a, F>(find: F) -> Box<dyn Judge + 'a>
where
    F: Fn(&Subject<'_>) -> Option<Finding> + Send + Sync + 'a,
{
    each_with_notes(find, Vec::new())
}

/// The same with something to say of the real rows.
pub(super) fn each_with_notes<'a, F>(find: F, notes: Vec<String>) -> Box<dyn Judge + 'a>
where
    F: Fn(&Subject<'_>) -> Option<Finding> + Send + Sync + 'a,
{
    Box::new(Each { find, notes })
}

struct Each<F> {
    find: F,
    notes: Vec<String>,
}

impl<F: Fn(&Subject<'_>) -> Option<Finding> + Send + Sync> Judge for Each<F> {
    fn begin(&self) -> Box<dyn Session + '_> {
        session(&self.find)
    }

    fn notes(&self) -> Vec<String> {
        self.notes.clone()
    }
}

/// A session that looks at each text by itself.
pub(super) fn session<'a, F>(find: F) -> Box<dyn Session + 'a>
where
    F: Fn(&Subject<'_>) -> Option<Finding> + Send + Sync + 'a,
{
    Box::new(EachSession(find))
}

struct EachSession<F>(F);

/// Texts that are worth a thread of their own: below, handing them over costs more than it saves.
const WORTH_A_THREAD: usize = 32;

impl<F: Fn(&Subject<'_>) -> Option<Finding> + Send + Sync> Session for EachSession<F> {
    fn judge(&mut self, texts: &[Subject<'_>]) -> Vec<Option<Finding>> {
        texts.par_iter().with_min_len(WORTH_A_THREAD).map(&self.0).collect()
    }
}

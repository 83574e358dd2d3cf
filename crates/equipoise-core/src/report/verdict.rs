//! The verdict as a badge and a headline, the same in every renderer.

use super::ReportData;
use crate::eval::Finding;
use serde::Serialize;

/// The answer to "do the synthetic rows help?".
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Headline {
    /// `yes`, `no` or `unknown`: how it is coloured.
    pub(super) tone: &'static str,
    /// The answer.
    pub(super) badge: &'static str,
    /// What to do, or why there is no answer.
    pub(super) headline: &'static str,
    /// The verdict's own sentences.
    pub(super) reason: String,
    /// The arm to train with; empty where nothing was evaluated.
    pub(super) arm: String,
    /// What to do, a sentence each.
    pub(super) advice: Vec<String>,
    /// What was found for each label, a sentence each: those with synthetic rows first.
    pub(super) labels: Vec<String>,
}

impl Headline {
    /// The headline of a run.
    pub(super) fn of(data: &ReportData<'_>) -> Self {
        let Some(evaluation) = data.evaluation else {
            return Headline {
                tone: "unknown",
                badge: "Not measured",
                headline: "Nobody knows yet whether these rows help.",
                reason:
                    "This run was made without an evaluation: no row was held out, so nothing can be said about what \
                         the synthetic rows do to a classifier."
                        .to_owned(),
                arm: String::new(),
                advice: Vec::new(),
                labels: Vec::new(),
            };
        };
        let verdict = &evaluation.verdict;
        let (tone, badge, headline) = match verdict.finding {
            Finding::Helped => ("yes", "Yes", "Use the synthetic rows."),
            Finding::CannotTell => ("unknown", "Cannot tell", "Leave the synthetic rows out for now."),
            Finding::NotNeeded | Finding::NoEffect | Finding::Harmed | Finding::NothingKept => {
                ("no", "No", "Leave the synthetic rows out.")
            }
            Finding::FreeArms => ("unknown", "No synthetic rows", "Real rows alone were compared."),
        };
        let (raised, others): (Vec<_>, Vec<_>) = verdict.labels.iter().partition(|l| l.raised);
        Headline {
            tone,
            badge,
            headline,
            reason: verdict.reason.clone(),
            arm: verdict.arm.clone(),
            advice: verdict.advice.iter().map(|a| a.sentence.clone()).collect(),
            labels: raised.into_iter().chain(others).map(|l| l.sentence.clone()).collect(),
        }
    }
}

//! The verdict as a badge and a headline, the same in every renderer.

use super::ReportData;
use super::command::{command, purpose};
use crate::eval::{Advice, Level};
use serde::Serialize;

/// The answer to "do the synthetic rows help?".
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Headline {
    /// `yes`, `no` or `unknown`: how it is coloured.
    pub(super) tone: &'static str,
    /// The answer.
    pub(super) badge: &'static str,
    /// What to do, or why there is no answer.
    pub(super) headline: String,
    /// The verdict's own sentences.
    pub(super) reason: String,
    /// The arm to train with; empty where nothing was evaluated.
    pub(super) arm: String,
    /// What to do, most important first.
    pub(super) advice: Vec<Advised>,
    /// What was found for each label, a sentence each: those with synthetic rows first.
    pub(super) labels: Vec<String>,
}

/// One piece of advice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Advised {
    sentence: String,
    /// What a command is for, and the command.
    commands: Vec<(&'static str, String)>,
}

impl Advised {
    fn of(advice: &Advice) -> Self {
        let commands = advice.actions.iter().map(|action| (purpose(*action), command(*action, "RUN")));
        Advised { sentence: advice.sentence.clone(), commands: commands.collect() }
    }
}

impl Headline {
    /// The headline of a run.
    pub(super) fn of(data: &ReportData<'_>) -> Self {
        let Some(evaluation) = data.evaluation else {
            return Headline {
                tone: "unknown",
                badge: "Not measured",
                headline: "Nobody knows yet whether these rows help.".to_owned(),
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
        let tone = match verdict.level {
            Some(Level::Yes | Level::YesAtAPrice) => "yes",
            Some(Level::NotNeeded | Level::No) => "no",
            Some(Level::Promising | Level::TooLittleData) | None => "unknown",
        };
        let (raised, others): (Vec<_>, Vec<_>) = verdict.labels.iter().partition(|l| l.raised);
        Headline {
            tone,
            badge: verdict.badge(),
            headline: verdict.headline.clone(),
            reason: verdict.reason.clone(),
            arm: verdict.arm.clone(),
            advice: verdict.advice.iter().map(Advised::of).collect(),
            labels: raised.into_iter().chain(others).map(|l| l.sentence.clone()).collect(),
        }
    }
}

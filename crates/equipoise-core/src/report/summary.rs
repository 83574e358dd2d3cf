//! The verdict as people first see it: one value behind the first screen of the page, the end of a command, the card and `report.md`, so
//! that none of them says what another does not.

use super::command::{command, purpose};
use super::fine_print::fine_print;
use super::lines::{SummaryLine, lines};
use super::roles::Roles;
use super::sure::{note, sure};
use super::{ReportData, StoppedAt};
use crate::arm;
use crate::eval::{Advice, Evaluation, Level, Verdict};
use crate::text::counted;
use serde::Serialize;

/// The verdict, the figures beside it, what to do, and how sure it is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Summary {
    /// How it is coloured.
    pub tone: Tone,
    /// The answer to "do the synthetic rows help?", in a word or three.
    pub badge: &'static str,
    /// What to do, and what it costs.
    pub headline: String,
    /// What the rows do in counts of judged rows, a sentence each.
    pub effect: Vec<String>,
    /// Whose verdict it is, and which learners differ, a sentence each.
    pub fine_print: Vec<String>,
    /// The arm to train with; empty where nothing was evaluated.
    pub arm: String,
    /// What people call the free arm that every figure is compared with, and its name; `None` where none was.
    pub best_free: Option<Free>,
    /// What `lines` compare with the real rows alone: the new rows, or the best free way where there are none.
    pub about: &'static str,
    /// The labels with new rows, every label that is harmed, and the figures over all labels.
    pub lines: Vec<SummaryLine>,
    /// The other labels.
    pub folded: Vec<SummaryLine>,
    /// What to do, most important first.
    pub advice: Vec<Advised>,
    /// What a reader has to know to trust the figures, a sentence each.
    pub sure: Vec<String>,
    /// The one thing besides that somebody should know who reads no further; `None` where there is none.
    pub note: Option<String>,
    /// What was found for each label, a sentence each: those with synthetic rows first.
    pub labels: Vec<String>,
}

/// How a verdict is coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// The rows help.
    Yes,
    /// They help, and somebody pays.
    Price,
    /// Nobody knows.
    Unknown,
    /// They are not needed.
    Free,
    /// They harm.
    No,
}

impl Tone {
    /// A sign that tells the tones apart without colour.
    pub fn sign(self) -> char {
        match self {
            Tone::Yes => '✓',
            Tone::Price => '!',
            Tone::Unknown => '?',
            Tone::Free => '=',
            Tone::No => '✕',
        }
    }

    fn of(level: Option<Level>) -> Self {
        match level {
            Some(Level::Yes) => Tone::Yes,
            Some(Level::YesAtAPrice) => Tone::Price,
            Some(Level::NotNeeded) => Tone::Free,
            Some(Level::No) => Tone::No,
            Some(Level::Promising | Level::TooLittleData) | None => Tone::Unknown,
        }
    }
}

/// The free arm that every figure is compared with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Free {
    /// Its name.
    pub arm: String,
    /// What people call it.
    pub words: String,
    /// How many free arms it is the best of.
    pub n_of: usize,
}

/// One piece of advice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Advised {
    /// What to do.
    pub sentence: String,
    /// What a command is for, and the command.
    pub commands: Vec<(&'static str, String)>,
}

impl Advised {
    fn of(advice: &Advice, typed: Option<&str>) -> Self {
        let commands =
            advice.actions.iter().filter_map(|action| Some((purpose(*action), command(*action, "RUN", typed)?)));
        Advised { sentence: advice.sentence.clone(), commands: commands.collect() }
    }
}

impl Summary {
    /// The summary of an evaluation; of a run without one it says so.
    pub fn of(evaluation: Option<&Evaluation>) -> Self {
        evaluation.map_or_else(Summary::unmeasured, |evaluation| Summary::evaluated(evaluation, None))
    }

    /// The summary of an evaluation that the command `typed` made.
    fn evaluated(evaluation: &Evaluation, typed: Option<&str>) -> Self {
        let verdict = &evaluation.verdict;
        let roles = Roles::of(evaluation);
        let (lines, folded) = roles.as_ref().map(|roles| lines(evaluation, roles)).unwrap_or_default();
        let (raised, others): (Vec<_>, Vec<_>) = verdict.labels.iter().partition(|label| label.raised);
        Summary {
            tone: Tone::of(verdict.level),
            badge: verdict.badge(),
            headline: verdict.headline.clone(),
            effect: match verdict.level {
                Some(_) => verdict.effect.clone(),
                None => vec![verdict.reason.clone()],
            },
            fine_print: fine_print(evaluation),
            arm: verdict.arm.clone(),
            best_free: roles.and_then(|roles| best_free(evaluation, &roles)),
            about: if verdict.level.is_some() { "the new rows" } else { "the best free way" },
            lines,
            folded,
            advice: advice(verdict, typed),
            sure: sure(evaluation),
            note: note(evaluation),
            labels: raised.into_iter().chain(others).map(|label| label.sentence.clone()).collect(),
        }
    }

    /// The summary of what a report is made from: an evaluation, or a run that was stopped before it had one.
    pub fn of_data(data: &ReportData<'_>) -> Self {
        match (data.evaluation, data.stopped) {
            (Some(evaluation), _) => Summary::evaluated(evaluation, data.provenance.command.as_deref()),
            (None, Some(StoppedAt { n_done, n_planned })) => Summary {
                badge: "Stopped",
                effect: vec![format!(
                    "The run was stopped: {n_done} of {} were asked for to the end, and nothing is evaluated yet.",
                    counted(n_planned, "text")
                )],
                advice: vec![Advised {
                    sentence: "Go on with the run; no answer that came is paid twice.".to_owned(),
                    commands: vec![("to go on", "equipoise resume RUN".to_owned())],
                }],
                ..Summary::unmeasured()
            },
            (None, None) => Summary::unmeasured(),
        }
    }

    fn unmeasured() -> Self {
        Summary {
            tone: Tone::Unknown,
            badge: "Not measured",
            headline: "Nobody knows yet whether these rows help.".to_owned(),
            effect: vec!["This run was made without an evaluation: no row was held out, so nothing can be said about what the new rows do \
                          to a classifier."
                .to_owned()],
            fine_print: Vec::new(),
            arm: String::new(),
            best_free: None,
            about: "the new rows",
            lines: Vec::new(),
            folded: Vec::new(),
            advice: Vec::new(),
            sure: Vec::new(),
            note: None,
            labels: Vec::new(),
        }
    }
}

/// What the verdict advises; where no way of training is to be changed, first of all to go on as before.
fn advice(verdict: &Verdict, typed: Option<&str>) -> Vec<Advised> {
    let mut advice: Vec<Advised> = verdict.advice.iter().map(|advice| Advised::of(advice, typed)).collect();
    let is_settled = matches!(verdict.level, Some(Level::NotNeeded | Level::No));
    if verdict.arm == arm::NONE && (is_settled || verdict.level.is_some() && advice.is_empty()) {
        let sentence = "Train on your real rows only: no other way is shown to be better here.".to_owned();
        advice.insert(0, Advised { sentence, commands: Vec::new() });
    }
    advice
}

fn best_free(evaluation: &Evaluation, roles: &Roles<'_>) -> Option<Free> {
    let name = &roles.rival?.name;
    let of_learner = evaluation.arms.iter().filter(|arm| arm.learner == roles.learner);
    Some(Free {
        arm: name.clone(),
        words: arm::lookup(name).map_or_else(|| name.clone(), |entry| entry.words()),
        n_of: of_learner.filter(|arm| arm::role(&arm.name) == Some(arm::Role::Free)).count(),
    })
}

//! A judge of labels that is asked: first about real rows, whose labels are known, then about texts.

mod command;
mod error;
mod model;
mod plan;

pub use error::JudgeError;
pub(crate) use plan::JudgePlan;

use crate::journal::Journal;
use crate::setup::Who;
use crate::{Error, Work};
use command::Command;
use equipoise_core::data::{LabelId, TrainView};
use equipoise_core::generator::Candidate;
use equipoise_core::probation::{JudgedText, Judgements, Said};
use equipoise_core::text::{counted, escape_control};
use model::Asked;
use plan::rows;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// What a judge was asked and paid, beside what writing the texts cost.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct JudgeSpent {
    /// Who judges.
    pub by: String,
    /// Requests that were answered; texts, where a command judges.
    pub n_answered: usize,
    /// Tokens read.
    pub input_tokens: u64,
    /// Tokens written.
    pub output_tokens: u64,
    /// Cost of the answers; `None` where the price is unknown.
    pub usd: Option<f64>,
}

impl JudgeSpent {
    /// What of the whole cost is the judge's, in words.
    pub fn told(&self) -> String {
        let by = escape_control(&self.by);
        match (self.input_tokens, self.usd) {
            (0, _) => format!("{} judged by `{by}`", counted(self.n_answered, "row or text")),
            (_, Some(usd)) => format!(
                "of all this {} and {usd:.4} USD went to the label judge `{by}`",
                counted(self.n_answered, "request")
            ),
            (_, None) => format!("of all this {} went to the label judge `{by}`", counted(self.n_answered, "request")),
        }
    }
}

/// A text and the label that it claims.
struct Question<'q> {
    text: &'q str,
    claimed: LabelId,
}

/// What was said of each question, in their order; `None` where it cannot be read.
struct Replies {
    said: Vec<Option<Said>>,
    /// Questions that were not asked to the end.
    n_open: usize,
}

/// A judge at work.
pub(crate) struct Judging<'a> {
    plan: &'a JudgePlan,
    train: TrainView<'a>,
    way: Way<'a>,
    /// Whether it was asked about the real rows.
    is_tried: bool,
}

/// How it is reached.
enum Way<'a> {
    Model(Box<Asked<'a>>),
    Command(Command<'a>),
}

impl<'a> Judging<'a> {
    /// One that is asked; answers of `earlier` are taken over.
    pub(crate) fn live(
        plan: &'a JudgePlan,
        train: TrainView<'a>,
        (dir, earlier): (&Path, Option<&Path>),
        journal: &Journal,
        work: &'a Work<'a>,
    ) -> Result<Self, Error> {
        let way = match &plan.judge.who {
            Who::Model(model, limits) => {
                Way::Model(Box::new(Asked::live((plan, model, limits), (dir, earlier), journal.clone(), work)?))
            }
            Who::Command(command) => Way::Command(Command::new(command, train.labels(), journal.clone(), Some(work))),
        };
        Ok(Judging { plan, train, way, is_tried: false })
    }

    /// One whose answers stand in the journal.
    pub(crate) fn recorded(plan: &'a JudgePlan, train: TrainView<'a>, journal: &Journal) -> Result<Self, Error> {
        let way = match &plan.judge.who {
            Who::Model(model, _) => Way::Model(Box::new(Asked::recorded(plan, model, journal.clone())?)),
            Who::Command(command) => Way::Command(Command::new(command, train.labels(), journal.clone(), None)),
        };
        Ok(Judging { plan, train, way, is_tried: false })
    }

    /// Asks about `texts`, before the first ones about the real rows.
    pub(crate) fn judge(&mut self, texts: &[&Candidate]) -> Result<Judgements, Error> {
        let mut judgements = Judgements { by: self.plan.judge.shown(), ..Judgements::default() };
        if texts.is_empty() {
            return Ok(judgements);
        }
        if !self.is_tried {
            self.try_out(&mut judgements)?;
            self.is_tried = true;
        }
        let labels = self.train.labels();
        let known = texts.iter().filter_map(|text| Some((*text, labels.id(&text.label)?)));
        let asked: Vec<(&Candidate, LabelId)> = known.collect();
        let questions: Vec<Question<'_>> =
            asked.iter().map(|(text, claimed)| Question { text: &text.text, claimed: *claimed }).collect();
        let told = self.way.ask(&questions)?;
        judgements.n_open += told.n_open;
        let text = |((candidate, label), said): (&(&Candidate, LabelId), Option<Said>)| JudgedText {
            candidate: candidate.id.clone(),
            label: *label,
            source: candidate.sources.rows().first().copied(),
            said,
        };
        judgements.texts = asked.iter().zip(told.said).map(text).collect();
        Ok(judgements)
    }

    /// Asks about the real rows, each under the label that it is to try the judge for.
    fn try_out(&mut self, judgements: &mut Judgements) -> Result<(), Error> {
        let mut places: Vec<(usize, LabelId)> = Vec::new();
        for of in &self.plan.known {
            places.extend(of.own.iter().chain(&of.others).map(|at| (*at, of.label)));
        }
        let train = self.train;
        let question = |(at, claimed): &(usize, LabelId)| Question { text: train.get(*at).text, claimed: *claimed };
        let told = self.way.ask(&places.iter().map(question).collect::<Vec<_>>())?;
        judgements.n_open += told.n_open;
        let said: BTreeMap<(usize, LabelId), Said> =
            places.iter().zip(told.said).filter_map(|(place, said)| Some((*place, said?))).collect();
        let all = rows(&self.plan.known);
        judgements.n_known = all.len();
        let is_read = |at: &usize| said.range((*at, LabelId(0))..=(*at, LabelId(u16::MAX))).next().is_some();
        judgements.n_known_unread = all.iter().filter(|at| !is_read(at)).count();
        for of in &self.plan.known {
            let record = of.record(|at| said.get(&(at, of.label)).map(|said| said.opinion));
            judgements.records.insert(of.label, record);
        }
        Ok(())
    }

    /// What it was asked and paid so far.
    pub(crate) fn spent(&self) -> JudgeSpent {
        let spent = match &self.way {
            Way::Model(asked) => asked.spent(),
            Way::Command(command) => command.spent(),
        };
        JudgeSpent { by: self.plan.judge.shown(), ..spent }
    }

    /// Whether its answers are texts that a command wrote, and no requests.
    pub(crate) fn is_command(&self) -> bool {
        matches!(self.way, Way::Command(_))
    }

    /// How many answers were taken over from other runs, in words.
    pub(crate) fn reused(&self) -> Vec<String> {
        match &self.way {
            Way::Model(asked) => asked.reused(),
            Way::Command(_) => Vec::new(),
        }
    }
}

impl Way<'_> {
    fn ask(&mut self, questions: &[Question<'_>]) -> Result<Replies, Error> {
        match self {
            Way::Model(asked) => asked.ask(questions),
            Way::Command(command) => command.ask(questions),
        }
    }
}

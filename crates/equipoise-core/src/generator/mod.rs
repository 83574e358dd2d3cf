//! Ways of asking: how a label's quota becomes jobs for a model, and how an answer becomes candidates.

mod article_2023;
mod mine;
mod neighbour;
mod new;
mod paired;
mod piece;
mod reading;
mod recombine;
mod rewrite;
mod round;

pub use mine::NOT_THIS_LABEL;
pub use piece::{Fault, Piece};

use crate::attribute::TextAttributes;
use crate::catalog::Entry;
use crate::data::{LabelId, RowId, TrainView};
use crate::offline::Joint;
use crate::parse::Note;
use crate::rng::Seed;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::HashSet;

/// Every generator; the first is the default for models.
pub static CATALOG: &[&Entry<dyn Generator>] =
    &[&rewrite::ENTRY, &article_2023::ENTRY, &new::ENTRY, &neighbour::ENTRY, &mine::ENTRY, &recombine::ENTRY];

/// The key of a request: BLAKE3-256 over everything that decides its answer, in hex.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RequestKey(pub String);

/// A source text of a job and the short opaque id under which the prompt shows it (`a1`, `a2`, …).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SourceText {
    /// Id in the prompt and in the answer.
    pub key: String,
    /// The training row, or the row without a label.
    pub row: RowId,
    /// Its text.
    pub text: String,
}

/// A real row without a label, which a model may be asked about.
#[derive(Debug, Clone, PartialEq)]
pub struct Unlabelled {
    /// Its id.
    pub row: RowId,
    /// Its text.
    pub text: String,
}

/// One thing to ask a model: texts of one label.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Job {
    /// The label; a job never mixes labels, so that a shifted answer cannot mislabel.
    pub label: LabelId,
    /// The real rows shown to the model: to rewrite one by one, or as examples.
    pub sources: Vec<SourceText>,
    /// How many texts the answer should hold.
    pub wanted: usize,
    /// Which ask of the same sources this is, from 0; stands in the request, so that no two asks are equal.
    pub ordinal: u32,
    /// What each of the wanted texts is to be like, in the order in which the prompt has them; empty where nothing is said.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<TextAttributes>,
}

/// From which real rows a text was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sources {
    /// One row, by id.
    One(RowId),
    /// Some among these rows: the pairing is lost or never was.
    Among(Vec<RowId>),
    /// Parts of these rows, put together.
    Joined {
        /// The row that the text was made from, then those that lent a part.
        rows: Vec<RowId>,
        /// Where the parts meet, in the order of the text.
        joints: Vec<Joint>,
    },
    /// A real row that had no label, word for word; its label is a guess.
    Harvested(RowId),
    /// Nothing is known, as of rows from elsewhere.
    Unknown,
}

/// What stands for the generator beside a real text with a guessed label.
const HARVEST: &str = "harvest";

impl Sources {
    /// What the `rows` are to a text that says which generator made it; without one several rows are those of which one was the source.
    pub fn told(rows: Vec<RowId>, generator: Option<&str>) -> Self {
        match (rows.as_slice(), generator) {
            ([], _) => Sources::Unknown,
            ([one], _) => Sources::One(*one),
            (_, Some(name)) if name == recombine::ENTRY.name => Sources::Joined { rows, joints: Vec::new() },
            _ => Sources::Among(rows),
        }
    }

    /// What made the text, in a run whose texts `generator` writes.
    pub fn made_by<'g>(&self, generator: &'g str) -> &'g str {
        if matches!(self, Sources::Harvested(_)) { HARVEST } else { generator }
    }

    /// The row ids, however sure.
    pub fn rows(&self) -> &[RowId] {
        match self {
            Sources::One(row) | Sources::Harvested(row) => std::slice::from_ref(row),
            Sources::Among(rows) | Sources::Joined { rows, .. } => rows,
            Sources::Unknown => &[],
        }
    }
}

/// A generated text before any check: one line of `candidates.jsonl`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// Unique within the run; equal in every replay.
    pub id: String,
    /// The text after cleaning, held to the rules of its label.
    pub text: String,
    /// The text as it came, where holding it to the rules changed it: what is attached to a text shows by the marks that a rule removes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub came: Option<String>,
    /// The label that it was asked for.
    pub label: String,
    /// The request that brought it; `None` for rows from elsewhere.
    pub request: Option<RequestKey>,
    /// Position in the answer, from 0, or in the file.
    pub position: usize,
    /// The real rows it was made from.
    pub sources: Sources,
    /// The check that the parser itself failed it for (a cut item, for instance); such a candidate is kept and rejected as malformed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
    /// What it was to be like: value by attribute; empty where nothing was said, or where the answer lost which text it is.
    #[serde(default, skip_serializing_if = "TextAttributes::is_empty")]
    pub attributes: TextAttributes,
}

/// Makes jobs for a label and reads their answers.
pub trait Generator: Send + Sync {
    /// Jobs that ask for [`Ask::wanted`] texts in all, in a fixed order that depends on the ask alone. Later rounds go on round the rows.
    fn jobs(&self, ask: &Ask<'_>) -> Vec<Job>;

    /// The JSON schema of the answer to `job`, for endpoints that take one; `None` where the answer is not JSON. It is the same
    /// for every job, so that an endpoint compiles it once.
    fn schema(&self, job: &Job) -> Option<Value>;

    /// Whether each text answers one source, so that a text which was left out can be asked for by its source.
    fn is_paired(&self) -> bool;

    /// Whether the sources of a label are rows of the label that it is most confused with ([`Ask::of`]).
    fn shows_neighbours(&self) -> bool {
        false
    }

    /// Whether the sources are rows without a label ([`Ask::unlabelled`]), which come back word for word.
    fn mines(&self) -> bool {
        false
    }

    /// Whether it writes new texts, to which attributes can be dealt: then [`Job::attributes`] are told by an id each, and come back with it.
    fn takes_attributes(&self) -> bool {
        false
    }

    /// The candidates of an answer; `complete` is false where the token limit cut it. Never fails: what cannot be read is a note.
    fn read(&self, job: &Job, answer: &str, complete: bool) -> Reading;
}

/// What [`Generator::jobs`] is asked for.
pub struct Ask<'a> {
    /// The rows to draw sources from.
    pub train: TrainView<'a>,
    /// The label.
    pub label: LabelId,
    /// The label whose rows are sources: the same one, but for generators that show neighbours.
    pub of: LabelId,
    /// How many texts.
    pub wanted: usize,
    /// Source rows a request, at most.
    pub chunk: usize,
    /// Rows that are no source any more: no model would answer them, or one said what there is to say of a row without a label.
    pub without: &'a HashSet<RowId>,
    /// Rows without a label, those first that are likeliest to have this one.
    pub unlabelled: &'a [Unlabelled],
    /// Refill round, from 0.
    pub round: u32,
    /// Seed of this label and round.
    pub seed: Seed,
}

/// A text of an answer and what it was made from.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadItem {
    /// The cleaned text.
    pub text: String,
    /// The text before it was held to the rules of its label, where they changed it.
    pub came: Option<String>,
    /// The real rows it was made from.
    pub sources: Sources,
    /// Why the item cannot be whole, if so.
    pub fault: Option<String>,
    /// Which of [`Job::attributes`] it was to have, where the answer says so.
    pub asked: Option<usize>,
}

impl ReadItem {
    /// Whether this answers what was asked for its source, so that nobody asks again.
    pub fn is_answer(&self) -> bool {
        self.fault.as_deref().is_none_or(|fault| fault == NOT_THIS_LABEL)
    }
}

/// What an answer gave.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Reading {
    /// The texts in the order of the answer.
    pub items: Vec<ReadItem>,
    /// What was wrong with the answer.
    pub notes: Vec<Note>,
}

/// The id under which a prompt has the text at `at` of [`Job::attributes`].
pub fn attributes_id(at: usize) -> String {
    format!("t{}", at + 1)
}

#[cfg(test)]
mod tests;

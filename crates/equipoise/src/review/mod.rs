//! Review of a run's texts by people: what they see, and their decisions on the disk.

mod model;
mod page;
mod sheet;
mod store;
mod texts;

pub use equipoise_core::review::{Agreement, Applied, Decision, LabelSample, Record, RowHash, Why};
pub use page::{FindingShown, ItemShown, Page, Progress, Queue, RowShown};
pub(crate) use store::Store;
pub(crate) use texts::Texts;

use crate::folder::{Opened, Overrides};
use crate::pipeline::{Answers, check_context, generate};
use crate::{Error, Material, Setup, Work};
use equipoise_core::check;
use equipoise_core::generator::{Candidate, Sources};
use equipoise_core::review::{History, queue, samples};
use equipoise_core::rng::Seed;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// What a reviewer chooses for rows: a [`Decision`] but undo, which is asked for alone.
pub type Choice = Decision;

/// A run under review by one person. The run itself is only read; decisions are appended to `human.jsonl`.
pub struct Review {
    setup: Setup,
    material: Material,
    dir: PathBuf,
    store: Store,
    reviewer: String,
    rows: Vec<RowShown>,
    /// Position of each row by its identity.
    place: HashMap<RowHash, usize>,
}

impl Review {
    /// Reads a finished run and trains a model of its real rows, whose opinion is shown beside each text.
    ///
    /// # Errors
    /// A folder without a finished run, changed input files, a damaged file of the run.
    pub fn open(dir: &Path, reviewer: &str, work: &Work<'_>) -> Result<Self, Error> {
        let Opened { setup, material, planned, dir: run, .. } = Opened::new(dir, &Overrides::default(), work)?;
        let generated = {
            let mut recorded = Answers::recorded(&material, &planned, &run, work)?;
            generate(&setup, &material, &planned, &mut recorded, &Work::default())?
        };
        let opinions = model::opinions(&setup, &material, &generated.candidates);
        let rows = page::rows(&material, &generated, &opinions);
        // Equal texts of one label are one row: the first stands for all.
        let mut place = HashMap::new();
        for (at, row) in rows.iter().enumerate() {
            place.entry(row.row.clone()).or_insert(at);
        }
        // The run's lock goes with `run`: a review writes decisions alone, so that `replay` may go on beside it.
        Ok(Review {
            store: Store::open(dir)?,
            setup,
            material,
            dir: dir.to_owned(),
            reviewer: reviewer.to_owned(),
            rows,
            place,
        })
    }

    /// Everything that the page shows and that no decision changes.
    pub fn page(&self) -> Page<'_> {
        let labels = self.material.dataset().labels().names().to_vec();
        Page {
            run: self.dir.display().to_string(),
            reviewer: &self.reviewer,
            labels,
            rows: &self.rows,
            next: format!("equipoise replay {}", self.dir.display()),
        }
    }

    /// What is to be decided next, what this reviewer decided, and how far everybody is.
    ///
    /// # Errors
    /// A damaged `human.jsonl`.
    pub fn queue(&mut self) -> Result<Queue, Error> {
        self.store.refresh()?;
        let history = self.history();
        let keys = self.keys();
        let items = queue(&keys, &history, &self.reviewer, self.seed());
        Ok(page::queue(&self.rows, &items, &history, &self.reviewer, self.progress_of(&history, &keys)))
    }

    /// How far everybody is.
    ///
    /// # Errors
    /// A damaged `human.jsonl`.
    pub fn progress(&mut self) -> Result<Progress, Error> {
        self.store.refresh()?;
        Ok(self.progress_of(&self.history(), &self.keys()))
    }

    /// Saves one choice for rows; they are on the disk when this returns. The flag says that a row's choice settles a disagreement.
    /// Gives how many were saved.
    ///
    /// # Errors
    /// A row that is not of this run, a label that the data do not have, a file that cannot be written.
    pub fn decide(&mut self, rows: &[(RowHash, bool)], choice: &Choice) -> Result<usize, Error> {
        if let Decision::Relabel { new_label } = choice
            && self.material.dataset().labels().id(new_label).is_none()
        {
            return Err(ReviewError::UnknownLabel(new_label.clone()).into());
        }
        if matches!(choice, Decision::Edit { new_text } if new_text.trim().is_empty()) {
            return Err(ReviewError::EmptyText.into());
        }
        let record = |(row, settles): &(RowHash, bool)| {
            let at = self.place.get(row).ok_or_else(|| ReviewError::UnknownRow(row.as_str().to_owned()))?;
            Ok(self.record(&self.rows[*at], choice.clone(), *settles))
        };
        let records: Vec<Record> = rows.iter().map(record).collect::<Result<_, ReviewError>>()?;
        self.store.append(&records)?;
        Ok(records.len())
    }

    /// Takes the decisions of a filled `review.csv` over, all or none; those that this reviewer made already are left alone. Gives how many
    /// were saved.
    ///
    /// # Errors
    /// A line that cannot be understood or names no text of this run; a file that cannot be written.
    pub fn read_sheet(&mut self, path: &Path) -> Result<usize, Error> {
        self.store.refresh()?;
        let history = self.history();
        let mut records = Vec::new();
        for entry in sheet::read(path)? {
            let fault = |message: String| ReviewError::Sheet { path: path.to_owned(), line: entry.line, message };
            let row = self.rows.iter().find(|row| row.candidate == entry.candidate);
            let row = row.ok_or_else(|| fault(format!("this run has no text `{}`", entry.candidate)))?;
            if let Decision::Relabel { new_label } = &entry.decision
                && self.material.dataset().labels().id(new_label).is_none()
            {
                return Err(fault(format!("the data have no label `{new_label}`")).into());
            }
            if history.decision(&row.row, &self.reviewer) != Some(&entry.decision) {
                records.push(self.record(row, entry.decision.clone(), false));
            }
        }
        self.store.append(&records)?;
        Ok(records.len())
    }

    /// Takes this reviewer's last decision back that still holds; gives the row, or `None` where there is none.
    ///
    /// # Errors
    /// A file that cannot be read or written.
    pub fn undo(&mut self) -> Result<Option<RowHash>, Error> {
        self.store.refresh()?;
        let Some(last) = self.history().last_of(&self.reviewer).cloned() else { return Ok(None) };
        let row = last.row.clone();
        self.store.append(&[Record { decision: Decision::Undo, settles: false, time: now(), ..last }])?;
        Ok(Some(row))
    }

    /// What the checks find in a text that a reviewer wrote.
    pub fn check(&self, label: &str, text: &str) -> Vec<FindingShown> {
        let candidate = Candidate {
            id: "edited".to_owned(),
            text: text.to_owned(),
            label: label.to_owned(),
            request: None,
            position: 0,
            sources: Sources::Unknown,
            fault: None,
            came: None,
            attributes: Default::default(),
        };
        let context = check_context(&self.setup, &self.material);
        let verdicts = check::judge_all(&self.setup.checks, &context, std::slice::from_ref(&candidate));
        verdicts.iter().map(FindingShown::of).collect()
    }

    fn record(&self, row: &RowShown, decision: Decision, settles: bool) -> Record {
        Record {
            row: row.row.clone(),
            candidate: row.candidate.clone(),
            reviewer: self.reviewer.clone(),
            decision,
            settles,
            old_text: row.text.clone(),
            old_label: row.label.clone(),
            time: now(),
        }
    }

    fn history(&self) -> History {
        History::of(self.store.records().iter().cloned())
    }

    /// Label, identity and whether a check warns, of each row; equal texts are one.
    fn keys(&self) -> Vec<(&str, RowHash, bool)> {
        let firsts = self.rows.iter().enumerate().filter(|(at, row)| self.place.get(&row.row) == Some(at));
        firsts.map(|(_, r)| (r.label.as_str(), r.row.clone(), !r.findings.is_empty())).collect()
    }

    fn progress_of(&self, history: &History, keys: &[(&str, RowHash, bool)]) -> Progress {
        page::progress(keys, history, samples(keys, history, self.seed()), self.seed())
    }

    fn seed(&self) -> Seed {
        self.setup.seed()
    }
}

/// The time, RFC 3339, UTC.
fn now() -> String {
    humantime::format_rfc3339_seconds(SystemTime::now()).to_string()
}

/// Why a decision is not saved.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReviewError {
    /// The row is not of this run.
    #[error("this run has no row {0}")]
    UnknownRow(String),
    /// A line of a filled `review.csv`.
    #[error("{}, line {line}: {message}", path.display())]
    Sheet {
        /// The file.
        path: PathBuf,
        /// The line, the head being the first.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// A text that was edited away.
    #[error("an edited text must not be empty")]
    EmptyText,
    /// The data have no such label.
    #[error("the data have no label `{0}`")]
    UnknownLabel(String),
}

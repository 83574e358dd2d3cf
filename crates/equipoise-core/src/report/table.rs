//! Every row that a report shows, as data: the texts that were made, the real rows of the labels that they are for, and the held-out rows
//! that they change.

use crate::check::{CheckOutcome, Verdict};
use crate::data::{RowId, TrainView};
use crate::eval::ChangedRow;
use crate::generator::Candidate;
use crate::offline::Donor;
use crate::select::Selection;
use std::collections::{HashMap, HashSet};

/// Rows that a page holds, at most; of more a part is shown, evenly spread over them, and that is said.
pub const MOST_ROWS: usize = 50_000;
/// Characters of a text that are shown.
const TEXT: usize = 1_000;
/// Sources of a text that are shown.
const SOURCES: usize = 3;

/// All rows of a report. Names stand once, and rows point at them by position, so that the page stays small.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RowTable {
    /// Label names.
    pub labels: Vec<String>,
    /// What a check found: its outcome, its name and the reason.
    pub findings: Vec<(&'static str, String, String)>,
    /// The rows: real ones first, then made ones in the order in which they were made, then held-out ones.
    pub rows: Vec<TableRow>,
    /// Rows that there are; more than stand in `rows` where a part is shown.
    pub n_all: usize,
}

/// One row.
#[derive(Debug, Clone, PartialEq)]
pub struct TableRow {
    /// Its text.
    pub text: String,
    /// Its label, as a position in [`RowTable::labels`].
    pub label: usize,
    /// What it is.
    pub state: State,
    /// The texts that it was made from.
    pub made_from: Vec<String>,
    /// What the checks found, as positions in [`RowTable::findings`].
    pub findings: Vec<usize>,
    /// What a made row is worth to its neighbours, in millionths of balanced accuracy; negative where it harms, 0 where it is not known.
    pub value: i64,
    /// What a held-out row is called without and with the made rows, as positions in [`RowTable::labels`].
    pub predicted: Option<[usize; 2]>,
}

impl TableRow {
    /// `text` in `state`, made from nothing and with no finding, of the first label.
    fn of(text: &str, state: State) -> Self {
        let (made_from, findings) = (Vec::new(), Vec::new());
        TableRow { text: clipped(text), label: 0, state, made_from, findings, value: 0, predicted: None }
    }
}

/// What a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// People wrote it.
    Real,
    /// It was made and is used.
    Kept,
    /// It is good, and not needed.
    Surplus,
    /// A check turned it down.
    Rejected,
    /// Nothing was trained on it: it is judged.
    HeldOut,
}

/// What an evaluation tells of single rows.
#[derive(Debug, Clone, Default)]
pub struct Judgement<'a> {
    /// The value of every row that is used, in the order of the candidates, in shares of balanced accuracy.
    pub values: &'a [f64],
    /// Judged rows that are right only with the made rows, or only without, and their texts.
    pub changed: Vec<(&'a ChangedRow, String)>,
}

impl RowTable {
    /// The candidates of a run, the rows of `train` that have one of their labels and the held-out rows that change; at most `most` of them.
    pub fn new(
        train: TrainView<'_>,
        donors: &[Donor],
        made: (&[Candidate], &[Verdict], &Selection),
        judgement: &Judgement<'_>,
        most: usize,
    ) -> Self {
        let (candidates, changed) = (made.0, &judgement.changed);
        let concerned: HashSet<&str> = candidates.iter().map(|candidate| candidate.label.as_str()).collect();
        let name = |label| train.labels().name(label);
        let real = (0..train.len()).map(|at| train.get(at)).filter(|row| concerned.contains(name(row.label)));
        let real: Vec<_> = real.collect();
        let n_all = real.len() + candidates.len() + changed.len();
        // The made ones are what people look for; the others stand beside them as far as there is room.
        let step = |n: usize, room: usize| if n <= room { 1 } else { n.div_ceil(room.max(1)) };
        let every_made = step(candidates.len(), most);
        let room = most.saturating_sub(candidates.len().div_ceil(every_made));
        let every_changed = step(changed.len(), room);
        let every_real = step(real.len(), room.saturating_sub(changed.len().div_ceil(every_changed)));
        let mut table = Builder::default();
        for row in real.iter().step_by(every_real) {
            table.push(name(row.label), TableRow::of(row.text, State::Real));
        }
        table.push_made(train, donors, made, (judgement.values, every_made));
        for (row, text) in changed.iter().step_by(every_changed) {
            let predicted = Some([&row.without, &row.with].map(|label| table.label(label)));
            table.push(&row.label, TableRow { predicted, ..TableRow::of(text, State::HeldOut) });
        }
        RowTable { n_all, ..table.table }
    }
}

#[derive(Default)]
struct Builder {
    table: RowTable,
    labels: HashMap<String, usize>,
    findings: HashMap<(&'static str, String, String), usize>,
}

impl Builder {
    /// Adds a row of `label`.
    fn push(&mut self, label: &str, row: TableRow) {
        let label = self.label(label);
        self.table.rows.push(TableRow { label, ..row });
    }

    fn label(&mut self, label: &str) -> usize {
        let next = self.table.labels.len();
        *self.labels.entry(label.to_owned()).or_insert_with(|| {
            self.table.labels.push(label.to_owned());
            next
        })
    }

    /// Adds one in `every` of the candidates.
    fn push_made(
        &mut self,
        train: TrainView<'_>,
        donors: &[Donor],
        (candidates, verdicts, selection): (&[Candidate], &[Verdict], &Selection),
        (values, every): (&[f64], usize),
    ) {
        let positions = train.positions();
        let lent: HashMap<RowId, &str> = donors.iter().map(|donor| (donor.id, donor.text.as_str())).collect();
        let kept: HashSet<&str> = selection.kept.iter().map(String::as_str).collect();
        let surplus: HashSet<&str> = selection.surplus.iter().map(String::as_str).collect();
        let mut found: HashMap<&str, Vec<&Verdict>> = HashMap::new();
        for verdict in verdicts.iter().filter(|verdict| verdict.outcome != CheckOutcome::Pass) {
            found.entry(&verdict.candidate).or_default().push(verdict);
        }
        let used = candidates.iter().map(|candidate| candidate.id.as_str()).filter(|id| kept.contains(id));
        let values: HashMap<&str, &f64> = used.zip(values).collect();
        for candidate in candidates.iter().step_by(every) {
            let id = candidate.id.as_str();
            let state = match (kept.contains(id), surplus.contains(id)) {
                (true, _) => State::Kept,
                (_, true) => State::Surplus,
                _ => State::Rejected,
            };
            let source =
                |row: &RowId| positions.get(row).map(|at| train.get(*at).text).or_else(|| lent.get(row).copied());
            let made_from = candidate.sources.rows().iter().filter_map(source).take(SOURCES).map(clipped).collect();
            let findings = found.get(id).map_or(&[][..], Vec::as_slice);
            let findings = findings.iter().map(|verdict| self.finding(verdict)).collect();
            let value = values.get(id).map_or(0, |value| (*value * 1e6).round() as i64);
            let row = TableRow { made_from, findings, value, ..TableRow::of(&candidate.text, state) };
            self.push(&candidate.label, row);
        }
    }

    fn finding(&mut self, verdict: &Verdict) -> usize {
        let outcome = if verdict.outcome == CheckOutcome::Reject { "rejected" } else { "warning" };
        let finding = (outcome, verdict.check.clone(), verdict.reason.replace('_', " "));
        let next = self.table.findings.len();
        *self.findings.entry(finding.clone()).or_insert_with(|| {
            self.table.findings.push(finding);
            next
        })
    }
}

fn clipped(text: &str) -> String {
    super::number::clip(text, TEXT)
}

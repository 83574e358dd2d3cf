//! From candidates and verdicts to everything that a run leaves behind: evaluation, report, card and data sets.

use crate::event::{Event, Phase};
use crate::output;
use crate::pipeline::columns::{self, FileWeights, PROVENANCE};
use crate::pipeline::outputs::Outputs;
use crate::pipeline::spent::{SPENT_FILE, Spent};
use crate::pipeline::verdicts::{self, VERDICTS_FILE};
use crate::pipeline::{Accounting, GivenUp, Halt, SetAside};
use crate::setup::Reach;
use crate::{Error, Material, Setup, Work};
use equipoise_core::check::{Outcome, Verdict};
use equipoise_core::eval::Evaluation;
use equipoise_core::format::{Compression, NewRow, by_name};
use equipoise_core::generator::{Candidate, Fault, Sources};
use equipoise_core::parse::NoteKind;
use equipoise_core::plan::Plan;
use equipoise_core::provider::Author;
use equipoise_core::round::Generated;
use equipoise_core::select::{Selection, SyntheticRows};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap, HashSet};

/// `selection.json`: the selection, and what became of every row that was asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SelectionFile {
    /// The selection.
    #[serde(flatten)]
    pub selection: Selection,
    /// What became of every row that was asked for.
    pub rows: Accounting,
    /// What was wrong with answers, and how often.
    pub notes: BTreeMap<NoteKind, usize>,
    /// Texts that were given up.
    #[serde(default)]
    pub set_aside: Vec<SetAside>,
    /// Why nothing more was asked, if so.
    #[serde(default)]
    pub halt: Option<Halt>,
    /// What a person should know of a label's texts: why there are fewer than wanted, how many are real rows with a guessed label.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<String>,
    /// USD of the answers for each text that is kept; `None` where the price is unknown or nothing is kept. Requests of unknown fate
    /// are not in it: what a killed run and a whole one write is equal.
    #[serde(default)]
    pub usd_per_kept: Option<f64>,
}

impl SelectionFile {
    /// Texts that were asked for and never came: why, and how many.
    pub(super) fn never_came(&self) -> Vec<(String, usize)> {
        let mut given_up: BTreeMap<(GivenUp, Fault), usize> = BTreeMap::new();
        self.set_aside.iter().for_each(|s| *given_up.entry((s.state, s.reason)).or_default() += 1);
        let words = |state| match state {
            GivenUp::Refused => "declined, also alone",
            GivenUp::Quarantined => "quarantined: without a usable answer three times alone",
            GivenUp::Failed => "the provider rejects the request",
        };
        let given_up = given_up.into_iter().map(|((state, fault), n)| (format!("{} ({fault})", words(state)), n));
        let open = ("not asked for to the end: the run was stopped".to_owned(), self.rows.cancelled);
        given_up.chain([open]).filter(|(_, n)| *n > 0).collect()
    }
}

/// Evaluates and writes (or compares) every derived file; gives the selection and the evaluation.
pub(super) fn derive(
    (setup, material): (&Setup, &Material),
    plan: &Plan,
    (generated, spent): (&Generated, &Spent),
    outputs: &mut Outputs<'_>,
    work: &Work<'_>,
) -> Result<(SelectionFile, Option<Evaluation>), Error> {
    let sink = work.sink;
    let n_kept = generated.rows.kept;
    let file = SelectionFile {
        selection: generated.selection.clone(),
        rows: generated.rows,
        notes: generated.notes.clone(),
        set_aside: generated.set_aside.clone(),
        halt: generated.halt,
        remarks: generated.remarks.iter().cloned().chain(harvested(generated)).collect(),
        usd_per_kept: spent.usd_answers.filter(|_| n_kept > 0).map(|usd| usd / n_kept as f64),
    };
    outputs.json("profile.json", material.profile())?;
    outputs.json("plan.json", plan)?;
    outputs.jsonl("candidates.jsonl", &generated.candidates)?;
    let all = setup.output.all_verdicts;
    let lines = verdicts::bytes(&generated.candidates, &generated.verdicts, &generated.checks, all);
    outputs.put(VERDICTS_FILE, &lines)?;
    outputs.json("selection.json", &file)?;
    if spent.is_any() {
        outputs.json(SPENT_FILE, spent)?;
    }
    let mut rows = SyntheticRows::new(&generated.candidates, &generated.selection);
    rows.author = match &setup.model.reach {
        // Harvested rows are real: another fold would have to guess their labels again.
        Reach::Local(local) if !local.harvests() => Some(Author { local: &**local, donors: &material.donors }),
        _ => None,
    };
    rows.style_control = plan.labels.iter().filter(|l| l.quota.style_control).map(|l| l.quota.label.clone()).collect();
    // What an unfinished run would show is not what the rows do.
    let judged = match setup.evaluates && !generated.is_partial() {
        true => super::judge::evaluate(setup, material, &rows, work)?,
        false => None,
    };
    if let Some(judged) = &judged {
        outputs.json("evaluation.json", &judged.evaluation)?;
    }
    if let Some(model) = judged.as_ref().and_then(|j| j.model.as_ref()) {
        outputs.put(super::judge::MODEL_FILE, model)?;
    }
    let weights = judged.as_ref().and_then(|j| j.weights.clone()).filter(|_| setup.output.weights);
    let evaluation = judged.map(|j| j.evaluation);
    sink(Event::Started(Phase::Write));
    let kept = &rows.kept;
    let sets = DataSets::new(material);
    let provenance = columns::provenance(material, plan, kept);
    outputs.file(&sets.synthetic, |path| {
        let layout = &material.original.layout;
        let names: Vec<&str> = [layout.text.as_str(), &layout.label].into_iter().chain(PROVENANCE).collect();
        let own = kept.iter().map(|c| [c.text.clone(), c.label.clone()]);
        let rows: Vec<Vec<String>> =
            own.zip(&provenance).map(|(own, known)| own.into_iter().chain(known.iter().cloned()).collect()).collect();
        output::write_rows(sets.synthetic_format, sets.synthetic_compression, None, &names, &rows, path)
    })?;
    let new: Vec<NewRow<'_>> = kept.iter().map(|c| NewRow { text: &c.text, label: &c.label }).collect();
    let of_rows = weights.as_ref().map(|weights| FileWeights::new(material, weights));
    let weight = |at: usize, label: &str| of_rows.as_ref().and_then(|file| file.of(at, label));
    let added = columns::columns(&setup.output, &provenance, weights.as_ref().map(|weights| (weights, &weight as _)));
    let folded = outputs.file(&sets.augmented, |path| output::append_rows(&material.original, &added, &new, path));
    let folded = folded.map_err(|error| columns::told(&setup.output, error))?.n_folded;
    if let Some(file) = &of_rows {
        sink(Event::Note(file.note(&sets.augmented)));
    }
    if folded > 0 {
        sink(Event::Note(format!(
            "{}: line breaks of {folded} texts became spaces, since the format has none",
            sets.augmented
        )));
    }
    outputs.put("review.csv", &review(&generated.candidates, &generated.verdicts, &generated.selection))?;
    let made = super::page::Made {
        plan: Some(plan),
        candidates: &generated.candidates,
        verdicts: &generated.verdicts,
        selection: Some(&generated.selection),
        notes: generated.notes.clone(),
        never_came: file.never_came(),
        remarks: &file.remarks,
        evaluation: evaluation.as_ref(),
        spent: Some(spent),
        files: &[],
        sets: Some(&sets),
    };
    super::page::render(setup, material, &made, outputs)?;
    sink(Event::Finished(Phase::Write));
    Ok((file, evaluation))
}

/// How many of each label's kept texts are real rows with a guessed label, in words.
fn harvested(generated: &Generated) -> Vec<String> {
    let kept: HashSet<&str> = generated.selection.kept.iter().map(String::as_str).collect();
    let mut n_of_label: BTreeMap<&str, usize> = BTreeMap::new();
    for c in &generated.candidates {
        if matches!(c.sources, Sources::Harvested(_)) && kept.contains(c.id.as_str()) {
            *n_of_label.entry(&c.label).or_default() += 1;
        }
    }
    let words =
        |(label, n)| format!("`{label}`: {n} of the kept texts are real unlabelled rows; their label is a guess");
    n_of_label.into_iter().map(words).collect()
}

/// Names and formats of the two data sets of a run.
pub(super) struct DataSets {
    pub(super) augmented: String,
    pub(super) synthetic: String,
    synthetic_format: &'static str,
    synthetic_compression: Compression,
}

impl DataSets {
    /// The input's own format and compression; CSV for the synthetic rows where that format has no room for their provenance.
    pub(super) fn new(material: &Material) -> Self {
        let input = &material.original;
        let name = |format: &str, stem: &str| {
            let extension = by_name(format).map_or("csv", |(_, f)| f.extensions()[0]);
            format!("{stem}.{extension}{}", input.compression.extension())
        };
        let holds = by_name(input.format).is_ok_and(|(_, f)| f.holds_columns());
        let synthetic_format = if holds { input.format } else { "csv" };
        DataSets {
            augmented: name(input.format, "augmented"),
            synthetic: name(synthetic_format, "synthetic"),
            synthetic_format,
            synthetic_compression: input.compression,
        }
    }
}

/// `review.csv`: for people and spreadsheets; cells that a spreadsheet would run as a formula are defused with a leading `'`.
fn review(candidates: &[Candidate], verdicts: &[Verdict], selection: &Selection) -> Vec<u8> {
    let kept: HashSet<&str> = selection.kept.iter().map(String::as_str).collect();
    let surplus: HashSet<&str> = selection.surplus.iter().map(String::as_str).collect();
    let mut found: HashMap<&str, Vec<String>> = HashMap::new();
    for v in verdicts.iter().filter(|v| v.outcome != Outcome::Pass) {
        found.entry(&v.candidate).or_default().push(format!("{}/{}", v.check, v.reason));
    }
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut write = |cells: [&str; 5]| {
        writer.write_record(cells.map(defused)).expect("writing to memory does not fail");
    };
    write(["label", "text", "state", "findings", "candidate"]);
    for c in candidates {
        let id = c.id.as_str();
        let state = if kept.contains(id) {
            "kept"
        } else if surplus.contains(id) {
            "surplus"
        } else {
            "rejected"
        };
        write([&c.label, &c.text, state, &found.get(id).map_or(String::new(), |f| f.join(" ")), id]);
    }
    writer.into_inner().expect("writing to memory does not fail")
}

/// The cell with a leading `'` where it begins like a formula (OWASP's list, full-width forms included).
fn defused(cell: &str) -> String {
    let formula = cell
        .trim_start_matches([' ', '\u{feff}'])
        .starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    if formula { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_that_a_spreadsheet_would_run_are_defused_and_others_left_alone() {
        for bad in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", " =1", "\u{feff}=1"] {
            assert_eq!(defused(bad), format!("'{bad}"));
        }
        for good in ["", "a=b", "it's", "5-3", "i feel"] {
            assert_eq!(defused(good), good);
        }
    }
}

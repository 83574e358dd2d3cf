//! `check` and `evaluate`: synthetic rows from anywhere, judged as those of a run are.

use crate::event::Phase;
use crate::material::Admitted;
use crate::pipeline::judge;
use crate::pipeline::outputs::Outputs;
use crate::pipeline::page::{self, Made};
use crate::pipeline::verdicts::{self, VERDICTS_FILE};
use crate::rundir::RunDir;
use crate::{Error, Material, Setup, Work};
use equipoise_core::check::{Context, Counts, Outcome, Panel, Verdict};
use equipoise_core::eval::Evaluation;
use equipoise_core::generator::Candidate;
use equipoise_core::select::{Selection, SyntheticRows, select};
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

/// What the checks say of synthetic rows.
pub struct Checked {
    /// The rows.
    pub candidates: Vec<Candidate>,
    /// The warnings and rejections.
    pub verdicts: Vec<Verdict>,
    /// How often each check found what.
    pub counts: Counts,
    /// What would be used.
    pub selection: Selection,
    /// Warnings on kept rows by `check/reason`, with their number.
    pub warnings: Vec<(String, usize)>,
    /// Rejected rows: `check/reason` and text, the first of each kind first.
    pub examples: Vec<(String, String)>,
}

/// What synthetic rows do.
pub struct Evaluated {
    /// The evaluation.
    pub evaluation: Evaluation,
    /// Files written.
    pub written: Vec<PathBuf>,
}

/// Runs the checks on synthetic files; writes `candidates.jsonl`, `verdicts.jsonl` and `selection.json` where `out` is given.
///
/// # Errors
/// Bad files and settings; a folder that holds a run already.
pub fn check(
    setup: &Setup,
    material: &Material,
    synthetic: &Admitted,
    out: Option<&Path>,
    work: &Work<'_>,
) -> Result<Checked, Error> {
    let checked = judged(setup, material, synthetic, work);
    if let Some(out) = out {
        let dir = RunDir::create(out)?;
        let mut outputs = Outputs::write(&dir);
        outputs.jsonl("candidates.jsonl", &checked.candidates)?;
        let Checked { candidates, verdicts, counts, .. } = &checked;
        outputs.put(VERDICTS_FILE, &verdicts::bytes(candidates, verdicts, counts, setup.output.all_verdicts))?;
        outputs.json("selection.json", &checked.selection)?;
    }
    Ok(checked)
}

/// Evaluates synthetic files, or the cheap baselines alone; writes `evaluation.json` and `report.html` where `out` is given.
///
/// # Errors
/// Bad files and settings; a folder that holds a run already.
pub fn evaluate(
    setup: &Setup,
    material: &Material,
    synthetic: &Admitted,
    out: Option<&Path>,
    work: &Work<'_>,
) -> Result<Evaluated, Error> {
    setup.fits(material)?;
    let checked = judged(setup, material, synthetic, work);
    let dir = out.map(RunDir::create).transpose()?;
    let rows = SyntheticRows::new(&checked.candidates, &checked.selection);
    let judge::Judged { evaluation, model, .. } =
        judge::evaluate(setup, material, &rows, work)?.ok_or(Error::NothingHeldOut)?;
    let mut written = Vec::new();
    if let Some(dir) = &dir {
        let mut outputs = Outputs::write(dir);
        outputs.json("evaluation.json", &evaluation)?;
        if let Some(model) = &model {
            outputs.put(judge::MODEL_FILE, model)?;
        }
        let made = Made {
            plan: None,
            candidates: &checked.candidates,
            verdicts: &checked.verdicts,
            selection: (!synthetic.files.is_empty()).then_some(&checked.selection),
            notes: BTreeMap::new(),
            never_came: Vec::new(),
            remarks: &[],
            evaluation: Some(&evaluation),
            spent: None,
            files: &synthetic.files,
            sets: None,
        };
        page::render(setup, material, &made, &mut outputs)?;
        written = outputs.finish()?.iter().map(|name| dir.file(name)).collect();
    }
    Ok(Evaluated { evaluation, written })
}

fn judged(setup: &Setup, material: &Material, synthetic: &Admitted, work: &Work<'_>) -> Checked {
    let candidates = synthetic.candidates.clone();
    let context = Context::new(material.dataset.train(), material.fingerprints.as_ref(), setup.seed());
    let panel = Panel::new(&setup.checks, &context);
    let mut judging = panel.begin();
    let verdicts: Vec<Verdict> = work.phase(Phase::Check, || judging.judge(&candidates));
    let counts = judging.counts().clone();
    let selection = select(&candidates, &verdicts, &synthetic.quotas);
    let mut warned: BTreeMap<String, usize> = BTreeMap::new();
    let mut examples: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let texts: HashMap<&str, &str> = candidates.iter().map(|c| (c.id.as_str(), c.text.as_str())).collect();
    for v in &verdicts {
        let why = format!("{}/{}", v.check, v.reason);
        match v.outcome {
            Outcome::Pass => {}
            Outcome::Warn => *warned.entry(why).or_default() += 1,
            Outcome::Reject => examples.entry(why).or_default().push(texts[v.candidate.as_str()].to_owned()),
        }
    }
    // Round robin over the kinds, so that the first few show each.
    let longest = examples.values().map(Vec::len).max().unwrap_or(0);
    let turns =
        (0..longest).flat_map(|i| examples.iter().filter_map(move |(why, t)| Some((why.clone(), t.get(i)?.clone()))));
    let examples = turns.collect();
    Checked { candidates, verdicts, counts, selection, warnings: warned.into_iter().collect(), examples }
}

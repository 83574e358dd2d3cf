//! The two designs of a verdict against large unseen sets: how often intervals hold the truth, how wide they are, what they take.

use crate::Fault;
use crate::data::{self, CELLS, Cell, LabelledText, MadeText};
use crate::table::{Figure, figure};
use crate::trial::{Trial, run_arms};
use equipoise_core::arm::{ArmSet, Goal, Priors};
use equipoise_core::catalog::{Settings, find};
use equipoise_core::data::{Dataset, LabelId, RowId, Rows};
use equipoise_core::eval::{Design, Evaluation, EvaluationInputs, evaluate, usual_repeats};
use equipoise_core::generator::{Candidate, Sources};
use equipoise_core::learner;
use equipoise_core::metric::Confusion;
use equipoise_core::plan::Quota;
use equipoise_core::rng::Seed;
use equipoise_core::select::{SyntheticRows, select};
use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::time::Instant;

const SEEDS: u64 = 20;
/// Arms whose difference to another one is asked for.
const ASKED: [(&str, &str); 4] = [
    ("synthetic_mixture", "class_weight"),
    ("synthetic_mixture", "none"),
    ("class_weight", "none"),
    ("threshold", "class_weight"),
];
/// The single split that stood before where no test file was given.
const SHARE: f64 = 0.25;

/// What one design came to over all seeds.
#[derive(Default)]
struct Tally {
    n: usize,
    n_held: usize,
    width: f64,
    seconds: f64,
    fits: usize,
    levels: HashMap<String, usize>,
}

/// `only` is `TASK/SEEDS` where one task is wanted.
pub(crate) fn designs(folder: &Path, learner: &str, only: Option<&str>) -> Result<(), Fault> {
    let only = only.map(|only| only.split_once('/').ok_or("designs=TASK/SEEDS")).transpose()?;
    let (task, seeds) = match only {
        Some((task, seeds)) => (Some(task), seeds.parse()?),
        None => (None, SEEDS),
    };
    for (at, cell) in
        data::cells(folder)?.into_iter().enumerate().filter(|(at, _)| task.is_none_or(|t| CELLS[*at].0 == t))
    {
        let rest = unseen(folder, CELLS[at].0, &cell)?;
        println!(
            "{}: {} rows, {} texts; truth from {} other rows",
            cell.name,
            cell.train.len(),
            cell.made.len(),
            rest.len()
        );
        let whole = Cell::new(&cell.name, cell.train.clone(), rest, cell.made.clone());
        let truth = run_arms(&whole, learner, true, 0, &|_| true)?;
        for (name, share) in [("cross-validation", None), ("single split", Some(SHARE))] {
            let mut tally = Tally::default();
            for seed in 1..=seeds {
                let start = Instant::now();
                let (evaluation, fits) = judge(&whole, share, learner, seed)?;
                tally.seconds += start.elapsed().as_secs_f64() / seeds as f64;
                tally.fits = fits;
                tally.add(&evaluation, &truth, &whole);
            }
            tally.print(name);
        }
    }
    Ok(())
}

/// Labelled rows of the task that are neither trained nor tested on.
pub(crate) fn unseen(folder: &Path, task: &str, cell: &Cell) -> Result<Vec<LabelledText>, Fault> {
    let known: HashSet<&str> = cell.train.iter().chain(&cell.test).map(|row| row.0.as_str()).collect();
    let all = data::csv(&folder.join(task).join("full.csv"))?;
    let is_new = |row: &LabelledText| !known.contains(row.0.as_str()) && cell.labels.id(&row.1).is_some();
    Ok(all.into_iter().filter(is_new).collect())
}

fn judge(cell: &Cell, share: Option<f64>, learner: &str, seed: u64) -> Result<(Evaluation, usize), Fault> {
    let mut rows = Rows::default();
    cell.train.iter().try_for_each(|(text, label)| rows.push(text, label)).ok_or("too many labels")?;
    let ids: Vec<RowId> = (0..rows.len()).map(|at| rows.get(at).id).collect();
    let dataset = match share {
        None => Dataset::new(rows)?,
        Some(share) => Dataset::with_split(rows, share, Seed::new(seed).child("data/split"))?,
    };
    let sealed = dataset.held_out().map(|held_out| held_out.fingerprints());
    let is_free = |made: &&MadeText| sealed.as_ref().is_none_or(|sealed| !sealed.contains_row(ids[made.parent]));
    let candidates: Vec<Candidate> =
        cell.made.iter().filter(is_free).enumerate().map(|(at, made)| candidate(at, made, &ids)).collect();
    let quota = |label: &String| Quota {
        label: label.clone(),
        have: 0,
        target: candidates.len(),
        wanted: candidates.len(),
        style_control: false,
    };
    let quotas: Vec<Quota> = cell.labels.names().iter().map(quota).collect();
    let synthetic = SyntheticRows::new(&candidates, &select(&candidates, &[], &quotas));
    let learners = find(learner::CATALOG, "learner", learner)?.build(&Settings::new())?;
    let n_fits = std::sync::atomic::AtomicUsize::new(0);
    let inputs = EvaluationInputs {
        groups: None,
        dataset: &dataset,
        design: if share.is_some() { Design::HeldOut } else { Design::CrossValidation },
        n_repeats: usual_repeats(cell.train.len()),
        held_out_name: "",
        synthetic: &synthetic,
        learners: &[(learner, &*learners)],
        arms: &ArmSet::default(),
        goal: Goal::F1,
        priors: &Priors::default(),
        seed,
        n_resamples: 2_000,
    };
    let evaluation = evaluate(&inputs, &|_| {
        n_fits.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    })?;
    Ok((evaluation, n_fits.into_inner()))
}

pub(crate) fn candidate(at: usize, made: &MadeText, ids: &[RowId]) -> Candidate {
    Candidate {
        id: format!("c{at}"),
        text: made.text.clone(),
        label: made.label.clone(),
        request: None,
        position: at,
        sources: Sources::One(ids[made.parent]),
        fault: None,
        came: None,
        attributes: Default::default(),
    }
}

impl Tally {
    fn add(&mut self, evaluation: &Evaluation, truth: &Trial, cell: &Cell) {
        let level = evaluation.verdict.level.map_or_else(|| "none".to_owned(), |level| format!("{level:?}"));
        *self.levels.entry(format!("{level} {}", evaluation.verdict.arm)).or_default() += 1;
        let labels = cell.labels.ids().map(|label| (format!("f1:{}", cell.labels.name(label)), Figure::F1(label)));
        let all: Vec<(String, Figure)> =
            std::iter::once(("macro_f1".to_owned(), Figure::MacroF1)).chain(labels).collect();
        for (arm, against) in ASKED {
            let [with, without] = [arm, against].map(|name| confusion(truth, name));
            for (metric, which) in &all {
                let its =
                    |c: &&equipoise_core::eval::Contrast| c.arm == arm && c.against == against && c.metric == *metric;
                let Some(found) = evaluation.contrasts.iter().find(its).and_then(|c| c.difference.as_ref()) else {
                    continue;
                };
                let true_difference = figure(&with, *which) - figure(&without, *which);
                self.n += 1;
                self.n_held += usize::from(found.low <= true_difference && true_difference <= found.high);
                self.width += found.high - found.low;
            }
        }
    }

    fn print(&self, name: &str) {
        let mut levels: Vec<String> = self.levels.iter().map(|(level, n)| format!("{level} {n}")).collect();
        levels.sort();
        println!(
            "  {name:<17} holds {:5.1} % of {:>4}, width {:.3}, {} fits, {:.1} s; {}",
            100.0 * self.n_held as f64 / self.n.max(1) as f64,
            self.n,
            self.width / self.n.max(1) as f64,
            self.fits,
            self.seconds,
            levels.join(", ")
        );
    }
}

fn confusion(truth: &Trial, arm: &str) -> Confusion {
    let none: &[LabelId] = &[];
    let predicted = truth.predicted.iter().find(|p| p.0 == arm).map_or(none, |p| &p.1);
    Confusion::new(truth.n_labels, truth.truth.iter().copied().zip(predicted.iter().copied()))
}

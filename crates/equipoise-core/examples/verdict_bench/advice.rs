//! What following the verdict is worth, and how often what it claims is false, against large unseen sets.

use crate::Fault;
use crate::data::{self, CELLS, Cell};
use crate::designs::{candidate, confusion, unseen};
use crate::sections::corrupt;
use crate::table::{Figure, figure};
use crate::trial::{Trial, run_arms};
use equipoise_core::arm::{ArmSet, Goal, NONE, Priors, is_synthetic};
use equipoise_core::catalog::{Settings, find};
use equipoise_core::data::{Dataset, RowId, Rows};
use equipoise_core::eval::{Design, Evaluation, EvaluationInputs, LabelFinding, evaluate};
use equipoise_core::generator::Candidate;
use equipoise_core::learner;
use equipoise_core::plan::Quota;
use equipoise_core::select::{SyntheticRows, select};
use std::path::Path;

const REPEATS: u64 = 5;
/// What is done to the synthetic rows; in all but the first no verdict should use them.
const KINDS: [&str; 5] = ["as recorded", "100 % random", "shifted", "copies", "near copies"];
/// Labels with fewer judged rows say little of an interval.
const FEWEST: usize = 30;

/// Counts over runs.
#[derive(Default)]
struct Tally {
    n_runs: usize,
    n_best: usize,
    n_used: usize,
    n_used_rightly: usize,
    /// Points of macro-F1 in truth below the arm that is best there: with the verdict's arm, and with class weights.
    lost: [f64; 2],
    /// Of each kind of finding how many there are, and how many are wrong.
    helped: [usize; 2],
    harmed: [usize; 2],
    /// Intervals of labels, and those that hold the truth.
    intervals: [usize; 2],
}

/// Every cell judged on its test rows and set against its other labelled rows; `only` is a number of repeats.
pub(crate) fn advice(folder: &Path, learner: &str, only: Option<&str>) -> Result<(), Fault> {
    let repeats = only.map_or(Ok(REPEATS), str::parse)?;
    println!(
        "advice: {repeats} repeats of 80 % of five cells, judged on the test rows; truth from the rows beside them"
    );
    for kind in KINDS {
        let mut tally = Tally::default();
        for (at, cell) in data::cells(folder)?.into_iter().enumerate() {
            let rest = unseen(folder, CELLS[at].0, &cell)?;
            for repeat in 0..repeats {
                let judged = corrupt(cell.repeat(repeat), kind, repeat);
                let (train, made) = (judged.train.clone(), judged.made.clone());
                let whole = Cell::new(&cell.name, train, rest.clone(), made);
                let truth = run_arms(&whole, learner, true, repeat, &|_| true)?;
                tally.add(&judge(&judged, learner, repeat)?, &truth, &whole);
            }
        }
        tally.print(kind);
    }
    Ok(())
}

fn judge(cell: &Cell, learner: &str, seed: u64) -> Result<Evaluation, Fault> {
    let (mut train, mut test) = (Rows::default(), Rows::default());
    cell.train.iter().try_for_each(|(text, label)| train.push(text, label)).ok_or("too many labels")?;
    cell.test.iter().try_for_each(|(text, label)| test.push(text, label)).ok_or("too many labels")?;
    let ids: Vec<RowId> = (0..train.len()).map(|at| train.get(at).id).collect();
    let dataset = Dataset::with_test(train, test)?;
    let made = cell.made.iter().enumerate();
    let candidates: Vec<Candidate> = made.map(|(at, made)| candidate(at, made, &ids)).collect();
    let n = candidates.len();
    let quota = |label: &String| Quota { label: label.clone(), have: 0, target: n, wanted: n, style_control: false };
    let quotas: Vec<Quota> = cell.labels.names().iter().map(quota).collect();
    let synthetic = SyntheticRows::new(&candidates, &select(&candidates, &[], &quotas));
    let built = find(learner::CATALOG, "learner", learner)?.build(&Settings::new())?;
    let inputs = EvaluationInputs {
        groups: None,
        dataset: &dataset,
        design: Design::HeldOut,
        n_repeats: 1,
        held_out_name: "test.csv",
        synthetic: &synthetic,
        learners: &[(learner, &*built)],
        arms: &ArmSet::default(),
        goal: Goal::F1,
        priors: &Priors::default(),
        seed,
        n_resamples: 2_000,
    };
    Ok(evaluate(&inputs, &|_| ())?)
}

impl Tally {
    fn add(&mut self, evaluation: &Evaluation, truth: &Trial, cell: &Cell) {
        let verdict = &evaluation.verdict;
        let of = |arm: &str| figure(&confusion(truth, arm), Figure::MacroF1);
        let best = truth.predicted.iter().map(|(arm, _)| of(arm)).fold(0.0, f64::max);
        let texts = verdict.judged.as_ref().map(|judged| judged.arm.as_str());
        let is_best = texts.is_some_and(|arm| of(arm) > of("class_weight").max(of("threshold")));
        let uses = verdict.use_synthetic == Some(true) && is_synthetic(&verdict.arm);
        self.n_runs += 1;
        self.n_best += usize::from(is_best);
        self.n_used += usize::from(uses);
        self.n_used_rightly += usize::from(uses && is_best);
        self.lost[0] += best - of(&verdict.arm);
        self.lost[1] += best - of("class_weight");
        let Some(texts) = texts else { return };
        let [with, without] = [texts, NONE].map(|arm| confusion(truth, arm));
        for label in &verdict.labels {
            let (Some(id), Some(found)) = (cell.labels.id(&label.label), &label.difference) else { continue };
            let true_difference = figure(&with, Figure::F1(id)) - figure(&without, Figure::F1(id));
            let count = |counts: &mut [usize; 2], is_counted: bool| {
                counts[0] += 1;
                counts[1] += usize::from(is_counted);
            };
            match label.finding {
                LabelFinding::Helped => count(&mut self.helped, true_difference <= 0.0),
                LabelFinding::Harmed => count(&mut self.harmed, true_difference >= 0.0),
                LabelFinding::NoEffect | LabelFinding::CannotTell => {}
            }
            if label.support >= FEWEST {
                count(&mut self.intervals, found.low <= true_difference && true_difference <= found.high);
            }
        }
    }

    fn print(&self, kind: &str) {
        let n = self.n_runs.max(1) as f64;
        let wrongly = self.n_used - self.n_used_rightly;
        let [held, of] = [self.intervals[1], self.intervals[0]];
        println!(
            "{kind:<14} use {} of {} runs, {wrongly} wrongly; texts truly best in {}, used in {} of them; macro-F1 lost to the best arm {:.1} \
             points, with class weights {:.1}; helped wrong {} of {}, harmed wrong {} of {}; intervals of labels hold {held} of {of} ({:.0} %)",
            self.n_used,
            self.n_runs,
            self.n_best,
            self.n_used_rightly,
            100.0 * self.lost[0] / n,
            100.0 * self.lost[1] / n,
            self.helped[1],
            self.helped[0],
            self.harmed[1],
            self.harmed[0],
            100.0 * held as f64 / of.max(1) as f64
        );
    }
}

//! What following the verdict is worth, and how often what it claims is false, against large unseen sets.

use crate::Fault;
use crate::data::{self, CELLS, Cell, LabelledText};
use crate::designs::{candidate, unseen};
use crate::sections::corrupt;
use equipoise_core::arm::{ArmSet, Goal, Priors, is_synthetic};
use equipoise_core::catalog::{Settings, find};
use equipoise_core::data::{Dataset, RowId, Rows};
use equipoise_core::eval::{Design, Evaluation, EvaluationInputs, LabelFinding, evaluate};
use equipoise_core::generator::Candidate;
use equipoise_core::learner;
use equipoise_core::metric::MACRO_F1;
use equipoise_core::plan::Quota;
use equipoise_core::rng::Seed;
use equipoise_core::select::{SyntheticRows, select};
use equipoise_core::stats::Estimate;
use rand::seq::SliceRandom;
use std::path::Path;

const REPEATS: u64 = 5;
/// What is done to the synthetic rows; in all but the first no verdict should use them.
const KINDS: [&str; 5] = ["as recorded", "100 % random", "shifted", "copies", "near copies"];
/// Rows of a usual test file, and rows that stand for the truth, at most.
const JUDGED: usize = 2_000;
const TRUTH: usize = 5_000;
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
    /// Intervals of labels, those that hold the truth, and those that do where the truth has its own error too.
    intervals: [usize; 3],
}

/// Every cell judged on rows drawn anew from those that nothing is trained on, and set against the rest of them: the recorded test rows of
/// `sentiment` are of another year than its other rows, and have twice as many negative ones. `only` is a number of repeats.
pub(crate) fn advice(folder: &Path, learner: &str, only: Option<&str>) -> Result<(), Fault> {
    let repeats = only.map_or(Ok(REPEATS), str::parse)?;
    println!(
        "advice: {repeats} repeats of 80 % of five cells, judged on up to {JUDGED} rows; truth from up to {TRUTH} others"
    );
    for kind in KINDS {
        let mut tally = Tally::default();
        for (at, cell) in data::cells(folder)?.into_iter().enumerate() {
            let others = [cell.test.clone(), unseen(folder, CELLS[at].0, &cell)?].concat();
            for repeat in 0..repeats {
                let (judged, truth) = drawn(&others, cell.test.len().min(JUDGED), repeat);
                let made = corrupt(cell.repeat(repeat), kind, repeat);
                let on =
                    |rows| judge(&Cell::new(&cell.name, made.train.clone(), rows, made.made.clone()), learner, repeat);
                tally.add(&on(judged)?, &on(truth)?);
            }
        }
        tally.print(kind);
    }
    Ok(())
}

/// Rows to judge by, and rows that stand for the truth.
fn drawn(others: &[LabelledText], n_judged: usize, repeat: u64) -> (Vec<LabelledText>, Vec<LabelledText>) {
    let mut judged = others.to_vec();
    judged.shuffle(&mut Seed::new(repeat).child("advice").rng());
    let mut truth = judged.split_off(n_judged);
    truth.truncate(TRUTH);
    (judged, truth)
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
    fn add(&mut self, evaluation: &Evaluation, truth: &Evaluation) {
        let verdict = &evaluation.verdict;
        let of = |arm: &str| {
            let arm = truth.arms.iter().find(|result| result.name == arm);
            arm.and_then(|arm| arm.figure(MACRO_F1)).map_or(0.0, |figure| figure.value)
        };
        let best = truth.arms.iter().map(|arm| of(&arm.name)).fold(0.0, f64::max);
        let texts = verdict.judged.as_ref().map(|judged| judged.arm.as_str());
        let is_best = texts.is_some_and(|arm| of(arm) > of("class_weight").max(of("threshold")));
        let uses = verdict.use_synthetic == Some(true) && is_synthetic(&verdict.arm);
        self.n_runs += 1;
        self.n_best += usize::from(is_best);
        self.n_used += usize::from(uses);
        self.n_used_rightly += usize::from(uses && is_best);
        self.lost[0] += best - of(&verdict.arm);
        self.lost[1] += best - of("class_weight");
        for label in &verdict.labels {
            let in_truth = truth.verdict.labels.iter().find(|l| l.label == label.label);
            let (Some(truth), Some(found)) = (in_truth.and_then(|l| l.difference.as_ref()), &label.difference) else {
                continue;
            };
            let count = |counts: &mut [usize; 2], is_counted: bool| {
                counts[0] += 1;
                counts[1] += usize::from(is_counted);
            };
            match label.finding {
                LabelFinding::Helped => count(&mut self.helped, truth.value <= 0.0),
                LabelFinding::Harmed => count(&mut self.harmed, truth.value >= 0.0),
                LabelFinding::NoEffect | LabelFinding::CannotTell => {}
            }
            if label.support >= FEWEST {
                let off = (found.value - truth.value).abs();
                let half = |estimate: &Estimate| (estimate.high - estimate.low) / 2.0;
                self.intervals[0] += 1;
                self.intervals[1] += usize::from(found.low <= truth.value && truth.value <= found.high);
                self.intervals[2] += usize::from(off <= half(found).hypot(half(truth)));
            }
        }
    }

    fn print(&self, kind: &str) {
        let n = self.n_runs.max(1) as f64;
        let wrongly = self.n_used - self.n_used_rightly;
        let [of, held, held_with_error] = self.intervals;
        let percent = |n: usize| 100.0 * n as f64 / of.max(1) as f64;
        println!(
            "{kind:<14} use {} of {} runs, {wrongly} wrongly; texts truly best in {}, used in {} of them; macro-F1 lost to the best arm {:.1} \
             points, with class weights {:.1}; helped wrong {} of {}, harmed wrong {} of {}; intervals of labels hold {held} of {of} ({:.0} %), {:.0} % with the \
             truth's own error",
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
            percent(held),
            percent(held_with_error)
        );
    }
}

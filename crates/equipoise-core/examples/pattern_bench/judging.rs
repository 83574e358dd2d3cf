//! The classifier as a judge on probation: rows with planted wrong labels.

use crate::Fault;
use crate::data::{self, Cell, LabelledText, MadeText};
use crate::fit::{Fitted, f1, with_ids};
use crate::recorded::surprise;
use equipoise_core::data::LabelId;
use equipoise_core::probation::{
    Bounds, Claim, ClassifierJudge, Judged, Permit, Probation, Record, Tally, accuses, probation,
};
use equipoise_core::rng::Seed;
use rand::RngExt;
use rand::seq::SliceRandom;
use std::path::Path;

/// Samples of the wrong rows.
const SAMPLES: u64 = 3;
/// Shares of wrong labels, percent.
const WRONG: [usize; 4] = [0, 10, 30, 60];
/// Real rows of other labels that are taken out of training and stand among the synthetic rows as `surprise`.
const SPARE: usize = 400;

/// Probation on `surprise` and on the cells of all labels.
pub(crate) fn all(folder: &Path) -> Result<(), Fault> {
    println!("probation, surprise with 572 real rows: change of F1 in points against using all rows");
    println!(
        "{:<16} {:>6} {:>9} {:>8} {:>9} {:>11} {:>22}",
        "style", "wrong", "probation", "accused", "oracle", "π", "precision, true"
    );
    for wrong in WRONG {
        let mut trials = Vec::new();
        for cell in surprise(folder)?.iter().filter(|c| c.name != "paraphrase") {
            for sample in 0..SAMPLES {
                trials.push(trial(&planted(cell, wrong, sample)?, Some("surprise"))?);
            }
        }
        show("two styles", wrong, &trials);
    }
    for wrong in [0, 30] {
        for cell in data::cells(folder)? {
            let trials =
                (0..SAMPLES).map(|s| trial(&relabelled(&cell, wrong, s), None)).collect::<Result<Vec<_>, _>>()?;
            show(&cell.name, wrong, &trials);
        }
    }
    Ok(())
}

/// A cell whose synthetic rows carry wrong labels at the places named.
struct Planted {
    cell: Cell,
    is_wrong: Vec<bool>,
}

/// `surprise` with `wrong` percent of its synthetic rows replaced by real rows of other labels.
fn planted(cell: &Cell, wrong: usize, sample: u64) -> Result<Planted, Fault> {
    let mut rng = Seed::new(sample).child("planted").rng();
    let mut others: Vec<usize> = (0..cell.train.len()).filter(|at| cell.train[*at].1 != "surprise").collect();
    others.shuffle(&mut rng);
    others.truncate(SPARE);
    let spare: Vec<LabelledText> = others.iter().map(|at| cell.train[*at].clone()).collect();
    let kept: Vec<usize> = (0..cell.train.len()).filter(|at| !others.contains(at)).collect();
    let mut cell = cell.with(&kept);
    let mut places: Vec<usize> = (0..cell.made.len()).collect();
    places.shuffle(&mut rng);
    places.truncate(cell.made.len() * wrong / 100);
    let mut is_wrong = vec![false; cell.made.len()];
    for (place, (text, _)) in places.iter().zip(&spare) {
        is_wrong[*place] = true;
        cell.made[*place] = MadeText { text: text.clone(), ..cell.made[*place].clone() };
    }
    if places.len() > spare.len() {
        return Err("too few spare rows".into());
    }
    Ok(Planted { cell, is_wrong })
}

/// A cell of which `wrong` percent of the synthetic rows carry a random other label.
fn relabelled(cell: &Cell, wrong: usize, sample: u64) -> Planted {
    let mut rng = Seed::new(sample).child("relabelled").rng();
    let mut cell = cell.with(&(0..cell.train.len()).collect::<Vec<_>>());
    let names = cell.labels.names().to_vec();
    let mut is_wrong = vec![false; cell.made.len()];
    for (made, is_wrong) in cell.made.iter_mut().zip(&mut is_wrong) {
        if rng.random_range(0..100) < wrong {
            let others: Vec<&String> = names.iter().filter(|n| **n != made.label).collect();
            made.label = others[rng.random_range(0..others.len())].clone();
            *is_wrong = true;
        }
    }
    Planted { cell, is_wrong }
}

/// A label's probation, the true share of its wrong rows, and the true precision of the accusations where there are any.
type Tried = (Probation, f64, Option<f64>);

/// What one planted cell gave.
struct Trial {
    /// F1 with all rows; without those that probation rejects, without all that are accused, without all wrong ones: minus the first.
    all: f64,
    probation: f64,
    accused: f64,
    oracle: f64,
    /// The labels' probations, with the true share of wrong rows and the true precision of the accusations.
    judged: Vec<Tried>,
}

fn trial(planted: &Planted, only: Option<&str>) -> Result<Trial, Fault> {
    let Planted { cell, is_wrong } = planted;
    let real = with_ids(&cell.train, &cell.labels);
    let id = |label: &str| cell.labels.id(label).ok_or("a label");
    let claim = |m: &'_ MadeText| Ok::<_, Fault>((id(&m.label)?, m.parent));
    let claims: Vec<(LabelId, usize)> = cell.made.iter().map(claim).collect::<Result<_, _>>()?;
    let texts = cell.made.iter().map(|m| m.text.as_str());
    let claims: Vec<Claim<'_>> =
        texts.zip(claims).map(|(text, (label, parent))| Claim { text, label, source: Some(parent) }).collect();
    let judge = ClassifierJudge::learn(&real, cell.labels.len(), Seed::new(7)).ok_or("rows to fold")?;
    let opinions = judge.judge(&claims);
    let (mut judged, mut rejected) = (Vec::new(), vec![false; claims.len()]);
    for label in cell.labels.ids() {
        let own: Vec<usize> = (0..claims.len()).filter(|at| claims[*at].label == label).collect();
        let name = cell.labels.name(label);
        let mut tally = Tally::default();
        own.iter()
            .for_each(|at| tally.add(accuses(opinions[*at].opinion, label), claims[*at].source.map(|s| s as u64)));
        let record = Record::of(label, judge.real());
        let Some((record, share)) = record.zip(tally.share()) else { continue };
        let Some(p) = probation(name, &record, share, &Bounds::default()) else { continue };
        let is_accused = |at: &&usize| accuses(opinions[**at].opinion, label);
        let share_wrong = |at: &[usize]| at.iter().filter(|at| is_wrong[**at]).count() as f64 / at.len().max(1) as f64;
        let accused: Vec<usize> = own.iter().filter(is_accused).copied().collect();
        if p.permit == Permit::Rejects {
            accused.iter().for_each(|at| rejected[*at] = true);
        }
        judged.push((p, share_wrong(&own), (!accused.is_empty()).then(|| share_wrong(&accused))));
    }
    let accused = |j: &Judged| accuses(j.opinion, j.label);
    let label = only.map(id).transpose()?;
    let (test, truth): (Vec<&str>, Vec<LabelId>) = with_ids(&cell.test, &cell.labels).into_iter().unzip();
    let score = |keeps: &dyn Fn(usize) -> bool| {
        let made = claims.iter().enumerate().filter(|(at, _)| keeps(*at)).map(|(_, c)| (c.text, c.label));
        let rows: Vec<(&str, LabelId)> = real.iter().copied().chain(made).collect();
        f1(&truth, &Fitted::new(&rows, cell.labels.len(), true).predict(&test), label)
    };
    let all = score(&|_| true);
    // What leaves nothing out is all rows again.
    let probation = if rejected.contains(&true) { score(&|at| !rejected[at]) } else { all };
    Ok(Trial {
        all,
        probation: probation - all,
        accused: score(&|at| !accused(&opinions[at])) - all,
        oracle: if is_wrong.contains(&true) { score(&|at| !is_wrong[at]) - all } else { 0.0 },
        judged,
    })
}

fn show(name: &str, wrong: usize, trials: &[Trial]) {
    let mean = |of: &dyn Fn(&Trial) -> f64| trials.iter().map(of).sum::<f64>() / trials.len() as f64;
    let all: Vec<&Tried> = trials.iter().flat_map(|t| &t.judged).collect();
    let over = |of: &dyn Fn(&Tried) -> Option<f64>| {
        let known: Vec<f64> = all.iter().filter_map(|j| of(j)).collect();
        known.iter().sum::<f64>() / known.len().max(1) as f64
    };
    println!(
        "{name:<16} {wrong:>4} % {:>+9.1} {:>+8.1} {:>+9.1}   {:.2} of {:.2}, off by {:.3}   {:.2}, {:.2}   e {:.2} d {:.2}  rejects in {} of {}; F1 {:.1}",
        mean(&|t| t.probation),
        mean(&|t| t.accused),
        mean(&|t| t.oracle),
        over(&|j| Some(j.0.wrong.as_ref()?.value)),
        over(&|j| Some(j.1)),
        over(&|j| Some((j.0.wrong.as_ref()?.value - j.1).abs())),
        over(&|j| Some(j.0.precision.as_ref()?.value)),
        over(&|j| j.2),
        over(&|j| Some(j.0.falsely.value)),
        over(&|j| Some(j.0.found.value)),
        all.iter().filter(|j| j.0.permit == Permit::Rejects).count(),
        all.len(),
        mean(&|t| t.all)
    );
}

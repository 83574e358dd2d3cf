//! Figures, paired intervals and tables.

use crate::trial::Trial;
use equipoise_core::arm::Goal;
use equipoise_core::data::LabelId;
use equipoise_core::metric::Confusion;
use equipoise_core::rng::Seed;
use equipoise_core::stats::Resamples;

const RESAMPLES: usize = 400;

/// What is shown of a trial.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Figure {
    MacroF1,
    Accuracy,
    F1(LabelId),
}

/// Counts of drawn rows as a figure in 0..1; 0 where it is undefined.
pub(crate) fn figure(confusion: &Confusion, figure: Figure) -> f64 {
    match figure {
        Figure::MacroF1 => Goal::F1.value(confusion).unwrap_or(0.0),
        Figure::Accuracy => Goal::Accuracy.value(confusion).unwrap_or(0.0),
        Figure::F1(label) => {
            let (n, l) = (confusion.n_labels, label.index());
            let row: u64 = (0..n).map(|p| confusion.counts[l * n + p]).sum();
            let column: u64 = (0..n).map(|t| confusion.counts[t * n + l]).sum();
            2.0 * confusion.counts[l * n + l] as f64 / ((row + column) as f64).max(1.0)
        }
    }
}

/// Repeats of one cell: figures of each arm, and their two-way bootstrap over repeats and test rows, paired over arms.
pub(crate) struct Figures {
    pub(crate) arms: Vec<&'static str>,
    /// Mean over the repeats, by arm.
    pub(crate) mean: Vec<f64>,
    /// By repeat, then arm.
    pub(crate) each: Vec<Vec<f64>>,
    /// By resample, then arm.
    drawn: Vec<Vec<f64>>,
}

impl Figures {
    pub(crate) fn new(trials: &[Trial], which: Figure) -> Self {
        let arms: Vec<&'static str> = trials[0].predicted.iter().map(|p| p.0).collect();
        let of = |trial: &Trial, arm: usize, rows: &[u32]| {
            let predicted = &trial.predicted[arm].1;
            let pairs = rows.iter().map(|at| (trial.truth[*at as usize], predicted[*at as usize]));
            figure(&Confusion::new(trial.n_labels, pairs), which)
        };
        let n = trials[0].truth.len();
        let all: Vec<u32> = (0..n as u32).collect();
        let each: Vec<Vec<f64>> =
            trials.iter().map(|t| (0..arms.len()).map(|arm| of(t, arm, &all)).collect()).collect();
        // One stratum: the shares of labels vary too, as they would with another test set.
        let resamples = Resamples::new(std::iter::repeat_n(0, n), RESAMPLES, Seed::new(0).child("two-way"));
        let drawn = resamples.map_repeats(trials.len(), |rows, repeats| {
            let figures = |arm: usize| repeats.iter().map(move |r| of(&trials[*r as usize], arm, rows));
            (0..arms.len()).map(|arm| figures(arm).sum::<f64>() / repeats.len() as f64).collect::<Vec<f64>>()
        });
        let mean = (0..arms.len()).map(|arm| each.iter().map(|e| e[arm]).sum::<f64>() / each.len() as f64).collect();
        Figures { drawn, arms, mean, each }
    }

    pub(crate) fn at(&self, arm: &str) -> usize {
        self.arms.iter().position(|a| *a == arm).expect("every trial has the same arms")
    }

    /// The arm of `names` with the highest mean.
    pub(crate) fn best(&self, names: &[&str]) -> usize {
        let known = names.iter().map(|name| self.at(name));
        known.max_by(|a, b| self.mean[*a].total_cmp(&self.mean[*b])).expect("there are names")
    }

    /// The mean difference of two arms and its resamples.
    pub(crate) fn difference(&self, arm: usize, against: usize) -> (f64, Vec<f64>) {
        (self.mean[arm] - self.mean[against], self.drawn.iter().map(|d| d[arm] - d[against]).collect())
    }
}

/// `+1.2 [0.1, 2.3]` in points.
pub(crate) fn shown(difference: f64, drawn: &[f64]) -> String {
    let mut sorted = drawn.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = |share: f64| 100.0 * sorted[((sorted.len() - 1) as f64 * share).round() as usize];
    format!("{:+.1} [{:+.1}, {:+.1}]", 100.0 * difference, at(0.025), at(0.975))
}

/// The mean of several differences.
pub(crate) fn mean_of(differences: &[(f64, Vec<f64>)]) -> (f64, Vec<f64>) {
    let n = differences.len() as f64;
    // Cells with the same test rows share their resamples; over other rows the same draws are as good as independent.
    let drawn = (0..RESAMPLES).map(|i| differences.iter().map(|d| d.1[i]).sum::<f64>() / n);
    (differences.iter().map(|d| d.0).sum::<f64>() / n, drawn.collect())
}

/// Prints a table of points: a line for each arm.
pub(crate) fn print(title: &str, columns: &[String], arms: &[&str], value: impl Fn(usize, usize) -> f64) {
    print!("{title:<30}");
    columns.iter().for_each(|c| print!(" {c:>10}"));
    println!();
    for (row, arm) in arms.iter().enumerate() {
        print!("{arm:<30}");
        (0..columns.len()).for_each(|column| print!(" {:>10.1}", 100.0 * value(row, column)));
        println!();
    }
}

//! Means and paired differences with their intervals.

use crate::arms::{ARMS, Figures};
use equipoise_core::stats::corrected_resampled_t;

/// A difference of two arms that is asked for: what, how to read it, the arms, the least value that will do.
pub(crate) struct Goal {
    pub(crate) what: &'static str,
    pub(crate) figure: fn(&Figures) -> f64,
    pub(crate) arms: (usize, usize),
    pub(crate) least: f64,
}

/// A heading and the figure below it.
type Column = (&'static str, fn(&Figures) -> f64);

/// Prints the figures of every arm and the differences that `goals` ask for. `test_share` is the number of test rows over that of
/// training rows where splits share rows (Nadeau and Bengio 2003); `None` where training rows are drawn afresh.
pub(crate) fn print(title: &str, splits: &[Vec<Figures>], of_label: bool, test_share: Option<f64>, goals: &[Goal]) {
    println!("\n### {title} ({} splits)\n", splits.len());
    let columns: &[Column] = if of_label {
        &[
            ("F1", |f| f.f1),
            ("precision", |f| f.precision),
            ("recall", |f| f.recall),
            ("macro-F1", |f| f.macro_f1),
            ("accuracy", |f| f.accuracy),
        ]
    } else {
        &[("macro-F1", |f| f.macro_f1), ("accuracy", |f| f.accuracy)]
    };
    println!("| arm | {} |", columns.iter().map(|c| c.0).collect::<Vec<_>>().join(" | "));
    println!("|---|{}", "---|".repeat(columns.len()));
    for (arm, name) in ARMS.iter().enumerate() {
        let cell = |figure: fn(&Figures) -> f64| mean(&splits.iter().map(|s| figure(&s[arm])).collect::<Vec<_>>());
        println!(
            "| {name} | {} |",
            columns.iter().map(|c| format!("{:.1}", cell(c.1))).collect::<Vec<_>>().join(" | ")
        );
    }
    println!();
    for goal in goals {
        let (a, b) = goal.arms;
        let differences: Vec<f64> = splits.iter().map(|s| (goal.figure)(&s[a]) - (goal.figure)(&s[b])).collect();
        let difference = mean(&differences);
        let verdict = if difference >= goal.least { "met" } else { "NOT MET" };
        print!("- {}, {} − {}: {difference:+.1} ± {:.1}", goal.what, ARMS[a], ARMS[b], half_width(&differences, 0.0));
        if let Some(share) = test_share {
            print!(" (corrected ± {:.1})", half_width(&differences, share));
        }
        println!("; goal ≥ {:+.1}: {verdict}", goal.least);
    }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

/// Half the width of the 95 % interval of a mean; with `test_share` above 0 corrected for training rows that splits share.
fn half_width(values: &[f64], test_share: f64) -> f64 {
    corrected_resampled_t(values, test_share).map_or(f64::INFINITY, |(e, _)| e.high - e.value)
}

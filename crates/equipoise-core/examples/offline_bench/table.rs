//! Means and paired differences with their intervals.

use crate::arms::{ARMS, Figures};

/// Two-sided 95 % quantiles of Student's t for 1 to 29 degrees of freedom; the last serves for more, on the safe side.
const T: [f64; 29] = [
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120,
    2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045,
];

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
    let (n, centre) = (values.len(), mean(values));
    if n < 2 {
        return f64::INFINITY;
    }
    let variance = values.iter().map(|v| (v - centre).powi(2)).sum::<f64>() / (n - 1) as f64;
    T[(n - 2).min(T.len() - 1)] * (variance * (1.0 / n as f64 + test_share)).sqrt()
}

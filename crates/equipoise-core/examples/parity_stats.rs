//! Prints every metric and test on random cases as JSON, a line each: the case and our values, for `bench/stats.py` to compute anew.
//!
//! `cargo run --release -p equipoise-core --example parity_stats -- CASES`
#![allow(clippy::print_stdout, clippy::disallowed_methods, reason = "an example reads its arguments and prints")]

use equipoise_core::data::LabelId;
use equipoise_core::metric::{CATALOG, Confusion, Scope, Scored};
use equipoise_core::rng::Seed;
use equipoise_core::stats::{corrected_resampled_t, holm, mcnemar_exact, measure, wilson};
use rand::RngExt;
use serde_json::{Map, Value, json};
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let n_cases: u64 = std::env::args().nth(1).ok_or("CASES")?.parse()?;
    for i in 0..n_cases {
        println!("{}", case(Seed::new(i))?);
    }
    Ok(())
}

fn case(seed: Seed) -> Result<Value, Box<dyn Error>> {
    let mut rng = seed.rng();
    let n_labels = rng.random_range(2..6_usize);
    let n_rows = rng.random_range(n_labels..80);
    // Every label has a row: what scikit-learn makes of the others is a convention of its own, named in the metric module.
    let mut truth: Vec<LabelId> = (0..n_labels as u16).map(LabelId).collect();
    while truth.len() < n_rows {
        truth.push(LabelId(rng.random_range(0..n_labels as u16)));
    }
    // Every other case has few distinct scores, so that ties are met.
    let steps = if rng.random::<bool>() { 4.0 } else { 1e9 };
    let mut probabilities = Vec::new();
    for _ in 0..n_rows {
        let raw: Vec<f64> = (0..n_labels).map(|_| (rng.random::<f64>() * steps).floor() + 1.0 / 64.0).collect();
        let sum: f64 = raw.iter().sum();
        probabilities.extend(raw.iter().map(|v| v / sum));
    }
    let predicted: Vec<LabelId> = truth
        .iter()
        .map(|l| if rng.random::<f64>() < 0.6 { *l } else { LabelId(rng.random_range(0..n_labels as u16)) })
        .collect();
    let confusion = Confusion::new(n_labels, truth.iter().copied().zip(predicted.iter().copied()));
    let scored = Scored { truth: &truth, probabilities: &probabilities, n_labels };
    let mut metrics = Map::new();
    for entry in CATALOG {
        let metric = entry.build();
        let value = |label: Option<LabelId>| match metric.over_probabilities() {
            Some(over) => over.value(&scored, label),
            None => metric.value(&confusion, label),
        };
        let labels = (0..n_labels).map(|l| value(Some(LabelId(l as u16))));
        let values = if entry.scope == Scope::EachLabel { labels.collect() } else { vec![value(None)] };
        metrics.insert(entry.item.name.to_owned(), json!(values));
    }

    let differences: Vec<f64> = (0..rng.random_range(2..30)).map(|_| rng.random::<f64>() - 0.4).collect();
    let test_share = rng.random::<f64>();
    let (t, t_p) = corrected_resampled_t(&differences, test_share).ok_or("two differences")?;
    let p_values: Vec<Option<f64>> = (0..rng.random_range(1..12)).map(|_| Some(rng.random::<f64>().powi(3))).collect();
    let (only_a, only_b) = (rng.random_range(0..60_u64), rng.random_range(0..60_u64));
    let (successes, trials) = (rng.random_range(0..40_u64), rng.random_range(40..200_u64));
    let wilson = wilson(successes, trials).ok_or("there are trials")?;
    let fewest = rng.random_range(2..60_usize);
    let step = 1.0 / fewest as f64;
    let measured = measure(differences[0], &differences, (fewest, step), fewest, "").ok_or("there are samples")?;
    Ok(json!({
        "truth": truth, "predicted": predicted, "probabilities": probabilities, "n_labels": n_labels, "metrics": metrics,
        "differences": differences, "test_share": test_share,
        "corrected_t": [t.value, t.low, t.high, t_p],
        "p_values": p_values, "holm": holm(&p_values),
        "only": [only_a, only_b], "mcnemar": mcnemar_exact(only_a, only_b),
        "trials": [successes, trials], "wilson": [wilson.low, wilson.high],
        "fewest": fewest, "measured": [measured.estimate.low, measured.estimate.high, measured.p_value],
    }))
}

//! Fits the default learner on `text;label` files and prints what came out as JSON, for `cargo xtask bench`.
//!
//! `cargo run --release -p equipoise-core --example fit_baseline -- train.txt test.txt [repeats]`
#![allow(clippy::print_stdout, clippy::disallowed_methods, reason = "an example reads files, takes times and prints")]

use equipoise_core::data::{LabelId, Labels};
use equipoise_core::learner::{LogisticRegression, Model, Problem, TfIdf, Vectoriser, most_probable};
use equipoise_core::metric::{ACCURACY, Confusion, MACRO_F1, MetricEntry};
use std::error::Error;
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [train, test, rest @ ..] = arguments.as_slice() else {
        return Err("usage: fit_baseline TRAIN TEST [REPEATS]".into());
    };
    let repeats = rest.first().map_or(Ok(5), |n| n.parse::<usize>())?.max(1);
    let (train, test) = (std::fs::read_to_string(train)?, std::fs::read_to_string(test)?);
    let (train, test) = (rows(&train), rows(&test));
    let labels = Labels::new(train.iter().chain(&test).map(|r| r.1.to_owned()));
    let ids = |rows: &[(&str, &str)]| -> Vec<LabelId> { rows.iter().filter_map(|r| labels.id(r.1)).collect() };
    let texts: Vec<&str> = train.iter().map(|r| r.0).collect();

    let start = Instant::now();
    let tfidf = TfIdf::fit(&texts);
    let features = tfidf.transform(&texts);
    let vectorise_seconds = start.elapsed().as_secs_f64();

    let (train_ids, weights) = (ids(&train), vec![1.0; train.len()]);
    let problem = Problem { features: &features, labels: &train_ids, weights: &weights, n_labels: labels.len() };
    let learner = LogisticRegression::default();
    let mut model = learner.fit(&problem, None);
    let mut fit_seconds = f64::INFINITY;
    for _ in 0..repeats {
        let start = Instant::now();
        model = learner.fit(&problem, None);
        fit_seconds = fit_seconds.min(start.elapsed().as_secs_f64());
    }

    let asked: Vec<&str> = test.iter().map(|r| r.0).collect();
    let predicted = most_probable(&model.probabilities(&tfidf.transform(&asked)), labels.len());
    let confusion = Confusion::new(labels.len(), ids(&test).into_iter().zip(predicted));
    let value = |metric: &MetricEntry| metric.build().value(&confusion, None);
    let fit = model.fit().ok_or("the optimiser left no trace")?;
    let result = serde_json::json!({
        "n_train": train.len(), "n_test": test.len(), "n_features": tfidf.n_words(),
        "vectorise_seconds": vectorise_seconds, "fit_seconds": fit_seconds, "threads": rayon::current_num_threads(),
        "objective": fit.objective, "steps": fit.n_steps, "products": fit.n_products, "converged": fit.converged,
        "macro_f1": value(MACRO_F1), "accuracy": value(ACCURACY),
    });
    println!("{result}");
    Ok(())
}

/// Text and label of each line, split at the last `;`.
fn rows(file: &str) -> Vec<(&str, &str)> {
    file.lines().filter_map(|line| line.rsplit_once(';')).collect()
}

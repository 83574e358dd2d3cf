//! Fits every learner that has a counterpart in scikit-learn and prints what came out as JSON, for `cargo xtask bench learners`.
//!
//! `cargo run --release -p equipoise-core --example fit_learners -- train.csv test.csv`: CSV with the columns `text` and `label`, or
//! `text;label` lines.
#![allow(clippy::print_stdout, clippy::disallowed_methods, reason = "an example reads files, takes times and prints")]

use equipoise_core::catalog::Settings;
use equipoise_core::data::{LabelId, Labels};
use equipoise_core::learner::{CATALOG, LinearModel, Problem, most_probable};
use equipoise_core::metric::{ACCURACY, Confusion, MACRO_F1, MetricEntry};
use std::any::Any;
use std::error::Error;
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [train, test] = arguments.as_slice() else {
        return Err("usage: fit_learners TRAIN TEST".into());
    };
    let (train, test) = (rows(train)?, rows(test)?);
    let labels = Labels::new(train.iter().chain(&test).map(|r| r.1.clone()));
    let ids = |rows: &[(String, String)]| -> Vec<LabelId> { rows.iter().filter_map(|r| labels.id(&r.1)).collect() };
    let (known, truth, weights) = (ids(&train), ids(&test), vec![1.0; train.len()]);
    let texts = |rows: &'_ [(String, String)]| -> Vec<String> { rows.iter().map(|r| r.0.clone()).collect() };
    let (train, test) = (texts(&train), texts(&test));
    let train: Vec<&str> = train.iter().map(String::as_str).collect();
    let test: Vec<&str> = test.iter().map(String::as_str).collect();
    let mut result = serde_json::Map::new();
    for entry in CATALOG {
        let learner = entry.build(&Settings::new())?;
        let vectoriser = learner.vectoriser(&train);
        let features = vectoriser.transform(&train);
        let problem = Problem { features: &features, labels: &known, weights: &weights, n_labels: labels.len() };
        let start = Instant::now();
        let model = learner.fit(&problem);
        let fit_seconds = start.elapsed().as_secs_f64();
        let predicted = most_probable(&model.probabilities(&vectoriser.transform(&test)), labels.len());
        let confusion = Confusion::new(labels.len(), truth.iter().copied().zip(predicted));
        let value = |metric: &MetricEntry| metric.build().value(&confusion, None);
        let linear = (&*model as &dyn Any).downcast_ref::<LinearModel>();
        let figures = serde_json::json!({
            "n_features": features.n_columns, "fit_seconds": fit_seconds,
            "objective": linear.and_then(LinearModel::fit).map(|fit| fit.objective),
            "macro_f1": value(MACRO_F1), "accuracy": value(ACCURACY),
        });
        result.insert(entry.name.to_owned(), figures);
    }
    println!("{}", serde_json::Value::Object(result));
    Ok(())
}

fn rows(path: &str) -> Result<Vec<(String, String)>, Box<dyn Error>> {
    if !path.ends_with(".csv") {
        let text = std::fs::read_to_string(path)?;
        let pairs = text.lines().filter_map(|line| line.rsplit_once(';'));
        return Ok(pairs.map(|(text, label)| (text.to_owned(), label.to_owned())).collect());
    }
    let mut reader = csv::Reader::from_path(path)?;
    let columns = reader.headers()?.clone();
    let at = |name: &str| columns.iter().position(|c| c == name).ok_or_else(|| format!("{path} has no column {name}"));
    let (text, label) = (at("text")?, at("label")?);
    reader.records().map(|record| Ok(record.map(|r| (r[text].to_owned(), r[label].to_owned()))?)).collect()
}

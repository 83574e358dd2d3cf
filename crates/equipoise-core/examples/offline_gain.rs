//! Measures what texts of the offline generator are worth: F1 of one label that is cut to few rows and raised again, over repeated
//! stratified 5-fold splits, beside nothing, duplication and class weights. The generator sees the training rows of a split alone.
//!
//! `cargo run --release -p equipoise-core --example offline_gain -- LABEL ROWS OTHERS TARGET FIRST_SPLIT SPLITS FILE…`
//!
//! FILEs hold `text;label` or are CSV; rows of equal text count once. OTHERS rows of the other labels are used. A difference
//! stands with its 95 % interval, corrected for overlapping training sets (Nadeau and Bengio 2003).
#![allow(clippy::print_stdout, clippy::disallowed_methods, reason = "an example reads files and prints")]

use equipoise_core::data::{Dataset, LabelId, Labels, Rows};
use equipoise_core::generator::Job;
use equipoise_core::learner::{CATALOG, Learner, Problem, most_probable};
use equipoise_core::metric::Confusion;
use equipoise_core::provider::{Local, Offline};
use equipoise_core::rng::Seed;
use rand::RngExt;
use rand::seq::SliceRandom;
use std::collections::{BTreeMap, HashSet};
use std::error::Error;

type Fault = Box<dyn Error>;
type Text = (String, String);

const ARMS: [&str; 5] = ["nothing", "duplication", "class_weight", "offline", "offline_class_weight"];
const FIGURES: [&str; 4] = ["f1", "precision", "recall", "macro_f1"];
/// Two-sided 95 % quantiles of Student's t for 1 to 10 degrees of freedom; the last serves for more, on the safe side.
const T: [f64; 10] = [12.71, 4.30, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26, 2.23];

struct Trial<'a> {
    label: &'a str,
    rows: usize,
    others: usize,
    target: usize,
}

fn main() -> Result<(), Fault> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [label, numbers @ ..] = arguments.as_slice() else {
        return Err("LABEL ROWS OTHERS TARGET FIRST SPLITS FILE…".into());
    };
    if numbers.len() < 6 {
        return Err("LABEL ROWS OTHERS TARGET FIRST_SPLIT SPLITS FILE…".into());
    }
    let (numbers, files) = numbers.split_at(5);
    let n = numbers.iter().map(|n| n.parse()).collect::<Result<Vec<usize>, _>>()?;
    let mut seen = HashSet::new();
    let mut all: Vec<Text> = Vec::new();
    for file in files {
        all.extend(read(file)?.into_iter().filter(|t| seen.insert(t.0.clone())));
    }
    let trial = Trial { label, rows: n[0], others: n[1], target: n[2] };
    let learner = CATALOG[0].build(&serde_json::Map::new())?;
    let mut figures: BTreeMap<(usize, usize), Vec<f64>> = BTreeMap::new();
    for split in n[3]..n[3] + n[4] {
        let arms = one_split(&all, &trial, split, &*learner)?;
        for (arm, values) in arms.iter().enumerate() {
            values.iter().enumerate().for_each(|(i, v)| figures.entry((arm, i)).or_default().push(100.0 * v));
        }
        let f1: Vec<String> = arms.iter().map(|a| format!("{:.1}", 100.0 * a[0])).collect();
        println!("split {split}: F1 {}", f1.join(" "));
    }
    println!("{label} {} -> {} beside {} others, {} splits", trial.rows, trial.target, trial.others, n[4]);
    for (arm, name) in ARMS.iter().enumerate() {
        print!("{name:22}");
        for (i, figure) in FIGURES.iter().enumerate() {
            let values = &figures[&(arm, i)];
            print!(" {figure} {:5.1}", mean(values));
            if i % 3 == 0 {
                for against in 0..3 {
                    let differences: Vec<f64> =
                        values.iter().zip(&figures[&(against, i)]).map(|(a, b)| a - b).collect();
                    print!(" ({:+.1} ± {:.1})", mean(&differences), half_width(&differences));
                }
            }
        }
        println!();
    }
    Ok(())
}

/// The figures of every arm on one split.
fn one_split(all: &[Text], trial: &Trial<'_>, split: usize, learner: &dyn Learner) -> Result<Vec<[f64; 4]>, Fault> {
    let seed = Seed::new(2025).child(&format!("repeat/{}", split / 5));
    let labels = Labels::new(all.iter().map(|t| t.1.clone()));
    let (mut train, mut test) = (Vec::new(), Vec::new());
    for name in labels.names() {
        let mut of_label: Vec<&Text> = all.iter().filter(|t| t.1 == *name).collect();
        of_label.shuffle(&mut seed.child(name).rng());
        for (i, text) in of_label.into_iter().enumerate() {
            if i % 5 == split % 5 { test.push(text) } else { train.push(text) }
        }
    }
    let mut rng = Seed::new(2025).child(&format!("split/{split}")).rng();
    train.shuffle(&mut rng);
    let (mut own, mut others): (Vec<&Text>, Vec<&Text>) = train.into_iter().partition(|t| t.1 == trial.label);
    own.truncate(trial.rows);
    others.truncate(trial.others);
    let wanted = trial.target.saturating_sub(own.len());
    let mut real: Vec<&Text> = own.iter().chain(&others).copied().collect();
    real.shuffle(&mut rng);

    let mut rows = Rows::default();
    real.iter().try_for_each(|t| rows.push(&t.0, &t.1)).ok_or("too many labels")?;
    let dataset = Dataset::new(rows)?;
    let label = dataset.train().labels().id(trial.label).ok_or("no row has this label")?;
    let job = Job { label, sources: Vec::new(), wanted, ordinal: 0 };
    let answer = Offline::default().prepare(dataset.train()).answer(&job, &[], Seed::new(split as u64));
    let answer: serde_json::Value = serde_json::from_str(&answer)?;
    let made = answer["texts"].as_array().ok_or("an answer has texts")?;
    let texts: Vec<&str> = made.iter().filter_map(|t| t["text"].as_str()).collect();
    if texts.len() < wanted {
        println!("split {split}: {} of {wanted} texts: {}", texts.len(), answer["reason"]);
    }

    let id = |name: &str| labels.id(name).ok_or("a label of the data");
    let target = id(trial.label)?;
    let mut base: Vec<(&str, LabelId)> = Vec::new();
    for text in &real {
        base.push((&text.0, id(&text.1)?));
    }
    let raised: Vec<(&str, LabelId)> = base.iter().copied().chain(texts.iter().map(|t| (*t, target))).collect();
    // Duplication as weights: the words are counted once, so that it is not punished by a lower idf of the label's own words.
    let mut times: Vec<f64> = vec![1.0; base.len()];
    let own_rows: Vec<usize> = (0..base.len()).filter(|i| base[*i].1 == target).collect();
    for i in 0..wanted {
        let whole = i / own_rows.len() < wanted / own_rows.len();
        let at = if whole { i % own_rows.len() } else { rng.random_range(0..own_rows.len()) };
        times[own_rows[at]] += 1.0;
    }
    let arms = [
        (&base, vec![1.0; base.len()]),
        (&base, times),
        (&base, balanced(&base, labels.len())),
        (&raised, vec![1.0; raised.len()]),
        (&raised, balanced(&raised, labels.len())),
    ];
    arms.iter().map(|(rows, weights)| score(rows, weights, &test, &labels, target, learner)).collect()
}

/// Weights under which every label has the same sum.
fn balanced(rows: &[(&str, LabelId)], n_labels: usize) -> Vec<f64> {
    let mut counts = vec![0.0; n_labels];
    rows.iter().for_each(|r| counts[r.1.index()] += 1.0);
    rows.iter().map(|r| rows.len() as f64 / (n_labels as f64 * counts[r.1.index()])).collect()
}

fn score(
    rows: &[(&str, LabelId)],
    weights: &[f64],
    test: &[&Text],
    labels: &Labels,
    target: LabelId,
    learner: &dyn Learner,
) -> Result<[f64; 4], Fault> {
    let texts: Vec<&str> = rows.iter().map(|r| r.0).collect();
    let ids: Vec<LabelId> = rows.iter().map(|r| r.1).collect();
    let vectoriser = learner.vectoriser(&texts);
    let features = vectoriser.transform(&texts);
    let model = learner.fit(&Problem { features: &features, labels: &ids, weights, n_labels: labels.len() });
    let asked: Vec<&str> = test.iter().map(|t| t.0.as_str()).collect();
    let predicted = most_probable(&model.probabilities(&vectoriser.transform(&asked)), labels.len());
    let truth = test.iter().map(|t| labels.id(&t.1).ok_or("a label of the data")).collect::<Result<Vec<_>, _>>()?;
    let confusion = Confusion::new(labels.len(), truth.into_iter().zip(predicted));
    let share = |a: u64, b: u64| if b == 0 { 0.0 } else { a as f64 / b as f64 };
    let tally = confusion.tally(target);
    let f1 = |l: LabelId| {
        let t = confusion.tally(l);
        share(2 * t.right, t.support + t.predicted)
    };
    let macro_f1 = labels.ids().map(f1).sum::<f64>() / labels.len() as f64;
    Ok([f1(target), share(tally.right, tally.predicted), share(tally.right, tally.support), macro_f1])
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Half the width of the corrected 95 % interval of a mean over 5-fold splits.
fn half_width(values: &[f64]) -> f64 {
    let (n, centre) = (values.len(), mean(values));
    if n < 2 {
        return f64::NAN;
    }
    let variance = values.iter().map(|v| (v - centre).powi(2)).sum::<f64>() / (n - 1) as f64;
    T[(n - 2).min(T.len() - 1)] * (variance * (1.0 / n as f64 + 0.25)).sqrt()
}

fn read(file: &str) -> Result<Vec<Text>, Fault> {
    if file.ends_with(".csv") {
        let mut reader = csv::Reader::from_path(file)?;
        return Ok(reader.deserialize().collect::<Result<_, _>>()?);
    }
    let lines = std::fs::read_to_string(file)?;
    Ok(lines.lines().filter_map(|l| l.rsplit_once(';')).map(|(t, l)| (t.to_owned(), l.to_owned())).collect())
}

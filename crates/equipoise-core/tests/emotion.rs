//! The evaluation on the emotion set, where it is at hand: `EQUIPOISE_SHARED`, else `../shared` beside the workspace.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test reads files, takes times and may fail"
)]

use equipoise_core::catalog::{Settings, find};
use equipoise_core::data::{Dataset, RowId, Rows};
use equipoise_core::eval::{Design, Evaluation, EvaluationInputs, evaluate};
use equipoise_core::generator::{Candidate, Sources};
use equipoise_core::metric::{ACCURACY, F1, MACRO_F1};
use equipoise_core::plan::Quota;
use equipoise_core::select::{SyntheticRows, select};
use equipoise_core::{learner, stats};
use std::path::{Path, PathBuf};
use std::time::Instant;

fn shared(name: &str) -> Option<String> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let root = std::env::var_os("EQUIPOISE_SHARED").map_or_else(beside, PathBuf::from);
    let path = root.join("data/emotion").join(name);
    let text = std::fs::read_to_string(&path).ok();
    if text.is_none() {
        println!("skipped: {} is not at hand", path.display());
    }
    text
}

/// Rows of `text;label`; of `surprise` at most `most`.
fn rows(file: &str, most: usize) -> Rows {
    let mut rows = Rows::default();
    let mut n = 0;
    for (text, label) in file.lines().filter_map(|line| line.rsplit_once(';')) {
        n += usize::from(label == "surprise");
        if label != "surprise" || n <= most {
            rows.push(text, label).unwrap();
        }
    }
    rows
}

fn candidates(dataset: &Dataset, cassette: &str) -> Vec<Candidate> {
    let label = dataset.labels().id("surprise").unwrap();
    let known: std::collections::HashMap<&str, RowId> =
        dataset.train().rows().filter(|r| r.label == label).map(|r| (r.text, r.id)).collect();
    let mut candidates = Vec::new();
    for line in cassette.lines() {
        let recorded: serde_json::Value = serde_json::from_str(line).unwrap();
        let Some(source) = known.get(recorded["source"].as_str().unwrap()) else { continue };
        candidates.push(Candidate {
            id: format!("c{}", candidates.len()),
            text: recorded["answers"][0].as_str().unwrap().to_owned(),
            label: "surprise".to_owned(),
            request: None,
            position: candidates.len(),
            sources: Sources::One(*source),
            fault: None,
            came: None,
            attributes: Default::default(),
        });
    }
    candidates
}

fn run(dataset: &Dataset, candidates: &[Candidate]) -> Evaluation {
    let quota =
        Quota { label: "surprise".to_owned(), have: 0, target: 0, wanted: candidates.len(), style_control: false };
    let synthetic = SyntheticRows::new(candidates, &select(candidates, &[], &[quota]));
    let linear = find(learner::CATALOG, "learner", "linear").unwrap().build(&Settings::new()).unwrap();
    let inputs = EvaluationInputs {
        dataset,
        design: Design::HeldOut,
        n_repeats: 1,
        groups: None,
        held_out_name: "test.txt",
        synthetic: &synthetic,
        learners: &[("linear", &*linear)],
        seed: 7,
        arms: &equipoise_core::arm::ArmSet::default(),
        priors: &equipoise_core::arm::Priors::default(),
        goal: equipoise_core::arm::Goal::F1,
        n_resamples: stats::RESAMPLES,
    };
    let start = Instant::now();
    let evaluation = evaluate(&inputs, &|_| ()).unwrap();
    println!("{:.2} s, {} threads", start.elapsed().as_secs_f64(), rayon::current_num_threads());
    for arm in &evaluation.arms {
        let f1 = arm.label_figure("surprise", F1).unwrap();
        let (macro_f1, accuracy) = (arm.figure(MACRO_F1).unwrap(), arm.figure(ACCURACY).unwrap());
        println!(
            "{:18} rows {:6}+{:5}  macro-F1 {:.4} [{:.3}, {:.3}]  accuracy {:.4}  F1 surprise {:.3} [{:.3}, {:.3}]  cv {:?} {}",
            arm.name,
            arm.n_real,
            arm.n_synthetic,
            macro_f1.value,
            macro_f1.low,
            macro_f1.high,
            accuracy.value,
            f1.value,
            f1.low,
            f1.high,
            arm.cv_score.as_ref().map(|s| (s.value * 1e4).round() / 1e4),
            if arm.chosen { "chosen" } else { "" },
        );
    }
    println!("{:?}\n{:#?}", evaluation.verdict, evaluation.notes);
    evaluation
}

#[test]
#[cfg_attr(debug_assertions, ignore = "takes minutes without optimisation: cargo test --release --test emotion")]
fn free_arms_reach_the_known_figures() {
    let (Some(train), Some(test)) = (shared("train.txt"), shared("test.txt")) else { return };
    let dataset = Dataset::with_test(rows(&train, usize::MAX), rows(&test, usize::MAX)).unwrap();
    let evaluation = run(&dataset, &[]);
    let none = &evaluation.arms[0];
    // The optimum of the same objective in scikit-learn: 0.8342 and 0.8855.
    assert!((none.figure(MACRO_F1).unwrap().value - 0.834).abs() < 0.002);
    assert!((none.figure(ACCURACY).unwrap().value - 0.8855).abs() < 0.002);
}

#[test]
#[cfg_attr(debug_assertions, ignore = "takes minutes without optimisation: cargo test --release --test emotion")]
fn paraphrases_of_a_label_are_judged_beside_free_rivals() {
    let (Some(train), Some(test)) = (shared("train.txt"), shared("test.txt")) else { return };
    for (cassette, most) in
        [("surprise-new-situation", usize::MAX), ("surprise-new-situation", 100), ("surprise-paraphrase", 100)]
    {
        let Some(cassette) = shared(&format!("{cassette}.cassette.jsonl")) else { return };
        let dataset = Dataset::with_test(rows(&train, most), rows(&test, usize::MAX)).unwrap();
        let candidates = candidates(&dataset, &cassette);
        let evaluation = run(&dataset, &candidates);
        let n =
            |name: &str| evaluation.arms.iter().find(|a| a.name == name).map(|a| (a.n_real, a.n_synthetic)).unwrap();
        assert_eq!(n("synthetic"), (dataset.train().len(), candidates.len()));
        assert_eq!(n("duplicate_control"), (dataset.train().len() + candidates.len(), 0));
    }
}

//! The default learner against the known optimum on a public data set; skipped where the data are not at hand.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a test may look for its data and say that there are none"
)]

use equipoise_core::data::{LabelId, Labels};
use equipoise_core::learner::{LogisticRegression, Model, Problem, TfIdf, Vectoriser, most_probable};
use equipoise_core::metric::{self, Confusion};

/// The rows of a shared `text;label` file, or `None` with a message.
fn shared(name: &str) -> Option<Vec<(String, String)>> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared");
    let folder = std::env::var("EQUIPOISE_SHARED").unwrap_or_else(|_| beside.to_owned());
    let Ok(file) = std::fs::read_to_string(format!("{folder}/data/emotion/{name}")) else {
        println!("skipped: no {name} in {folder}/data/emotion; EQUIPOISE_SHARED names the folder");
        return None;
    };
    let split = |line: &str| line.rsplit_once(';').map(|(text, label)| (text.to_owned(), label.to_owned()));
    Some(file.lines().filter_map(split).collect())
}

#[test]
fn reaches_the_known_optimum_on_the_emotion_set() {
    let (Some(train), Some(test)) = (shared("train.txt"), shared("test.txt")) else { return };
    let labels = Labels::new(train.iter().map(|r| r.1.clone()));
    let ids = |rows: &[(String, String)]| -> Vec<LabelId> { rows.iter().filter_map(|r| labels.id(&r.1)).collect() };
    let texts: Vec<&str> = train.iter().map(|r| r.0.as_str()).collect();
    let tfidf = TfIdf::fit(&texts);
    let features = tfidf.transform(&texts);
    assert_eq!(features.n_columns, 15_186);

    let (train_ids, weights) = (ids(&train), vec![1.0; train.len()]);
    let problem = Problem { features: &features, labels: &train_ids, weights: &weights, n_labels: 6 };
    let model = LogisticRegression::default().fit(&problem, None);
    // scikit-learn's newton-cg and lbfgs at tolerance 1e-6 end at 42,324.5.
    let objective = model.fit().unwrap().objective;
    assert!((objective - 42_324.52).abs() < 0.2, "{}", objective);

    let asked: Vec<&str> = test.iter().map(|r| r.0.as_str()).collect();
    let predicted = most_probable(&model.probabilities(&tfidf.transform(&asked)), 6);
    let confusion = Confusion::new(6, ids(&test).into_iter().zip(predicted));
    let macro_f1 = metric::MACRO_F1.build();
    let (macro_f1, n_right) = (macro_f1.value(&confusion, None).unwrap(), confusion.n_right());
    assert!((macro_f1 - 0.834).abs() < 0.002, "{macro_f1}");
    assert!(n_right.abs_diff(1_771) <= 4, "{n_right} of 2,000");
}

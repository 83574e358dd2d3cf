//! Behaviour of the whole evaluation on planted data.

use super::*;
use crate::catalog::{Settings, find};
use crate::data::{Dataset, RowId, Rows};
use crate::generator::{Candidate, Sources};
use crate::learner::{self, Learner};
use crate::plan::Quota;
use crate::rng::Seed;
use crate::select::{SyntheticRows, select};
use std::sync::Mutex;

/// Texts of `common` and `rare`: ten words each, half of them the label's own. The words of `rare` are 240, so that its few training
/// rows show only some of them. Every other row of `common` has own words out of 2,000, so that to hold unknown words is no sign of
/// `rare` and no threshold finds it by that.
fn text(label: &str, i: usize) -> String {
    use rand::RngExt;
    let mut rng = Seed::new(3).child(label).child(&i.to_string()).rng();
    let own = if label == "rare" {
        240
    } else if i.is_multiple_of(2) {
        2_000
    } else {
        30
    };
    let words: Vec<String> = (0..10)
        .map(|at| {
            if at % 2 == 0 {
                format!("{label}{}", rng.random_range(0..own))
            } else {
                format!("word{}", rng.random_range(0..40))
            }
        })
        .collect();
    words.join(" ")
}

fn rows(from: usize, n_common: usize, n_rare: usize) -> Rows {
    let mut rows = Rows::default();
    (from..from + n_common).for_each(|i| rows.push(&text("common", i), "common").unwrap());
    (from..from + n_rare).for_each(|i| rows.push(&text("rare", i), "rare").unwrap());
    rows
}

fn dataset() -> Dataset {
    Dataset::with_test(rows(0, 400, 20), rows(10_000, 300, 100)).unwrap()
}

fn candidates(dataset: &Dataset, texts: impl IntoIterator<Item = String>) -> Vec<Candidate> {
    let rare = dataset.labels().id("rare").unwrap();
    let parents: Vec<RowId> = dataset.train().rows().filter(|r| r.label == rare).map(|r| r.id).collect();
    let candidate = |(i, text): (usize, String)| Candidate {
        id: format!("c{i}"),
        text,
        label: "rare".to_owned(),
        request: None,
        position: i,
        sources: Sources::One(parents[i % parents.len()]),
        fault: None,
        came: None,
        attributes: Default::default(),
    };
    texts.into_iter().enumerate().map(candidate).collect()
}

fn linear() -> Box<dyn Learner> {
    find(learner::CATALOG, "learner", "linear").unwrap().build(&Settings::new()).unwrap()
}

fn run(dataset: &Dataset, candidates: &[Candidate]) -> Evaluation {
    let quota =
        |label: &str| Quota { label: label.to_owned(), have: 20, target: 420, wanted: 400, style_control: false };
    let selection = select(candidates, &[], &[quota("rare"), quota("other")]);
    let synthetic = SyntheticRows::new(candidates, &selection);
    let linear = linear();
    let inputs = EvaluationInputs {
        dataset,
        groups: None,
        held_out_name: "test.csv",
        synthetic: &synthetic,
        learners: &[("linear", &*linear)],
        design: Design::HeldOut,
        n_repeats: 1,
        seed: 7,
        arms: &crate::arm::ArmSet::default(),
        priors: &crate::arm::Priors::default(),
        goal: crate::arm::Goal::F1,
        n_resamples: 400,
    };
    evaluate(&inputs, &|_| ()).unwrap()
}

fn arm<'e>(evaluation: &'e Evaluation, name: &str) -> &'e ArmResult {
    evaluation.arms.iter().find(|a| a.name == name).unwrap()
}

#[test]
fn rows_with_new_words_of_their_label_are_to_be_used() {
    let dataset = dataset();
    let evaluation = run(&dataset, &candidates(&dataset, (0..200).map(|i| text("rare", 500 + i))));
    let verdict = &evaluation.verdict;
    assert_eq!(verdict.use_synthetic, Some(true), "{}", verdict.reason);
    assert!(
        verdict.reason.contains("The 200 synthetic rows help: average precision of `rare` is "),
        "{}",
        verdict.reason
    );
    assert!(evaluation.arms.iter().any(|arm| arm.chosen && arm.name == verdict.arm), "{}", verdict.arm);
    assert!(evaluation.arms.iter().filter(|a| a.chosen).count() == 1 && !arm(&evaluation, "auto").chosen);
}

#[test]
fn rows_with_words_of_another_label_are_set_aside() {
    let dataset = dataset();
    let evaluation = run(&dataset, &candidates(&dataset, (0..200).map(|i| text("common", 500 + i))));
    assert_eq!(evaluation.verdict.use_synthetic, Some(false), "{}", evaluation.verdict.reason);
    let verdict = &evaluation.verdict;
    let is_wrong = verdict.faults[0].kind == FaultKind::LabelsLookWrong;
    assert_eq!(verdict.advice.iter().any(|a| a.kind == AdviceKind::MakeRowsAnew), is_wrong, "{}", verdict.reason);
    let chosen = evaluation.arms.iter().find(|a| a.chosen).unwrap();
    assert!(["class_weight", "threshold"].contains(&chosen.name.as_str()), "{}", chosen.name);
    assert_eq!(arm(&evaluation, "auto").confusion, chosen.confusion);
    assert_ne!(evaluation.verdict.arm, "synthetic");
}

#[test]
fn each_label_has_its_finding_and_the_largest_is_advised_to_be_rewritten() {
    let dataset = dataset();
    let verdict = run(&dataset, &candidates(&dataset, (0..200).map(|i| text("rare", 500 + i)))).verdict;
    let [common, rare] = &verdict.labels[..] else { panic!("{:?}", verdict.labels) };
    assert_eq!((rare.label.as_str(), rare.raised, rare.support), ("rare", true, 100));
    assert_eq!(rare.finding, LabelFinding::Helped, "{}", rare.sentence);
    assert!(!common.raised && rare.p_holm >= rare.p_value && rare.rival.is_some());
    assert!(verdict.faults.is_empty(), "{:?}", verdict.faults);
    let kinds: Vec<AdviceKind> = verdict.advice.iter().map(|a| a.kind).collect();
    assert_eq!(kinds, [AdviceKind::UseSyntheticRows, AdviceKind::RewriteTheOthers]);
}

#[test]
fn copies_are_not_worth_more_than_duplication() {
    let dataset = dataset();
    let copies: Vec<String> = (0..200).map(|i| text("rare", i % 20)).collect();
    let evaluation = run(&dataset, &candidates(&dataset, copies));
    let verdict = &evaluation.verdict;
    assert_eq!(verdict.use_synthetic, Some(false), "{}", verdict.reason);
    assert!(matches!(verdict.level, Some(Level::NotNeeded | Level::TooLittleData)), "{}", verdict.reason);
    assert!(verdict.reason.contains("They are copies of the real rows: 200 of 200"), "{}", verdict.reason);
}

#[test]
fn several_raised_labels_are_judged_together() {
    let mut train = rows(0, 400, 20);
    (0..20).for_each(|i| train.push(&text("rare", 700 + i).replace("rare", "other"), "other").unwrap());
    let mut test = rows(10_000, 300, 100);
    (10_000..10_100).for_each(|i| test.push(&text("rare", i).replace("rare", "other"), "other").unwrap());
    let dataset = Dataset::with_test(train, test).unwrap();
    let mut rare = candidates(&dataset, (0..200).map(|i| text("rare", 1_500 + i)));
    for i in 0..200 {
        let text = text("rare", 2_500 + i).replace("rare", "other");
        rare.push(Candidate { id: format!("o{i}"), text, label: "other".to_owned(), ..rare[i].clone() });
    }
    let verdict = run(&dataset, &rare).verdict;
    assert_eq!(verdict.use_synthetic, Some(true), "{}", verdict.reason);
    let words = "mean average precision over the 2 labels with new rows";
    assert_eq!(verdict.judged.as_ref().map(|judged| judged.figure.words.as_str()), Some(words));
    assert!(verdict.reason.contains(words), "{}", verdict.reason);
}

#[test]
fn without_synthetic_rows_the_free_arms_are_compared() {
    let evaluation = run(&dataset(), &[]);
    let names: Vec<&str> = evaluation.arms.iter().map(|a| a.name.as_str()).collect();
    // The generator that has no language for these rows writes none, and a control needs rows to control.
    let unmade = ["offline", "offline_class_weight", "duplicate_control"];
    let all = crate::arm::CATALOG.iter().map(|entry| entry.item.name);
    let expected: Vec<&str> = all.filter(|name| !crate::arm::is_synthetic(name) && !unmade.contains(name)).collect();
    assert_eq!(names, expected);
    assert_eq!(evaluation.verdict.use_synthetic, None);
    assert_eq!(evaluation.arms.iter().filter(|a| a.chosen).count(), 1);
    assert!(
        evaluation
            .arms
            .iter()
            .all(|a| a.cv_score.is_some() == ["none", "class_weight", "threshold", "auto"].contains(&&*a.name))
    );
}

#[test]
fn candidates_that_no_check_keeps_are_not_used() {
    let dataset = dataset();
    let mut rejected = candidates(&dataset, (0..30).map(|i| text("rare", 500 + i)));
    rejected.iter_mut().for_each(|c| c.fault = Some("cut".to_owned()));
    let evaluation = run(&dataset, &rejected);
    assert_eq!(evaluation.verdict.use_synthetic, Some(false));
    assert!(evaluation.verdict.reason.starts_with("The checks kept none of the 30"), "{}", evaluation.verdict.reason);
    assert!(evaluation.arms.iter().any(|a| a.name == "synthetic_naive"));
    assert!(evaluation.arms.iter().all(|a| a.name != "synthetic" && a.name != "synthetic_mixture"));
}

#[test]
fn a_label_without_held_out_rows_has_no_figure_and_decides_nothing() {
    let dataset = Dataset::with_test(rows(0, 400, 20), rows(10_000, 50, 0)).unwrap();
    let evaluation = run(&dataset, &candidates(&dataset, (0..50).map(|i| text("rare", 500 + i))));
    let rare = &arm(&evaluation, "none").labels["rare"];
    assert_eq!((&rare.figures["recall"], &rare.figures["f1"], rare.support), (&None, &None, 0));
    let contrast = evaluation.contrasts.iter().find(|c| c.metric == "f1:rare").unwrap();
    assert_eq!((&contrast.difference, contrast.p_value), (&None, None));
    assert_eq!(evaluation.verdict.use_synthetic, Some(false));
    assert_eq!(evaluation.verdict.level, Some(Level::TooLittleData), "{}", evaluation.verdict.reason);
    assert!(evaluation.notes[0].contains("No held-out row has the label `rare`"), "{:?}", evaluation.notes);
}

#[test]
fn few_held_out_rows_of_the_raised_label_cannot_tell() {
    let dataset = Dataset::with_test(rows(0, 400, 20), rows(10_000, 300, 3)).unwrap();
    let evaluation = run(&dataset, &candidates(&dataset, (0..20).map(|i| text("rare", i % 20))));
    assert!(evaluation.verdict.reason.contains("only 3 rows of `rare` to judge by"), "{}", evaluation.verdict.reason);
    assert!(evaluation.notes.iter().any(|n| n.contains("`rare` (3)")));
}

#[test]
fn held_out_texts_among_the_rows_are_said() {
    let mut train = rows(0, 400, 20);
    train.push(&text("common", 10_000), "common").unwrap();
    let dataset = Dataset::with_test(train, rows(10_000, 300, 40)).unwrap();
    let evaluation = run(&dataset, &candidates(&dataset, (0..20).map(|i| text("rare", 10_000 + i))));
    assert_eq!(evaluation.held_out.n_also_train, 1);
    assert!(
        evaluation.notes.iter().any(|n| n.starts_with("20 of 20 rows of `synthetic` have the text of a held-out row"))
    );
}

#[test]
fn is_the_same_with_one_thread_and_with_two_and_reports_every_fit() {
    let dataset = dataset();
    let candidates = candidates(&dataset, (0..60).map(|i| text("rare", 500 + i)));
    let on = |n: usize| {
        rayon::ThreadPoolBuilder::new().num_threads(n).build().unwrap().install(|| run(&dataset, &candidates))
    };
    let json = |e: Evaluation| serde_json::to_string(&e).unwrap();
    assert_eq!(json(on(1)), json(on(2)));

    let seen = Mutex::new(Vec::new());
    let linear = linear();
    let inputs = EvaluationInputs {
        dataset: &dataset,
        groups: None,
        held_out_name: "test.csv",
        synthetic: &SyntheticRows::default(),
        learners: &[("linear", &*linear)],
        design: Design::HeldOut,
        n_repeats: 1,
        seed: 7,
        arms: &crate::arm::ArmSet::default(),
        priors: &crate::arm::Priors::default(),
        goal: crate::arm::Goal::F1,
        n_resamples: 10,
    };
    evaluate(&inputs, &|p| seen.lock().unwrap().push((p.done, p.total))).unwrap();
    let mut seen = seen.into_inner().unwrap();
    seen.sort_unstable();
    assert_eq!(seen, (1..=17).map(|done| (done, 17)).collect::<Vec<_>>());
}

/// All rows in turn, in two passes.
fn in_turn(dataset: &Dataset, candidates: &[Candidate], seen: &Mutex<Vec<(usize, usize)>>) -> Evaluation {
    let quota =
        |label: &str| Quota { label: label.to_owned(), have: 20, target: 420, wanted: 400, style_control: false };
    let selection = select(candidates, &[], &[quota("rare")]);
    let synthetic = SyntheticRows::new(candidates, &selection);
    let linear = linear();
    let inputs = EvaluationInputs {
        groups: None,
        dataset,
        held_out_name: "test.csv",
        synthetic: &synthetic,
        learners: &[("linear", &*linear)],
        design: Design::CrossValidation,
        n_repeats: 2,
        seed: 7,
        arms: &crate::arm::ArmSet::default(),
        priors: &crate::arm::Priors::default(),
        goal: crate::arm::Goal::F1,
        n_resamples: 200,
    };
    evaluate(&inputs, &|p| seen.lock().unwrap().push((p.done, p.total))).unwrap()
}

#[test]
fn draws_on_held_out_rows_average_what_chance_does_and_leave_the_rest_alone() {
    let dataset = dataset();
    let texts = candidates(&dataset, (0..40).map(|i| text("rare", 500 + i)));
    let quota = Quota { label: "rare".to_owned(), have: 20, target: 60, wanted: 40, style_control: false };
    let selection = select(&texts, &[], &[quota]);
    let synthetic = SyntheticRows::new(&texts, &selection);
    let linear = linear();
    let judge = |n_repeats: usize| {
        let inputs = EvaluationInputs {
            groups: None,
            dataset: &dataset,
            held_out_name: "test.csv",
            synthetic: &synthetic,
            learners: &[("linear", &*linear)],
            design: Design::HeldOut,
            n_repeats,
            seed: 7,
            arms: &crate::arm::ArmSet::default(),
            priors: &crate::arm::Priors::default(),
            goal: crate::arm::Goal::F1,
            n_resamples: 50,
        };
        evaluate(&inputs, &|_| {}).unwrap()
    };
    let (once, thrice) = (judge(1), judge(3));
    let f1 = |of: &Evaluation, name: &str| arm(of, name).figures["macro_f1"].as_ref().unwrap().value;
    assert!((f1(&once, "class_weight") - f1(&thrice, "class_weight")).abs() < 1e-12, "it draws nothing");
    assert_ne!(f1(&once, "under_sample"), f1(&thrice, "under_sample"));
    let method = &arm(&thrice, "none").figures["macro_f1"].as_ref().unwrap().method;
    assert!(method.starts_with("mean of 3 draws"), "{method}");
    assert_eq!(arm(&thrice, "none").confusion.n_passes, 3);
    let told = |of: &Evaluation| of.notes.iter().any(|note| note.contains("were drawn 3 times"));
    assert!(told(&thrice) && !told(&once));
}

#[test]
fn every_row_is_judged_in_turn_by_models_that_saw_neither_it_nor_its_children() {
    // Each rare row has words that no other real row has, and its children repeat them: only a child gives its source away.
    let mut train = Rows::default();
    (0..90).for_each(|i| train.push(&format!("c{i} d{i} thing{}", i % 5), "common").unwrap());
    (0..30).for_each(|i| train.push(&format!("r{i} s{i} thing{}", i % 5), "rare").unwrap());
    let dataset = Dataset::new(train).unwrap();
    let children = (0..90).map(|i| format!("s{} r{} new thing{}", i % 30, i % 30, i % 7));
    let seen = Mutex::new(Vec::new());
    let evaluation = in_turn(&dataset, &candidates(&dataset, children), &seen);
    assert_eq!((evaluation.design, evaluation.n_judged(), evaluation.held_out.n), (Design::CrossValidation, 120, 0));
    let recall = |name: &str| arm(&evaluation, name).labels["rare"].figures["recall"].as_ref().unwrap().value;
    assert!(recall("synthetic") <= recall("none") + 0.2, "{} and {}", recall("synthetic"), recall("none"));
    let n_counted = |name: &str| arm(&evaluation, name).confusion.counts.iter().flatten().sum::<u64>();
    assert_eq!((n_counted("class_weight"), arm(&evaluation, "class_weight").confusion.n_passes), (240, 2));
    assert_eq!((n_counted("smote"), arm(&evaluation, "smote").confusion.n_passes), (120, 1), "nothing rests on it");
    assert!(evaluation.notes[0].starts_with("Judged by cross-validation: all 120 real rows"), "{:?}", evaluation.notes);
    assert!(evaluation.analysis.dose.is_some() && evaluation.analysis.row_values.is_some());
    let seen = seen.into_inner().unwrap();
    let total = seen[0].1;
    assert!(seen.iter().all(|(done, of)| *of == total && *done <= total), "the total is known from the start");
}

#[test]
fn rows_in_turn_find_texts_that_help_without_a_test_file_and_with_too_small_a_one() {
    let small = Dataset::with_test(rows(0, 300, 30), rows(10_000, 60, 20)).unwrap();
    let texts = candidates(&small, (0..200).map(|i| text("rare", 500 + i)));
    let evaluation = in_turn(&small, &texts, &Mutex::new(Vec::new()));
    assert_eq!((evaluation.n_judged(), evaluation.held_out.n, evaluation.train.n), (410, 80, 330));
    assert_eq!(arm(&evaluation, "none").labels["rare"].support, 50);
    assert_eq!(evaluation.verdict.use_synthetic, Some(true), "{}", evaluation.verdict.reason);
    assert!(arm(&evaluation, "none").n_real == 410, "what is kept is fitted on all rows");
    let real: usize = evaluation.verdict.labels.iter().map(|label| label.n_real).sum();
    assert_eq!(real, evaluation.train.n, "rows of the test file are no training rows");
    assert!(evaluation.notes[1].starts_with("The 80 held-out rows are among them"), "{:?}", evaluation.notes);
}

#[test]
fn refuses_what_cannot_be_evaluated() {
    let unsplit = Dataset::new(rows(0, 10, 5)).unwrap();
    let linear = linear();
    let learners: [(&str, &dyn Learner); 1] = [("linear", &*linear)];
    let synthetic = SyntheticRows::default();
    let inputs = EvaluationInputs {
        dataset: &unsplit,
        groups: None,
        held_out_name: "",
        synthetic: &synthetic,
        learners: &learners,
        design: Design::HeldOut,
        n_repeats: 1,
        seed: 7,
        arms: &crate::arm::ArmSet::default(),
        priors: &crate::arm::Priors::default(),
        goal: crate::arm::Goal::F1,
        n_resamples: 10,
    };
    assert_eq!(evaluate(&inputs, &|_| ()), Err(EvaluationError::NothingHeldOut));
    let split = dataset();
    assert_eq!(
        evaluate(&EvaluationInputs { groups: None, dataset: &split, learners: &[], ..inputs }, &|_| ()),
        Err(EvaluationError::NoLearner)
    );
}

//! What the texts are worth beside the rivals that cost nothing.

use crate::Fault;
use crate::arms::{BOTH, DUPLICATION, EDA, Figures, NOTHING, OFFLINE, Split, WEIGHTS};
use crate::data::{Text, fifths, pooled, read};
use crate::table::{self, Goal};
use equipoise_core::data::Labels;
use equipoise_core::learner::{CATALOG, Learner};
use equipoise_core::rng::Seed;
use rand::seq::SliceRandom;
use rayon::prelude::*;
use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

/// One label cut to few rows and raised again.
struct Cut {
    label: &'static str,
    rows: usize,
    others: usize,
    target: usize,
}

const fn cut(label: &'static str, rows: usize) -> Cut {
    Cut { label, rows, others: 4_000, target: 500 }
}

/// What every table is made with.
struct Bench<'a> {
    splits: Range<usize>,
    /// Tables whose title does not hold it are not made.
    only: &'a str,
    learner: &'a dyn Learner,
}

/// Prints every table whose title holds `only`.
pub(crate) fn run(shared: &str, splits: Range<usize>, only: &str) -> Result<(), Fault> {
    let learner = CATALOG[0].build(&serde_json::Map::new())?;
    let bench = Bench { splits, only, learner: &*learner };
    let files = ["train.txt", "val.txt", "test.txt"].map(|f| format!("{shared}/emotion/{f}"));
    let emotion = pooled(&files)?;
    let f1 = |arms, least| Goal { what: "F1", figure: |f| f.f1, arms, least };
    let macro_f1 = |arms, least| Goal { what: "macro-F1", figure: |f| f.macro_f1, arms, least };
    let over_weights = || [f1((BOTH, WEIGHTS), 4.0), macro_f1((BOTH, WEIGHTS), 0.5)];
    let mut low = vec![
        (
            cut("surprise", 100),
            vec![f1((OFFLINE, NOTHING), 20.0), f1((OFFLINE, DUPLICATION), 6.0), f1((OFFLINE, EDA), 10.0)],
        ),
        (
            cut("surprise", 50),
            vec![f1((OFFLINE, NOTHING), 30.0), f1((OFFLINE, DUPLICATION), 10.0), f1((OFFLINE, EDA), 10.0)],
        ),
    ];
    for label in ["love", "fear", "anger"] {
        low.push((cut(label, 100), vec![f1((OFFLINE, DUPLICATION), 5.0)]));
    }
    for (cut, mut goals) in low {
        goals.extend(over_weights());
        emotion_table(&emotion, &cut, &goals, &bench)?;
    }
    let whole = Cut { label: "surprise", rows: 575, others: usize::MAX, target: 1_200 };
    let goals = [
        Goal { what: "recall", figure: |f| f.recall, arms: (OFFLINE, NOTHING), least: 10.0 },
        f1((OFFLINE, NOTHING), 2.0),
        Goal { what: "accuracy", figure: |f| f.accuracy, arms: (OFFLINE, NOTHING), least: -0.3 },
        f1((OFFLINE, DUPLICATION), -0.5),
    ];
    emotion_table(&emotion, &whole, &goals, &bench)?;
    for name in ["sentiment", "crowdflower", "offence-da"] {
        let goals = [
            macro_f1((OFFLINE, DUPLICATION), -0.7),
            macro_f1((OFFLINE, WEIGHTS), -0.7),
            macro_f1((OFFLINE, NOTHING), 0.0),
            macro_f1((BOTH, WEIGHTS), -0.7),
        ];
        sampled_table(shared, name, &goals, &bench)?;
    }
    Ok(())
}

fn emotion_table(all: &[Text], cut: &Cut, goals: &[Goal], bench: &Bench<'_>) -> Result<(), Fault> {
    let beside = if cut.others == usize::MAX { "all".to_owned() } else { cut.others.to_string() };
    let title = format!("emotion: {} {} → {} beside {beside} others", cut.label, cut.rows, cut.target);
    if !title.contains(bench.only) {
        return Ok(());
    }
    let labels = Labels::new(all.iter().map(|t| t.1.clone()));
    let figures = bench.splits.clone().into_par_iter().map(|split| {
        let (train, test) = fifths(all, split);
        let (mut own, mut others): (Vec<&Text>, Vec<&Text>) = train.into_iter().partition(|t| t.1 == cut.label);
        own.truncate(cut.rows);
        others.truncate(cut.others);
        let seed = Seed::new(split as u64);
        let mut train = [own, others].concat();
        train.shuffle(&mut seed.child("order").rng());
        let targets = vec![(cut.label, cut.target)];
        Split { train, test, targets, label: Some(cut.label), seed }.figures(&labels, bench.learner)
    });
    let figures: Vec<Vec<Figures>> = figures.collect::<Result<_, _>>()?;
    table::print(&title, &figures, true, Some(0.25), goals);
    Ok(())
}

/// Fresh samples of the size of the training file, every label of at least 5 rows raised to the largest, tested on the test file.
fn sampled_table(shared: &str, name: &str, goals: &[Goal], bench: &Bench<'_>) -> Result<(), Fault> {
    let [full, train, test] = ["full", "train", "test"].map(|f| read(&format!("{shared}/{name}/{f}.csv")));
    let (full, n_train, test) = (full?, train?.len(), test?);
    let title = format!("{name}: fresh samples of {n_train} rows, every label raised to the largest");
    if !title.contains(bench.only) {
        return Ok(());
    }
    let tested: HashSet<&String> = test.iter().map(|t| &t.0).collect();
    let full: Vec<&Text> = full.iter().filter(|t| !tested.contains(&t.0)).collect();
    let labels = Labels::new(full.iter().copied().chain(&test).map(|t| t.1.clone()));
    let figures = bench.splits.clone().into_par_iter().map(|split| {
        let seed = Seed::new(split as u64);
        let mut train = full.clone();
        train.shuffle(&mut seed.child(name).rng());
        train.truncate(n_train);
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        train.iter().for_each(|t| *counts.entry(&t.1).or_default() += 1);
        let largest = counts.values().copied().max().unwrap_or(0);
        let targets = counts.into_iter().filter(|(_, n)| *n >= 5).map(|(l, _)| (l, largest)).collect();
        Split { train, test: test.iter().collect(), targets, label: None, seed }.figures(&labels, bench.learner)
    });
    let figures: Vec<Vec<Figures>> = figures.collect::<Result<_, _>>()?;
    table::print(&title, &figures, false, None, goals);
    Ok(())
}

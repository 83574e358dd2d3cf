//! The sections of the protocol.

use crate::Fault;
use crate::data::{self, Cell, MadeText};
use crate::table::{Figure, Figures, mean_of, print, shown};
use crate::trial::{Trial, run, run_arms};
use equipoise_core::rng::Seed;
use rand::RngExt;
use rand::seq::SliceRandom;
use std::ops::Range;
use std::path::Path;

/// The arms that a free rival is picked from, by its mean on the test rows: in its favour.
const FREE: [&str; 4] = ["none", "class_weight", "over_sample", "smote"];
const REPEATS: u64 = 10;

/// One run on all training rows.
pub(crate) fn cells(folder: &Path, learner: &str) -> Result<(), Fault> {
    let cells = data::cells(folder)?;
    let trials: Vec<Trial> = cells.iter().map(|cell| run(cell, learner, true, 7)).collect::<Result<_, _>>()?;
    show("all rows", &cells, trials.into_iter().map(|t| vec![t]).collect());
    Ok(())
}

/// Repeats over 80 % of the parents.
pub(crate) fn repeats(folder: &Path, learner: &str) -> Result<(), Fault> {
    let cells = data::cells(folder)?;
    let of = |cell: &Cell| (0..REPEATS).map(|r| run(&cell.repeat(r), learner, true, r)).collect::<Result<Vec<_>, _>>();
    let trials = cells.iter().map(of).collect::<Result<Vec<_>, _>>()?;
    show(&format!("{REPEATS} repeats of 80 %"), &cells, trials);
    let of = |cell: &Cell| (0..REPEATS).map(|r| run(&cell.repeat(r), learner, false, r)).collect::<Result<Vec<_>, _>>();
    let trials = cells.iter().map(of).collect::<Result<Vec<_>, _>>()?;
    show("the same, sources unknown", &cells, trials);
    Ok(())
}

/// A line for each arm and a column for each cell, and `auto` against its rivals.
fn show(title: &str, cells: &[Cell], trials: Vec<Vec<Trial>>) {
    let mut columns: Vec<String> = cells.iter().map(|c| c.name.clone()).collect();
    columns.push("mean".to_owned());
    for (name, which) in [("macro-F1", Figure::MacroF1), ("accuracy", Figure::Accuracy)] {
        let figures: Vec<Figures> = trials.iter().map(|t| Figures::new(t, which)).collect();
        let value = |arm: usize, cell: usize| match figures.get(cell) {
            Some(of) => of.mean[arm],
            None => figures.iter().map(|f| f.mean[arm]).sum::<f64>() / figures.len() as f64,
        };
        print(&format!("{name}, {title}"), &columns, &figures[0].arms, value);
        if which != Figure::MacroF1 {
            continue;
        }
        for arm in ["auto", "synthetic_mixture", "synthetic_weighted"] {
            for against in ["best free", "class_weight", "threshold", "synthetic_naive"] {
                let of = |f: &Figures| {
                    let rival = if against == "best free" { f.best(&FREE) } else { f.at(against) };
                    f.difference(f.at(arm), rival)
                };
                let all: Vec<_> = figures.iter().map(of).collect();
                let (mean, drawn) = mean_of(&all);
                let each: Vec<String> = all.iter().map(|(d, drawn)| shown(*d, drawn)).collect();
                println!("{arm} − {against}: {}; {}", shown(mean, &drawn), each.join(", "));
            }
        }
    }
    for (cell, trials) in cells.iter().zip(&trials) {
        let taken: Vec<&str> = trials.iter().filter_map(|t| t.taken.as_ref()).map(|t| t.0).collect();
        println!("{}: auto took {}", cell.name, taken.join(" "));
    }
}

/// What is done to synthetic rows.
pub(crate) const KINDS: [&str; 7] =
    ["as recorded", "30 % random", "60 % random", "100 % random", "shifted", "copies", "near copies"];

/// Arms that the stress is about.
const STRESS_ARMS: [&str; 10] = [
    "none",
    "class_weight",
    "threshold",
    "over_sample",
    "smote",
    "synthetic_naive",
    "synthetic_weighted",
    "synthetic_weighted_threshold",
    "synthetic_mixture",
    "auto",
];
/// Repeats of the stress: what `auto` asks of rows that their sources contradict was chosen on 0 to 4.
const STRESSED: Range<u64> = 5..15;

/// Corrupted synthetic rows.
pub(crate) fn stress(folder: &Path, learner: &str) -> Result<(), Fault> {
    let cells = data::cells(folder)?;
    println!(
        "stress: points of macro-F1 against the best free arm of each cell; mean, runs more than 2 points below, what auto took"
    );
    for kind in KINDS {
        let mut lines: Vec<(&str, Vec<f64>)> =
            ["synthetic_naive", "synthetic_weighted", "synthetic_weighted_threshold", "synthetic_mixture", "auto"]
                .map(|a| (a, vec![]))
                .into();
        let mut taken = Vec::new();
        for cell in &cells {
            let trial =
                |r| run_arms(&corrupt(cell.repeat(r), kind, r), learner, true, r, &|arm| STRESS_ARMS.contains(&arm));
            let trials = STRESSED.map(trial).collect::<Result<Vec<_>, _>>()?;
            let figures = Figures::new(&trials, Figure::MacroF1);
            let rival = figures.best(&FREE);
            for (arm, values) in &mut lines {
                let at = figures.at(arm);
                values.extend(figures.each.iter().map(|e| e[at] - e[rival]));
            }
            taken.extend(trials.iter().filter_map(|t| t.taken.as_ref()).map(|t| t.0));
        }
        print!("{kind:<14}");
        for (arm, values) in &lines {
            let mean = values.iter().sum::<f64>() / values.len() as f64;
            let below = values.iter().filter(|v| **v < -0.02).count();
            print!(" {arm} {:+.1} ({below}/{})", 100.0 * mean, values.len());
        }
        let with = taken.iter().filter(|t| t.starts_with("synthetic")).count();
        println!("  auto took the rows {with}/{}", taken.len());
    }
    Ok(())
}

pub(crate) fn corrupt(mut cell: Cell, kind: &str, repeat: u64) -> Cell {
    let names = cell.labels.names().to_vec();
    let mut rng = Seed::new(repeat).child(kind).rng();
    let share = match kind {
        "30 % random" => 0.3,
        "60 % random" => 0.6,
        "100 % random" => 1.0,
        _ => 0.0,
    };
    for made in &mut cell.made {
        if rng.random::<f64>() < share {
            made.label = names[rng.random_range(0..names.len())].clone();
        }
        if kind == "shifted" {
            let at = names.iter().position(|n| *n == made.label).unwrap_or(0);
            made.label = names[(at + 1) % names.len()].clone();
        }
        if kind == "copies" {
            made.text = cell.train[made.parent].0.clone();
        }
        if kind == "near copies" {
            made.text = nearly(&cell.train[made.parent].0, &mut rng);
        }
    }
    cell
}

/// The text with a word dropped and one doubled.
fn nearly(text: &str, rng: &mut impl RngExt) -> String {
    let mut words: Vec<&str> = text.split_whitespace().collect();
    if words.len() > 1 {
        words.remove(rng.random_range(0..words.len()));
    }
    if !words.is_empty() {
        let at = rng.random_range(0..words.len());
        words.insert(at, words[at]);
    }
    words.join(" ")
}

/// Arms that the cut is about; the others cost time there.
const CUT_ARMS: [&str; 12] = [
    "none",
    "class_weight",
    "threshold",
    "duplicate_control",
    "synthetic_naive",
    "synthetic",
    "synthetic_weighted",
    "synthetic_weighted_threshold",
    "synthetic_adapted",
    "synthetic_adapted_threshold",
    "synthetic_mixture",
    "auto",
];
/// Samples of the cut: the rule of `auto` was chosen on 0 to 2, so they begin after these.
const FRESH: u64 = 3;

/// One label of the emotion set cut to few rows, all other rows kept.
///
/// `only` is `ROWS/STYLE/REPEATS` where one table is wanted.
pub(crate) fn cut(folder: &Path, learner: &str, only: Option<&str>) -> Result<(), Fault> {
    let only: Option<Vec<&str>> = only.map(|o| o.split('/').collect());
    let (train, test) = data::emotion(folder)?;
    let mut made: Vec<Vec<MadeText>> = Vec::new();
    for style in ["paraphrase", "same-topic", "new-situation"] {
        let path = folder.join("emotion").join(format!("surprise-{style}.cassette.jsonl"));
        made.push(data::cassette(&path, &train)?);
    }
    made.push(made.concat());
    for (n, repeats) in [(50, REPEATS), (100, REPEATS), (572, 1)] {
        for (made, name) in made.iter().zip(["paraphrase", "same topic", "new situation", "all three"]) {
            let mut repeats = repeats;
            if let Some([rows, style, times]) = only.as_deref() {
                if rows.parse() != Ok(n) || *style != name {
                    continue;
                }
                repeats = times.parse()?;
            }
            let cell = Cell::new(name, train.clone(), test.clone(), made.clone());
            let label = cell.labels.id("surprise").ok_or("no row of surprise")?;
            let trial =
                |r| run_arms(&cut_to(&cell, "surprise", n, r), learner, true, r, &|arm| CUT_ARMS.contains(&arm));
            let trials = (FRESH..FRESH + repeats).map(trial).collect::<Result<Vec<_>, _>>()?;
            let figures = [Figure::F1(label), Figure::MacroF1, Figure::Accuracy].map(|f| Figures::new(&trials, f));
            let columns = ["F1", "macro-F1", "accuracy"].map(str::to_owned);
            print(&format!("surprise {n}, {name}"), &columns, &figures[0].arms, |arm, f| figures[f].mean[arm]);
            let f1 = &figures[0];
            for against in ["duplicate_control", "class_weight", "threshold"] {
                let (d, drawn) = f1.difference(f1.at("auto"), f1.at(against));
                print!("auto − {against}: {}  ", shown(d, &drawn));
            }
            println!();
            let taken: Vec<&str> = trials.iter().filter_map(|t| t.taken.as_ref()).map(|t| t.0).collect();
            println!("auto took {}", taken.join(" "));
        }
    }
    Ok(())
}

fn cut_to(cell: &Cell, label: &str, n: usize, repeat: u64) -> Cell {
    let (mut own, mut kept): (Vec<usize>, Vec<usize>) =
        (0..cell.train.len()).partition(|at| cell.train[*at].1 == label);
    own.shuffle(&mut Seed::new(repeat).child("cut").rng());
    own.truncate(n);
    kept.extend(own);
    kept.sort_unstable();
    cell.with(&kept)
}

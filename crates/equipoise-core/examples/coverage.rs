//! Prints how often intervals hold a known effect and how often "helped" is said without one, over simulated sets of predictions.
//!
//! `cargo run --release -p equipoise-core --example coverage -- SETS RESAMPLES`
//!
//! Three labels, the rarest with the named support. Each row's label is predicted by chances of its own; the arm repeats the prediction
//! of `none` on a share of the rows (the overlap) and draws anew on the rest. The true difference is that of the expected counts.
#![allow(clippy::print_stdout, clippy::disallowed_methods, reason = "an example reads its arguments and prints")]

use equipoise_core::data::LabelId;
use equipoise_core::metric::Confusion;
use equipoise_core::rng::Seed;
use equipoise_core::stats::{Resamples, holm, interval, measure};
use rand::RngExt;
use std::error::Error;

type Chances = [[f64; 3]; 3];

/// Chances of each predicted label, a row for each true one: a label that is half found, seldom found, mostly found.
const HALF: Chances = [[0.45, 0.25, 0.30], [0.03, 0.77, 0.20], [0.02, 0.08, 0.90]];
const BETTER: Chances = [[0.70, 0.15, 0.15], [0.05, 0.75, 0.20], [0.04, 0.08, 0.88]];
const SELDOM: Chances = [[0.10, 0.40, 0.50], [0.004, 0.80, 0.196], [0.002, 0.098, 0.90]];
const MOSTLY: Chances = [[0.93, 0.03, 0.04], [0.003, 0.95, 0.047], [0.002, 0.048, 0.95]];
const CASES: [(&str, Chances, Chances); 5] = [
    ("half found, no effect", HALF, HALF),
    ("seldom found, no effect", SELDOM, SELDOM),
    ("mostly found, no effect", MOSTLY, MOSTLY),
    ("half found, helped", HALF, BETTER),
    ("seldom found, helped", SELDOM, HALF),
];
const SUPPORTS: [[usize; 3]; 3] = [[30, 300, 600], [66, 600, 1200], [200, 600, 1200]];
const OVERLAPS: [f64; 2] = [0.8, 0.3];

#[derive(Default)]
struct Tally {
    n: u32,
    percentile: u32,
    normal: u32,
    helped: u32,
    any_helped: u32,
}

fn main() -> Result<(), Box<dyn Error>> {
    let numbers: Vec<usize> = std::env::args().skip(1).map(|n| n.parse()).collect::<Result<_, _>>()?;
    let [n_sets, n_resamples] = numbers[..] else { return Err("SETS RESAMPLES".into()) };
    println!(
        "{:<26} {:>7} {:>7} {:>7}  {:>10} {:>7} {:>7} {:>10}",
        "F1 of the rarest label", "support", "overlap", "effect", "percentile", "normal", "helped", "any helped"
    );
    let mut all = Tally::default();
    let mut without = Tally::default();
    for case in CASES {
        let name = case.0;
        for support in SUPPORTS {
            for overlap in OVERLAPS {
                let (effect, tally) = cell(case, support, overlap, n_sets, n_resamples);
                let percent = |n: u32, of: &Tally| 100.0 * f64::from(n) / f64::from(of.n);
                println!(
                    "{name:<26} {:>7} {overlap:>7} {effect:>+7.3}  {:>10.1} {:>7.1} {:>7.1} {:>10.1}",
                    support[0],
                    percent(tally.percentile, &tally),
                    percent(tally.normal, &tally),
                    percent(tally.helped, &tally),
                    percent(tally.any_helped, &tally)
                );
                for sum in [Some(&mut all), (effect.abs() < 1e-9).then_some(&mut without)].into_iter().flatten() {
                    sum.n += tally.n;
                    sum.percentile += tally.percentile;
                    sum.normal += tally.normal;
                    sum.helped += tally.helped;
                    sum.any_helped += tally.any_helped;
                }
            }
        }
    }
    let percent = |n: u32, of: &Tally| 100.0 * f64::from(n) / f64::from(of.n);
    println!("all: percentile {:.1}, normal {:.1}", percent(all.percentile, &all), percent(all.normal, &all));
    println!(
        "without an effect: helped {:.1} of the rarest label, {:.1} of any",
        percent(without.helped, &without),
        percent(without.any_helped, &without)
    );
    Ok(())
}

fn cell(
    (name, before, after): (&str, Chances, Chances),
    support: [usize; 3],
    overlap: f64,
    n_sets: usize,
    n_resamples: usize,
) -> (f64, Tally) {
    let mixed: Chances =
        std::array::from_fn(|t| std::array::from_fn(|p| overlap * before[t][p] + (1.0 - overlap) * after[t][p]));
    let effect = expected(&mixed, support) - expected(&before, support);
    let mut tally = Tally::default();
    for set in 0..n_sets {
        let seed = Seed::new(5).child(&format!("{name}/{}/{overlap}/{set}", support[0]));
        let mut rng = seed.rng();
        let truth: Vec<LabelId> =
            (0..3_u16).flat_map(|l| std::iter::repeat_n(LabelId(l), support[usize::from(l)])).collect();
        let none: Vec<LabelId> = truth.iter().map(|t| draw(&before[t.index()], rng.random())).collect();
        let again = |(t, p): (&LabelId, &LabelId)| {
            if rng.random::<f64>() < overlap { *p } else { draw(&after[t.index()], rng.random()) }
        };
        let arm: Vec<LabelId> = truth.iter().zip(&none).map(again).collect();
        let resamples = Resamples::new(truth.iter().map(|l| l.index()), n_resamples, seed.child("bootstrap"));
        let drawn = resamples.confusions(&truth, &[&arm, &none], 3, differences);
        let count = |p: &[LabelId]| Confusion::new(3, truth.iter().copied().zip(p.iter().copied()));
        let point = differences(&[count(&arm), count(&none)]);
        let measured: Vec<_> = (0..3)
            .map(|l| {
                let samples: Vec<f64> = drawn.iter().map(|d| d[l]).collect();
                measure(point[l], &samples, (support[l], 1.0 / support[l] as f64), support[l], "")
            })
            .collect();
        let adjusted = holm(&measured.iter().map(|m| Some(m.as_ref()?.p_value)).collect::<Vec<_>>());
        let helped = |l: usize| adjusted[l].is_some_and(|p| p < 0.05) && point[l] > 0.0;
        let mut samples: Vec<f64> = drawn.iter().map(|d| d[0]).collect();
        let holds = |low: f64, high: f64| u32::from(low <= effect && effect <= high);
        tally.n += 1;
        tally.percentile += interval(point[0], &mut samples, 1, "").map_or(0, |e| holds(e.low, e.high));
        tally.normal += measured[0].as_ref().map_or(0, |m| holds(m.estimate.low, m.estimate.high));
        tally.helped += u32::from(helped(0));
        tally.any_helped += u32::from((0..3).any(helped));
    }
    (effect, tally)
}

fn draw(chances: &[f64; 3], u: f64) -> LabelId {
    LabelId(u16::from(u >= chances[0]) + u16::from(u >= chances[0] + chances[1]))
}

/// F1 of the first label by the expected counts.
fn expected(chances: &Chances, support: [usize; 3]) -> f64 {
    let n = support.map(|n| n as f64);
    let predicted: f64 = (0..3).map(|t| n[t] * chances[t][0]).sum();
    2.0 * n[0] * chances[0][0] / (n[0] + predicted)
}

fn differences(of: &[Confusion]) -> [f64; 3] {
    std::array::from_fn(|l| {
        let [arm, none] = [0, 1].map(|which: usize| {
            let t = of[which].tally(LabelId(l as u16));
            2.0 * t.right as f64 / (t.support + t.predicted) as f64
        });
        arm - none
    })
}

//! What is wrong with the synthetic rows themselves, by the training rows alone.

use super::near_copies::NearCopies;
use super::verdict::{Fault, FaultKind};
use super::words::synthetic_rows;
use crate::arm::{Folds, Pool};
use crate::data::LabelId;
use crate::learner::{Learner, Problem, most_probable};
use crate::rng::Seed;
use crate::text::{comparison_key, hash64, signed};
use rayon::prelude::*;
use std::collections::HashSet;

/// From this share on, copies are the rule and not an accident.
const COPIES: f64 = 0.5;
/// From this share on, labels that no source has are no accident either.
const OTHER_LABELS: f64 = 0.1;
/// Labels look wrong where a model agrees with them less than this share as well as with those of real rows, chance taken off.
const AGREEMENT: f64 = 0.5;
const N_FOLDS: usize = 5;

/// The faults of the unchecked synthetic rows of `pool`; empty where nothing is wrong or nothing can be said.
///
/// Where the sources do not tell, `learner` is fitted on the real rows alone, fold by fold, and its agreement with the labels of the
/// synthetic rows set against that with the labels of real rows, both without what chance gives.
pub fn faults(pool: &Pool<'_>, learner: &dyn Learner, seed: Seed) -> Vec<Fault> {
    let found = [copies(pool), labels_of_other_sources(pool)];
    let mut faults: Vec<Fault> = found.into_iter().flatten().collect();
    // Five fits are saved where the sources have said it already.
    if !faults.iter().any(|f| f.kind == FaultKind::LabelsOfOtherSources) {
        faults.extend(labels_look_wrong(pool, learner, seed));
    }
    faults
}

fn copies(pool: &Pool<'_>) -> Option<Fault> {
    if pool.naive.is_empty() {
        return None;
    }
    let key = |text: &str| hash64(comparison_key(text).as_bytes());
    let mut seen: HashSet<u64> = pool.real.iter().map(|e| key(e.text)).collect();
    let (same, others): (Vec<_>, Vec<_>) = pool.naive.iter().partition(|e| !seen.insert(key(e.text)));
    let real = NearCopies::of(pool.real.iter().map(|e| e.text));
    let (n_same, n_near) = (same.len(), others.par_iter().filter(|e| real.has(e.text)).count());
    let (n_faulty, n) = (n_same + n_near, pool.naive.len());
    let near =
        |n: usize| format!("{n} {} from a real row by two words or fewer", if n == 1 { "differs" } else { "differ" });
    let told = match (n_same, n_near) {
        (_, 0) => format!("{n_same} of {} repeat a real row or each other", synthetic_rows(n)),
        (0, _) => format!("of {} {}", synthetic_rows(n), near(n_near)),
        _ => format!("{n_same} of {} repeat a real row or each other, and {}", synthetic_rows(n), near(n_near)),
    };
    let sentence = format!("They are copies of the real rows: {told}.");
    (n_faulty as f64 >= COPIES * n as f64).then_some(Fault { kind: FaultKind::Copies, n_faulty, n, sentence })
}

fn labels_of_other_sources(pool: &Pool<'_>) -> Option<Fault> {
    let (n_faulty, n) = pool.contradicted(&pool.naive);
    let sentence = format!(
        "The labels of the synthetic rows look wrong: {n_faulty} of {} with a known source carry another label than the rows that they \
         were made from.",
        synthetic_rows(n)
    );
    let kind = FaultKind::LabelsOfOtherSources;
    (n > 0 && n_faulty as f64 >= OTHER_LABELS * n as f64).then_some(Fault { kind, n_faulty, n, sentence })
}

/// Sets the labels of synthetic rows against models that learned from the other folds' real rows alone.
fn labels_look_wrong(pool: &Pool<'_>, learner: &dyn Learner, seed: Seed) -> Option<Fault> {
    if pool.naive.is_empty() {
        return None;
    }
    let (real, naive) = predicted_from_real_rows(pool, learner, seed)?;
    let n_labels = pool.n_labels;
    let mut real_hits = vec![[0_usize; 2]; n_labels];
    let mut false_alarms = vec![0_usize; n_labels];
    for (example, predicted) in pool.real.iter().zip(&real) {
        let [hits, n] = &mut real_hits[example.label.index()];
        *n += 1;
        *hits += usize::from(*predicted == example.label);
        false_alarms[predicted.index()] += usize::from(*predicted != example.label);
    }
    let mut made_hits = vec![[0_usize; 2]; n_labels];
    for (example, predicted) in pool.naive.iter().zip(&naive) {
        let [hits, n] = &mut made_hits[example.label.index()];
        *n += 1;
        *hits += usize::from(*predicted == example.label);
    }
    // Over the labels of the synthetic rows, each as often as it stands there.
    let (mut on_real, mut on_made, mut variance) = (0.0, 0.0, 0.0);
    for label in (0..n_labels).filter(|l| made_hits[*l][1] > 0) {
        let share = made_hits[label][1] as f64 / pool.naive.len() as f64;
        let rest = (pool.real.len() - real_hits[label][1]).max(1) as f64;
        let chance = false_alarms[label] as f64 / rest;
        let [real_rate, made_rate] =
            [real_hits[label], made_hits[label]].map(|[hits, n]| hits as f64 / n.max(1) as f64);
        on_real += share * (real_rate - chance);
        on_made += share * (made_rate - chance);
        // Rows made from one source are alike: they count as their source, of which there are no more than real rows.
        let n = real_hits[label][1].max(1) as f64;
        let spread = |rate: f64, n: f64| (rate * (1.0 - rate)).max(0.25 / n) / n;
        variance += share
            * share
            * (spread(made_rate, n.min(made_hits[label][1] as f64)) + AGREEMENT * AGREEMENT * spread(real_rate, n));
    }
    let gap = AGREEMENT * on_real - on_made;
    let n_faulty = pool.naive.iter().zip(&naive).filter(|(e, p)| e.label != **p).count();
    let n = pool.naive.len();
    let sentence = format!(
        "The labels of the synthetic rows look wrong, or the rows tell them by other words than real ones do: a model of the real rows \
         alone agrees with their labels {} points beyond chance, and with those of real rows {}.",
        signed(100.0 * on_made, 0),
        signed(100.0 * on_real, 0)
    );
    let kind = FaultKind::LabelsLookWrong;
    // 1.645: wrong labels are claimed in at most 5 % of the cases at the border.
    (gap > 1.645 * variance.sqrt()).then_some(Fault { kind, n_faulty, n, sentence })
}

/// The label that a model with balanced labels gives to each real and each unchecked synthetic row, which it saw neither itself nor
/// by a source; `None` where the rows cannot be folded.
fn predicted_from_real_rows(
    pool: &Pool<'_>,
    learner: &dyn Learner,
    seed: Seed,
) -> Option<(Vec<LabelId>, Vec<LabelId>)> {
    let folds = Folds::new(pool, N_FOLDS, seed)?;
    let mut fold_of = vec![0; pool.real.len()];
    (0..folds.n_folds()).for_each(|fold| folds.validated(fold).into_iter().for_each(|at| fold_of[at] = fold));
    let home = |at: usize| pool.naive[at].parents.first().map_or(at % N_FOLDS, |parent| fold_of[*parent]);
    let mut real = vec![LabelId(0); pool.real.len()];
    let mut naive = vec![LabelId(0); pool.naive.len()];
    for fold in 0..folds.n_folds() {
        let rows: Vec<_> = pool.real.iter().zip(&fold_of).filter(|(_, of)| **of != fold).map(|(e, _)| e).collect();
        if rows.is_empty() {
            continue;
        }
        let texts: Vec<&str> = rows.iter().map(|e| e.text).collect();
        let labels: Vec<LabelId> = rows.iter().map(|e| e.label).collect();
        let mut counts = vec![0.0; pool.n_labels];
        labels.iter().for_each(|l| counts[l.index()] += 1.0);
        let n_present = counts.iter().filter(|n| **n > 0.0).count() as f64;
        let weights: Vec<f64> = labels.iter().map(|l| rows.len() as f64 / (n_present * counts[l.index()])).collect();
        let vectoriser = learner.vectoriser(&texts);
        let features = vectoriser.transform(&texts);
        let problem = Problem { features: &features, labels: &labels, weights: &weights, n_labels: pool.n_labels };
        let model = learner.fit(&problem);
        let predict = |texts: &[&str]| most_probable(&model.probabilities(&vectoriser.transform(texts)), pool.n_labels);
        let own = folds.validated(fold);
        let texts: Vec<&str> = own.iter().map(|at| pool.real[*at].text).collect();
        own.iter().zip(predict(&texts)).for_each(|(at, label)| real[*at] = label);
        let made: Vec<usize> = (0..pool.naive.len()).filter(|at| home(*at) == fold).collect();
        let texts: Vec<&str> = made.iter().map(|at| pool.naive[*at].text).collect();
        made.iter().zip(predict(&texts)).for_each(|(at, label)| naive[*at] = label);
    }
    Some((real, naive))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arm::{Words, example};

    fn texts(n: usize, from: usize) -> Vec<(String, u16)> {
        (0..n)
            .map(|i| (format!("{}{} thing{} n{}", ["plain", "odd"][i % 2], i % 9, i % 5, from + i), (i % 2) as u16))
            .collect()
    }

    fn found(made: &[(String, u16)], parents: impl Fn(usize) -> Vec<usize>) -> Vec<FaultKind> {
        let real = texts(120, 0);
        let naive: Vec<_> = made.iter().enumerate().map(|(i, (t, l))| example(t, *l, &parents(i))).collect();
        let real = real.iter().map(|(t, l)| example(t, *l, &[])).collect();
        let pool = Pool { real, naive, kept: vec![], n_labels: 2, author: None };
        faults(&pool, &Words, Seed::new(1)).into_iter().map(|f| f.kind).collect()
    }

    #[test]
    fn sound_rows_have_none() {
        assert_eq!(found(&texts(120, 1_000), |i| vec![i]), []);
        assert_eq!(found(&texts(120, 1_000), |_| vec![]), []);
        assert_eq!(found(&[], |_| vec![]), []);
    }

    #[test]
    fn copies_are_named_even_where_their_source_is_not() {
        assert_eq!(found(&texts(120, 0), |_| vec![]), [FaultKind::Copies]);
    }

    #[test]
    fn texts_that_differ_from_a_real_row_by_two_words_count_as_copies_and_are_counted_apart() {
        let real = "the staff at the front desk were kind to us on both days";
        let pool = Pool {
            real: vec![example(real, 0, &[]), example("nothing of that kind was ever said in this place", 1, &[])],
            naive: vec![
                example("the staff at the front desk were nice to us on both days", 0, &[0]),
                example("staff at the front desk were kind to us on most days", 0, &[]),
                example(real, 0, &[0]),
                example("my room had a window that would not close all week", 0, &[0]),
            ],
            kept: vec![],
            n_labels: 2,
            author: None,
        };
        let fault = copies(&pool).expect("three of four are copies");
        assert_eq!((fault.kind, fault.n_faulty, fault.n), (FaultKind::Copies, 3, 4));
        let wanted = "1 of 4 synthetic rows repeat a real row or each other, and 2 differ from a real row by two words or fewer.";
        assert!(fault.sentence.ends_with(wanted), "{}", fault.sentence);
    }

    #[test]
    fn shifted_labels_are_seen_by_the_sources_and_without_them_by_a_model() {
        let shifted: Vec<_> = texts(120, 1_000).into_iter().map(|(t, l)| (t, 1 - l)).collect();
        assert_eq!(found(&shifted, |i| vec![i]), [FaultKind::LabelsOfOtherSources]);
        assert_eq!(found(&shifted, |_| vec![]), [FaultKind::LabelsLookWrong]);
    }
}

//! Settings of a learner, searched on the training rows.

use super::inputs::Progress;
use super::out_of_fold::out_of_fold;
use crate::arm::{self, Pool};
use crate::catalog::Settings;
use crate::data::TrainView;
use crate::learner::{Learner, most_probable};
use crate::metric::{Confusion, MACRO_F1};
use crate::rng::Seed;
use rayon::prelude::*;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What a search found.
pub struct Tuned {
    /// The learner with better settings; `None` where those that it has are the best.
    pub learner: Option<Box<dyn Learner>>,
    /// What was tried and found, in a sentence for the evaluation's notes.
    pub note: String,
}

/// Searches the settings of `learner`, called `name`, among its alternatives: the highest macro-F1 of `class_weight` in 5-fold
/// cross-validation over the training rows, equal texts in one fold. Of equal figures the settings that it has stand. `progress` is
/// called from any thread after each of the settings.
pub fn tune(
    name: &str,
    learner: &dyn Learner,
    train: TrainView<'_>,
    seed: u64,
    progress: &(dyn Fn(Progress<'_>) + Sync),
) -> Tuned {
    let kept = |note| Tuned { learner: None, note };
    // Without synthetic rows there is no label to be unknown.
    let Ok(pool) = Pool::new(train, &[], &[]) else { return kept(format!("`{name}` was not tuned.")) };
    // Real rows alone, so that no synthetic row has a say in what it is judged by.
    let Ok(arm) = arm::find(arm::CLASS_WEIGHT).and_then(|entry| entry.item.build(&Settings::new())) else {
        return kept(format!("`{name}` was not tuned."));
    };
    let seed = Seed::new(seed).child("tune").child(name);
    let alternatives = learner.alternatives();
    let (total, done) = (1 + alternatives.len(), AtomicUsize::new(0));
    let score = |learner: &dyn Learner| -> Option<f64> {
        let found = out_of_fold(&pool, learner, arm.as_ref(), seed);
        progress(Progress { done: done.fetch_add(1, Ordering::Relaxed) + 1, total, what: name });
        let (probabilities, truth) = found?;
        let predicted = most_probable(&probabilities, pool.n_labels);
        let confusion = Confusion::new(pool.n_labels, truth.into_iter().zip(predicted));
        MACRO_F1.build().value(&confusion, None)
    };
    let Some(usual) = score(learner) else {
        return kept(format!("`{name}` was not tuned: cross-validation over the training rows gave no figure."));
    };
    let scores: Vec<Option<f64>> = alternatives.par_iter().map(|(_, other)| score(other.as_ref())).collect();
    let tried: Vec<String> = alternatives
        .iter()
        .zip(&scores)
        .map(|((what, _), score)| score.map_or_else(|| format!("{what}: none"), |s| format!("{what}: {s:.3}")))
        .collect();
    let tried = tried.join(", ");
    let (mut best, mut highest) = (None, usual);
    for ((what, other), score) in alternatives.into_iter().zip(scores) {
        if let Some(score) = score.filter(|s| *s > highest) {
            (best, highest) = (Some((what, other)), score);
        }
    }
    let measure = "macro-F1 with class weights in 5-fold cross-validation over the training rows";
    match best {
        Some((what, learner)) => Tuned {
            learner: Some(learner),
            note: format!(
                "`{name}` was tuned to {what}: {measure} {highest:.3}, {usual:.3} with its own settings ({tried})."
            ),
        },
        None => kept(format!("`{name}` was tuned and keeps its settings: {measure} {usual:.3} ({tried}).")),
    }
}

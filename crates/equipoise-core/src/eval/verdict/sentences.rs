//! The figures that decided, from what the verdict stands on.

use super::evidence::{Evidence, FreeEvidence, TextsEvidence};
use super::ground::{FEW_REAL, Ground};
use crate::arm::NONE;
use crate::eval::words::{change, synthetic_rows, titled};
use crate::stats::{Estimate, minimum_detectable_effect, rows_to_detect};
use crate::text::thousands;

/// The figures that decided, in one or two sentences.
pub(super) fn reason(evidence: &Evidence, ground: Ground<'_>) -> String {
    let rows = synthetic_rows(evidence.n_kept);
    let figure = &evidence.figure.words;
    match ground {
        Ground::NoSyntheticRows => free(evidence),
        Ground::NothingKept => {
            format!(
                "The checks kept none of the {}, so there is nothing to use.",
                synthetic_rows(evidence.n_candidates)
            )
        }
        Ground::NothingToJudge => format!("Cannot tell: there is no row of {} to judge by.", raised(evidence)),
        Ground::FewRows(texts) if evidence.n_train < FEW_REAL => format!(
            "Cannot tell: with {} real training rows what a classifier learns is chance; {FEW_REAL} are the least. {}.",
            evidence.n_train,
            capital(&from_to(texts, figure))
        ),
        Ground::FewRows(texts) => {
            format!("Cannot tell: there are {}; with the {rows} {}.", few_of(evidence), from_to(texts, figure))
        }
        Ground::Harm(texts) => format!("They harm: with the {rows} {}.", from_to(texts, figure)),
        Ground::Proven(texts, weights) => format!("The {rows} help: {}.", above(texts, weights, figure)),
        Ground::Promising(texts, weights) => format!(
            "The {rows} may help: {}. The interval includes zero, so the gain is not proven.",
            above(texts, weights, figure)
        ),
        Ground::Equivalent(texts, free) => equivalent(texts, free, figure),
        Ground::Undecided(texts) => undecided(evidence, texts),
    }
}

/// `macro-F1 is 0.512, and 0.471 with class weights (`class_weight`); difference +0.041, 95 % interval …`.
fn above(texts: &TextsEvidence, free: &FreeEvidence, figure: &str) -> String {
    let difference =
        free.texts_over.as_ref().map_or_else(String::new, |d| format!("; difference {}", change(&d.estimate)));
    format!("{figure} is {:.3}, and {:.3} with {}{difference}", texts.level, free.level, titled(free.arm))
}

/// `macro-F1 goes from 0.471 to 0.512 (…)`.
fn from_to(texts: &TextsEvidence, figure: &str) -> String {
    let (before, after, over) = (texts.before, texts.level, &texts.over_none.estimate);
    match over.value {
        // What is not seen in three decimals is no change.
        value if value.abs() < 0.0005 => format!("{figure} remains at {after:.3} ({})", change(over)),
        value if value > 0.0 => format!("{figure} rises from {before:.3} to {after:.3} ({})", change(over)),
        _ => format!("{figure} falls from {before:.3} to {after:.3} ({})", change(over)),
    }
}

fn equivalent(texts: &TextsEvidence, free: Option<&FreeEvidence>, figure: &str) -> String {
    let (name, level, difference) = match free {
        Some(free) => (titled(free.arm), free.level, free.texts_over.as_ref()),
        None => (titled(NONE), texts.before, Some(&texts.over_none)),
    };
    let Some(Estimate { high, .. }) = difference.map(|d| &d.estimate) else { return String::new() };
    let most = match high {
        high if *high <= 0.0 => "they add nothing to it".to_owned(),
        high => format!("they add at most {high:.3} to it"),
    };
    let shown = difference.map_or_else(String::new, |d| change(&d.estimate));
    format!(
        "You do not need synthetic rows here: {figure} is {level:.3} with {name}, which costs nothing, and {:.3} with them (difference \
         {shown}): {most}.",
        texts.level
    )
}

fn undecided(evidence: &Evidence, texts: &TextsEvidence) -> String {
    let figure = &evidence.figure.words;
    // The rival that the texts are least above decides how many rows it takes.
    let nearest = evidence.rivals().into_iter().filter_map(|free| Some((free, free.texts_over.as_ref()?)));
    let nearest = nearest.min_by(|a, b| a.1.estimate.value.total_cmp(&b.1.estimate.value));
    let Some((free, difference)) = nearest else {
        return format!("Cannot tell: {}.", from_to(texts, figure));
    };
    let effect = difference.estimate.value.abs().max(super::types::RELEVANT);
    let wanted = minimum_detectable_effect(difference.standard_error)
        .and_then(|least| rows_to_detect(effect, least, evidence.n_judged))
        .filter(|n| *n > evidence.n_judged);
    let more = wanted.map_or_else(String::new, |n| {
        let (n, n_judged) = (thousands(n as u64), thousands(evidence.n_judged as u64));
        format!(" About {n} rows to judge by would show a difference of {effect:.2}; there are {n_judged}.")
    });
    let set_aside = match texts.arm == evidence.taken || !evidence.is_cross_validated() {
        true => "",
        false => " Cross-validation over the training rows set them aside.",
    };
    format!("Cannot tell: {}.{set_aside}{more}", above(texts, free, figure))
}

/// Without synthetic rows: what the selection procedure took, and what that does.
fn free(evidence: &Evidence) -> String {
    let of = |arm: &str| evidence.free.iter().find(|free| free.arm == arm);
    let figure = &evidence.figure.words;
    let why = match evidence.is_cross_validated() {
        true => format!("On the training rows alone cross-validation took {}", titled(evidence.taken)),
        false => "Nothing was cross-validated on the training rows".to_owned(),
    };
    let taken = of(evidence.taken).filter(|_| evidence.is_cross_validated());
    if let Some(difference) = taken.and_then(|free| free.over_none.as_ref()) {
        let difference = &difference.estimate;
        let tells = match difference {
            d if d.low > 0.0 => "it helps",
            d if d.high < 0.0 => "it harms",
            _ => "no effect is shown",
        };
        let shown = change(difference);
        return format!("{why}; on the judged rows {tells}: {figure} changes by {shown} against real rows only.");
    }
    let gains = evidence.free.iter().filter_map(|free| Some((free, &free.over_none.as_ref()?.estimate)));
    match gains.filter(|(_, d)| d.low > 0.0).max_by(|a, b| a.1.value.total_cmp(&b.1.value)) {
        Some((free, d)) => {
            format!("{why}; on the judged rows {} would add {} to {figure}.", titled(free.arm), change(d))
        }
        None => format!("{why}; on the judged rows no free way raises {figure} beyond noise."),
    }
}

fn few_of(evidence: &Evidence) -> String {
    let of_raised = evidence.labels.iter().filter(|label| label.is_raised);
    let n: usize = of_raised.map(|label| label.support).sum();
    format!("only {n} rows of {} to judge by", raised(evidence))
}

fn raised(evidence: &Evidence) -> String {
    let names: Vec<&str> =
        evidence.labels.iter().filter(|label| label.is_raised).map(|label| label.label.as_str()).collect();
    match names.as_slice() {
        [one] => format!("`{}`", crate::text::escape_control(one)),
        many => format!("the {} labels with new rows", many.len()),
    }
}

/// The sentence with a capital at its start.
fn capital(sentence: &str) -> String {
    let mut chars = sentence.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

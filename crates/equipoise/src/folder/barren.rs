//! Runs that end although requests were answered, since not one text is of use.

use crate::error::{Most, Stopped, lost};
use equipoise_core::check;
use equipoise_core::generator::Fault;
use equipoise_core::round::Generated;
use std::collections::BTreeMap;
use std::path::Path;

/// Why the run in `dir` is no success; `None` where a text is kept, or people alone rejected what the checks had kept (`before` is what the
/// rounds gave, `after` what people left of it).
pub(super) fn barren(before: &Generated, after: &Generated, dir: &Path) -> Option<Stopped> {
    let dir = || dir.to_owned();
    if let Some((halt, fault)) = before.halt.and_then(|halt| Some((halt, halt.fault?))) {
        return Some(Stopped::PromptFails { halt, fault, dir: dir() });
    }
    if before.rows.planned == 0 || ![before, after].iter().all(|texts| texts.selection.kept.is_empty()) {
        return None;
    }
    let n_requests = before.n_requests;
    Some(match before.candidates.len() {
        0 => Stopped::NothingCame {
            n_requests,
            complaint: before.complaint.clone(),
            most: never_came(before),
            dir: dir(),
        },
        n_texts => Stopped::NothingKept { n_texts, n_requests, most: rejected(before), dir: dir() },
    })
}

/// The commonest reason for which texts never came.
fn never_came(generated: &Generated) -> Option<Most> {
    let left_out = (Fault::Missing, generated.rows.missing);
    let faults = generated.set_aside.iter().map(|aside| (aside.reason, 1)).chain([left_out]);
    most(faults).map(|(fault, n)| Most { why: lost(fault).to_owned(), n })
}

/// The commonest reason for which the checks rejected texts.
fn rejected(generated: &Generated) -> Option<Most> {
    let counts = generated.selection.labels.iter().flat_map(|label| &label.rejected_by);
    let (name, n) = most(counts.map(|(name, n)| (name.as_str(), *n)))?;
    let words = name.split_once('/').and_then(|(check, reason)| check::reason(check, reason));
    let why = words.map_or_else(|| format!("`{name}`"), |reason| format!("it {} (`{name}`)", reason.what));
    Some(Most { why, n })
}

fn most<T: Ord>(counts: impl Iterator<Item = (T, usize)>) -> Option<(T, usize)> {
    let mut sums: BTreeMap<T, usize> = BTreeMap::new();
    counts.for_each(|(what, n)| *sums.entry(what).or_default() += n);
    sums.into_iter().filter(|(_, n)| *n > 0).max_by_key(|(_, n)| *n)
}

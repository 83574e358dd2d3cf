//! How many labels of the synthetic rows look wrong, and whether the judge that says so can be trusted.

use crate::arm::Pool;
use crate::data::{LabelId, Labels};
use crate::probation::{Bounds, Claim, ClassifierJudge, Probation, Record, Tally, accuses, probation};
use crate::rng::Seed;

/// A classifier of the real rows on probation, for each label of the unchecked synthetic rows; empty where the real rows cannot be folded.
pub(super) fn probations(pool: &Pool<'_>, labels: &Labels, seed: Seed) -> Vec<Probation> {
    let real: Vec<(&str, LabelId)> = pool.real.iter().map(|e| (e.text, e.label)).collect();
    let claims: Vec<Claim<'_>> =
        pool.naive.iter().map(|e| Claim { text: e.text, label: e.label, source: pool.source(e) }).collect();
    if claims.is_empty() {
        return vec![];
    }
    let Some(judge) = ClassifierJudge::learn(&real, pool.n_labels, seed) else { return vec![] };
    let mut tallies = vec![Tally::default(); pool.n_labels];
    for (claim, judged) in claims.iter().zip(judge.judge(&claims)) {
        let is_accused = accuses(judged.opinion, claim.label);
        tallies[claim.label.index()].add(is_accused, claim.source.map(|s| s as u64));
    }
    let of = |label: LabelId| {
        let record = Record::of(label, judge.real())?;
        probation(labels.name(label), &record, tallies[label.index()].share()?, &Bounds::default())
    };
    labels.ids().filter_map(of).collect()
}

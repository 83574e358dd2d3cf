//! The attributes of a run's texts as a plan tells them, and as they are counted at the end.

use crate::Setup;
use equipoise_core::attribute::TextAttributes;
use equipoise_core::plan::{Plan, PlannedAttributes, PlannedValue};
use equipoise_core::round::{Asking, Generated};
use equipoise_core::select::ValueCount;
use std::collections::{BTreeMap, HashSet};

/// What a plan tells of attributes; `drawn` is what the first texts of each label are to be like, in plan order. `None` where none are asked for.
pub(super) fn planned(
    setup: &Setup,
    asking: &Asking,
    drawn: &[(String, Vec<TextAttributes>)],
) -> Option<PlannedAttributes> {
    if setup.attributing.is_empty() {
        return None;
    }
    let mut values: Vec<PlannedValue> = Vec::new();
    let mut lacking: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (label, texts) in drawn {
        let of_label = asking.attributes.get(label);
        for name in setup.attributing.lacking(of_label) {
            lacking.entry(name).or_default().push(label.clone());
        }
        for value in of_label.map(|of| of.values()).unwrap_or_default() {
            let n = texts.iter().filter(|text| text.get(value.attribute).is_some_and(|own| own == value.value)).count();
            let own = value.is_own.then(|| label.clone());
            let is_same = |known: &&mut PlannedValue| {
                (known.attribute.as_str(), known.value.as_str(), &known.label) == (value.attribute, value.value, &own)
            };
            match values.iter_mut().find(is_same) {
                Some(known) => known.n += n,
                None => values.push(PlannedValue {
                    attribute: value.attribute.to_owned(),
                    value: value.value.to_owned(),
                    label: own,
                    share: value.share,
                    n,
                }),
            }
        }
    }
    values.sort_by(|a, b| (&a.attribute, &a.label).cmp(&(&b.attribute, &b.label)).then(b.share.total_cmp(&a.share)));
    let n_combinations = asking.attributes.iter().map(|(label, of)| (label.clone(), of.n_combinations)).collect();
    Some(PlannedAttributes { n_combinations, values, forbidden: setup.attributing.forbidden(), lacking })
}

/// How many texts have each planned value; empty where no attributes were asked for.
pub(super) fn counts(plan: &Plan, generated: &Generated) -> Vec<ValueCount> {
    let kept: HashSet<&str> = generated.selection.kept.iter().map(String::as_str).collect();
    let count = |planned: &PlannedValue| {
        let has = |candidate: &&equipoise_core::generator::Candidate| {
            candidate.attributes.get(&planned.attribute) == Some(&planned.value)
                && planned.label.as_ref().is_none_or(|label| *label == candidate.label)
        };
        let texts = || generated.candidates.iter().filter(has);
        ValueCount {
            attribute: planned.attribute.clone(),
            value: planned.value.clone(),
            label: planned.label.clone(),
            share: planned.share,
            n_planned: planned.n,
            n_written: texts().count(),
            n_kept: texts().filter(|candidate| kept.contains(candidate.id.as_str())).count(),
        }
    };
    plan.attributes.iter().flat_map(|attributes| &attributes.values).map(count).collect()
}

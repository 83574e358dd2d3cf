//! What checks that judge labels have in common: how often they accuse, and what that is worth.

use super::{CheckOutcome, Finding, Reason};
use crate::catalog::{Setting, Settings, SettingsError, read};
use crate::data::{LabelId, Labels};
use crate::probation::{Bounds, Permit, Probation, Record, Tally, probation};
use serde::Deserialize;

/// What a judge must show on real rows, as settings of a check.
pub(super) static SETTINGS: [Setting; 4] = [
    Setting {
        name: "most_false",
        default: "0.1",
        why: "Share (0..1) of a label's own real rows that the judge may accuse at most. At 0.03 to 0.05 it helps; at 0.5 rejecting costs \
              2 to 3 points.",
    },
    Setting {
        name: "least_found",
        default: "0.4",
        why: "Share (0..1) of real rows of other labels that the judge must accuse under the label's name at least: below, most wrong \
              rows would stay.",
    },
    Setting {
        name: "least_precision",
        default: "0.6",
        why: "Share (0..1) of the accused texts that must be wrong at least, as estimated. At 0.8 nothing is gained at 10 % of wrong \
              labels, at 30 % as much.",
    },
    Setting {
        name: "fewest_real",
        default: "50",
        why: "Real rows of the label, and of others, that the judge must be tried on at least: with fewer its rates are guesses.",
    },
];

#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct OnProbation {
    most_false: f64,
    least_found: f64,
    least_precision: f64,
    fewest_real: usize,
}

impl Default for OnProbation {
    fn default() -> Self {
        let Bounds { most_false, least_found, least_precision, fewest_real } = Bounds::default();
        OnProbation { most_false, least_found, least_precision, fewest_real }
    }
}

/// The bounds that the settings of the check called `item` say.
pub(super) fn bounds(item: &'static str, settings: &Settings) -> Result<Bounds, SettingsError> {
    let OnProbation { most_false, least_found, least_precision, fewest_real } = read(item, settings)?;
    for (name, share) in
        [("most_false", most_false), ("least_found", least_found), ("least_precision", least_precision)]
    {
        if !(0.0..=1.0).contains(&share) {
            return Err(SettingsError::BadValue { item, message: format!("{name} is a share, 0..1") });
        }
    }
    Ok(Bounds { most_false, least_found, least_precision, fewest_real })
}

pub(super) const OTHER_LABEL: Reason = Reason::new("other_label", "looks like another label")
    .with_advice("Some texts read like another label: make the label plain.");

const NOT_FLIPPED: Reason = Reason::new("not_flipped", "still reads like the label of the row that it was made from")
    .with_advice("Some texts kept the label of the text that they were made from: change what makes it so.");

/// Every reason of such a check.
pub(super) static REASONS: [Reason; 2] = [OTHER_LABEL, NOT_FLIPPED];

/// A text that was accused.
pub(super) struct Accused {
    pub(super) candidate: String,
    pub(super) label: LabelId,
    /// `None` where the judge says only that it is another one.
    pub(super) looks_like: Option<LabelId>,
    /// The label of the row that it was made from, where that is known.
    pub(super) made_from: Option<LabelId>,
    /// How sure the judge is, in its own unit, where it says so.
    pub(super) score: Option<f64>,
}

/// What a judge said of synthetic texts so far.
pub(super) struct Accusations {
    /// By label.
    pub(super) tallies: Vec<Tally>,
    /// Texts that are to be spoken of.
    pub(super) accused: Vec<Accused>,
}

impl Accusations {
    pub(super) fn new(n_labels: usize) -> Self {
        Accusations { tallies: vec![Tally::default(); n_labels], accused: Vec::new() }
    }

    /// What they are worth, for each label with texts that a judge with these records, by label, was tried on.
    pub(super) fn weighed(
        &self,
        labels: &Labels,
        records: &[Option<Record>],
        bounds: &Bounds,
    ) -> Vec<Option<Probation>> {
        let of = |label: LabelId| {
            let record = records[label.index()].as_ref()?;
            probation(labels.name(label), record, self.tallies[label.index()].share()?, bounds)
        };
        labels.ids().map(of).collect()
    }

    /// The findings on the accused texts. The score is the share of the accused texts that are wrong, as estimated; the evidence is the label
    /// that the text looks like, and the judge's own score.
    pub(super) fn findings(&self, labels: &Labels, weighed: &[Option<Probation>]) -> Vec<(String, Finding)> {
        let finding = |accused: &Accused| {
            let probation = weighed[accused.label.index()].as_ref();
            let may = probation.is_some_and(|p| p.permit == Permit::Rejects);
            let outcome = if may { CheckOutcome::Reject } else { CheckOutcome::Warn };
            let is_as_before = accused.looks_like.is_some() && accused.made_from == accused.looks_like;
            let [other, as_before] = &REASONS;
            let mut finding = Finding { outcome, ..Finding::warn(if is_as_before { as_before } else { other }) };
            finding.score = probation.and_then(|p| p.precision.as_ref()).map(|p| p.value);
            finding.evidence.extend(accused.looks_like.map(|label| labels.name(label).to_owned()));
            finding.evidence.extend(accused.score.map(|score| format!("score {score}")));
            (accused.candidate.clone(), finding)
        };
        self.accused.iter().map(finding).collect()
    }
}

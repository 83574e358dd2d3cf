//! The estimate and the rule.

use super::Record;
use super::sentence::sentence;
use crate::data::LabelId;
use crate::stats::{Estimate, Share, prevalence, wilson_share};
use serde::{Deserialize, Serialize};

/// A row that a judge has spoken of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Judged {
    /// The label that the row carries; of a real row the true one.
    pub label: LabelId,
    /// The label that the judge gives it; `None` where it gives none.
    pub opinion: Option<LabelId>,
}

/// Whether a judge of this opinion accuses a row of carrying `label` wrongly.
pub fn accuses(opinion: Option<LabelId>, label: LabelId) -> bool {
    opinion.is_some_and(|o| o != label)
}

/// What a judge must show on real rows before it may reject synthetic ones.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Bounds {
    /// Share (0..1) of a label's own real rows that it may accuse at most.
    pub most_false: f64,
    /// Share of real rows of other labels that it must find under the label's name at least.
    pub least_found: f64,
    /// Share of the accused synthetic rows that must be wrong at least, as estimated.
    pub least_precision: f64,
    /// Real rows of the label, and of other labels, that it must be tried on at least.
    pub fewest_real: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Bounds { most_false: 0.10, least_found: 0.40, least_precision: 0.60, fewest_real: 50 }
    }
}

/// Whether a judge may reject rows of a label, and if not, why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Permit {
    /// The rows that it accuses are left out.
    Rejects,
    /// It accuses none.
    AccusesNone,
    /// Too few real rows of the label to try it on.
    TooFewRows,
    /// Too few real rows of other labels to try it on.
    TooFewOthers,
    /// It accuses too many of the label's own real rows.
    AccusesRealRows,
    /// It finds too few real rows of other labels under the label's name.
    FindsTooFew,
    /// Too few of the accused rows would be wrong.
    TooFewWrong,
}

/// How a judge did on the rows of one label.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Probation {
    /// The label.
    pub label: String,
    /// Whether the judge may reject.
    pub permit: Permit,
    /// The share of the label's own real rows that it accuses: how often it is wrong about a sound row.
    pub falsely: Estimate,
    /// The share of real rows of other labels that it accuses under this label's name: how many wrong rows it finds.
    pub found: Estimate,
    /// The share of the label's synthetic rows that it accuses.
    pub accused: Estimate,
    /// The share of the label's synthetic rows whose label is wrong, as the three rates tell; `None` where the judge accuses right rows as
    /// often as wrong ones.
    pub wrong: Option<Estimate>,
    /// The share of the accused rows that are wrong, as estimated.
    pub precision: Option<Estimate>,
    /// All of it in a sentence or two.
    pub sentence: String,
}

/// What a judge's accusations of synthetic rows are worth: `record` is how it did on real rows of the label called `name`, `accused` the
/// share of the label's synthetic rows that it accuses.
///
/// With e the share of the label's own real rows that it accuses, d that of other labels' rows under its name and s that of its synthetic
/// rows, the share of wrong ones is `π = (s − e) / (d − e)`, and of those it accuses `π d / (π d + (1 − π) e)` are wrong. `None` where a
/// share rests on nothing.
///
/// # Source
/// Rogan and Gladen (1978) for the estimate; accusations after Northcutt, Jiang and Chuang, "Confident Learning" (2021).
pub fn probation(name: &str, record: &Record, accused: Share, bounds: &Bounds) -> Option<Probation> {
    let wrong = prevalence(accused, record.found, record.falsely);
    let precision = wrong.as_ref().and_then(|wrong| precision(wrong, record));
    let permit = match trial(record, bounds) {
        _ if accused.value == 0.0 => Permit::AccusesNone,
        Some(refusal) => refusal,
        None if precision.as_ref().is_none_or(|p| p.value < bounds.least_precision) => Permit::TooFewWrong,
        None => Permit::Rejects,
    };
    let (falsely, found) = (wilson_share(record.falsely)?, wilson_share(record.found)?);
    let accused = wilson_share(accused)?;
    let mut probation = Probation {
        label: name.to_owned(),
        permit,
        falsely,
        found,
        accused,
        wrong,
        precision,
        sentence: String::new(),
    };
    probation.sentence = sentence(&probation, bounds);
    Some(probation)
}

/// Why a judge may not reject rows of a label, as far as real rows tell; `None` where they do not stand against it.
pub fn trial(record: &Record, bounds: &Bounds) -> Option<Permit> {
    if record.falsely.n < bounds.fewest_real as f64 {
        Some(Permit::TooFewRows)
    } else if record.found.n < bounds.fewest_real as f64 {
        Some(Permit::TooFewOthers)
    } else if record.falsely.value > bounds.most_false {
        Some(Permit::AccusesRealRows)
    } else if record.found.value < bounds.least_found {
        Some(Permit::FindsTooFew)
    } else {
        None
    }
}

/// Of the accused rows the share that is wrong; the interval is that of the share of wrong rows carried over.
fn precision(wrong: &Estimate, record: &Record) -> Option<Estimate> {
    let of = |wrong: f64| {
        let rightly = wrong * record.found.value;
        let accused = rightly + (1.0 - wrong) * record.falsely.value;
        (accused > 0.0).then_some(rightly / accused)
    };
    Some(Estimate { value: of(wrong.value)?, low: of(wrong.low)?, high: of(wrong.high)?, ..wrong.clone() })
}

#[cfg(test)]
mod tests {
    use super::super::Tally;
    use super::*;

    const OWN: LabelId = LabelId(1);
    const OTHER: LabelId = LabelId(0);

    /// A judge that accuses every `false_nth` own real row and every `found_nth` other one, and every `accused_nth` synthetic row.
    fn probed(false_nth: u64, found_nth: u64, accused_nth: u64, n_real: u64) -> Probation {
        probed_on(false_nth, found_nth, accused_nth, (n_real, 400))
    }

    fn probed_on(false_nth: u64, found_nth: u64, accused_nth: u64, (n_real, n_others): (u64, u64)) -> Probation {
        let row = |label: LabelId, accused: bool| Judged { label, opinion: Some(if accused { OTHER } else { OWN }) };
        let mut real: Vec<Judged> = (0..n_real).map(|i: u64| row(OWN, i.is_multiple_of(false_nth))).collect();
        real.extend((0..n_others).map(|i: u64| row(OTHER, i.is_multiple_of(found_nth))));
        let mut tally = Tally::default();
        (0..300).for_each(|i: u64| tally.add(i.is_multiple_of(accused_nth), Some(i)));
        let record = Record::of(OWN, &real).unwrap();
        probation("own", &record, tally.share().unwrap(), &Bounds::default()).unwrap()
    }

    #[test]
    fn estimates_the_wrong_ones_and_lets_a_sharp_judge_reject() {
        // e = 0.05, d = 0.5, s = 0.25: a share of 0.2 / 0.45 is wrong.
        let p = probed(20, 2, 4, 200);
        assert_eq!(p.permit, Permit::Rejects, "{}", p.sentence);
        let wrong = p.wrong.unwrap();
        assert!((wrong.value - 0.2 / 0.45).abs() < 1e-9 && wrong.low > 0.3 && wrong.high < 0.6, "{wrong:?}");
        assert!((p.precision.unwrap().value - 0.4444 * 0.5 / 0.25).abs() < 1e-3);
        assert!(p.sentence.contains("44 %"), "{}", p.sentence);
    }

    #[test]
    fn holds_a_judge_back_that_shows_it_cannot_tell_and_says_why() {
        for (permit, p) in [
            (Permit::AccusesRealRows, probed(4, 1, 2, 200)),
            (Permit::FindsTooFew, probed(20, 4, 4, 200)),
            (Permit::TooFewRows, probed(20, 2, 4, 40)),
            (Permit::TooFewOthers, probed_on(20, 2, 4, (200, 40))),
            (Permit::TooFewWrong, probed(20, 2, 15, 200)),
            (Permit::AccusesRealRows, probed(2, 2, 2, 200)),
        ] {
            assert_eq!(p.permit, permit, "{}", p.sentence);
            assert!(p.sentence.contains("may not reject"), "{}", p.sentence);
        }
        assert_eq!(probed(2, 2, 2, 200).wrong, None);
    }

    #[test]
    fn has_no_record_without_real_rows_of_the_label_and_of_others() {
        let own = [Judged { label: OWN, opinion: None }];
        assert_eq!(Record::of(OWN, &own), None);
        assert_eq!(Record::of(OTHER, &own), None);
    }
}

//! `length`: texts far shorter or longer than the label's real ones.

use super::judge::each;
use super::{Check, Context, Finding, Judge, Reason};
use crate::catalog::{Entry, Setting, Settings, SettingsError, read};
use serde::Deserialize;

pub(super) static ENTRY: Entry<dyn Check> = Entry {
    name: "length",
    what: "Rejects texts outside of the 1st to 99th percentile of the label's real lengths in characters, widened by `slack`.",
    why: "A model tells one label from the others by length alone where generated texts are all longer.",
    source: "Percentiles by nearest rank, so that below 100 rows they are the shortest and the longest; below 20 rows of a label the lengths of all rows count too. From the 2nd to the 98th percentile and with a slack of 0.5, 1.3 % of human Danish rows were rejected.",
    settings: &[Setting {
        name: "slack",
        default: "1.0",
        why: "The lower bound is divided and the upper multiplied by 1 + slack (0 or more): lengths have long tails, and twice as long is where another kind of text begins.",
    }],
    make,
};

#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Length {
    slack: f64,
}

impl Default for Length {
    fn default() -> Self {
        Length { slack: 1.0 }
    }
}

fn make(settings: &Settings) -> Result<Box<dyn Check>, SettingsError> {
    let check: Length = read(ENTRY.name, settings)?;
    match check.slack >= 0.0 && check.slack.is_finite() {
        true => Ok(Box::new(check)),
        false => Err(SettingsError::BadValue { item: ENTRY.name, message: "slack is 0 or more".into() }),
    }
}

const TOO_SHORT: Reason = Reason::new("too_short", "is shorter than the label's real texts")
    .with_advice("Some texts were too short: keep to the length of the real texts.");
const TOO_LONG: Reason = Reason::new("too_long", "is longer than the label's real texts")
    .with_advice("Some texts were too long: keep to the length of the real texts.");

impl Check for Length {
    fn name(&self) -> &'static str {
        ENTRY.name
    }

    fn reasons(&self) -> &'static [Reason] {
        &[TOO_SHORT, TOO_LONG]
    }

    /// The score is the text's length in characters; the evidence names the bound that it breaks.
    fn learn<'a>(&'a self, context: &'a Context<'a>) -> Box<dyn Judge + 'a> {
        each(move |s| {
            let (low, high) = context.lengths(context.train.labels().id(&s.candidate.label));
            let low = (low as f64 / (1.0 + self.slack)).floor() as usize;
            let high = (high as f64 * (1.0 + self.slack)).ceil() as usize;
            let n = s.text().trim().chars().count();
            let finding = match n {
                n if n < low => Finding::reject(&TOO_SHORT).with_evidence(format!("at least {low}")),
                n if n > high => Finding::reject(&TOO_LONG).with_evidence(format!("at most {high}")),
                _ => return None,
            };
            Some(finding.with_score(n as f64))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{candidates, dataset, judge, reasons};
    use super::*;
    use crate::rng::Seed;

    #[test]
    fn bounds_follow_the_labels_own_rows() {
        let dataset = dataset();
        let context = Context::new(dataset.train(), None, Seed::new(1));
        let (low, high) = context.lengths(dataset.labels().id("rare"));
        let of = |n: usize| "x".repeat(n);
        let (short, fits, long) = (of(low / 2 - 1), of((low + high) / 2), of(high * 2 + 1));
        let found = judge(&Length::default(), &context, &candidates(&[&short, &fits, &long]));
        assert_eq!(reasons(&found), ["too_short", "ok", "too_long"]);
        assert_eq!(found[2].as_ref().and_then(|f| f.score), Some(long.len() as f64));
        assert!(ENTRY.build(&Settings::from_iter([("slack".to_owned(), (-1.0).into())])).is_err());
    }
}

//! `length`: texts far shorter or longer than the label's real ones.

use super::{Candidate, Check, Context, Reason, Verdict};
use crate::catalog::{Entry, Setting, Settings, SettingsError, read};
use serde::Deserialize;

pub(super) static ENTRY: Entry<dyn Check> = Entry {
    name: "length",
    what: "Rejects texts outside of the 2nd to 98th percentile of the label's real lengths in characters, widened by `slack`.",
    why: "A model tells one label from the others by length alone where generated texts are all longer.",
    source: "Percentiles by nearest rank; below 20 rows of a label the lengths of all rows count too.",
    settings: &[Setting {
        name: "slack",
        default: "0.5",
        why: "The lower bound is divided and the upper multiplied by 1 + slack (0 or more): half as long again is still the same kind of text.",
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
        Length { slack: 0.5 }
    }
}

fn make(settings: &Settings) -> Result<Box<dyn Check>, SettingsError> {
    let check: Length = read(ENTRY.name, settings)?;
    match check.slack >= 0.0 && check.slack.is_finite() {
        true => Ok(Box::new(check)),
        false => Err(SettingsError::BadValue { item: ENTRY.name, message: "slack is 0 or more".into() }),
    }
}

impl Check for Length {
    /// The score is the text's length in characters; the evidence names the bound that it breaks.
    fn judge(&self, context: &Context<'_>, candidates: &[Candidate]) -> Vec<Verdict> {
        let verdict = |c: &Candidate| {
            let (low, high) = context.lengths(context.train.labels().id(&c.label));
            let low = (low as f64 / (1.0 + self.slack)).floor() as usize;
            let high = (high as f64 * (1.0 + self.slack)).ceil() as usize;
            let n = c.text.trim().chars().count();
            let verdict = match n {
                n if n < low => Verdict::reject(c, ENTRY.name, Reason::TooShort, vec![format!("at least {low}")]),
                n if n > high => Verdict::reject(c, ENTRY.name, Reason::TooLong, vec![format!("at most {high}")]),
                _ => Verdict::pass(c, ENTRY.name),
            };
            verdict.with_score(n as f64)
        };
        candidates.iter().map(verdict).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{candidates, dataset};
    use super::*;
    use crate::rng::Seed;

    #[test]
    fn bounds_follow_the_labels_own_rows() {
        let dataset = dataset();
        let context = Context::new(dataset.train(), None, Seed::new(1));
        let (low, high) = context.lengths(dataset.labels().id("rare"));
        let of = |n: usize| "x".repeat(n);
        let (short, fits, long) = (of(low / 2), of((low + high) / 2), of(high * 2));
        let verdicts = Length::default().judge(&context, &candidates(&[&short, &fits, &long]));
        let reasons: Vec<Reason> = verdicts.iter().map(|v| v.reason).collect();
        assert_eq!(reasons, [Reason::TooShort, Reason::Ok, Reason::TooLong]);
        assert_eq!(verdicts[1].score, Some(fits.len() as f64));
        assert!(ENTRY.build(&Settings::from_iter([("slack".to_owned(), (-1.0).into())])).is_err());
    }
}

//! Targets: from what the user asks for to a quota for each label.

use super::{Balance, Quota, Target};
use crate::catalog::nearest;
use std::collections::BTreeMap;
use std::str::FromStr;

/// Which labels are to be raised, and how far.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Targets {
    /// Labels with a target of their own, by name; these win over `balance`.
    pub label_to: BTreeMap<String, Target>,
    /// The target of every other label.
    pub balance: Balance,
    /// Where not empty, only these labels are raised.
    pub only: Vec<String>,
    /// Texts to make for the largest label, as a share (0..1) of its rows, so that the generator's style does not stand for the
    /// raised labels. Leaving the largest label out was measured at 1.8 to 3.2 points of macro-F1 where synthetic rows outnumber real ones.
    pub style_control: f64,
}

/// Why targets do not fit the rows.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum TargetError {
    /// No training row has the label.
    #[error("no row has the label `{label}`{}; the labels are {}", .nearest.as_ref().map_or(String::new(), |n| format!(" (did you mean `{n}`?)")), .known.join(", "))]
    UnknownLabel {
        /// What was asked for.
        label: String,
        /// The most similar label.
        nearest: Option<String>,
        /// All labels, at most twenty.
        known: Vec<String>,
    },
    /// The label has more rows than its target.
    #[error("`{label}` has {have} rows, more than its target of {target}; rows are never removed")]
    BelowRows {
        /// The label.
        label: String,
        /// Its rows.
        have: usize,
        /// The target.
        target: usize,
    },
}

impl Targets {
    /// One quota for each label that gets texts, in order of label name.
    ///
    /// `counts` holds each label's training rows, at least one a label.
    ///
    /// # Errors
    /// [`TargetError`] where a named label has no row, or a label's own target lies below its rows.
    pub fn quotas(&self, counts: &BTreeMap<String, usize>) -> Result<Vec<Quota>, TargetError> {
        if let Some(label) = self.label_to.keys().chain(&self.only).find(|l| !counts.contains_key(*l)) {
            let known: Vec<String> = counts.keys().take(20).cloned().collect();
            let near = nearest(label, counts.keys().map(String::as_str)).map(str::to_owned);
            return Err(TargetError::UnknownLabel { label: label.clone(), nearest: near, known });
        }
        let largest = counts.values().copied().max().unwrap_or(0);
        let general = match self.balance {
            Balance::None => 0,
            Balance::ToMajority => largest,
            Balance::ToMedian => median(counts.values().copied()),
            Balance::Ratio(share) => (largest as f64 * share).round() as usize,
        };
        let mut quotas = Vec::new();
        for (label, &have) in counts {
            if !self.only.is_empty() && !self.only.contains(label) {
                continue;
            }
            let target = match self.label_to.get(label) {
                None => general.max(have),
                Some(own) => {
                    let target = match own {
                        Target::Count(n) => *n,
                        Target::Times(x) => (have as f64 * x).round() as usize,
                        Target::Max => largest,
                    };
                    if target < have {
                        return Err(TargetError::BelowRows { label: label.clone(), have, target });
                    }
                    target
                }
            };
            if target > have {
                quotas.push(Quota { label: label.clone(), have, target, wanted: target - have, style_control: false });
            }
        }
        quotas.extend(self.control(counts, &quotas));
        quotas.sort_by(|a, b| a.label.cmp(&b.label));
        Ok(quotas)
    }

    /// The quota of the largest label (of equals the first), unless it has one or nothing is raised.
    fn control(&self, counts: &BTreeMap<String, usize>, raised: &[Quota]) -> Option<Quota> {
        let (label, &have) = counts.iter().rev().max_by_key(|(_, n)| **n)?;
        let wanted = (have as f64 * self.style_control).round() as usize;
        let needed = wanted > 0 && !raised.is_empty() && raised.iter().all(|q| q.label != *label);
        needed.then(|| Quota { label: label.clone(), have, target: have + wanted, wanted, style_control: true })
    }
}

/// The middle value; of an even number of values the mean of the middle two, rounded down.
fn median(values: impl Iterator<Item = usize>) -> usize {
    let mut sorted: Vec<usize> = values.collect();
    sorted.sort_unstable();
    let half = sorted.len() / 2;
    match sorted.len() {
        0 => 0,
        n if n % 2 == 1 => sorted[half],
        _ => (sorted[half - 1] + sorted[half]) / 2,
    }
}

impl FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let bad = || format!("`{text}` is no target: give a count (1200), a multiple (2x) or `max`");
        if text == "max" {
            return Ok(Target::Max);
        }
        if let Some(times) = text.strip_suffix('x') {
            let times: f64 = times.parse().map_err(|_| bad())?;
            return if times.is_finite() && times >= 1.0 { Ok(Target::Times(times)) } else { Err(bad()) };
        }
        text.parse().map(Target::Count).map_err(|_| bad())
    }
}

impl FromStr for Balance {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "none" => Ok(Balance::None),
            "to-majority" => Ok(Balance::ToMajority),
            "to-median" => Ok(Balance::ToMedian),
            ratio => match ratio.parse::<f64>() {
                Ok(share) if share > 0.0 && share <= 1.0 => Ok(Balance::Ratio(share)),
                _ => Err(format!("`{text}` is no balance: give none, to-majority, to-median or a ratio in (0, 1]")),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts() -> BTreeMap<String, usize> {
        [("joy", 5362), ("love", 1304), ("surprise", 572)].map(|(l, n)| (l.to_owned(), n)).into()
    }

    fn wanted(targets: &Targets) -> Vec<(String, usize)> {
        targets.quotas(&counts()).expect("the targets fit").into_iter().map(|q| (q.label, q.wanted)).collect()
    }

    #[test]
    fn a_label_s_own_target_wins_over_the_balance() {
        let targets = Targets {
            label_to: [("surprise".to_owned(), Target::Count(1200))].into(),
            balance: Balance::ToMedian,
            ..Targets::default()
        };
        assert_eq!(wanted(&targets), [("surprise".to_owned(), 628)]);
        let doubled = Targets { label_to: [("love".to_owned(), Target::Times(2.0))].into(), ..Targets::default() };
        assert_eq!(wanted(&doubled), [("love".to_owned(), 1304)]);
    }

    #[test]
    fn balances_to_majority_median_and_ratio() {
        let to = |balance| wanted(&Targets { balance, ..Targets::default() });
        assert_eq!(to(Balance::ToMajority), [("love".to_owned(), 4058), ("surprise".to_owned(), 4790)]);
        assert_eq!(to(Balance::ToMedian), [("surprise".to_owned(), 732)]);
        assert_eq!(to(Balance::Ratio(0.2)), [("surprise".to_owned(), 500)]);
        assert!(to(Balance::None).is_empty());
        let only = Targets { balance: Balance::ToMajority, only: vec!["love".to_owned()], ..Targets::default() };
        assert_eq!(wanted(&only), [("love".to_owned(), 4058)]);
    }

    #[test]
    fn style_control_rewrites_a_share_of_the_largest_label_and_only_beside_raised_ones() {
        let with = |balance| Targets { balance, style_control: 0.1, ..Targets::default() };
        assert_eq!(wanted(&with(Balance::ToMedian)), [("joy".to_owned(), 536), ("surprise".to_owned(), 732)]);
        assert!(with(Balance::ToMedian).quotas(&counts()).unwrap()[0].style_control);
        assert!(wanted(&with(Balance::None)).is_empty());
    }

    #[test]
    fn an_unknown_label_is_named_with_the_nearest_one() {
        let targets = Targets { label_to: [("suprise".to_owned(), Target::Max)].into(), ..Targets::default() };
        let message = targets.quotas(&counts()).expect_err("no such label").to_string();
        assert!(message.contains("`suprise`") && message.contains("did you mean `surprise`"), "{message}");
        let less = Targets { label_to: [("joy".to_owned(), Target::Count(10))].into(), ..Targets::default() };
        assert!(matches!(less.quotas(&counts()), Err(TargetError::BelowRows { have: 5362, target: 10, .. })));
    }

    #[test]
    fn parses_what_users_type_and_refuses_the_rest() {
        assert_eq!("1200".parse(), Ok(Target::Count(1200)));
        assert_eq!("2.5x".parse(), Ok(Target::Times(2.5)));
        assert_eq!("max".parse(), Ok(Target::Max));
        for bad in ["", "x", "0.5x", "-3", "NaNx", "infx", "many"] {
            assert!(bad.parse::<Target>().is_err(), "{bad}");
        }
        assert_eq!("0.5".parse(), Ok(Balance::Ratio(0.5)));
        for bad in ["0", "1.5", "NaN", "majority"] {
            assert!(bad.parse::<Balance>().is_err(), "{bad}");
        }
    }
}

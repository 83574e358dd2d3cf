//! A figure as it is shown: value, interval and n together, or a dash and the reason.

use super::number::{ABSENT, count, decimals, signed};
use crate::stats::Estimate;
use serde::Serialize;

/// An estimate in words and digits.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Figure {
    value: String,
    /// `[0.610, 0.790]`; empty where the figure is absent.
    interval: String,
    /// `n 66`; empty where the figure is absent or its n stands elsewhere in the table.
    n: String,
    /// Why there is no figure; empty where there is one.
    why: String,
    /// For differences: which way, when the interval says so.
    change: Option<Direction>,
}

/// What a difference says about the arm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Direction {
    /// The whole interval is above zero.
    Better,
    /// The whole interval is below zero.
    Worse,
    /// The interval holds zero.
    Unclear,
}

impl Direction {
    /// What a finite difference says.
    pub(super) fn of(difference: &Estimate) -> Self {
        match difference {
            d if d.low > 0.0 => Direction::Better,
            d if d.high < 0.0 => Direction::Worse,
            _ => Direction::Unclear,
        }
    }
}

impl Figure {
    /// A level, such as F1; `why` is said where it is absent.
    pub(super) fn level(estimate: Option<&Estimate>, why: &str) -> Self {
        Figure::new(estimate, why, decimals, false)
    }

    /// A difference of what is better the higher it is, with its sign and direction.
    pub(super) fn difference(estimate: Option<&Estimate>, why: &str) -> Self {
        Figure::new(estimate, why, signed, true)
    }

    /// The same of what is better the lower it is, such as a loss.
    pub(super) fn falling(mut self) -> Self {
        self.change = self.change.map(|change| match change {
            Direction::Better => Direction::Worse,
            Direction::Worse => Direction::Better,
            Direction::Unclear => Direction::Unclear,
        });
        self
    }

    fn new(estimate: Option<&Estimate>, why: &str, number: fn(f64) -> String, is_difference: bool) -> Self {
        match estimate.filter(|e| is_finite(e)) {
            None => Figure {
                value: ABSENT.to_owned(),
                interval: String::new(),
                n: String::new(),
                why: why.to_owned(),
                change: None,
            },
            Some(e) => Figure {
                value: number(e.value),
                interval: format!("[{}, {}]", number(e.low), number(e.high)),
                n: shown_n(e.n),
                why: String::new(),
                change: is_difference.then(|| Direction::of(e)),
            },
        }
    }

    /// Without its n where that is `n`, which the reader sees in the same row or column.
    pub(super) fn beside(mut self, n: Option<usize>) -> Self {
        if n.is_some_and(|n| self.n == shown_n(n)) {
            self.n.clear();
        }
        self
    }

    /// Value, interval and n in one line of text; the reason where there is none.
    pub(super) fn line(&self) -> String {
        match self.why.as_str() {
            "" if self.n.is_empty() => format!("{} {}", self.value, self.interval),
            "" => format!("{} {}, {}", self.value, self.interval, self.n),
            why => format!("{} ({why})", self.value),
        }
    }

    /// Value, interval and n for Markdown, where brackets would need a backslash; the reason where there is none.
    pub(super) fn plain(&self) -> String {
        let interval = self.interval.trim_matches(['[', ']']).replace(", ", " to ");
        match (self.why.as_str(), self.n.as_str()) {
            ("", "") => format!("{} ({interval})", self.value),
            ("", n) => format!("{} ({interval}; {n})", self.value),
            (why, _) => format!("{} ({why})", self.value),
        }
    }
}

/// `n 1,234`, on one line.
pub(super) fn shown_n(n: usize) -> String {
    format!("n\u{A0}{}", count(n))
}

/// Whether all three numbers can be drawn and compared.
pub(super) fn is_finite(e: &Estimate) -> bool {
    e.value.is_finite() && e.low.is_finite() && e.high.is_finite()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn estimate(value: f64, low: f64, high: f64) -> Estimate {
        Estimate { value, low, high, n: 1234, method: "test".to_owned() }
    }

    #[test]
    fn a_difference_has_a_direction_only_when_its_interval_leaves_zero_out() {
        assert_eq!(Direction::of(&estimate(0.02, 0.01, 0.03)), Direction::Better);
        assert_eq!(Direction::of(&estimate(-0.02, -0.03, -0.01)), Direction::Worse);
        assert_eq!(Direction::of(&estimate(0.02, 0.0, 0.04)), Direction::Unclear);
    }

    #[test]
    fn a_loss_that_falls_is_better() {
        let falls = Figure::difference(Some(&estimate(-0.02, -0.03, -0.01)), "").falling();
        assert_eq!((falls.change, &*falls.value), (Some(Direction::Better), "−0.020"));
    }

    #[test]
    fn an_absent_or_undefined_figure_is_a_dash_with_the_reason() {
        for e in [None, Some(estimate(f64::NAN, 0.0, 1.0))] {
            let figure = Figure::level(e.as_ref(), "no held-out row");
            assert_eq!(figure.line(), "– (no held-out row)");
        }
    }

    #[test]
    fn carries_its_interval_and_n() {
        assert_eq!(
            Figure::difference(Some(&estimate(0.02, -0.01, 0.05)), "").line(),
            "+0.020 [−0.010, +0.050], n\u{A0}1,234"
        );
    }
}

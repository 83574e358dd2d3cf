//! What texts can be expected to do for a label, said before any is paid for.

use serde::{Deserialize, Serialize};

/// From so large a gain of class weights on texts are likely to help: cross-validated F1, 3 points. Over 68 pairs of a label and a model
/// of seven tasks texts then gained 3.5 points over the best free way in the mean, and over one point in 70 % of them (docs/verdict.md).
const LIKELY: f64 = 0.03;

/// Whether texts help a label. It is an order and promises no points: from the training rows alone, the gain of class weights and that of
/// texts have a rank correlation of 0.35 (0.53 with a test set), and the same label's gains with two models one of 0.55.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Help {
    /// Class weights alone raise F1 by 3 points and more: the label is predicted too rarely, and can be learnt.
    Likely,
    /// They raise it by less, or leave it.
    May,
    /// They lower it.
    Unlikely,
}

impl Help {
    /// By the cross-validated F1 with class weights minus that of the rows as they are, in −1..=1.
    pub fn of_gain(gain: f64) -> Self {
        match gain {
            gain if gain >= LIKELY => Help::Likely,
            gain if gain >= 0.0 => Help::May,
            _ => Help::Unlikely,
        }
    }

    /// The answer to "do texts help?" in a word.
    pub fn word(self) -> &'static str {
        match self {
            Help::Likely => "likely",
            Help::May => "may",
            Help::Unlikely => "unlikely",
        }
    }
}

/// What the training rows alone let expect of texts for one label.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outlook {
    /// The label.
    pub label: String,
    /// Whether texts help; `None` where the label has too few rows to tell.
    pub help: Option<Help>,
    /// Cross-validated F1 with class weights minus that of the rows as they are, in −1..=1.
    pub class_weight_gain: Option<f64>,
    /// The labels that its rows are taken for, most often first.
    pub taken_for: Vec<TakenFor>,
}

/// A label that rows of another one are taken for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TakenFor {
    /// The label.
    pub label: String,
    /// The share of the other label's rows, in 0..=1, cross-validated with class weights.
    pub share: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_borders_are_three_points_and_none() {
        let of = [0.2, 0.03, 0.029, 0.0, -0.001].map(|gain| Help::of_gain(gain).word());
        assert_eq!(of, ["likely", "likely", "may", "may", "unlikely"]);
    }
}

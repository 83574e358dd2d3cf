//! Two sets of predictions of the same rows.

use crate::data::LabelId;

/// Two sets of predictions of the same rows.
#[derive(Debug, Clone, Copy)]
pub struct Pair<'a> {
    /// True labels.
    pub truth: &'a [LabelId],
    /// What each of the two predicts, in the order of `truth`.
    pub predicted: [&'a [LabelId]; 2],
}

impl Pair<'_> {
    /// Each row's true label and both predictions.
    pub(super) fn rows(&self) -> impl Iterator<Item = (LabelId, [LabelId; 2])> {
        let [a, b] = self.predicted;
        self.truth.iter().zip(a).zip(b).map(|((truth, a), b)| (*truth, [*a, *b]))
    }
}

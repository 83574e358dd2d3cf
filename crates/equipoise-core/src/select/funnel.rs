//! How texts became fewer on their way: asked for, answered, read whole, kept.

use super::Selection;
use crate::text::thousands;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The stages of the way, in order.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Funnel(pub Vec<FunnelStage>);

/// One stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FunnelStage {
    /// `asked`, `answered`, `parsed` or `kept`.
    pub stage: String,
    /// Texts that came so far.
    pub n: usize,
    /// Texts that were lost since the stage before: why, and how many, the most frequent first.
    pub lost: Vec<(String, usize)>,
}

/// How the reasons of texts begin that the parser could not read whole.
const BROKEN: [&str; 2] = ["malformed/malformed", "parse/malformed"];

impl Funnel {
    /// The way of the texts of a selection; `asked` texts were asked for, of which those in `never_came` did not come. `None` for rows from
    /// elsewhere, which nobody asked for.
    pub fn new(asked: Option<usize>, never_came: &[(String, usize)], selection: &Selection) -> Self {
        let sum = |of: fn(&super::LabelSelection) -> usize| selection.labels.iter().map(of).sum::<usize>();
        let mut lost: BTreeMap<&str, usize> = BTreeMap::new();
        for (why, n) in selection.labels.iter().flat_map(|l| &l.rejected_by) {
            *lost.entry(why).or_default() += n;
        }
        let broken: Vec<(String, usize)> =
            BROKEN.iter().filter_map(|why| Some(((*why).to_owned(), lost.remove(why)?))).collect();
        let n_answered = sum(|l| l.n_candidates);
        let n_broken: usize = broken.iter().map(|(_, n)| n).sum();
        let mut rejected: Vec<(String, usize)> = lost.into_iter().map(|(why, n)| (why.to_owned(), n)).collect();
        rejected.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
        let surplus = sum(|l| l.n_surplus);
        rejected.extend((surplus > 0).then(|| ("surplus".to_owned(), surplus)));
        let stage = |stage: &str, n, lost| FunnelStage { stage: stage.to_owned(), n, lost };
        let mut stages: Vec<FunnelStage> = asked.map(|n| stage("asked", n, Vec::new())).into_iter().collect();
        stages.push(stage("answered", n_answered, never_came.to_vec()));
        stages.push(stage("parsed", n_answered - n_broken, broken));
        stages.push(stage("kept", sum(|l| l.n_kept), rejected));
        Funnel(stages)
    }

    /// The stages in one line.
    pub fn line(&self) -> String {
        self.0.iter().map(|s| format!("{} {}", thousands(s.n as u64), s.stage)).collect::<Vec<_>>().join(" → ")
    }
}

#[cfg(test)]
mod tests {
    use super::super::LabelSelection;
    use super::*;

    #[test]
    fn says_where_texts_were_lost() {
        let label = |rejected_by: &[(&str, usize)], n_kept: usize, n_surplus: usize| {
            let n_rejected = rejected_by.iter().map(|(_, n)| n).sum();
            LabelSelection {
                label: "joy".to_owned(),
                wanted: 10,
                n_candidates: n_kept + n_surplus + n_rejected,
                n_kept,
                n_surplus,
                n_rejected,
                shortfall: 10 - n_kept,
                rejected_by: rejected_by.iter().map(|(why, n)| ((*why).to_owned(), *n)).collect(),
            }
        };
        let labels =
            vec![label(&[("malformed/malformed", 2), ("copy/copy_of_row", 1)], 6, 1), label(&[("talk/talk", 3)], 5, 0)];
        let selection = Selection { schema: 1, kept: Vec::new(), surplus: Vec::new(), labels };
        let funnel = Funnel::new(Some(22), &[("declined".to_owned(), 4)], &selection);
        assert_eq!(funnel.line(), "22 asked → 18 answered → 16 parsed → 11 kept");
        assert_eq!(funnel.0[2].lost, [("malformed/malformed".to_owned(), 2)]);
        let wanted = [("talk/talk", 3), ("copy/copy_of_row", 1), ("surplus", 1)].map(|(why, n)| (why.to_owned(), n));
        assert_eq!(funnel.0[3].lost, wanted);
        assert_eq!(Funnel::new(None, &[], &selection).line(), "18 answered → 16 parsed → 11 kept");
    }
}

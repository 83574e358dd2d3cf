//! How well a label's rows are ranked above the others.

use super::probability::OverProbabilities;
use super::{Direction, MetricEntry, Prepared, ProbabilityMetric, Scope, Scored};
use crate::catalog::Entry;
use crate::data::LabelId;

pub(super) static ENTRY: MetricEntry = MetricEntry {
    item: Entry {
        name: "average_precision",
        what: "Precision averaged over the recall steps of the ranking by a label's probability.",
        why: "Stands beside F1: it does not depend on where the line is drawn, so it tells a better ranking from a moved decision.",
        source: "Step-wise sum over distinct scores, without interpolation (Davis and Goadrich, The relationship between precision-recall and ROC curves, 2006; scikit-learn's form).",
        settings: &[],
        make: |_| Ok(Box::new(OverProbabilities(AveragePrecision))),
    },
    title: "average precision",
    direction: Direction::Higher,
    scope: Scope::EachLabel,
    range: [0.0, 1.0],
    is_headline: false,
    undefined: "not measured",
};

struct AveragePrecision;

impl ProbabilityMetric for AveragePrecision {
    fn ready(&self, scored: &Scored<'_>, label: Option<LabelId>) -> Option<Prepared> {
        let label = label?;
        let mut ranked: Vec<(f64, u32, bool)> =
            scored.rows().zip(0..).map(|((truth, row), at)| (row[label.index()], at, truth == label)).collect();
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        // Rows of equal score share a step: which of them comes first is nobody's merit.
        let last = |at: usize| ranked.get(at + 1).is_none_or(|next| next.0 < ranked[at].0);
        let steps: Vec<(u32, bool, bool)> =
            ranked.iter().enumerate().map(|(at, (_, row, has))| (*row, *has, last(at))).collect();
        Some(Box::new(move |times| {
            let (mut right, mut seen, mut counted, mut sum) = (0_u64, 0_u64, 0_u64, 0.0);
            for (row, has, last) in &steps {
                let n = u64::from(times[*row as usize]);
                seen += n;
                right += if *has { n } else { 0 };
                if *last && right > counted {
                    sum += (right - counted) as f64 * (right as f64 / seen as f64);
                    counted = right;
                }
            }
            (right > 0).then(|| sum / right as f64)
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(scores: &[f64], truth: &[u16]) -> Option<f64> {
        let truth: Vec<LabelId> = truth.iter().copied().map(LabelId).collect();
        let probabilities: Vec<f64> = scores.iter().flat_map(|s| [1.0 - s, *s]).collect();
        let scored = Scored { truth: &truth, probabilities: &probabilities, n_labels: 2 };
        AveragePrecision.value(&scored, Some(LabelId(1)))
    }

    #[test]
    fn averages_precision_over_the_rows_found() {
        let got = value(&[0.1, 0.4, 0.35, 0.8], &[0, 0, 1, 1]).unwrap();
        assert!((got - 5.0 / 6.0).abs() < 1e-15, "{got}");
    }

    #[test]
    fn equal_scores_earn_the_share_of_the_label_in_any_order() {
        assert_eq!(value(&[0.5; 4], &[1, 0, 0, 0]), Some(0.25));
        assert_eq!(value(&[0.5; 4], &[0, 0, 0, 1]), Some(0.25));
    }
}

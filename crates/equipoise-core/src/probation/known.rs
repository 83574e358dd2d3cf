//! The real rows that a judge is asked about before any synthetic text.

use super::{Opinion, Record};
use crate::data::{LabelId, TrainView};
use crate::rng::Seed;
use rand::seq::SliceRandom;
use std::collections::{BTreeSet, HashSet};

/// The real rows on which a judge is tried for one label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownRows {
    /// The label.
    pub label: LabelId,
    /// Positions among the training rows of rows of the label.
    pub own: Vec<usize>,
    /// Positions of rows of other labels, as often as they come among the rows.
    pub others: Vec<usize>,
}

impl KnownRows {
    /// For each of `labels` up to `n` training rows of different texts that have it and as many that do not. All labels take from one
    /// order of the rows, drawn with `seed`, so that they share the rows of others as far as may be.
    pub fn draw(train: TrainView<'_>, labels: &BTreeSet<LabelId>, n: usize, seed: Seed) -> Vec<Self> {
        let mut seen = HashSet::new();
        let mut order: Vec<usize> = (0..train.len()).filter(|at| seen.insert(train.get(*at).text)).collect();
        order.shuffle(&mut seed.rng());
        let first = |wanted: &dyn Fn(LabelId) -> bool| -> Vec<usize> {
            order.iter().copied().filter(|at| wanted(train.get(*at).label)).take(n).collect()
        };
        let of = |label: &LabelId| KnownRows {
            label: *label,
            own: first(&|of| of == *label),
            others: first(&|of| of != *label),
        };
        labels.iter().map(of).collect()
    }

    /// How a judge did on them, by what it says of the row at a position; `None` where it says nothing of either kind.
    pub fn record(&self, opinion: impl Fn(usize) -> Option<Opinion>) -> Option<Record> {
        let accused = |rows: &[usize]| -> Vec<bool> {
            rows.iter().filter_map(|at| Some(opinion(*at)?.accuses(self.label))).collect()
        };
        Record::of_accusations(&accused(&self.own), &accused(&self.others))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Dataset, Rows};

    fn dataset() -> Dataset {
        let mut rows = Rows::default();
        for i in 0..400 {
            let label = ["common", "often", "often", "rare"][(i % 13).min(3)];
            rows.push(&format!("row {} of {label}", i / 2), label).expect("few labels");
        }
        Dataset::new(rows).expect("three labels")
    }

    #[test]
    fn each_label_has_rows_of_its_own_and_of_others_drawn_by_the_seed_alone() {
        let dataset = dataset();
        let train = dataset.train();
        let labels: BTreeSet<LabelId> = train.labels().ids().collect();
        let drawn = KnownRows::draw(train, &labels, 50, Seed::new(7).child("judge"));
        assert_eq!(drawn, KnownRows::draw(train, &labels, 50, Seed::new(7).child("judge")));
        assert_ne!(drawn, KnownRows::draw(train, &labels, 50, Seed::new(8).child("judge")));
        for of in &drawn {
            assert!(of.own.len() <= 50 && of.others.len() == 50);
            assert!(of.own.iter().all(|at| train.get(*at).label == of.label));
            assert!(of.others.iter().all(|at| train.get(*at).label != of.label));
            let texts: BTreeSet<&str> = of.own.iter().map(|at| train.get(*at).text).collect();
            assert_eq!(texts.len(), of.own.len(), "no text twice");
        }
    }

    #[test]
    fn what_a_judge_does_not_answer_counts_neither_way() {
        let rows = KnownRows { label: LabelId(0), own: vec![0, 1, 2, 3], others: vec![4, 5] };
        let record = rows
            .record(|at| match at {
                0 => Some(Opinion::NotClaimed),
                1 => None,
                2 => Some(Opinion::Unsure),
                3 => Some(Opinion::Label(LabelId(0))),
                _ => Some(Opinion::Label(LabelId(1))),
            })
            .expect("both kinds");
        assert_eq!((record.falsely.n, record.found.n, record.found.value), (3.0, 2.0, 1.0));
        assert!((record.falsely.value - 1.0 / 3.0).abs() < 1e-12);
        assert_eq!(rows.record(|at| (at > 3).then_some(Opinion::Unsure)), None);
    }
}

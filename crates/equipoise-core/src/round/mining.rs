//! Which rows without a label a model is asked about, and what it is shown of the labels.

use crate::data::{LabelId, TrainView};
use crate::generator::Unlabelled;
use crate::mask::Mask;
use crate::plan::Quota;
use crate::prompt::KnownRow;
use crate::rng::Seed;
use rand::seq::SliceRandom;
use std::collections::BTreeMap;

/// Rows of the label, and as many of the others, that show a model what the labels mean.
const SHOWN: usize = 6;
/// Bytes of a row that is shown, at most: examples must not fill a small window.
const MOST_BYTES: usize = 1_000;

/// What a model is asked about rows without a label.
#[derive(Debug, Clone, Default)]
pub struct Mining {
    /// For each label that gets texts the rows to ask about, likeliest first.
    pub rows: BTreeMap<LabelId, Vec<Unlabelled>>,
    /// For each such label real rows of it and of others.
    pub known: BTreeMap<LabelId, Vec<KnownRow>>,
}

/// Rows without a label, and what a classifier of the training rows says of them.
#[derive(Debug, Clone, Copy)]
pub struct Guessed<'a> {
    /// The rows.
    pub rows: &'a [Unlabelled],
    /// The probability of each label for each row, row by row, each in 0..=1.
    pub probabilities: &'a [f64],
}

impl Mining {
    /// Ranks the rows for each label that lacks some; `most` rounds ask for no more rows than a quota wants each.
    pub fn new(train: TrainView<'_>, guessed: Guessed<'_>, quotas: &[Quota], most: u32, seed: Seed) -> Self {
        let mut mining = Mining::default();
        for quota in quotas.iter().filter(|quota| quota.wanted > 0) {
            let Some(label) = train.labels().id(&quota.label) else { continue };
            let n = quota.wanted.saturating_mul(most as usize);
            mining.rows.insert(label, likeliest(guessed, label, train.labels().len(), n));
            mining.known.insert(label, known(train, label, seed.child(&format!("known/{}", quota.label))));
        }
        mining
    }

    /// The same with whatever is private in the rows that are shown hidden; the rows that are asked about are hidden where they are sent.
    #[must_use]
    pub fn hidden(mut self, mask: Option<&Mask>) -> Self {
        if let Some(mask) = mask {
            self.known.values_mut().flatten().for_each(|row| row.text = mask.hide(&row.text));
        }
        self
    }
}

/// The `n` rows that are likeliest to have `label`; of equally likely ones those first that stand first.
fn likeliest(guessed: Guessed<'_>, label: LabelId, n_labels: usize, n: usize) -> Vec<Unlabelled> {
    let of_label = guessed.probabilities.iter().skip(label.index()).step_by(n_labels);
    let mut rows: Vec<(f64, &Unlabelled)> = of_label.copied().zip(guessed.rows).collect();
    rows.sort_by(|a, b| b.0.total_cmp(&a.0));
    rows.into_iter().take(n).map(|(_, row)| row.clone()).collect()
}

/// Rows of `label` and of other labels, in turn.
fn known(train: TrainView<'_>, label: LabelId, seed: Seed) -> Vec<KnownRow> {
    let (mut own, mut others): (Vec<_>, Vec<_>) =
        train.rows().filter(|row| row.text.len() <= MOST_BYTES).partition(|row| row.label == label);
    let mut rng = seed.rng();
    let (own, _) = own.partial_shuffle(&mut rng, SHOWN);
    let (others, _) = others.partial_shuffle(&mut rng, SHOWN);
    let n = own.len().max(others.len());
    let shown = (0..n).flat_map(|at| [own.get(at), others.get(at)]).flatten();
    shown.map(|row| KnownRow { text: row.text.to_owned(), label: train.labels().name(row.label).to_owned() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Dataset, RowId, Rows};

    #[test]
    fn rows_are_ranked_for_each_label_that_lacks_some_and_both_sides_are_shown() {
        let mut rows = Rows::default();
        for i in 0..20 {
            rows.push(&format!("common {i}"), "common").expect("two labels");
        }
        ["one", "two"].iter().for_each(|text| rows.push(&format!("rare {text}"), "rare").expect("two labels"));
        rows.push(&"long ".repeat(400), "rare").expect("two labels");
        let data = Dataset::new(rows).expect("two labels");
        let [common, rare] = ["common", "rare"].map(|name| data.labels().id(name).expect("a label"));
        let unlabelled: Vec<_> = (0..3).map(|i| Unlabelled { row: RowId(i), text: format!("row {i}") }).collect();
        let mut probabilities = vec![0.0; 6];
        for (at, p) in [0.2, 0.9, 0.5].into_iter().enumerate() {
            probabilities[2 * at + rare.index()] = p;
            probabilities[2 * at + common.index()] = 1.0 - p;
        }
        let quota = |label: &str, wanted| Quota {
            label: label.to_owned(),
            have: 3,
            target: 3 + wanted,
            wanted,
            style_control: false,
        };
        let quotas = [quota("rare", 1), quota("common", 0)];
        let guessed = Guessed { rows: &unlabelled, probabilities: &probabilities };
        let mining = Mining::new(data.train(), guessed, &quotas, 2, Seed::new(7));
        let ranked: Vec<u64> = mining.rows[&rare].iter().map(|row| row.row.0).collect();
        assert_eq!(ranked, [1, 2], "two rounds of one row each");
        assert!(!mining.rows.contains_key(&common));
        let labels: Vec<&str> = mining.known[&rare].iter().map(|row| row.label.as_str()).collect();
        assert_eq!(labels, ["rare", "common", "rare", "common", "common", "common", "common", "common"]);
    }
}

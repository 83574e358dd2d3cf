//! Whether rows that are held out are enough to judge on, or all rows have to be judged in turn.

use super::verdict::Design;
use crate::data::Dataset;
use crate::select::SyntheticRows;
use std::collections::HashSet;

/// With fewer held-out rows of a label the interval of its F1 is some ± 0.12 wide at best, and seldom decides anything.
pub const FEWEST_TO_JUDGE: usize = 50;

impl Design {
    /// On the held-out rows where each label in question has at least 50 of them, else on all real rows in turn.
    ///
    /// Rows that were drawn from the training file are enough, however few: whoever has rows drawn wants to be judged on them.
    /// In question are the labels that the synthetic rows are there to raise; without synthetic rows all of them.
    pub fn of(dataset: &Dataset, synthetic: &SyntheticRows<'_>) -> Design {
        let made: HashSet<&str> =
            synthetic.naive.iter().chain(&synthetic.kept).map(|candidate| candidate.label.as_str()).collect();
        let is_control = |name: &str| synthetic.style_control.iter().any(|control| control == name);
        Design::for_labels(dataset, &made.into_iter().filter(|name| !is_control(name)).collect::<Vec<_>>())
    }

    /// The same where texts are to raise the labels `raised`, or none.
    pub fn for_labels(dataset: &Dataset, raised: &[&str]) -> Design {
        let Some(held_out) = dataset.held_out() else { return Design::CrossValidation };
        let (counts, names) = (held_out.counts(), dataset.labels().names());
        let in_question = |name: &str| raised.is_empty() || raised.contains(&name);
        let enough = names.iter().zip(counts).all(|(name, n)| !in_question(name) || n >= FEWEST_TO_JUDGE);
        // Rows that somebody had drawn are judged on, however few. Rows that all say the same cannot be judged in turn.
        if enough || dataset.is_split() || !dataset.can_fold() { Design::HeldOut } else { Design::CrossValidation }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Rows;
    use crate::generator::{Candidate, Sources};

    fn rows(n: usize, n_rare: usize) -> Rows {
        let mut rows = Rows::default();
        (0..n).for_each(|i| rows.push(&format!("text {i}"), "common").unwrap());
        (0..n_rare).for_each(|i| rows.push(&format!("other {i}"), "rare").unwrap());
        rows
    }

    fn made(label: &str) -> Candidate {
        let (id, text) = ("c0".to_owned(), "new".to_owned());
        Candidate {
            id,
            text,
            label: label.to_owned(),
            request: None,
            position: 0,
            sources: Sources::Unknown,
            fault: None,
            came: None,
            attributes: Default::default(),
        }
    }

    #[test]
    fn fifty_held_out_rows_of_the_labels_in_question_are_enough() {
        let dataset = |n, n_rare| Dataset::with_test(rows(60, 20), rows(n, n_rare)).unwrap();
        let none = SyntheticRows::default();
        assert_eq!(Design::of(&Dataset::new(rows(60, 20)).unwrap(), &none), Design::CrossValidation);
        assert_eq!(Design::of(&dataset(50, 50), &none), Design::HeldOut);
        let split = Dataset::with_split(rows(60, 20), 0.25, crate::rng::Seed::new(1)).unwrap();
        assert_eq!(Design::of(&split, &none), Design::HeldOut, "somebody asked for it");
        assert_eq!(Design::of(&dataset(500, 49), &none), Design::CrossValidation);
        let (rare, common) = (made("rare"), made("common"));
        let raised = SyntheticRows { kept: vec![&rare], ..SyntheticRows::default() };
        assert_eq!(Design::of(&dataset(49, 50), &raised), Design::HeldOut, "nobody asks about `common`");
        assert_eq!(Design::of(&dataset(500, 49), &raised), Design::CrossValidation);
        let style_control = vec!["common".to_owned()];
        let control = SyntheticRows { kept: vec![&rare, &common], style_control, ..SyntheticRows::default() };
        assert_eq!(Design::of(&dataset(49, 50), &control), Design::HeldOut);
    }
}

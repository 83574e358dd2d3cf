//! Which label each label is most confused with.

use super::Judged;
use crate::data::LabelId;
use std::collections::BTreeMap;

/// For each label with rows the other one that it is most confused with, by what a judge says of real rows out of fold: the share of its rows
/// that the judge gives the other label, and of the other's rows that it gives this one. Of equals, as where nothing is confused, the larger
/// label, then the one that comes first; a label that is alone has no neighbour. `counts` are the rows of each label.
pub fn neighbours(real: &[Judged], counts: &[usize]) -> BTreeMap<LabelId, LabelId> {
    let mut confused = vec![0.0; counts.len() * counts.len()];
    for Judged { label, opinion } in real {
        if let Some(opinion) = opinion.filter(|opinion| opinion != label) {
            let share = 1.0 / counts[label.index()].max(1) as f64;
            confused[label.index() * counts.len() + opinion.index()] += share;
            confused[opinion.index() * counts.len() + label.index()] += share;
        }
    }
    let with_rows: Vec<usize> = (0..counts.len()).filter(|label| counts[*label] > 0).collect();
    let neighbour = |label: &usize| {
        let rank = |other: &usize| (confused[label * counts.len() + other], counts[*other]);
        let best = with_rows.iter().filter(|other| *other != label).max_by(|a, b| {
            let ((a_share, a_rows), (b_share, b_rows)) = (rank(a), rank(b));
            a_share.total_cmp(&b_share).then(a_rows.cmp(&b_rows)).then(b.cmp(a))
        })?;
        Some((LabelId(*label as u16), LabelId(*best as u16)))
    };
    with_rows.iter().filter_map(neighbour).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn judged(pairs: &[(u16, u16)]) -> Vec<Judged> {
        pairs
            .iter()
            .map(|(label, opinion)| Judged { label: LabelId(*label), opinion: Some(LabelId(*opinion)) })
            .collect()
    }

    #[test]
    fn the_neighbour_is_the_label_that_is_confused_most_in_shares() {
        // A tenth of the 100 rows of 0 are taken for 2, and half of the 4 rows of 1 for 0.
        let mut pairs = vec![(0, 2); 10];
        pairs.extend([(1, 0), (1, 0), (1, 1), (1, 1)]);
        let found = neighbours(&judged(&pairs), &[100, 4, 50]);
        assert_eq!(found[&LabelId(0)], LabelId(1));
        assert_eq!(found[&LabelId(1)], LabelId(0));
        assert_eq!(found[&LabelId(2)], LabelId(0));
    }

    #[test]
    fn where_nothing_is_confused_the_largest_other_label_stands_in_and_one_alone_has_none() {
        let found = neighbours(&[], &[5, 90, 30, 0]);
        assert_eq!(found.get(&LabelId(0)), Some(&LabelId(1)));
        assert_eq!(found.get(&LabelId(1)), Some(&LabelId(2)));
        assert_eq!(found.get(&LabelId(3)), None);
        assert!(neighbours(&[], &[5, 0]).is_empty());
    }

    proptest! {
        #[test]
        fn nobody_is_its_own_neighbour(pairs in prop::collection::vec((0_u16..5, 0_u16..5), 0..80), counts in prop::collection::vec(1_usize..40, 5)) {
            let found = neighbours(&judged(&pairs), &counts);
            prop_assert_eq!(found.len(), 5);
            prop_assert!(found.iter().all(|(label, other)| label != other));
        }
    }
}

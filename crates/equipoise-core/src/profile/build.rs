//! From training rows to their profile.

use super::count::LabelCount;
use super::near::{Sketch, count_near};
use super::{Conflict, LabelProfile, Profile};
use crate::data::{Fingerprints, LabelId, TrainView};
use crate::text::{Names, PrivateCounts, comparison_key, private_spans};
use rayon::prelude::*;

/// Groups of conflicting rows, and rows of a group, that a profile shows.
const SHOWN: usize = 20;

impl Profile {
    /// Version of the layout.
    pub const SCHEMA: u32 = 1;

    /// Profiles the training rows; of held-out rows the fingerprints are enough. The same rows give the same profile on any
    /// number of threads.
    pub fn new(train: TrainView<'_>, held_out: Option<&Fingerprints>) -> Self {
        let sketches: Vec<Sketch> =
            (0..train.len()).into_par_iter().map(|at| Sketch::new(&comparison_key(train.get(at).text))).collect();
        let n_also_held_out = held_out.map(|f| sketches.iter().filter(|s| f.contains_key(s.key)).count());
        // Positions in the order of texts, equal ones in the order of rows.
        let mut keyed: Vec<(u64, u32)> = sketches.iter().map(|s| s.key).zip(0..).collect();
        keyed.par_sort_unstable();
        let order: Vec<u32> = keyed.into_iter().map(|(_, at)| at).collect();
        let equal = |a: &u32, b: &u32| sketches[*a as usize].key == sketches[*b as usize].key;
        let label = |at: u32| train.get(at as usize).label;

        let mut n_duplicates = 0;
        let mut duplicates = vec![0; train.labels().len()];
        let mut conflicts: Vec<Vec<u32>> = Vec::new();
        let mut n_conflicts = 0;
        for group in order.chunk_by(equal).filter(|group| group.len() > 1) {
            n_duplicates += group.len() - 1;
            let mut labels: Vec<LabelId> = group.iter().map(|at| label(*at)).collect();
            labels.sort_unstable();
            labels.chunk_by(|a, b| a == b).for_each(|same| duplicates[same[0].index()] += same.len() - 1);
            if labels.first() != labels.last() {
                n_conflicts += 1;
                conflicts.push(group.iter().take(SHOWN).copied().collect());
            }
        }
        conflicts.sort_unstable();
        conflicts.truncate(SHOWN);
        let firsts: Vec<u32> = order.chunk_by(equal).map(|group| group[0]).collect();
        let near = count_near(train, &sketches, &order, &firsts);
        // The style below needs the memory.
        drop((sketches, order, firsts));

        let counts = train.counts();
        let mut labels: Vec<LabelProfile> =
            train.labels().ids().map(|id| label_profile(train, id, duplicates[id.index()])).collect();
        labels.sort_by(|a, b| b.n.cmp(&a.n).then_with(|| a.label.cmp(&b.label)));
        let smallest = counts.iter().min().copied().unwrap_or(0).max(1);
        Profile {
            schema: Self::SCHEMA,
            n: train.len(),
            imbalance_ratio: counts.iter().max().copied().unwrap_or(0) as f64 / smallest as f64,
            labels,
            n_duplicates,
            n_near_duplicates: near,
            conflicts: conflicts.iter().map(|group| conflict(train, group)).collect(),
            n_conflicts,
            n_held_out: held_out.map(Fingerprints::n_rows),
            n_also_held_out,
            private: private(train),
        }
    }
}

/// What the rows hold of private data; names need a list, and are not counted.
fn private(train: TrainView<'_>) -> PrivateCounts {
    let none = Names::default();
    let add = |mut counts: PrivateCounts, at| {
        counts.add(&private_spans(train.get(at).text, &none));
        counts
    };
    (0..train.len())
        .into_par_iter()
        .fold(PrivateCounts::default, add)
        .reduce(PrivateCounts::default, PrivateCounts::plus)
}

fn conflict(train: TrainView<'_>, group: &[u32]) -> Conflict {
    let row = |at: &u32| train.get(*at as usize);
    let named = |at: &u32| (row(at).id.to_string(), train.labels().name(row(at).label).to_owned());
    Conflict { text: row(&group[0]).text.to_owned(), rows: group.iter().map(named).collect() }
}

fn label_profile(train: TrainView<'_>, label: LabelId, n_duplicates: usize) -> LabelProfile {
    let mut count = LabelCount::default();
    train.rows().filter(|row| row.label == label).for_each(|row| count.add(row.text));
    count.finish(train.labels().name(label), train.len(), n_duplicates)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Dataset, Rows};

    fn dataset(pairs: &[(&str, &str)]) -> Dataset {
        let mut rows = Rows::default();
        pairs.iter().for_each(|(text, label)| rows.push(text, label).unwrap());
        Dataset::new(rows).unwrap()
    }

    #[test]
    fn counts_duplicates_conflicts_and_near_duplicates() {
        let dataset = dataset(&[
            ("the parcel never came to my house in the old street", "a"),
            ("The parcel never came to my house in the old street!", "a"),
            ("the parcel never came to my house in the old street", "b"),
            ("yesterday the parcel never came to my house in the old street", "b"),
            ("an entirely different thing that nobody else wrote here", "b"),
            ("thanks", "b"),
        ]);
        let profile = Profile::new(dataset.train(), None);
        assert_eq!((profile.n, profile.n_duplicates, profile.n_conflicts), (6, 2, 1));
        assert_eq!(profile.labels[0].label, "b");
        assert_eq!((profile.labels[1].n, profile.labels[1].n_duplicates), (2, 1));
        let labels: Vec<&str> = profile.conflicts[0].rows.iter().map(|r| r.1.as_str()).collect();
        assert_eq!(labels, ["a", "a", "b"]);
        // 9 of 10 word 3-grams in common. All three equal rows are near the fourth.
        assert_eq!(profile.n_near_duplicates, Some(4));
        assert!((profile.imbalance_ratio - 2.0).abs() < 1e-12);
        assert_eq!((profile.n_held_out, profile.n_also_held_out), (None, None));
    }

    #[test]
    fn counts_training_rows_whose_text_is_held_out() {
        let mut test = Rows::default();
        test.push("Thanks!", "a").unwrap();
        test.push("what", "b").unwrap();
        let mut rows = Rows::default();
        for (text, label) in [("thanks", "a"), ("thanks", "a"), ("no", "b")] {
            rows.push(text, label).unwrap();
        }
        let dataset = Dataset::with_test(rows, test).unwrap();
        let profile = Profile::new(dataset.train(), Some(&dataset.held_out().unwrap().fingerprints()));
        assert_eq!((profile.n_held_out, profile.n_also_held_out), (Some(2), Some(2)));
    }
}

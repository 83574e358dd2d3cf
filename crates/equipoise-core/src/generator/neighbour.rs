//! `neighbour`: rows of the label that this one is confused with, changed just so far that they have this one.

use super::Generator;
use super::paired::{Paired, SETTINGS};
use crate::catalog::Entry;

pub(super) static ENTRY: Entry<dyn Generator> = Entry {
    name: "neighbour",
    what: "Shows rows of the label that this one is most confused with, and asks to change each just so far that it has this label.",
    why: "Texts on both sides of the line between two labels show a classifier where the line is; a text that did not cross it is found by `label_drift`.",
    source: "Counterfactually augmented data: Kaushik, Hovy and Lipton, Learning the Difference That Makes a Difference (ICLR 2020).",
    settings: SETTINGS,
    make: |settings| Paired::make(ENTRY.name, settings, true),
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Settings;
    use crate::data::{Dataset, Rows};
    use crate::generator::Ask;
    use crate::rng::Seed;
    use std::collections::HashSet;

    #[test]
    fn shows_rows_of_the_neighbour_and_asks_for_texts_of_the_label() {
        let mut rows = Rows::default();
        for i in 0..4 {
            rows.push(&format!("rare {i}"), "rare").expect("two labels");
            rows.push(&format!("near {i}"), "near").expect("two labels");
        }
        let data = Dataset::new(rows).expect("two labels");
        let [rare, near] = ["rare", "near"].map(|name| data.labels().id(name).expect("a label"));
        let generator = ENTRY.build(&Settings::new()).expect("defaults");
        let without = HashSet::new();
        let ask = Ask {
            train: data.train(),
            label: rare,
            of: near,
            wanted: 3,
            chunk: 2,
            without: &without,
            unlabelled: &[],
            round: 0,
            seed: Seed::new(7),
        };
        let jobs = generator.jobs(&ask);
        assert_eq!(jobs.iter().map(|job| job.wanted).sum::<usize>(), 3);
        assert!(jobs.iter().all(|job| job.label == rare && job.sources.iter().all(|s| s.text.starts_with("near"))));
    }
}

//! What every generator promises.

use super::*;
use crate::catalog::Settings;
use crate::data::{Dataset, Rows};
use crate::parse::NoteKind;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::sync::LazyLock;

fn dataset(n_rare: usize) -> Dataset {
    let mut rows = Rows::default();
    for i in 0..40 {
        rows.push(&format!("a common text number {i} about nothing"), "common").expect("few labels");
    }
    for i in 0..n_rare {
        rows.push(&format!("a rare text number {i} about something"), "rare").expect("few labels");
    }
    Dataset::new(rows).expect("two labels")
}

static UNLABELLED: LazyLock<Vec<Unlabelled>> = LazyLock::new(|| {
    (1_000..1_100).map(|i| Unlabelled { row: RowId(i), text: format!("a row {i} of nobody") }).collect()
});
static NONE: LazyLock<HashSet<RowId>> = LazyLock::new(HashSet::new);

fn ask(dataset: &Dataset, wanted: usize, chunk: usize, round: u32) -> Ask<'_> {
    let label = dataset.labels().id("rare").expect("a label of the set");
    let seed = Seed::new(7).child(&format!("rare/{round}"));
    Ask {
        train: dataset.train(),
        label,
        of: label,
        wanted,
        chunk,
        without: &NONE,
        unlabelled: &UNLABELLED,
        round,
        seed,
    }
}

fn all() -> Vec<(&'static str, Box<dyn Generator>)> {
    CATALOG.iter().map(|e| (e.name, e.build(&Settings::new()).expect("defaults build"))).collect()
}

#[test]
fn entries_keep_the_catalog_contract() {
    crate::catalog::assert_contract(CATALOG);
}

proptest! {
    #[test]
    fn jobs_ask_for_what_is_wanted_from_distinct_rows_and_are_reproducible(
        n_rare in 1usize..30, wanted in 0usize..90, chunk in 0usize..28, round in 0u32..4,
    ) {
        let dataset = dataset(n_rare);
        for (name, generator) in all() {
            let ask = ask(&dataset, wanted, chunk, round);
            let jobs = generator.jobs(&ask);
            prop_assert_eq!(jobs.iter().map(|j| j.wanted).sum::<usize>(), wanted, "{}", name);
            prop_assert_eq!(&jobs, &generator.jobs(&ask), "{}", name);
            for job in &jobs {
                prop_assert!(job.label == ask.label && job.wanted > 0);
                prop_assert!(job.sources.len() <= chunk.max(1), "{}", name);
                let rows: BTreeSet<RowId> = job.sources.iter().map(|s| s.row).collect();
                let keys: BTreeSet<&str> = job.sources.iter().map(|s| s.key.as_str()).collect();
                prop_assert!(rows.len() == job.sources.len() && keys.len() == rows.len(), "{}", name);
            }
        }
    }

    #[test]
    fn no_two_asks_of_any_round_are_equal(n_rare in 1usize..8, wanted in 1usize..40, chunk in 1usize..6) {
        let dataset = dataset(n_rare);
        for (name, generator) in all() {
            let mut seen = BTreeSet::new();
            for round in 0..3 {
                for job in generator.jobs(&ask(&dataset, wanted, chunk, round)) {
                    let texts: BTreeSet<String> = job.sources.iter().map(|s| s.text.clone()).collect();
                    prop_assert!(seen.insert((texts, job.ordinal)), "{}", name);
                }
            }
        }
    }

    #[test]
    fn any_answer_is_read(answer in any::<String>(), complete: bool) {
        let dataset = dataset(5);
        for (name, generator) in all() {
            let job = generator.jobs(&ask(&dataset, 4, 4, 0)).remove(0);
            let reading = generator.read(&job, &answer, complete);
            prop_assert_eq!(&reading, &generator.read(&job, &answer, complete), "{}", name);
            let shown: BTreeSet<RowId> = job.sources.iter().map(|s| s.row).collect();
            prop_assert!(name == "recombine" || reading.items.iter().all(|i| i.sources.rows().iter().all(|r| shown.contains(r))));
        }
    }
}

#[test]
fn each_row_is_a_source_equally_often() {
    let dataset = dataset(7);
    let generator = all().remove(0).1;
    let mut uses = std::collections::BTreeMap::new();
    for job in generator.jobs(&ask(&dataset, 7 * 3 + 2, 3, 0)) {
        job.sources.iter().for_each(|s| *uses.entry(s.row).or_insert(0) += 1);
    }
    assert_eq!(uses.len(), 7);
    assert!(uses.values().all(|n| (3..=4).contains(n)), "{uses:?}");
}

#[test]
fn equal_and_empty_rows_are_one_source_or_none() {
    let mut rows = Rows::default();
    for text in ["Good day!", "good  day", "...", "another"] {
        rows.push(text, "rare").expect("few labels");
    }
    rows.push("x y", "common").expect("few labels");
    let dataset = Dataset::new(rows).expect("two labels");
    let jobs = all().remove(0).1.jobs(&ask(&dataset, 2, 25, 0));
    let texts: BTreeSet<&str> = jobs[0].sources.iter().map(|s| s.text.as_str()).collect();
    assert_eq!((jobs.len(), texts), (1, BTreeSet::from(["Good day!", "another"])));
}

#[test]
fn huge_rows_do_not_share_a_request() {
    let mut rows = Rows::default();
    for i in 0..6 {
        rows.push(&format!("{i} {}", "word ".repeat(4_000)), "rare").expect("few labels");
    }
    rows.push("x y", "common").expect("few labels");
    let dataset = Dataset::new(rows).expect("two labels");
    let jobs = all().remove(0).1.jobs(&ask(&dataset, 6, 25, 0));
    assert_eq!(jobs.iter().map(|j| j.sources.len()).collect::<Vec<_>>(), [1; 6]);
}

#[test]
fn a_rewrite_answer_is_paired_by_id_and_a_short_semicolon_answer_is_not() {
    let dataset = dataset(3);
    let generators = all();
    let job = generators[0].1.jobs(&ask(&dataset, 3, 3, 0)).remove(0);
    let answer = r#"{"texts":[{"id":"a3","text":"x"},{"id":"a1","text":"y"}]}"#;
    let reading = generators[0].1.read(&job, answer, true);
    assert_eq!(reading.items[0].sources, Sources::One(job.sources[2].row));
    assert_eq!(reading.items[1].sources, Sources::One(job.sources[0].row));
    assert_eq!(reading.notes[0].kind, NoteKind::TooFew);
    let reading = generators[1].1.read(&job, "x; y", true);
    assert_eq!(reading.items[0].sources, Sources::Among(job.sources.iter().map(|s| s.row).collect()));
    assert_eq!(reading.notes[0].kind, NoteKind::PairingLost);
}

#[test]
fn a_row_that_was_set_aside_is_no_source_any_more() {
    let dataset = dataset(3);
    let generator = all().remove(0).1;
    let all = generator.jobs(&ask(&dataset, 3, 3, 0));
    let without = HashSet::from([all[0].sources[1].row]);
    let jobs = generator.jobs(&Ask { without: &without, ..ask(&dataset, 3, 3, 1) });
    assert_eq!(jobs.iter().map(|j| j.wanted).sum::<usize>(), 3);
    assert!(jobs.iter().flat_map(|j| &j.sources).all(|s| !without.contains(&s.row)));
    let none = HashSet::from_iter(all[0].sources.iter().map(|s| s.row));
    assert!(generator.jobs(&Ask { without: &none, ..ask(&dataset, 3, 3, 1) }).is_empty());
}

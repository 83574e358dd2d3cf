//! Prompts that do well and badly in ways that are known.

use super::*;
use crate::check::{Context, build_all};
use crate::data::{Dataset, RowId, Rows};
use crate::generator::{Fault, Job, ReadItem, Reading, RequestKey, SourceText, Sources};
use crate::pilot::End;
use crate::provider::Usage;
use crate::round::ReadAnswer;

type Phrases = [[&'static str; 10]; 3];

const FAULT: Phrases = [
    [
        "Once more the lift will not move",
        "Nobody can open the cellar door",
        "Our heating died overnight",
        "Water drips from the ceiling",
        "The printer eats every page",
        "A socket sparks near the desk",
        "The gate bangs in the wind",
        "Half of the lamps flicker",
        "All blinds hang crooked",
        "Some tap runs all day",
    ],
    [
        "and the porter only shrugs",
        "although I called twice",
        "while guests were waiting",
        "since the storm on Friday",
        "right above my chair",
        "just as the audit began",
        "with a smell of rubber",
        "so the children are cold",
        "and it wakes the baby",
        "despite the new part",
    ],
    [
        "please send a plumber",
        "who repairs this",
        "could you look at it",
        "we need help by noon",
        "it gets worse hourly",
        "the fuse box hums too",
        "I put a bucket there",
        "nobody dares to touch it",
        "the manual is no use",
        "ask for Vera upstairs",
    ],
];

const OFFER: Phrases = [
    [
        "For sale, an oak table",
        "Bargain: two violins",
        "Cheap garden chairs",
        "Selling my late uncle's stamps",
        "A tandem seeks new owners",
        "Get this barely worn coat",
        "Thirty jars of honey",
        "One pram, hardly used",
        "Vintage radio on offer",
        "Buy my ladder today",
    ],
    [
        "collected in person",
        "for eighty crowns or less",
        "in its original box",
        "with a full receipt",
        "delivered free in town",
        "or swap for a kettle",
        "polished last spring",
        "priced to go quickly",
        "cash preferred of course",
        "from a tidy household",
    ],
    [
        "write to the shop",
        "first come, first served",
        "viewing every Sunday",
        "no haggling please",
        "photos on request",
        "discount for pensioners",
        "bring a trailer along",
        "two left in stock",
        "the sale ends in June",
        "message Otto for details",
    ],
];

/// The `i`-th of a hundred texts, no two of which share two phrases.
fn text(phrases: &Phrases, i: usize) -> String {
    let [first, second, third] = phrases;
    format!("{} {}, {}.", first[i % 10], second[(i + i / 10) % 10], third[(3 * i + i / 10) % 10])
}

/// Fifty rows that say what is broken, and fifty that say what is for sale.
fn data() -> Dataset {
    let mut rows = Rows::default();
    for i in 50..100 {
        rows.push(&text(&FAULT, i), "fault").expect("two labels");
        rows.push(&text(&OFFER, i), "offer").expect("two labels");
    }
    Dataset::new(rows).expect("two labels")
}

/// Five requests of ten rows, each answered by what `give` makes of the position and the row; nothing where it gives nothing.
fn contestant(name: &str, data: &Dataset, give: impl Fn(usize, &str) -> Option<String>) -> Contestant {
    let label = data.labels().id("fault").expect("a label");
    let rows: Vec<(RowId, String)> =
        data.train().rows().filter(|row| row.label == label).map(|row| (row.id, row.text.to_owned())).collect();
    let asked = rows.chunks(10).enumerate().map(|(request, rows)| {
        let source = |(i, (row, text)): (usize, &(RowId, String))| SourceText {
            key: format!("a{i}"),
            row: *row,
            text: text.clone(),
        };
        let job = Job {
            label,
            sources: rows.iter().enumerate().map(source).collect(),
            wanted: 10,
            ordinal: 0,
            attributes: Vec::new(),
        };
        let item = |(i, (row, source)): (usize, &(RowId, String))| {
            let text = give(request * 10 + i, source)?;
            Some(ReadItem { text, sources: Sources::One(*row), fault: None, came: None, asked: None })
        };
        let items: Vec<ReadItem> = rows.iter().enumerate().filter_map(item).collect();
        let read =
            ReadAnswer { reading: Reading { items, notes: Vec::new() }, is_declined: false, fault: Fault::Missing };
        let key = RequestKey(format!("{request:016}{:048}", 0));
        let usage = Some(Usage { input_tokens: 200, output_tokens: 100, reasoning_tokens: 0 });
        Asked { job, end: End::Answered { key, read, usage } }
    });
    Contestant {
        name: name.to_owned(),
        version: "v".to_owned(),
        model: "m".to_owned(),
        temperature: None,
        price: Some(Price { input_usd: 1.0, output_usd: 2.0 }),
        asked: asked.collect(),
    }
}

fn sound(i: usize) -> Option<String> {
    Some(text(&FAULT, i))
}

fn compared(contestants: &[Contestant], data: &Dataset) -> Comparison {
    let checks = build_all(|_| None).expect("defaults build");
    let context = Context::new(data.train(), None, Seed::new(7));
    let panel = Panel::new(&checks, &context);
    compare(contestants, &PilotInputs { train: data.train(), panel: &panel, seed: Seed::new(7) })
}

#[test]
fn a_prompt_that_gives_copies_is_last_and_the_figures_say_why() {
    let data = data();
    let contestants = [
        contestant("copies", &data, |_, source| Some(source.to_owned())),
        contestant("sound", &data, |i, _| sound(i)),
        contestant("half", &data, |i, _| sound(i).filter(|_| i % 2 == 0)),
    ];
    let comparison = compared(&contestants, &data);
    let names: Vec<&str> = comparison.prompts.iter().map(|p| p.name.as_str()).collect();
    assert_eq!(names, ["sound", "half", "copies"]);
    let [best, half, last] = &comparison.prompts[..] else { panic!("three") };
    assert_eq!((best.standing, last.standing), (Standing::ClearlyBest, Standing::ClearlyWorse));
    assert_eq!(last.figures.copies.as_ref().map(|e| e.value), Some(1.0));
    assert_eq!((last.figures.n_kept, last.figures.usd_per_kept), (0, None));
    assert_eq!(half.figures.read_whole.as_ref().map(|e| (e.value, e.n)), Some((0.0, 5)));
    assert!(best.figures.usd_per_kept < half.figures.usd_per_kept);
    assert!(comparison.verdict.starts_with("`sound` is clearly best"), "{}", comparison.verdict);
    assert_eq!((comparison.n_texts, comparison.labels["fault"]), (50, 50));
    assert!(comparison.real.agreement.as_ref().is_some_and(|e| e.value > 0.9));
    let shown = &comparison.texts[1];
    assert!(
        shown.given[1].text.is_none() && shown.given[2].rejected_by.as_deref() == Some("copy/copy_of_row"),
        "{shown:?}"
    );
    assert_eq!(shown.source, shown.given[2].text);
}

#[test]
fn a_prompt_whose_texts_all_name_their_label_does_not_win() {
    let data = data();
    let named = |i: usize| sound(i).map(|text| format!("{text} Clearly a fault."));
    let contestants = [contestant("named", &data, |i, _| named(i)), contestant("sound", &data, |i, _| sound(i))];
    let comparison = compared(&contestants, &data);
    let [best, last] = &comparison.prompts[..] else { panic!("two") };
    assert_eq!((best.name.as_str(), last.standing), ("sound", Standing::ClearlyWorse));
    assert_eq!(last.figures.names_label.as_ref().map(|e| e.value), Some(1.0));
}

#[test]
fn texts_of_another_label_count_less_where_the_judge_can_tell() {
    let data = data();
    let contestants =
        [contestant("offers", &data, |i, _| Some(text(&OFFER, i))), contestant("sound", &data, |i, _| sound(i))];
    let comparison = compared(&contestants, &data);
    let [best, last] = &comparison.prompts[..] else { panic!("two") };
    assert_eq!((best.name.as_str(), last.standing), ("sound", Standing::ClearlyWorse));
    assert!(last.figures.agreement.as_ref().is_some_and(|e| e.value < 0.5), "{:?}", last.figures.agreement);
    let gain = |of: &Compared| of.gain.get("fault").map(|gain| gain.value);
    assert!(gain(last).is_none() || gain(last) <= gain(best), "{:?}", [gain(last), gain(best)]);
}

#[test]
fn equal_prompts_are_about_as_good() {
    let data = data();
    let contestants = ["one", "two"].map(|name| contestant(name, &data, |i, _| sound(i)));
    let comparison = compared(&contestants, &data);
    assert!(comparison.prompts.iter().all(|p| p.standing == Standing::AboutAsGood));
    assert!(comparison.verdict.contains("about as good"), "{}", comparison.verdict);
}

#[test]
fn nothing_asked_gives_no_figure_and_no_panic() {
    let data = data();
    let mut none = contestant("none", &data, |_, _| None);
    none.asked.iter_mut().for_each(|asked| asked.end = End::Open);
    let comparison = compared(&[none.clone(), none], &data);
    assert_eq!((comparison.n_texts, comparison.prompts.len()), (0, 2));
    assert!(comparison.verdict.starts_with("No text was asked for"));
    assert!(compared(&[], &data).prompts.is_empty());
}

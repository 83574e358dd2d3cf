//! A whole run in memory: rows from a program, texts of the generator inside the process, an evaluation that judges every row in turn.
//!
//! `cargo run --release -p equipoise --example in_memory`

#![allow(clippy::print_stdout, reason = "an example prints")]

use equipoise::event::Event;
use equipoise::{Error, Material, Memory, Recipe, Setup, Source, Sources, Table, Work, run};

/// What customers write, and of what kind it is.
const PARTS: [(&str, &[&str], usize); 2] = [
    ("delivery", &["where is my parcel", "when does it come", "the courier never rang", "my box is late again"], 240),
    ("cancel", &["please cancel my order", "I do not want it any more", "take it back", "stop the shipment"], 24),
];

fn main() -> Result<(), Error> {
    let rows = rows();
    let table = Table::of_pairs(rows.iter().map(|(text, label)| (text.as_str(), *label)));
    let mut recipe = Recipe::default();
    recipe.targets.label_to.insert("cancel".to_owned(), "60".to_owned());
    recipe.evaluate.resamples = 200;
    // Every row is judged in turn, by models that did not see it; one pass through the folds is enough for an example.
    recipe.evaluate.repeats = Some(1);
    let sources = Sources::given(&recipe, Source::table("messages", table), None);
    let setup = Setup::new(recipe)?;
    let work = Work::watched(|event| {
        if let Event::Note(note) = event {
            println!("note: {note}");
        }
    });
    let material = Material::read(&sources, &work)?;
    let mut files = Memory::default();
    let outcome = run(&setup, &material, &mut files, &work)?;
    println!(
        "{} texts were made for `cancel`, such as {:?}",
        outcome.kept.len(),
        outcome.kept.first().map(|c| &c.text)
    );
    if let Some(evaluation) = &outcome.evaluation {
        println!("{}", evaluation.verdict.headline);
    }
    println!("files: {}", files.names().collect::<Vec<_>>().join(", "));
    Ok(())
}

fn rows() -> Vec<(String, &'static str)> {
    let things = ["shoes", "a lamp", "two books", "the red coat", "a kettle", "garden chairs"];
    let people = ["for my mother", "that I ordered on Monday", "from your shop", "as a present", "in blue"];
    let text = |words: &[&str], i: usize| {
        format!("{}, {} {} ({i})", words[i % words.len()], things[i / 4 % things.len()], people[i / 7 % people.len()])
    };
    PARTS.iter().flat_map(|(label, words, n)| (0..*n).map(move |i| (text(words, i), *label))).collect()
}

//! What the texts of one label are made of, and some of them to read.

use crate::Fault;
use crate::data::{Text, dataset, read};
use equipoise_core::offline::{Ask, Offline};
use equipoise_core::rng::Seed;
use equipoise_core::text::comparison_key;
use serde_json::Value;
use std::collections::HashSet;

/// Writes `wanted` texts of `label` from the file with only the first `rows` rows of it, measures them, prints the first `show`.
pub(crate) fn run(file: &str, label: &str, [rows, wanted, show]: [usize; 3], seed: u64) -> Result<(), Fault> {
    let all = read(file)?;
    let mut of_label = 0;
    let kept: Vec<&Text> = all
        .iter()
        .filter(|t| {
            of_label += usize::from(t.1 == label);
            t.1 != label || of_label <= rows
        })
        .collect();
    let data = dataset(&kept)?;
    let id = data.labels().id(label).ok_or("no row has this label")?;
    let ask = Ask { label: id, wanted, ordinal: 0, taken: &[] };
    let answer = serde_json::to_value(Offline::default().read(data.train(), &[]).write(&ask, Seed::new(seed)))?;
    let texts = answer["texts"].as_array().ok_or("an answer has texts")?;
    let made: Vec<&str> = texts.iter().filter_map(|t| t["text"].as_str()).collect();

    let real: HashSet<String> = data.train().rows().map(|r| comparison_key(r.text)).collect();
    let copies = made.iter().filter(|t| real.contains(&comparison_key(t))).count();
    let attested: HashSet<String> = data.train().rows().flat_map(|r| trigrams(r.text)).collect();
    let runs: Vec<String> = made.iter().flat_map(|t| trigrams(t)).collect();
    let seen = runs.iter().filter(|r| attested.contains(*r)).count();
    let words = made.iter().map(|t| comparison_key(t).split(' ').count()).sum::<usize>();
    println!("\n### texts: {label}, {} rows\n", of_label.min(rows));
    println!("- {} of {wanted} texts; reason {}; note {}", made.len(), answer["reason"], answer["note"]);
    println!(
        "- {copies} copies of real rows; {:.1} % of {} three-word runs stand in a real row",
        percent(seen, runs.len()),
        runs.len()
    );
    println!("- {:.1} words a text\n", words as f64 / made.len().max(1) as f64);
    for (i, (text, made)) in made.iter().zip(texts).take(show).enumerate() {
        println!("{:3}. {}   [{}]", i + 1, text.escape_debug().to_string().replace("\\'", "'"), joints(made));
    }
    Ok(())
}

/// The words at which parts meet, `old → new` for an exchange.
fn joints(text: &Value) -> String {
    let words =
        |j: &Value| j["words"].as_array().into_iter().flatten().filter_map(Value::as_str).collect::<Vec<_>>().join(" ");
    let shown = |j: &Value| if j["kind"] == "exchanged" { words(j).replace(' ', " → ") } else { words(j) };
    text["joints"].as_array().into_iter().flatten().map(shown).collect::<Vec<_>>().join(" | ")
}

fn trigrams(text: &str) -> Vec<String> {
    let key = comparison_key(text);
    let words: Vec<&str> = key.split(' ').collect();
    words.windows(3).map(|w| w.join(" ")).collect()
}

fn percent(part: usize, whole: usize) -> f64 {
    100.0 * part as f64 / whole.max(1) as f64
}

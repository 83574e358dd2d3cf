//! Sets of human rows that are made wrong as a whole, and untouched ones: which are named.

use crate::measure::{candidate, checks};
use crate::sets::Set;
use equipoise_core::check::{Context, Panel};
use equipoise_core::generator::Candidate;
use equipoise_core::rng::Seed;
use std::collections::HashMap;

/// Rows of a set.
const ROWS: usize = 300;
/// Sources of the set that is made from few, and their variations.
const SOURCES: usize = 15;

/// A way in which a set is wrong.
struct Fault {
    name: &'static str,
    /// Reasons under which it counts as named.
    reasons: &'static [&'static str],
    make: fn(&[&str], usize) -> String,
}

static FAULTS: &[Fault] = &[
    Fault { name: "nothing", reasons: &[], make: |rows, n| rows[n].to_owned() },
    Fault {
        name: "opening in 40 %",
        reasons: &["over_used_opening"],
        make: |rows, n| if n % 5 < 2 { format!("To be fair, {}", rows[n]) } else { rows[n].to_owned() },
    },
    Fault {
        name: "phrase in 30 %",
        reasons: &["over_used_phrase"],
        make: |rows, n| if n % 10 < 3 { inside(rows[n], "when all is said and done") } else { rows[n].to_owned() },
    },
    Fault {
        name: "build in 50 %",
        reasons: &["over_used_build", "over_used_opening", "over_used_phrase"],
        make: |rows, n| {
            let mut words = rows[n].split_whitespace().filter(|w| w.len() > 3);
            let (one, two) = (words.next().unwrap_or("things"), words.next().unwrap_or("people"));
            if n % 2 == 0 {
                format!("{} because the {one} of my {two} is more than that", rows[n])
            } else {
                rows[n].to_owned()
            }
        },
    },
    Fault {
        name: "marks and emoji in all",
        reasons: &["over_used_marks"],
        make: |rows, n| format!("{} {}!", rows[n].trim_end_matches(['.', '!', '?']), ["🎉", "😊", "🔥", "💛"][n % 4]),
    },
    Fault { name: "case changed", reasons: &["other_case"], make: recased },
    Fault {
        name: "doubled length",
        reasons: &["other_length"],
        make: |rows, n| format!("{} {}", rows[n], rows[(n + ROWS / 2) % rows.len()]),
    },
    Fault {
        name: "15 sources, 20 times each",
        reasons: &["few_sources"],
        make: |rows, n| {
            let mut words: Vec<&str> = rows[n % SOURCES].split_whitespace().collect();
            let others: Vec<&str> = rows[n].split_whitespace().collect();
            for k in 0..words.len() / 4 {
                let at = (n / SOURCES * 7 + k * 5) % words.len();
                words[at] = others.get(k).copied().unwrap_or("so");
            }
            words.join(" ")
        },
    },
];

/// Prints what is named of each.
pub(crate) fn sets(sets: &[Set]) {
    let checks = checks();
    println!("\nSets of {ROWS} rows of one label\n");
    for set in sets.iter().filter(|set| set.name.ends_with("half")) {
        let Some((label, rows)) = largest(set) else { continue };
        let context = Context::new(set.dataset.train(), None, Seed::new(7));
        let panel = Panel::new(&checks, &context);
        for fault in FAULTS {
            let candidates: Vec<Candidate> =
                (0..rows.len()).map(|n| candidate(n, &(fault.make)(&rows, n), label)).collect();
            let mut judging = panel.begin();
            let verdicts = judging.judge(&candidates);
            let (_, counts) = judging.conclude(&verdicts);
            let found: Vec<&str> = counts.sets.iter().map(|s| s.reason.as_str()).collect();
            let is_named = found.iter().any(|reason| fault.reasons.contains(reason));
            let right = if fault.reasons.is_empty() { found.is_empty() } else { is_named };
            let told = if right { "" } else { "WRONG " };
            println!("- {told}{}, `{label}`, {}: {}", set.name, fault.name, found.join(", "));
        }
    }
}

/// The label with the most human rows that are in neither view, and the first of those.
fn largest(set: &Set) -> Option<(&str, Vec<&str>)> {
    let mut by_label: HashMap<&str, Vec<&str>> = HashMap::new();
    set.fresh.iter().for_each(|(text, label)| by_label.entry(label).or_default().push(text));
    let (label, mut rows) = by_label.into_iter().max_by_key(|(label, rows)| (rows.len(), *label))?;
    rows.truncate(ROWS);
    Some((label, rows))
}

fn inside(text: &str, phrase: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let at = words.len() / 2;
    [&words[..at], &[phrase], &words[at..]].concat().join(" ")
}

/// Capitals where the rows have few, and small letters where they have some.
fn recased(rows: &[&str], n: usize) -> String {
    let has_capitals = rows.iter().filter(|t| t.chars().any(char::is_uppercase)).count() * 2 > rows.len();
    if has_capitals { rows[n].to_lowercase() } else { rows[n].to_uppercase() }
}

//! The two tables.

use crate::faults::{Base, From, KINDS, Kind};
use crate::sets::Set;
use equipoise_core::check::{self, Check, CheckOutcome, Context, Panel, Verdict};
use equipoise_core::generator::{Candidate, Sources};
use equipoise_core::rng::Seed;
use std::collections::{BTreeMap, BTreeSet};

/// The checks with their defaults.
pub(crate) fn checks() -> Vec<Box<dyn Check>> {
    check::build_all(|_| None).expect("defaults build")
}

/// A candidate of no known source.
pub(crate) fn candidate(n: usize, text: &str, label: &str) -> Candidate {
    Candidate {
        id: n.to_string(),
        text: text.to_owned(),
        label: label.to_owned(),
        request: None,
        position: n,
        sources: Sources::Unknown,
        fault: None,
        came: None,
        attributes: Default::default(),
    }
}

/// The checks that say "this stands there already", which is true of human rows too: many people write "Happy Mother's Day".
const DUPLICATES: [&str; 4] = ["test_overlap", "copy", "test_near", "near_duplicate"];

/// Rejections and warnings of untouched human rows, by check, in percent.
pub(crate) fn human(sets: &[Set]) {
    let checks = checks();
    let shown = std::env::var("SHOW").unwrap_or_default();
    println!(
        "Human rows rejected (warned of), %\n\n| check | {} |",
        sets.iter().map(|s| s.name.as_str()).collect::<Vec<_>>().join(" | ")
    );
    println!("|---|{}", "---|".repeat(sets.len()));
    let mut rows: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    let (mut any, mut any_other, mut n_rows) = (Vec::new(), Vec::new(), Vec::new());
    let mut notes = Vec::new();
    for set in sets {
        let fingerprints = set.dataset.held_out().map(|h| h.fingerprints());
        let context = Context::new(set.dataset.train(), fingerprints.as_ref(), Seed::new(7));
        let panel = Panel::new(&checks, &context);
        notes.extend(panel.notes().into_iter().map(|note| format!("{}: {note}", set.name)));
        let candidates: Vec<Candidate> =
            set.fresh.iter().enumerate().map(|(n, (text, label))| candidate(n, text, label)).collect();
        let verdicts = panel.begin().judge(&candidates);
        let n = candidates.len() as f64;
        for (at, check) in checks.iter().enumerate() {
            let of =
                |outcome| verdicts.iter().filter(|v| v.check == check.name() && v.outcome == outcome).count() as f64;
            rows.entry(at).or_default().push(format!(
                "{:.2} ({:.1})",
                100.0 * of(CheckOutcome::Reject) / n,
                100.0 * of(CheckOutcome::Warn) / n
            ));
            if shown == check.name() {
                let rejected = verdicts.iter().filter(|v| v.check == shown && v.outcome == CheckOutcome::Reject);
                for v in rejected.take(400) {
                    let text = &candidates[v.candidate.parse::<usize>().expect("a number")].text;
                    println!(
                        "  [{}] {} {:?} {:?}: {}",
                        set.name,
                        v.reason,
                        v.score,
                        v.evidence,
                        text.replace('\n', "⏎")
                    );
                }
            }
        }
        let rejected = |counts: &dyn Fn(&str) -> bool| {
            let by = verdicts.iter().filter(|v| v.outcome == CheckOutcome::Reject && counts(&v.check));
            let rows: BTreeSet<&str> = by.map(|v| v.candidate.as_str()).collect();
            format!("**{:.2}**", 100.0 * rows.len() as f64 / n)
        };
        any.push(rejected(&|_| true));
        any_other.push(rejected(&|check| !DUPLICATES.contains(&check)));
        n_rows.push(candidates.len().to_string());
    }
    for (at, cells) in rows {
        println!("| `{}` | {} |", checks[at].name(), cells.join(" | "));
    }
    println!("| any rejection | {} |", any.join(" | "));
    println!("| any but as a duplicate | {} |\n| rows | {} |\n", any_other.join(" | "), n_rows.join(" | "));
    notes.iter().for_each(|note| println!("- {note}"));
}

/// Rows of a kind that are planted in each set.
const PLANTED: usize = 60;

/// Planted faults that are rejected, by any check and by the one that they are made for.
pub(crate) fn faults(sets: &[Set]) {
    let checks = checks();
    let whole: Vec<&Set> = sets.iter().collect();
    println!(
        "\nPlanted faults rejected, % by any check / by its own / its own or a warning\n\n| group | kind | n | any | own | told | by set |\n|---|---|---|---|---|---|---|"
    );
    let mut found: Vec<Vec<(usize, usize, usize, usize)>> = vec![Vec::new(); KINDS.len()];
    let shown = std::env::var("MISSED").unwrap_or_default();
    for set in &whole {
        let fingerprints = set.dataset.held_out().map(|h| h.fingerprints());
        let context = Context::new(set.dataset.train(), fingerprints.as_ref(), Seed::new(7));
        let panel = Panel::new(&checks, &context);
        for (kind, found) in KINDS.iter().zip(&mut found) {
            let (before, planted) = plant(kind, set);
            let mut judging = panel.begin();
            judging.judge(&before);
            let verdicts = judging.judge(&planted);
            let ids = |of: &dyn Fn(&Verdict) -> bool| {
                verdicts.iter().filter(|v| of(v)).map(|v| v.candidate.clone()).collect::<BTreeSet<String>>()
            };
            let any = ids(&|v| v.outcome == CheckOutcome::Reject);
            let own = ids(&|v| v.outcome == CheckOutcome::Reject && v.check == kind.check);
            let told = ids(&|v| v.check == kind.check || v.outcome == CheckOutcome::Reject);
            if shown == kind.name || shown == "all" {
                for c in planted.iter().filter(|c| !any.contains(&c.id)) {
                    println!("  missed {} [{}]: {}", kind.name, set.name, c.text.replace('\n', "⏎"));
                }
            }
            found.push((planted.len(), any.len(), own.len(), told.len()));
        }
    }
    let percent = |n: usize, of: usize| format!("{:.1}", 100.0 * n as f64 / of.max(1) as f64);
    for (kind, found) in KINDS.iter().zip(&found) {
        let sum = |of: fn(&(usize, usize, usize, usize)) -> usize| found.iter().map(of).sum::<usize>();
        let n = sum(|f| f.0);
        let by_set: Vec<String> = found.iter().map(|f| percent(f.1, f.0)).collect();
        println!(
            "| {} | {} | {n} | {} | {} | {} | {} |",
            kind.group,
            kind.name,
            percent(sum(|f| f.1), n),
            percent(sum(|f| f.2), n),
            percent(sum(|f| f.3), n),
            by_set.join(" ")
        );
    }
}

/// The candidates that come before, and the planted ones.
fn plant(kind: &Kind, set: &Set) -> (Vec<Candidate>, Vec<Candidate>) {
    let of = match kind.from {
        From::Train | From::OtherLabel => &set.train,
        From::HeldOut => &set.held_out,
        From::Fresh | From::Candidate => &set.fresh,
    };
    let labels = set.dataset.labels().names();
    // Texts of some length: a short one is copied by chance.
    let long = |text: &&(String, String)| {
        (40..400).contains(&text.0.chars().count()) && text.0.split_whitespace().count() >= 8
    };
    let bases: Vec<&(String, String)> = of.iter().filter(long).take(2 * PLANTED).collect();
    let (mut before, mut planted) = (Vec::new(), Vec::new());
    for (n, (text, label)) in bases.iter().take(PLANTED).enumerate() {
        let label = match kind.from {
            From::OtherLabel => labels.iter().find(|l| *l != label).unwrap_or(label),
            _ => label,
        };
        let other = &bases[(n + PLANTED / 2) % bases.len()].0;
        let made = (kind.make)(&Base { text, label, other, n });
        if kind.from == From::Candidate {
            before.push(candidate(1_000_000 + n, text, label));
        }
        planted.push(candidate(n, &made, label));
    }
    (before, planted)
}

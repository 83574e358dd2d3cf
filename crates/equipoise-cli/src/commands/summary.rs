//! What commands that generate or evaluate share: consent, Ctrl-C, and the closing summary.

use crate::error::Failure;
use crate::table::Table;
use crate::ui::Ui;
use equipoise::core::eval::{ArmResult, Evaluation, Level};
use equipoise::core::metric::{self, Scope};
use equipoise::core::pattern::reliance::Leaning;
use equipoise::core::report::{command, purpose};
use equipoise::core::stats::Estimate;
use equipoise::core::text::escape_control;
use equipoise::pipeline::{Cost, Outcome};
use serde_json::json;
use std::io::{IsTerminal, Write};
use std::path::Path;

/// What a person at a terminal is not asked about: it costs less than reading the question is worth.
const FREE_TO_SPEND_USD: f64 = 1.0;
/// Labels whose verdict the closing summary shows.
const SHOWN_LABELS: usize = 6;

/// Asks before money is spent or texts leave for a place whose price is unknown. Somebody at a terminal is told, and not asked, where
/// it is 1 USD at most.
///
/// # Errors
/// Usage, where there is neither `--yes` nor a person to ask, or the person says no.
pub(crate) fn consent(cost: &Cost, yes: bool, ui: &Ui) -> Result<(), Failure> {
    if cost.host.is_some() {
        ui.note(&cost.to_string());
    }
    if yes || cost.is_free() {
        return Ok(());
    }
    if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        return Err(Failure::usage(
            "this run needs consent, and nobody is at a terminal to give it",
            "add --yes to send",
        ));
    }
    if cost.most_usd().is_some_and(|most| most <= FREE_TO_SPEND_USD) {
        return Ok(());
    }
    eprint_prompt("Send? [y/N] ");
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    if matches!(answer.trim().to_lowercase().as_str(), "y" | "yes") {
        return Ok(());
    }
    Err(Failure::usage("nothing was sent", "answer y, or add --yes"))
}

fn eprint_prompt(text: &str) {
    let mut err = std::io::stderr().lock();
    let _ = write!(err, "{text}");
    let _ = err.flush();
}

/// The end of a run for people, and its JSON.
///
/// # Errors
/// Where standard output cannot be written.
pub(crate) fn finished(dir: &Path, finished: &Outcome, ui: &Ui) -> Result<(), Failure> {
    let mut table =
        Table::new(&["label", "wanted", "texts read", "kept", "surplus", "rejected", "short of target", "rejected by"])
            .left(7);
    for l in &finished.selection.labels {
        let by: Vec<String> = l.rejected_by.iter().map(|(why, n)| format!("{why} {n}")).collect();
        let numbers =
            [l.wanted, l.n_candidates, l.n_kept, l.n_surplus, l.n_rejected, l.shortfall].map(|n| n.to_string());
        table.row([l.label.clone()].into_iter().chain(numbers).chain([by.join(", ")]));
    }
    if !finished.selection.labels.is_empty() {
        ui.say(&format!("{}\n", table.render()))?;
    }
    for note in &finished.notes {
        ui.note(note);
    }
    if let Some(evaluation) = &finished.evaluation {
        ui.say(&self::evaluation(evaluation, Some(dir), ui))?;
    }
    ui.say(&format!("\nRun folder  {}\nReport      {}", dir.display(), dir.join("report.html").display()))?;
    // The fields that `--json` has always had.
    ui.result(&json!({
        "dir": dir,
        "selection": finished.selection,
        "rows": finished.rows,
        "set_aside": finished.set_aside,
        "usd_per_kept": finished.usd_per_kept,
        "spent": finished.spent,
        "evaluation": finished.evaluation,
        "notes": finished.notes,
    }))
}

/// An evaluation for people: the arms, then the verdict; `dir` is the folder that holds its model, where one was written.
pub(crate) fn evaluation(evaluation: &Evaluation, dir: Option<&Path>, ui: &Ui) -> String {
    let mut text = String::new();
    let mut labels: Vec<&String> = evaluation.train.labels.keys().collect();
    labels.sort_by_key(|l| evaluation.train.labels[*l]);
    // The rarest labels are what people came for; the report has them all.
    let shown: Vec<&String> = labels.into_iter().take(3).collect();
    let headlines = || metric::CATALOG.iter().copied().filter(|metric| metric.is_headline);
    let overall = || headlines().filter(|metric| metric.scope != Scope::EachLabel);
    let each = || headlines().filter(|metric| metric.scope == Scope::EachLabel);
    let mut headings = vec!["arm".to_owned()];
    headings.extend(overall().map(|metric| metric.title.to_owned()));
    headings.extend(shown.iter().flat_map(|label| each().map(move |metric| format!("{} {label}", metric.title))));
    let several = evaluation.arms.iter().any(|a| a.learner != evaluation.arms[0].learner);
    let mut table = Table::new(&headings.iter().map(String::as_str).collect::<Vec<_>>());
    for arm in &evaluation.arms {
        let name = if several { format!("{} · {}", arm.name, arm.learner) } else { arm.name.clone() };
        let name = if arm.chosen { format!("{name} *") } else { name };
        let levels = overall().map(|metric| cell(arm.figure(metric)));
        let of_labels = shown.iter().flat_map(|label| each().map(move |metric| cell(arm.label_figure(label, metric))));
        table.row([name].into_iter().chain(levels).chain(of_labels));
    }
    text.push_str(&table.render());
    let n = evaluation.held_out.n;
    let name = escape_control(&evaluation.held_out.name);
    text.push_str(&format!("\n\n{n} held-out real rows ({name}); 95 % intervals in brackets"));
    if evaluation.arms.iter().any(|a: &ArmResult| a.chosen) {
        text.push_str("; * chosen by cross-validation on the training rows");
    }
    text.push_str(".\n");
    for note in &evaluation.notes {
        text.push_str(&format!("Note: {}\n", escape_control(note)));
    }
    let verdict = &evaluation.verdict;
    let badge = format!("{}.", verdict.badge());
    let head = match verdict.level {
        Some(Level::Yes | Level::YesAtAPrice) => ui.colored("1;32", &badge),
        Some(Level::NotNeeded) => ui.colored("1;33", &badge),
        Some(Level::No) => ui.colored("1;31", &badge),
        Some(Level::Promising | Level::TooLittleData) | None => ui.bold(&badge),
    };
    text.push_str(&format!("\n{head} {} {}", verdict.headline, escape_control(&verdict.reason)));
    // The report has every label; a terminal shows those that the rows were made for.
    for label in verdict.labels.iter().filter(|l| l.raised).take(SHOWN_LABELS) {
        text.push_str(&format!("\n  {}", escape_control(&label.sentence)));
    }
    // One sentence at most: the label with the most false alarms that hang on the generator's words.
    let leaning = evaluation.analysis.reliance.iter().filter(|r| r.finding == Leaning::Leans);
    if let Some(leaning) = leaning.max_by_key(|r| r.new_false_alarms.n) {
        text.push_str(&format!("\n  {}", escape_control(&leaning.sentence)));
    }
    for advice in &verdict.advice {
        text.push_str(&format!("\n→ {}", escape_control(&advice.sentence)));
        for action in &advice.actions {
            let run = dir.map_or("RUN".into(), |dir| dir.display().to_string());
            text.push_str(&format!("\n    {}: {}", purpose(*action), command(*action, &run)));
        }
    }
    text
}

fn cell(estimate: Option<&Estimate>) -> String {
    estimate.map_or("–".to_owned(), |e| format!("{:.3} [{:.3}, {:.3}]", e.value, e.low, e.high))
}

/// What a review changed: the verdict before and after it, in words and in macro-F1.
pub(crate) fn reviewed(evaluation: &Evaluation) -> String {
    let Some(review) = &evaluation.analysis.review else { return String::new() };
    let d = &review.decided;
    let macro_f1 = |arm: Option<&ArmResult>| {
        let figure = arm.and_then(|a| a.figures.get("macro_f1")?.as_ref());
        figure.map_or_else(|| "not measured".to_owned(), |e| format!("{:.3} ({:.3} … {:.3})", e.value, e.low, e.high))
    };
    let after = evaluation.arms.iter().find(|a| a.chosen);
    format!(
        "Review: {} accepted, {} rejected, {} relabelled, {} edited, {} disputed\n\
         before  {} texts used, macro-F1 {}: {}\n\
         after   {} texts used, macro-F1 {}: {}",
        d.accepted,
        d.rejected,
        d.relabelled,
        d.edited,
        d.disputed,
        review.before.n_kept,
        macro_f1(review.before.chosen.as_ref()),
        escape_control(&review.before.verdict.reason),
        evaluation.synthetic.n_kept,
        macro_f1(after),
        escape_control(&evaluation.verdict.reason),
    )
}

//! What commands that generate or evaluate share: consent, Ctrl-C, and the closing summary.

use crate::ending::{Facts, brief, ending};
use crate::error::Failure;
use crate::table::Table;
use crate::text::columns;
use crate::ui::Ui;
use crate::wording;
use equipoise::core::arm::{NONE, SYNTHETIC};
use equipoise::core::eval::{Action, ArmResult, Evaluation};
use equipoise::core::metric::{self, Scope};
use equipoise::core::report::{Summary, Tone, command};
use equipoise::core::select::ValueCount;
use equipoise::core::stats::Estimate;
use equipoise::core::text::{counted, escape_control, fixed, thousands};
use equipoise::folder;
use equipoise::pipeline::{Cost, Outcome};
use serde_json::json;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

/// What a person at a terminal is not asked about: it costs less than reading the question is worth.
const FREE_TO_SPEND_USD: f64 = 1.0;

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
    if is_yes("Send? [y/N] ")? {
        return Ok(());
    }
    Err(Failure::usage("nothing was sent", "answer y, or add --yes"))
}

/// Asks somebody at the terminal.
///
/// # Errors
/// Where the answer cannot be read.
pub(crate) fn is_yes(question: &str) -> Result<bool, Failure> {
    eprint_prompt(question);
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}

fn eprint_prompt(text: &str) {
    let mut err = std::io::stderr().lock();
    let _ = write!(err, "{text}");
    let _ = err.flush();
}

/// How much of an ending is shown.
#[derive(clap::Args, Debug, Clone, Copy, Default)]
pub(crate) struct Shown {
    /// Show every way of training that was compared, not the three that matter alone
    #[arg(long, help_heading = "Output")]
    pub(crate) arms: bool,
    /// Open the report in the browser of this machine
    #[arg(long, help_heading = "Output")]
    pub(crate) open: bool,
}

/// The end of a run for people, and its JSON.
///
/// # Errors
/// Where standard output cannot be written.
pub(crate) fn finished(dir: &Path, finished: &Outcome, shown: Shown, ui: &Ui) -> Result<(), Failure> {
    notes(&finished.notes, ui);
    if !finished.attributes.is_empty() {
        ui.note_block(&attributes(&finished.attributes));
    }
    let evaluation = finished.evaluation.as_ref();
    let facts = Facts {
        made: Some(made(finished)),
        judged_on: evaluation.map_or_else(String::new, Evaluation::judged_rows),
        next: next(evaluation, dir, finished.model.is_some(), folder::command_of(dir).as_deref()),
        files: Some(files(dir)),
        ways: all_ways(dir),
    };
    say(evaluation, &facts, shown, Some(dir), ui)?;
    // The fields that `--json` has always had.
    let mut result = json!({
        "dir": dir.to_string_lossy(),
        "selection": finished.selection,
        "rows": finished.rows,
        "set_aside": finished.set_aside,
        "usd_per_kept": finished.usd_per_kept,
        "spent": finished.spent,
        "evaluation": finished.evaluation,
        "notes": finished.notes,
    });
    if !finished.attributes.is_empty() {
        result["attributes"] = json!(finished.attributes);
    }
    ui.result(&result)
}

/// How many texts have each value of an attribute.
fn attributes(counts: &[ValueCount]) -> String {
    let mut table = Table::new(&["attribute", "value", "share wanted", "planned", "written", "used"]).left(1);
    for count in counts {
        let of_label = count.label.as_ref().map_or_else(String::new, |label| format!(" ({label})"));
        let cells = [format!("{}{of_label}", count.attribute), count.value.clone()];
        let share = format!("{:.0} %", 100.0 * count.share);
        let numbers = [count.n_planned, count.n_written, count.n_kept].map(|n| n.to_string());
        table.row(cells.into_iter().chain([share]).chain(numbers));
    }
    table.render()
}

/// The end of an evaluation of rows from elsewhere; `dir` is the folder that it was written into.
///
/// # Errors
/// Where standard output cannot be written.
pub(crate) fn evaluated(
    evaluation: &Evaluation,
    dir: &Path,
    has_model: bool,
    shown: Shown,
    ui: &Ui,
) -> Result<(), Failure> {
    let facts = Facts {
        made: None,
        judged_on: evaluation.judged_rows(),
        next: next(Some(evaluation), dir, has_model, None)
            .into_iter()
            .filter(|(purpose, _)| *purpose != JUDGE_ROWS)
            .collect(),
        files: Some(format!("report.html · report.md · evaluation.json · in {}", dir.display())),
        ways: all_ways(dir),
    };
    say(Some(evaluation), &facts, shown, Some(dir), ui)?;
    ui.result(evaluation)
}

/// What shows every way of training that was compared.
fn all_ways(dir: &Path) -> String {
    format!("equipoise report {} --arms", wording::path(dir))
}

/// Notes that stand above the last block; the report has all.
const NOTES: usize = 6;
const JUDGE_ROWS: &str = "judge the rows";

fn notes(notes: &[String], ui: &Ui) {
    for note in notes.iter().take(NOTES) {
        ui.note(note);
    }
    if notes.len() > NOTES {
        let n = notes.len() - NOTES;
        ui.note(&format!("{} {} in the report", counted(n, "more note"), if n == 1 { "is" } else { "are" }));
    }
}

fn say(
    evaluation: Option<&Evaluation>,
    facts: &Facts,
    shown: Shown,
    dir: Option<&Path>,
    ui: &Ui,
) -> Result<(), Failure> {
    let summary = Summary::of(evaluation);
    let lines = if ui.is_quiet() {
        brief(&summary, dir.map(|dir| dir.join("report.html").display().to_string()).as_deref())
    } else {
        if let Some(evaluation) = evaluation.filter(|_| shown.arms) {
            ui.say(&format!("{}\n", arms(evaluation, columns())))?;
        }
        ending(&summary, facts, columns())
    };
    let code = match summary.tone {
        Tone::Yes => "1;32",
        Tone::Price | Tone::Free => "1;33",
        Tone::No => "1;31",
        Tone::Unknown => "1",
    };
    let mut lines = lines.into_iter();
    let first = lines.next().map(|line| ui.colored(code, &line));
    ui.say(&first.into_iter().chain(lines).collect::<Vec<_>>().join("\n"))?;
    if let Some(dir) = dir.filter(|_| shown.open) {
        open(&dir.join("report.html"), ui);
    }
    Ok(())
}

/// Opens a page in the browser; where there is none, the page is where it was said to be.
pub(crate) fn open(page: &Path, ui: &Ui) {
    if let Err(error) = ::open::that_detached(page) {
        ui.note(&format!("no browser could be started ({error}); open {} in one", page.display()));
    }
}

/// `172 of 172 texts kept · 18 requests · no cost`.
fn made(outcome: &Outcome) -> String {
    let labels = &outcome.selection.labels;
    let (kept, wanted): (usize, usize) = (labels.iter().map(|l| l.n_kept).sum(), labels.iter().map(|l| l.wanted).sum());
    let spent = &outcome.spent;
    let cost = match spent.usd {
        Some(0.0) => "no cost".to_owned(),
        Some(usd) => format!("{usd:.4} USD"),
        None => "cost not known (give --price IN,OUT)".to_owned(),
    };
    let wanted = counted(wanted, "text");
    format!("{} of {wanted} kept · {} · {cost}", thousands(kept as u64), counted(spent.n_answered, "request"))
}

/// What to do next: first what gives the figure of the verdict, where the new rows are to be used.
fn next(
    evaluation: Option<&Evaluation>,
    dir: &Path,
    has_model: bool,
    typed: Option<&str>,
) -> Vec<(&'static str, String)> {
    let verdict = evaluation.map(|evaluation| &evaluation.verdict);
    let uses = verdict.is_some_and(|verdict| verdict.use_synthetic == Some(true));
    let report = ("read and share", dir.join("report.html").display().to_string());
    let predict = || ("label new texts", format!("equipoise predict {} new.csv", wording::path(dir)));
    let judge = (JUDGE_ROWS, format!("equipoise review {}", wording::path(dir)));
    let control = verdict.into_iter().flat_map(|verdict| &verdict.advice).flat_map(|advice| &advice.actions).find_map(
        |a| match a {
            Action::StyleControl(_) => Some(("try again, fairer", command(*a, "", typed)?)),
            _ => None,
        },
    );
    let mut next = Vec::new();
    if uses && verdict.is_some_and(|verdict| verdict.arm == SYNTHETIC) {
        next.push((
            "train your model",
            augmented(dir).map_or_else(|| "on your rows and these".to_owned(), |file| file.display().to_string()),
        ));
    } else if uses && has_model {
        next.push(predict());
    }
    next.push(report);
    if !uses && has_model && verdict.is_some_and(|verdict| verdict.arm != NONE) {
        next.push(predict());
    }
    if verdict.is_none_or(|verdict| verdict.level.is_some()) {
        next.push(judge);
    }
    next.extend(control);
    next
}

/// The file of the real rows and the new ones, in the input's own format.
fn augmented(dir: &Path) -> Option<PathBuf> {
    let files = std::fs::read_dir(dir).ok()?.flatten().map(|entry| entry.path());
    files
        .filter(|path| {
            path.file_stem().is_some_and(|stem| stem.to_string_lossy().split('.').next() == Some("augmented"))
        })
        .min()
}

fn files(dir: &Path) -> String {
    let name = augmented(dir).and_then(|path| Some(path.file_name()?.to_string_lossy().into_owned()));
    let name = name.unwrap_or_else(|| "augmented.*".to_owned());
    let synthetic = name.replacen("augmented", "synthetic", 1);
    format!("{name} (your rows, then the new ones) · {synthetic} (sources) · card.md · all in {}", dir.display())
}

/// Every way of training that was compared, with as many figures as the width has room for.
pub(crate) fn arms(evaluation: &Evaluation, columns: usize) -> String {
    let mut labels: Vec<&String> = evaluation.train.labels.keys().collect();
    labels.sort_by_key(|l| evaluation.train.labels[*l]);
    let headlines = || metric::CATALOG.iter().copied().filter(|metric| metric.is_headline);
    let overall = || headlines().filter(|metric| metric.scope != Scope::EachLabel);
    let each = || headlines().filter(|metric| metric.scope == Scope::EachLabel);
    let several = evaluation.arms.iter().any(|a| a.learner != evaluation.arms[0].learner);
    let table = |cell: fn(Option<&Estimate>) -> String| {
        let mut headings = vec!["way of training".to_owned()];
        headings.extend(overall().map(|metric| metric.title.to_owned()));
        headings.extend(labels.iter().flat_map(|label| each().map(move |metric| format!("{} {label}", metric.title))));
        let mut table = Table::new(&headings.iter().map(String::as_str).collect::<Vec<_>>());
        for arm in &evaluation.arms {
            let name = if several { format!("{} · {}", arm.name, arm.learner) } else { arm.name.clone() };
            let name = if arm.chosen { format!("{name} *") } else { name };
            let levels = overall().map(|metric| cell(arm.figure(metric)));
            let of_labels =
                labels.iter().flat_map(|label| each().map(move |metric| cell(arm.label_figure(label, metric))));
            table.row([name].into_iter().chain(levels).chain(of_labels));
        }
        table
    };
    let with_intervals = table(interval_cell);
    let table = if with_intervals.columns_within(columns) >= FIGURES { with_intervals } else { table(value_cell) };
    let mut text = table.render_within(columns);
    if evaluation.arms.iter().any(|a: &ArmResult| a.chosen) {
        text.push_str(match evaluation.arms.iter().any(|arm| arm.cv_score.is_some()) {
            true => "\n* chosen by cross-validation on the training rows",
            false => "\n* what the verdict is about; nothing was cross-validated",
        });
    }
    text
}

/// Columns that the table of all ways has with intervals, at least; where there is room for fewer, the values alone are shown.
const FIGURES: usize = 3;

fn interval_cell(estimate: Option<&Estimate>) -> String {
    estimate.map_or("–".to_owned(), |e| format!("{} [{}, {}]", fixed(e.value, 3), fixed(e.low, 3), fixed(e.high, 3)))
}

fn value_cell(estimate: Option<&Estimate>) -> String {
    estimate.map_or("–".to_owned(), |e| fixed(e.value, 3))
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

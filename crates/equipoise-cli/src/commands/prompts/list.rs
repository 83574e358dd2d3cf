//! `equipoise prompts list`.

use crate::commands::out::RUNS;
use crate::error::Failure;
use crate::table::Table;
use crate::ui::Ui;
use equipoise::core::text::escape_control;
use equipoise::prompts::{Change, Figures, Part, Version, versions};
use std::path::PathBuf;

/// List every prompt that the runs and pilots of a folder have used: when, where, what came of it, and what changed since its parent
#[derive(clap::Args, Debug)]
#[command(after_help = "\
A template names the one it was made from in its first comment, by name, file or version: {# equipoise: generator=rewrite parent=rewrite #}

Examples:
  equipoise prompts list
  equipoise prompts list runs --json")]
pub(crate) struct PromptsListArgs {
    /// Folder of a run or pilot, or of many
    #[arg(default_value = RUNS)]
    dir: PathBuf,
}

impl PromptsListArgs {
    /// Runs the command.
    pub(crate) fn run(&self, ui: &Ui) -> Result<(), Failure> {
        let listed = versions(&self.dir)?;
        if listed.is_empty() {
            ui.say("The runs asked no model, so that there is no prompt to list.")?;
        } else {
            ui.say(&table(&listed))?;
        }
        for version in &listed {
            ui.say(&told(version, ui))?;
        }
        ui.result(&listed)
    }
}

/// A line for each version.
fn table(listed: &[Version]) -> String {
    let mut table = Table::new(&[
        "prompt",
        "version",
        "parent",
        "first used",
        "uses",
        "asked",
        "good",
        "rejected",
        "declined",
        "name label",
        "USD each",
    ])
    .left(1)
    .left(2)
    .left(3)
    .optional(9)
    .optional(8)
    .optional(3);
    for Version { name, version, parent, runs, figures, .. } in listed {
        let first = runs.iter().find_map(|run| run.date.clone());
        table.row([
            name.clone(),
            version.chars().take(8).collect(),
            parent.as_ref().map_or_else(|| "–".to_owned(), |parent| parent.name.clone()),
            first.unwrap_or_else(|| "–".to_owned()),
            runs.len().to_string(),
            figures.n_planned.to_string(),
            good(figures),
            figures.n_rejected.to_string(),
            figures.n_refused.to_string(),
            figures.n_naming_label.to_string(),
            figures
                .usd
                .filter(|_| figures.n_good > 0)
                .map_or_else(|| "–".to_owned(), |usd| format!("{:.5}", usd / figures.n_good as f64)),
        ]);
    }
    format!("{}\n\nGood: of the texts asked for, those that no check rejects, with a 95 % interval.", table.render())
}

fn good(figures: &Figures) -> String {
    match &figures.good {
        Some(share) => format!("{:.0} % ({:.0}–{:.0})", 100.0 * share.value, 100.0 * share.low, 100.0 * share.high),
        None => "–".to_owned(),
    }
}

/// Where a version was used, and what changed since its parent.
fn told(version: &Version, ui: &Ui) -> String {
    let mut text = format!("\n{} {}", ui.bold(&escape_control(&version.name)), version.version);
    for run in &version.runs {
        let Figures { n_planned, n_good, .. } = run.figures;
        let date = run.date.as_deref().unwrap_or("day unknown");
        let (folder, model) = (run.run.display().to_string(), escape_control(&run.model));
        let pilot = if run.is_pilot { "  (a pilot)" } else { "" };
        text += &format!("\n  {date}  {}  {model}  {n_good} good of {n_planned}{pilot}", escape_control(&folder));
    }
    if let Some((why, n)) = &version.figures.most_rejected_by {
        text += &format!("\n  rejected most by {} ({n})", escape_control(why));
    }
    let Figures { n_read, n_naming_label, .. } = version.figures;
    if n_naming_label > 0 {
        text += &format!("\n  {n_naming_label} of {n_read} texts name their label");
    }
    match &version.parent {
        Some(parent) if parent.version.is_some() => {
            let changed = changed_lines(&parent.difference);
            let name = escape_control(&parent.name);
            text += &format!("\n  changed since {name}:");
            changed.iter().for_each(|line| text += &format!("\n    {line}"));
        }
        Some(parent) => text += &format!("\n  made from {}, which no run here used", escape_control(&parent.name)),
        None => {}
    }
    text
}

/// The lines in which something changed, `[-removed-]` and `{+added+}`.
fn changed_lines(parts: &[Part]) -> Vec<String> {
    let marked: String = parts
        .iter()
        .map(|part| {
            let wrap = |open: &str, close: &str| -> String {
                let lines = part
                    .text
                    .split('\n')
                    .map(|line| if line.is_empty() { String::new() } else { format!("{open}{line}{close}") });
                lines.collect::<Vec<_>>().join("\n")
            };
            match part.change {
                Change::Kept => part.text.clone(),
                Change::Removed => wrap("[-", "-]"),
                Change::Added => wrap("{+", "+}"),
            }
        })
        .collect();
    let is_changed =
        |line: &&str| line.contains("[-") && line.contains("-]") || line.contains("{+") && line.contains("+}");
    marked.lines().filter(is_changed).map(|line| escape_control(line.trim())).collect()
}

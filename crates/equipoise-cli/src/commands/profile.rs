//! `equipoise profile`.

use crate::args::{Global, Input, RecipeFile};
use crate::commands::job::{Flags, sources};
use crate::error::Failure;
use crate::interrupt::stop_on_interrupt;
use crate::table::{Table, bar};
use crate::ui::Ui;
use equipoise::core::profile::Profile;
use equipoise::core::text::{counted, escape_control, thousands};
use equipoise::{Material, Work};
use std::path::PathBuf;

/// Show label balance, lengths, duplicates, conflicting labels and texts that are also in the test set
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:\n  equipoise profile train.csv --text message --label topic --test test.csv")]
pub(crate) struct ProfileArgs {
    /// File of labelled texts (csv, tsv, txt, json, jsonl, parquet, arrow; also .gz, .zst; - is standard input)
    input: Option<PathBuf>,
    /// File of held-out rows, to count texts that are in both
    #[arg(long, value_name = "FILE")]
    test: Option<PathBuf>,
    #[command(flatten)]
    columns: Input,
    #[command(flatten)]
    file: RecipeFile,
}

impl ProfileArgs {
    /// Runs the command.
    pub(crate) fn run(&self, global: &Global, ui: &Ui) -> Result<(), Failure> {
        let flags = Flags::new(global, &self.columns, &self.file)
            .path("data.input", self.input.as_deref())?
            .path("data.test", self.test.as_deref())?;
        let work = Work::watched(|e| ui.event(e)).stopped_by(stop_on_interrupt(ui, None));
        // A profile needs no setup, so that a recipe whose model or learner is not there does not stand in its way.
        let material = Material::read(&sources(&mut flags.recipe()?, &work)?.to_look_at(), &work)?;
        ui.say(&render(material.profile(), ui))?;
        ui.result(material.profile())
    }
}

/// The profile for people.
pub(crate) fn render(profile: &Profile, ui: &Ui) -> String {
    let mut table = Table::new(&["label", "rows", "share", "", "words", "characters", "duplicates"])
        .left(3)
        .optional(5)
        .optional(3);
    let largest = profile.labels.first().map_or(1, |l| l.n.max(1));
    for l in &profile.labels {
        table.row([
            l.label.clone(),
            l.n.to_string(),
            format!("{:.1} %", l.share * 100.0),
            bar(l.n as f64 / largest as f64, 24),
            // Where no blanks stand between words, their number says nothing.
            match l.style.is_unspaced() {
                true => "–".to_owned(),
                false => format!("{} ({}–{})", l.words.median, l.words.p2, l.words.p98),
            },
            format!("{} ({}–{})", l.chars.median, l.chars.p2, l.chars.p98),
            thousands(l.n_duplicates as u64),
        ]);
    }
    let mut text = format!(
        "{}\n\n{}\n\nLengths are medians, with 2nd and 98th percentile.",
        ui.bold(&format!(
            "{}, {}; {}",
            counted(profile.n, "row"),
            counted(profile.labels.len(), "label"),
            match format!("{:.1}", profile.imbalance_ratio).as_str() {
                "1.0" => "all have about as many rows".to_owned(),
                ratio => format!("the largest label has {ratio} times the rows of the smallest"),
            }
        )),
        table.render()
    );
    text.push_str(&format!("\nDuplicates: {} rows repeat an earlier text", thousands(profile.n_duplicates as u64)));
    if let Some(near) = profile.n_near_duplicates {
        text.push_str(&format!(", {} more have a near-duplicate", thousands(near as u64)));
    }
    text.push_str(&format!("; {} texts have conflicting labels.", thousands(profile.n_conflicts as u64)));
    for conflict in profile.conflicts.iter().take(5) {
        let mut labels: Vec<&str> = conflict.rows.iter().map(|(_, label)| label.as_str()).collect();
        labels.dedup();
        let shown: String = conflict.text.chars().take(80).collect();
        text.push_str(&format!("\n  {}: {}", escape_control(&labels.join(" / ")), escape_control(&shown)));
    }
    if profile.private.n_with > 0 {
        let words = profile.private.words();
        text.push_str(&format!("\nPrivate data: {words}; `--mask` hides it from a model that texts are sent to."));
    }
    if let (Some(n), Some(also)) = (profile.n_held_out, profile.n_also_held_out) {
        let (n, also) = (thousands(n as u64), thousands(also as u64));
        text.push_str(&format!("\nTest set: {n} rows; {also} training rows have a text that is also in it."));
    }
    text
}

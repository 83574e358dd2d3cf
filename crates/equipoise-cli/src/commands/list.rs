//! `equipoise list`.

use crate::error::Failure;
use crate::text::{columns, pad, wrapped};
use crate::ui::Ui;
use equipoise::catalogs::{self, Kind};
use std::fmt::Write;

/// List formats, generators, providers, checks, learners, arms or metrics, with their settings and sources
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:\n  equipoise list checks\n  equipoise list arms --json")]
pub(crate) struct ListArgs {
    /// What to list [default: the names of all there is]
    #[arg(value_parser = clap::builder::PossibleValuesParser::new(Kind::ALL.map(Kind::name)))]
    kind: Option<String>,
    /// As a Markdown page
    #[arg(long)]
    markdown: bool,
}

/// Columns of the longest command, and a gap.
const COMMAND: usize = 27;

impl ListArgs {
    /// Runs the command.
    pub(crate) fn run(&self, ui: &Ui) -> Result<(), Failure> {
        let Some(kind) = Kind::ALL.into_iter().find(|kind| self.kind.as_deref() == Some(kind.name())) else {
            // Without a kind: what there is to list.
            let lines = Kind::ALL.map(|kind| {
                let names: Vec<&str> = catalogs::items(kind).iter().map(|item| item.name).collect();
                let names =
                    wrapped(&names.join(", "), columns() - COMMAND, "").join(&format!("\n{}", " ".repeat(COMMAND)));
                format!("{}{names}", pad(&format!("equipoise list {}", kind.name()), COMMAND))
            });
            ui.say(&lines.join("\n"))?;
            return ui.result(&Kind::ALL.map(Kind::name));
        };
        let items = catalogs::items(kind);
        if self.markdown {
            ui.say(catalogs::markdown(kind).trim_end())?;
            return ui.result(&items);
        }
        let mut text = String::new();
        for item in &items {
            let source = format!("Source: {}", item.source);
            let settings = item.settings.iter().map(|s| format!("{} = {}  {}", s.name, s.default, s.why));
            let said = [item.what.to_owned(), item.why.to_owned(), source].into_iter().chain(settings);
            let _ = writeln!(text, "{}", ui.bold(item.name));
            for line in said.flat_map(|said| wrapped(&format!("  {said}"), columns(), "    ")) {
                let _ = writeln!(text, "{line}");
            }
            text.push('\n');
        }
        ui.say(text.trim_end())?;
        ui.result(&items)
    }
}

//! The commands, one file each.

mod check;
mod demo;
mod evaluate;
mod list;
mod out;
mod plan;
mod predict;
mod profile;
mod replay;
mod report;
mod resume;
mod review;
mod run;
mod summary;

use crate::args::{Global, RecipeFile};
use crate::error::Failure;
use crate::ui::Ui;
use clap::Subcommand;
use equipoise::config::{Layer, Layers, Recipe};
use std::path::Path;
use toml::Table;

/// What to do.
#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    Demo(demo::Args),
    Profile(profile::Args),
    Plan(Box<plan::Args>),
    Run(Box<run::Args>),
    Resume(resume::Args),
    Check(check::Args),
    Evaluate(evaluate::Args),
    Predict(predict::Args),
    Report(report::Args),
    Review(review::Args),
    Replay(replay::Args),
    List(list::Args),
}

impl Command {
    /// Runs the command.
    pub(crate) fn run(&self, global: &Global, ui: &Ui) -> Result<(), Failure> {
        match self {
            Command::Demo(args) => args.run(global, ui),
            Command::Profile(args) => args.run(global, ui),
            Command::Plan(args) => args.run(global, ui),
            Command::Run(args) => args.run(global, ui),
            Command::Resume(args) => args.run(ui),
            Command::Check(args) => args.run(global, ui),
            Command::Evaluate(args) => args.run(global, ui),
            Command::Predict(args) => args.run(ui),
            Command::Report(args) => args.run(ui),
            Command::Review(args) => args.run(ui),
            Command::Replay(args) => args.run(ui),
            Command::List(args) => args.run(ui),
        }
    }
}

/// The recipe of a command: recipe file, environment, then flags.
fn recipe(file: &RecipeFile, flags: Table) -> Result<Recipe, Failure> {
    let layers = match &file.recipe {
        Some(path) => Layers::default().recipe(path).map_err(equipoise::Error::from)?,
        None => Layers::default(),
    };
    let layers = layers.environment(|name| std::env::var(name).ok()).with(Layer::Flag, flags);
    Ok(layers.resolve().map_err(equipoise::Error::from)?)
}

/// Writes a path flag into a recipe layer.
fn path_flag(table: &mut Table, key: &str, path: Option<&Path>) -> Result<(), Failure> {
    if let Some(path) = path {
        let text = path.to_str().ok_or_else(|| {
            Failure::usage(format!("{} is not valid Unicode", path.display()), "rename the file: recipes are text")
        })?;
        equipoise::config::set(table, key, toml::Value::String(text.to_owned()));
    }
    Ok(())
}

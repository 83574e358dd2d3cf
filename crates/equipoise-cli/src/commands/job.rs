//! What commands that read rows have in common: flags make a recipe, a recipe a setup, and then rows are read.

use crate::args::{Global, Input, RecipeFile};
use crate::error::Failure;
use crate::ui::Ui;
use equipoise::config::{Layer, Layers, Recipe, set};
use equipoise::core::eval::{Design, FEWEST_TO_JUDGE, FOLDS};
use equipoise::core::text::thousands;
use equipoise::input::Source;
use equipoise::material::Sources;
use equipoise::remote::Remote;
use equipoise::{Error, Material, Setup, Work};
use std::path::{Path, PathBuf};
use toml::{Table, Value};

/// The flags of one command, as a layer of its recipe.
pub(crate) struct Flags<'a> {
    file: &'a RecipeFile,
    pub(crate) table: Table,
}

impl<'a> Flags<'a> {
    /// Those that every command with rows has.
    pub(crate) fn new(global: &Global, columns: &Input, file: &'a RecipeFile) -> Self {
        let mut table = Table::new();
        global.write(&mut table);
        columns.write(&mut table);
        Flags { file, table }
    }

    /// A path, where it was given.
    pub(crate) fn path(mut self, key: &str, path: Option<&Path>) -> Result<Self, Failure> {
        if let Some(path) = path {
            let text = path.to_str().ok_or_else(|| {
                Failure::usage(format!("{} is not valid Unicode", path.display()), "rename the file: recipes are text")
            })?;
            set(&mut self.table, key, Value::String(text.to_owned()));
        }
        Ok(self)
    }

    /// A text, where it was given.
    pub(crate) fn text(mut self, key: &str, text: Option<&str>) -> Self {
        if let Some(text) = text {
            set(&mut self.table, key, Value::String(text.to_owned()));
        }
        self
    }

    /// A file of label definitions, where one was given.
    pub(crate) fn labels(mut self, path: Option<&Path>) -> Result<Self, Failure> {
        if let Some(path) = path {
            let labels = equipoise::config::definitions(path).map_err(Error::from)?;
            set(&mut self.table, "label", Value::Table(labels));
        }
        Ok(self)
    }

    /// A switch that turns its key on.
    pub(crate) fn switch(mut self, key: &str, is_on: bool) -> Self {
        if is_on {
            set(&mut self.table, key, Value::Boolean(true));
        }
        self
    }

    /// The recipe: recipe file, environment, then flags.
    pub(crate) fn recipe(self) -> Result<Recipe, Failure> {
        recipe(self.file.recipe.as_deref(), self.table)
    }
}

/// The recipe of a recipe file, the environment and flags.
pub(crate) fn recipe(file: Option<&Path>, flags: Table) -> Result<Recipe, Failure> {
    let layers = file.map_or_else(|| Ok(Layers::default()), |path| Layers::default().recipe(path));
    let layers = layers.map_err(Error::from)?.environment(|name| std::env::var(name).ok());
    Ok(layers.with(Layer::Flag, flags).resolve().map_err(Error::from)?)
}

/// Files that may lie elsewhere, fetched where they do.
pub(crate) fn fetched(paths: &[PathBuf], recipe: &Recipe, work: &Work<'_>) -> Result<Vec<Source>, Failure> {
    let remote = Remote::of_environment(recipe.model.offline);
    let local = paths.iter().map(|path| remote.local(path, work).map(Source::Path));
    Ok(local.collect::<Result<_, _>>().map_err(Error::from)?)
}

/// What a recipe reads, once files that lie elsewhere are fetched.
pub(crate) fn sources(recipe: &mut Recipe, work: &Work<'_>) -> Result<Sources, Failure> {
    Remote::of_environment(recipe.model.offline).localise(recipe, work).map_err(Error::from)?;
    Ok(Sources::of(recipe)?)
}

/// Says at once which rows judge the texts that raise the labels `raised`, where it is not the test file alone.
pub(crate) fn say_judges(setup: &Setup, material: &Material, raised: &[&str], ui: &Ui) {
    let Some((design, n_times)) = setup.judges(material, raised) else { return };
    let n_held_out = material.profile().n_held_out.unwrap_or(0);
    let is_named = setup.recipe().data.test.is_some();
    let times = if n_times == 1 { "once".to_owned() } else { format!("{n_times} times") };
    let in_turn = format!("every real row is judged in turn, {FOLDS} folds {times}");
    match (design, is_named) {
        (Design::HeldOut, true) => {}
        (Design::HeldOut, false) => ui.note(&format!(
            "{} of the {} rows are held out to judge on; --test FILE names rows of your own",
            thousands(n_held_out as u64),
            thousands((material.profile().n + n_held_out) as u64)
        )),
        (Design::CrossValidation, true) => ui.note(&format!(
            "the test file has under {FEWEST_TO_JUDGE} rows of a label, too few to judge on alone: {in_turn}, its own among them"
        )),
        (Design::CrossValidation, false) => ui.note(&format!("no test file: {in_turn}")),
    }
}

/// A recipe set up, and its rows read.
pub(crate) struct Job {
    pub(crate) setup: Setup,
    pub(crate) sources: Sources,
    pub(crate) material: Material,
}

impl Job {
    /// Sets `recipe` up and reads its rows, as `wanted` narrows them.
    pub(crate) fn open(mut recipe: Recipe, wanted: fn(Sources) -> Sources, work: &Work<'_>) -> Result<Self, Failure> {
        let sources = wanted(sources(&mut recipe, work)?);
        let setup = Setup::new(recipe)?;
        let material = Material::read(&sources, work)?;
        Ok(Job { setup, sources, material })
    }
}

//! An existing run: its files read and found unchanged.

use super::overrides::{self, Applied, Overrides};
use super::record::RunRecord;
use super::{LEARNT_FILE, NAMES_FILE, RECIPE_FILE, SERVER_FILE, TEMPLATE_FILE};
use crate::config::{Recipe, told};
use crate::fits::FITS_FOLDER;
use crate::material::Sources;
use crate::pipeline::{Planned, plan};
use crate::rundir::{RUN_FILE, RunDir, RunDirError};
use crate::schedule::ServerFacts;
use crate::{Error, Material, Setup, Work};
use std::path::{Path, PathBuf};

/// The recipe of a run, with its input files at their recorded places and what it was changed to while it went on.
///
/// # Errors
/// A folder without a run, or with a damaged one.
pub fn recipe_of(path: &Path) -> Result<Recipe, Error> {
    let dir = RunDir::open(path)?;
    let (mut recipe, _) = read_recipe(&dir)?;
    overrides::kept(&dir)?.iter().for_each(|changes| changes.apply(&mut recipe));
    Ok(recipe)
}

/// A run in its folder, ready to be gone on with.
pub(crate) struct Opened {
    pub(crate) setup: Setup,
    pub(crate) material: Material,
    pub(crate) planned: Planned,
    pub(crate) dir: RunDir,
    /// The run whose answers to equal requests are taken over.
    pub(crate) earlier: Option<PathBuf>,
}

impl Opened {
    /// Opens the run in the folder at `path`, to go on with `changes`.
    pub(crate) fn new(path: &Path, changes: &Overrides, work: &Work<'_>) -> Result<Self, Error> {
        let dir = RunDir::open(path)?;
        let (mut recipe, record) = read_recipe(&dir)?;
        let template = dir.file(TEMPLATE_FILE);
        if template.exists() {
            recipe.prompt.template = Some(template.to_string_lossy().into_owned());
        }
        if recipe.mask.names.is_some() {
            recipe.mask.names = Some(dir.file(NAMES_FILE));
        }
        let sources = Sources::of(&recipe)?;
        let applied = Applied::of(&dir, changes, &mut recipe)?;
        let facts = match dir.file(SERVER_FILE).exists() {
            true => dir.read_json(SERVER_FILE)?,
            false => ServerFacts::default(),
        };
        let setup = Setup::new(recipe)?;
        applied.keep(&dir, &setup)?;
        let setup = setup.going_on(applied.before, facts).of_day(record.date.clone()).typed(record.command.clone());
        let setup = setup.fits_in(dir.file(FITS_FOLDER));
        let setup = match dir.file(LEARNT_FILE).exists() {
            true => setup.having_learnt(dir.read_json(LEARNT_FILE)?),
            false => setup,
        };
        let material = Material::read(&sources, work)?;
        let planned = plan(&setup, &material)?;
        record.verify(&material, &planned.plan.prompt)?;
        Ok(Opened { setup, material, planned, dir, earlier: record.forked_from })
    }
}

fn read_recipe(dir: &RunDir) -> Result<(Recipe, RunRecord), Error> {
    let record: RunRecord = dir.read_json(RUN_FILE)?;
    let text = dir.read(RECIPE_FILE)?;
    let damaged = |e: toml::de::Error| RunDirError::Damaged { path: dir.file(RECIPE_FILE), message: told(&text, &e) };
    let mut recipe = Recipe::from_toml(&text).map_err(damaged)?;
    record.point(&mut recipe);
    Ok((recipe, record))
}

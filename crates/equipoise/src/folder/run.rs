//! Runs started in a folder, and gone on with.

use super::barren::barren;
use super::opened::Opened;
use super::overrides::Overrides;
use super::record::{self, RunRecord};
use super::{LEARNT_FILE, NAMES_FILE, RECIPE_FILE, SERVER_FILE, TEMPLATE_FILE};
use crate::artefacts::{Folder, Leaves};
use crate::config::Recipe;
use crate::error::{FolderError, Stopped};
use crate::fits::{FITS_FOLDER, OwnLearner};
use crate::input::Input;
use crate::journal::Journal;
use crate::material::Sources;
use crate::output::{self, OutputError};
use crate::pipeline::{Answers, Basis, Outcome, PROMPT, Planned, columns, generate, plan};
use crate::review::Texts;
use crate::rundir::{RUN_FILE, RunDir, RunDirError, has_answers};
use crate::schedule::EndReason;
use crate::{Error, Material, Setup, Work};
use equipoise_core::prompt;
use equipoise_core::text::thousands;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where a run goes.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// Its folder.
    pub out: &'a Path,
    /// An earlier run, whose answers to requests that are equal to the byte are taken over. That run is only read.
    pub earlier: Option<&'a Path>,
}

/// Why a run with `recipe` must not be started in the folder at `path`: it holds one already, or files of others that the run would
/// replace. `None` where it may.
pub fn refused(path: &Path, recipe: &Recipe) -> Option<Error> {
    if !path.join(RUN_FILE).exists() {
        return Leaves::Run.may_replace(path).err().map(Error::from);
    }
    let changed = record::changes(path, recipe).unwrap_or_default();
    Some(match changed.is_empty() {
        true => RunDirError::Occupied(path.to_owned()).into(),
        false => FolderError::RunDiffers { path: path.to_owned(), changed }.into(),
    })
}

/// The last run in a folder of runs that was started with `recipe` and the files as they are now; `None` where there is none.
pub fn same(runs: &Path, recipe: &Recipe) -> Option<PathBuf> {
    let started = |dir: &Path| std::fs::metadata(dir.join(RUN_FILE)).and_then(|file| file.modified()).ok();
    let folders = std::fs::read_dir(runs).ok()?.flatten().map(|entry| entry.path());
    let same = folders.filter(|dir| record::changes(dir, recipe).is_some_and(|changed| changed.is_empty()));
    same.max_by_key(|dir| started(dir))
}

/// Starts a run in a new folder and finishes it.
///
/// # Errors
/// Everything that can end a run; what was answered until then stays in the journal for [`resume`].
pub fn start(
    setup: &Setup,
    material: &Material,
    planned: &Planned,
    place: Place<'_>,
    work: &Work<'_>,
) -> Result<Outcome, Error> {
    let Place { out, earlier } = place;
    if let Some(earlier) = earlier.filter(|earlier| !has_answers(earlier)) {
        return Err(RunDirError::NoRun(earlier.to_owned()).into());
    }
    let fits = material.original.layout.can_append();
    fits.map_err(|source| OutputError::Content { path: out.to_owned(), source: Box::new(source) })?;
    columns::verify(setup, material)?;
    planned.check_price(setup)?;
    planned.check_way(setup)?;
    let dir = RunDir::create(out)?;
    let mut recipe = setup.recipe().clone();
    let kept = keep_inputs(&mut recipe, material, &dir)?;
    let material = kept.as_ref().unwrap_or(material);
    let told = look_around((setup, planned), &recipe, material, &dir)?;
    let (setup, planned) = told.as_ref().map_or((setup, planned), |(setup, planned)| (setup, planned));
    if let Some(template) = planned.asking.template.as_ref().filter(|t| prompt::builtin(t.name()).is_none()) {
        dir.write(TEMPLATE_FILE, template.source().as_bytes())?;
    }
    if let Some(list) = setup.masking.as_ref().and_then(|masking| masking.list.as_ref()) {
        dir.write(NAMES_FILE, list.as_bytes())?;
    }
    let learnt = setup.attributing.learnt(&planned.asking.attributes);
    if !learnt.is_empty() {
        dir.write_json(LEARNT_FILE, &learnt)?;
    }
    let record = RunRecord {
        date: setup.date.clone(),
        command: setup.command.clone(),
        ..RunRecord::new(material, &planned.plan.prompt, earlier)?
    };
    dir.write(RECIPE_FILE, recipe.to_toml().map_err(FolderError::Recipe)?.as_bytes())?;
    dir.write_json("plan.json", &planned.plan)?;
    dir.write_json(RUN_FILE, &record)?;
    InFolder { setup, material, planned, dir: &dir, earlier }.finish(work).map_err(|error| error.in_run(&dir))
}

/// Setup and plan of a run whose server told something of itself, which is kept, since what is asked depends on it.
fn look_around(
    (setup, planned): (&Setup, &Planned),
    recipe: &Recipe,
    material: &Material,
    dir: &RunDir,
) -> Result<Option<(Setup, Planned)>, Error> {
    let Some(facts) = planned.look_around(setup)? else { return Ok(None) };
    dir.write_json(SERVER_FILE, &facts)?;
    let own = setup.own();
    let setup =
        Setup::new(recipe.clone())?.going_on(Vec::new(), facts).of_day(setup.date.clone()).typed(setup.command.clone());
    let setup = setup.fits_in(dir.file(FITS_FOLDER)).with_own(own);
    let planned = plan(&setup, material)?;
    Ok(Some((setup, planned)))
}

/// Keeps what cannot be read again (standard input, tables) in the run folder, since a run must be, and points the recipe at its
/// files. Gives the rows as `resume` and `replay` will read them, so that they give the same bytes; `None` where nothing had to be kept.
fn keep_inputs(recipe: &mut Recipe, material: &Material, dir: &RunDir) -> Result<Option<Material>, Error> {
    let mut keeps = false;
    let mut place = |input: &Input, stem: &str| -> Result<PathBuf, Error> {
        if let Some(path) = input.path() {
            return Ok(path.to_owned());
        }
        keeps = true;
        let path = dir.file(&format!("{stem}.{}{}", input.format, input.compression.extension()));
        if path.exists() {
            return Err(RunDirError::Foreign(path).into());
        }
        output::copy(input, &path)?;
        Ok(path)
    };
    let data = &mut recipe.data;
    data.input = Some(place(&material.original, "input")?);
    data.test = material.test.as_ref().map(|test| place(test, "test")).transpose()?;
    data.unlabelled = material.unlabelled.as_ref().map(|unlabelled| place(unlabelled, "unlabelled")).transpose()?;
    if !keeps {
        return Ok(None);
    }
    // A table is kept as an Arrow file, whatever format was named for files.
    data.format = data.format.take().filter(|named| named == material.original.format);
    Material::read(&Sources::of(recipe)?, &Work::default()).map(Some)
}

/// Goes on with a run, from now on with `changes`; on a finished one it rebuilds the derived files and asks nothing. A run that a
/// learner of the embedding program judges needs that learner for models that are not fitted yet.
///
/// # Errors
/// As [`start`]; a folder without a run, changed input files, another learner.
pub fn resume(
    path: &Path,
    changes: &Overrides,
    own: Option<Arc<dyn OwnLearner>>,
    work: &Work<'_>,
) -> Result<Outcome, Error> {
    let Opened { setup, material, planned, dir, earlier } = Opened::new(path, changes, work)?;
    let (setup, material, planned, dir) = (&setup.with_own(own), &material, &planned, &dir);
    let earlier = earlier.as_deref().filter(|dir| has_answers(dir));
    let run = InFolder { setup, material, planned, dir, earlier };
    run.reopen().and_then(|()| run.finish(work)).map_err(|error| error.in_run(dir))
}

/// A run that is about to ask.
struct InFolder<'a> {
    setup: &'a Setup,
    material: &'a Material,
    planned: &'a Planned,
    dir: &'a RunDir,
    earlier: Option<&'a Path>,
}

impl InFolder<'_> {
    /// Opens the requests again that brought no text, where the run was stopped since too little came: whoever goes on has mended something.
    fn reopen(&self) -> Result<(), Error> {
        let InFolder { setup, material, planned, dir, .. } = *self;
        if !has_answers(dir.path()) || Journal::open_to_read(dir.path())?.last_closing()?.as_deref() != Some(PROMPT) {
            return Ok(());
        }
        let quiet = Work::default();
        let generated =
            generate(setup, material, planned, &mut Answers::recorded(material, planned, dir, &quiet)?, &quiet)?;
        Ok(Journal::open(dir.path())?.reopen(&generated.textless)?)
    }

    fn finish(&self, work: &Work<'_>) -> Result<Outcome, Error> {
        let InFolder { setup, material, planned, dir, earlier } = *self;
        let mut answers = Answers::live(setup, material, planned, (dir, earlier), work)?;
        let made = generate(setup, material, planned, &mut answers, work);
        answers.reused().into_iter().for_each(|reused| work.note(reused));
        let generated = match made {
            Ok(generated) => generated,
            Err(Error::Stopped(Stopped::Ended { reason, dir, instead })) => {
                answers.close(reason.word())?;
                self.write_partial(work)?;
                return Err(Stopped::Ended { reason, dir, instead }.into());
            }
            Err(e) => return Err(e),
        };
        let spent = answers.close(if generated.halt.is_some() { PROMPT } else { EndReason::Done.word() })?;
        let texts = Texts::new(setup, material, planned, dir, generated)?;
        let (generated, unreviewed) = (texts.used(), texts.unreviewed());
        let basis = Basis { setup, material, plan: &planned.plan, generated, unreviewed, spent: &spent };
        let derived = basis.derive(&mut Folder::of(dir.clone()), work)?;
        let before = unreviewed.map_or(generated, |(before, _)| before);
        // What is made inside the process costs nothing, and comes again unchanged.
        match barren(before, generated, dir.path()).filter(|_| planned.asking.model.is_remote) {
            Some(stopped) => Err(stopped.into()),
            None => Ok(Outcome::new(&basis, derived)),
        }
    }

    /// Writes what the answers so far give, without an evaluation; nothing where there are none.
    fn write_partial(&self, work: &Work<'_>) -> Result<(), Error> {
        let InFolder { setup, material, planned, dir, .. } = *self;
        let quiet = Work::default();
        let mut recorded = Answers::recorded(material, planned, dir, &quiet)?;
        let generated = generate(setup, material, planned, &mut recorded, &quiet)?;
        if generated.candidates.is_empty() {
            return Ok(());
        }
        let spent = recorded.spent()?;
        let plan = &planned.plan;
        let basis = Basis { setup, material, plan, generated: &generated, unreviewed: None, spent: &spent };
        basis.derive(&mut Folder::of(dir.clone()), &quiet)?;
        work.note(format!(
            "written with what has been answered: {} texts kept, {} not asked for to the end; nothing was evaluated",
            thousands(generated.rows.kept as u64),
            thousands(generated.rows.cancelled as u64)
        ));
        spent.told_unknown().into_iter().for_each(|told| work.note(told));
        Ok(())
    }
}

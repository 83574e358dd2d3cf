//! Runs: started, gone on with, replayed, and their report rendered again.

use crate::config::{Recipe, told};
use crate::material::{Sources, file_name};
use crate::output::OutputError;
use crate::pipeline::answers::Answers;
use crate::pipeline::columns;
use crate::pipeline::derive::{DataSets, SelectionFile, derive};
use crate::pipeline::live::{Watch, Watched};
use crate::pipeline::outputs::Outputs;
use crate::pipeline::page;
use crate::pipeline::plan::{Planned, plan};
use crate::pipeline::record::{self, RunRecord};
use crate::pipeline::spent::{SPENT_FILE, Spent};
use crate::pipeline::verdicts;
use crate::rundir::{RUN_FILE, RunDir};
use crate::schedule::EndReason;
use crate::{Error, Material, Setup, Work};
use equipoise_core::check::{self, Panel};
use equipoise_core::eval::Evaluation;
use equipoise_core::prompt;
use equipoise_core::round::{self, Accounting, Asker, Generated, RoundInputs, SetAside};
use equipoise_core::select::Selection;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// The recipe of a run.
const RECIPE_FILE: &str = "recipe.toml";
/// The template of a run that uses one of the user's own.
const TEMPLATE_FILE: &str = "prompt.j2";

/// A finished run.
#[derive(Debug, Clone, Serialize)]
pub struct Finished {
    /// The run folder.
    pub dir: PathBuf,
    /// What was selected.
    pub selection: Selection,
    /// What became of every row that was asked for.
    pub rows: Accounting,
    /// Texts that were given up.
    pub set_aside: Vec<SetAside>,
    /// USD of the answers for each text that is kept.
    pub usd_per_kept: Option<f64>,
    /// What was asked and paid.
    pub spent: Spent,
    /// What it did; `None` where nothing was held out.
    pub evaluation: Option<Evaluation>,
    /// For people: shortfalls, failures, faults of answers.
    pub notes: Vec<String>,
}

/// A replayed run.
#[derive(Debug, Clone, Serialize)]
pub struct Replayed {
    /// The derived files.
    pub files: Vec<String>,
}

/// The folder of a new run: the one asked for, or the first free `runs/<input name>-<n>`. With `force` a folder that holds a run
/// gives way to a free one beside it.
///
/// # Errors
/// A folder that holds a run, without `force`.
pub fn choose_out(recipe: &Recipe, asked: Option<&Path>, force: bool) -> Result<PathBuf, Error> {
    let Some(path) = asked else {
        let input = recipe.data.input.as_deref().ok_or(Error::NoInput)?;
        let name = if input.as_os_str() == "-" { "stdin".to_owned() } else { file_name(input) };
        let stem = name.split('.').next().unwrap_or_default().to_owned();
        return Ok(RunDir::fresh_name(Path::new("runs"), &stem));
    };
    if !path.join(RUN_FILE).exists() {
        return Ok(path.to_owned());
    }
    if !force {
        let changed = record::changed_fields(path, recipe);
        return Err(match changed.is_empty() {
            true => crate::rundir::RunDirError::Occupied(path.to_owned()).into(),
            false => Error::RunDiffers { path: path.to_owned(), changed },
        });
    }
    let parent = path.parent().unwrap_or(Path::new(""));
    Ok(RunDir::fresh_name(parent, &file_name(path)))
}

/// Where a run goes.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// Its folder.
    pub out: &'a Path,
    /// An earlier run, whose answers to requests that are equal to the byte are taken over. That run is only read.
    pub earlier: Option<&'a Path>,
}

/// Starts a run in a new folder and finishes it.
///
/// # Errors
/// Everything that can end a run; what was answered until then stays in the journal for [`resume`].
pub fn run(
    mut setup: Setup,
    mut material: Material,
    planned: Planned,
    place: Place<'_>,
    work: &Work<'_>,
) -> Result<Finished, Error> {
    let Place { out, earlier } = place;
    if let Some(earlier) = earlier.filter(|earlier| !earlier.join(RUN_FILE).exists()) {
        return Err(crate::rundir::RunDirError::NoRun(earlier.to_owned()).into());
    }
    let fits = material.original.layout.can_append();
    fits.map_err(|source| OutputError::Content { path: out.to_owned(), source: Box::new(source) })?;
    columns::verify(&setup, &material)?;
    planned.check_price(&setup)?;
    planned.check_way(&setup)?;
    let dir = RunDir::create(out)?;
    let input = &mut setup.recipe.data.input;
    if input.as_deref().is_some_and(|p| p.as_os_str() == "-") {
        // Standard input cannot be read again, and a run must be.
        let name = format!("input.{}{}", material.original.format, material.original.compression.extension());
        material.original.save(&dir.file(&name))?;
        *input = Some(dir.file(&name));
        // Read as `resume` and `replay` will read it, so that they give the same bytes.
        material = Material::from_files(&Sources::of(&setup.recipe)?, &work.quiet())?;
    }
    if let Some(template) = planned.asking.template.as_ref().filter(|t| prompt::builtin(t.name()).is_none()) {
        dir.write(TEMPLATE_FILE, template.source().as_bytes())?;
    }
    let recipe = &setup.recipe;
    let record = RunRecord::new(recipe, &material, &planned.plan.prompt, earlier);
    dir.write(RECIPE_FILE, recipe.to_toml().map_err(Error::Recipe)?.as_bytes())?;
    dir.write_json("plan.json", &planned.plan)?;
    dir.write_json(RUN_FILE, &record)?;
    finish(&Opened { setup, material, planned, dir, record }, work)
}

/// The recipe of a run, with its input files at their recorded places.
///
/// # Errors
/// A folder without a run, or with a damaged one.
pub fn recipe_of(path: &Path) -> Result<Recipe, Error> {
    let dir = RunDir::open(path)?;
    read_recipe(&dir).map(|(recipe, _)| recipe)
}

/// Goes on with a run; on a finished one it rebuilds the derived files and asks nothing.
///
/// # Errors
/// As [`run`]; a folder without a run, changed input files.
pub fn resume(path: &Path, work: &Work<'_>) -> Result<Finished, Error> {
    if path.join(RUN_FILE).exists() {
        work.stop.runs_in(path);
    }
    finish(&Opened::new(path, work)?, work)
}

/// Rebuilds every derived file from the journal and asks nothing; with `check` compares instead of writing.
///
/// # Errors
/// [`Error::ReplayDiffers`] with `check`; otherwise as [`resume`].
pub fn replay(path: &Path, check: bool, work: &Work<'_>) -> Result<Replayed, Error> {
    let opened = Opened::new(path, work)?;
    let outputs = if check { Outputs::compare(&opened.dir) } else { Outputs::write(&opened.dir) };
    let (_, files) = opened.derive(outputs, work)?;
    Ok(Replayed { files })
}

/// Renders the report and the card again, from the files of a finished run.
///
/// # Errors
/// [`Error::Unfinished`] where the run is not finished; otherwise as [`replay`].
pub fn report(path: &Path) -> Result<Vec<PathBuf>, Error> {
    let opened = Opened::new(path, &Work::default())?;
    if !opened.dir.file("selection.json").exists() {
        return Err(Error::Unfinished { path: path.to_owned(), missing: "selection.json" });
    }
    opened.render_again()
}

/// An existing run, its files read and found unchanged.
struct Opened {
    setup: Setup,
    material: Material,
    planned: Planned,
    dir: RunDir,
    record: RunRecord,
}

impl Opened {
    fn new(path: &Path, work: &Work<'_>) -> Result<Self, Error> {
        let dir = RunDir::open(path)?;
        let (mut recipe, record) = read_recipe(&dir)?;
        let template = dir.file(TEMPLATE_FILE);
        if template.exists() {
            recipe.prompt.template = Some(template.to_string_lossy().into_owned());
        }
        let sources = Sources::of(&recipe)?;
        let setup = Setup::new(recipe)?;
        let material = Material::from_files(&sources, work)?;
        let planned = plan(&setup, &material)?;
        record.verify(&material, &planned.plan.prompt)?;
        Ok(Opened { setup, material, planned, dir, record })
    }

    /// Derives everything from the journal alone.
    fn derive(&self, mut outputs: Outputs<'_>, work: &Work<'_>) -> Result<(SelectionFile, Vec<String>), Error> {
        let mut recorded = Answers::recorded(&self.material, &self.planned, &self.dir, work.sink)?;
        let context = self.context();
        let generated = self.rounds(&self.panel(&context), &mut recorded, work)?;
        let made = (&generated, &recorded.spent()?);
        let (file, _) = derive((&self.setup, &self.material), &self.planned.plan, made, &mut outputs, work)?;
        Ok((file, outputs.finish()?))
    }

    /// What the checks look at.
    fn context(&self) -> check::Context<'_> {
        check::Context::new(self.material.dataset.train(), self.material.fingerprints.as_ref(), self.setup.seed())
    }

    /// The checks, after they have learnt from the training rows.
    fn panel<'a>(&'a self, context: &'a check::Context<'a>) -> Panel<'a> {
        Panel::new(&self.setup.checks, context)
    }

    /// Runs the rounds with answers from `asker`.
    fn rounds(
        &self,
        panel: &Panel<'_>,
        asker: &mut impl Asker<Error = Error>,
        work: &Work<'_>,
    ) -> Result<Generated, Error> {
        let Opened { setup, material, planned, .. } = self;
        let train = material.dataset.train();
        let inputs = RoundInputs { asking: &planned.asking, train, panel, seed: setup.seed() };
        round::run(&inputs, asker, &|event| (work.sink)(event.into()))
    }

    /// Writes what the answers so far give, without an evaluation; nothing where there are none.
    fn write_partial(&self, work: &Work<'_>) -> Result<(), Error> {
        let quiet = work.quiet();
        let mut recorded = Answers::recorded(&self.material, &self.planned, &self.dir, quiet.sink)?;
        let context = self.context();
        let made = self.rounds(&self.panel(&context), &mut recorded, &quiet)?;
        if made.candidates.is_empty() {
            return Ok(());
        }
        let spent = recorded.spent()?;
        let mut outputs = Outputs::write(&self.dir);
        derive((&self.setup, &self.material), &self.planned.plan, (&made, &spent), &mut outputs, &quiet)?;
        outputs.finish()?;
        work.note(format!(
            "written with what has been answered: {} texts kept, {} not asked for to the end; nothing was evaluated",
            made.rows.kept, made.rows.cancelled
        ));
        spent.told_unknown().into_iter().for_each(|told| work.note(told));
        Ok(())
    }

    /// Renders the pages from the files of the finished run.
    fn render_again(&self) -> Result<Vec<PathBuf>, Error> {
        let dir = &self.dir;
        let file: SelectionFile = dir.read_json("selection.json")?;
        let evaluation = dir.file("evaluation.json").exists().then(|| dir.read_json("evaluation.json")).transpose()?;
        let spent = match dir.file(SPENT_FILE).exists() {
            true => dir.read_json(SPENT_FILE)?,
            false => Answers::recorded(&self.material, &self.planned, dir, &|_| {})?.spent()?,
        };
        let made = page::Made {
            plan: Some(&self.planned.plan),
            candidates: &dir.read_jsonl("candidates.jsonl")?,
            verdicts: &verdicts::read(dir)?.0,
            selection: Some(&file.selection),
            notes: file.notes.clone(),
            never_came: file.never_came(),
            remarks: &file.remarks,
            evaluation: evaluation.as_ref(),
            spent: Some(&spent),
            files: &[],
            sets: Some(&DataSets::new(&self.material)),
        };
        let mut outputs = Outputs::write(dir);
        page::render(&self.setup, &self.material, &made, &mut outputs)?;
        Ok(outputs.finish()?.iter().map(|name| dir.file(name)).collect())
    }
}

fn read_recipe(dir: &RunDir) -> Result<(Recipe, RunRecord), Error> {
    let record: RunRecord = dir.read_json(RUN_FILE)?;
    let text = dir.read(RECIPE_FILE)?;
    let damaged = |e: toml::de::Error| crate::rundir::RunDirError::Damaged {
        path: dir.file(RECIPE_FILE),
        message: told(&text, &e),
    };
    let mut recipe = Recipe::from_toml(&text).map_err(damaged)?;
    record.point(&mut recipe);
    Ok((recipe, record))
}

fn finish(opened: &Opened, work: &Work<'_>) -> Result<Finished, Error> {
    let Opened { setup, material, planned, dir, record } = opened;
    work.stop.runs_in(dir.path());
    let earlier = record.forked_from.as_deref().filter(|dir| dir.join(RUN_FILE).exists());
    let mut answers = Answers::live(setup, material, planned, (dir, earlier), work)?;
    let context = opened.context();
    let panel = opened.panel(&context);
    let watch = Watch {
        labels: material.dataset.labels(),
        generator: planned.asking.generator.as_ref(),
        panel: &panel,
        sink: work.sink,
    };
    let made = opened.rounds(&panel, &mut Watched { answers: &mut answers, watch }, work);
    if let Some(reused) = answers.reused() {
        work.note(reused);
    }
    let generated = match made {
        Ok(generated) => generated,
        Err(Error::Ended { reason, n_left, dir }) => {
            answers.close(reason.word())?;
            opened.write_partial(work)?;
            return Err(Error::Ended { reason, n_left, dir });
        }
        Err(e) => return Err(e),
    };
    let spent = answers.close(if generated.halt.is_some() { "prompt" } else { EndReason::Done.word() })?;
    let mut outputs = Outputs::write(dir);
    let (file, evaluation) = derive((setup, material), &planned.plan, (&generated, &spent), &mut outputs, work)?;
    outputs.finish()?;
    if let Some(halt) = generated.halt {
        return Err(Error::PromptFails { halt, dir: dir.path().to_owned() });
    }
    Ok(Finished {
        dir: dir.path().to_owned(),
        notes: notes(&file, &generated, &spent),
        selection: file.selection,
        rows: file.rows,
        set_aside: file.set_aside,
        usd_per_kept: file.usd_per_kept,
        spent,
        evaluation,
    })
}

/// What a person should hear at the end.
fn notes(file: &SelectionFile, generated: &Generated, spent: &Spent) -> Vec<String> {
    let mut notes = Vec::new();
    let r = &file.rows;
    if r.planned > 0 {
        notes.push(format!(
            "{} texts asked for in {} requests: {} kept, {} surplus, {} rejected, {} missing, {} refused, {} quarantined, {} failed{}",
            r.planned,
            generated.n_requests,
            r.kept,
            r.surplus,
            r.rejected,
            r.missing,
            r.refused,
            r.quarantined,
            r.failed,
            if r.extra > 0 { format!(" ({} came beyond that or broken)", r.extra) } else { String::new() }
        ));
    }
    for l in file.selection.labels.iter().filter(|l| l.shortfall > 0) {
        let why: Vec<String> = l.rejected_by.iter().take(3).map(|(why, n)| format!("{why} {n}")).collect();
        let why = if why.is_empty() { String::new() } else { format!("; rejected: {}", why.join(", ")) };
        notes.push(format!("`{}` is {} short of its target of {} texts{why}", l.label, l.shortfall, l.wanted));
    }
    for (why, n) in file.never_came() {
        notes.push(format!("{n} texts never came: {why}"));
    }
    if !file.set_aside.is_empty() {
        notes.push("`set_aside` in selection.json names the rows of texts that were given up".to_owned());
    }
    for (kind, n) in &generated.failures {
        notes.push(format!("{n} requests failed: {kind}"));
    }
    notes.extend(file.remarks.iter().cloned());
    for (kind, n) in &generated.notes {
        notes.push(format!("answers: {n} times {kind}"));
    }
    notes.extend(spent.told_unknown());
    if let Some(usd) = spent.usd.filter(|usd| *usd > 0.0) {
        let each = file.usd_per_kept.map_or_else(String::new, |each| format!(", {each:.5} USD a kept text"));
        notes.push(format!("spent {usd:.4} USD{each}"));
    }
    notes
}

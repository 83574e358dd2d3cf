//! `equipoise doctor`.

use crate::args::{Global, Model as ModelArgs};
use crate::commands::job::{Job, recipe};
use crate::error::Failure;
use crate::interrupt::stop_on_interrupt;
use crate::ui::Ui;
use equipoise::config::Recipe;
use equipoise::core::catalog::Settings;
use equipoise::core::provider::{CATALOG, Manner, Provider};
use equipoise::core::text::escape_control;
use equipoise::error::Stopped;
use equipoise::journal::Journal;
use equipoise::pipeline::{Tried, trial};
use equipoise::setup::Model;
use equipoise::{Error, Work, demo};
use serde::Serialize;
use std::path::{Path, PathBuf};

/// Check that a model can be used: its key, its address, and whether its answers keep to a form
#[derive(clap::Args, Debug)]
#[command(after_help = "\
With a model one request is sent, with one built-in text and none of yours; it costs a fraction of a cent.

Examples:
  equipoise doctor                                    which keys are set; sends nothing
  equipoise doctor openai/gpt-4.1-mini
  equipoise doctor ollama/llama3.2
  equipoise doctor openai-compatible/my-model --base-url http://127.0.0.1:8000/v1")]
pub(crate) struct DoctorArgs {
    /// PROVIDER/NAME, as --model takes it; without one the keys of all providers are looked for
    #[arg(value_name = "MODEL")]
    named: Option<String>,
    #[command(flatten)]
    model: ModelArgs,
}

/// What was found.
#[derive(Debug, Serialize)]
struct Finding {
    /// Whether all is well; `None` where that is not known or nothing depends on it.
    is_well: Option<bool>,
    what: String,
    found: String,
}

fn finding(is_well: impl Into<Option<bool>>, what: &str, found: impl Into<String>) -> Finding {
    Finding { is_well: is_well.into(), what: what.to_owned(), found: found.into() }
}

impl DoctorArgs {
    /// Runs the command.
    pub(crate) fn run(&self, global: &Global, ui: &Ui) -> Result<(), Failure> {
        let mut flags = demo::recipe();
        global.write(&mut flags);
        self.model.write(&mut flags).map_err(|m| Failure::usage(m, "see `equipoise doctor --help`"))?;
        if let Some(name) = &self.named {
            equipoise::config::set(&mut flags, "model.name", toml::Value::String(name.clone()));
        }
        if self.named.is_none() && self.model.model.is_empty() {
            let found = keys();
            ui.say(&shown(&found))?;
            return ui.result(&found);
        }
        let recipe = recipe(None, flags)?;
        let mut found = reach(&recipe)?;
        ui.say(&shown(&found))?;
        let folder = Scratch::new();
        let asked = ask(recipe, &folder.0, ui);
        let (more, ended) = asked?;
        ui.say(&shown(&more))?;
        found.extend(more);
        ui.result(&found)?;
        ended.map_or(Ok(()), |error| Err(error.into()))
    }
}

/// Which providers have a key, and that one needs none.
fn keys() -> Vec<Finding> {
    let mut found = vec![finding(true, "offline", "the built-in generator needs neither key nor network")];
    for entry in CATALOG {
        let Ok(provider) = entry.build(&Settings::new()) else { continue };
        let Provider::Http { key_env, .. } = *provider else { continue };
        found.push(match key_env {
            None => finding(None, entry.name, "needs no key"),
            Some(variable) => match std::env::var_os(variable).is_some_and(|key| !key.is_empty()) {
                true => finding(true, entry.name, format!("{variable} is set")),
                false => finding(None, entry.name, format!("{variable} is not set")),
            },
        });
    }
    found
}

/// The model's address, key and price; nothing is sent.
fn reach(recipe: &Recipe) -> Result<Vec<Finding>, Failure> {
    let model = Model::new(&recipe.model, &recipe.provider).map_err(Error::from)?;
    let host = model.host().map_or_else(|| "inside this program".to_owned(), |host| format!("at {host}"));
    let mut found = vec![finding(true, "model", format!("{} {host}", escape_control(&model.shown())))];
    let read = |name: &str| std::env::var(name).ok();
    if let Some(lane) = model.lane(&read).map_err(|e| Error::from(equipoise::error::SetupError::from(e)))? {
        let key = if lane.secret.is_some() { "there, and bound to this host" } else { "none is sent" };
        found.push(finding(true, "key", key));
    }
    found.push(match model.price {
        Some(price) => finding(
            true,
            "price",
            format!("{} and {} USD per million tokens read and written", price.input_usd, price.output_usd),
        ),
        None => finding(None, "price", "not known; give it with --price IN,OUT"),
    });
    Ok(found)
}

/// Sends one request with one built-in text.
fn ask(recipe: Recipe, folder: &Path, ui: &Ui) -> Result<(Vec<Finding>, Option<Error>), Failure> {
    let recipe = demo::unpack(recipe, folder)?;
    let work = Work::watched(|e| ui.event(e)).stopped_by(stop_on_interrupt(ui, None));
    let Job { setup, material, .. } = Job::open(recipe, |sources| sources, &work)?;
    let Ok(trial) = trial(&setup, &material, &[], 1) else {
        // A model inside the process has no address to try.
        return Ok((vec![finding(true, "answers", "nothing is sent to it")], None));
    };
    let dir = folder.join("asked");
    let tried = trial.send(&dir, &work)?;
    let of_rows = tried.rows.iter().flat_map(|row| &row.answers);
    let n_texts: usize = of_rows.chain(tried.without_source.iter().map(|own| &own.answers)).map(Vec::len).sum();
    let mut found = vec![finding(n_texts > 0, "answers", answered(n_texts, &tried))];
    if n_texts > 0 {
        found.push(form(&dir));
    }
    Ok((found, tried.ended.map(|reason| Stopped::Trial { reason }.into())))
}

fn answered(n_texts: usize, tried: &Tried) -> String {
    match n_texts {
        // The last note says what the provider said, the first where the answer is kept, which is gone by now.
        0 => tried.notes.iter().skip(1).next_back().cloned().unwrap_or_else(|| "no text came".to_owned()),
        1 => "1 text came, and it can be read".to_owned(),
        n => format!("{n} texts came, and they can be read"),
    }
}

/// Whether the endpoint takes a schema, as the run of the trial learnt.
fn form(dir: &Path) -> Finding {
    let ways = Journal::open_to_read(dir).and_then(|journal| journal.ways()).unwrap_or_default();
    let refuses = |manner| ways.iter().any(|way| way.refused.contains(&manner));
    match (refuses(Manner::StrictSchema), refuses(Manner::PlainSchema)) {
        (false, _) => finding(true, "form", "it takes a JSON schema"),
        (true, false) => finding(true, "form", "it takes a plain JSON schema, and no strict one"),
        (true, true) => finding(None, "form", "it takes no JSON schema; the prompt asks for the form in words"),
    }
}

fn shown(found: &[Finding]) -> String {
    let widest = found.iter().map(|f| f.what.len()).max().unwrap_or(0);
    let line = |f: &Finding| {
        let sign = match f.is_well {
            Some(true) => '✓',
            Some(false) => '✕',
            None => '·',
        };
        format!("{sign} {:widest$}  {}", f.what, escape_control(&f.found))
    };
    found.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// A folder that is gone when this is.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Self {
        Scratch(std::env::temp_dir().join(format!("equipoise-doctor-{}", std::process::id())))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

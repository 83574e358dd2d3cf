//! What a call is about: rows from wherever they are, and the recipe that its keywords make.

use crate::error::Fault;
use crate::table::source;
use equipoise::config::{Layer, Layers, Recipe, layer};
use equipoise::input::Source;
use equipoise::material::Sources;
use pyo3::prelude::*;
use std::path::PathBuf;

/// Training, test and unlabelled rows, as the caller has them.
pub(crate) type Given<'py> = (Bound<'py, PyAny>, Option<Bound<'py, PyAny>>, Option<Bound<'py, PyAny>>);

/// Keywords as a JSON object, and a recipe file below them.
pub(crate) type Settings = (String, Option<PathBuf>);

/// Rows that were taken over, and settings.
pub(crate) struct Request {
    train: Source,
    test: Option<Source>,
    unlabelled: Option<Source>,
    /// Synthetic rows, in order.
    pub(crate) synthetic: Vec<Source>,
    options: String,
    file: Option<PathBuf>,
}

impl Request {
    /// Takes the rows over.
    pub(crate) fn new((train, test, unlabelled): &Given<'_>, (options, file): &Settings) -> PyResult<Self> {
        let named = |rows: &Option<Bound<'_, PyAny>>, name| rows.as_ref().map(|rows| source(rows, name)).transpose();
        Ok(Request {
            train: source(train, "train")?,
            test: named(test, "test")?,
            unlabelled: named(unlabelled, "unlabelled")?,
            synthetic: Vec::new(),
            options: options.clone(),
            file: file.clone(),
        })
    }

    /// Takes synthetic rows over.
    pub(crate) fn with_synthetic(mut self, synthetic: &[Bound<'_, PyAny>]) -> PyResult<Self> {
        let one = |(at, rows): (usize, &Bound<'_, PyAny>)| match synthetic.len() {
            1 => source(rows, "synthetic"),
            _ => source(rows, &format!("synthetic {}", at + 1)),
        };
        self.synthetic = synthetic.iter().enumerate().map(one).collect::<PyResult<_>>()?;
        Ok(self)
    }

    /// What the training rows are called, for the name of a folder.
    pub(crate) fn stem(&self) -> String {
        match &self.train {
            Source::Path(path) => path.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
            Source::Table { .. } => "table".to_owned(),
        }
    }

    /// The recipe, and where its rows are.
    pub(crate) fn resolve(&self) -> Result<(Recipe, Sources), Fault> {
        let mut recipe = recipe(&self.options, self.file.as_deref())?;
        let path = |source: &Source| match source {
            Source::Path(path) => Some(path.clone()),
            Source::Table { .. } => None,
        };
        let of_file = |path: &Option<PathBuf>| path.clone().map(Source::Path);
        let test = self.test.clone().or(of_file(&recipe.data.test));
        let unlabelled = self.unlabelled.clone().or(of_file(&recipe.data.unlabelled));
        recipe.data.input = path(&self.train);
        recipe.data.test = test.as_ref().and_then(path);
        recipe.data.unlabelled = unlabelled.as_ref().and_then(path);
        let sources = Sources { unlabelled, ..Sources::given(&recipe, self.train.clone(), test) };
        Ok((recipe, sources))
    }
}

/// The recipe of keywords, over that of a file and the environment.
pub(crate) fn recipe(options: &str, file: Option<&std::path::Path>) -> Result<Recipe, Fault> {
    let keywords = keywords(options)?;
    let layers = file.map_or_else(|| Ok(Layers::default()), |path| Layers::default().recipe(path))?;
    let layers = layers.environment(|name| std::env::var(name).ok());
    Ok(layers.with(Layer::Argument, layer(&keywords)?).resolve()?)
}

/// The keywords of a call.
pub(crate) fn keywords(options: &str) -> Result<serde_json::Map<String, serde_json::Value>, Fault> {
    serde_json::from_str(options).map_err(|e| Fault::Internal(format!("keywords are no JSON object: {e}")))
}

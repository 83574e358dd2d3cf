//! How a model is asked: a prompt template, and the generator that it names.

use super::Model;
use crate::error::SetupError;
use equipoise_core::catalog::{Entry, Settings, SettingsError, find};
use equipoise_core::generator::{self, Generator};
use equipoise_core::prompt::{self, Template};
use std::path::Path;

/// The generator of a provider that needs no words.
const WORDLESS: &str = "recombine";

/// How a model is asked.
pub(crate) struct Prompting {
    /// `None` where the provider needs no words.
    pub(crate) template: Option<Template>,
    generator: &'static Entry<dyn Generator>,
    settings: Settings,
}

impl Prompting {
    /// The template called `name`, built in or a file, with its generator.
    pub(crate) fn new(model: &Model, name: &str) -> Result<Self, SetupError> {
        let template = model.host().map(|_| load(name)).transpose()?;
        let head = |source| match &template {
            Some(template) => SetupError::TemplateHead { template: template.name().to_owned(), source },
            None => SetupError::Settings(source),
        };
        let name = template.as_ref().map_or(WORDLESS, Template::generator);
        let generator = find(generator::CATALOG, "generator", name).map_err(head)?;
        let settings = template.as_ref().map_or_else(Settings::new, |t| t.settings().clone());
        generator.build(&settings).map_err(head)?;
        Ok(Prompting { template, generator, settings })
    }

    /// The generator, and its catalog name.
    pub(crate) fn generator(&self) -> Result<(&'static str, Box<dyn Generator>), SettingsError> {
        Ok((self.generator.name, self.generator.build(&self.settings)?))
    }
}

/// A built-in template by name, or a file.
fn load(name: &str) -> Result<Template, SetupError> {
    if let Some(template) = prompt::builtin(name) {
        return Ok(template);
    }
    let source = std::fs::read_to_string(Path::new(name)).map_err(|source| SetupError::Template {
        name: name.to_owned(),
        known: prompt::BUILT_IN.iter().map(|b| b.name).collect::<Vec<_>>().join(", "),
        source,
    })?;
    Ok(Template::new(name, &source)?)
}

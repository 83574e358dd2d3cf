//! What a recipe asks of a model: its template is read, its targets become quotas.

use crate::{Error, Material, Setup};
use equipoise_core::catalog::{self, Settings};
use equipoise_core::generator;
use equipoise_core::prompt::{self, Template};
use equipoise_core::round::Asking;
use std::path::Path;

/// The asking of a recipe; `template` overrides the recipe's.
///
/// # Errors
/// Unknown generators, labels and templates, each with a hint.
pub(super) fn asking(setup: &Setup, material: &Material, template: Option<&str>) -> Result<Asking, Error> {
    let (recipe, model) = (&setup.recipe, &setup.model);
    let labels = material.dataset.labels();
    let counts = material.dataset.train().counts();
    let counts =
        labels.ids().map(|id| (labels.name(id).to_owned(), counts[id.index()])).filter(|(_, n)| *n > 0).collect();
    let quotas = setup.targets.quotas(&counts)?;
    let template = match template.or(recipe.prompt.template.as_deref()) {
        _ if model.host().is_none() => None,
        Some(name) => Some(load_template(name)?),
        None => prompt::builtin(prompt::BUILT_IN[0].name),
    };
    let generator_name = template.as_ref().map_or("recombine", Template::generator);
    let settings = template.as_ref().map_or_else(Settings::new, |t| t.settings().clone());
    let head = |source| match &template {
        Some(template) => Error::TemplateHead { template: template.name().to_owned(), source },
        None => Error::Settings(source),
    };
    let entry = catalog::find(generator::CATALOG, "generator", generator_name).map_err(head)?;
    Ok(Asking {
        quotas,
        rounds: recipe.prompt.rounds,
        model: model.asked(),
        generator: entry.build(&settings).map_err(head)?,
        generator_name: entry.name,
        template,
        chunk: recipe.prompt.chunk,
        temperature: recipe.model.temperature,
        styles: Asking::styles(material.profile()),
    })
}

/// A built-in template by name, or a file.
fn load_template(name: &str) -> Result<Template, Error> {
    if let Some(template) = prompt::builtin(name) {
        return Ok(template);
    }
    let path = Path::new(name);
    let source = std::fs::read_to_string(path).map_err(|source| Error::Template {
        name: name.to_owned(),
        known: prompt::BUILT_IN.iter().map(|b| b.name).collect::<Vec<_>>().join(", "),
        source,
    })?;
    Ok(Template::new(name, &source)?)
}

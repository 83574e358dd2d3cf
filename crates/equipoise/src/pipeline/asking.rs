//! What a setup asks of a model for these rows: its targets become quotas.

use crate::error::PlanError;
use crate::setup::Prompting;
use crate::{Error, Material, Setup};
use equipoise_core::round::Asking;

/// What is asked with `prompting`.
///
/// # Errors
/// Targets that do not fit the rows.
pub(super) fn asking(setup: &Setup, material: &Material, prompting: &Prompting) -> Result<Asking, Error> {
    let labels = material.dataset.labels();
    let counts = material.dataset.train().counts();
    let counts =
        labels.ids().map(|id| (labels.name(id).to_owned(), counts[id.index()])).filter(|(_, n)| *n > 0).collect();
    let (generator_name, generator) = prompting.generator()?;
    Ok(Asking {
        quotas: setup.targets.quotas(&counts).map_err(PlanError::from)?,
        rounds: setup.rounds,
        model: setup.model.asked(),
        generator,
        generator_name,
        template: prompting.template.clone(),
        chunk: setup.chunk,
        temperature: setup.temperature,
        avoid_patterns: setup.avoid_patterns,
        styles: Asking::styles(material.profile()),
    })
}

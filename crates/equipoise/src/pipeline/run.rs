//! A run without a folder.

use super::answers::InProcess;
use super::derive::Basis;
use super::generate::generate;
use super::{Outcome, columns, plan};
use crate::artefacts::Artefacts;
use crate::error::PlanError;
use crate::{Error, Material, Setup, Work};

/// Plans, generates, checks, selects and evaluates; every derived file goes to `artefacts`. The model is one inside the process:
/// answers that are paid for are kept in a folder, by [`crate::folder::start`].
///
/// # Errors
/// Targets that do not fit the rows; a model over HTTP; whatever keeps the evaluation from being made or a file from being taken.
pub fn run(
    setup: &Setup,
    material: &Material,
    artefacts: &mut dyn Artefacts,
    work: &Work<'_>,
) -> Result<Outcome, Error> {
    columns::verify(setup, material)?;
    let planned = plan(setup, material)?;
    let asker = InProcess::new(material, &planned, work);
    let mut asker = asker.ok_or_else(|| PlanError::NeedsFolder { model: planned.plan.model.clone() })?;
    let generated = generate(setup, material, &planned, &mut asker, work)?;
    let spent = asker.spent();
    let basis = Basis { setup, material, plan: &planned.plan, generated: &generated, unreviewed: None, spent: &spent };
    let derived = basis.derive(artefacts, work)?;
    Ok(Outcome::new(&basis, derived))
}

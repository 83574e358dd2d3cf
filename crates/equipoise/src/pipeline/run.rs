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
    if let Some(judge) = &planned.judge {
        return Err(PlanError::JudgeNeedsFolder { by: judge.forecast.by.clone() }.into());
    }
    let mut asker = asker.ok_or_else(|| PlanError::NeedsFolder { model: planned.plan.model.clone() })?;
    let generated = generate(setup, material, &planned, &mut asker, work)?;
    let spent = asker.spent();
    let basis = Basis { setup, material, plan: &planned.plan, generated: &generated, unreviewed: None, spent: &spent };
    let derived = basis.derive(artefacts, work)?;
    Ok(Outcome::new(&basis, derived))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::testing::{RARE, begun, ran, recipe, remote, text};

    #[test]
    fn a_run_over_rows_gives_texts_an_evaluation_and_every_file() {
        let (outcome, files) = ran(recipe());
        assert!(!outcome.kept.is_empty() && outcome.kept.iter().all(|c| c.label == RARE));
        assert_eq!(outcome.rows.kept, outcome.kept.len());
        assert!(outcome.evaluation.is_some() && outcome.model.is_some());
        for name in ["profile.json", "plan.json", "candidates.jsonl", "selection.json", "evaluation.json", "model.bin"]
        {
            assert!(files.file(name).is_some(), "{name}");
        }
    }

    #[test]
    fn a_run_that_is_not_to_evaluate_stops_at_the_texts() {
        let mut recipe = recipe();
        recipe.evaluate.enabled = false;
        let (outcome, files) = ran(recipe);
        assert!(outcome.evaluation.is_none() && files.file("evaluation.json").is_none());
        assert!(!text(&files, "candidates.jsonl").is_empty());
    }

    #[test]
    fn answers_that_are_paid_for_need_a_folder() {
        let (setup, material) = begun(remote());
        let refused = run(&setup, &material, &mut crate::artefacts::Memory::default(), &Work::default());
        assert!(matches!(refused, Err(Error::Plan(PlanError::NeedsFolder { .. }))));
    }
}

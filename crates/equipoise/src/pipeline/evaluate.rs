//! `evaluate`: what synthetic rows from anywhere do to a classifier.

use super::check::Checked;
use super::judge::{self, Judged};
use super::page::{self, Results};
use crate::artefacts::Artefacts;
use crate::material::Admitted;
use crate::{Error, Material, Setup, Work};
use equipoise_core::eval::{Evaluation, RowWeights};
use equipoise_core::select::SyntheticRows;
use equipoise_core::text::escape_control;

/// What synthetic rows do.
#[derive(Debug, Clone)]
pub struct Evaluated {
    /// The evaluation.
    pub evaluation: Evaluation,
    /// The fitted model of the arm that was chosen, as [`crate::pipeline::predict`] reads it; `None` where it cannot be saved.
    pub model: Option<Vec<u8>>,
    /// What each row weighs in that arm.
    pub weights: Option<RowWeights>,
}

/// Evaluates synthetic rows, or the free arms alone where there are none; `evaluation.json`, `model.bin` and `report.html` go to
/// `artefacts`.
///
/// # Errors
/// Nothing to judge on; a goal that the labels do not have; a file that cannot be taken.
pub fn evaluate(
    setup: &Setup,
    material: &Material,
    mut synthetic: Admitted,
    artefacts: &mut dyn Artefacts,
    work: &Work<'_>,
) -> Result<Evaluated, Error> {
    setup.fits(material)?;
    if let Some(judge) = &setup.judge {
        work.note(format!(
            "`evaluate` asks no label judge, so that `{}` says nothing of these rows; `check` asks it",
            escape_control(&judge.shown())
        ));
    }
    let checked = Checked::new(setup, material, &mut synthetic, None, work)?;
    let rows = SyntheticRows::new(&checked.candidates, &checked.selection);
    let judged = judge::evaluate(setup, material, &rows, synthetic.features.as_ref(), work)?;
    judged.write(artefacts)?;
    let made = Results {
        candidates: &checked.candidates,
        verdicts: &checked.verdicts,
        selection: (!synthetic.files.is_empty()).then_some(&checked.selection),
        checks: (!synthetic.files.is_empty()).then_some(&checked.counts),
        evaluation: Some(&judged.evaluation),
        files: &synthetic.files,
        run: None,
    };
    page::render(setup, material, &made, artefacts)?;
    let Judged { evaluation, model, weights } = judged;
    Ok(Evaluated { evaluation, model, weights })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::artefacts::Memory;
    use crate::input::Source;
    use crate::material::Sources;
    use crate::pipeline::testing::{RARE, begun, recipe};
    use equipoise_core::format::Table;

    #[test]
    fn rows_from_anywhere_are_checked_judged_and_shown() {
        let (setup, material) = begun(recipe());
        let work = Work::default();
        let made = Table::of_pairs([("stop the order of the lamp", RARE), ("I want it cancelled today", RARE)]);
        let made = Source::table("made", made);
        let columns = Sources::from(Table::of_pairs([("a", "b")])).columns;
        let admitted = material.admit(&[made], &columns, &work).expect("rows of known labels");
        let mut files = Memory::default();
        let evaluated = evaluate(&setup, &material, admitted, &mut files, &work).expect("an evaluation");
        assert!(evaluated.model.is_some() && files.file("evaluation.json").is_some());
        assert!(files.file("report.html").is_some_and(|page| !page.is_empty()));
    }

    #[test]
    fn without_synthetic_rows_the_free_ways_are_judged_alone() {
        let (setup, material) = begun(recipe());
        let admitted = Admitted::default();
        let evaluated = evaluate(&setup, &material, admitted, &mut Memory::default(), &Work::default());
        let evaluation = evaluated.expect("an evaluation").evaluation;
        assert!(evaluation.arms.iter().all(|arm| !arm.name.starts_with("synthetic")), "no arm has synthetic rows");
    }
}

//! `evaluate`: what synthetic rows from anywhere do to a classifier.

use super::check::Checked;
use super::judge::{self, Judged};
use super::page::{self, Made};
use crate::artefacts::Artefacts;
use crate::error::MaterialError;
use crate::material::Admitted;
use crate::{Error, Material, Setup, Work};
use equipoise_core::eval::{Evaluation, RowWeights};
use equipoise_core::select::SyntheticRows;

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
/// Nothing held out; a goal that the labels do not have; a file that cannot be taken.
pub fn evaluate(
    setup: &Setup,
    material: &Material,
    synthetic: &Admitted,
    artefacts: &mut dyn Artefacts,
    work: &Work<'_>,
) -> Result<Evaluated, Error> {
    setup.fits(material)?;
    let checked = Checked::new(setup, material, synthetic, work)?;
    let rows = SyntheticRows::new(&checked.candidates, &checked.selection);
    let judged = judge::evaluate(setup, material, &rows, synthetic.features.as_ref(), work)?;
    let judged = judged.ok_or(MaterialError::NothingHeldOut)?;
    judged.write(artefacts)?;
    let made = Made {
        candidates: &checked.candidates,
        verdicts: &checked.verdicts,
        selection: (!synthetic.files.is_empty()).then_some(&checked.selection),
        evaluation: Some(&judged.evaluation),
        files: &synthetic.files,
        run: None,
    };
    page::render(setup, material, &made, artefacts)?;
    let Judged { evaluation, model, weights } = judged;
    Ok(Evaluated { evaluation, model, weights })
}

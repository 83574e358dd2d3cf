//! From candidates and verdicts to everything that a run leaves behind: evaluation, report, card and data sets.

use super::judge::{self, Judged};
use super::page::{self, OfRun, Results};
use super::review::review;
use super::selection::SelectionFile;
use super::sets::{DataSets, Rows};
use super::spent::{SPENT_FILE, Spent};
use super::verdicts;
use crate::artefacts::Artefacts;
use crate::event::Phase;
use crate::setup::Reach;
use crate::{Error, Material, Setup, Work};
use equipoise_core::eval::ReviewEffect;
use equipoise_core::offline::Author;
use equipoise_core::plan::Plan;
use equipoise_core::review::Applied;
use equipoise_core::round::Generated;
use equipoise_core::select::SyntheticRows;

/// What a run is derived from.
pub(crate) struct Basis<'a> {
    pub(crate) setup: &'a Setup,
    pub(crate) material: &'a Material,
    pub(crate) plan: &'a Plan,
    pub(crate) generated: &'a Generated,
    /// What was generated before people decided about it, and how much they decided; `None` where nobody did.
    pub(crate) unreviewed: Option<(&'a Generated, Applied)>,
    pub(crate) spent: &'a Spent,
}

/// What is derived, besides files.
pub(crate) struct Derived {
    pub(crate) file: SelectionFile,
    /// `None` where nothing was evaluated.
    pub(crate) judged: Option<Judged>,
}

impl Basis<'_> {
    /// Evaluates, and gives every derived file to `artefacts`.
    ///
    /// # Errors
    /// Whatever keeps the evaluation from being made or a file from being taken.
    pub(crate) fn derive(&self, artefacts: &mut dyn Artefacts, work: &Work<'_>) -> Result<Derived, Error> {
        let file = SelectionFile::new(self.plan, self.generated, self.spent);
        // Before the evaluation, which takes longest, so that whoever leaves it has the texts.
        self.write_texts(&file, artefacts)?;
        let rows = self.synthetic_rows(self.generated);
        let judged = self.judge(&rows, work)?;
        let derived = Derived { file, judged };
        work.phase(Phase::Write, || self.write_results(&derived, &rows, artefacts, work))?;
        Ok(derived)
    }

    /// What the texts do, and beside it what they did before people decided about them.
    fn judge(&self, rows: &SyntheticRows<'_>, work: &Work<'_>) -> Result<Option<Judged>, Error> {
        // What an unfinished run would show is not what the rows do.
        if !self.setup.evaluates || self.generated.is_partial() {
            return Ok(None);
        }
        let mut judged = judge::evaluate(self.setup, self.material, rows, None, work)?;
        if let Some((unreviewed, decided)) = self.unreviewed {
            let before = judge::evaluate(self.setup, self.material, &self.synthetic_rows(unreviewed), None, work)?;
            judged.evaluation.analysis.review = Some(ReviewEffect::new(decided, before.evaluation));
        }
        Ok(Some(judged))
    }

    fn write_texts(&self, file: &SelectionFile, artefacts: &mut dyn Artefacts) -> Result<(), Error> {
        artefacts.json("profile.json", self.material.profile())?;
        artefacts.json("plan.json", self.plan)?;
        let Generated { candidates, verdicts, checks, .. } = self.generated;
        artefacts.jsonl("candidates.jsonl", candidates)?;
        verdicts::put((candidates, verdicts, checks), self.setup.output.all_verdicts, artefacts)?;
        artefacts.json("selection.json", file)?;
        if self.spent.is_any() {
            artefacts.json(SPENT_FILE, self.spent)?;
        }
        Ok(())
    }

    /// The rows that the arms are trained with, and whoever can write them anew for another fold.
    fn synthetic_rows<'g>(&'g self, generated: &'g Generated) -> SyntheticRows<'g> {
        let mut rows = SyntheticRows::new(&generated.candidates, &generated.selection);
        rows.author = match &self.setup.model.reach {
            // Harvested rows are real: another fold would have to guess their labels again. And nobody has read what another fold
            // would get, so after a review the texts themselves are judged.
            Reach::Local(offline) if !offline.harvests() && self.unreviewed.is_none() => {
                Some(Author { offline, donors: &self.material.donors })
            }
            _ => None,
        };
        let control = self.plan.labels.iter().filter(|l| l.quota.style_control);
        rows.style_control = control.map(|l| l.quota.label.clone()).collect();
        rows
    }

    fn write_results(
        &self,
        derived: &Derived,
        rows: &SyntheticRows<'_>,
        artefacts: &mut dyn Artefacts,
        work: &Work<'_>,
    ) -> Result<(), Error> {
        let Basis { setup, material, plan, generated, spent, .. } = *self;
        let (file, judged) = (&derived.file, derived.judged.as_ref());
        if let Some(judged) = judged {
            judged.write(artefacts)?;
        }
        let weights = judged.and_then(|j| j.weights.as_ref()).filter(|_| setup.output.weights);
        let sets = DataSets::new(material);
        sets.write((setup, material), &Rows { plan, kept: &rows.kept, weights }, artefacts, work)?;
        let Generated { candidates, verdicts, selection, .. } = generated;
        artefacts.bytes("review.csv", &review(candidates, verdicts, selection))?;
        let made = Results {
            candidates,
            verdicts,
            selection: Some(selection),
            checks: Some(&generated.checks),
            evaluation: judged.map(|j| &j.evaluation),
            files: &[],
            run: Some(OfRun { plan, file, spent, sets: &sets }),
        };
        page::render(setup, material, &made, artefacts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::artefacts::Memory;
    use crate::pipeline::testing::{begun, recipe};
    use crate::pipeline::{answers::InProcess, generate, plan};

    #[test]
    fn what_people_turned_down_is_measured_beside_what_they_left() {
        let (setup, material) = begun(recipe());
        let work = Work::default();
        let planned = plan(&setup, &material).expect("a plan");
        let mut asker = InProcess::new(&material, &planned, &work).expect("a model inside the process");
        let all = generate(&setup, &material, &planned, &mut asker, &work).expect("texts");
        let spent = asker.spent();
        let mut left = all.clone();
        left.selection.kept.truncate(3);
        let unreviewed = Some((&all, Applied::default()));
        let basis = Basis {
            setup: &setup,
            material: &material,
            plan: &planned.plan,
            generated: &left,
            unreviewed,
            spent: &spent,
        };
        let derived = basis.derive(&mut Memory::default(), &work).expect("an evaluation");
        let judged = derived.judged.expect("rows are held out");
        assert_eq!(derived.file.selection.kept.len(), 3);
        assert!(judged.evaluation.analysis.review.is_some(), "both verdicts stand side by side");
    }
}

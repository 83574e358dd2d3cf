//! What the learners say, in turn, and the evaluation that it comes to.

use super::changed::{ChangedRows, changed_rows};
use super::collect::VerdictFacts;
use super::figures::Predictions;
use super::group_alarms::{Called, GroupAlarms, group_alarms};
use super::inputs::{EvaluationError, EvaluationInputs};
use super::others::OtherVerdict;
use super::precision_recall::{PrecisionRecall, precision_recall};
use super::prior_shift::{PriorShift, in_words, prior_shifts};
use super::results::{FittedArm, arm_result, contrasts};
use super::settled::Settled;
use super::side_by_side::SideBySide;
use super::train::Saved;
use super::types::{Analysis, ArmResult, Contrast, Evaluation, HeldOutSummary, SyntheticSummary, TrainSummary};
use super::verdict::{Verdict, verdict};
use crate::arm::{Choice, NONE};
use crate::data::{LabelId, RowId};
use std::collections::BTreeMap;

/// What the learners said so far.
pub(super) struct Said<'s> {
    inputs: &'s EvaluationInputs<'s>,
    settled: &'s Settled<'s>,
    arms: Vec<ArmResult>,
    contrasts: Vec<Contrast>,
    verdict: Option<Verdict>,
    others: Vec<OtherVerdict>,
    prior_shifts: Vec<PriorShift>,
    changed: Option<ChangedRows>,
    curves: Vec<PrecisionRecall>,
    groups: Vec<GroupAlarms>,
    notes: Vec<String>,
}

impl<'s> Said<'s> {
    pub(super) fn new(inputs: &'s EvaluationInputs<'_>, settled: &'s Settled<'_>) -> Self {
        let (arms, contrasts, prior_shifts, notes) = (vec![], vec![], vec![], vec![]);
        let (changed, curves, groups, others) = (None, vec![], vec![], vec![]);
        Said { inputs, settled, arms, contrasts, verdict: None, others, prior_shifts, changed, curves, groups, notes }
    }

    /// Whether no learner has said anything yet.
    pub(super) fn is_first(&self) -> bool {
        self.arms.is_empty()
    }

    pub(super) fn note(&mut self, notes: Vec<String>) {
        self.notes.extend(notes);
    }

    /// The arms of `learner`, whose fits stand side by side in `rows`.
    pub(super) fn hear(&mut self, learner: &str, arms: &[FittedArm], choice: Option<&Choice>, rows: &dyn SideBySide) {
        let labels = self.settled.train.labels();
        let texts = choice.and_then(|choice| choice.texts);
        if self.is_first() {
            self.notes.extend(self.inputs.arms.iter().flat_map(|(_, arm)| arm.notes(&self.settled.pool, labels)));
            let shares = (&*self.settled.train.counts(), self.inputs.priors);
            self.prior_shifts = prior_shifts(arms, texts, rows, labels, shares);
            self.notes.extend(in_words(&self.prior_shifts));
        }
        self.arms.extend(arms.iter().map(|arm| arm_result(arm, learner, labels, rows)));
        self.contrasts.extend(contrasts(arms, learner, labels, rows));
        let found = self.verdict(arms, choice, rows);
        if let Some(choice) = choice {
            self.notes.push(format!("`auto` with `{learner}`: {}", choice.reason));
            for note in &choice.notes {
                if !self.notes.contains(note) {
                    self.notes.push(note.clone());
                }
            }
        }
        match &self.verdict {
            None => self.verdict = Some(found),
            Some(first) => self.others.push(OtherVerdict::new(first, learner, &found)),
        }
    }

    /// Keeps what single rows show of the first learner: those that the texts change, how precision and recall trade, and false alarms by
    /// group. Of several passes `rows` is the first; `ids` are those of the judged rows.
    pub(super) fn show(
        &mut self,
        learner: &str,
        rows: &Predictions<'_>,
        arms: &[FittedArm],
        (focus, ids): (&[LabelId], &[RowId]),
    ) {
        let judged = self.verdict.as_ref().and_then(|verdict| verdict.judged.as_ref());
        let (None, Some(judged)) = (&self.changed, judged) else { return };
        let labels = self.settled.train.labels();
        self.curves = precision_recall(rows, arms, (judged, learner), focus, labels);
        self.changed = changed_rows(rows, arms, &judged.arm, learner, labels);
        if let Some(groups) = self.inputs.groups {
            let called = Called::all(rows, arms, &judged.arm, (groups, ids));
            let seed = self.settled.seed.child("groups");
            self.groups = group_alarms(&called, groups, (&self.settled.raised, labels), seed);
            self.notes.extend(self.groups.iter().map(|alarms| alarms.sentence.clone()));
        }
    }

    fn verdict(&self, arms: &[FittedArm], choice: Option<&Choice>, rows: &dyn SideBySide) -> Verdict {
        let (pool, synthetic) = (&self.settled.pool, self.inputs.synthetic);
        let case = VerdictFacts {
            design: self.inputs.design,
            labels: self.settled.train.labels(),
            raised: &self.settled.raised,
            n_candidates: synthetic.n_candidates,
            n_kept: synthetic.kept.len(),
            n_real: &pool.counts(&pool.real),
            n_made: &pool.counts(&pool.kept),
            faults: &self.settled.faults,
            goal: self.inputs.goal,
            arms,
            taken: choice.map_or(NONE, |choice| choice.arm),
            texts: choice.and_then(|choice| choice.texts),
        };
        verdict(&case.evidence(rows))
    }

    /// The evaluation, and the arm that its verdict recommends.
    pub(super) fn end(
        self,
        held_out: HeldOutSummary,
        analysis: Analysis,
    ) -> Result<(Evaluation, Option<Saved>), EvaluationError> {
        let Said { inputs, settled, arms, contrasts, verdict, others, prior_shifts, changed, curves, groups, notes } =
            self;
        let labels = settled.train.labels();
        let mut verdict = verdict.ok_or(EvaluationError::NoLearner)?;
        let saved = settled.trained.first().zip(inputs.learners.first()).and_then(|(trained, learner)| {
            trained.saved(&verdict.arm, (&settled.pool, labels), (inputs.arms, *learner), settled.seed)
        });
        let train = inputs.dataset.train();
        let counts: BTreeMap<String, usize> = labels.names().iter().cloned().zip(train.counts()).collect();
        // Where all rows are judged in turn, those of the test file are fitted on as well, and are no training rows for it.
        for label in &mut verdict.labels {
            label.n_real = counts.get(&label.label).copied().unwrap_or(label.n_real);
        }
        let synthetic = inputs.synthetic;
        let evaluation = Evaluation {
            schema: 1,
            seed: inputs.seed,
            design: inputs.design,
            train: TrainSummary { n: train.len(), labels: counts },
            held_out,
            synthetic: SyntheticSummary { n_candidates: synthetic.n_candidates, n_kept: synthetic.kept.len() },
            arms,
            contrasts,
            verdict,
            others,
            prior_shifts,
            analysis: Analysis { changed, precision_recall: curves, group_alarms: groups, ..analysis },
            notes,
        };
        Ok((evaluation, saved))
    }
}

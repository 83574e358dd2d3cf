//! What a judge of labels is going to be asked, and what that costs.

use crate::error::PlanError;
use crate::pipeline::answers::lane;
use crate::setup::{LabelJudge, Who};
use crate::{Error, Material, Setup};
use equipoise_core::data::{LabelId, TrainView};
use equipoise_core::mask::Mask;
use equipoise_core::plan::{Forecast, JudgeForecast, RequestSize};
use equipoise_core::probation::{KnownRows, Questions};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A judge, the real rows that it is asked about first, and how it is asked.
pub(crate) struct JudgePlan {
    pub(super) judge: Arc<LabelJudge>,
    /// For each label that gets texts.
    pub(super) known: Vec<KnownRows>,
    pub(super) questions: Questions,
    pub(super) mask: Option<Mask>,
    /// What it is forecast to be asked.
    pub(crate) forecast: JudgeForecast,
}

impl JudgePlan {
    /// The plan for `wanted` texts of each label, in as many rounds after the first; `None` where nobody judges or no text is wanted.
    ///
    /// # Errors
    /// A definition of a label that the rows do not have.
    pub(crate) fn new(
        setup: &Setup,
        material: &Material,
        wanted: &BTreeMap<LabelId, usize>,
        rounds: u32,
    ) -> Result<Option<Self>, Error> {
        let Some(judge) = setup.judge.clone().filter(|_| !wanted.is_empty()) else { return Ok(None) };
        let train = material.dataset.train();
        let seed = setup.seed().child("label judge");
        let labels: BTreeSet<LabelId> = wanted.keys().copied().collect();
        let known = KnownRows::draw(train, &labels, judge.n_real, seed.child("known rows"));
        let definitions = setup.definitions(train.labels())?;
        let counts = train.counts();
        let meaning = |id: LabelId| {
            let name = train.labels().name(id).to_owned();
            (id, name.clone(), definitions.get(&name).cloned().unwrap_or_default())
        };
        let asked = judge.model().map(|model| model.asked());
        let questions = Questions {
            labels: train.labels().ids().filter(|id| counts[id.index()] > 0).map(meaning).collect(),
            model: asked.as_ref().map_or_else(String::new, |model| model.name.clone()),
            takes_schema: asked.is_some_and(|model| model.takes_schema),
            seed: seed.child("questions"),
        };
        let mask = setup.masking.as_ref().map(|masking| masking.of(train, setup.seed()));
        let (by, n_known) = (judge.shown(), rows(&known).len());
        let forecast =
            JudgeForecast { by, n_known, forecast: forecast(&judge, &questions, &known, train, (wanted, rounds)) };
        Ok(Some(JudgePlan { judge, known, questions, mask, forecast }))
    }

    /// The host that texts are sent to; `None` for a command.
    pub(crate) fn host(&self) -> Option<&str> {
        self.judge.model().and_then(|model| model.host())
    }

    /// The real rows that leave for the judge.
    pub(crate) fn sent(&self, train: TrainView<'_>) -> Vec<equipoise_core::data::RowId> {
        let is_sent = self.host().is_some();
        rows(&self.known).into_iter().filter(|_| is_sent).map(|at| train.get(at).id).collect()
    }

    /// Refuses what could never be asked, or whose price is unknown although that was not said to be fine.
    ///
    /// # Errors
    /// As [`crate::pipeline::Planned::check_price`] and [`crate::pipeline::Planned::check_way`].
    pub(crate) fn check(&self, setup: &Setup) -> Result<(), Error> {
        let Who::Model(model, limits) = &self.judge.who else { return Ok(()) };
        let shown = || model.shown();
        if model.price.is_none() && (!setup.unpriced || limits.budget.is_some()) {
            return Err(PlanError::UnpricedJudge { model: shown() }.into());
        }
        if limits.offline {
            return Err(PlanError::Offline { model: shown() }.into());
        }
        lane(model).map(drop)
    }
}

/// The positions of the rows that are asked about, each once.
pub(super) fn rows(known: &[KnownRows]) -> BTreeSet<usize> {
    known.iter().flat_map(|of| of.own.iter().chain(&of.others)).copied().collect()
}

/// Texts are forecast to be as long as the label's own rows.
fn forecast(
    judge: &LabelJudge,
    questions: &Questions,
    known: &[KnownRows],
    train: TrainView<'_>,
    (wanted, rounds): (&BTreeMap<LabelId, usize>, u32),
) -> Forecast {
    let Some(model) = judge.model() else { return Forecast::once(&[], Some(FREE)) };
    let sizes = |texts: &[&str]| -> Vec<RequestSize> {
        questions.requests(texts).iter().map(|(_, request)| model.size(request)).collect()
    };
    let first: Vec<&str> = rows(known).into_iter().map(|at| train.get(at).text).collect();
    let like = |of: &KnownRows| {
        let n = wanted.get(&of.label).copied().unwrap_or(0);
        of.own.iter().cycle().take(n).map(|at| train.get(*at).text).collect::<Vec<_>>()
    };
    let texts: Vec<&str> = known.iter().flat_map(like).collect();
    Forecast::once(&sizes(&first), model.price).plus(Forecast::new(&sizes(&texts), rounds, model.price))
}

const FREE: equipoise_core::plan::Price = equipoise_core::plan::Price { input_usd: 0.0, output_usd: 0.0 };

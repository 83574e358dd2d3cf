//! The texts of a run as they came, and as people left them.

use super::Store;
use crate::pipeline::{Planned, check_context};
use crate::rundir::RunDir;
use crate::{Error, Material, Setup};
use equipoise_core::check::Panel;
use equipoise_core::review::{Applied, History};
use equipoise_core::round::Generated;

/// What the rounds of a run gave, and what people made of it.
pub(crate) struct Texts {
    generated: Generated,
    /// `None` where nobody decided about any text.
    reviewed: Option<(Generated, Applied)>,
}

impl Texts {
    /// Reads the decisions in the run folder, if there are any, and applies them.
    ///
    /// # Errors
    /// A damaged file of decisions.
    pub(crate) fn new(
        setup: &Setup,
        material: &Material,
        planned: &Planned,
        dir: &RunDir,
        generated: Generated,
    ) -> Result<Self, Error> {
        let Some(store) = Store::existing(dir.path())? else { return Ok(Texts { generated, reviewed: None }) };
        let history = History::of(store.records().iter().cloned());
        let context = check_context(setup, material);
        let panel = Panel::new(&setup.checks, &context);
        let reviewed = generated.reviewed(&history, &panel, &planned.asking.quotas);
        let reviewed = Some(reviewed).filter(|(_, decided)| decided.n() > 0);
        Ok(Texts { generated, reviewed })
    }

    /// The texts to go on with.
    pub(crate) fn used(&self) -> &Generated {
        self.reviewed.as_ref().map_or(&self.generated, |(after, _)| after)
    }

    /// The texts before the decisions, and how many of those there are; `None` where there are none.
    pub(crate) fn unreviewed(&self) -> Option<(&Generated, Applied)> {
        self.reviewed.as_ref().map(|(_, decided)| (&self.generated, *decided))
    }
}

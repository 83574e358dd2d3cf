//! The rounds of a run, with what its setup and its material are.

use super::Planned;
use crate::{Error, Material, Setup, Work};
use equipoise_core::check::{Context, Panel};
use equipoise_core::round::{self, Asker, Generated, RoundEvent, RoundInputs};

/// Runs the rounds with answers from `asker`.
pub(crate) fn generate(
    setup: &Setup,
    material: &Material,
    planned: &Planned,
    asker: &mut impl Asker<Error = Error>,
    work: &Work<'_>,
) -> Result<Generated, Error> {
    let context = check_context(setup, material);
    let panel = Panel::new(&setup.checks, &context);
    let train = material.dataset.train();
    let inputs = RoundInputs { asking: &planned.asking, train, panel: &panel, seed: setup.seed() };
    // A generator inside the process asks nobody, so that there is no asking again to tell of.
    let is_told = |event: &RoundEvent| setup.model.is_remote() || !matches!(event, RoundEvent::AsksAgain { .. });
    round::run(&inputs, asker, &|event| {
        if is_told(&event) {
            work.tell(event.into());
        }
    })
}

/// What the checks look at.
pub(crate) fn check_context<'a>(setup: &Setup, material: &'a Material) -> Context<'a> {
    let train = material.dataset.train();
    let mut context = Context::new(train, material.fingerprints.as_ref(), setup.seed());
    context.made_up = setup.masking.as_ref().map_or_else(Vec::new, |masking| masking.made_up(train, setup.seed()));
    context
}

//! The rounds of a run, with what its setup and its material are.

use super::Planned;
use super::answers::{Answers, Watch, Watched};
use crate::{Error, Material, Setup, Work};
use equipoise_core::check::{Context, Panel};
use equipoise_core::round::{self, Asker, Generated, RoundInputs};

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
    round::run(&inputs(setup, material, planned, &panel), asker, &|event| work.tell(event.into()))
}

/// As [`generate`], and counts texts as their answers arrive.
pub(crate) fn generate_live(
    setup: &Setup,
    material: &Material,
    planned: &Planned,
    answers: &mut Answers<'_>,
    work: &Work<'_>,
) -> Result<Generated, Error> {
    let context = check_context(setup, material);
    let panel = Panel::new(&setup.checks, &context);
    let (labels, generator) = (material.dataset.labels(), planned.asking.generator.as_ref());
    let watch = Watch { labels, generator, panel: &panel, sink: work.sink() };
    let asker = &mut Watched { answers, watch };
    round::run(&inputs(setup, material, planned, &panel), asker, &|event| work.tell(event.into()))
}

/// What the checks look at.
pub(crate) fn check_context<'a>(setup: &Setup, material: &'a Material) -> Context<'a> {
    Context::new(material.dataset.train(), material.fingerprints.as_ref(), setup.seed())
}

fn inputs<'a>(setup: &Setup, material: &'a Material, planned: &'a Planned, panel: &'a Panel<'a>) -> RoundInputs<'a> {
    RoundInputs { asking: &planned.asking, train: material.dataset.train(), panel, seed: setup.seed() }
}

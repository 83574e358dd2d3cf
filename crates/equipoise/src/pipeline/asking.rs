//! What a setup asks of a model for these rows: its targets become quotas.

use crate::error::PlanError;
use crate::setup::Prompting;
use crate::{Error, Material, Setup};
use equipoise_core::data::LabelId;
use equipoise_core::generator::Unlabelled;
use equipoise_core::learner;
use equipoise_core::offline::Donor;
use equipoise_core::plan::Quota;
use equipoise_core::probation::{ClassifierJudge, neighbours};
use equipoise_core::round::{Asking, Guessed, Mining};
use std::collections::BTreeMap;

/// What is asked with `prompting`.
///
/// # Errors
/// Targets that do not fit the rows.
pub(super) fn asking(setup: &Setup, material: &Material, prompting: &Prompting) -> Result<Asking, Error> {
    let labels = material.dataset.labels();
    let counts = material.dataset.train().counts();
    let counts =
        labels.ids().map(|id| (labels.name(id).to_owned(), counts[id.index()])).filter(|(_, n)| *n > 0).collect();
    let (generator_name, generator) = prompting.generator()?;
    setup.attributing.fit(prompting)?;
    let quotas = setup.targets.quotas(&counts).map_err(PlanError::from)?;
    let train = material.dataset.train();
    let mask = setup.masking.as_ref().map(|masking| masking.of(train, setup.seed()));
    // What the built-in generator puts together from rows is as they are.
    let rules = match &prompting.template {
        Some(_) => Asking::rules(&setup.recipe().texts, train, material.profile()),
        None => BTreeMap::new(),
    };
    let neighbours = if generator.shows_neighbours() { neighbours_of(setup, material) } else { BTreeMap::new() };
    let mining = if generator.mines() { mining(setup, material, &quotas) } else { Mining::default() };
    Ok(Asking {
        attributes: setup.attributing.of(train, &quotas, mask.as_ref(), setup.seed())?,
        quotas,
        rounds: setup.rounds,
        model: setup.model.asked(),
        generator,
        generator_name,
        template: prompting.template.clone(),
        chunk: setup.chunk,
        temperature: setup.temperature,
        avoid_patterns: setup.avoid_patterns,
        neighbours,
        styles: Asking::styles(material.profile(), labels, &rules),
        rules,
        definitions: setup.definitions(material.dataset.labels())?,
        mining: mining.hidden(mask.as_ref()),
        mask,
    })
}

/// The label that each label is most confused with, by a classifier of the real rows, out of fold.
fn neighbours_of(setup: &Setup, material: &Material) -> BTreeMap<LabelId, LabelId> {
    let train = material.dataset.train();
    let rows: Vec<(&str, LabelId)> = train.rows().map(|row| (row.text, row.label)).collect();
    let judge = ClassifierJudge::learn(&rows, train.labels().len(), setup.seed().child("neighbours"));
    neighbours(judge.as_ref().map_or(&[][..], ClassifierJudge::real), &train.counts())
}

/// The rows without a label that are worth asking about, by the first learner of the training rows.
fn mining(setup: &Setup, material: &Material, quotas: &[Quota]) -> Mining {
    let train = material.dataset.train();
    let learners = setup.learners.of(train);
    let Some((_, learner)) = learners.first() else { return Mining::default() };
    let texts: Vec<&str> = material.donors.iter().map(|donor| donor.text.as_str()).collect();
    let probabilities = learner::probabilities(train, &texts, &**learner);
    let row = |donor: &Donor| Unlabelled { row: donor.id, text: donor.text.clone() };
    let rows: Vec<Unlabelled> = material.donors.iter().map(row).collect();
    let guessed = Guessed { rows: &rows, probabilities: &probabilities };
    Mining::new(train, guessed, quotas, setup.rounds + 1, setup.seed().child("mine"))
}

#[cfg(test)]
mod tests {
    use crate::pipeline::testing::{RARE, begun, recipe};

    #[test]
    fn a_target_becomes_a_quota_of_what_the_label_lacks() {
        let (setup, material) = begun(recipe());
        let asking = super::asking(&setup, &material, &setup.prompting).expect("targets that fit");
        let quotas: Vec<_> = asking.quotas.iter().map(|q| (q.label.as_str(), q.have, q.wanted)).collect();
        assert_eq!(quotas, [(RARE, 12, 12)]);
        assert!(asking.styles.contains_key(RARE), "prompts can say how the label's texts are written");
    }

    #[test]
    fn a_target_for_a_label_that_no_row_has_is_refused() {
        let mut recipe = recipe();
        recipe.targets.label_to.insert("refund".to_owned(), "9".to_owned());
        let (setup, material) = begun(recipe);
        let refused = super::asking(&setup, &material, &setup.prompting).map(|_| ()).expect_err("no such label");
        assert!(refused.to_string().contains("refund"), "{refused}");
    }
}

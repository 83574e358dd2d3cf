//! What new texts are to be like: the attributes of a recipe, with the values that are learnt from the rows.

use super::Prompting;
use crate::error::SetupError;
use equipoise_core::attribute::{AttributeError, Given, LabelAttributes, Values, Weights, for_labels};
use equipoise_core::data::TrainView;
use equipoise_core::mask::Mask;
use equipoise_core::plan::Quota;
use equipoise_core::rng::Seed;
use equipoise_core::topic::Topics;
use std::collections::BTreeMap;

/// Values that were learnt: by attribute and label.
pub(crate) type Learnt = BTreeMap<String, BTreeMap<String, Weights>>;

/// The attributes of a recipe.
pub(crate) struct Attributing {
    given: Given,
    /// What a run learnt when it began; asked of the rows where there is nothing.
    kept: Learnt,
}

impl Attributing {
    pub(super) fn new(given: Given) -> Self {
        Attributing { given, kept: Learnt::new() }
    }

    /// Whether there are any.
    pub(crate) fn is_empty(&self) -> bool {
        self.given.is_empty()
    }

    /// The same with what a run learnt when it began.
    pub(super) fn having_learnt(&mut self, kept: Learnt) {
        self.kept = kept;
    }

    /// Refuses a prompt that would leave the attributes out.
    pub(crate) fn fit(&self, prompting: &Prompting) -> Result<(), SetupError> {
        let Some(template) = prompting.template.as_ref().filter(|_| !self.is_empty()) else { return Ok(()) };
        let (generator, built) = prompting.generator()?;
        let prompt = template.name().to_owned();
        if !built.takes_attributes() {
            return Err(SetupError::NoAttributes { prompt, generator });
        }
        match template.tells_attributes() {
            true => Ok(()),
            false => Err(SetupError::AttributesUntold { prompt }),
        }
    }

    /// What the texts of each label are to be like. Values that are to be learnt are learnt from the rows as they may be sent.
    pub(crate) fn of(
        &self,
        train: TrainView<'_>,
        quotas: &[Quota],
        mask: Option<&Mask>,
        seed: Seed,
    ) -> Result<BTreeMap<String, LabelAttributes>, SetupError> {
        if self.is_empty() {
            return Ok(BTreeMap::new());
        }
        self.check_labels(train)?;
        let labels: Vec<(&str, usize)> = quotas.iter().map(|quota| (quota.label.as_str(), quota.wanted)).collect();
        let mut given = self.given.clone();
        let mut topics = None;
        for (name, values) in &mut given.named {
            let Values::Learnt(most) = values else { continue };
            let learnt = match self.kept.get(name) {
                Some(kept) => kept.clone(),
                None => {
                    let rows = topics.get_or_insert_with(|| Rows::new(train, mask));
                    let of = |(label, _): &(&str, usize)| Some(((*label).to_owned(), rows.learn(label, most.0, seed)?));
                    labels.iter().filter_map(of).collect()
                }
            };
            if learnt.is_empty() && !labels.is_empty() {
                return Err(SetupError::NoTopics { attribute: name.clone() });
            }
            *values = Values::ByLabel(learnt);
        }
        Ok(for_labels(&given, &labels)?)
    }

    /// What was learnt for `attributes`, to be kept in a run.
    pub(crate) fn learnt(&self, attributes: &BTreeMap<String, LabelAttributes>) -> Learnt {
        let is_learnt = |name: &str| matches!(self.given.named.get(name), Some(Values::Learnt(_)));
        let mut learnt = Learnt::new();
        for (label, of_label) in attributes {
            for value in of_label.values().into_iter().filter(|value| is_learnt(value.attribute)) {
                let of = learnt.entry(value.attribute.to_owned()).or_default().entry(label.clone()).or_default();
                of.insert(value.value.to_owned(), value.weight);
            }
        }
        learnt
    }

    /// The attributes that `of_label` has no values for, though others have.
    pub(crate) fn lacking(&self, of_label: Option<&LabelAttributes>) -> Vec<String> {
        let has = |name: &String| of_label.is_some_and(|of| of.values().iter().any(|value| value.attribute == name));
        self.given.named.keys().filter(|name| !has(name)).cloned().collect()
    }

    /// The forbidden pairs, in words.
    pub(crate) fn forbidden(&self) -> Vec<String> {
        let part = |(name, value): &(String, String)| format!("{name}={value}");
        self.given.forbidden.iter().map(|[one, other]| format!("{} with {}", part(one), part(other))).collect()
    }

    /// Refuses values for a label that no row has.
    fn check_labels(&self, train: TrainView<'_>) -> Result<(), SetupError> {
        for (name, values) in &self.given.named {
            let Values::ByLabel(of) = values else { continue };
            if let Some(label) = of.keys().find(|label| train.labels().id(label).is_none()) {
                return Err(SetupError::Attributes(AttributeError {
                    what: format!("the attribute `{name}` has values for the label `{label}`, and no row has it"),
                    remedy: format!("the labels are: {}", train.labels().names().join(", ")),
                }));
            }
        }
        Ok(())
    }
}

/// The training rows as they may be sent, to learn topics from.
struct Rows {
    /// Label and text.
    texts: Vec<(String, String)>,
    topics: Topics,
}

impl Rows {
    fn new(train: TrainView<'_>, mask: Option<&Mask>) -> Self {
        let hidden = |text: &str| mask.map_or_else(|| text.to_owned(), |mask| mask.hide(text));
        let row = |row: equipoise_core::data::Row<'_>| (train.labels().name(row.label).to_owned(), hidden(row.text));
        let texts: Vec<(String, String)> = train.rows().map(row).collect();
        let topics = Topics::new(&texts.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>());
        Rows { texts, topics }
    }

    /// The topics of a label with the rows that are about them; `None` where it has too few rows.
    fn learn(&self, label: &str, most: usize, seed: Seed) -> Option<Weights> {
        let own: Vec<&str> = self.texts.iter().filter(|(of, _)| of == label).map(|(_, text)| text.as_str()).collect();
        let topics = self.topics.of(label, &own, most, seed.child(&format!("topics/{label}")));
        let weights: Weights = topics.into_iter().map(|topic| (topic.name, topic.n_rows as f64)).collect();
        (!weights.is_empty()).then_some(weights)
    }
}

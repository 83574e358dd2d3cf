//! Whether the values of a recipe make sense, whoever wrote them.

use super::Recipe;
use super::recipe::Header;

/// A value that does not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BadValue {
    /// The key, dotted.
    pub(crate) key: &'static str,
    /// What is wrong and what it takes.
    pub(crate) message: String,
}

impl Recipe {
    /// Checks every value that has a range; names of catalog items are looked up where the items are built.
    pub(crate) fn check(&self) -> Result<(), BadValue> {
        let bad = |key, message: String| Err(BadValue { key, message });
        if let Err(message) = self.targets.parse() {
            return bad("targets", message);
        }
        if matches!(self.data.header, Header::Line(_)) && !self.data.columns.is_empty() {
            return bad("data.columns", "a line that names the columns needs no other names for them".to_owned());
        }
        if let Some(share) = self.evaluate.held_out_share.filter(|share| !(*share > 0.0 && *share < 1.0)) {
            return bad("evaluate.held_out_share", format!("{share} is not between 0 and 1"));
        }
        if let Some(n) = self.evaluate.repeats.filter(|n| !(1..=100).contains(n)) {
            return bad("evaluate.repeats", format!("{n} is not between 1 and 100"));
        }
        if self.evaluate.learners.is_empty() {
            return bad("evaluate.learners", "name at least one learner, or set evaluate.enabled = false".to_owned());
        }
        if self.model.max_concurrency == Some(0) {
            return bad("model.max_concurrency", "at least one request must be in flight".to_owned());
        }
        if self.model.deadline_s == Some(0) {
            return bad("model.deadline_s", "one call must be given at least a second".to_owned());
        }
        let model = &self.model;
        let money = model
            .price
            .iter()
            .chain(&self.judge.price)
            .chain(model.prices.values())
            .flatten()
            .copied()
            .chain(model.budget_usd);
        if money.into_iter().any(|usd| !usd.is_finite() || usd < 0.0) {
            return bad("model.price", "prices and budgets are amounts in USD, not negative".to_owned());
        }
        if model.temperature.is_some_and(|t| !(0.0..=5.0).contains(&t)) {
            return bad("model.temperature", "a temperature lies between 0 and 5".to_owned());
        }
        if self.texts.max_words == Some(0) {
            return bad("texts.max_words", "a text has at least one word".to_owned());
        }
        self.given_attributes()?;
        if self.mask.names.is_some() && self.mask.how.is_none() {
            return bad("mask.names", "names are hidden with mask.how = \"restore\" or \"keep\"".to_owned());
        }
        let judge = &self.judge;
        if judge.model.is_some() && judge.command.is_some() {
            return bad("judge", "a model and a command would both judge: name one of them".to_owned());
        }
        if judge.model.is_none() && (judge.base_url.is_some() || judge.key_env.is_some() || judge.price.is_some()) {
            return bad("judge", "an address, a key or a price needs the model of the judge".to_owned());
        }
        if !(1..=10_000).contains(&judge.real_rows) {
            return bad("judge.real_rows", "give between 1 and 10000 real rows".to_owned());
        }
        if !(100..=100_000).contains(&self.evaluate.resamples) {
            return bad("evaluate.resamples", "give between 100 and 100000 resamples".to_owned());
        }
        Ok(())
    }
}

//! Who says which labels texts have: a model or a command of the user's own.

use super::{Model, Reach, limits};
use crate::config::{ModelRecipe, Recipe};
use crate::error::SetupError;
use crate::schedule::Limits;
use std::sync::Arc;

/// A judge of labels, resolved.
pub(crate) struct LabelJudge {
    pub(crate) who: Who,
    /// Real rows of a label, and of others, that it is asked about first.
    pub(crate) n_real: usize,
}

/// Who judges.
pub(crate) enum Who {
    Model(Arc<Model>, Box<Limits>),
    Command(String),
}

impl LabelJudge {
    /// The judge that the recipe names; `None` where it names none.
    ///
    /// # Errors
    /// As [`Model::new`]; a model that cannot be asked.
    pub(super) fn new(recipe: &Recipe) -> Result<Option<Self>, SetupError> {
        let judge = &recipe.judge;
        let who = match (&judge.model, &judge.command) {
            (Some(name), _) => {
                let model = Model::new(&model(recipe, name), &recipe.provider)?;
                if matches!(model.reach, Reach::Local(_)) {
                    return Err(SetupError::NoJudge { model: model.shown() });
                }
                let limits = limits(recipe, &model);
                Who::Model(Arc::new(model), Box::new(limits))
            }
            (None, Some(command)) => Who::Command(command.clone()),
            (None, None) => return Ok(None),
        };
        Ok(Some(LabelJudge { who, n_real: judge.real_rows }))
    }

    /// Its name for people.
    pub(crate) fn shown(&self) -> String {
        match &self.who {
            Who::Model(model, _) => model.shown(),
            Who::Command(command) => command.clone(),
        }
    }

    /// The model, where it is one.
    pub(crate) fn model(&self) -> Option<&Model> {
        match &self.who {
            Who::Model(model, _) => Some(model),
            Who::Command(_) => None,
        }
    }
}

/// What a recipe says of a judge called `name`: what it does not say is that of the model that writes, where both have one provider.
fn model(recipe: &Recipe, name: &str) -> ModelRecipe {
    let (judge, writer) = (&recipe.judge, &recipe.model);
    let provider = |name: &str| name.split('/').next().unwrap_or_default().replace('-', "_");
    let is_alike = provider(name) == provider(&writer.name);
    ModelRecipe {
        name: name.to_owned(),
        base_url: judge.base_url.clone().or_else(|| writer.base_url.clone().filter(|_| is_alike)),
        key_env: judge.key_env.clone().or_else(|| writer.key_env.clone().filter(|_| is_alike)),
        price: judge.price.or(writer.price.filter(|_| name == writer.name)),
        // A judgement is waited for, and a batch takes a day.
        batch: false,
        temperature: None,
        reasoning: writer.reasoning.filter(|_| name == writer.name),
        ..writer.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(change: impl FnOnce(&mut Recipe)) -> Result<Option<LabelJudge>, SetupError> {
        let mut recipe = Recipe::default();
        recipe.model.name = "openai-compatible/writer".to_owned();
        recipe.model.base_url = Some("http://127.0.0.1:9/v1".to_owned());
        recipe.model.price = Some([1.0, 2.0]);
        change(&mut recipe);
        LabelJudge::new(&recipe)
    }

    #[test]
    fn a_judge_of_the_same_provider_has_its_address_and_one_of_another_does_not() {
        let named = |name: &str| {
            let judge = judge(|r| r.judge.model = Some(name.to_owned())).expect("a judge").expect("one is named");
            let model = judge.model().expect("a model");
            (model.host().map(str::to_owned), model.price.map(|price| price.input_usd))
        };
        assert_eq!(named("openai-compatible/writer"), (Some("127.0.0.1".to_owned()), Some(1.0)));
        assert_eq!(named("openai-compatible/other"), (Some("127.0.0.1".to_owned()), None));
        assert_eq!(named("openai/gpt-4.1-mini"), (Some("api.openai.com".to_owned()), Some(0.4)));
    }

    #[test]
    fn nobody_judges_unless_one_is_named_and_the_built_in_generator_cannot() {
        assert!(judge(|_| ()).expect("a recipe").is_none());
        let refused = judge(|r| r.judge.model = Some("offline".to_owned())).map(|_| ()).expect_err("it asks no model");
        assert!(matches!(refused, SetupError::NoJudge { .. }), "{refused}");
        let command = judge(|r| r.judge.command = Some("python judge.py".to_owned())).expect("one").expect("one");
        assert_eq!((command.shown().as_str(), command.model().is_none()), ("python judge.py", true));
    }
}

//! The chat completions protocol of OpenAI and of everyone who copied it.

mod decode;
mod encode;
mod habits;
mod stream;
mod text;

use habits::Dial;
pub(super) use habits::Habits;

use super::batch::FileBatches;
use super::reasoning::Effort;
use super::way::{Custom, Manner, Part, Way};
use super::{Answer, Failure, HttpCall, Provider, Request, Response, Wire};
use crate::catalog::{Settings, SettingsError};

/// Someone who serves the protocol: what makes an entry of the catalog.
pub(super) struct Host {
    /// Name of the entry.
    pub(super) name: &'static str,
    /// What the endpoint is known to take.
    pub(super) habits: &'static Habits,
    /// Its address, where it has one for everybody.
    pub(super) base_url: Option<&'static str>,
    /// Environment variable of the key.
    pub(super) key_env: Option<&'static str>,
    /// Ends of the names of the hosts that the key is for, besides that of the address.
    pub(super) hosts: &'static [&'static str],
}

impl Host {
    /// The provider, with the user's settings.
    ///
    /// # Errors
    /// As [`Custom::read`].
    pub(super) fn provider(self, settings: &Settings) -> Result<Box<Provider>, SettingsError> {
        let Host { name, habits, base_url, key_env, hosts } = self;
        let custom = Box::new(Custom::read(name, settings)?);
        let batch = habits.batches.then(|| Box::new(FileBatches) as _);
        let wire = Box::new(ChatCompletions { habits });
        Ok(Box::new(Provider::Http { wire, base_url, key_env, hosts, structured: true, batch, custom }))
    }
}

/// The wire; providers that speak it differ in address, key and habits.
#[derive(Debug, Clone, Copy)]
pub(super) struct ChatCompletions {
    /// What the endpoint is known to take.
    pub(super) habits: &'static Habits,
}

impl Wire for ChatCompletions {
    fn id(&self) -> &'static str {
        "chat_completions/2"
    }

    fn encode(&self, request: &Request, way: &Way) -> HttpCall {
        encode::encode(self, request, way)
    }

    fn manner(&self, part: Part, request: &Request, way: &Way) -> Option<Manner> {
        let habits = self.habits;
        let schema = request.schema.as_ref().and_then(|_| way.first(habits.schema));
        match part {
            Part::Seed => habits.seed.and_then(|_| way.first(&[Manner::Seed])),
            Part::Temperature => request.sampling.temperature.and_then(|_| way.first(&[Manner::Temperature])),
            Part::Limit => way.first(habits.limit),
            Part::System if request.prompt.system.is_empty() => None,
            Part::System => way.first(&[Manner::SystemRole]),
            Part::Keywords => schema.filter(|manner| *manner == Manner::StrictSchema),
            Part::Schema => schema,
            Part::Reasoning => self.effort(&request.model, way).and_then(|effort| way.first(&effort.ladder())),
            Part::Whole | Part::Thinking => way.first(part.manners()),
        }
    }

    fn effort(&self, model: &str, way: &Way) -> Option<Effort> {
        way.effort.or_else(|| (self.habits.least)(model))
    }

    fn decode(&self, response: &Response<'_>) -> Result<Answer, Failure> {
        decode::decode(response)
    }
}

//! The way in which an endpoint is asked: its address, what the user adds and omits, and what it was found to refuse.

mod custom;
mod efforts;
mod named;
mod part;

pub use custom::Custom;
pub(super) use custom::SETTINGS;
pub use efforts::Efforts;
pub(super) use efforts::efforts;
pub(super) use named::parts;
pub use part::{Manner, Part};

use super::reasoning::Effort;
use super::{Failure, HttpCall, Request, Wire};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;

/// How an endpoint is asked. It holds no key, so that a journal can keep it; answers are found again by the ways in which a run asked.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Way {
    /// Base URL, without a slash at the end.
    pub base_url: String,
    /// What the user adds to every request and omits of it.
    #[serde(default, skip_serializing_if = "Custom::is_plain")]
    pub custom: Custom,
    /// How much the model is to reason; `None` takes the least that is known of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effort: Option<Effort>,
    /// The manners that it refuses.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub refused: BTreeSet<Manner>,
    /// The most tokens that it lets an answer have, where it said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most_output: Option<u32>,
}

/// What became of a way after a refusal.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The way from now on.
    pub way: Way,
    /// What was refused.
    pub part: Part,
    /// What was sent of it.
    pub before: Manner,
    /// What is sent in its place; `None` where it is omitted, or where only its bound changed.
    pub now: Option<Manner>,
}

impl Way {
    /// The plain way to `base_url`.
    pub fn new(base_url: &str) -> Self {
        Way { base_url: base_url.trim_end_matches('/').to_owned(), ..Way::default() }
    }

    /// Whether it differs from `other` in nothing but what was learnt of the endpoint.
    pub fn is_to_the_same(&self, other: &Way) -> bool {
        let Way { base_url, custom, effort, refused: _, most_output: _ } = self;
        *base_url == other.base_url && *custom == other.custom && *effort == other.effort
    }

    /// Whether `manner` may be sent.
    pub(super) fn takes(&self, manner: Manner) -> bool {
        !self.refused.contains(&manner) && !self.custom.omits(manner)
    }

    /// The first of `manners` that may be sent.
    pub(super) fn first(&self, manners: &[Manner]) -> Option<Manner> {
        manners.iter().copied().find(|manner| self.takes(*manner))
    }

    /// The limit of the answer to `request`, in tokens, thoughts included.
    pub fn limit(&self, wire: &dyn Wire, request: &Request) -> u32 {
        let effort = wire.manner(Part::Reasoning, request, self).and_then(Effort::of);
        let tokens = match self.custom.max_tokens {
            0 => request.sampling.max_tokens.saturating_add(effort.map_or(0, Effort::allowance)),
            fixed => fixed,
        };
        self.most_output.map_or(tokens, |most| tokens.min(most))
    }

    /// The call of `request` through `wire`.
    pub fn call(&self, wire: &dyn Wire, request: &Request) -> HttpCall {
        let mut call = wire.encode(request, self);
        self.custom.fill_in(&mut call);
        call
    }

    /// The way after `failure` refused `request` as this way sent it: without the manner of a part that it names, or with the bound that
    /// it names. `None` where it names nothing that is sent, so that the request itself or its texts are at fault.
    pub fn after(&self, wire: &dyn Wire, request: &Request, failure: &Failure) -> Option<Change> {
        failure.parts.iter().find_map(|part| {
            let before = wire.manner(*part, request, self)?;
            let mut way = self.clone();
            let bound = named::most_output(&failure.message).filter(|n| *n < self.limit(wire, request));
            if let Some(bound) = bound.filter(|_| *part == Part::Limit) {
                way.most_output = Some(bound);
                return Some(Change { way, part: *part, before, now: Some(before) });
            }
            way.refused.insert(before);
            if *part == Part::Schema {
                way.refused.extend([Manner::StrictSchema, Manner::PlainSchema]);
            }
            if let Some(effort) = Effort::of(before) {
                let is_open = |effort: &Effort| self.first(&effort.ladder()) == effort.ladder().first().copied();
                let named: Vec<Effort> = failure.efforts.iter().filter(is_open).collect();
                way.refused.extend(effort.left_out(&named, is_unknown_field(&failure.message)));
            }
            let now = wire.manner(*part, request, &way);
            Some(Change { way, part: *part, before, now })
        })
    }

    /// The way that sends of `request` nothing but the model, the messages and the limit, for an endpoint that refuses every request and
    /// names no part; `None` where this way sends no more already.
    pub fn bare(&self, wire: &dyn Wire, request: &Request) -> Option<Way> {
        const OPTIONAL: [Part; 5] = [Part::Seed, Part::Temperature, Part::System, Part::Schema, Part::Reasoning];
        let sent = |part: &Part| wire.manner(*part, request, self).is_some();
        if !OPTIONAL.iter().any(sent) {
            return None;
        }
        let mut way = self.clone();
        way.refused.extend(OPTIONAL.iter().flat_map(|part| part.manners()));
        Some(way)
    }
}

/// Whether a refusal is about a field and not about its value.
fn is_unknown_field(message: &str) -> bool {
    let message = message.to_lowercase();
    let of_value = ["value", "must be", "should be", "one of", "budget", "between", "range"];
    !of_value.iter().any(|words| message.contains(words))
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Change { way, part, before, now } = self;
        match (now, way.most_output) {
            (Some(now), Some(most)) if now == before => {
                write!(f, "the endpoint lets an answer have {most} tokens; that is the limit from now on")
            }
            (Some(now), _) => write!(f, "the endpoint refuses {before}; {now} is sent from now on"),
            (None, _) if *part == Part::System => {
                write!(f, "the endpoint refuses {before}; the instructions are in the user's message from now on")
            }
            (None, _) if *part == Part::Schema || *part == Part::Keywords => {
                write!(f, "the endpoint takes no JSON schema; JSON is asked for in words from now on")
            }
            (None, _) => write!(f, "the endpoint refuses {before}; it is omitted from now on"),
        }
    }
}

#[cfg(test)]
mod tests;

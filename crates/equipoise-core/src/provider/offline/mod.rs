//! The built-in generator: new texts of a label from parts of real rows, without a model, a key or a network.
//!
//! A label's own words are kept with their nearest words; the rest of the sentence is exchanged for neutral parts of other rows,
//! joined only where both rows have the same words. Every text names the rows and the joints that it was made of.

mod answer;
mod association;
mod choose;
mod corpus;
mod crossover;
mod draft;
mod exchange;
mod grams;
mod harvest;
mod infill;
mod knowledge;
mod label;
mod language_model;
mod swap;
mod token;
mod vocabulary;
mod words;
mod write;

use super::{Donor, Local, Provider, Writer};
use crate::catalog::{self, Entry, Setting, SettingsError};
use crate::data::TrainView;
use crate::generator::Job;
use crate::rng::Seed;
use harvest::harvest;
use knowledge::Knowledge;
use serde::Deserialize;
use std::borrow::Cow;
use std::fmt::Write as _;
use write::Writing;

pub(super) static ENTRY: Entry<Provider> = Entry {
    name: "offline",
    what: "Writes texts of a label from parts of real rows, joined where the rows share words; no model, no key, no network.",
    why: "Free, fast and with a full audit trail; raises recall of rare labels that have words of their own. It brings no new words: \
          where a label has none, class weights or a model serve better.",
    source: "Own measurements on Saravia et al. 2018 (emotion); log-odds of Monroe et al. 2008, Kneser and Ney 1995, exchange after \
             Kim, Jeong and Shin 2020.",
    settings: SETTINGS,
    make: |settings| Ok(Box::new(Provider::Local(Box::new(Offline::new(settings)?)))),
};

/// The settings of the generator, wherever it is built.
pub(crate) const SETTINGS: &[Setting] = &[
    Setting {
        name: "exchange_share",
        default: "null",
        why: "Share (0..1) of texts of other labels whose label words are exchanged. Null takes 0.45 for a label of fewer than 300 rows \
                  and 0.3 for others. Readers accept nine of ten of them; with 575 rows 0.45 cost 0.7 points of F1 against 0.2.",
    },
    Setting {
        name: "overgenerate",
        default: "5",
        why: "Drafts for each wanted text (1..20), of which those with the most new words at the surest joints are kept. From 3 to 8 F1 \
                  gained a point (cut emotion labels); time grows with it.",
    },
    Setting {
        name: "harvest",
        default: "false",
        why: "Whether unlabelled rows that the first learner gives to a label with probability 0.5 or more come first among its                   texts: real texts, marked as such, of which about one label in five was wrong in our measurements.",
    },
];

const NAME: &str = "offline";

#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Settings {
    exchange_share: Option<f64>,
    overgenerate: usize,
    harvest: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Settings { exchange_share: None, overgenerate: 5, harvest: false }
    }
}

/// The offline generator: context swap, exchange, crossover and infill over the training rows.
#[derive(Debug, Clone, Default)]
pub struct Offline {
    settings: Settings,
}

impl Offline {
    /// The generator with `settings`.
    ///
    /// # Errors
    /// [`SettingsError::BadValue`] for a share outside 0..=1 or an over-generation outside 1..=20.
    pub fn new(settings: &catalog::Settings) -> Result<Self, SettingsError> {
        let settings: Settings = catalog::read(NAME, settings)?;
        let bad = |message: &str| SettingsError::BadValue { item: NAME, message: message.to_owned() };
        if settings.exchange_share.is_some_and(|s| !(0.0..=1.0).contains(&s)) {
            return Err(bad("`exchange_share` must lie between 0 and 1"));
        }
        if !(1..=20).contains(&settings.overgenerate) {
            return Err(bad("`overgenerate` must lie between 1 and 20"));
        }
        Ok(Offline { settings })
    }
}

impl Local for Offline {
    fn prepare_with<'a>(&self, train: TrainView<'a>, donors: &'a [Donor]) -> Box<dyn Writer + 'a> {
        Box::new(Prepared { knowledge: Knowledge::new(train, donors), settings: self.settings.clone() })
    }

    fn harvests(&self) -> bool {
        self.settings.harvest
    }
}

struct Prepared<'a> {
    knowledge: Knowledge<'a>,
    settings: Settings,
}

impl Writer for Prepared<'_> {
    fn answer(&self, job: &Job, taken: &[String], seed: Seed) -> String {
        if self.knowledge.unspaced {
            return answer::refusal(answer::UNSPACED, job.wanted);
        }
        let portrait = self.knowledge.portrait(job.label);
        let harvested = if self.settings.harvest { harvest(&self.knowledge, job, taken) } else { Vec::new() };
        let wanted = job.wanted - harvested.len();
        let rng = stream(&self.knowledge, job, seed).rng();
        let mut shelved = Cow::Borrowed(taken);
        if !harvested.is_empty() {
            shelved.to_mut().extend(harvested.iter().map(|d| d.text.clone()));
        }
        let texts = Writing::new(&self.knowledge, portrait, &self.settings, &shelved, wanted, rng).write();
        answer::answer(&self.knowledge, portrait, &harvested, texts, job.wanted)
    }
}

/// The random stream of a job: jobs of other sources or of a later round draw other texts.
fn stream(knowledge: &Knowledge<'_>, job: &Job, seed: Seed) -> Seed {
    let mut ask = job.ordinal.to_string();
    for source in &job.sources {
        write!(ask, "/{}", source.row).expect("writing to a string cannot fail");
    }
    seed.child(NAME).child(knowledge.corpus.train.labels().name(job.label)).child(&ask)
}

#[cfg(test)]
mod tests;

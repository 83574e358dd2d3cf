//! The offline generator as a provider: its answers in the form that a model would give them.

use super::Provider;
use crate::catalog::Entry;
use crate::generator::Job;
use crate::offline::{Ask, Offline, SETTINGS, Writer};
use crate::rng::Seed;

pub(super) static ENTRY: Entry<Provider> = Entry {
    name: "offline",
    what: "Writes texts of a label from parts of real rows, joined where the rows share words; no model, no key, no network.",
    why: "Free, fast and with a full audit trail; raises recall of rare labels that have words of their own. It brings no new words: \
          where a label has none, class weights or a model serve better.",
    source: "Own measurements on Saravia et al. 2018 (emotion); log-odds of Monroe et al. 2008, Kneser and Ney 1995, exchange after \
             Kim, Jeong and Shin 2020.",
    settings: SETTINGS,
    make: |settings| Ok(Box::new(Provider::Local(Offline::new(settings)?))),
};

/// The answer to a job as JSON, which the journal keeps as it keeps a model's.
pub fn offline_answer(writer: &Writer<'_>, job: &Job, taken: &[String], seed: Seed) -> String {
    let ask = Ask { label: job.label, wanted: job.wanted, ordinal: job.ordinal, taken };
    serde_json::to_string(&writer.write(&ask, seed)).expect("strings, numbers and lists of them are JSON")
}

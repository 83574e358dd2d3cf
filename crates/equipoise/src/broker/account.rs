//! What the folder of a broker has asked and paid, whoever served from it.

use super::Broker;
use crate::journal::{Closing, Unknown};
use crate::pipeline::{SPENT_FILE, Spent, UnknownRequest};
use crate::{Error, Work};

impl Broker {
    /// What its folder has asked and paid, earlier brokers included.
    ///
    /// # Errors
    /// A damaged journal.
    pub fn spent(&self) -> Result<Spent, Error> {
        let totals = self.journal.totals()?;
        let is_priced = self.model.price.is_some();
        let unknown = |u: Unknown| UnknownRequest {
            request: u.key,
            label: None,
            usd: u.reserved.map(|cost| cost.usd()),
            why: u.why,
        };
        Ok(Spent {
            n_answered: totals.n_answers as usize,
            n_unknown: totals.n_unknown as usize,
            unknown: self.journal.unknown()?.into_iter().map(unknown).collect(),
            input_tokens: totals.input_tokens,
            output_tokens: totals.output_tokens,
            usd: is_priced.then(|| totals.spent().usd()),
            usd_answers: is_priced.then(|| totals.settled.usd()),
            served_models: self.journal.served_models()?,
            judge: None,
        })
    }

    /// Takes no more requests, waits for what is out, and writes what was paid into the folder.
    ///
    /// # Errors
    /// Why serving ended where nobody stopped it, and a folder that cannot be written.
    pub fn close(&self) -> Result<Spent, Error> {
        self.join()?;
        let (spent, totals) = (self.spent()?, self.journal.totals()?);
        let reason = if self.stop.level() > 0 { "interrupted" } else { "done" };
        let (reason, n_answered) = (reason.to_owned(), self.counts().n_answered);
        self.journal.closed(Closing { reason, n_answered, spent: totals.spent() })?;
        self.dir.write_json(SPENT_FILE, &spent)?;
        Ok(spent)
    }

    /// Says what brokers before this one left of unknown fate, and lists it in the folder.
    pub(super) fn tell_earlier(&self, work: &Work<'_>) -> Result<(), Error> {
        let spent = self.spent()?;
        if let Some(told) = spent.told_unknown() {
            self.dir.write_json(SPENT_FILE, &spent)?;
            work.note(told);
        }
        Ok(())
    }
}

//! A batch of which nobody knows whether it was made: the provider's list tells, or nobody goes on.

use super::caller::Halt;
use super::{BatchError, Batches, OnBatchEvent};
use crate::journal::OpenBatch;
use crate::schedule::attempt::now_unix_s;
use equipoise_core::provider::{BatchStatus, Failure, Response};
use std::time::Duration;

/// The provider's clock may be behind by so much.
const SKEW_S: u64 = 300;

impl Batches {
    /// Finds the batch and puts its name on the disk; false where it was certainly not made.
    pub(super) fn reconcile(&self, open: &OpenBatch, on_event: OnBatchEvent<'_>) -> Result<bool, Halt> {
        // A call that was on its way when the connection broke may arrive late.
        let age = Duration::from_secs(now_unix_s().saturating_sub(open.intended_unix_s));
        self.caller.pause(self.patience.settle.saturating_sub(age))?;
        let candidates = self.listed_since(open.intended_unix_s.saturating_sub(SKEW_S), on_event)?;
        if self.batch.keeps_uid() {
            return match candidates.iter().find(|status| status.uid.as_deref() == Some(open.uid.as_str())) {
                Some(status) => self.created(open, status, on_event).map(|()| true),
                None => Ok(false),
            };
        }
        let known = self.sender.journal.batch_names()?;
        let mut undecided = Vec::new();
        for status in candidates {
            if known.contains(&status.id) || status.n_total.is_some_and(|n| n != open.n_requests) {
                continue;
            }
            if !status.has_ended {
                undecided.push(status.id);
            } else if self.holds(&status, open, on_event)? {
                return self.created(open, &status, on_event).map(|()| true);
            }
        }
        if undecided.is_empty() { Ok(false) } else { Err(BatchError::Ambiguous { candidates: undecided }.into()) }
    }

    /// The account's batches since then.
    fn listed_since(&self, since_unix_s: u64, on_event: OnBatchEvent<'_>) -> Result<Vec<BatchStatus>, Halt> {
        let (mut found, mut after) = (Vec::new(), None);
        loop {
            let call = self.batch.list(after.as_deref(), &self.base_url);
            let page = self.caller.persist(&call, |r| self.batch.read_page(r), on_event)?;
            let is_old = |status: &BatchStatus| status.created_unix_s.is_some_and(|at| at < since_unix_s);
            let is_last = self.batch.lists_newest_first() && page.batches.iter().any(is_old);
            found.extend(page.batches.into_iter().filter(|status| !is_old(status)));
            match page.next {
                Some(next) if !is_last && after.as_ref() != Some(&next) => after = Some(next),
                _ => return Ok(found),
            }
        }
    }

    /// Whether the results of an ended batch are those of `open`; keys are hashes, so that one line decides.
    fn holds(&self, status: &BatchStatus, open: &OpenBatch, on_event: OnBatchEvent<'_>) -> Result<bool, Halt> {
        let attempts = self.sender.journal.batch_attempts(open.id)?;
        for result in &status.results {
            let lines = self.fetch(status, result, on_event)?;
            if lines.iter().any(|line| self.batch.read_line(line).is_ok_and(|(key, _)| attempts.contains_key(&key))) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The lines of a result.
    pub(super) fn fetch(
        &self,
        status: &BatchStatus,
        result: &str,
        on_event: OnBatchEvent<'_>,
    ) -> Result<Vec<Vec<u8>>, Halt> {
        let call = self.batch.results(status, result, &self.base_url);
        let read = |response: &Response<'_>| -> Result<Vec<Vec<u8>>, Failure> {
            if (200..300).contains(&response.status) {
                return Ok(self.batch.lines(response.body)?.into_iter().map(<[u8]>::to_vec).collect());
            }
            // An error of the batch API reads like one of the wire.
            self.batch.read_upload(response).map(|_| Vec::new())
        };
        self.caller.persist(&call, read, on_event)
    }
}

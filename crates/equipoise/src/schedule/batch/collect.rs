//! Waiting for batches and taking in what they bring, in whatever state they end.

use super::caller::Halt;
use super::{BatchError, BatchEvent, Batches, OnBatchEvent};
use crate::journal::{AttemptId, BatchAttempts, BatchStep, Failed, GivenUp, OpenBatch, Received, Unsettled};
use crate::schedule::attempt::now_unix_s;
use crate::schedule::is_for_good;
use equipoise_core::generator::RequestKey;
use equipoise_core::provider::{BatchStatus, Failure, FailureKind, LineResult, Response};
use std::time::Duration;

/// Answers that go to the disk together.
const GROUP: usize = 256;

/// A line that holds an error.
struct Refusal {
    id: AttemptId,
    key: RequestKey,
    status: u16,
    failure: Failure,
}

impl Batches {
    /// Waits for every open batch and takes in its results.
    pub(super) fn finish_open(&mut self, on_event: OnBatchEvent<'_>) -> Result<(), Halt> {
        for mut open in self.sender.journal.open_batches()? {
            if open.lane != self.sender.lane {
                return Err(BatchError::OtherAccount.into());
            }
            if open.name.is_none() {
                if !self.reconcile(&open, on_event)? {
                    self.abandon(open.id, "it was never made")?;
                    continue;
                }
                let again = self.sender.journal.open_batches()?;
                open.name = again.into_iter().find(|b| b.id == open.id).and_then(|b| b.name);
            }
            if let Some(name) = open.name.clone() {
                let status = self.wait(&name, &open, on_event)?;
                self.take_in(&open, &status, on_event)?;
            }
        }
        Ok(())
    }

    fn wait(&self, name: &str, open: &OpenBatch, on_event: OnBatchEvent<'_>) -> Result<BatchStatus, Halt> {
        let call = self.batch.status(name, &self.base_url);
        let mut wait = self.patience.first;
        loop {
            let status = self.caller.persist(&call, |r| self.batch.read_status(r), on_event)?;
            if status.has_ended {
                return Ok(status);
            }
            on_event(BatchEvent::Running {
                id: status.id,
                state: status.state,
                n_done: status.n_done.unwrap_or(0),
                n_total: status.n_total.unwrap_or(open.n_requests),
                wait,
            });
            self.caller.pause(wait)?;
            wait = (wait * 3 / 2).min(self.patience.longest);
        }
    }

    /// Journals every line of every file, then what is left without one, then the end.
    fn take_in(&mut self, open: &OpenBatch, status: &BatchStatus, on_event: OnBatchEvent<'_>) -> Result<(), Halt> {
        let journal = self.sender.journal.clone();
        let mut left = journal.batch_attempts(open.id)?;
        let n_attempts = left.len() as u64;
        let (mut n_failed, mut refusals) = (0, Vec::new());
        for result in &status.results {
            let lines = self.fetch(status, result, on_event)?;
            let mut group = Vec::new();
            for line in &lines {
                // What cannot be read is missing, and counted as such below.
                let Ok((key, result)) = self.batch.read_line(line) else { continue };
                let Some((id, reserved)) = left.remove(&key) else { continue };
                match result {
                    LineResult::Response { status: 200..=299, body } => {
                        let response = Received { status: 200, headers: Vec::new(), body, latency: Duration::ZERO };
                        journal.received_in_bulk(id, key.clone(), response.clone());
                        group.push(Unsettled { id, key, reserved, response });
                        if group.len() == GROUP {
                            self.settle(&mut group)?;
                        }
                    }
                    LineResult::Response { status, body } => {
                        n_failed += 1;
                        let response = Response { status, headers: &[], body: &body, now_unix_s: now_unix_s() };
                        let failure = self.sender.wire.decode(&response).err().unwrap_or_else(|| {
                            Failure::new(FailureKind::Garbled, format!("{status}: an answer under an error status"))
                        });
                        refusals.push(Refusal { id, key, status, failure });
                    }
                    LineResult::Undone { why } => {
                        n_failed += 1;
                        let failed =
                            Failed { status: None, kind: FailureKind::Lost, wait: None, message: why, cost: None };
                        journal.failed(id, key, failed);
                    }
                }
            }
            self.settle(&mut group)?;
        }
        self.blame(refusals)?;
        let n_missing = left.len() as u64;
        self.lose(left, status);
        journal.batch_step(open.id, BatchStep::Ended(status.state.clone()))?;
        on_event(BatchEvent::Ended {
            id: status.id.clone(),
            state: status.state.clone(),
            n_answered: n_attempts - n_failed - n_missing,
            n_left: n_failed + n_missing,
        });
        match &status.complaint {
            Some(complaint) if status.results.is_empty() => {
                Err(BatchError::Failed { id: status.id.clone(), complaint: complaint.clone() }.into())
            }
            _ => Ok(()),
        }
    }

    /// Looks at answers once they are on the disk.
    fn settle(&self, group: &mut Vec<Unsettled>) -> Result<(), Halt> {
        self.sender.journal.sync()?;
        for late in group.drain(..) {
            self.sender.settle_late(late);
        }
        Ok(())
    }

    /// Learns from what the endpoint refused: a part that it names is sent in another way by the next batch; where the lane has answered,
    /// requests that were refused are given up. That stands in the journal before the refusal itself, after which nobody looks at the line
    /// again.
    fn blame(&mut self, refusals: Vec<Refusal>) -> Result<(), Halt> {
        let journal = self.sender.journal.clone();
        let has_answered = journal.has_answered(self.sender.lane)?;
        for Refusal { id, key, status, failure } in refusals {
            let kind = failure.kind;
            if kind == FailureKind::Unsupported {
                self.refusals.push(failure.clone());
            } else if is_for_good(kind) && (has_answered || kind != FailureKind::Rejected) {
                let given_up = GivenUp { kind, message: failure.message.clone(), for_good: true };
                journal.give_up(key.clone(), given_up);
            }
            // Nothing is paid for an error.
            let failed = Failed { status: Some(status), kind, wait: None, message: failure.message, cost: None };
            journal.failed(id, key, failed);
        }
        Ok(journal.sync()?)
    }

    /// Requests without a line. Where the batch was worked off they may have been paid for; otherwise nothing was.
    fn lose(&self, left: BatchAttempts, status: &BatchStatus) {
        for (key, (id, reserved)) in left {
            let cost = reserved.filter(|_| status.is_complete);
            let message = format!("the batch ended as {} without a result for it", status.state);
            let failed = Failed { status: None, kind: FailureKind::Lost, wait: None, message, cost };
            self.sender.journal.failed(id, key, failed);
        }
    }
}

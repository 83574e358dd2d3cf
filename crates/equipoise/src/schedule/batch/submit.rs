//! Handing over: the intent is on the disk before the first byte leaves, and the provider's name of the batch before anything else.

use super::caller::{Halt, is_passing, lost_call, refusal, seen};
use super::{BatchEvent, Batches, MOST_BYTES, OnBatchEvent, Planned};
use crate::journal::{BatchId, BatchIntent, BatchStep, Failed, OpenBatch};
use crate::schedule::attempt::now_unix_s;
use crate::schedule::purse::Purse;
use equipoise_core::provider::{BatchItem, BatchStatus, FailureKind, Response};
use std::time::{SystemTime, UNIX_EPOCH};

impl Batches {
    /// Hands over as much as the budget holds; false where it holds nothing.
    pub(super) fn submit_all(&self, todo: Vec<Planned>, on_event: OnBatchEvent<'_>) -> Result<bool, Halt> {
        let spent = self.sender.journal.totals()?.spent();
        let mut purse = Purse::new(self.limits.budget, self.sender.price, spent);
        let size = self.batch.size();
        let most_bytes = size.bytes.min(MOST_BYTES);
        let (mut part, mut n_bytes, mut has_sent) = (Vec::new(), 0, false);
        for planned in todo {
            let weight = self.batch.weight(&planned.item);
            if !part.is_empty() && (part.len() == size.requests || n_bytes + weight > most_bytes) {
                self.submit(std::mem::take(&mut part), on_event)?;
                (n_bytes, has_sent) = (0, true);
            }
            if !purse.reserve(planned.worst) {
                break;
            }
            n_bytes += weight;
            part.push(planned);
        }
        if part.is_empty() {
            return Ok(has_sent);
        }
        self.submit(part, on_event)?;
        Ok(true)
    }

    fn submit(&self, part: Vec<Planned>, on_event: OnBatchEvent<'_>) -> Result<(), Halt> {
        self.caller.check_stop()?;
        let requests: Vec<_> = part.iter().map(|p| (p.item.key.clone(), p.worst)).collect();
        let items: Vec<BatchItem> = part.into_iter().map(|p| p.item).collect();
        let mut digest = blake3::Hasher::new();
        for item in &items {
            digest.update(item.key.0.as_bytes()).update(&item.body);
        }
        let digest = digest.finalize();
        let uid = uid(&digest);
        let n_requests = items.len() as u64;
        let intent =
            BatchIntent { uid: uid.clone(), lane: self.sender.lane, digest: digest.to_hex().to_string(), requests };
        let id = self.sender.journal.batch_intent(intent)?;
        let open = OpenBatch {
            id,
            uid: uid.clone(),
            lane: self.sender.lane,
            intended_unix_s: now_unix_s(),
            name: None,
            n_requests,
        };
        let file = match self.batch.upload(&uid, &items, &self.base_url) {
            None => None,
            Some(call) => match self.caller.persist(&call, |r| self.batch.read_upload(r), on_event) {
                Ok(file) => {
                    self.sender.journal.batch_step(id, BatchStep::FileUploaded(file.clone()))?;
                    Some(file)
                }
                Err(halt) => {
                    // A file alone starts nothing.
                    self.abandon(id, "the file could not be uploaded")?;
                    return Err(halt);
                }
            },
        };
        self.create(&open, &items, file.as_deref(), on_event)
    }

    /// Makes the batch, once: where nobody knows whether a call made it, the provider's list tells.
    fn create(
        &self,
        open: &OpenBatch,
        items: &[BatchItem],
        file: Option<&str>,
        on_event: OnBatchEvent<'_>,
    ) -> Result<(), Halt> {
        let call = self.batch.create(&open.uid, items, file, &self.base_url);
        let mut tries = self.caller.patience();
        loop {
            let (failure, is_sure) = match self.caller.once(call.clone()) {
                Ok(response) => {
                    let response: Response<'_> = seen(&response);
                    match self.batch.read_status(&response) {
                        Ok(status) => return self.created(open, &status, on_event),
                        // Below 500 the provider says that it did not do it.
                        Err(failure) => (failure, (300..500).contains(&response.status)),
                    }
                }
                Err(lost) => (lost_call(&lost), !lost.maybe_billed),
            };
            if is_sure && !is_passing(failure.kind) {
                self.abandon(open.id, &failure.message)?;
                return Err(refusal(failure));
            }
            if !is_sure {
                on_event(BatchEvent::Waiting { wait: self.patience.settle, why: failure.message });
                if self.reconcile(open, on_event)? {
                    return Ok(());
                }
                // It was not made; the next round of planning takes its requests.
                return self.abandon(open.id, "it was never made");
            }
            if let Err(halt) = tries.wait(&self.caller, failure, on_event) {
                self.abandon(open.id, "it was never made")?;
                return Err(halt);
            }
        }
    }

    /// Puts the provider's name of a batch on the disk.
    pub(super) fn created(
        &self,
        open: &OpenBatch,
        status: &BatchStatus,
        on_event: OnBatchEvent<'_>,
    ) -> Result<(), Halt> {
        self.sender.journal.batch_step(open.id, BatchStep::Created(status.id.clone()))?;
        on_event(BatchEvent::Created {
            id: status.id.clone(),
            n_requests: open.n_requests,
            due_unix_s: status.due_unix_s,
            kept_until_unix_s: status.kept_until_unix_s,
        });
        Ok(())
    }

    /// Ends a batch that the provider certainly does not have; its requests are free to be planned again.
    pub(super) fn abandon(&self, id: BatchId, why: &str) -> Result<(), Halt> {
        let journal = &self.sender.journal;
        for (key, (attempt, _)) in journal.batch_attempts(id)? {
            let message = format!("the batch was not handed over: {why}");
            let failed = Failed { status: None, kind: FailureKind::Lost, wait: None, message, cost: None };
            journal.failed(attempt, key, failed);
        }
        Ok(journal.batch_step(id, BatchStep::Ended(why.to_owned()))?)
    }
}

/// A name that no other batch has: 32 hex digits from what is in it, the clock and the process.
fn uid(digest: &blake3::Hash) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_nanos());
    let mut hasher = blake3::Hasher::new_derive_key("equipoise 2026 batch uid");
    hasher.update(digest.as_bytes()).update(&now.to_le_bytes()).update(&std::process::id().to_le_bytes());
    hasher.finalize().to_hex()[..32].to_owned()
}

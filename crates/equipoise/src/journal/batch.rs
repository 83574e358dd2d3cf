//! Batches: what was handed over in bulk, each step on the disk before the next is taken.

use super::record::{AttemptId, LaneId, Record};
use super::schema::key_bytes;
use super::{Cost, Journal, JournalError};
use equipoise_core::generator::RequestKey;
use rusqlite::{Connection, params};
use std::collections::{BTreeMap, BTreeSet};

/// The tables of batches.
pub(super) const TABLES: &str = "
CREATE TABLE batch(id INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE, lane INTEGER NOT NULL, digest TEXT NOT NULL, at_ms INTEGER NOT NULL);
CREATE TABLE batch_request(sent INTEGER PRIMARY KEY, batch INTEGER NOT NULL);
CREATE INDEX batch_request_by_batch ON batch_request(batch);
CREATE TABLE batch_step(id INTEGER PRIMARY KEY, batch INTEGER NOT NULL, step TEXT NOT NULL, name TEXT NOT NULL, at_ms INTEGER NOT NULL);
";

/// The number of a batch within the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BatchId(pub i64);

/// A batch is about to be handed over.
#[derive(Debug, Clone, PartialEq)]
pub struct BatchIntent {
    /// What goes along so that it is found again.
    pub uid: String,
    /// The lane.
    pub lane: LaneId,
    /// BLAKE3 over the bodies, hex.
    pub digest: String,
    /// Its requests, each with the most that it can cost; `None` without a price.
    pub requests: Vec<(RequestKey, Option<Cost>)>,
}

/// How far a batch has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BatchStep {
    /// The provider has the file of its requests, under this name.
    FileUploaded(String),
    /// The provider has made it, under this name.
    Created(String),
    /// Nothing more comes of it, and why.
    Ended(String),
}

/// A batch that has not ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenBatch {
    /// Its number.
    pub id: BatchId,
    /// What went along.
    pub uid: String,
    /// Its lane.
    pub lane: LaneId,
    /// When it was about to be handed over, in seconds since 1970.
    pub intended_unix_s: u64,
    /// The provider's name of it, where the provider said that it was made.
    pub name: Option<String>,
    /// How many requests it has.
    pub n_requests: u64,
}

/// Requests of a batch without an outcome: the number of each and what is reserved for it.
pub type BatchAttempts = BTreeMap<RequestKey, (AttemptId, Option<Cost>)>;

impl Journal {
    /// Puts on the disk that a batch is about to be handed over; only then may its first byte leave.
    ///
    /// # Errors
    /// [`JournalError::CannotWrite`].
    pub fn batch_intent(&self, intent: BatchIntent) -> Result<BatchId, JournalError> {
        let id = self.append_blocking(Record::BatchIntent(intent))?;
        self.sync()?;
        Ok(BatchId(id))
    }

    /// Puts a step of a batch on the disk.
    ///
    /// # Errors
    /// [`JournalError::CannotWrite`].
    pub fn batch_step(&self, id: BatchId, step: BatchStep) -> Result<(), JournalError> {
        self.append_blocking(Record::BatchStep(id, step))?;
        self.sync()
    }

    /// The batches that have not ended, in the order in which they were made.
    ///
    /// # Errors
    /// [`JournalError::Damaged`].
    pub fn open_batches(&self) -> Result<Vec<OpenBatch>, JournalError> {
        self.query(open_batches)
    }

    /// The provider's names of all batches of this run.
    ///
    /// # Errors
    /// [`JournalError::Damaged`].
    pub(crate) fn batch_names(&self) -> Result<BTreeSet<String>, JournalError> {
        self.query(|db| {
            let mut query = db.prepare("SELECT name FROM batch_step WHERE step = 'created'")?;
            let names = query.query_map([], |r| r.get(0))?;
            Ok(names.collect::<Result<_, _>>()?)
        })
    }

    /// The requests of a batch that have no outcome yet.
    ///
    /// # Errors
    /// [`JournalError::Damaged`].
    pub fn batch_attempts(&self, id: BatchId) -> Result<BatchAttempts, JournalError> {
        self.query(move |db| attempts(db, id))
    }
}

/// Appends an intent with a sent request for each of its own; gives its number.
pub(super) fn insert_intent(db: &Connection, intent: &BatchIntent, now_ms: i64) -> rusqlite::Result<i64> {
    let BatchIntent { uid, lane, digest, requests } = intent;
    let sql = "INSERT INTO batch(uid, lane, digest, at_ms) VALUES (?1, ?2, ?3, ?4)";
    let id = db.prepare_cached(sql)?.insert(params![uid, lane.0, digest, now_ms])?;
    let mut send =
        db.prepare_cached("INSERT INTO sent(key, lane, attempt, reserved, at_ms) VALUES (?1, ?2, 1, ?3, ?4)")?;
    let mut note = db.prepare_cached("INSERT INTO batch_request(sent, batch) VALUES (?1, ?2)")?;
    for (key, reserved) in requests {
        let sent = send.insert(params![key_bytes(&key.0), lane.0, reserved.map(|c| c.0 as i64), now_ms])?;
        note.insert(params![sent, id])?;
    }
    Ok(id)
}

/// Appends a step.
pub(super) fn insert_step(db: &Connection, id: BatchId, step: &BatchStep, now_ms: i64) -> rusqlite::Result<i64> {
    let (step, name) = match step {
        BatchStep::FileUploaded(name) => ("file_uploaded", name),
        BatchStep::Created(name) => ("created", name),
        BatchStep::Ended(why) => ("ended", why),
    };
    let sql = "INSERT INTO batch_step(batch, step, name, at_ms) VALUES (?1, ?2, ?3, ?4)";
    db.prepare_cached(sql)?.insert(params![id.0, step, name, now_ms])
}

fn open_batches(db: &Connection) -> Result<Vec<OpenBatch>, JournalError> {
    let mut query = db.prepare(
        "SELECT b.id, b.uid, b.lane, b.at_ms,
           (SELECT name FROM batch_step s WHERE s.batch = b.id AND s.step = 'created' ORDER BY s.id DESC LIMIT 1),
           (SELECT count(*) FROM batch_request r WHERE r.batch = b.id)
         FROM batch b WHERE NOT EXISTS (SELECT 1 FROM batch_step s WHERE s.batch = b.id AND s.step = 'ended') ORDER BY b.id",
    )?;
    let rows = query.query_map([], |r| {
        Ok(OpenBatch {
            id: BatchId(r.get(0)?),
            uid: r.get(1)?,
            lane: LaneId(r.get(2)?),
            intended_unix_s: r.get::<_, i64>(3)? as u64 / 1000,
            name: r.get(4)?,
            n_requests: r.get::<_, i64>(5)? as u64,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn attempts(db: &Connection, id: BatchId) -> Result<BatchAttempts, JournalError> {
    let mut query = db.prepare(
        "SELECT s.id, s.key, s.reserved FROM batch_request r JOIN sent s ON s.id = r.sent WHERE r.batch = ?1
         AND NOT EXISTS (SELECT 1 FROM settled t WHERE t.id = s.id) AND NOT EXISTS (SELECT 1 FROM failed f WHERE f.id = s.id)",
    )?;
    let rows = query.query_map([id.0], |r| {
        let (id, key, reserved): (i64, Vec<u8>, Option<i64>) = (r.get(0)?, r.get(1)?, r.get(2)?);
        let key = RequestKey(key.iter().map(|b| format!("{b:02x}")).collect());
        Ok((key, (AttemptId(id), reserved.map(|c| Cost(c as u64)))))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::{Failed, Received};
    use equipoise_core::provider::FailureKind;
    use std::time::Duration;

    #[test]
    fn a_batch_outlives_the_process_and_its_reservation_counts() {
        let dir = tempfile::tempdir().expect("a folder");
        let keys: Vec<RequestKey> = (0..3_u8).map(|i| RequestKey(format!("{i:02x}").repeat(32))).collect();
        let journal = Journal::open(dir.path()).expect("opens");
        let lane = journal.lane("a lane").expect("a lane");
        let requests = keys.iter().map(|key| (key.clone(), Some(Cost(5)))).collect();
        let intent = BatchIntent { uid: "u".to_owned(), lane, digest: "d".to_owned(), requests };
        let id = journal.batch_intent(intent).expect("written");
        drop(journal);
        let journal = Journal::open(dir.path()).expect("opens again");
        assert_eq!(journal.totals().expect("sums").spent(), Cost(15));
        let open = journal.open_batches().expect("a list");
        assert_eq!((open.len(), open[0].id, open[0].name.as_deref(), open[0].n_requests), (1, id, None, 3));
        journal.batch_step(id, BatchStep::Created("b1".to_owned())).expect("written");
        assert_eq!(journal.open_batches().expect("a list")[0].name.as_deref(), Some("b1"));
        let left = journal.batch_attempts(id).expect("a map");
        assert_eq!(left.keys().collect::<Vec<_>>(), keys.iter().collect::<Vec<_>>());
        let response = Received { status: 200, headers: Vec::new(), body: b"{}".to_vec(), latency: Duration::ZERO };
        journal.received_in_bulk(left[&keys[0]].0, keys[0].clone(), response);
        let failed = Failed { status: None, kind: FailureKind::Lost, wait: None, message: String::new(), cost: None };
        journal.failed(left[&keys[1]].0, keys[1].clone(), failed);
        journal.sync().expect("written");
        assert_eq!(journal.unsettled(lane).expect("a list").len(), 1, "an answer that nobody has looked at");
        assert!(!journal.batch_attempts(id).expect("a map").contains_key(&keys[1]));
        assert_eq!(journal.totals().expect("sums").spent(), Cost(10));
        journal.batch_step(id, BatchStep::Ended("done".to_owned())).expect("written");
        assert_eq!(journal.open_batches(), Ok(Vec::new()));
    }
}

//! The thread that owns the database: it commits whatever waits as one transaction, and sees that it reaches the disk.

use super::error::JournalError;
use super::lock::Lock;
use super::record::Record;
use super::schema;
use rusqlite::Connection;
use std::fs::File;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

/// Commits are on the disk at most this long after they returned.
const SYNC_WITHIN: Duration = Duration::from_millis(50);

/// And at most this many commits later.
const SYNC_COMMITS: u32 = 32;

/// Messages that are handled as one group.
const GROUP: usize = 256;

/// How long records that nobody waits for wait for one that somebody does, to share its commit: what an answer turned out to be is
/// committed with the next request. A kill meanwhile loses knowledge, not an answer.
const LINGER: Duration = Duration::from_millis(5);

/// While commits follow each other within `BUSY`, a group of fewer than `FEW` waits so long for more. At 2,500 answers a second the
/// process takes about 5 % less CPU so; an answer is ours half a millisecond later (docs/adr/0010).
const GATHER: Duration = Duration::from_micros(500);
const BUSY: Duration = Duration::from_millis(1);
const FEW: usize = 8;

/// Told once, when what was asked for is committed or cannot be.
pub(super) type Ack = Box<dyn FnOnce(Result<i64, JournalError>) + Send>;

/// A question to the database.
pub(super) type Query = Box<dyn FnOnce(Result<&Connection, JournalError>) + Send>;

/// What the thread is asked to do.
pub(super) enum Message {
    Append(Record, Option<Ack>),
    Read(Query),
    /// Put everything on the disk, then say so.
    Sync(Ack),
}

impl Message {
    fn can_wait(&self) -> bool {
        matches!(self, Message::Append(_, None))
    }
}

/// The state of the thread.
pub(super) struct Writer {
    pub(super) db: Connection,
    /// The log of the database; syncing it makes its commits durable.
    pub(super) wal: Option<File>,
    /// `None` for a reader.
    pub(super) lock: Option<Lock>,
    pub(super) n_received: u64,
    pub(super) pending: Pending,
    /// When the last group was committed.
    pub(super) committed: Option<Instant>,
    /// The first error; nothing is written after it, and nothing is tried again.
    pub(super) broken: Option<JournalError>,
}

/// Commits that are not known to be on the disk.
#[derive(Debug, Default)]
pub(super) struct Pending {
    commits: u32,
    since: Option<Instant>,
}

impl Writer {
    /// Works until every handle is gone, then leaves a clean file.
    pub(super) fn work(mut self, messages: &Receiver<Message>) {
        while let Some(group) = self.next_group(messages) {
            self.handle(group);
        }
        self.sync();
        if self.broken.is_none() {
            // Leaves one file without a log beside it; where it fails, the next open reads the log.
            let _ = self.db.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)");
        }
    }

    fn next_group(&mut self, messages: &Receiver<Message>) -> Option<Vec<Message>> {
        let first = loop {
            match self.pending.since {
                None => break messages.recv().ok()?,
                Some(since) => match messages.recv_timeout(SYNC_WITHIN.saturating_sub(since.elapsed())) {
                    Ok(message) => break message,
                    Err(RecvTimeoutError::Timeout) => self.sync(),
                    Err(RecvTimeoutError::Disconnected) => return None,
                },
            }
        };
        let mut group = vec![first];
        group.extend(messages.try_iter().take(GROUP - 1));
        if group.len() < FEW && self.committed.is_some_and(|at| at.elapsed() < BUSY) {
            // Asleep, not listening: whoever sends meanwhile wakes nobody.
            std::thread::sleep(GATHER);
            group.extend(messages.try_iter().take(GROUP - group.len()));
        }
        let until = Instant::now() + LINGER;
        while group.len() < GROUP && group.iter().all(Message::can_wait) {
            let Ok(next) = messages.recv_timeout(until.saturating_duration_since(Instant::now())) else { break };
            group.push(next);
            group.extend(messages.try_iter().take(GROUP - group.len()));
        }
        Some(group)
    }

    fn handle(&mut self, group: Vec<Message>) {
        let (mut appended, mut reads, mut syncs) = (Vec::new(), Vec::new(), Vec::new());
        for message in group {
            match message {
                Message::Append(record, ack) => appended.push((record, ack)),
                Message::Read(query) => reads.push(query),
                Message::Sync(ack) => syncs.push(ack),
            }
        }
        if !appended.is_empty() {
            let ids = self.commit(appended.iter().map(|(record, _)| record));
            for (i, (_, ack)) in appended.into_iter().enumerate() {
                if let Some(ack) = ack {
                    ack(ids.as_ref().map(|ids| ids[i]).map_err(Clone::clone));
                }
            }
        }
        for query in reads {
            query(self.broken.clone().map_or(Ok(&self.db), Err));
        }
        let due = self.pending.since.is_some_and(|since| since.elapsed() >= SYNC_WITHIN);
        if due || self.pending.commits >= SYNC_COMMITS || !syncs.is_empty() {
            self.sync();
        }
        for ack in syncs {
            ack(self.broken.clone().map_or(Ok(0), Err));
        }
    }

    fn commit<'a>(&mut self, records: impl Iterator<Item = &'a Record>) -> Result<Vec<i64>, JournalError> {
        if let Some(broken) = &self.broken {
            return Err(broken.clone());
        }
        let mut n_received = 0;
        // Not `transaction()`, which parses its statements anew each time. Nothing is rolled back: after an error nothing is
        // written any more, and closing the connection drops what was not committed.
        let committed = self.run("BEGIN IMMEDIATE").and_then(|()| {
            let ids: rusqlite::Result<Vec<i64>> = records
                .map(|record| {
                    n_received += u64::from(matches!(record, Record::Received(..) | Record::Local(..)));
                    schema::append(&self.db, record)
                })
                .collect();
            let ids = ids?;
            self.run("COMMIT")?;
            Ok(ids)
        });
        match committed {
            Ok(ids) => {
                self.committed = Some(Instant::now());
                self.n_received += n_received;
                self.pending.commits += 1;
                self.pending.since.get_or_insert_with(Instant::now);
                Ok(ids)
            }
            Err(e) => {
                let error = JournalError::write(&e);
                self.broken = Some(error.clone());
                Err(error)
            }
        }
    }

    fn run(&self, sql: &str) -> rusqlite::Result<()> {
        self.db.prepare_cached(sql)?.execute([]).map(drop)
    }

    fn sync(&mut self) {
        if self.pending.since.is_none() || self.broken.is_some() {
            self.pending = Pending::default();
            return;
        }
        self.pending = Pending::default();
        let synced = self.wal.as_ref().map_or(Ok(()), File::sync_data).map_err(|e| JournalError::write(&e));
        // A failed sync is not tried again: the kernel may have dropped the pages and say that all is well.
        let noted = synced.and_then(|()| self.lock.as_mut().map_or(Ok(()), |lock| lock.note_durable(self.n_received)));
        if let Err(e) = noted {
            self.broken = Some(e);
        }
    }
}

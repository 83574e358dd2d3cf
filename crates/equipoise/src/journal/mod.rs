//! The journal of a run: every request sent and every answer paid for, in `journal.db`, committed before anything looks at it.
//!
//! An answer is ours when [`Journal::received`] has returned: no kill of the process loses it. It is on the disk, safe from a loss of
//! power, 50 ms later. A request that was sent and of which nothing more is known stays counted with its reserved cost.

mod batch;
mod cost;
mod error;
mod lock;
mod read;
mod record;
mod schema;
mod space;
mod writer;

pub use batch::{BatchAttempts, BatchId, BatchIntent, BatchStep, OpenBatch};
pub use cost::Cost;
pub use error::JournalError;
pub use read::{Totals, Unknown, Unsettled};
pub use record::{AttemptId, Closing, Failed, GivenUp, LaneId, Opening, Received, Sent, Settled};

use equipoise_core::generator::RequestKey;
use equipoise_core::provider::Way;
use lock::{Lock, private};
use record::{Packed, Record};
use rusqlite::{Connection, OpenFlags};
use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;
use writer::{Ack, Message, Pending, Writer};

/// A checkpoint a 16 MiB of log instead of 4: pages of the key indices are changed many times in between and written once. The
/// cache holds the indices of a million requests' upper levels.
const PRAGMAS: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY;
  PRAGMA wal_autocheckpoint = 4000; PRAGMA cache_size = -16000;";

/// A handle on the journal; clones share it, and the last one to go closes it. Its blocking calls must not be made from async code.
#[derive(Clone)]
pub struct Journal(Arc<Shared>);

struct Shared {
    dir: PathBuf,
    messages: Option<mpsc::Sender<Message>>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.messages = None;
        if let Some(thread) = self.thread.take() {
            // The thread does not panic; were it to, every commit that returned is in the file all the same.
            let _ = thread.join();
        }
    }
}

impl Journal {
    /// Opens the journal in the folder `dir` for writing, and makes it where there is none.
    ///
    /// # Errors
    /// [`JournalError::Locked`] at once where another process has it; a damaged, foreign or newer file is refused, never read in part.
    pub fn open(dir: &Path) -> Result<Self, JournalError> {
        let mut lock = Lock::take(dir)?;
        let path = dir.join("journal.db");
        let is_new = !path.exists();
        if is_new {
            private().write(true).create_new(true).open(&path).map_err(|e| JournalError::write(&e))?;
        }
        let db =
            Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        db.busy_timeout(Duration::from_secs(5))?;
        let is_empty = std::fs::metadata(&path).map_err(|e| JournalError::write(&e))?.len() == 0;
        db.execute_batch(PRAGMAS)?;
        let is_blank: bool = db.query_row("SELECT NOT EXISTS (SELECT 1 FROM sqlite_schema)", [], |r| r.get(0))?;
        if is_empty && is_blank {
            schema::create(&db)?;
            db.execute_batch("PRAGMA wal_checkpoint(FULL)")?;
            sync_dir(dir)?;
        } else {
            schema::verify(&db)?;
        }
        let n_received = read::n_received(&db)?;
        let n_durable = lock.n_durable()?;
        if n_received < n_durable {
            let detail = format!("{n_durable} answers were on the disk and {n_received} are left");
            return Err(JournalError::Damaged { detail });
        }
        let wal = File::open(dir.join("journal.db-wal")).ok();
        let lock = Some(lock);
        Self::start(
            dir,
            Writer { db, wal, lock, n_received, pending: Pending::default(), committed: None, broken: None },
        )
    }

    /// Opens an existing journal to read from it, also while a run is writing to it.
    ///
    /// # Errors
    /// As [`Journal::open`], and [`JournalError::Missing`].
    pub fn open_to_read(dir: &Path) -> Result<Self, JournalError> {
        let path = dir.join("journal.db");
        if !path.exists() {
            return Err(JournalError::Missing { dir: dir.to_owned() });
        }
        let db =
            Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        db.busy_timeout(Duration::from_secs(5))?;
        schema::verify(&db)?;
        let pending = Pending::default();
        Self::start(dir, Writer { db, wal: None, lock: None, n_received: 0, pending, committed: None, broken: None })
    }

    /// [`Journal::open_to_read`] without a look at every page, for journals of other runs of which a few answers are wanted: each answer
    /// has a checksum of its own.
    ///
    /// # Errors
    /// As [`Journal::open_to_read`].
    pub(crate) fn open_to_look(dir: &Path) -> Result<Self, JournalError> {
        let path = dir.join("journal.db");
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let db = Connection::open_with_flags(&path, flags)?;
        db.busy_timeout(Duration::from_secs(5))?;
        schema::verify_layout(&db)?;
        let pending = Pending::default();
        Self::start(dir, Writer { db, wal: None, lock: None, n_received: 0, pending, committed: None, broken: None })
    }

    fn start(dir: &Path, writer: Writer) -> Result<Self, JournalError> {
        let (messages, inbox) = mpsc::channel();
        let thread = std::thread::Builder::new().name("journal".to_owned()).spawn(move || writer.work(&inbox));
        let thread = thread.map_err(|e| JournalError::write(&e))?;
        Ok(Journal(Arc::new(Shared { dir: dir.to_owned(), messages: Some(messages), thread: Some(thread) })))
    }

    /// Notes that a run begins or goes on.
    ///
    /// # Errors
    /// [`JournalError::CannotWrite`].
    pub fn opened(&self, opening: Opening) -> Result<(), JournalError> {
        self.append_blocking(Record::Opening(opening)).map(drop)
    }

    /// The number of the lane called `name`; a new one where it is not known.
    ///
    /// # Errors
    /// [`JournalError::CannotWrite`].
    pub fn lane(&self, name: &str) -> Result<LaneId, JournalError> {
        self.append_blocking(Record::Lane(name.to_owned())).map(LaneId)
    }

    /// Commits that a request is about to leave; only then may its first byte.
    ///
    /// # Errors
    /// [`JournalError::CannotWrite`].
    pub async fn sent(&self, sent: Sent) -> Result<AttemptId, JournalError> {
        self.append(Record::Sent(sent)).await.map(AttemptId)
    }

    /// Commits a response; only then may anything look at it. It is handed over before the first wait, so a caller that is dropped
    /// meanwhile loses nothing.
    ///
    /// # Errors
    /// [`JournalError::CannotWrite`].
    pub async fn received(&self, id: AttemptId, key: RequestKey, response: Received) -> Result<(), JournalError> {
        self.append(Record::Received(id, key, Packed::new(response))).await.map(drop)
    }

    /// Appends one of many responses; they are ours when the next [`Journal::sync`] has returned, and only then may anything look at
    /// them. An error shows there.
    pub fn received_in_bulk(&self, id: AttemptId, key: RequestKey, response: Received) {
        self.post(Message::Append(Record::Received(id, key, Packed::new(response)), None));
    }

    /// Appends what an answer turned out to be. An error shows in the next call that waits.
    pub fn settled(&self, id: AttemptId, settled: Settled) {
        self.post(Message::Append(Record::Settled(id, settled), None));
    }

    /// Appends that an attempt failed. An error shows in the next call that waits.
    pub fn failed(&self, id: AttemptId, key: RequestKey, failed: Failed) {
        self.post(Message::Append(Record::Failed(id, key, failed), None));
    }

    /// Commits an answer that was made inside the process; one that is there already stays.
    ///
    /// # Errors
    /// [`JournalError::CannotWrite`].
    pub fn record_local(&self, key: &RequestKey, text: &str) -> Result<(), JournalError> {
        let response =
            Received { status: 200, headers: Vec::new(), body: text.as_bytes().to_vec(), latency: Duration::ZERO };
        self.adopt(key, response)
    }

    /// Commits an answer that another run paid for, at no cost; one that is there already stays.
    ///
    /// # Errors
    /// [`JournalError::CannotWrite`].
    pub fn adopt(&self, key: &RequestKey, response: Received) -> Result<(), JournalError> {
        if self.is_final(std::slice::from_ref(key))? == [true] {
            return Ok(());
        }
        self.append_blocking(Record::Local(key.clone(), Packed::new(response))).map(drop)
    }

    /// The text that [`Journal::record_local`] stored.
    ///
    /// # Errors
    /// [`JournalError::Damaged`].
    pub fn local(&self, key: &RequestKey) -> Result<Option<String>, JournalError> {
        Ok(self.answer(key)?.map(|response| String::from_utf8_lossy(&response.body).into_owned()))
    }

    /// Notes that the run ended, and puts everything on the disk.
    ///
    /// # Errors
    /// [`JournalError::CannotWrite`].
    pub fn closed(&self, closing: Closing) -> Result<(), JournalError> {
        self.append_blocking(Record::Closing(closing))?;
        self.sync()
    }

    /// Puts everything on the disk.
    ///
    /// # Errors
    /// [`JournalError::CannotWrite`], also for an earlier append that nobody waited for.
    pub fn sync(&self) -> Result<(), JournalError> {
        let (ack, done) = blocking_ack();
        self.post(Message::Sync(ack));
        done.recv().unwrap_or_else(|_| Err(gone())).map(drop)
    }

    /// The response that answered `key`.
    ///
    /// # Errors
    /// [`JournalError::Damaged`].
    pub fn answer(&self, key: &RequestKey) -> Result<Option<Received>, JournalError> {
        let key = key.0.clone();
        self.query(move |db| read::answer(db, &key))
    }

    /// The responses that answered `keys`; keys without an answer are absent.
    ///
    /// # Errors
    /// [`JournalError::Damaged`].
    pub fn answers(&self, keys: &[RequestKey]) -> Result<BTreeMap<RequestKey, Received>, JournalError> {
        let keys = keys.to_vec();
        self.query(move |db| {
            let found = keys.into_iter().map(|key| Ok(read::answer(db, &key.0)?.map(|answer| (key, answer))));
            found.filter_map(Result::transpose).collect()
        })
    }

    /// Why `key` was given up; `None` where it was not.
    ///
    /// # Errors
    /// [`JournalError::Damaged`].
    pub fn given_up(&self, key: &RequestKey) -> Result<Option<GivenUp>, JournalError> {
        let key = key.0.clone();
        self.query(move |db| read::given_up(db, &key))
    }

    /// Notes that `key` is not sent again. An error shows at the next [`Journal::sync`].
    pub fn give_up(&self, key: RequestKey, given_up: GivenUp) {
        self.post(Message::Append(Record::GivenUp(key, given_up), None));
    }

    /// Notes that `keys` are to be sent again, whatever came of them.
    ///
    /// # Errors
    /// [`JournalError::CannotWrite`].
    pub fn reopen(&self, keys: &[RequestKey]) -> Result<(), JournalError> {
        keys.iter().try_for_each(|key| self.append_blocking(Record::Reopened(key.clone())).map(drop))
    }

    /// Why the journal was closed the last time, in one word; `None` where it never was.
    ///
    /// # Errors
    /// [`JournalError::Damaged`].
    pub fn last_closing(&self) -> Result<Option<String>, JournalError> {
        self.query(read::last_closing)
    }

    /// Notes the way in which requests are sent from now on; one that is known already becomes the latest.
    ///
    /// # Errors
    /// [`JournalError::CannotWrite`].
    pub fn way(&self, way: &Way) -> Result<(), JournalError> {
        self.append_blocking(Record::Way(written(way))).map(drop)
    }

    /// [`Journal::way`] for async code. An error shows at the next [`Journal::sync`].
    pub(crate) fn way_later(&self, way: &Way) {
        self.post(Message::Append(Record::Way(written(way)), None));
    }

    /// The ways in which requests were sent, the one that was taken last at the end.
    ///
    /// # Errors
    /// [`JournalError::Damaged`].
    pub fn ways(&self) -> Result<Vec<Way>, JournalError> {
        let read = |way: String| {
            serde_json::from_str(&way)
                .map_err(|_| JournalError::Damaged { detail: "a stored way is unreadable".to_owned() })
        };
        self.query(read::ways)?.into_iter().map(read).collect()
    }

    /// For each of `keys`, whether nothing is to be sent for it: it is answered, or was given up for good.
    ///
    /// # Errors
    /// [`JournalError::Damaged`].
    pub fn is_final(&self, keys: &[RequestKey]) -> Result<Vec<bool>, JournalError> {
        let keys: Vec<Vec<u8>> = keys.iter().map(|key| schema::key_bytes(&key.0)).collect();
        self.query(move |db| read::is_final(db, &keys))
    }

    /// [`Journal::is_final`] for async code.
    pub(crate) async fn is_final_async(&self, keys: &[RequestKey]) -> Result<Vec<bool>, JournalError> {
        let keys: Vec<Vec<u8>> = keys.iter().map(|key| schema::key_bytes(&key.0)).collect();
        self.query_async(move |db| read::is_final(db, &keys)).await
    }

    /// The first of `keys` that is answered, with its response, else the first that was given up, with why; for async code.
    pub(crate) async fn end_async(
        &self,
        keys: Vec<RequestKey>,
    ) -> Result<Option<(RequestKey, Result<Received, GivenUp>)>, JournalError> {
        self.query_async(move |db| {
            for key in &keys {
                if let Some(response) = read::answer(db, &key.0)? {
                    return Ok(Some((key.clone(), Ok(response))));
                }
            }
            for key in keys {
                if let Some(given_up) = read::given_up(db, &key.0)? {
                    return Ok(Some((key, Err(given_up))));
                }
            }
            Ok(None)
        })
        .await
    }

    /// Sums over the whole life of the run.
    ///
    /// # Errors
    /// [`JournalError::Damaged`].
    pub fn totals(&self) -> Result<Totals, JournalError> {
        self.query(read::totals)
    }

    /// The attempts that [`Totals::n_unknown`] counts, in the order in which they were sent.
    ///
    /// # Errors
    /// [`JournalError::Damaged`].
    pub fn unknown(&self) -> Result<Vec<Unknown>, JournalError> {
        self.query(read::unknown)
    }

    /// Bytes that the disk of the journal still takes; `None` where the system does not say.
    pub fn free_bytes(&self) -> Option<u64> {
        space::free_bytes(&self.0.dir)
    }

    /// The most tokens that an answer wrote.
    pub(crate) fn most_written(&self) -> Result<u64, JournalError> {
        self.query(read::most_written)
    }

    /// The models that the server named, sorted.
    ///
    /// # Errors
    /// [`JournalError::Damaged`].
    pub fn served_models(&self) -> Result<Vec<String>, JournalError> {
        self.query(read::served_models)
    }

    /// Whether `lane` ever answered.
    pub(crate) fn has_answered(&self, lane: LaneId) -> Result<bool, JournalError> {
        self.query(move |db| read::has_answered(db, lane))
    }

    /// Answers of `lane` that were journaled but not looked at when the process ended.
    pub(crate) fn unsettled(&self, lane: LaneId) -> Result<Vec<Unsettled>, JournalError> {
        self.query(move |db| read::unsettled(db, lane))
    }

    async fn append(&self, record: Record) -> Result<i64, JournalError> {
        let (answer, done) = tokio::sync::oneshot::channel();
        let ack: Ack = Box::new(move |result| {
            // Nobody listens where the caller was dropped; the record is committed all the same.
            let _ = answer.send(result);
        });
        self.post(Message::Append(record, Some(ack)));
        done.await.unwrap_or_else(|_| Err(gone()))
    }

    fn append_blocking(&self, record: Record) -> Result<i64, JournalError> {
        let (ack, done) = blocking_ack();
        self.post(Message::Append(record, Some(ack)));
        done.recv().unwrap_or_else(|_| Err(gone()))
    }

    fn query<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&Connection) -> Result<T, JournalError> + Send + 'static,
    ) -> Result<T, JournalError> {
        let (answer, found) = mpsc::channel();
        self.post(Message::Read(Box::new(move |db| {
            // The caller waits for it below.
            let _ = answer.send(db.and_then(ask));
        })));
        found.recv().unwrap_or_else(|_| Err(gone()))
    }

    async fn query_async<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&Connection) -> Result<T, JournalError> + Send + 'static,
    ) -> Result<T, JournalError> {
        let (answer, found) = tokio::sync::oneshot::channel();
        self.post(Message::Read(Box::new(move |db| {
            // Nobody listens where the caller was dropped.
            let _ = answer.send(db.and_then(ask));
        })));
        found.await.unwrap_or_else(|_| Err(gone()))
    }

    fn post(&self, message: Message) {
        if let Some(messages) = &self.0.messages {
            // Fails only when the thread is gone; whoever waits for the answer then hears so.
            let _ = messages.send(message);
        }
    }
}

/// A way as it is stored.
fn written(way: &Way) -> String {
    serde_json::to_string(way).expect("strings and numbers always serialise")
}

fn blocking_ack() -> (Ack, mpsc::Receiver<Result<i64, JournalError>>) {
    let (answer, done) = mpsc::channel();
    // The caller waits for it.
    (Box::new(move |result| drop(answer.send(result))), done)
}

fn gone() -> JournalError {
    JournalError::CannotWrite { message: "the journal's thread has ended".to_owned() }
}

fn sync_dir(dir: &Path) -> Result<(), JournalError> {
    #[cfg(unix)]
    File::open(dir).and_then(|d| d.sync_all()).map_err(|e| JournalError::write(&e))?;
    #[cfg(not(unix))]
    let _ = dir;
    Ok(())
}

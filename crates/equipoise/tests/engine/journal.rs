//! The journal itself: one writer, nothing lost in silence.

use crate::set_up::*;
use equipoise::journal::{Closing, Cost, Journal, JournalError, Opening, Received, Sent};
use equipoise_core::generator::RequestKey;
use equipoise_core::provider::{Way, request_key};
use fault_server::Reply;
use std::fs::{File, OpenOptions};
use std::path::Path;
use std::time::Duration;
use tempfile::{TempDir, tempdir};

fn key(i: usize) -> RequestKey {
    RequestKey(format!("{i:064x}"))
}

/// A journal with `n` answers, as a killed process leaves it: the log is not folded into the database.
fn killed(n: usize) -> TempDir {
    let (alive, dead) = (tempdir().expect("a folder"), tempdir().expect("a folder"));
    let journal = Journal::open(alive.path()).expect("a journal");
    for i in 0..n {
        journal.record_local(&key(i), &format!("text {i}")).expect("written");
    }
    journal.sync().expect("synced");
    for name in ["journal.db", "journal.db-wal", "journal.lock"] {
        std::fs::copy(alive.path().join(name), dead.path().join(name)).expect("copied");
    }
    dead
}

fn shorten(path: &Path, by: u64) {
    let file = OpenOptions::new().write(true).open(path).expect("a file");
    let length = file.metadata().expect("metadata").len();
    file.set_len(length - by).expect("shortened");
}

#[test]
fn a_second_writer_is_refused_at_once_and_a_reader_is_not() {
    let dir = tempdir().expect("a folder");
    let first = Journal::open(dir.path()).expect("a journal");
    first.record_local(&key(1), "one").expect("written");
    assert!(matches!(Journal::open(dir.path()), Err(JournalError::Locked { .. })));
    let reader = Journal::open_to_read(dir.path()).expect("a reader");
    assert_eq!(reader.local(&key(1)), Ok(Some("one".to_owned())));
    assert!(matches!(reader.record_local(&key(2), "two"), Err(JournalError::CannotWrite { .. })));
    drop(first);
    Journal::open(dir.path()).expect("free again");
}

#[test]
fn a_killed_process_loses_nothing() {
    let dir = killed(500);
    let journal = Journal::open(dir.path()).expect("recovered");
    let keys: Vec<RequestKey> = (0..501).map(key).collect();
    assert_eq!(journal.answers(&keys).expect("readable").len(), 500);
    assert_eq!(journal.local(&key(499)), Ok(Some("text 499".to_owned())));
    assert_eq!(journal.local(&key(500)), Ok(None));
}

#[test]
fn a_cut_log_is_refused_and_not_read_as_fewer_answers() {
    for by in [1, 4096, 100_000] {
        let dir = killed(100);
        shorten(&dir.path().join("journal.db-wal"), by);
        let refused = Journal::open(dir.path()).map(drop);
        assert!(matches!(refused, Err(JournalError::Damaged { .. })), "{by}: {refused:?}");
        // Where SQLite has begun the log anew its end is old, and losing that is no loss.
        let dir = killed(500);
        shorten(&dir.path().join("journal.db-wal"), by);
        match Journal::open(dir.path()) {
            Ok(journal) => assert_eq!(journal.totals().expect("readable").n_answers, 500),
            Err(e) => assert!(matches!(e, JournalError::Damaged { .. }), "{e}"),
        }
    }
}

#[test]
fn flipped_bits_are_refused_or_harmless_but_never_silent() {
    let mut refused = 0;
    for i in 0..60_u64 {
        let dir = killed(100);
        // Half of them in the database proper.
        if i % 2 == 0 {
            drop(Journal::open(dir.path()).expect("recovered"));
        }
        let name = if i % 2 == 0 { "journal.db" } else { "journal.db-wal" };
        let path = dir.path().join(name);
        let mut bytes = std::fs::read(&path).expect("a file");
        let at = (i.wrapping_mul(0x9e37_79b9_7f4a_7c15) % bytes.len() as u64) as usize;
        bytes[at] ^= 1 << (i % 8);
        std::fs::write(&path, bytes).expect("written");
        let all =
            Journal::open(dir.path()).and_then(|j| (0..100).map(|n| j.local(&key(n))).collect::<Result<Vec<_>, _>>());
        match all {
            Err(JournalError::Damaged { .. } | JournalError::Foreign | JournalError::UnknownVersion { .. }) => {
                refused += 1
            }
            Err(other) => panic!("byte {at} of {name}: {other}"),
            Ok(texts) => {
                let wrong = texts.iter().enumerate().find(|(n, t)| t.as_ref() != Some(&format!("text {n}")));
                assert_eq!(wrong, None, "byte {at} of {name}");
            }
        }
    }
    assert!(refused > 10, "{refused}");
}

#[test]
fn what_is_no_journal_is_refused() {
    for bytes in [&b"not a database, but long enough to look at it"[..], b"SQLite format 3\0"] {
        let dir = tempdir().expect("a folder");
        std::fs::write(dir.path().join("journal.db"), bytes).expect("written");
        assert!(matches!(Journal::open(dir.path()), Err(JournalError::Damaged { .. })));
    }
    let dir = tempdir().expect("a folder");
    let other = rusqlite::Connection::open(dir.path().join("journal.db")).expect("a database");
    other.execute_batch("CREATE TABLE t(x)").expect("a table");
    drop(other);
    assert!(matches!(Journal::open(dir.path()), Err(JournalError::Foreign)));
    assert!(matches!(Journal::open_to_read(&dir.path().join("no")), Err(JournalError::Missing { .. })));
}

#[test]
fn a_newer_layout_is_refused() {
    let dir = tempdir().expect("a folder");
    drop(Journal::open(dir.path()).expect("a journal"));
    let db = rusqlite::Connection::open(dir.path().join("journal.db")).expect("a database");
    db.execute_batch("PRAGMA user_version = 99").expect("a pragma");
    drop(db);
    assert!(matches!(Journal::open(dir.path()), Err(JournalError::UnknownVersion { found: 99, known: 2 })));
}

#[test]
fn a_journal_that_is_gone_is_not_an_empty_one() {
    let dir = killed(10);
    std::fs::remove_file(dir.path().join("journal.db")).expect("removed");
    std::fs::remove_file(dir.path().join("journal.db-wal")).expect("removed");
    assert!(matches!(Journal::open(dir.path()), Err(JournalError::Damaged { .. })));
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_read_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = tempdir().expect("a folder");
    let journal = Journal::open(dir.path()).expect("a journal");
    journal.record_local(&key(1), "one").expect("written");
    for name in ["journal.db", "journal.db-wal", "journal.db-shm", "journal.lock"] {
        let mode = File::open(dir.path().join(name)).and_then(|f| f.metadata()).expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

#[test]
fn keeps_what_a_run_says_of_itself() {
    let dir = tempdir().expect("a folder");
    let journal = Journal::open(dir.path()).expect("a journal");
    journal
        .opened(Opening { plan: "p".into(), version: "0".into(), price: Some(PRICE), budget: Some(Cost(5)) })
        .expect("written");
    journal.closed(Closing { reason: "done".into(), n_answered: 1, spent: Cost(5) }).expect("written");
    drop(journal);
    let db = rusqlite::Connection::open(dir.path().join("journal.db")).expect("a database");
    let text = |sql: &str| db.query_row(sql, [], |r| r.get::<_, String>(0)).expect("a row");
    assert_eq!(text("SELECT reason FROM closing"), "done");
    assert_eq!(text("SELECT price FROM opening"), "1,1");
}

#[test]
fn the_way_that_was_taken_last_is_the_last_although_it_was_taken_before_within_the_same_millisecond() {
    let dir = tempdir().expect("a folder");
    let journal = Journal::open(dir.path()).expect("a journal");
    let ways = ["http://first", "http://second"].map(Way::new);
    for i in 0..40 {
        let taken = &ways[i % 2];
        journal.way(taken).expect("written");
        assert_eq!(journal.ways().expect("read").last(), Some(taken), "after {i} changes");
    }
}

#[test]
fn an_answer_that_nobody_looked_at_is_settled_by_the_next_process() {
    let server = scripted(|_| Reply::Good);
    let dir = tempdir().expect("a folder");
    let (lane, asks) = (lane(server.url()), requests(2));
    let journal = Journal::open(dir.path()).expect("a journal");
    let name = format!(
        "openai_compatible {} {} {}",
        lane.wire.id(),
        lane.endpoint.url(),
        lane.secret.as_ref().expect("a key").digest()
    );
    let id = journal.lane(&name).expect("a lane");
    let bodies = [
        r#"{"choices":[{"message":{"content":"answer to 0"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":4}}"#,
        "garbled",
    ];
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    for (request, body) in asks.iter().zip(bodies) {
        let key = request_key(lane.wire.id(), &lane.way().call(&*lane.wire, request), request);
        runtime.block_on(async {
            let sent = Sent { key: key.clone(), lane: id, attempt: 1, reserved: Some(Cost(1000)) };
            let id = journal.sent(sent).await.expect("written");
            let response =
                Received { status: 200, headers: Vec::new(), body: body.as_bytes().to_vec(), latency: Duration::ZERO };
            journal.received(id, key, response).await.expect("written");
        });
    }
    drop(journal);
    let mut engine = engine(dir.path(), server.url(), limits());
    let totals = engine.totals().expect("readable");
    assert_eq!((totals.n_answers, totals.n_unknown, totals.unknown), (1, 1, Cost(1000)));
    assert_eq!(totals.settled, Cost(7_000_000));
    let end = run(&mut engine, &asks);
    assert_eq!((end.progress.n_reused, end.progress.n_answered, server.n_asked()), (1, 1, 1));
    assert_answered(&engine, &asks);
}

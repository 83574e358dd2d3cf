//! The tables of `journal.db`. Rows are appended and never changed; a request that is opened again alone loses that it was given up.

use super::batch;
use super::error::JournalError;
use super::record::{AttemptId, Failed, Packed, Record, Settled};
use rusqlite::{Connection, params};
use serde::Serialize;
use std::time::{SystemTime, UNIX_EPOCH};

/// The layout that this program writes and reads.
pub(super) const VERSION: i64 = 2;

/// Marks the file as ours ("eqps").
const APPLICATION: i64 = 0x6571_7073;

/// The lane of answers made inside the process.
const LOCAL_LANE: i64 = 0;

const TABLES: &str = "
CREATE TABLE lane(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE opening(id INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, plan TEXT NOT NULL, version TEXT NOT NULL,
  price TEXT, budget INTEGER);
CREATE TABLE sent(id INTEGER PRIMARY KEY, key BLOB NOT NULL, lane INTEGER NOT NULL, attempt INTEGER NOT NULL,
  reserved INTEGER, at_ms INTEGER NOT NULL);
CREATE TABLE received(id INTEGER PRIMARY KEY, key BLOB NOT NULL, status INTEGER NOT NULL, headers TEXT NOT NULL,
  zstd INTEGER NOT NULL, body BLOB NOT NULL, digest INTEGER NOT NULL, latency_us INTEGER NOT NULL, at_ms INTEGER NOT NULL);
CREATE INDEX received_by_key ON received(key);
CREATE TABLE settled(id INTEGER PRIMARY KEY, finish TEXT NOT NULL, input_tokens INTEGER, output_tokens INTEGER, cost INTEGER,
  model TEXT, reasoning_tokens INTEGER);
CREATE TABLE failed(id INTEGER PRIMARY KEY, key BLOB NOT NULL, status INTEGER, kind TEXT NOT NULL, wait_ms INTEGER,
  message TEXT NOT NULL, cost INTEGER);
CREATE INDEX failed_by_key ON failed(key);
CREATE TABLE given_up(id INTEGER PRIMARY KEY, key BLOB NOT NULL, kind TEXT NOT NULL, message TEXT NOT NULL,
  for_good INTEGER NOT NULL, at_ms INTEGER NOT NULL);
CREATE INDEX given_up_by_key ON given_up(key);
CREATE TABLE way(id INTEGER PRIMARY KEY, way TEXT NOT NULL UNIQUE, at_ms INTEGER NOT NULL);
CREATE TABLE closing(id INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, reason TEXT NOT NULL, n_answered INTEGER NOT NULL,
  spent INTEGER NOT NULL);
INSERT INTO lane(id, name) VALUES (0, 'local');
";

/// Makes the tables in an empty database.
pub(super) fn create(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(&format!(
        "BEGIN EXCLUSIVE; {TABLES} {} PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {VERSION}; COMMIT;",
        batch::TABLES
    ))
}

/// Whether the database is ours, in a layout that this program reads, and whole.
pub(super) fn verify(connection: &Connection) -> Result<(), JournalError> {
    verify_layout(connection)?;
    // Not `quick_check`: a key that was damaged in the index alone would be an answer that nobody finds again.
    let check: String = connection.query_row("PRAGMA integrity_check(1)", [], |r| r.get(0))?;
    if check == "ok" { Ok(()) } else { Err(JournalError::Damaged { detail: check }) }
}

/// Whether the database is ours and in a layout that this program reads.
pub(super) fn verify_layout(connection: &Connection) -> Result<(), JournalError> {
    let pragma = |name: &str| connection.query_row(&format!("PRAGMA {name}"), [], |r| r.get::<_, i64>(0));
    let (application, version) = (pragma("application_id")?, pragma("user_version")?);
    if application != APPLICATION {
        return Err(JournalError::Foreign);
    }
    if version != VERSION {
        return Err(JournalError::UnknownVersion { found: version, known: VERSION });
    }
    Ok(())
}

/// Appends `record`; gives the number of the new row.
pub(super) fn append(db: &Connection, record: &Record) -> rusqlite::Result<i64> {
    let now = now_ms();
    match record {
        Record::Lane(name) => {
            db.execute("INSERT OR IGNORE INTO lane(name) VALUES (?1)", [name])?;
            db.query_row("SELECT id FROM lane WHERE name = ?1", [name], |r| r.get(0))
        }
        Record::Opening(o) => {
            let price = o.price.map(|p| format!("{},{}", p.input_usd, p.output_usd));
            let sql = "INSERT INTO opening(at_ms, plan, version, price, budget) VALUES (?1, ?2, ?3, ?4, ?5)";
            db.prepare_cached(sql)?.insert(params![now, o.plan, o.version, price, o.budget.map(|c| c.0 as i64)])
        }
        Record::Sent(s) => {
            let sql = "INSERT INTO sent(key, lane, attempt, reserved, at_ms) VALUES (?1, ?2, ?3, ?4, ?5)";
            let reserved = s.reserved.map(|c| c.0 as i64);
            db.prepare_cached(sql)?.insert(params![key_bytes(&s.key.0), s.lane.0, s.attempt, reserved, now])
        }
        Record::Received(AttemptId(id), key, packed) => insert_received(db, *id, &key.0, packed, now),
        Record::Settled(AttemptId(id), settled) => insert_settled(db, *id, settled),
        Record::Failed(AttemptId(id), key, failed) => insert_failed(db, *id, &key.0, failed),
        Record::Local(key, packed) => {
            let sql = "INSERT INTO sent(key, lane, attempt, reserved, at_ms) VALUES (?1, ?2, 1, 0, ?3)";
            let id = db.prepare_cached(sql)?.insert(params![key_bytes(&key.0), LOCAL_LANE, now])?;
            db.prepare_cached("INSERT INTO settled(id, finish, cost) VALUES (?1, 'stop', 0)")?.execute([id])?;
            insert_received(db, id, &key.0, packed, now)
        }
        Record::GivenUp(key, g) => {
            let sql = "INSERT INTO given_up(key, kind, message, for_good, at_ms) VALUES (?1, ?2, ?3, ?4, ?5)";
            db.prepare_cached(sql)?.insert(params![key_bytes(&key.0), word(&g.kind), g.message, g.for_good, now])
        }
        Record::Reopened(key) => reopen(db, &key_bytes(&key.0)),
        Record::Way(way) => {
            // A new number each time, which tells the order of those that are taken within one millisecond.
            let sql = "INSERT OR REPLACE INTO way(way, at_ms) VALUES (?1, ?2)";
            db.prepare_cached(sql)?.insert(params![way, now])
        }
        Record::Closing(c) => {
            let sql = "INSERT INTO closing(at_ms, reason, n_answered, spent) VALUES (?1, ?2, ?3, ?4)";
            db.prepare_cached(sql)?.insert(params![now, c.reason, c.n_answered as i64, c.spent.0 as i64])
        }
        Record::BatchIntent(intent) => batch::insert_intent(db, intent, now),
        Record::BatchStep(id, step) => batch::insert_step(db, *id, step, now),
    }
}

/// Counts the answers to a request as failed, at no further cost, and takes back that it was given up.
fn reopen(db: &Connection, key: &[u8]) -> rusqlite::Result<i64> {
    let sql = "INSERT OR IGNORE INTO failed(id, key, status, kind, message)
               SELECT id, key, status, 'garbled', 'it brought no text, and is asked for again' FROM received WHERE key = ?1";
    db.prepare_cached(sql)?.execute([key])?;
    db.prepare_cached("DELETE FROM given_up WHERE key = ?1")?.execute([key])?;
    Ok(0)
}

fn insert_settled(db: &Connection, id: i64, settled: &Settled) -> rusqlite::Result<i64> {
    let sql = "INSERT OR IGNORE INTO settled(id, finish, input_tokens, output_tokens, cost, model, reasoning_tokens)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    let Settled { finish, usage, cost, model } = settled;
    let (input, output) = usage.map(|u| (u.input_tokens as i64, u.output_tokens as i64)).unzip();
    let reasoning = usage.map(|u| u.reasoning_tokens as i64);
    let cost = cost.map(|c| c.0 as i64);
    db.prepare_cached(sql)?.execute(params![id, word(finish), input, output, cost, model, reasoning])?;
    Ok(id)
}

fn insert_failed(db: &Connection, id: i64, key: &str, failed: &Failed) -> rusqlite::Result<i64> {
    let sql = "INSERT OR IGNORE INTO failed(id, key, status, kind, wait_ms, message, cost) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    let Failed { status, kind, wait, message, cost } = failed;
    let (wait, cost) = (wait.map(|w| w.as_millis() as i64), cost.map(|c| c.0 as i64));
    db.prepare_cached(sql)?.execute(params![id, key_bytes(key), status, word(kind), wait, message, cost])?;
    Ok(id)
}

fn insert_received(db: &Connection, id: i64, key: &str, packed: &Packed, now: i64) -> rusqlite::Result<i64> {
    let sql = "INSERT INTO received(id, key, status, headers, zstd, body, digest, latency_us, at_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    let Packed { status, headers, zstd, body, digest, latency } = packed;
    let latency = latency.as_micros() as i64;
    db.prepare_cached(sql)?.insert(params![id, key_bytes(key), status, headers, zstd, body, digest, latency, now])
}

/// A key as stored: 32 bytes for the hex of a hash, the text itself for anything else.
pub(super) fn key_bytes(key: &str) -> Vec<u8> {
    let digit = |b: u8| char::from(b).to_digit(16).filter(|_| !b.is_ascii_uppercase());
    let pair = |p: &[u8]| Some((digit(p[0])? << 4 | digit(p[1])?) as u8);
    let bytes: Option<Vec<u8>> =
        (key.len() == 64).then(|| key.as_bytes().chunks_exact(2).map(pair).collect()).flatten();
    bytes.unwrap_or_else(|| key.as_bytes().to_vec())
}

/// The snake_case word that serde writes for a unit variant.
fn word(value: &impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

fn now_ms() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_millis() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_hex_are_stored_as_bytes_and_others_as_they_are() {
        assert_eq!(key_bytes(&"0a".repeat(32)), vec![10; 32]);
        assert_eq!(key_bytes("short"), b"short");
        assert_eq!(key_bytes(&"0A".repeat(32)), "0A".repeat(32).into_bytes());
    }
}

//! What can be asked of the journal.

use super::cost::Cost;
use super::error::JournalError;
use super::record::{AttemptId, GivenUp, LaneId, Packed, Received};
use super::schema::key_bytes;
use equipoise_core::generator::RequestKey;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use std::time::Duration;

/// Requests, tokens and money over the whole life of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Totals {
    /// Requests sent, retries included.
    pub n_sent: u64,
    /// Answers.
    pub n_answers: u64,
    /// Attempts that failed.
    pub n_failed: u64,
    /// Attempts of which nobody knows whether they were billed: cut off by a crash, a timeout or a reset.
    pub n_unknown: u64,
    /// Tokens read, as far as told.
    pub input_tokens: u64,
    /// Tokens written, as far as told.
    pub output_tokens: u64,
    /// Tokens of hidden reasoning among those, as far as told.
    pub reasoning_tokens: u64,
    /// Cost of answers.
    pub settled: Cost,
    /// Reserved cost of the unknown; counted as spent.
    pub unknown: Cost,
    /// Answers that cost more than had been reserved for them, like those of models that reason out of sight.
    pub n_above: u64,
    /// By how much, summed; part of `settled`.
    pub above: Cost,
}

impl Totals {
    /// All that counts against the budget.
    pub fn spent(&self) -> Cost {
        self.settled + self.unknown
    }
}

/// An attempt of which nobody knows whether it was billed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// The request.
    pub key: RequestKey,
    /// When it was sent, in milliseconds since 1970.
    pub sent_at_ms: u64,
    /// What stays counted for it; `None` without a price.
    pub reserved: Option<Cost>,
    /// What happened; `None` where the process ended before anything did.
    pub why: Option<String>,
}

/// An answer that was journaled but not yet looked at when the process ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Unsettled {
    /// The attempt.
    pub id: AttemptId,
    /// Its key.
    pub key: RequestKey,
    /// What had been reserved.
    pub reserved: Option<Cost>,
    /// The response.
    pub response: Received,
}

const ANSWER: &str = "SELECT status, headers, zstd, body, digest, latency_us FROM received r
  WHERE key = ?1 AND NOT EXISTS (SELECT 1 FROM failed f WHERE f.id = r.id) ORDER BY id LIMIT 1";

/// The first answer to `key`.
pub(super) fn answer(db: &Connection, key: &str) -> Result<Option<Received>, JournalError> {
    let packed = db.prepare_cached(ANSWER)?.query_row([key_bytes(key)], |r| packed(r, 0)).optional()?;
    packed.map(Packed::unpack).transpose()
}

/// For each of `keys`, whether it needs no sending: it has an answer, or was given up for good.
pub(super) fn is_final(db: &Connection, keys: &[Vec<u8>]) -> Result<Vec<bool>, JournalError> {
    let mut query = db.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM received r WHERE key = ?1 AND NOT EXISTS (SELECT 1 FROM failed f WHERE f.id = r.id))
         OR EXISTS (SELECT 1 FROM given_up WHERE key = ?1 AND for_good)",
    )?;
    keys.iter().map(|key| Ok(query.query_row([key], |r| r.get(0))?)).collect()
}

/// Why `key` was given up, the last time that it was.
pub(super) fn given_up(db: &Connection, key: &str) -> Result<Option<GivenUp>, JournalError> {
    let sql = "SELECT kind, message, for_good FROM given_up WHERE key = ?1 ORDER BY id DESC LIMIT 1";
    let row = |r: &Row<'_>| Ok((r.get(0)?, r.get(1)?, r.get(2)?));
    let found: Option<(String, String, bool)> = db.prepare_cached(sql)?.query_row([key_bytes(key)], row).optional()?;
    let Some((kind, message, for_good)) = found else { return Ok(None) };
    let kind = serde_json::from_value(serde_json::Value::String(kind))
        .map_err(|_| JournalError::Damaged { detail: "a stored failure has an unknown kind".to_owned() })?;
    Ok(Some(GivenUp { kind, message, for_good }))
}

/// The ways in which requests were sent, as JSON, in the order in which they were last taken.
pub(super) fn ways(db: &Connection) -> Result<Vec<String>, JournalError> {
    let mut query = db.prepare("SELECT way FROM way ORDER BY at_ms, id")?;
    let ways = query.query_map([], |r| r.get(0))?;
    Ok(ways.collect::<Result<_, _>>()?)
}

/// Why the journal was closed the last time.
pub(super) fn last_closing(db: &Connection) -> Result<Option<String>, JournalError> {
    Ok(db.query_row("SELECT reason FROM closing ORDER BY id DESC LIMIT 1", [], |r| r.get(0)).optional()?)
}

/// Whether `lane` ever answered.
pub(super) fn has_answered(db: &Connection, lane: LaneId) -> Result<bool, JournalError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM settled t JOIN sent s ON s.id = t.id WHERE s.lane = ?1)";
    Ok(db.query_row(sql, [lane.0], |r| r.get(0))?)
}

/// Answers of `lane` that nobody looked at.
pub(super) fn unsettled(db: &Connection, lane: LaneId) -> Result<Vec<Unsettled>, JournalError> {
    let mut query = db.prepare(
        "SELECT r.id, r.key, s.reserved, r.status, r.headers, r.zstd, r.body, r.digest, r.latency_us
         FROM received r JOIN sent s ON s.id = r.id WHERE s.lane = ?1
         AND NOT EXISTS (SELECT 1 FROM settled t WHERE t.id = r.id) AND NOT EXISTS (SELECT 1 FROM failed f WHERE f.id = r.id)",
    )?;
    let rows = query.query_map(params![lane.0], |r| {
        let (id, key, reserved): (i64, Vec<u8>, Option<i64>) = (r.get(0)?, r.get(1)?, r.get(2)?);
        Ok((AttemptId(id), key, reserved, packed(r, 3)?))
    })?;
    rows.map(|row| {
        let (id, key, reserved, packed) = row?;
        let key = request_key(&key);
        Ok(Unsettled { id, key, reserved: reserved.map(|c| Cost(c as u64)), response: packed.unpack()? })
    })
    .collect()
}

/// Sent, and nothing more is known.
const OPEN: &str = "FROM sent s WHERE NOT EXISTS (SELECT 1 FROM settled t WHERE t.id = s.id)
  AND NOT EXISTS (SELECT 1 FROM failed f WHERE f.id = s.id)";

/// Every attempt without a known outcome.
pub(super) fn unknown(db: &Connection) -> Result<Vec<Unknown>, JournalError> {
    let mut query = db.prepare(&format!(
        "SELECT s.id, s.key, s.at_ms, s.reserved, NULL {OPEN}
         UNION ALL SELECT s.id, s.key, s.at_ms, f.cost, f.message FROM failed f JOIN sent s ON s.id = f.id
         WHERE f.cost IS NOT NULL ORDER BY 1"
    ))?;
    let rows = query.query_map([], |r| {
        let (key, at, reserved): (Vec<u8>, i64, Option<i64>) = (r.get(1)?, r.get(2)?, r.get(3)?);
        let reserved = reserved.map(|c| Cost(c as u64));
        Ok(Unknown { key: request_key(&key), sent_at_ms: at as u64, reserved, why: r.get(4)? })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The most tokens that an answer wrote.
pub(super) fn most_written(db: &Connection) -> Result<u64, JournalError> {
    let most: Option<i64> = db.query_row("SELECT max(output_tokens) FROM settled", [], |r| r.get(0))?;
    Ok(most.unwrap_or(0) as u64)
}

/// Sums over everything.
pub(super) fn totals(db: &Connection) -> Result<Totals, JournalError> {
    let count = |sql: &str| -> Result<u64, JournalError> {
        Ok(db.query_row(sql, [], |r| r.get::<_, Option<i64>>(0))?.unwrap_or(0) as u64)
    };
    const ABOVE: &str = "FROM settled t JOIN sent s ON s.id = t.id WHERE t.cost > s.reserved";
    let lost = "FROM failed WHERE cost IS NOT NULL";
    Ok(Totals {
        n_sent: count("SELECT count(*) FROM sent")?,
        n_answers: count(
            "SELECT count(*) FROM received r WHERE NOT EXISTS (SELECT 1 FROM failed f WHERE f.id = r.id)",
        )?,
        n_failed: count("SELECT count(*) FROM failed")?,
        n_unknown: count(&format!("SELECT count(*) {OPEN}"))? + count(&format!("SELECT count(*) {lost}"))?,
        input_tokens: count("SELECT sum(input_tokens) FROM settled")?,
        output_tokens: count("SELECT sum(output_tokens) FROM settled")?,
        reasoning_tokens: count("SELECT sum(reasoning_tokens) FROM settled")?,
        settled: Cost(count("SELECT sum(cost) FROM settled")?),
        unknown: Cost(count(&format!("SELECT sum(reserved) {OPEN}"))? + count(&format!("SELECT sum(cost) {lost}"))?),
        n_above: count(&format!("SELECT count(*) {ABOVE}"))?,
        above: Cost(count(&format!("SELECT sum(t.cost - s.reserved) {ABOVE}"))?),
    })
}

/// The models that the server named.
pub(super) fn served_models(db: &Connection) -> Result<Vec<String>, JournalError> {
    let mut query = db.prepare("SELECT DISTINCT model FROM settled WHERE model IS NOT NULL ORDER BY model")?;
    let models = query.query_map([], |r| r.get(0))?;
    Ok(models.collect::<Result<_, _>>()?)
}

/// How many responses are stored.
pub(super) fn n_received(db: &Connection) -> Result<u64, JournalError> {
    Ok(db.query_row("SELECT count(*) FROM received", [], |r| r.get::<_, i64>(0))? as u64)
}

/// The key that was stored as `bytes`; see [`key_bytes`].
fn request_key(bytes: &[u8]) -> RequestKey {
    let hex = || bytes.iter().map(|b| format!("{b:02x}")).collect();
    RequestKey(if bytes.len() == 32 { hex() } else { String::from_utf8_lossy(bytes).into_owned() })
}

fn packed(row: &Row<'_>, at: usize) -> rusqlite::Result<Packed> {
    Ok(Packed {
        status: row.get(at)?,
        headers: row.get(at + 1)?,
        zstd: row.get(at + 2)?,
        body: row.get(at + 3)?,
        digest: row.get(at + 4)?,
        latency: Duration::from_micros(row.get::<_, i64>(at + 5)? as u64),
    })
}

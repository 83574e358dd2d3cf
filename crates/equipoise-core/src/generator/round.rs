//! One round of a label's quota as jobs: going round its rows in a seeded order.

use super::{Ask, Job, SourceText};
use crate::data::Row;
use crate::text::{comparison_key, hash64};
use rand::seq::SliceRandom;
use std::collections::HashSet;

/// Bytes of source a job at most, unless one row alone has more: a chunk set for typical rows must not hold several huge ones.
const MOST_BYTES: usize = 32_000;

/// The rows that can be a source: one of each set of equal texts, none that was set aside, and none without a letter or
/// digit unless all are so.
pub(super) fn sources<'a>(ask: &Ask<'a>) -> Vec<Row<'a>> {
    let rows: Vec<Row<'a>> = ask.train.rows().filter(|r| r.label == ask.of && !ask.without.contains(&r.id)).collect();
    let mut seen = HashSet::new();
    let mut distinct = rows.clone();
    distinct
        .retain(|r| r.text.contains(char::is_alphanumeric) && seen.insert(hash64(comparison_key(r.text).as_bytes())));
    if distinct.is_empty() { rows } else { distinct }
}

/// Which ask of the same rows this is: passes of one round count up, rounds are far apart, so that none is repeated.
pub(super) fn ordinal(round: u32, pass: usize) -> u32 {
    let pass = u32::try_from(pass).unwrap_or(u32::MAX);
    round.saturating_mul(1 << 16).saturating_add(pass)
}

/// A job for texts from `rows`, which it numbers `a1`, `a2`, ….
pub(super) fn job(ask: &Ask<'_>, rows: &[Row<'_>], wanted: usize, ordinal: u32) -> Job {
    let source =
        |(i, r): (usize, &Row<'_>)| SourceText { key: format!("a{}", i + 1), row: r.id, text: r.text.to_owned() };
    Job {
        label: ask.label,
        sources: rows.iter().enumerate().map(source).collect(),
        wanted,
        ordinal,
        attributes: Vec::new(),
    }
}

/// Jobs that ask for one text from each of their rows, `ask.wanted` in all: pass after pass over the rows, each in another
/// order, each cut into chunks of nearly equal size.
pub(super) fn one_text_a_row(ask: &Ask<'_>) -> Vec<Job> {
    let mut rows = sources(ask);
    let mut jobs = Vec::new();
    let mut left = ask.wanted;
    let mut pass = 0;
    while left > 0 && !rows.is_empty() {
        rows.shuffle(&mut ask.seed.child(&format!("pass/{pass}")).rng());
        let taken = &rows[..left.min(rows.len())];
        let n_jobs = taken.len().div_ceil(ask.chunk.max(1));
        let mut rest = taken;
        for at in 0..n_jobs {
            let (chunk, behind) = rest.split_at(rest.len().div_ceil(n_jobs - at));
            rest = behind;
            jobs.extend(
                by_size(chunk, |row| row.text).map(|rows| job(ask, rows, rows.len(), ordinal(ask.round, pass))),
            );
        }
        left -= taken.len();
        pass += 1;
    }
    jobs
}

/// `rows` in runs of at most [`MOST_BYTES`] of their texts, or of one row.
pub(super) fn by_size<R>(mut rows: &[R], text: impl Fn(&R) -> &str) -> impl Iterator<Item = &[R]> {
    std::iter::from_fn(move || {
        let mut bytes = 0;
        let fits = rows.iter().take_while(|r| {
            bytes += text(r).len();
            bytes <= MOST_BYTES
        });
        let (head, tail) = rows.split_at(fits.count().max(1).min(rows.len()));
        rows = tail;
        (!head.is_empty()).then_some(head)
    })
}

//! Outages at a tenth of their time: no row is lost, and hardly a request is wasted.

use crate::set_up::*;
use equipoise::schedule::EndReason;
use fault_server::{Outage, OutageKind, Profile, Server};
use std::time::Duration;
use tempfile::tempdir;

const MS: fn(u64) -> Duration = Duration::from_millis;

/// 2 s for 20 s.
fn outage(kind: OutageKind) {
    let outages = vec![Outage { from: MS(400), lasts: MS(2000), kind }];
    let latency = MS(20);
    let server = Server::start(Profile { outages, latency, ..Profile::default() });
    let dir = tempdir().expect("a folder");
    let mut tenth = limits();
    (tenth.backoff_first, tenth.backoff_cap) = (MS(100), MS(6000));
    tenth.max_concurrency = 16;
    tenth.deadlines.total = MS(1200);
    let mut engine = engine(dir.path(), server.url(), tenth);
    let end = run(&mut engine, &requests(600));
    assert_eq!((end.reason, end.progress.n_answered, end.progress.n_failed), (EndReason::Done, 600, 0), "{kind:?}");
    let (ledger, n_failed) = (server.ledger(), engine.totals().expect("readable").n_failed);
    // A refused connection is seen by nobody but the client.
    let wasted = if kind == OutageKind::Refused { n_failed } else { ledger.n_in_outage };
    // A failure comes back at once, so that on a busy machine each slot is filled again before the fifth has opened the breaker; and what
    // such a machine adds to 2 s counts tenfold.
    assert!((1..=2 * 16 + 6 + 2).contains(&wasted), "{kind:?}: {wasted} wasted");
    assert!(ledger.billed_more_than_once <= 16, "{ledger:?}");
}

#[test]
fn status_500_wastes_few_requests() {
    outage(OutageKind::Status(500));
}

#[test]
fn status_503_wastes_few_requests() {
    outage(OutageKind::Status(503));
}

#[test]
fn a_refused_connection_wastes_few_requests() {
    outage(OutageKind::Refused);
}

#[test]
fn a_black_hole_wastes_few_requests() {
    outage(OutageKind::BlackHole);
}

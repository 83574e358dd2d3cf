//! The budget holds, whatever happens.

use crate::set_up::*;
use equipoise::journal::{Cost, Journal};
use equipoise::schedule::{EndReason, Engine, EngineError, Stop};
use fault_server::{Fault, Reply};
use std::time::Duration;
use tempfile::tempdir;

/// Worst case of one request of [`requests`]: its bytes, 16 a message, 50 tokens out, at a millionth of a dollar each.
fn worst(i: usize) -> f64 {
    let bytes = "Write.".len() + format!("one text #{i}").len();
    (bytes + 32 + 50) as f64 * 1e-6
}

#[test]
fn never_spends_more_than_the_budget_and_goes_on_with_more() {
    let server = scripted(|_| Reply::good_after(Duration::from_millis(2)));
    let dir = tempdir().expect("a folder");
    let mut tight = limits();
    tight.budget = Some(Cost::from_usd(0.001));
    let mut first = engine(dir.path(), server.url(), tight);
    let end = run(&mut first, &requests(100));
    assert_eq!(end.reason, EndReason::Budget);
    let spent = first.totals().expect("readable").spent();
    assert_eq!((spent, spent), (end.progress.spent, Cost(end.progress.n_answered * 15_000_000)));
    assert!(spent <= Cost::from_usd(0.001));
    // It stops only where the next worst case would not fit.
    assert!(spent.usd() + worst(99) > 0.001, "{spent}");
    drop(first);
    let mut wide = limits();
    wide.budget = Some(Cost::from_usd(1.0));
    let end = run(&mut engine(dir.path(), server.url(), wide), &requests(100));
    assert_eq!((end.reason, server.n_asked()), (EndReason::Done, 100));
}

#[test]
fn what_may_have_been_billed_stays_counted() {
    let server = scripted(|asked| if asked.times == 1 { Reply::fault(Fault::ResetBeforeHeaders) } else { Reply::Good });
    let dir = tempdir().expect("a folder");
    let mut engine = engine(dir.path(), server.url(), limits());
    run(&mut engine, &requests(3));
    let expected: f64 = (0..3).map(worst).sum();
    let totals = engine.totals().expect("readable");
    assert!((totals.unknown.usd() - expected).abs() < 1e-12, "{} {expected}", totals.unknown.usd());
    assert_eq!(totals.settled, Cost(45_000_000));
}

#[test]
fn a_budget_needs_a_price() {
    let dir = tempdir().expect("a folder");
    let mut unpriced = lane("http://127.0.0.1:9/v1");
    unpriced.price = None;
    let mut tight = limits();
    tight.budget = Some(Cost::from_usd(1.0));
    let journal = Journal::open(dir.path()).expect("a journal");
    let refused = Engine::open(journal, unpriced, tight, Stop::default());
    assert!(matches!(refused, Err(EngineError::BudgetWithoutPrice)));
}

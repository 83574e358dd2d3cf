//! Ctrl-C.

use crate::set_up::*;
use equipoise::journal::Journal;
use equipoise::schedule::{EndReason, Engine, EngineEvent, Stop};
use fault_server::{Reply, Server};
use std::time::{Duration, Instant};
use tempfile::tempdir;

fn slow() -> Server {
    scripted(|asked| Reply::After(Duration::from_millis(if asked.n < 20 { 20 } else { 700 }), Box::new(Reply::Good)))
}

#[test]
fn the_first_waits_for_what_is_in_flight() {
    let (server, dir, stop) = (slow(), tempdir().expect("a folder"), Stop::default());
    let journal = Journal::open(dir.path()).expect("a journal");
    let mut engine = Engine::open(journal, lane(server.url()), limits(), stop.clone()).expect("an engine");
    let end = run_with(&mut engine, &requests(200), |event| match event {
        EngineEvent::Progress(p) if p.n_answered == 20 && stop.level() == 0 => stop.request(),
        _ => {}
    });
    assert_eq!(end.reason, EndReason::Interrupted);
    let totals = engine.totals().expect("readable");
    assert_eq!((totals.n_unknown, totals.n_answers as usize), (0, server.n_asked()));
    assert_eq!(end.n_cancelled, 200 - totals.n_answers);
}

#[test]
fn the_second_drops_it_and_counts_its_cost() {
    let (server, dir, stop) = (slow(), tempdir().expect("a folder"), Stop::default());
    let journal = Journal::open(dir.path()).expect("a journal");
    let mut engine = Engine::open(journal, lane(server.url()), limits(), stop.clone()).expect("an engine");
    let mut stopped = None;
    let end = run_with(&mut engine, &requests(200), |event| match event {
        EngineEvent::Progress(p) if p.n_answered == 20 && stop.level() == 0 => {
            let stop = stop.clone();
            stopped = Some(Instant::now());
            std::thread::spawn(move || {
                std::thread::sleep(Duration::from_millis(100));
                stop.request();
                stop.request();
            });
        }
        _ => {}
    });
    assert!(stopped.is_some_and(|at| at.elapsed() < Duration::from_millis(600)), "dropped late");
    assert_eq!((end.reason, end.progress.n_answered), (EndReason::Interrupted, 20));
    let totals = engine.totals().expect("readable");
    assert!(totals.n_unknown > 0 && totals.unknown.0 > 0, "{totals:?}");
    assert_eq!(totals.n_unknown + 20, totals.n_sent);
    drop(engine);
    // The cost of the unknown is still there for the next run.
    let engine = crate::set_up::engine(dir.path(), server.url(), limits());
    assert_eq!(engine.totals().expect("readable").unknown, totals.unknown);
}

//! A queue that is filled while the engine sends.

use crate::set_up::*;
use equipoise::schedule::{EndReason, Engine, EngineEvent, Limits, Queue, RunEnd};
use equipoise_core::provider::Request;
use fault_server::{Profile, Reply, Server};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;
use tempfile::tempdir;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

type Door = UnboundedSender<(usize, Request)>;

/// Serves what `on_event` and whoever has the door put into the queue, until the door is dropped.
fn serve(engine: &mut Engine, queue: &mut Queue, on_event: impl FnMut(EngineEvent)) -> RunEnd {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(engine.serve(queue, on_event)).expect("the journal works")
}

fn queue() -> (Door, Queue) {
    let (door, incoming) = unbounded_channel();
    (door, Queue::new(incoming))
}

#[test]
fn a_queue_holds_the_slots_for_as_long_as_there_is_work() {
    const SLOTS: usize = 16;
    const N: usize = 128;
    let server = Server::start(Profile { latency: Duration::from_millis(700), ..Profile::default() });
    let dir = tempdir().expect("a folder");
    let mut engine = engine(dir.path(), server.url(), Limits { max_concurrency: SLOTS, ..limits() });
    let requests = requests(N);
    let (door, mut queue) = queue();
    let (n_answered, is_over) = (AtomicUsize::new(0), AtomicBool::new(false));
    let held = std::thread::scope(|scope| {
        let watching = scope.spawn(|| {
            let mut samples = Vec::new();
            while !is_over.load(Ordering::SeqCst) {
                // Between the first answers, which show that the lane works, and the time when clients have nothing more to ask.
                if (2 * SLOTS..N - 3 * SLOTS).contains(&n_answered.load(Ordering::SeqCst)) {
                    samples.push(server.ledger().in_flight as f64 / SLOTS as f64);
                }
                std::thread::sleep(Duration::from_millis(2));
            }
            samples.iter().sum::<f64>() / samples.len() as f64
        });
        // As many clients as three times the slots, each of which asks again when it is answered.
        let mut next = 3 * SLOTS;
        let mut door = Some(door);
        let mut send = |n| door.as_ref().is_some_and(|door: &Door| door.send((n, requests[n].clone())).is_ok());
        assert!((0..next).all(&mut send));
        let end = serve(&mut engine, &mut queue, |event| {
            if let EngineEvent::Answered { .. } = event {
                let n = n_answered.fetch_add(1, Ordering::SeqCst) + 1;
                match (next < N).then_some(next) {
                    Some(at) => assert!(door.as_ref().is_some_and(|d| d.send((at, requests[at].clone())).is_ok())),
                    None if n == N => door = None,
                    None => {}
                }
                next += 1;
            }
        });
        is_over.store(true, Ordering::SeqCst);
        assert_eq!((end.reason, end.progress.n_answered), (EndReason::Done, N as u64));
        watching.join().expect("no panic")
    });
    assert!(held >= 0.95, "{:.1} % of the slots were held", 100.0 * held);
    assert_answered(&engine, &requests);
    assert_eq!(server.ledger().billed_more_than_once, 0);
}

#[test]
fn what_is_answered_already_waits_for_no_slot() {
    let server = scripted(|asked| match asked.id.as_str() {
        "0" => Reply::Good,
        _ => Reply::good_after(Duration::from_millis(600)),
    });
    let dir = tempdir().expect("a folder");
    let mut engine = engine(dir.path(), server.url(), Limits { max_concurrency: 1, ..limits() });
    let requests = requests(3);
    run(&mut engine, &requests[..1]);
    let (door, mut queue) = queue();
    // Two slow ones first: one takes the only slot, one waits.
    [1, 2, 0].iter().for_each(|n| door.send((*n, requests[*n].clone())).expect("taken"));
    drop(door);
    let mut ended = Vec::new();
    let end = serve(&mut engine, &mut queue, |event| match event {
        EngineEvent::Known { at, .. } | EngineEvent::Answered { at, .. } => ended.push(at),
        _ => {}
    });
    assert_eq!(ended, [0, 1, 2]);
    assert_eq!((end.progress.n_reused, end.progress.n_answered, server.n_asked()), (1, 2, 3));
}

#[test]
fn a_refused_request_hears_so_although_more_may_come() {
    let server = scripted(|_| Reply::status(400, r#"{"error":{"message":"this text is against our policy"}}"#));
    let dir = tempdir().expect("a folder");
    let mut engine = engine(dir.path(), server.url(), limits());
    let (door, mut queue) = queue();
    door.send((0, requests(1).remove(0))).expect("taken");
    let mut door = Some(door);
    let end = serve(&mut engine, &mut queue, |event| {
        if let EngineEvent::GaveUp { at, .. } = event {
            assert_eq!(at, 0);
            door = None;
        }
    });
    assert_eq!((end.reason, end.progress.n_failed), (EndReason::Done, 1));
}

#[test]
fn what_was_not_taken_is_there_for_the_next_call() {
    let server = scripted(|asked| match asked.n {
        0 => Reply::status(402, r#"{"error":{"message":"insufficient credit"}}"#),
        _ => Reply::Good,
    });
    let dir = tempdir().expect("a folder");
    let requests = requests(2);
    let (door, mut queue) = queue();
    door.send((0, requests[0].clone())).expect("taken");
    let mut first = engine(dir.path(), server.url(), limits());
    let end = serve(&mut first, &mut queue, |_| {});
    assert!(matches!(end.reason, EndReason::OutOfCredit(_)), "{end:?}");
    assert_eq!((queue.n_taken(), end.n_cancelled), (1, 1));
    door.send((1, requests[1].clone())).expect("taken");
    drop((door, first));
    let mut second = engine(dir.path(), server.url(), limits());
    let end = serve(&mut second, &mut queue, |_| {});
    assert_eq!((end.reason, end.progress.n_answered, queue.n_taken()), (EndReason::Done, 1, 2));
}

//! kill -9 at random instants: what was ours is never bought again.

use crate::set_up::*;
use equipoise::journal::Journal;
use equipoise::schedule::EndReason;
use fault_server::Reply;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::tempdir;

const N: usize = 600;
const IN_FLIGHT: usize = 16;

/// Not a test of its own: the process that the test below kills.
#[test]
#[ignore = "run by `kill_9_never_buys_an_answer_again`"]
fn victim() {
    let (Ok(dir), Ok(url)) = (std::env::var("VICTIM_DIR"), std::env::var("VICTIM_URL")) else { return };
    let mut few = limits();
    few.max_concurrency = IN_FLIGHT;
    run(&mut engine(Path::new(&dir), &url, few), &requests(N));
}

#[test]
fn kill_9_never_buys_an_answer_again() {
    let server = scripted(|_| Reply::good_after(Duration::from_millis(10)));
    let dir = tempdir().expect("a folder");
    let asks = requests(N);
    let (mut ours, mut n_kills) = (BTreeSet::new(), 0);
    let mut answered_before = server.billed();
    for round in 0..20_u64 {
        let exe = std::env::current_exe().expect("this binary");
        let mut child = Command::new(exe)
            .args(["kill::victim", "--exact", "--ignored"])
            .env("VICTIM_DIR", dir.path())
            .env("VICTIM_URL", server.url())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("a child");
        let (asked, began) = (server.n_asked(), Instant::now());
        while server.n_asked() == asked && began.elapsed() < Duration::from_secs(10) {
            std::thread::sleep(Duration::from_millis(1));
        }
        std::thread::sleep(Duration::from_millis(round * 7919 % 97));
        let finished = child.try_wait().expect("a state").is_some();
        child.kill().expect("killed");
        child.wait().expect("reaped");
        n_kills += 1;
        // What is still on its way through the server belongs to the dead process.
        std::thread::sleep(Duration::from_millis(30));
        let answered = server.billed();
        for id in &ours {
            assert_eq!(answered.get(id), answered_before.get(id), "{id} was ours and was bought again");
        }
        let journal = Journal::open(dir.path()).expect("whole after a kill");
        for (i, request) in asks.iter().enumerate() {
            let lane = lane(server.url());
            let way = lane.way();
            let recorded = equipoise::schedule::Recorded::new(journal.clone(), lane.wire, way, &[]).expect("readable");
            if recorded.outcome_of(request).expect("readable").is_some() {
                ours.insert(i.to_string());
            }
        }
        answered_before = answered;
        if finished || ours.len() == N {
            break;
        }
    }
    let mut last = engine(dir.path(), server.url(), limits());
    assert_eq!(run(&mut last, &asks).reason, EndReason::Done);
    assert_answered(&last, &asks);
    let paid: usize = server.billed().values().sum();
    println!("{n_kills} kills, {} of {N} ours before the last run, {} paid twice", ours.len(), paid - N);
    assert!(n_kills >= 3 && paid - N <= n_kills * IN_FLIGHT);
}

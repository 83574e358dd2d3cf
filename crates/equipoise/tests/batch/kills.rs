//! kill -9 at every call of a batch API, before and after it takes effect, and while the results are settled.
//!
//! The calls are those of the nine steps of a batch: the intent stands in the journal when the first call arrives, the name of the
//! batch when the first look at it arrives, and so on.

use super::*;
use fault_server::Held;
use std::process::{Command, Stdio};

/// A way for batches to go; every other one leaves lines over for another batch.
fn profile(seed: u64) -> BatchProfile {
    let polls = 1 + (seed % 3) as u32;
    match seed % 2 {
        0 => BatchProfile { polls, error_share: 0.3, ..BatchProfile::default() },
        _ => BatchProfile { polls, ending: BatchEnding::Expired(0.9), ..BatchProfile::default() },
    }
}

fn n_requests(seed: u64) -> usize {
    20 + (seed * 37 % 60) as usize
}

/// Not a test of its own: the process that the tests below kill.
#[test]
#[ignore = "run by the tests below"]
fn victim() {
    let var = |name: &str| std::env::var(name).ok();
    let (Some(dir), Some(url), Some(model), Some(n)) = (var("DIR"), var("URL"), var("MODEL"), var("N")) else { return };
    let mut batches = open(Path::new(&dir), lane(&model, &url, KEY), &Stop::default());
    batches.run(&requests(n.parse().expect("a number")), &mut |_| ()).expect("runs");
}

/// Runs `n` requests until the server has had a number of calls and a time has passed, and kills.
fn kill(dir: &Path, model: &str, server: &Server, n: usize, (n_calls, then): (usize, Duration)) {
    let mut child = Command::new(std::env::current_exe().expect("this binary"))
        .args(["kills::victim", "--exact", "--ignored"])
        .envs([
            ("DIR", dir.to_str().expect("a path in Unicode")),
            ("URL", url(model, server).as_str()),
            ("MODEL", model),
        ])
        .env("N", n.to_string())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("a child");
    let began = Instant::now();
    while server.batch_calls() < n_calls {
        assert!(began.elapsed() < Duration::from_secs(30), "{model}: call {n_calls} never came");
        std::thread::sleep(Duration::from_millis(1));
    }
    std::thread::sleep(then);
    child.kill().expect("killed or gone");
    child.wait().expect("reaped");
}

/// Runs to the end; a batch that cannot be told apart yet is looked at until it can.
fn resume(dir: &Path, model: &str, server: &Server, asked: &[Request]) -> bool {
    let mut was_ambiguous = false;
    for _ in 0..10 {
        let mut batches = open(dir, lane(model, &url(model, server), KEY), &Stop::default());
        match batches.run(asked, &mut |_| ()) {
            Ok(end) => {
                assert_eq!(end.reason, EndReason::Done);
                return was_ambiguous;
            }
            Err(EngineError::Batch(BatchError::Ambiguous { candidates })) => {
                was_ambiguous = true;
                candidates.iter().for_each(|id| look(server, &format!("/v1/messages/batches/{id}")));
            }
            Err(e) => panic!("{model}: {e}"),
        }
    }
    panic!("{model}: it does not end");
}

/// How each request ended: its answer, or the kind of its failure.
fn outcomes(dir: &Path, model: &str, server: &Server, asked: &[Request]) -> Vec<String> {
    let batches = open(dir, lane(model, &url(model, server), KEY), &Stop::default());
    asked.iter().map(|r| format!("{:?}", batches.outcome_of(r).expect("a sound journal"))).collect()
}

fn killed_at(model: &str, seed: u64, held: Option<Held>, n_calls: usize, then: Duration) {
    let what = format!("{model}, seed {seed}, {held:?}, {n_calls} calls, then {then:?}");
    let (n, folder) = (n_requests(seed), tempdir().expect("a folder"));
    let asked = requests(n);
    let server = server(BatchProfile { held, ..profile(seed) });
    kill(folder.path(), model, &server, n, (n_calls, then));
    assert!(held.is_none() || server.batch_calls() == n_calls, "{what}: it was not held");
    let was_ambiguous = resume(folder.path(), model, &server, &asked);
    assert!(!was_ambiguous || model.starts_with("anthropic"), "{what}");
    let ledger = server.ledger();
    assert_eq!(ledger.billed_more_than_once, 0, "{what}: {ledger:?}");
    let totals = journal(folder.path()).totals().expect("sums");
    assert_eq!(totals.n_answers, ledger.n_billed, "{what}: a finished line was dropped");
    // The same requests at the same address, without a kill.
    let whole = tempdir().expect("a folder");
    resume(whole.path(), model, &server, &asked);
    assert_eq!(server.ledger().n_batches, 2 * ledger.n_batches, "{what}: {ledger:?}");
    let (resumed, uninterrupted) =
        (outcomes(folder.path(), model, &server, &asked), outcomes(whole.path(), model, &server, &asked));
    assert_eq!(resumed, uninterrupted, "{what}");
}

/// How many calls an uninterrupted run makes until the results of its first batch have arrived.
fn calls_of_one(model: &str, seed: u64) -> usize {
    let polls = profile(seed).polls as usize;
    match model.split('/').next() {
        Some("openai") => 2 + polls + 2,
        Some("gemini") => 2 + polls + 1,
        _ => 1 + polls + 1,
    }
}

fn killed_everywhere(seeds: std::ops::Range<u64>) {
    std::thread::scope(|scope| {
        for model in MODELS {
            let seeds = seeds.clone();
            scope.spawn(move || seeds.for_each(|seed| killed_at_each_step(model, seed)));
        }
    });
}

fn killed_at_each_step(model: &str, seed: u64) {
    let n_calls = calls_of_one(model, seed);
    for call in 0..n_calls {
        for is_done in [false, true] {
            killed_at(model, seed, Some(Held { call, is_done }), call + 1, Duration::ZERO);
        }
    }
    // The last results are on their way: the journal takes them in, or has.
    for step in 0..4_u64 {
        let then = Duration::from_micros(step * 2500 + seed * 311 % 2500);
        killed_at(model, seed, None, n_calls, then);
    }
}

#[test]
fn a_kill_at_any_step_doubles_no_batch_and_drops_no_line() {
    killed_everywhere(0..3);
}

/// `cargo test --release -p equipoise --test batch kills -- --include-ignored`
#[test]
#[ignore = "takes minutes"]
fn a_kill_at_any_step_doubles_no_batch_and_drops_no_line_over_fifty_seeds() {
    killed_everywhere(0..50);
}

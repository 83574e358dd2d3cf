//! The whole life of batches against the fault server, of every kind of batch API.

mod kills;

use equipoise::config::ModelRecipe;
use equipoise::journal::{Cost, Journal, JournalError};
use equipoise::schedule::{
    BatchError, BatchEvent, Batches, EndReason, EngineError, Lane, Limits, Patience, RequestOutcome, RunEnd, Stop,
};
use equipoise::setup::Model;
use equipoise_core::data::LabelId;
use equipoise_core::generator::Job;
use equipoise_core::plan::Price;
use equipoise_core::provider::{Prompt, Request, Sampling};
use fault_server::{BatchEnding, BatchProfile, Profile, Server};
use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::time::{Duration, Instant};
use tempfile::tempdir;

const KEY: &str = "sk-canary-batch-0123456789";
const MODELS: [&str; 3] = ["openai/m-1", "anthropic/m-1", "gemini/m-1"];
const PRICE: Price = Price { input_usd: 1.0, output_usd: 1.0 };

fn server(batch: BatchProfile) -> Server {
    Server::start(Profile { batch, ..Profile::default() })
}

fn requests(n: usize) -> Vec<Request> {
    let one = |i| Request {
        job: Job { label: LabelId(0), sources: Vec::new(), wanted: 1, ordinal: 0, attributes: Vec::new() },
        prompt: Prompt { system: "Write.".into(), user: format!("one text #{i}"), version: "v1".into() },
        model: "m-1".into(),
        sampling: Sampling { temperature: None, max_tokens: 50, seed: 7 },
        schema: None,
    };
    (0..n).map(one).collect()
}

fn lane(model: &str, url: &str, key: &'static str) -> Lane {
    let env = move |_: &str| Some(key.to_owned());
    let recipe = ModelRecipe {
        name: model.to_owned(),
        base_url: Some(url.to_owned()),
        key_env: Some("TEST_KEY".to_owned()),
        price: Some([PRICE.input_usd, PRICE.output_usd]),
        ..ModelRecipe::default()
    };
    let model = Model::new(&recipe, &BTreeMap::new()).expect("a model");
    model.lane(&env).expect("a key").expect("over HTTP")
}

/// The base URL of the model's protocol.
fn url(model: &str, server: &Server) -> String {
    if model.starts_with("gemini") { server.gemini_url() } else { server.url().to_owned() }
}

fn limits() -> Limits {
    Limits {
        backoff_first: Duration::from_millis(10),
        backoff_cap: Duration::from_millis(50),
        max_outage: Duration::from_secs(2),
        ..Limits::default()
    }
}

const QUICK: Patience =
    Patience { first: Duration::from_millis(5), longest: Duration::from_millis(20), settle: Duration::ZERO };

/// A journal. A process that another test is just starting holds this one's lock until it has become what it will be.
fn journal(dir: &Path) -> Journal {
    let until = Instant::now() + Duration::from_secs(5);
    loop {
        match Journal::open(dir) {
            Err(JournalError::Locked { .. }) if Instant::now() < until => std::thread::sleep(Duration::from_millis(1)),
            opened => return opened.expect("a journal"),
        }
    }
}

fn open(dir: &Path, lane: Lane, stop: &Stop) -> Batches {
    let journal = journal(dir);
    Batches::open(journal, lane, limits(), QUICK, stop.clone()).expect("batches")
}

/// Runs to the end in `dir` and gives the end and the events.
fn run(dir: &Path, model: &str, server: &Server, requests: &[Request]) -> (RunEnd, Vec<BatchEvent>) {
    let mut events = Vec::new();
    let mut batches = open(dir, lane(model, &url(model, server), KEY), &Stop::default());
    let end = batches.run(requests, &mut |event| events.push(event)).expect("runs");
    (end, events)
}

/// Asserts that every request has the answer that it would have got on its own.
fn assert_all_answered(dir: &Path, model: &str, server: &Server, requests: &[Request]) {
    let batches = open(dir, lane(model, &url(model, server), KEY), &Stop::default());
    let mut texts = std::collections::BTreeSet::new();
    for request in requests {
        match batches.outcome_of(request).expect("a sound journal") {
            Some((_, RequestOutcome::Answered(answer))) => assert!(texts.insert(answer.text)),
            other => panic!("{other:?}"),
        }
    }
}

/// Starts a run whose call to make a batch loses its connection, and stops it before anybody knows whether the batch was made.
fn cut_off(dir: &Path, model: &str, server: &Server, requests: &[Request]) {
    let stop = Stop::default();
    let journal = journal(dir);
    let patience = Patience { settle: Duration::from_secs(3600), ..QUICK };
    let mut batches = Batches::open(journal, lane(model, &url(model, server), KEY), limits(), patience, stop.clone())
        .expect("batches");
    let end = batches.run(requests, &mut |event| {
        if matches!(event, BatchEvent::Waiting { .. }) {
            stop.request();
        }
    });
    assert_eq!(end.expect("runs").reason, EndReason::Interrupted);
    assert_eq!(server.ledger().n_batches, 1);
}

/// Looks at a batch from outside, which is what makes it go on.
fn look(server: &Server, path: &str) {
    let host = server.url().trim_start_matches("http://").trim_end_matches("/v1");
    for _ in 0..3 {
        let mut stream = std::net::TcpStream::connect(host).expect("the server");
        let call = format!("GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
        stream.write_all(call.as_bytes()).expect("sent");
        // The server keeps the connection; what it says does not matter.
        stream.set_read_timeout(Some(Duration::from_secs(2))).expect("a socket");
        let _ = stream.read(&mut [0; 64]);
    }
}

#[test]
fn answers_come_in_any_order_and_each_is_paid_once() {
    for model in MODELS {
        let (server, dir) = (server(BatchProfile::default()), tempdir().expect("a folder"));
        let mut asked = requests(300);
        asked.push(asked[0].clone());
        let (end, events) = run(dir.path(), model, &server, &asked);
        assert_eq!(end.reason, EndReason::Done, "{model}");
        assert_eq!((end.n_planned, end.progress.n_answered, end.n_repeated, end.n_cancelled), (301, 300, 1, 0));
        asked.pop();
        assert_all_answered(dir.path(), model, &server, &asked);
        assert!(events.iter().any(|e| matches!(e, BatchEvent::Created { due_unix_s: Some(_), .. })));
        let ledger = server.ledger();
        assert_eq!((ledger.n_batches, ledger.n_asked, ledger.billed_more_than_once), (1, 0, 0), "{model}");
        // The price of the lane is that of a batch.
        let tokens = ledger.billed_tokens.0 + ledger.billed_tokens.1;
        assert_eq!(end.progress.spent, Cost(tokens * 1_000_000), "{model}");
        let (again, _) = run(dir.path(), model, &server, &asked);
        assert_eq!((again.progress.n_reused, server.ledger().n_batches), (300, 1), "{model}");
    }
}

#[test]
fn what_a_batch_did_not_do_goes_into_the_next() {
    for model in MODELS {
        let ending = BatchEnding::Expired(0.4);
        let (server, dir) = (server(BatchProfile { ending, ..BatchProfile::default() }), tempdir().expect("a folder"));
        let (end, _) = run(dir.path(), model, &server, &requests(100));
        // 40 of 100, then 24 of 60, then 14 of 36, and so on until a batch brings nothing.
        let ledger = server.ledger();
        assert!(ledger.n_batches > 3, "{model}: {}", ledger.n_batches);
        assert_eq!(ledger.billed_more_than_once, 0, "{model}");
        assert_eq!(end.progress.n_answered, ledger.n_billed, "{model}: 0 finished lines dropped");
        assert_eq!(end.progress.n_answered + end.progress.n_failed, 100, "{model}");
        assert!(end.progress.n_answered > 90, "{model}: {}", end.progress.n_answered);
    }
}

#[test]
fn the_lines_in_error_are_read_and_final() {
    for model in MODELS {
        let (server, dir) =
            (server(BatchProfile { error_share: 0.3, ..BatchProfile::default() }), tempdir().expect("a folder"));
        let asked = requests(200);
        let (end, _) = run(dir.path(), model, &server, &asked);
        let n = server.ledger().n_billed;
        assert!((100..180).contains(&n), "{model}: {n}");
        assert_eq!((end.reason, end.progress.n_answered), (EndReason::Done, n), "{model}");
        let batches = open(dir.path(), lane(model, &url(model, &server), KEY), &Stop::default());
        let rejected =
            asked.iter().filter(|r| matches!(batches.outcome_of(r), Ok(Some((_, RequestOutcome::Failed(_))))));
        assert_eq!(rejected.count() as u64, 200 - n, "{model}");
        assert_eq!(server.ledger().n_batches, 1, "{model}: a request refused for what it is is not sent again");
    }
}

#[test]
fn a_process_that_dies_while_it_makes_a_batch_never_makes_it_twice() {
    for model in ["openai/m-1", "gemini/m-1"] {
        let (server, dir) =
            (server(BatchProfile { lost_creates: 1, ..BatchProfile::default() }), tempdir().expect("a folder"));
        let asked = requests(50);
        cut_off(dir.path(), model, &server, &asked);
        let (end, _) = run(dir.path(), model, &server, &asked);
        assert_eq!((end.reason, end.progress.n_answered), (EndReason::Done, 50), "{model}");
        assert_eq!((server.ledger().n_batches, server.ledger().billed_more_than_once), (1, 0), "{model}");
    }
}

#[test]
fn a_batch_that_nobody_can_tell_apart_is_waited_for_and_not_made_twice() {
    let (server, dir) =
        (server(BatchProfile { lost_creates: 1, ..BatchProfile::default() }), tempdir().expect("a folder"));
    let asked = requests(50);
    cut_off(dir.path(), "anthropic/m-1", &server, &asked);
    let mut batches = open(dir.path(), lane("anthropic/m-1", server.url(), KEY), &Stop::default());
    let ambiguous = batches.run(&asked, &mut |_| ());
    let expected = EngineError::Batch(BatchError::Ambiguous { candidates: vec!["msgbatch_1".to_owned()] });
    assert_eq!(ambiguous.err(), Some(expected));
    drop(batches);
    look(&server, "/v1/messages/batches/msgbatch_1");
    let (end, _) = run(dir.path(), "anthropic/m-1", &server, &asked);
    assert_eq!((end.reason, end.progress.n_answered), (EndReason::Done, 50));
    assert_eq!((server.ledger().n_batches, server.ledger().billed_more_than_once), (1, 0));
}

#[test]
fn a_batch_that_was_never_made_is_made_anew() {
    for model in MODELS {
        let dir = tempdir().expect("a folder");
        let asked = requests(20);
        let first = server(BatchProfile { lost_creates: 1, ..BatchProfile::default() });
        cut_off(dir.path(), model, &first, &asked);
        let port = first.url().trim_end_matches("/v1").rsplit(':').next().and_then(|p| p.parse().ok());
        drop(first);
        // The same address, without any batch.
        let empty = Server::start(Profile { port: port.expect("a port"), ..Profile::default() });
        let (end, _) = run(dir.path(), model, &empty, &asked);
        assert_eq!((end.progress.n_answered, empty.ledger().n_batches), (20, 1), "{model}");
    }
}

#[test]
fn a_batch_is_taken_up_by_another_process_and_by_no_other_account() {
    for model in MODELS {
        let (server, dir) =
            (server(BatchProfile { polls: 3, ..BatchProfile::default() }), tempdir().expect("a folder"));
        let asked = requests(50);
        let stop = Stop::default();
        let mut events = Vec::new();
        let mut batches = open(dir.path(), lane(model, &url(model, &server), KEY), &stop);
        let end = batches.run(&asked, &mut |event| {
            if matches!(event, BatchEvent::Created { .. }) {
                stop.request();
            }
            events.push(event);
        });
        assert_eq!(end.expect("runs").reason, EndReason::Interrupted, "{model}");
        assert!(matches!(events.last(), Some(BatchEvent::Left { cancel_url, .. }) if cancel_url.ends_with("cancel")));
        drop(batches);
        let mut other = open(dir.path(), lane(model, &url(model, &server), "sk-another"), &Stop::default());
        assert_eq!(other.run(&asked, &mut |_| ()).err(), Some(EngineError::Batch(BatchError::OtherAccount)), "{model}");
        drop(other);
        let (end, _) = run(dir.path(), model, &server, &asked);
        assert_eq!((end.progress.n_answered, server.ledger().n_batches), (50, 1), "{model}");
        for file in std::fs::read_dir(dir.path()).expect("a folder").flatten() {
            let bytes = std::fs::read(file.path()).expect("a file");
            assert!(!bytes.windows(KEY.len()).any(|w| w == KEY.as_bytes()), "{model}: the key stands in a file");
        }
    }
}

#[test]
fn a_batch_never_exceeds_the_budget() {
    for model in MODELS {
        let (server, dir) = (server(BatchProfile::default()), tempdir().expect("a folder"));
        let budget = Some(Cost(1_000 * 1_000_000));
        let journal = journal(dir.path());
        let limits = Limits { budget, ..limits() };
        let mut batches =
            Batches::open(journal, lane(model, &url(model, &server), KEY), limits, QUICK, Stop::default())
                .expect("batches");
        let end = batches.run(&requests(100), &mut |_| ()).expect("runs");
        assert_eq!(end.reason, EndReason::Budget, "{model}");
        assert!(end.progress.spent <= Cost(1_000 * 1_000_000) && end.progress.n_answered > 5, "{model}: {end:?}");
    }
}

#[test]
fn a_batch_that_fails_as_a_whole_says_why_and_costs_nothing() {
    for model in ["openai/m-1", "gemini/m-1"] {
        let profile = BatchProfile { ending: BatchEnding::Failed, ..BatchProfile::default() };
        let (server, dir) = (server(profile), tempdir().expect("a folder"));
        let mut batches = open(dir.path(), lane(model, &url(model, &server), KEY), &Stop::default());
        match batches.run(&requests(10), &mut |_| ()) {
            Err(EngineError::Batch(BatchError::Failed { complaint, .. })) => {
                assert_eq!(complaint, "The input is refused.");
            }
            other => panic!("{model}: {other:?}"),
        }
        drop(batches);
        assert_eq!(journal(dir.path()).totals().expect("sums").spent(), Cost::ZERO, "{model}");
    }
}

#[test]
fn a_provider_without_batches_says_so() {
    let dir = tempdir().expect("a folder");
    let journal = journal(dir.path());
    let groq = lane("groq/m-1", "http://127.0.0.1:9/v1", KEY);
    let refused = Batches::open(journal, groq, limits(), QUICK, Stop::default()).err();
    assert_eq!(refused, Some(EngineError::Batch(BatchError::Unsupported { provider: "groq" })));
}
